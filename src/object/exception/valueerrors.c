/* StopIteration and SystemExit: exceptions that carry one value.
 *
 * Threads: as in baseexception.c. */
#include "object/exception/exception_priv.h"
#include "object/tuple.h"

#include "valueerrors.spec.h"

static int
stop_iteration_init(Value self, Value const *args, size_t nargs, Value kwnames)
{
    if (exception_init(self, args, nargs, kwnames) < 0) {
        return -1;
    }
    ValueException *e = (ValueException *)obj(self);
    exception_store(&e->base, &e->value, nargs ? own(args[0]) : NO_VALUE);
    return 0;
}

static int
system_exit_init(Value self, Value const *args, size_t nargs, Value kwnames)
{
    if (exception_init(self, args, nargs, kwnames) < 0) {
        return -1;
    }
    ValueException *e = (ValueException *)obj(self);
    exception_store(&e->base, &e->value,
                    nargs == 0   ? NO_VALUE
                    : nargs == 1 ? own(args[0])
                                 : exc_get_args(self));
    return 0;
}

EXCEPTION_FIELD(stop_iteration, ValueException, value)

Own
system_exit_get_code(ValueException *self)
{
    return exception_field_get(&self->base, &self->value);
}

int
system_exit_set_code(ValueException *self, Value value)
{
    return exception_field_set(&self->base, &self->value, value);
}

Own
stop_iteration_value(Value exc)
{
    return stop_iteration_get_value((ValueException *)obj(exc));
}

int
exc_take_stop_iteration(Own *value)
{
    if (!exc_pending()) {
        *value = own(NONE);
        return 1;
    }
    if (!exc_matches(&exc_StopIteration)) {
        return 0;
    }
    Own exc = exc_take();
    *value = stop_iteration_value(exc);
    drop(exc);
    return 1;
}

EXCEPTION_LIFE(value_exception, 1)

Type exc_StopIteration = {
    .name = "StopIteration",
    .base = &exc_Exception,
    .flags = EXCEPTION_FLAGS,
    .basic_size = sizeof(ValueException),
    .dict_offset = sizeof(ValueException),
    .slots = {EXCEPTION_LIFE_SLOTS(value_exception), .init = stop_iteration_init},
    .methods = stop_iteration_methods,
    .getsets = stop_iteration_getsets,
    .spec_doc = stop_iteration_doc,
};

Type exc_SystemExit = {
    .name = "SystemExit",
    .base = &exc_BaseException,
    .flags = EXCEPTION_FLAGS,
    .basic_size = sizeof(ValueException),
    .dict_offset = sizeof(ValueException),
    .slots = {EXCEPTION_LIFE_SLOTS(value_exception), .init = system_exit_init},
    .methods = system_exit_methods,
    .getsets = system_exit_getsets,
    .spec_doc = system_exit_doc,
};
