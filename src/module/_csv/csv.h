/* What the files of _csv share. */
#ifndef WEFT_MODULE_CSV_H
#define WEFT_MODULE_CSV_H

#include "object/object.h"
#include "object/str.h"

enum { QUOTE_MINIMAL, QUOTE_ALL, QUOTE_NONNUMERIC, QUOTE_NONE, QUOTE_STRINGS, QUOTE_NOTNULL };

#define NOT_SET 0xFFFFFFFFu /* in place of a character: None */

/* Immutable. */
typedef struct Dialect {
    Object head;
    uint32_t delimiter, quotechar, escapechar;
    int quoting;
    bool doublequote, skipinitialspace, strict;
    Own lineterminator; /* str */
} Dialect;

extern Type csv_dialect_type, csv_reader_type, csv_writer_type;
extern Own csv_error;               /* the class Error; written once, before the module is anybody's */
extern Own csv_dialects;            /* dict: name -> Dialect; the dict guards itself */
extern _Atomic int64_t csv_field_limit;

/* Dialect(dialect, **options): args is the dialect, or nothing; then the values of kwnames. own: ret new */
NODISCARD Own csv_dialect_make(Value const *args, size_t nargs, Value kwnames);
/* reader(iterable, dialect='excel', **options), writer(fileobj, ...) */
NODISCARD Own csv_reader_new(Value iterable, Value dialect);
NODISCARD Own csv_writer_new(Value file, Value dialect);

static inline Own
csv_raise(const char *message)
{
    return raise_msg((Type *)obj(csv_error), message);
}

#endif
