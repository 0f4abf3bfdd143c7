/* What the exception types share among themselves. */
#ifndef WEFT_OBJECT_EXCEPTION_PRIV_H
#define WEFT_OBJECT_EXCEPTION_PRIV_H

#include "heap/critical.h"
#include "object/exception.h"
#include "object/type.h"

#define EXCEPTION_FLAGS (TYPE_BASE | TYPE_GC | TYPE_HAS_DICT | TYPE_EXC_SUBCLASS)

/* The type's own fields of references stand right after the head, so that three functions serve all
 * types. */
int exception_traverse_fields(Object *o, int nfields, Visit visit, void *arg);
void exception_clear_fields(Object *o, int nfields);
void exception_free(Object *o, int nfields);

#define EXCEPTION_LIFE(prefix, nfields)                                                            \
    static int prefix##_traverse(Object *o, Visit visit, void *arg)                                \
    {                                                                                              \
        return exception_traverse_fields(o, nfields, visit, arg);                                  \
    }                                                                                              \
    static void prefix##_clear(Object *o)                                                          \
    {                                                                                              \
        exception_clear_fields(o, nfields);                                                        \
    }                                                                                              \
    static void prefix##_dealloc(Object *o)                                                        \
    {                                                                                              \
        exception_free(o, nfields);                                                                \
    }
#define EXCEPTION_LIFE_SLOTS(prefix)                                                               \
    .traverse = prefix##_traverse, .clear = prefix##_clear, .dealloc = prefix##_dealloc

/* A field that Python may read (None when empty), set to anything, and delete (empty). */
Own exception_field_get(Exception *e, Own *field);
int exception_field_set(Exception *e, Own *field, Value value);

#define EXCEPTION_FIELD(prefix, Struct, name)                                                      \
    Own prefix##_get_##name(Struct *self)                                                          \
    {                                                                                              \
        return exception_field_get(&self->base, &self->name);                                      \
    }                                                                                              \
    int prefix##_set_##name(Struct *self, Value value)                                             \
    {                                                                                              \
        return exception_field_set(&self->base, &self->name, value);                               \
    }

/* Stores into one field under the lock; the old value is dropped after it. own: v eaten */
void exception_store(Exception *e, Own *field, Own v);

/* BaseException.__new__ and __init__. */
Own exception_create(Type *type, Value const *args, size_t nargs, Value kwnames);
int exception_init(Value self, Value const *args, size_t nargs, Value kwnames);
/* self.args = args. fail: -1 */
int exception_store_args(Exception *e, Value const *args, size_t nargs);
/* The tuple that __reduce__ gives: (type, args) and, where there is one, the state. own: args and
 * state (may be NO_VALUE) eaten */
Own exception_reduce(Value self, Own args, Own state);
/* The attributes of self as a dict, or NO_VALUE when it has none. fail: -1 */
int exception_attributes(Value self, Own *dict);
/* Name of v's type without its module. */
const char *exception_type_name(Value v);
int memory_error_ready(void);
/* BaseException.__str__ */
Own exception_str(Value v);

#endif
