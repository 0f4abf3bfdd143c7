/* Iteration of any object. */
#include "object/iterator.h"
#include "object/list.h"
#include "object/type/slotdefs.h"

/* Objects that are indexed from 0: a class with __getitem__, a C sequence; not a dict. */
static bool
is_sequence(Value v)
{
    const TypeSlots *slots = &type_of(v)->slots;
    return !is_dict(v) && (slots->seq_item || slots->getitem == dispatch__getitem__);
}

Own
object_iter(Value v)
{
    Own (*iter)(Value) = type_of(v)->slots.iter;
    if (UNLIKELY(!iter)) {
        return is_sequence(v) ? sequence_iterator_new(v)
                              : raise_fmt(&exc_TypeError, "'%T' object is not iterable", v);
    }
    Own it = iter(v);
    if (it && UNLIKELY(!type_of(it)->slots.next)) {
        raise_fmt(&exc_TypeError, "iter() returned non-iterator of type '%T'", (Value)it);
        drop(it);
        return NO_VALUE;
    }
    return it;
}

Own
object_snapshot(Value v, bool always)
{
    const Type *own_type = type_of(v), *t = type_flags(own_type) & TYPE_HEAP ? own_type->native : own_type;
    while (t && !t->snapshot) {
        t = t->base;
    }
    if (LIKELY(!t) || t->slots.iter != own_type->slots.iter) {
        return NO_VALUE;
    }
    return t->snapshot(v, always);
}

Own
object_iter_all(Value v)
{
    Own list = UNLIKELY(threads_many) ? object_snapshot(v, false) : NO_VALUE;
    if (LIKELY(!list)) {
        return UNLIKELY(exc_pending()) ? NO_VALUE : object_iter(v);
    }
    Own it = list_iter(list);
    drop(list);
    return it;
}

Own
object_next(Value it)
{
    Own (*next)(Value) = type_of(it)->slots.next;
    if (UNLIKELY(!next)) {
        return raise_fmt(&exc_TypeError, "'%T' object is not an iterator", it);
    }
    if (UNLIKELY(!c_stack_ok())) { /* iterators over iterators over iterators */
        return NO_VALUE;
    }
    Own v = next(it);
    if (!v && exc_pending()) {
        exc_swallow(&exc_StopIteration);
    }
    return v;
}

int64_t
object_length_hint(Value v, int64_t otherwise)
{
    int64_t (*len)(Value) = type_of(v)->slots.len; /* read once: another thread may give v another class */
    if (len) {
        int64_t n = len(v);
        if (n >= 0 || !exc_swallow(&exc_TypeError)) {
            return n;
        }
    }
    Own method;
    int found = object_lookup_special(v, NAME(__length_hint__), &method);
    if (found <= 0) {
        return found < 0 ? -1 : otherwise;
    }
    Own hint = call0(method);
    drop(method);
    if (!hint) {
        return exc_swallow(&exc_TypeError) ? otherwise : -1;
    }
    int64_t n = otherwise;
    if (hint != NOTIMPLEMENTED) {
        if (!is_int(hint)) {
            n = raise_int(&exc_TypeError, "__length_hint__ must be an integer, not %T",
                          (Value)hint);
        } else {
            n = object_as_ssize(hint);
            if (n < 0 && !exc_pending()) {
                n = raise_int(&exc_ValueError, "__length_hint__() should return >= 0");
            }
        }
    }
    drop(hint);
    return n;
}

Own
object_to_list(Value iterable)
{
    Own list = list_new(0);
    if (list && list_extend(list, iterable) < 0) {
        ref_clear(&list);
    }
    return list;
}

Own
object_to_tuple(Value iterable)
{
    if (IS_EXACT(iterable, TUPLE)) {
        return own(iterable);
    }
    if (IS_EXACT(iterable, LIST)) {
        return list_to_tuple(iterable);
    }
    Own list = object_to_list(iterable);
    if (!list) {
        return NO_VALUE;
    }
    Own tuple = list_to_tuple(list);
    drop(list);
    return tuple;
}

Own
sequence_fast(Value v, const char *message)
{
    if (IS_EXACT(v, LIST) || IS_EXACT(v, TUPLE)) {
        return own(v);
    }
    Own it = object_iter_all(v);
    if (!it) {
        if (message && exc_swallow(&exc_TypeError)) {
            raise_msg(&exc_TypeError, message);
        }
        return NO_VALUE;
    }
    Own list = object_to_list(it);
    drop(it);
    return list;
}
