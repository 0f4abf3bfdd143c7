/* Iterators over a sequence's __getitem__ and over the results of a callable; helpers of all
 * iterator types.
 *
 * Threads: the fields of both change under the iterator's lock; it is not held while Python code
 * runs, so two threads that share an iterator may be given the same index, as with CPython. */
#include "object/iterator.h"

#include "heap/critical.h"
#include "object/hooks.h"
#include "object/int.h"
#include "object/str.h"
#include "object/tuple.h"

typedef struct SequenceIterator {
    Object head;
    Own sequence;  /* NO_VALUE when used up. guard: lock; ref_load */
    int64_t index; /* guard: atomic */
} SequenceIterator;

typedef struct CallableIterator {
    Object head;
    Own callable;      /* NO_VALUE when used up. guard: lock; ref_load */
    Own sentinel;      /* immutable */
    uint16_t ended_by; /* the thread that used it up. guard: lock */
} CallableIterator;

#include "iterator.spec.h"

/* -- helpers */

Own
iterator_self(Value v)
{
    return own(v);
}

Own
builtin_function(const char *name)
{
    Value running = object_hooks.current_builtins ? object_hooks.current_builtins() : NO_VALUE;
    Own key = str_intern_cstr(name), function = NO_VALUE;
    if (running && key) { /* the __builtins__ of the code that asks */
        Own builtins = own(running);
        function = object_getitem(builtins, key);
        drop(builtins);
        if (!function && exc_swallow(&exc_KeyError)) {
            raise_value(&exc_AttributeError, key);
        }
    }
    return function;
}

/* (function, arguments, state), or without the state when it is NO_VALUE. function and arguments
 * are eaten, and may be NO_VALUE after a failure. */
static Own
reduce_to_call(Own function, Own arguments, Value state)
{
    Own result = NO_VALUE;
    if (function && arguments) {
        result = state ? tuple_pack(3, (Value)function, (Value)arguments, state)
                       : tuple_pack(2, (Value)function, (Value)arguments);
    }
    drop_opt(function);
    drop_opt(arguments);
    return result;
}

Own
iterator_reduce_state(Own function, Value argument, Value state)
{
    return reduce_to_call(function, function ? tuple_pack(1, argument) : NO_VALUE, state);
}

Own
iterator_reduce(Own function, Value argument, int64_t index)
{
    if (index < 0 || !function) {
        return iterator_reduce_state(function, argument, NO_VALUE);
    }
    Own state = int_from_i64(index);
    if (!state) {
        drop(function);
        return NO_VALUE;
    }
    Own result = iterator_reduce_state(function, argument, state);
    drop(state);
    return result;
}

Own
iterator_reduce_place(const char *function, Object *it, Own const *source, int64_t const *index, Value used_up)
{
    Own callable = builtin_function(function); /* first: it may run Python code that uses the iterator */
    CriticalSection section;
    critical_enter(&section, it);
    Own from = own_opt(*source);
    int64_t i = __atomic_load_n(index, __ATOMIC_RELAXED); /* some step without the lock */
    critical_leave(&section);
    Own result = from && i >= 0 ? iterator_reduce(callable, from, i) : iterator_reduce(callable, used_up, -1);
    drop_opt(from);
    return result;
}

int
iterator_state(Value state, int64_t *index)
{
    if (!is_int(state)) {
        return raise_int(&exc_TypeError, "an integer is required");
    }
    if (!int_as_i64(state, index)) {
        return raise_int(&exc_OverflowError, "Python int too large to convert to C ssize_t");
    }
    return 0;
}

/* -- iterator: over __getitem__ */

Own
sequence_iterator_new(Value sequence)
{
    SequenceIterator *it =
        (SequenceIterator *)object_alloc(SHAPE_ITERATOR, sizeof(SequenceIterator), OBJ_TRACKED);
    if (it) {
        ref_init(&it->head, &it->sequence, own(sequence));
    }
    return OWN(it);
}

static void
sequence_iterator_finish(SequenceIterator *it)
{
    CriticalSection section;
    critical_enter(&section, &it->head);
    Own sequence = ref_swap(&it->head, &it->sequence, NO_VALUE);
    critical_leave(&section);
    drop_opt(sequence);
}

static Own
sequence_iterator_next(Value v)
{
    SequenceIterator *it = (SequenceIterator *)obj(v);
    Own sequence = ref_load(&it->head, &it->sequence);
    if (!sequence) {
        return NO_VALUE;
    }
    int64_t index = __atomic_load_n(&it->index, __ATOMIC_RELAXED);
    Own item = NO_VALUE;
    if (index == INT64_MAX) {
        raise_msg(&exc_OverflowError, "iter index too large");
    } else {
        item = object_getitem_int(sequence, index);
    }
    if (item) {
        __atomic_store_n(&it->index, index + 1, __ATOMIC_RELAXED);
    } else if (exc_swallow(&exc_IndexError) || exc_swallow(&exc_StopIteration)) {
        sequence_iterator_finish(it);
    }
    drop(sequence);
    return item;
}

Own
iterator_py___length_hint__(SequenceIterator *self)
{
    Own sequence = ref_load(&self->head, &self->sequence);
    if (!sequence) {
        return small_int(0);
    }
    Own result;
    const TypeSlots *slots = &type_of(sequence)->slots;
    if (slots->len) {
        int64_t length = object_len(sequence);
        int64_t left = length - __atomic_load_n(&self->index, __ATOMIC_RELAXED);
        result = length < 0 ? NO_VALUE : int_from_i64(left < 0 ? 0 : left);
    } else {
        result = own(NOTIMPLEMENTED);
    }
    drop(sequence);
    return result;
}

Own
iterator_py___reduce__(SequenceIterator *self)
{
    return iterator_reduce_place("iter", &self->head, &self->sequence, &self->index, tuple_empty);
}

int
iterator_py___setstate__(SequenceIterator *self, Value state)
{
    int64_t index;
    if (iterator_state(state, &index) < 0) {
        return -1;
    }
    if (self->sequence) {
        __atomic_store_n(&self->index, index < 0 ? 0 : index, __ATOMIC_RELAXED);
    }
    return 0;
}

static int
sequence_iterator_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((SequenceIterator *)o)->sequence);
    return 0;
}

static void
sequence_iterator_clear(Object *o)
{
    ref_clear(&((SequenceIterator *)o)->sequence);
}

static void
sequence_iterator_dealloc(Object *o)
{
    sequence_iterator_clear(o);
    object_free(o);
}

Type iterator_type = {
    .name = "iterator",
    .root_shape = SHAPE_ITERATOR,
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(SequenceIterator),
    .slots = {
        .traverse = sequence_iterator_traverse,
        .clear = sequence_iterator_clear,
        .dealloc = sequence_iterator_dealloc,
        .iter = iterator_self,
        .next = sequence_iterator_next,
    },
    .methods = iterator_methods,
    .getsets = iterator_getsets,
    .spec_doc = iterator_doc,
};

/* -- callable_iterator: iter(callable, sentinel) */

Own
callable_iterator_new(Value callable, Value sentinel)
{
    CallableIterator *it = (CallableIterator *)object_alloc(
        SHAPE_CALLABLE_ITERATOR, sizeof(CallableIterator), OBJ_TRACKED);
    if (it) {
        ref_init(&it->head, &it->callable, own(callable));
        ref_init(&it->head, &it->sentinel, own(sentinel));
    }
    return OWN(it);
}

static void
callable_iterator_finish(CallableIterator *it)
{
    CriticalSection section;
    critical_enter(&section, &it->head);
    Own callable = ref_swap(&it->head, &it->callable, NO_VALUE);
    it->ended_by = callable ? thread_owner_id : it->ended_by;
    critical_leave(&section);
    drop_opt(callable);
}

/* Did the call of the callable use this iterator up? Then its result does not count; if meanwhile another thread did, it does. */
static bool
callable_iterator_ended_here(CallableIterator *it)
{
    CriticalSection section;
    critical_enter(&section, &it->head);
    bool ended = !it->callable && it->ended_by == thread_owner_id;
    critical_leave(&section);
    return ended;
}

static Own
callable_iterator_next(Value v)
{
    CallableIterator *it = (CallableIterator *)obj(v);
    Own callable = ref_load(&it->head, &it->callable);
    if (!callable) {
        return NO_VALUE;
    }
    Own item = call0(callable);
    drop(callable);
    if (!item) {
        if (exc_swallow(&exc_StopIteration)) {
            callable_iterator_finish(it);
        }
        return NO_VALUE;
    }
    int last = callable_iterator_ended_here(it) ? 1 : object_equal(item, it->sentinel);
    if (last == 0) {
        return item;
    }
    drop(item);
    if (last > 0) {
        callable_iterator_finish(it);
    }
    return NO_VALUE;
}

Own
callable_iterator_py___reduce__(CallableIterator *self)
{
    Own iter = builtin_function("iter"); /* first: it may run Python code that uses the iterator */
    CriticalSection section;
    critical_enter(&section, &self->head);
    Own callable = own_opt(self->callable), sentinel = own_opt(self->sentinel);
    critical_leave(&section);
    Own result = callable ? reduce_to_call(iter, tuple_pack(2, (Value)callable, (Value)sentinel), NO_VALUE)
                          : iterator_reduce(iter, tuple_empty, -1);
    drop_opt(callable);
    drop_opt(sentinel);
    return result;
}

static int
callable_iterator_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((CallableIterator *)o)->callable);
    VISIT(((CallableIterator *)o)->sentinel);
    return 0;
}

static void
callable_iterator_clear(Object *o)
{
    ref_clear(&((CallableIterator *)o)->callable);
    ref_clear(&((CallableIterator *)o)->sentinel);
}

static void
callable_iterator_dealloc(Object *o)
{
    callable_iterator_clear(o);
    object_free(o);
}

Type callable_iterator_type = {
    .name = "callable_iterator",
    .root_shape = SHAPE_CALLABLE_ITERATOR,
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(CallableIterator),
    .slots = {
        .traverse = callable_iterator_traverse,
        .clear = callable_iterator_clear,
        .dealloc = callable_iterator_dealloc,
        .iter = iterator_self,
        .next = callable_iterator_next,
    },
    .methods = callable_iterator_methods,
    .getsets = callable_iterator_getsets,
    .spec_doc = callable_iterator_doc,
};
