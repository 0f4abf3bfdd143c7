/* The module _heapq: binary heaps in lists.
 *
 * An item on its way down goes to a leaf first, past the lesser child each time, and then up to its
 * place: it came from a leaf, and will mostly end near one, so this takes fewer comparisons than
 * stopping on the way (Wegener: "Bottom-up heapsort", 1993). Items change places two by two: after
 * a comparison that failed the list has all its items.
 *
 * Threads: each function holds the list's lock throughout, but for the Python code that
 * comparisons run. That may change the list: its length is looked at after each comparison, and
 * a list that grew or shrank is an error. */
#include "heap/critical.h"
#include "object/equal.h"
#include "object/list.h"
#include "object/module.h"

#include "_heapq.spec.h"

typedef struct Heap {
    List *list;
    CriticalSection *section; /* holds the list */
    int64_t length; /* that it should have */
    bool max;
} Heap;

/* Does item a belong above item b? 1, 0, -1: an error, also when the list has changed its
 * length. */
static int
heap_above(const Heap *h, int64_t a, int64_t b)
{
    Own const *items = h->list->buffer->items;
    Value first = items[h->max ? b : a], second = items[h->max ? a : b];
    int less = quick_less(first, second);
    if (less >= 0) {
        return less;
    }
    Own x = own(first), y = own(second);
    less = object_compare_bool(x, y, CMP_LT);
    drop(x);
    drop(y);
    (void)critical_renew(h->section);
    if (less >= 0 && h->list->length != h->length) {
        return raise_int(&exc_RuntimeError, "list changed size during iteration");
    }
    return less;
}

static void
heap_swap(const Heap *h, int64_t a, int64_t b)
{
    Own *items = h->list->buffer->items, item = items[a];
    __atomic_store_n(&items[a], items[b], __ATOMIC_RELEASE);
    __atomic_store_n(&items[b], item, __ATOMIC_RELEASE);
}

/* Lets item i rise to its place, not above `top`. */
static int
heap_rise(const Heap *h, int64_t i, int64_t top)
{
    while (i > top) {
        int64_t parent = (i - 1) / 2;
        int above = heap_above(h, i, parent);
        if (above <= 0) {
            return above;
        }
        heap_swap(h, i, parent);
        i = parent;
    }
    return 0;
}

/* Lets item i sink to its place. */
static int
heap_sink(const Heap *h, int64_t i)
{
    int64_t top = i;
    for (int64_t child = 2 * i + 1; child < h->length; child = 2 * i + 1) {
        if (child + 1 < h->length) {
            int left = heap_above(h, child, child + 1);
            if (left < 0) {
                return -1;
            }
            child += !left;
        }
        heap_swap(h, i, child);
        i = child;
    }
    return heap_rise(h, i, top);
}

static Heap
heap_of(Value v, CriticalSection *section, bool max)
{
    return (Heap){as_list(v), section, as_list(v)->length, max};
}

static int
heap_push(Value v, Value item, bool max)
{
    CriticalSection section;
    critical_enter(&section, obj(v));
    int status = list_append(v, item);
    if (status == 0) {
        Heap h = heap_of(v, &section, max);
        status = heap_rise(&h, h.length - 1, 0);
    }
    critical_leave(&section);
    return status;
}

/* Puts item (eaten) in place of the first one, which comes back: new reference. pre: the list is
 * not empty. lock: held */
static Own
heap_exchange_first(Value v, CriticalSection *section, Own item, bool max)
{
    Heap h = heap_of(v, section, max);
    Own first = ref_swap(&h.list->head, &h.list->buffer->items[0], item);
    if (heap_sink(&h, 0) < 0) {
        drop(first);
        return NO_VALUE;
    }
    return first;
}

static Own
heap_pop(Value v, bool max)
{
    Own item = NO_VALUE;
    CriticalSection section;
    critical_enter(&section, obj(v));
    if (list_len(v) == 0) {
        raise_msg(&exc_IndexError, "index out of range");
    } else {
        item = list_pop_at(v, -1);
        if (list_len(v) > 0) {
            item = heap_exchange_first(v, &section, item, max);
        }
    }
    critical_leave(&section);
    return item;
}

static Own
heap_replace(Value v, Value item, bool max)
{
    Own first = NO_VALUE;
    CriticalSection section;
    critical_enter(&section, obj(v));
    if (list_len(v) == 0) {
        raise_msg(&exc_IndexError, "index out of range");
    } else {
        first = heap_exchange_first(v, &section, own(item), max);
    }
    critical_leave(&section);
    return first;
}

static Own
heap_pushpop(Value v, Value item, bool max)
{
    Own result = NO_VALUE;
    CriticalSection section;
    critical_enter(&section, obj(v));
    Own first = list_get(v, 0);
    int above = first ? (max ? object_compare_bool(item, first, CMP_LT)
                             : object_compare_bool(first, item, CMP_LT))
                      : 0;
    drop_opt(first);
    (void)critical_renew(&section);
    if (above == 0) {
        result = own(item);
    } else if (above > 0 && list_len(v) == 0) {
        raise_msg(&exc_IndexError, "index out of range");
    } else if (above > 0) {
        result = heap_exchange_first(v, &section, own(item), max);
    }
    critical_leave(&section);
    return result;
}

static int
heap_make(Value v, bool max)
{
    int status = 0;
    CriticalSection section;
    critical_enter(&section, obj(v));
    Heap h = heap_of(v, &section, max);
    for (int64_t i = h.length / 2; i-- > 0 && status == 0;) {
        status = heap_sink(&h, i);
    }
    critical_leave(&section);
    return status;
}

int
heapq_heappush(Value module UNUSED, Value heap, Value item)
{
    return heap_push(heap, item, false);
}

int
heapq_heappush_max(Value module UNUSED, Value heap, Value item)
{
    return heap_push(heap, item, true);
}

Own
heapq_heappop(Value module UNUSED, Value heap)
{
    return heap_pop(heap, false);
}

Own
heapq_heappop_max(Value module UNUSED, Value heap)
{
    return heap_pop(heap, true);
}

Own
heapq_heapreplace(Value module UNUSED, Value heap, Value item)
{
    return heap_replace(heap, item, false);
}

Own
heapq_heapreplace_max(Value module UNUSED, Value heap, Value item)
{
    return heap_replace(heap, item, true);
}

Own
heapq_heappushpop(Value module UNUSED, Value heap, Value item)
{
    return heap_pushpop(heap, item, false);
}

Own
heapq_heappushpop_max(Value module UNUSED, Value heap, Value item)
{
    return heap_pushpop(heap, item, true);
}

int
heapq_heapify(Value module UNUSED, Value heap)
{
    return heap_make(heap, false);
}

int
heapq_heapify_max(Value module UNUSED, Value heap)
{
    return heap_make(heap, true);
}

const ModuleDef module__heapq = {
    .name = "_heapq",
    .doc = heapq_module_doc,
    .functions = heapq_functions,
};
