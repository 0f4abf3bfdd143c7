/* Struct sequences: tuples whose items also have names, such as os.stat_result and time.struct_time.
 *
 * An instance is a Tuple with `visible` items; fields after those are reached by name alone and lie behind the items. Immutable. */
#ifndef WEFT_OBJECT_STRUCTSEQ_H
#define WEFT_OBJECT_STRUCTSEQ_H

#include "object/tuple.h"

#define STRUCTSEQ_FIELDS_MAX 24

typedef struct StructSeqField {
    const char *name; /* null = unnamed: only by index */
    const char *doc;
} StructSeqField;

typedef struct StructSeqDef {
    const char *name; /* "os.stat_result" */
    const char *doc;
    const StructSeqField *fields; /* `count` of them */
    int count;
    int visible;
    bool no_instances; /* Python code may not make any: sys.flags */
} StructSeqDef;

/* An immortal type, ready. fail: null + exception */
NODISCARD Type *structseq_type(const StructSeqDef *def);
/* An instance; eats each of the def->count values, also on failure, and when one is NO_VALUE (fails with what is pending). own: ret new */
NODISCARD Own structseq_new(Type *type, Own *values);

#endif
