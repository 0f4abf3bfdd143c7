/* NameError, AttributeError, ImportError: exceptions about a name. Their fields are keyword
 * arguments of the constructor.
 *
 * Threads: as in baseexception.c. */
#include "object/dict.h"
#include "object/exception/exception_priv.h"
#include "object/str.h"
#include "object/tuple.h"

#include "nameerrors.spec.h"

enum { MOST_KEYWORDS = 3 };

/* Sorts keyword values (borrowed) into out by the n names; absent ones stay NO_VALUE. fail: -1 +
 * TypeError */
static int
take_keywords(const char *function, const char *const *names, int n, Value const *values,
              Value kwnames, Value *out)
{
    int64_t given = kwnames ? as_tuple(kwnames)->length : 0;
    if (given > n) {
        return raise_int(&exc_TypeError, "%s() takes at most %d keyword argument%s (%zd given)",
                         function, n, n == 1 ? "" : "s", given);
    }
    for (int64_t i = 0; i < given; i++) {
        int which = 0;
        while (which < n && !str_equals_cstr(tuple_item(kwnames, i), names[which])) {
            which++;
        }
        if (which == n) {
            return raise_int(&exc_TypeError, "%s() got an unexpected keyword argument '%U'",
                             function, tuple_item(kwnames, i));
        }
        out[which] = values[i];
    }
    return 0;
}

static int
name_error_init(Value self, Value const *args, size_t nargs, Value kwnames)
{
    static const char *const names[] = {"name"};
    Value given[MOST_KEYWORDS] = {0};
    NameException *e = (NameException *)obj(self);
    if (exception_store_args(&e->base, args, nargs) < 0 ||
        take_keywords("NameError", names, 1, args + nargs, kwnames, given) < 0) {
        return -1;
    }
    exception_store(&e->base, &e->name, own_opt(given[0]));
    return 0;
}

EXCEPTION_FIELD(name_error, NameException, name)

static int
attribute_error_init(Value self, Value const *args, size_t nargs, Value kwnames)
{
    static const char *const names[] = {"name", "obj"};
    Value given[MOST_KEYWORDS] = {0};
    NameException *e = (NameException *)obj(self);
    if (exception_store_args(&e->base, args, nargs) < 0 ||
        take_keywords("AttributeError", names, 2, args + nargs, kwnames, given) < 0) {
        return -1;
    }
    exception_store(&e->base, &e->name, own_opt(given[0]));
    exception_store(&e->base, &e->obj, own_opt(given[1]));
    return 0;
}

EXCEPTION_FIELD(attribute_error, NameException, name)
EXCEPTION_FIELD(attribute_error, NameException, obj)

/* A new dict of self's attributes, to add fields to. */
static Own
attributes_copy(Value self)
{
    Own dict, copy;
    if (exception_attributes(self, &dict) < 0) {
        return NO_VALUE;
    }
    copy = dict ? dict_copy(dict) : dict_new();
    drop_opt(dict);
    return copy;
}

/* dict[name] = field, unless it is empty */
static int
add_field(Value dict, const char *name, Exception *e, Own *field)
{
    Own v = ref_load(&e->head, field);
    int status = v ? dict_set_cstr(dict, name, v) : 0;
    drop_opt(v);
    return status;
}

/* obj is left out: what lacks an attribute is often what cannot be pickled. */
Own
attribute_error_py___getstate__(NameException *self)
{
    Own state = attributes_copy(VALUE(self));
    if (state && (add_field(state, "name", &self->base, &self->name) < 0 ||
                  add_field(state, "args", &self->base, &self->base.args) < 0)) {
        drop(state);
        return NO_VALUE;
    }
    return state;
}

Own
attribute_error_py___reduce__(NameException *self)
{
    Own state = attribute_error_py___getstate__(self);
    return state ? exception_reduce(VALUE(self), exc_get_args(VALUE(self)), state) : NO_VALUE;
}

static int
import_error_init(Value self, Value const *args, size_t nargs, Value kwnames)
{
    static const char *const names[] = {"name", "path", "name_from"};
    Value given[MOST_KEYWORDS] = {0};
    ImportException *e = (ImportException *)obj(self);
    if (exception_store_args(&e->base, args, nargs) < 0 ||
        take_keywords("ImportError", names, 3, args + nargs, kwnames, given) < 0) {
        return -1;
    }
    exception_store(&e->base, &e->name, own_opt(given[0]));
    exception_store(&e->base, &e->path, own_opt(given[1]));
    exception_store(&e->base, &e->name_from, own_opt(given[2]));
    exception_store(&e->base, &e->msg, nargs == 1 ? own(args[0]) : NO_VALUE);
    return 0;
}

EXCEPTION_FIELD(import_error, ImportException, msg)
EXCEPTION_FIELD(import_error, ImportException, name)
EXCEPTION_FIELD(import_error, ImportException, path)
EXCEPTION_FIELD(import_error, ImportException, name_from)

static Own
import_error_str(Value v)
{
    ImportException *e = (ImportException *)obj(v);
    Own msg = ref_load(&e->base.head, &e->msg);
    if (msg && is_object(msg) && IS_EXACT(msg, STR)) {
        return msg;
    }
    drop_opt(msg);
    return exception_str(v);
}

Own
import_error_py___reduce__(ImportException *self)
{
    Own state = attributes_copy(VALUE(self));
    if (!state) {
        return NO_VALUE;
    }
    if (add_field(state, "name", &self->base, &self->name) < 0 ||
        add_field(state, "path", &self->base, &self->path) < 0 ||
        add_field(state, "name_from", &self->base, &self->name_from) < 0) {
        drop(state);
        return NO_VALUE;
    }
    if (dict_len(state) == 0) {
        drop(state);
        state = NO_VALUE;
    }
    return exception_reduce(VALUE(self), exc_get_args(VALUE(self)), state);
}

EXCEPTION_LIFE(name_exception, 2)
EXCEPTION_LIFE(import_exception, 4)

Type exc_NameError = {
    .name = "NameError",
    .base = &exc_Exception,
    .flags = EXCEPTION_FLAGS,
    .basic_size = sizeof(NameException),
    .dict_offset = sizeof(NameException),
    .slots = {EXCEPTION_LIFE_SLOTS(name_exception), .init = name_error_init},
    .methods = name_error_methods,
    .getsets = name_error_getsets,
    .spec_doc = name_error_doc,
};

Type exc_AttributeError = {
    .name = "AttributeError",
    .base = &exc_Exception,
    .flags = EXCEPTION_FLAGS,
    .basic_size = sizeof(NameException),
    .dict_offset = sizeof(NameException),
    .slots = {EXCEPTION_LIFE_SLOTS(name_exception), .init = attribute_error_init},
    .methods = attribute_error_methods,
    .getsets = attribute_error_getsets,
    .spec_doc = attribute_error_doc,
};

Type exc_ImportError = {
    .name = "ImportError",
    .base = &exc_Exception,
    .flags = EXCEPTION_FLAGS,
    .basic_size = sizeof(ImportException),
    .dict_offset = sizeof(ImportException),
    .slots = {EXCEPTION_LIFE_SLOTS(import_exception), .init = import_error_init,
              .str = import_error_str},
    .methods = import_error_methods,
    .getsets = import_error_getsets,
    .spec_doc = import_error_doc,
};
