/* _csv: dialects, out of options and of objects with attributes. */
#include "module/_csv/csv.h"
#include "object/dict.h"
#include "object/int.h"
#include "object/tuple.h"
#include "object/type.h"

#include "dialect.spec.h"

enum { OPT_DIALECT, OPT_DELIMITER, OPT_DOUBLEQUOTE, OPT_ESCAPECHAR, OPT_LINETERMINATOR, OPT_QUOTECHAR, OPT_QUOTING,
       OPT_SKIPINITIALSPACE, OPT_STRICT, OPT_COUNT };

static const char *const option_names[OPT_COUNT] = {"dialect", "delimiter", "doublequote", "escapechar", "lineterminator",
                                                    "quotechar", "quoting", "skipinitialspace", "strict"};

/* Sorts the arguments. fail: -1 */
static int
take_options(Value const *args, size_t nargs, Value kwnames, Value *options)
{
    int64_t named = kwnames ? as_tuple(kwnames)->length : 0;
    for (size_t i = 0; i < OPT_COUNT; i++) {
        options[i] = i < nargs ? args[i] : NO_VALUE;
    }
    for (int64_t k = 0; k < named; k++) {
        Value name = tuple_item(kwnames, k);
        size_t i = 0;
        while (i < OPT_COUNT && !str_equals_cstr(name, option_names[i])) {
            i++;
        }
        if (i == OPT_COUNT) {
            return raise_int(&exc_TypeError, "this function got an unexpected keyword argument '%U'", name);
        }
        if (options[i]) {
            return raise_int(&exc_TypeError, "argument for function given by name ('%U') and position (%zu)", name, i + 1);
        }
        options[i] = args[nargs + (size_t)k];
    }
    return 0;
}

/* A character, or None where that is allowed. fail: -1 */
static int
take_char(Value v, const char *name, bool none_allowed, uint32_t *out)
{
    if (!v) {
        return 0;
    }
    *out = NOT_SET;
    if (v == NONE && none_allowed) {
        return 0;
    }
    const char *or_none = none_allowed ? " or None" : "";
    if (!is_str(v)) {
        return raise_int(&exc_TypeError, "\"%s\" must be a unicode character%s, not %T", name, or_none, v);
    }
    if (as_str(v)->length != 1) {
        return raise_int(&exc_TypeError, "\"%s\" must be a unicode character%s, not a string of length %zd", name, or_none,
                         as_str(v)->length);
    }
    *out = str_char_at(as_str(v), 0);
    return 0;
}

static int
take_bool(Value v, bool *out)
{
    int truth = v ? object_truth(v) : *out;
    *out = truth > 0;
    return truth < 0 ? -1 : 0;
}

static int
take_quoting(Value v, int *out)
{
    if (!v) {
        return 0;
    }
    if (!is_small_int(v) && !IS_EXACT(v, INT)) {
        return raise_int(&exc_TypeError, "\"quoting\" must be an integer, not %T", v);
    }
    int64_t quoting;
    if (!int_as_i64(v, &quoting) || quoting < QUOTE_MINIMAL || quoting > QUOTE_NOTNULL) {
        return raise_int(&exc_TypeError, "bad \"quoting\" value");
    }
    *out = (int)quoting;
    return 0;
}

/* -- do the characters go together? -- */

static int
check_char(const Dialect *d, const char *name, uint32_t c, bool space_allowed)
{
    if (c == '\r' || c == '\n' || (c == ' ' && !space_allowed)) {
        return raise_int(&exc_ValueError, "bad %s value", name);
    }
    const Str *end = as_str(d->lineterminator);
    for (int64_t i = 0; c != NOT_SET && i < end->length; i++) {
        if (str_char_at(end, i) == c) {
            return raise_int(&exc_ValueError, "bad %s or lineterminator value", name);
        }
    }
    return 0;
}

static int
check_different(const char *name_a, const char *name_b, uint32_t a, uint32_t b)
{
    return a == b && a != NOT_SET ? raise_int(&exc_ValueError, "bad %s or %s value", name_a, name_b) : 0;
}

static int
check_dialect(const Dialect *d)
{
    if (d->quoting != QUOTE_NONE && d->quotechar == NOT_SET) {
        return raise_int(&exc_TypeError, "quotechar must be set if quoting enabled");
    }
    bool space = !d->skipinitialspace;
    return check_char(d, "delimiter", d->delimiter, true) < 0 || check_char(d, "escapechar", d->escapechar, space) < 0 ||
                   check_char(d, "quotechar", d->quotechar, space) < 0 ||
                   check_different("delimiter", "escapechar", d->delimiter, d->escapechar) < 0 ||
                   check_different("delimiter", "quotechar", d->delimiter, d->quotechar) < 0 ||
                   check_different("escapechar", "quotechar", d->escapechar, d->quotechar) < 0
               ? -1
               : 0;
}

/* -- making -- */

/* Fills d. options: borrowed, or NO_VALUE */
static int
fill_dialect(Dialect *d, Value const *options)
{
    d->delimiter = ',';
    d->quotechar = '"';
    d->escapechar = NOT_SET;
    d->quoting = QUOTE_MINIMAL;
    d->doublequote = true;
    if (take_char(options[OPT_DELIMITER], "delimiter", false, &d->delimiter) < 0 ||
        take_bool(options[OPT_DOUBLEQUOTE], &d->doublequote) < 0 ||
        take_char(options[OPT_ESCAPECHAR], "escapechar", true, &d->escapechar) < 0) {
        return -1;
    }
    Value end = options[OPT_LINETERMINATOR];
    if (end && !is_str(end)) {
        return raise_int(&exc_TypeError, "\"lineterminator\" must be a string, not %T", end);
    }
    Own terminator = end ? own(end) : str_from_cstr("\r\n");
    if (!terminator) {
        return -1;
    }
    ref_init(&d->head, &d->lineterminator, terminator);
    if (take_char(options[OPT_QUOTECHAR], "quotechar", true, &d->quotechar) < 0 ||
        take_quoting(options[OPT_QUOTING], &d->quoting) < 0) {
        return -1;
    }
    if (options[OPT_QUOTECHAR] == NONE && !options[OPT_QUOTING]) {
        d->quoting = QUOTE_NONE;
    }
    return take_bool(options[OPT_SKIPINITIALSPACE], &d->skipinitialspace) < 0 || take_bool(options[OPT_STRICT], &d->strict) < 0
               ? -1
               : check_dialect(d);
}

static Own
dialect_new(Type *type, Value const *args, size_t nargs, Value kwnames)
{
    Value options[OPT_COUNT];
    if (nargs > OPT_COUNT) {
        return raise_fmt(&exc_TypeError, "Dialect() takes at most %d arguments (%zu given)", (int)OPT_COUNT, nargs);
    }
    if (take_options(args, nargs, kwnames, options) < 0) {
        return NO_VALUE;
    }
    Own base = NO_VALUE, found[OPT_COUNT] = {0}, v = NO_VALUE;
    if (options[OPT_DIALECT] && options[OPT_DIALECT] != NONE) {
        base = own(options[OPT_DIALECT]);
        if (is_str(base)) {
            Own registered;
            int status = dict_lookup(csv_dialects, base, &registered);
            drop(base);
            base = status > 0 ? registered : NO_VALUE;
            if (status <= 0) {
                return status < 0 ? NO_VALUE : csv_raise("unknown dialect");
            }
        }
        bool alone = type == &csv_dialect_type && type_of(base) == &csv_dialect_type;
        for (int i = 1; i < OPT_COUNT && alone; i++) {
            alone = !options[i];
        }
        if (alone) {
            return base;
        }
    }
    for (int i = 1; i < OPT_COUNT && base; i++) {
        if (!options[i]) {
            if (object_lookup_attr_cstr(base, option_names[i], &found[i]) < 0) {
                goto done;
            }
            options[i] = found[i];
        }
    }
    v = type_alloc(type, 0);
    if (v && fill_dialect((Dialect *)obj(v), options) < 0) {
        drop(v);
        v = NO_VALUE;
    }
done:
    for (int i = 0; i < OPT_COUNT; i++) {
        drop_opt(found[i]);
    }
    drop_opt(base);
    return v;
}

Own
csv_dialect_make(Value const *args, size_t nargs, Value kwnames)
{
    return dialect_new(&csv_dialect_type, args, nargs, kwnames);
}

/* -- the object -- */

static Own
char_or_none(uint32_t c)
{
    return c == NOT_SET ? NONE : str_from_char(c);
}

#define GETTER(name, expression)                                                                   \
    Own csv_dialect_get_##name(Dialect *self)                                                      \
    {                                                                                              \
        return expression;                                                                         \
    }
GETTER(delimiter, char_or_none(self->delimiter))
GETTER(escapechar, char_or_none(self->escapechar))
GETTER(quotechar, char_or_none(self->quotechar))
GETTER(lineterminator, own(self->lineterminator))
GETTER(quoting, small_int(self->quoting))
GETTER(doublequote, bool_value(self->doublequote))
GETTER(skipinitialspace, bool_value(self->skipinitialspace))
GETTER(strict, bool_value(self->strict))

Own
csv_dialect_py___reduce__(Dialect *self)
{
    const char *name = type_of(VALUE(self))->name, *point = strrchr(name, '.');
    return raise_fmt(&exc_TypeError, "cannot pickle '%s' instances", point ? point + 1 : name);
}

Own
csv_dialect_py___reduce_ex__(Dialect *self, Value protocol UNUSED)
{
    return csv_dialect_py___reduce__(self);
}

static int
dialect_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((Dialect *)o)->lineterminator);
    return 0;
}

static void
dialect_dealloc(Object *o)
{
    drop_opt(((Dialect *)o)->lineterminator);
    object_free(o);
}

Type csv_dialect_type = {
    .name = "_csv.Dialect",
    .flags = TYPE_GC | TYPE_BASE,
    .basic_size = sizeof(Dialect),
    .slots = {.traverse = dialect_traverse, .dealloc = dialect_dealloc, .create = dialect_new},
    .methods = csv_dialect_methods,
    .getsets = csv_dialect_getsets,
    .spec_doc = csv_dialect_doc,
};
