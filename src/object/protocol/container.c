/* len, subscripts and membership of any object. */
#include "object/descriptor.h"
#include "object/genericalias.h"
#include "object/int.h"
#include "object/type/slotdefs.h"

int64_t
object_len(Value v)
{
    int64_t (*len)(Value) = type_of(v)->slots.len;
    return LIKELY(len != NULL) ? len(v)
                               : raise_int(&exc_TypeError, "object of type '%T' has no len()", v);
}

/* The position of key in sequence v, negative ones counted from the end. fail: false */
static bool
sequence_index(Value v, Value key, int64_t *i)
{
    if (!object_has_index(key)) {
        raise_fmt(&exc_TypeError, "sequence index must be integer, not '%T'", key);
        return false;
    }
    *i = object_as_ssize(key);
    if (*i == -1 && exc_pending()) {
        return false;
    }
    int64_t (*len)(Value) = type_of(v)->slots.len; /* read once: another thread may give v another class */
    if (*i < 0 && len) {
        int64_t n = len(v);
        if (n < 0) {
            return false;
        }
        *i += n;
    }
    return true;
}

/* C[key] for a class: its metaclass has no __getitem__. */
static Own
class_getitem(Value c, Value key)
{
    if (c == VALUE(&type_type)) {
        return generic_alias_new(c, key);
    }
    Own method;
    int found = object_lookup_attr(c, NAME(__class_getitem__), &method);
    if (found < 0) {
        return NO_VALUE;
    }
    if (found && method != NONE) {
        Own result = call1(method, key);
        drop(method);
        return result;
    }
    drop_opt(method);
    return raise_fmt(&exc_TypeError, "type '%N' is not subscriptable", (Type *)obj(c));
}

Own
object_getitem(Value v, Value key)
{
    const TypeSlots *slots = &type_of(v)->slots;
    if (LIKELY(slots->getitem != NULL)) {
        return slots->getitem(v, key);
    }
    if (slots->seq_item) {
        int64_t i;
        return sequence_index(v, key, &i) ? slots->seq_item(v, i) : NO_VALUE;
    }
    if (is_type(v)) {
        return class_getitem(v, key);
    }
    return raise_fmt(&exc_TypeError, "'%T' object is not subscriptable", v);
}

Own
object_getitem_int(Value v, int64_t i)
{
    const TypeSlots *slots = &type_of(v)->slots;
    if (slots->seq_item) {
        if (i < 0 && slots->len) {
            int64_t n = slots->len(v);
            if (n < 0) {
                return NO_VALUE;
            }
            i += n;
        }
        return slots->seq_item(v, i);
    }
    Own key = int_from_i64(i);
    Own item = key ? object_getitem(v, key) : NO_VALUE;
    drop_opt(key);
    return item;
}

int
object_setitem(Value v, Value key, Value value)
{
    int (*set)(Value, Value, Value) = type_of(v)->slots.setitem;
    return LIKELY(set != NULL)
               ? set(v, key, value)
               : raise_int(&exc_TypeError, "'%T' object does not support item assignment", v);
}

int
object_delitem(Value v, Value key)
{
    int (*set)(Value, Value, Value) = type_of(v)->slots.setitem;
    if (LIKELY(set != NULL)) {
        return set(v, key, NO_VALUE);
    }
    return raise_int(&exc_TypeError, "'%T' object %s support item deletion", v,
                     type_of(v)->slots.seq_item ? "doesn't" : "does not");
}

static int
contains_by_iteration(Value container, Value item)
{
    Own it = object_iter_all(container);
    if (!it) {
        if (exc_swallow(&exc_TypeError)) {
            raise_fmt(&exc_TypeError, "argument of type '%T' is not a container or iterable",
                      container);
        }
        return -1;
    }
    int found = 0;
    while (found == 0) {
        Own each = object_next(it);
        if (!each) {
            found = exc_pending() ? -1 : 0;
            break;
        }
        found = object_equal(each, item);
        drop(each);
    }
    drop(it);
    return found;
}

int
object_contains(Value container, Value item)
{
    int (*contains)(Value, Value) = type_of(container)->slots.contains;
    return LIKELY(contains != NULL) ? contains(container, item)
                                    : contains_by_iteration(container, item);
}
