/* The module _bisect: binary search in sorted sequences.
 *
 * Threads: nothing is kept, and nothing locked: a sequence that others change meanwhile gives
 * some index. */
#include "heap/critical.h"
#include "object/equal.h"
#include "object/int.h"
#include "object/list.h"
#include "object/module.h"

#include "_bisect.spec.h"

/* The end of the part to look at: hi, or the length for None and -1. fail: -1 */
static int64_t
search_end(Value a, Value hi)
{
    if (hi == NONE) {
        return object_len(a);
    }
    if (!object_has_index(hi)) {
        return raise_int(&exc_TypeError, "argument should be integer or None, not '%T'", hi);
    }
    int64_t end = object_as_ssize(hi);
    if (end == -1) {
        return exc_pending() ? -1 : object_len(a);
    }
    return end < 0 ? 0 : end;
}

/* item i, or what key makes of it. own: ret new */
static Own
item_key(Value a, int64_t i, Value key)
{
    Own item = IS_EXACT(a, LIST) ? list_get(a, i) : NO_VALUE;
    if (!item) {
        item = object_getitem_int(a, i);
    }
    if (!item || key == NONE) {
        return item;
    }
    Own result = call1(key, item);
    drop(item);
    return result;
}

static int
is_less(Value a, Value b)
{
    int less = quick_less(a, b);
    return less >= 0 ? less : object_compare_bool(a, b, CMP_LT);
}

/* The index where x goes: behind items equal to it when `right`, else before them. fail: -1 */
static int64_t
bisect(Value a, Value x, int64_t lo, Value hi_arg, Value key, bool right)
{
    if (lo < 0) {
        return raise_int(&exc_ValueError, "lo must be non-negative");
    }
    int64_t hi = search_end(a, hi_arg);
    if (hi < 0) {
        return -1;
    }
    while (lo < hi) {
        int64_t middle = lo + (hi - lo) / 2;
        Own item = item_key(a, middle, key);
        if (!item) {
            return -1;
        }
        int less = right ? is_less(x, item) : is_less(item, x);
        drop(item);
        if (less < 0) {
            return -1;
        }
        if (less == right) {
            hi = middle;
        } else {
            lo = middle + 1;
        }
    }
    return lo;
}

static int
insort(Value a, Value x, int64_t lo, Value hi, Value key, bool right)
{
    Own k = key == NONE ? own(x) : call1(key, x);
    if (!k) {
        return -1;
    }
    int64_t i = bisect(a, k, lo, hi, key, right);
    drop(k);
    if (i < 0) {
        return -1;
    }
    if (IS_EXACT(a, LIST)) {
        return list_insert(a, i, x);
    }
    Own index = int_from_i64(i);
    Own done = index ? call_method2(a, "insert", index, x) : NO_VALUE;
    drop_opt(index);
    drop_opt(done);
    return done ? 0 : -1;
}

int64_t
bisect_bisect_right(Value module UNUSED, Value a, Value x, int64_t lo, Value hi, Value key)
{
    return bisect(a, x, lo, hi, key, true);
}

int64_t
bisect_bisect_left(Value module UNUSED, Value a, Value x, int64_t lo, Value hi, Value key)
{
    return bisect(a, x, lo, hi, key, false);
}

int
bisect_insort_right(Value module UNUSED, Value a, Value x, int64_t lo, Value hi, Value key)
{
    return insort(a, x, lo, hi, key, true);
}

int
bisect_insort_left(Value module UNUSED, Value a, Value x, int64_t lo, Value hi, Value key)
{
    return insort(a, x, lo, hi, key, false);
}

const ModuleDef module__bisect = {
    .name = "_bisect",
    .doc = bisect_module_doc,
    .functions = bisect_functions,
};
