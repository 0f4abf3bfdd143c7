/* The type of generators, and what generators, coroutines and asynchronous generators share as objects. Threads: vm/generator.h. */
#include "heap/world.h"
#include "object/exception.h"
#include "object/audit.h"
#include "object/genericalias.h"
#include "object/str.h"
#include "vm/frameobject.h"
#include "vm/generator.h"

#include "generator_type.spec.h"

/* Another thread may be running it, or about to. */
Own
generator_frame_object(Generator *g)
{
    bool shared = obj_is_contended(&g->head);
    if (shared) {
        world_stop();
    }
    bool ended = generator_state(g) == GEN_CLOSED || (g->frame.kind & FRAME_ENDS);
    Own frame = ended ? NONE : frame_object(&g->frame);
    if (shared) {
        world_start();
    }
    return frame;
}

Own
generator_repr_as(Value v, const char *kind)
{
    Own name = ref_load(obj(v), &as_generator(v)->qualname);
    Own text = str_fmt("<%s object %U at %p>", kind, (Value)name, obj(v));
    drop(name);
    return text;
}

/* Coroutines that were dropped without ever being awaited are mistakes; other suspended frames are closed. */
void
generator_finalize(Object *o)
{
    Generator *g = (Generator *)o;
    uint8_t state = generator_state(g);
    if (state == GEN_CLOSED || state == GEN_RUNNING) {
        return;
    }
    if (g->finalizer) {
        Own result = call1(g->finalizer, VALUE(g));
        if (!result) {
            exc_write_unraisable_fmt("Exception ignored while finalizing generator %R", VALUE(g));
        }
        drop_opt(result);
        return;
    }
    if (state == GEN_CREATED && obj_shape(o) == SHAPE_COROUTINE) {
        coroutine_warn_never_awaited(g);
    }
    if (generator_close(g, NULL) < 0) {
        exc_write_unraisable_fmt("Exception ignored while closing generator %R", VALUE(g));
    }
}

static Own
generator_repr(Value v)
{
    return generator_repr_as(v, "generator");
}

static Own
generator_iter(Value v)
{
    return own(v);
}

static Own
generator_next(Value v)
{
    Own result;
    int status = generator_send(as_generator(v), NONE, &result);
    if (status == 0) {
        if (result != NONE) {
            raise_stop_iteration(result);
        }
        drop(result);
        return NO_VALUE;
    }
    return status < 0 ? NO_VALUE : result;
}

/* What send() and throw() give: the yielded value, or StopIteration. */
static Own
method_result(int status, Own result)
{
    if (status == 0) {
        raise_stop_iteration(result == NONE ? NO_VALUE : (Value)result);
        drop(result);
        return NO_VALUE;
    }
    return status < 0 ? NO_VALUE : result;
}

Own
generator_py_send(Generator *self, Value arg)
{
    Own result;
    int status = generator_send(self, arg, &result);
    return method_result(status, result);
}

Own
generator_py_throw(Value self, Value const *args, size_t nargs, Value kwnames)
{
    if (args_check_positional("throw", nargs, kwnames, 1, 3) < 0) {
        return NO_VALUE;
    }
    if (nargs > 1 && warn_fmt(&exc_DeprecationWarning, 1, "the (type, exc, tb) signature of throw() is deprecated, use the "
                                                          "single-arg signature instead.") < 0) {
        return NO_VALUE;
    }
    Own result;
    int status = generator_throw(as_generator(self), args[0], nargs > 1 ? args[1] : NO_VALUE, nargs > 2 ? args[2] : NO_VALUE, &result);
    return method_result(status, result);
}

Own
generator_py_close(Generator *self)
{
    Own returned;
    if (generator_close(self, &returned) < 0) {
        return NO_VALUE;
    }
    return returned ? returned : NONE;
}

int
generator_set_text(Generator *self, Own *field, Value value, const char *name)
{
    if (!value || !is_str(value)) {
        return raise_int(&exc_TypeError, "%s must be set to a string object", name);
    }
    CriticalSection section;
    critical_enter(&section, &self->head);
    Own old = ref_swap(&self->head, field, own(value));
    critical_leave(&section);
    drop_opt(old);
    return 0;
}

Own
generator_get_name(Generator *self)
{
    return ref_load(&self->head, &self->name);
}

int
generator_set_name(Generator *self, Value value)
{
    return generator_set_text(self, &self->name, value, "__name__");
}

Own
generator_get_qualname(Generator *self)
{
    return ref_load(&self->head, &self->qualname);
}

int
generator_set_qualname(Generator *self, Value value)
{
    return generator_set_text(self, &self->qualname, value, "__qualname__");
}

Own
generator_get_gi_yieldfrom(Generator *self)
{
    Own d = generator_delegate(self);
    return d ? d : NONE;
}

Own
generator_get_gi_running(Generator *self)
{
    return bool_value(generator_state(self) == GEN_RUNNING);
}

Own
generator_get_gi_suspended(Generator *self)
{
    return bool_value(generator_state(self) == GEN_SUSPENDED);
}

Own
generator_get_gi_frame(Generator *self)
{
    if (audit_read(VALUE(self), "gi_frame") < 0) {
        return NO_VALUE;
    }
    return generator_frame_object(self);
}

Own
generator_get_gi_code(Generator *self)
{
    if (audit_read(VALUE(self), "gi_code") < 0) {
        return NO_VALUE;
    }
    return own(self->code);
}

Own
generator_py___class_getitem__(Type *cls, Value item)
{
    return generic_alias_new(VALUE(cls), item);
}

Type generator_type = {
    .name = "generator",
    .root_shape = SHAPE_GENERATOR,
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE | TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(Generator),
    .item_size = sizeof(Own),
    .slots = {
        .traverse = generator_traverse,
        .clear = generator_clear,
        .dealloc = generator_dealloc,
        .finalize = generator_finalize,
        .repr = generator_repr,
        .iter = generator_iter,
        .next = generator_next,
    },
    .methods = generator_methods,
    .getsets = generator_getsets,
    .spec_doc = generator_doc,
};
