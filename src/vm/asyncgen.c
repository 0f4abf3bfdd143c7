/* Asynchronous generators: the awaitables behind __anext__, asend, athrow and aclose.
 *
 * An async generator yields two kinds of values to whoever resumes it: what it awaits, as they are, and what it yields, wrapped. An AsyncCall passes
 * the former on to the event loop and ends with the latter as its result. `async_running` lets only one AsyncCall at a time be between start and end.
 *
 * Threads: `async_running` is atomic. An AsyncCall belongs to one task; where several threads resume it all the same, the first begins it, and the others
 * are told that it is running. */
#include "vm/asyncgen.h"

#include "object/exception.h"
#include "object/audit.h"
#include "object/genericalias.h"
#include "object/hooks.h"
#include "object/iterator.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"
#include "vm/frameobject.h"

enum { CALL_INIT, CALL_ITER, CALL_CLOSED };
enum { CALL_SEND, CALL_THROW, CALL_CLOSE };

typedef struct AsyncCall {
    Object head;
    Own generator; /* immutable */
    Own argument;  /* of asend, or NO_VALUE; of athrow: the tuple of its arguments */
    uint8_t mode;  /* CALL_SEND... */
    _Atomic uint8_t state; /* CALL_INIT... */
} AsyncCall;

typedef struct AnextAwaitable {
    Object head;
    Own wrapped;   /* what __anext__() gave */
    Own otherwise;
} AnextAwaitable;

typedef struct WrappedValue {
    Object head;
    Own value;
} WrappedValue;

#include "asyncgen.spec.h"

static Type wrapped_value_type, asend_type, athrow_type, anext_awaitable_type;

/* -- yielded values */

Own
asyncgen_wrap(Value v)
{
    WrappedValue *w = (WrappedValue *)type_alloc(&wrapped_value_type, 0);
    if (w) {
        ref_init(&w->head, &w->value, own(v));
    }
    return OWN(w);
}

static bool
is_wrapped(Value v)
{
    return is_object(v) && obj_type(obj(v)) == &wrapped_value_type;
}

static int
wrapped_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((WrappedValue *)o)->value);
    return 0;
}

static void
wrapped_dealloc(Object *o)
{
    ref_clear(&((WrappedValue *)o)->value);
    object_free(o);
}

static Type wrapped_value_type = {
    .name = "async_generator_wrapped_value",
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(WrappedValue),
    .slots = {.traverse = wrapped_traverse, .dealloc = wrapped_dealloc},
};

/* -- calls */

static Generator *
generator_in(const AsyncCall *c)
{
    return as_generator(c->generator);
}

/* The first call of all: sys.set_asyncgen_hooks. */
static int
call_hooks(Generator *g)
{
    Thread *t = thread_self();
    if (atomic_load(&g->hooks_called) || atomic_exchange(&g->hooks_called, true)) {
        return 0;
    }
    if (t->asyncgen_finalizer) {
        ref_init(&g->head, &g->finalizer, own(t->asyncgen_finalizer));
    }
    if (t->asyncgen_firstiter) {
        Own hook = own(t->asyncgen_firstiter);
        Own result = call1(hook, VALUE(g));
        drop(hook);
        drop_opt(result);
        return result ? 0 : -1;
    }
    return 0;
}

static Own
call_new(Type *type, Generator *g, unsigned mode, Own argument)
{
    AsyncCall *c = call_hooks(g) < 0 ? NULL : (AsyncCall *)type_alloc(type, 0);
    if (!c) {
        drop_opt(argument);
        return NO_VALUE;
    }
    c->mode = (uint8_t)mode;
    ref_init(&c->head, &c->generator, own(VALUE(g)));
    ref_init(&c->head, &c->argument, argument);
    return OWN(c);
}

static const char *
call_name(const AsyncCall *c)
{
    return c->mode == CALL_SEND ? "asend" : c->mode == CALL_THROW ? "athrow" : "aclose";
}

static Own
call_end(AsyncCall *c)
{
    atomic_store(&generator_in(c)->async_running, 0);
    c->state = CALL_CLOSED;
    return NO_VALUE;
}

static Own
raise_running(AsyncCall *c)
{
    uint8_t fresh = CALL_INIT; /* unless another thread has just begun it */
    atomic_compare_exchange_strong(&c->state, &fresh, CALL_CLOSED);
    return raise_fmt(&exc_RuntimeError, "%s(): asynchronous generator is already running", c->mode == CALL_SEND ? "anext" : call_name(c));
}

/* From its start to its end only one call may be under way. fail: -1 + RuntimeError */
static int
call_begin(AsyncCall *c)
{
    uint8_t idle = 0;
    if (!atomic_compare_exchange_strong(&generator_in(c)->async_running, &idle, 1)) {
        raise_running(c);
        return -1;
    }
    c->state = CALL_ITER;
    return 0;
}

static Own
raise_reused(const AsyncCall *c)
{
    return raise_fmt(&exc_RuntimeError, "cannot reuse already awaited %s", c->mode == CALL_SEND ? "__anext__()/asend()" : "aclose()/athrow()");
}

/* What the resumed generator came to (status as generator_send gives it), for asend and athrow: something awaited is passed on; a yielded value ends
 * the call with StopIteration. */
static Own
call_outcome(AsyncCall *c, int status, Own result)
{
    Generator *g = generator_in(c);
    if (status > 0 && !is_wrapped(result)) {
        return result;
    }
    if (status > 0) {
        Own value = own(((WrappedValue *)obj(result))->value);
        drop(result);
        call_end(c);
        raise_stop_iteration(value);
        drop(value);
        return NO_VALUE;
    }
    if (status == 0) {
        drop(result);
        raise_instance(exc_new(&exc_StopAsyncIteration, NULL, 0));
    }
    if (exc_matches(&exc_StopAsyncIteration) || exc_matches(&exc_GeneratorExit)) {
        g->closed_async = true;
    }
    return call_end(c);
}

/* The same for aclose: it must end, by GeneratorExit or StopAsyncIteration. */
static Own
close_outcome(AsyncCall *c, int status, Own result)
{
    if (status > 0 && !is_wrapped(result)) {
        return result;
    }
    if (status > 0) {
        drop(result);
        call_end(c);
        return raise_msg(&exc_RuntimeError, "async generator ignored GeneratorExit");
    }
    if (status == 0) {
        drop(result);
        raise_instance(exc_new(&exc_StopAsyncIteration, NULL, 0));
    }
    call_end(c);
    if (exc_swallow(&exc_StopAsyncIteration) || exc_swallow(&exc_GeneratorExit)) {
        raise_stop_iteration(NO_VALUE);
    }
    return NO_VALUE;
}

static Own
outcome(AsyncCall *c, int status, Own result)
{
    return c->mode == CALL_CLOSE ? close_outcome(c, status, result) : call_outcome(c, status, result);
}

static Own
asend_step(AsyncCall *c, Value arg)
{
    if (c->state == CALL_CLOSED) {
        return raise_reused(c);
    }
    if (c->state == CALL_INIT) {
        if (call_begin(c) < 0) {
            return NO_VALUE;
        }
        if (arg == NONE && c->argument) {
            arg = c->argument;
        }
    }
    Own result;
    int status = generator_send(generator_in(c), arg, &result);
    return call_outcome(c, status, result);
}

static Own
athrow_step(AsyncCall *c, Value arg)
{
    Generator *g = generator_in(c);
    Own result;
    int status;
    if (c->state == CALL_CLOSED) {
        return raise_reused(c);
    }
    if (generator_state(g) == GEN_CLOSED) {
        if (c->state == CALL_ITER) {
            atomic_store(&g->async_running, 0);
        }
        c->state = CALL_CLOSED;
        return raise_stop_iteration(NO_VALUE);
    }
    if (c->state == CALL_ITER) {
        status = generator_send(g, arg, &result);
        return outcome(c, status, result);
    }
    if (atomic_load(&g->async_running)) {
        return raise_running(c);
    }
    if (g->closed_async) {
        c->state = CALL_CLOSED;
        return raise_instance(exc_new(&exc_StopAsyncIteration, NULL, 0));
    }
    if (arg != NONE) {
        return raise_msg(&exc_RuntimeError, "can't send non-None value to a just-started coroutine");
    }
    if (call_begin(c) < 0) {
        return NO_VALUE;
    }
    if (c->mode == CALL_CLOSE) {
        g->closed_async = true;
        status = generator_throw(g, VALUE(&exc_GeneratorExit), NO_VALUE, NO_VALUE, &result);
    } else {
        const Tuple *args = as_tuple(c->argument);
        status = generator_throw(g, args->items[0], args->length > 1 ? (Value)args->items[1] : (Value)NO_VALUE,
                                 args->length > 2 ? (Value)args->items[2] : (Value)NO_VALUE, &result);
    }
    return outcome(c, status, result);
}

static Own
call_throw(AsyncCall *c, Value const *args, size_t nargs)
{
    Own result;
    if (c->state == CALL_CLOSED) {
        return raise_reused(c);
    }
    if (c->state == CALL_INIT && call_begin(c) < 0) {
        return NO_VALUE;
    }
    int status = generator_throw(generator_in(c), args[0], nargs > 1 ? args[1] : NO_VALUE, nargs > 2 ? args[2] : NO_VALUE, &result);
    return outcome(c, status, result);
}

static Own
call_close(AsyncCall *c)
{
    Value args[] = {VALUE(&exc_GeneratorExit)};
    if (c->state == CALL_CLOSED) {
        return NONE;
    }
    Own result = call_throw(c, args, 1);
    if (result) {
        drop(result);
        return raise_msg(&exc_RuntimeError, "coroutine ignored GeneratorExit");
    }
    if (exc_swallow(&exc_StopIteration) || exc_swallow(&exc_StopAsyncIteration) || exc_swallow(&exc_GeneratorExit)) {
        return NONE;
    }
    return NO_VALUE;
}

static int
check_throw(size_t nargs, Value kwnames)
{
    if (args_check_positional("throw", nargs, kwnames, 1, 3) < 0) {
        return -1;
    }
    return nargs == 1 ? 0
                      : warn_fmt(&exc_DeprecationWarning, 1,
                                 "the (type, exc, tb) signature of throw() is deprecated, use the single-arg signature instead.");
}

Own
asend_py_send(AsyncCall *self, Value arg)
{
    return asend_step(self, arg);
}

Own
asend_py_throw(Value self, Value const *args, size_t nargs, Value kwnames)
{
    return check_throw(nargs, kwnames) < 0 ? NO_VALUE : call_throw((AsyncCall *)obj(self), args, nargs);
}

Own
asend_py_close(AsyncCall *self)
{
    return call_close(self);
}

Own
athrow_py_send(AsyncCall *self, Value arg)
{
    return athrow_step(self, arg);
}

Own
athrow_py_throw(Value self, Value const *args, size_t nargs, Value kwnames)
{
    return check_throw(nargs, kwnames) < 0 ? NO_VALUE : call_throw((AsyncCall *)obj(self), args, nargs);
}

Own
athrow_py_close(AsyncCall *self)
{
    return call_close(self);
}

static Own
asend_next(Value v)
{
    return asend_step((AsyncCall *)obj(v), NONE);
}

static Own
athrow_next(Value v)
{
    return athrow_step((AsyncCall *)obj(v), NONE);
}

/* One that was made and never awaited is a mistake. */
static void
call_finalize(Object *o)
{
    AsyncCall *c = (AsyncCall *)o;
    if (c->state != CALL_INIT) {
        return;
    }
    Own message = str_fmt("coroutine method '%s' of %R was never awaited", call_name(c), (Value)generator_in(c)->qualname);
    if (!message || object_hooks.warn(&exc_RuntimeWarning, message, 1, VALUE(o)) < 0) {
        exc_write_unraisable(NULL, VALUE(o));
    }
    drop_opt(message);
}

static int
call_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((AsyncCall *)o)->generator);
    VISIT(((AsyncCall *)o)->argument);
    return 0;
}

static void
call_dealloc(Object *o)
{
    ref_clear(&((AsyncCall *)o)->argument);
    ref_clear(&((AsyncCall *)o)->generator);
    object_free(o);
}

static Type asend_type = {
    .name = "async_generator_asend",
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(AsyncCall),
    .slots = {
        .traverse = call_traverse,
        .dealloc = call_dealloc,
        .finalize = call_finalize,
        .iter = iterator_self,
        .next = asend_next,
        .await = iterator_self,
    },
    .methods = asend_methods,
    .getsets = asend_getsets,
    .spec_doc = asend_doc,
};

static Type athrow_type = {
    .name = "async_generator_athrow",
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(AsyncCall),
    .slots = {
        .traverse = call_traverse,
        .dealloc = call_dealloc,
        .finalize = call_finalize,
        .iter = iterator_self,
        .next = athrow_next,
        .await = iterator_self,
    },
    .methods = athrow_methods,
    .getsets = athrow_getsets,
    .spec_doc = athrow_doc,
};

/* -- the generator */

Own
async_generator_py_asend(Generator *self, Value value)
{
    return call_new(&asend_type, self, CALL_SEND, own(value));
}

Own
async_generator_py_athrow(Value self, Value const *args, size_t nargs, Value kwnames)
{
    if (args_check_positional("athrow", nargs, kwnames, 1, 3) < 0) {
        return NO_VALUE;
    }
    if (nargs > 1 && warn_fmt(&exc_DeprecationWarning, 1, "the (type, exc, tb) signature of athrow() is deprecated, use the "
                                                          "single-arg signature instead.") < 0) {
        return NO_VALUE;
    }
    Own tuple = tuple_from_array(args, (int64_t)nargs);
    return tuple ? call_new(&athrow_type, as_generator(self), CALL_THROW, tuple) : NO_VALUE;
}

Own
async_generator_py_aclose(Generator *self)
{
    return call_new(&athrow_type, self, CALL_CLOSE, NO_VALUE);
}

Own
async_generator_py___class_getitem__(Type *cls, Value item)
{
    return generic_alias_new(VALUE(cls), item);
}

static Own
asyncgen_anext(Value v)
{
    return call_new(&asend_type, as_generator(v), CALL_SEND, NO_VALUE);
}

static Own
asyncgen_repr(Value v)
{
    return generator_repr_as(v, "async_generator");
}

Own
async_generator_get_name(Generator *self)
{
    return ref_load(&self->head, &self->name);
}

int
async_generator_set_name(Generator *self, Value value)
{
    return generator_set_text(self, &self->name, value, "__name__");
}

Own
async_generator_get_qualname(Generator *self)
{
    return ref_load(&self->head, &self->qualname);
}

int
async_generator_set_qualname(Generator *self, Value value)
{
    return generator_set_text(self, &self->qualname, value, "__qualname__");
}

Own
async_generator_get_ag_await(Generator *self)
{
    Own d = generator_delegate(self);
    return d ? d : NONE;
}

Own
async_generator_get_ag_frame(Generator *self)
{
    if (audit_read(VALUE(self), "ag_frame") < 0) {
        return NO_VALUE;
    }
    return generator_frame_object(self);
}

Own
async_generator_get_ag_running(Generator *self)
{
    return bool_value(atomic_load(&self->async_running));
}

Own
async_generator_get_ag_code(Generator *self)
{
    if (audit_read(VALUE(self), "ag_code") < 0) {
        return NO_VALUE;
    }
    return own(self->code);
}

Own
async_generator_get_ag_suspended(Generator *self)
{
    return bool_value(generator_state(self) == GEN_SUSPENDED);
}

Type async_generator_type = {
    .name = "async_generator",
    .root_shape = SHAPE_ASYNC_GENERATOR,
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE | TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(Generator),
    .item_size = sizeof(Own),
    .slots = {
        .traverse = generator_traverse,
        .clear = generator_clear,
        .dealloc = generator_dealloc,
        .finalize = generator_finalize,
        .repr = asyncgen_repr,
        .aiter = iterator_self,
        .anext = asyncgen_anext,
    },
    .methods = async_generator_methods,
    .getsets = async_generator_getsets,
    .spec_doc = async_generator_doc,
};

/* -- anext(it, default) */

Own
anext_awaitable_new(Value awaitable, Value otherwise)
{
    AnextAwaitable *a = (AnextAwaitable *)type_alloc(&anext_awaitable_type, 0);
    if (a) {
        ref_init(&a->head, &a->wrapped, own(awaitable));
        ref_init(&a->head, &a->otherwise, own(otherwise));
    }
    return OWN(a);
}

/* The iterator to resume. */
static Own
anext_iterator(const AnextAwaitable *a)
{
    return awaitable_iterator(a->wrapped);
}

/* The end of the iterator becomes the default as result. */
static Own
anext_result(const AnextAwaitable *a, Own result)
{
    if (!result && exc_swallow(&exc_StopAsyncIteration)) {
        raise_stop_iteration(a->otherwise);
    }
    return result;
}

static Own
anext_method(AnextAwaitable *a, const char *name, Value const *args, size_t nargs)
{
    Own it = anext_iterator(a);
    Own method = it ? object_getattr_cstr(it, name) : NO_VALUE;
    Own result = method ? object_call(method, args, nargs, NO_VALUE) : NO_VALUE;
    drop_opt(method);
    drop_opt(it);
    return anext_result(a, result);
}

static Own
anext_next(Value v)
{
    AnextAwaitable *a = (AnextAwaitable *)obj(v);
    Own it = anext_iterator(a);
    Own result = NO_VALUE;
    if (it) {
        Own (*next)(Value) = type_of(it)->slots.next;
        result = next ? next(it) : call_method1(it, "send", NONE);
    }
    drop_opt(it);
    if (!result && !exc_pending()) {
        raise_stop_iteration(NO_VALUE);
    }
    return anext_result(a, result);
}

Own
anext_awaitable_py_send(AnextAwaitable *self, Value arg)
{
    return anext_method(self, "send", &arg, 1);
}

Own
anext_awaitable_py_throw(Value self, Value const *args, size_t nargs, Value kwnames)
{
    return args_check_positional("throw", nargs, kwnames, 1, 3) < 0 ? NO_VALUE
                                                                    : anext_method((AnextAwaitable *)obj(self), "throw", args, nargs);
}

Own
anext_awaitable_py_close(AnextAwaitable *self)
{
    return anext_method(self, "close", NULL, 0);
}

static int
anext_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((AnextAwaitable *)o)->wrapped);
    VISIT(((AnextAwaitable *)o)->otherwise);
    return 0;
}

static void
anext_dealloc(Object *o)
{
    ref_clear(&((AnextAwaitable *)o)->wrapped);
    ref_clear(&((AnextAwaitable *)o)->otherwise);
    object_free(o);
}

static Type anext_awaitable_type = {
    .name = "anext_awaitable",
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(AnextAwaitable),
    .slots = {
        .traverse = anext_traverse,
        .dealloc = anext_dealloc,
        .iter = iterator_self,
        .next = anext_next,
        .await = iterator_self,
    },
    .methods = anext_awaitable_methods,
    .getsets = anext_awaitable_getsets,
    .spec_doc = anext_awaitable_doc,
};

int
asyncgen_types_ready(void)
{
    return type_ready(&wrapped_value_type) < 0 || type_ready(&asend_type) < 0 || type_ready(&athrow_type) < 0 ||
                   type_ready(&anext_awaitable_type) < 0
               ? -1
               : 0;
}
