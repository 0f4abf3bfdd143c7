/* Argument parsing for the functions that tools/specgen.py generates: sorting into slots,
 * conversions, and CPython's messages.
 *
 * Threads: no state. */
#include "object/args.h"

#include "object/dict.h"
#include "object/int.h"
#include "object/str.h"
#include "object/tuple.h"

/* The part of a full name that messages about counts show. */
static const char *
short_name(const char *function)
{
    const char *dot = strrchr(function, '.');
    return dot ? dot + 1 : function;
}

/* The full name; functions of builtins are known by their last part. */
static const char *
full_name(const char *function)
{
    return strncmp(function, "builtins.", 9) == 0 ? function + 9 : function;
}

static const char *
plural(size_t n)
{
    return n == 1 ? "" : "s";
}

/* Constructors are named by their type: "int", not "list.append" or "sorted". They have no function
 * name of their own in some messages. */
int
args_check_positional(const char *function, size_t nargs, Value kwnames, size_t least, size_t most)
{
    if (kwnames && as_tuple(kwnames)->length > 0) {
        return raise_int(&exc_TypeError, "%s() takes no keyword arguments", full_name(function));
    }
    if (nargs >= least && nargs <= most) {
        return 0;
    }
    if (most == 0) {
        return raise_int(&exc_TypeError, "%s() takes no arguments (%zu given)", full_name(function), nargs);
    }
    if (least == 1 && most == 1 && strchr(function, '.')) {
        return raise_int(&exc_TypeError, "%s() takes exactly one argument (%zu given)",
                         full_name(function), nargs);
    }
    const char *name = short_name(function);
    if (least == most) {
        return raise_int(&exc_TypeError, "%s expected %zu argument%s, got %zu", name, least,
                         plural(least), nargs);
    }
    if (nargs < least) {
        return raise_int(&exc_TypeError, "%s expected at least %zu argument%s, got %zu", name,
                         least, plural(least), nargs);
    }
    return raise_int(&exc_TypeError, "%s expected at most %zu argument%s, got %zu", name, most,
                     plural(most), nargs);
}

bool
args_new_ignores_keywords(const Type *cls)
{
    return (type_flags(cls) & TYPE_HEAP) && cls->native && cls->slots.init != cls->native->slots.init;
}

/* -- keywords -- */

static int
bits_set(uint32_t bits)
{
    return __builtin_popcount(bits);
}

/* Parameters that have a default are told apart in messages by "at least" and "at most". */
static int
raise_too_many(const ArgsSpec *spec, size_t nargs, size_t nkw)
{
    const char *name = short_name(spec->function);
    size_t most = (size_t)spec->positional, total = (size_t)spec->count;
    if (nargs + nkw > total) {
        const char *kind = spec->positional_only == spec->count ? ""
                           : nkw && nargs == 0                  ? "keyword "
                                                                : "";
        return raise_int(&exc_TypeError, "%s() takes at most %zu %sargument%s (%zu given)", name, total,
                         kind, plural(total), nargs + nkw);
    }
    if (most == 0) {
        return raise_int(&exc_TypeError, "%s() takes no positional arguments", name);
    }
    uint32_t of_positional = spec->required & (most >= 32 ? 0xFFFFFFFFu : (1u << most) - 1);
    return raise_int(&exc_TypeError, "%s() takes %s %zu positional argument%s (%zu given)", name,
                     (size_t)bits_set(of_positional) == most ? "exactly" : "at most", most,
                     plural(most), nargs);
}

static int
parameter_named(const ArgsSpec *spec, Value keyword)
{
    for (int i = spec->positional_only; i < spec->count; i++) {
        if (str_equals_cstr(keyword, spec->names[i])) {
            return i;
        }
    }
    return -1;
}

/* How far one text is from another in single-character edits; limit + 1 when it is more than that.
 */
static int
edit_distance(const char *a, size_t na, const char *b, size_t nb, int limit)
{
    int row[64];
    if (nb >= ARRAY_LEN(row) || na >= ARRAY_LEN(row)) {
        return limit + 1;
    }
    for (size_t j = 0; j <= nb; j++) {
        row[j] = (int)j;
    }
    for (size_t i = 1; i <= na; i++) {
        int diagonal = row[0];
        row[0] = (int)i;
        for (size_t j = 1; j <= nb; j++) {
            int above = row[j], best = diagonal + (a[i - 1] != b[j - 1]);
            best = above + 1 < best ? above + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            diagonal = above;
            row[j] = best;
        }
    }
    return row[nb] > limit ? limit + 1 : row[nb];
}

/* The parameter that a misspelt keyword was probably meant to be, or null. */
static const char *
suggestion(const ArgsSpec *spec, Value keyword)
{
    size_t n;
    const char *text = str_utf8(keyword, &n);
    if (!text) {
        exc_clear();
        return NULL;
    }
    const char *best = NULL;
    int best_distance = 1 << 20;
    for (int i = spec->positional_only; i < spec->count; i++) {
        size_t m = strlen(spec->names[i]);
        int limit = (int)((n + m + 3) / 6);
        int distance = edit_distance(text, n, spec->names[i], m, limit);
        if (distance <= limit && distance < best_distance) {
            best = spec->names[i];
            best_distance = distance;
        }
    }
    return best;
}

static int
raise_unexpected_keyword(const ArgsSpec *spec, Value keyword)
{
    const char *name = short_name(spec->function), *meant = suggestion(spec, keyword);
    if (meant) {
        return raise_int(&exc_TypeError,
                         "%s() got an unexpected keyword argument '%S'. Did you mean '%s'?", name,
                         keyword, meant);
    }
    return raise_int(&exc_TypeError, "%s() got an unexpected keyword argument '%S'", name, keyword);
}

static int
raise_missing(const ArgsSpec *spec, int i, size_t nargs)
{
    const char *name = short_name(spec->function);
    if (i < spec->positional_only) {
        uint32_t of_positional =
            spec->required & (spec->positional >= 32 ? 0xFFFFFFFFu : (1u << spec->positional) - 1);
        size_t least = (size_t)bits_set(of_positional & ((1u << spec->positional_only) - 1));
        return raise_int(&exc_TypeError, "%s() takes %s %zu positional argument%s (%zu given)",
                         name, least < (size_t)spec->positional ? "at least" : "exactly", least,
                         plural(least), nargs);
    }
    if (i >= spec->positional) {
        return raise_int(&exc_TypeError, "%s() missing required keyword-only argument '%s'", name,
                         spec->names[i]);
    }
    return raise_int(&exc_TypeError, "%s() missing required argument '%s' (pos %d)", name,
                     spec->names[i], i + 1);
}

/* Stores one keyword argument; what does not fit is put off until it is known that nothing is
 * missing: the first such keyword goes to *odd. */
static int
store_keyword(const ArgsSpec *spec, Value keyword, Value value, Value *slots, Own *kwargs,
              Value *odd)
{
    int i = parameter_named(spec, keyword);
    if (i >= 0 && !slots[i]) {
        slots[i] = value;
        return 0;
    }
    if (i < 0 && spec->has_kwargs) {
        return dict_set(*kwargs, keyword, value);
    }
    *odd = *odd ? *odd : keyword;
    return 0;
}

static int
raise_odd_keyword(const ArgsSpec *spec, Value keyword)
{
    int i = parameter_named(spec, keyword);
    if (i < 0) {
        return raise_unexpected_keyword(spec, keyword);
    }
    return raise_int(&exc_TypeError, "argument for %s() given by name ('%s') and position (%d)",
                     short_name(spec->function), spec->names[i], i + 1);
}

int
args_parse(const ArgsSpec *spec, Value const *args, size_t nargs, Value kwnames, Value *slots,
           Own *kwargs)
{
    size_t nkw = kwnames ? (size_t)as_tuple(kwnames)->length : 0;
    size_t positional = (size_t)spec->positional;
    if (kwargs) {
        *kwargs = NO_VALUE;
    }
    if (UNLIKELY(nargs > positional && !spec->has_varargs)) {
        return raise_too_many(spec, nargs, nkw);
    }
    if (UNLIKELY(nkw && !spec->has_kwargs)) {
        if (spec->has_varargs && spec->positional_only == spec->count) {
            return raise_int(&exc_TypeError, "%s() takes no keyword arguments",
                             full_name(spec->function));
        }
        if (!spec->has_varargs && nargs + nkw > (size_t)spec->count) {
            return raise_too_many(spec, nargs, nkw);
        }
    }
    for (size_t i = 0; i < (size_t)spec->count; i++) {
        slots[i] = i < nargs && i < positional ? args[i] : NO_VALUE;
    }
    for (size_t i = nargs; i < (size_t)spec->positional_only; i++) { /* these before any keyword */
        if (spec->required >> i & 1) {
            return raise_missing(spec, (int)i, nargs);
        }
    }
    if (spec->has_kwargs) {
        *kwargs = dict_new();
        if (!*kwargs) {
            return -1;
        }
    }
    Value odd = NO_VALUE;
    for (size_t i = 0; i < nkw; i++) {
        if (store_keyword(spec, tuple_item(kwnames, (int64_t)i), args[nargs + i], slots, kwargs,
                          &odd) < 0) {
            goto fail;
        }
    }
    for (int i = 0; i < spec->count; i++) {
        if (UNLIKELY(!slots[i] && (spec->required >> i & 1))) {
            raise_missing(spec, i, nargs);
            goto fail;
        }
    }
    if (UNLIKELY(odd != NO_VALUE)) {
        raise_odd_keyword(spec, odd);
        goto fail;
    }
    return 0;
fail:
    if (kwargs) {
        ref_clear(kwargs);
    }
    return -1;
}

/* -- conversions -- */

/* "f() argument 1", "f() argument 'name'" (0) or "f() argument" (-1), for messages. */
static Own
describe(const char *function, int position, const char *name)
{
    if (position < 0) {
        return str_fmt("%s() argument", short_name(function));
    }
    return position > 0 ? str_fmt("%s() argument %d", short_name(function), position)
                        : str_fmt("%s() argument '%s'", short_name(function), name);
}

void
args_type_error(const char *function, int position, const char *name, const char *expected,
                Value got)
{
    Own what = describe(function, position, name);
    if (what) {
        raise_fmt(&exc_TypeError, got == NONE ? "%U must be %s, not None" : "%U must be %s, not %T",
                  (Value)what, expected, got);
        drop(what);
    }
}

static int
failed(void)
{
    return exc_pending() ? -1 : 0;
}

int
args_bool(const char *function UNUSED, int position UNUSED, const char *name UNUSED, Value v,
          bool *out)
{
    int truth = object_truth(v);
    *out = truth > 0;
    return truth < 0 ? -1 : 0;
}

/* v's __index__ between least and most, else OverflowError with the name of the C type. */
static int
index_between(Value v, int64_t least, int64_t most, const char *c_type, int64_t *out)
{
    Own i = object_index(v);
    if (!i) {
        return -1;
    }
    bool fits = int_as_i64(i, out) && *out >= least && *out <= most;
    drop(i);
    return fits ? 0 : raise_int(&exc_OverflowError, "Python int too large to convert to C %s", c_type);
}

int
args_int(const char *function UNUSED, int position UNUSED, const char *name UNUSED, Value v,
         int *out)
{
    int64_t i = 0;
    int status = index_between(v, INT32_MIN, INT32_MAX, "int", &i);
    *out = (int)i;
    return status;
}

int
args_ssize(const char *function UNUSED, int position UNUSED, const char *name UNUSED, Value v,
           int64_t *out)
{
    if (LIKELY(is_small_int(v))) {
        *out = small_int_value(v);
        return 0;
    }
    Own index = object_index(v);
    if (!index) {
        return -1;
    }
    bool fits = int_as_i64(index, out);
    drop(index);
    return fits ? 0
                : raise_int(&exc_OverflowError, "Python int too large to convert to C ssize_t");
}

int
args_i64(const char *function UNUSED, int position UNUSED, const char *name UNUSED, Value v,
         int64_t *out)
{
    *out = object_as_int64(v);
    return *out == -1 ? failed() : 0;
}

int
args_clamped(const char *function UNUSED, int position UNUSED, const char *name UNUSED, Value v,
             int64_t *out)
{
    if (UNLIKELY(!object_has_index(v))) {
        return raise_int(&exc_TypeError,
                         "slice indices must be integers or have an __index__ method");
    }
    *out = object_as_ssize_clamped(v);
    return *out == -1 ? failed() : 0;
}

int
args_u64(const char *function UNUSED, int position UNUSED, const char *name UNUSED, Value v,
         uint64_t *out)
{
    *out = object_as_uint64_mask(v);
    return *out == UINT64_MAX ? failed() : 0;
}

int
args_double(const char *function UNUSED, int position UNUSED, const char *name UNUSED, Value v,
            double *out)
{
    *out = object_as_double(v);
    return *out == -1.0 ? failed() : 0;
}

int
args_char(const char *function, int position, const char *name, Value v, uint32_t *out)
{
    if (!is_str(v)) {
        args_type_error(function, position, name, "a unicode character", v);
        return -1;
    }
    if (as_str(v)->length != 1) {
        Own what = describe(function, position, name);
        if (what) {
            raise_fmt(&exc_TypeError, "%U must be a unicode character, not a string of length %zd",
                      (Value)what, as_str(v)->length);
            drop(what);
        }
        return -1;
    }
    *out = str_char_at(as_str(v), 0);
    return 0;
}

int
args_cstr(const char *function, int position, const char *name, Value v, const char **out)
{
    if (!is_str(v)) {
        args_type_error(function, position, name, "str", v);
        return -1;
    }
    *out = str_utf8(v, NULL);
    return *out ? 0 : -1;
}

int
args_cstr_opt(const char *function, int position, const char *name, Value v, const char **out)
{
    if (v == NONE) {
        *out = NULL;
        return 0;
    }
    if (!is_str(v)) {
        args_type_error(function, position, name, "str or None", v);
        return -1;
    }
    return args_cstr(function, position, name, v, out);
}

int
args_buffer(const char *function, int position, const char *name, Value v, Buffer *out, int flags)
{
    int status = buffer_get(v, out, flags);
    if (status < 0 && (flags & BUFFER_WRITABLE)) { /* for whatever reason */
        exc_clear();
        args_type_error(function, position, name, "read-write bytes-like object", v);
    }
    return status;
}
