/* Argument parsing behind the functions that tools/specgen.py generates. Messages are CPython's.
 * `function` is the full name ("list.append", "math.sqrt", "int" for constructors): each message
 * uses the part that CPython shows, which is the full name for functions of no or exactly one
 * positional parameter, the last part elsewhere. */
#ifndef WEFT_OBJECT_ARGS_H
#define WEFT_OBJECT_ARGS_H

#include "object/buffer.h"
#include "object/object.h"

typedef struct ArgsSpec {
    const char *function;
    const char *const *names; /* of all parameters, positional ones first */
    int count;
    int positional_only; /* how many of the names */
    int positional;      /* how many may be given by position */
    uint32_t required;   /* bit i: parameter i has no default */
    bool has_varargs, has_kwargs;
} ArgsSpec;

/* For functions that take only positional parameters: raises for a count out of range or any
 * keyword. */
NODISCARD int args_check_positional(const char *function, size_t nargs, Value kwnames, size_t least,
                                    size_t most);
/* Does the class leave keywords to an __init__ of its own? Then a __new__ that takes none ignores them. (no runpy) */
bool args_new_ignores_keywords(const Type *cls);
/* Sorts arguments into slots (borrowed; NO_VALUE where absent). With has_kwargs, *kwargs becomes a
 * new dict. */
NODISCARD int args_parse(const ArgsSpec *spec, Value const *args, size_t nargs, Value kwnames,
                         Value *slots, Own *kwargs);

/* Conversions. position is 1-based, 0 when the parameter is named in messages, -1 when it is the only one of its function and stays
 * without a number. fail: -1 */
NODISCARD int args_bool(const char *function, int position, const char *name, Value v, bool *out);
NODISCARD int args_int(const char *function, int position, const char *name, Value v, int *out);
NODISCARD int args_ssize(const char *function, int position, const char *name, Value v,
                         int64_t *out);
NODISCARD int args_i64(const char *function, int position, const char *name, Value v, int64_t *out);
NODISCARD int args_clamped(const char *function, int position, const char *name, Value v,
                           int64_t *out);
NODISCARD int args_u64(const char *function, int position, const char *name, Value v,
                       uint64_t *out);
NODISCARD int args_double(const char *function, int position, const char *name, Value v,
                          double *out);
NODISCARD int args_char(const char *function, int position, const char *name, Value v,
                        uint32_t *out);
NODISCARD int args_cstr(const char *function, int position, const char *name, Value v,
                        const char **out);
NODISCARD int args_cstr_opt(const char *function, int position, const char *name, Value v,
                            const char **out);
NODISCARD int args_buffer(const char *function, int position, const char *name, Value v,
                          Buffer *out, int flags);
/* TypeError "f() argument 1 must be str, not int" (or "argument 'name'") */
void args_type_error(const char *function, int position, const char *name, const char *expected,
                     Value got) COLD;

#endif
