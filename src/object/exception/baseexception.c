/* BaseException: making, showing and pickling exceptions, and the fields that all of them have.
 *
 * Threads: a field changes under the exception's lock when it is contended; readers use ref_load.
 * `args` is never empty in an exception that Python can see. */
#include "object/dict.h"
#include "object/exception/exception_priv.h"
#include "object/list.h"
#include "object/str.h"
#include "object/tuple.h"

#include "baseexception.spec.h"

/* -- fields -- */

void
exception_store(Exception *e, Own *field, Own v)
{
    CriticalSection section;
    if (UNLIKELY(obj_flags(&e->head) & OBJ_IMMORTAL)) { /* the last MemoryError: it would hold the frames that it went through for ever */
        drop_opt(v);
        return;
    }
    critical_enter(&section, &e->head);
    Own old = ref_swap(&e->head, field, v);
    critical_leave(&section);
    drop_opt(old);
}

Own
exception_field_get(Exception *e, Own *field)
{
    Own v = ref_load(&e->head, field);
    return v ? v : own(NONE);
}

int
exception_field_set(Exception *e, Own *field, Value value)
{
    exception_store(e, field, own_opt(value));
    return 0;
}

Own
exc_get_args(Value exc)
{
    Own args = ref_load(obj(exc), &as_exception(exc)->args);
    return args ? args : own(tuple_empty);
}

Own
exc_get_traceback(Value exc)
{
    return ref_load(obj(exc), &as_exception(exc)->traceback);
}

Own
exc_get_context(Value exc)
{
    return ref_load(obj(exc), &as_exception(exc)->context);
}

Own
exc_get_cause(Value exc)
{
    return ref_load(obj(exc), &as_exception(exc)->cause);
}

void
exc_set_traceback(Value exc, Own traceback)
{
    exception_store(as_exception(exc), &as_exception(exc)->traceback, traceback);
}

void
exc_set_context(Value exc, Own context)
{
    exception_store(as_exception(exc), &as_exception(exc)->context, context);
}

void
exc_set_cause(Value exc, Own cause)
{
    Exception *e = as_exception(exc);
    exception_store(e, &e->cause, cause);
    atomic_store_explicit(&e->suppress_context, 1, memory_order_relaxed);
}

/* The constructor stores them in __new__ and in __init__: the second time they are there already.
 */
static bool
has_args(const Exception *e, Value const *args, size_t nargs)
{
    Value present = obj_is_contended(&e->head) ? NO_VALUE : e->args;
    if (!present || as_tuple(present)->length != (int64_t)nargs) {
        return false;
    }
    for (size_t i = 0; i < nargs; i++) {
        if (tuple_item(present, (int64_t)i) != args[i]) {
            return false;
        }
    }
    return true;
}

int
exception_store_args(Exception *e, Value const *args, size_t nargs)
{
    if (has_args(e, args, nargs)) {
        return 0;
    }
    Own tuple = tuple_from_array(args, (int64_t)nargs);
    if (!tuple) {
        return -1;
    }
    exception_store(e, &e->args, tuple);
    return 0;
}

Own
exception_get_args(Exception *self)
{
    return exc_get_args(VALUE(self));
}

int
exception_set_args(Exception *self, Value value)
{
    if (!value) {
        return raise_int(&exc_TypeError, "args may not be deleted");
    }
    Own tuple = object_to_tuple(value);
    if (!tuple) {
        return -1;
    }
    exception_store(self, &self->args, tuple);
    return 0;
}

Own
exception_get_traceback(Exception *self)
{
    return exception_field_get(self, &self->traceback);
}

int
exception_set_traceback(Exception *self, Value value)
{
    if (!value) {
        return raise_int(&exc_TypeError, "__traceback__ may not be deleted");
    }
    if (value != NONE && !IS_EXACT(value, TRACEBACK)) {
        return raise_int(&exc_TypeError, "__traceback__ must be a traceback or None");
    }
    exc_set_traceback(VALUE(self), value == NONE ? NO_VALUE : own(value));
    return 0;
}

/* The checks of __context__ and __cause__: -1 + TypeError */
static int
check_linked(Value value, const char *attribute, const char *what)
{
    if (!value) {
        return raise_int(&exc_TypeError, "%s may not be deleted", attribute);
    }
    if (value != NONE && !is_exception(value)) {
        return raise_int(&exc_TypeError, "exception %s must be None or derive from BaseException",
                         what);
    }
    return 0;
}

Own
exception_get_context(Exception *self)
{
    return exception_field_get(self, &self->context);
}

int
exception_set_context(Exception *self, Value value)
{
    if (check_linked(value, "__context__", "context") < 0) {
        return -1;
    }
    exc_set_context(VALUE(self), value == NONE ? NO_VALUE : own(value));
    return 0;
}

Own
exception_get_cause(Exception *self)
{
    return exception_field_get(self, &self->cause);
}

int
exception_set_cause(Exception *self, Value value)
{
    if (check_linked(value, "__cause__", "cause") < 0) {
        return -1;
    }
    exc_set_cause(VALUE(self), value == NONE ? NO_VALUE : own(value));
    return 0;
}

Own
exception_get_suppress_context(Exception *self)
{
    return bool_value(atomic_load_explicit(&self->suppress_context, memory_order_relaxed));
}

int
exception_set_suppress_context(Exception *self, Value value)
{
    if (!value) {
        return raise_int(&exc_TypeError, "can't delete numeric/char attribute");
    }
    if (value != TRUE_VALUE && value != FALSE_VALUE) {
        return raise_int(&exc_TypeError, "attribute value type must be bool");
    }
    atomic_store_explicit(&self->suppress_context, value == TRUE_VALUE, memory_order_relaxed);
    return 0;
}

/* -- making -- */

Own
exception_create(Type *type, Value const *args, size_t nargs, Value kwnames UNUSED)
{
    Own exc = type_alloc(type, 0);
    Own tuple = exc ? tuple_from_array(args, (int64_t)nargs) : NO_VALUE;
    if (!tuple) {
        drop_opt(exc);
        return NO_VALUE;
    }
    ref_init(obj(exc), &as_exception(exc)->args, tuple);
    return exc;
}

int
exception_init(Value self, Value const *args, size_t nargs, Value kwnames)
{
    if (kwnames && as_tuple(kwnames)->length) {
        return raise_int(&exc_TypeError, "%s() takes no keyword arguments", type_of(self)->name);
    }
    return exception_store_args(as_exception(self), args, nargs);
}

Own
exc_new(Type *type, Value const *args, size_t nargs)
{
    Own exc = type->slots.create(type, args, nargs, NO_VALUE);
    if (!exc) {
        return NO_VALUE;
    }
    if (!is_exception(exc)) {
        raise_fmt(&exc_TypeError,
                  "calling %R should have returned an instance of BaseException, not %R",
                  VALUE(type), VALUE(type_of(exc)));
    } else if (!is_instance_of(exc, type) ||
               type_of(exc)->slots.init(exc, args, nargs, NO_VALUE) == 0) {
        return exc;
    }
    drop(exc);
    return NO_VALUE;
}

/* -- showing -- */

const char *
exception_type_name(Value v)
{
    Type *type = type_of(v);
    const char *dot = type_flags(type) & TYPE_HEAP ? NULL : strrchr(type->name, '.');
    return dot ? dot + 1 : type->name;
}

static Own
exception_repr(Value v)
{
    Own args = exc_get_args(v);
    Own text = as_tuple(args)->length == 1
                   ? str_fmt("%s(%R)", exception_type_name(v), tuple_item(args, 0))
                   : str_fmt("%s%R", exception_type_name(v), (Value)args);
    drop(args);
    return text;
}

Own
exception_str(Value v)
{
    Own args = exc_get_args(v);
    int64_t n = as_tuple(args)->length;
    Own text = n == 0 ? own(str_empty) : object_str(n == 1 ? tuple_item(args, 0) : (Value)args);
    drop(args);
    return text;
}

/* -- pickling, methods -- */

int
exception_attributes(Value self, Own *dict)
{
    *dict = object_dict(self);
    if (!*dict) {
        return -1;
    }
    if (dict_len(*dict) == 0) {
        drop(*dict);
        *dict = NO_VALUE;
    }
    return 0;
}

Own
exception_reduce(Value self, Own args, Own state)
{
    Own result = NO_VALUE;
    if (args) {
        result = state ? tuple_pack(3, VALUE(type_of(self)), (Value)args, (Value)state)
                       : tuple_pack(2, VALUE(type_of(self)), (Value)args);
    }
    drop_opt(args);
    drop_opt(state);
    return result;
}

Own
exception_py___reduce__(Exception *self)
{
    Own dict;
    if (exception_attributes(VALUE(self), &dict) < 0) {
        return NO_VALUE;
    }
    return exception_reduce(VALUE(self), exc_get_args(VALUE(self)), dict);
}

Own
exception_py___setstate__(Exception *self, Value state)
{
    if (state == NONE) {
        return own(NONE);
    }
    if (!is_dict(state)) {
        return raise_msg(&exc_TypeError, "state is not a dictionary");
    }
    int64_t position = 0;
    Own key, value;
    int status = 0;
    while (status == 0 && dict_next(state, &position, &key, &value)) {
        status = object_setattr(VALUE(self), key, value);
        drop(key);
        drop(value);
    }
    return status < 0 ? NO_VALUE : own(NONE);
}

Own
exception_py_with_traceback(Exception *self, Value traceback)
{
    return exception_set_traceback(self, traceback) < 0 ? NO_VALUE : own(VALUE(self));
}

/* lock: self held, so that two threads' first notes share one list */
static int
add_note_locked(Exception *self, Value note)
{
    Own notes;
    int found = object_lookup_attr(VALUE(self), NAME(__notes__), &notes);
    if (found < 0) {
        return -1;
    }
    if (!found) {
        notes = list_new(1);
        if (!notes || object_setattr(VALUE(self), NAME(__notes__), notes) < 0) {
            drop_opt(notes);
            return -1;
        }
    }
    int status = is_list(notes)
                     ? list_append(notes, note)
                     : raise_int(&exc_TypeError, "Cannot add note: __notes__ is not a list");
    drop(notes);
    return status;
}

int
exc_add_note(Value exc, Value note)
{
    CriticalSection section;
    critical_enter(&section, obj(exc));
    int status = add_note_locked(as_exception(exc), note);
    critical_leave(&section);
    return status;
}

int
exception_py_add_note(Exception *self, Value note)
{
    return exc_add_note(VALUE(self), note);
}

/* -- life -- */

static Own *
own_fields(Object *o)
{
    return (Own *)((Exception *)o + 1);
}

int
exception_traverse_fields(Object *o, int nfields, Visit visit, void *arg)
{
    Exception *e = (Exception *)o;
    VISIT(e->args);
    VISIT(e->traceback);
    VISIT(e->context);
    VISIT(e->cause);
    for (int i = 0; i < nfields; i++) {
        VISIT(own_fields(o)[i]);
    }
    return instance_attrs_traverse(o, visit, arg);
}

static void
clear_references(Object *o, int nfields)
{
    Exception *e = (Exception *)o;
    ref_clear(&e->args);
    ref_clear(&e->traceback);
    ref_clear(&e->context);
    ref_clear(&e->cause);
    for (int i = 0; i < nfields; i++) {
        ref_clear(&own_fields(o)[i]);
    }
}

void
exception_clear_fields(Object *o, int nfields)
{
    clear_references(o, nfields);
    instance_attrs_clear(o);
}

void
exception_free(Object *o, int nfields)
{
    clear_references(o, nfields);
    instance_attrs_free(o);
    object_free(o);
}

EXCEPTION_LIFE(exception, 0)

Type exc_BaseException = {
    .name = "BaseException",
    .base = &object_type,
    .flags = EXCEPTION_FLAGS,
    .basic_size = sizeof(Exception),
    .dict_offset = sizeof(Exception),
    .slots =
        {
            EXCEPTION_LIFE_SLOTS(exception),
            .create = exception_create,
            .init = exception_init,
            .repr = exception_repr,
            .str = exception_str,
        },
    .methods = exception_methods,
    .getsets = exception_getsets,
    .spec_doc = exception_doc,
};
