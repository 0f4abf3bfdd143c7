/* Coroutines: the objects that async functions return, and the iterators that their __await__ gives. Threads: vm/generator.h. */
#include "object/exception.h"
#include "object/audit.h"
#include "object/genericalias.h"
#include "object/hooks.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"
#include "vm/frameobject.h"
#include "vm/generator.h"
#include "vm/vm.h"

/* coroutine.__await__(): immutable. */
typedef struct CoroutineWrapper {
    Object head;
    Own coroutine;
} CoroutineWrapper;

#include "coroutine.spec.h"

static Type coroutine_wrapper_type;

Own
coroutine_origin(Thread *t, int depth)
{
    int n = 0;
    for (Frame *f = frame_seen(t->frame->prev); f && n < depth; f = frame_seen(f->prev)) {
        n++;
    }
    Own origin = tuple_new(n);
    Frame *f = frame_seen(t->frame->prev);
    for (int i = 0; origin && i < n; i++, f = frame_seen(f->prev)) {
        Own filename = ref_load(&f->code->head, &f->code->filename);
        Own entry = tuple_pack(3, (Value)filename, (Value)small_int(frame_line(f)), (Value)f->code->name);
        drop(filename);
        if (!entry) {
            drop(origin);
            return NO_VALUE;
        }
        tuple_init_item(origin, i, entry);
    }
    return origin;
}

void
coroutine_warn_never_awaited(Generator *g)
{
    /* warnings shows where the coroutine was made; it may not be importable any more */
    bool warned = false;
    Own module = object_hooks.import_module("warnings"), show = NO_VALUE;
    if (!module) {
        exc_clear();
    } else if (object_lookup_attr(module, NAME(_warn_unawaited_coroutine), &show) < 0) {
        exc_clear();
    }
    if (show) {
        Own result = call1(show, VALUE(g));
        warned = result != NO_VALUE;
        if (!result) {
            bool is_warning = exc_matches(&exc_Warning); /* it was given, and turned into an error */
            exc_write_unraisable_fmt("Exception ignored while finalizing coroutine %R", VALUE(g));
            warned = is_warning;
        }
        drop_opt(result);
        drop(show);
    }
    drop_opt(module);
    if (!warned && warn_fmt(&exc_RuntimeWarning, 1, "coroutine '%S' was never awaited", (Value)g->qualname) < 0) {
        exc_write_unraisable_fmt("Exception ignored while finalizing coroutine %R", VALUE(g));
    }
}

static Own
coroutine_repr(Value v)
{
    return generator_repr_as(v, "coroutine");
}

static Own
coroutine_await(Value v)
{
    CoroutineWrapper *w = (CoroutineWrapper *)type_alloc(&coroutine_wrapper_type, 0);
    if (!w) {
        return NO_VALUE;
    }
    ref_init(&w->head, &w->coroutine, own(v));
    return OWN(w);
}

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

static Own
send_to(Value coroutine, Value arg)
{
    Own result;
    int status = generator_send(as_generator(coroutine), arg, &result);
    return method_result(status, result);
}

static Own
throw_into(Value coroutine, Value const *args, size_t nargs, Value kwnames)
{
    if (args_check_positional("throw", nargs, kwnames, 1, 3) < 0) {
        return NO_VALUE;
    }
    if (nargs > 1 && warn_fmt(&exc_DeprecationWarning, 1, "the (type, exc, tb) signature of throw() is deprecated, use the "
                                                          "single-arg signature instead.") < 0) {
        return NO_VALUE;
    }
    Own result;
    int status = generator_throw(as_generator(coroutine), args[0], nargs > 1 ? args[1] : NO_VALUE, nargs > 2 ? args[2] : NO_VALUE, &result);
    return method_result(status, result);
}

static Own
close_coroutine(Value coroutine)
{
    Own returned;
    if (generator_close(as_generator(coroutine), &returned) < 0) {
        return NO_VALUE;
    }
    return returned ? returned : NONE;
}

Own
coroutine_py_send(Generator *self, Value arg)
{
    return send_to(VALUE(self), arg);
}

Own
coroutine_py_throw(Value self, Value const *args, size_t nargs, Value kwnames)
{
    return throw_into(self, args, nargs, kwnames);
}

Own
coroutine_py_close(Generator *self)
{
    return close_coroutine(VALUE(self));
}

Own
coroutine_wrapper_py_send(CoroutineWrapper *self, Value arg)
{
    return send_to(self->coroutine, arg);
}

Own
coroutine_wrapper_py_throw(Value self, Value const *args, size_t nargs, Value kwnames)
{
    return throw_into(((CoroutineWrapper *)obj(self))->coroutine, args, nargs, kwnames);
}

Own
coroutine_wrapper_py_close(CoroutineWrapper *self)
{
    return close_coroutine(self->coroutine);
}

/* -- accessors */

Own
coroutine_get_name(Generator *self)
{
    return ref_load(&self->head, &self->name);
}

int
coroutine_set_name(Generator *self, Value value)
{
    return generator_set_text(self, &self->name, value, "__name__");
}

Own
coroutine_get_qualname(Generator *self)
{
    return ref_load(&self->head, &self->qualname);
}

int
coroutine_set_qualname(Generator *self, Value value)
{
    return generator_set_text(self, &self->qualname, value, "__qualname__");
}

Own
coroutine_get_cr_await(Generator *self)
{
    Own d = generator_delegate(self);
    return d ? d : NONE;
}

Own
coroutine_get_cr_running(Generator *self)
{
    return bool_value(generator_state(self) == GEN_RUNNING);
}

Own
coroutine_get_cr_suspended(Generator *self)
{
    return bool_value(generator_state(self) == GEN_SUSPENDED);
}

Own
coroutine_get_cr_frame(Generator *self)
{
    if (audit_read(VALUE(self), "cr_frame") < 0) {
        return NO_VALUE;
    }
    return generator_frame_object(self);
}

Own
coroutine_get_cr_code(Generator *self)
{
    if (audit_read(VALUE(self), "cr_code") < 0) {
        return NO_VALUE;
    }
    return own(self->code);
}

Own
coroutine_get_cr_origin(Generator *self)
{
    return self->origin ? own(self->origin) : NONE;
}

Own
coroutine_py___class_getitem__(Type *cls, Value item)
{
    return generic_alias_new(VALUE(cls), item);
}

Type coroutine_type = {
    .name = "coroutine",
    .root_shape = SHAPE_COROUTINE,
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE | TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(Generator),
    .item_size = sizeof(Own),
    .slots = {
        .traverse = generator_traverse,
        .clear = generator_clear,
        .dealloc = generator_dealloc,
        .finalize = generator_finalize,
        .repr = coroutine_repr,
        .await = coroutine_await,
    },
    .methods = coroutine_methods,
    .getsets = coroutine_getsets,
    .spec_doc = coroutine_doc,
};

/* -- the wrapper */

static Own
wrapper_iter(Value v)
{
    return own(v);
}

static Own
wrapper_next(Value v)
{
    return send_to(((CoroutineWrapper *)obj(v))->coroutine, NONE);
}

static int
wrapper_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((CoroutineWrapper *)o)->coroutine);
    return 0;
}

static void
wrapper_clear(Object *o)
{
    ref_clear(&((CoroutineWrapper *)o)->coroutine);
}

static void
wrapper_dealloc(Object *o)
{
    wrapper_clear(o);
    object_free(o);
}

static Type coroutine_wrapper_type = {
    .name = "coroutine_wrapper",
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(CoroutineWrapper),
    .slots = {
        .traverse = wrapper_traverse,
        .clear = wrapper_clear,
        .dealloc = wrapper_dealloc,
        .iter = wrapper_iter,
        .next = wrapper_next,
    },
    .methods = coroutine_wrapper_methods,
    .getsets = coroutine_wrapper_getsets,
    .spec_doc = coroutine_wrapper_doc,
};

int
coroutine_types_ready(void)
{
    return type_ready(&coroutine_wrapper_type);
}
