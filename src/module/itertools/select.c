/* itertools: those that choose among the items of an iterable: compress, dropwhile, takewhile,
 * filterfalse, islice; and starmap. */
#include "module/itertools/itertools_priv.h"
#include "object/int.h"

typedef struct Compress {
    Object head;
    Own data, selectors; /* iterators; immutable */
} Compress;

/* dropwhile, takewhile, filterfalse, starmap */
typedef struct While {
    Object head;
    Own function, iterator; /* immutable */
    _Atomic bool done;      /* dropping or taking has ended; guard: atomic */
} While;

typedef struct Islice {
    Object head;
    Own iterator;      /* NO_VALUE when used up. guard: lock; ref_load */
    int64_t next;      /* index of the next item to give. guard for all: lock */
    int64_t stop;      /* -1 = none */
    int64_t step, at;  /* at: how many items were taken */
} Islice;

#include "select.spec.h"

/* -- compress -- */

Own
itertools_compress_make(Type *cls, Value data, Value selectors)
{
    Own it = object_iter(data);
    Own refs[] = {it, it ? object_iter(selectors) : NO_VALUE};
    return refs_new(cls, 2, refs);
}

static Own
compress_next(Value v)
{
    Compress *c = (Compress *)obj(v);
    for (;;) {
        Own item = object_next(c->data);
        Own selector = item ? object_next(c->selectors) : NO_VALUE;
        int chosen = selector ? object_truth(selector) : -1;
        drop_opt(selector);
        if (chosen > 0) {
            return item;
        }
        drop_opt(item);
        if (chosen < 0) {
            return NO_VALUE;
        }
    }
}

DEFINE_ITERTOOL(compress, compress, Compress, 2, itertools_compress_create_slot, compress_next);

/* -- those with a function -- */

static Own
while_new(Type *type, Value function, Value iterable)
{
    Own it = object_iter(iterable);
    Own refs[] = {it ? own(function) : NO_VALUE, it};
    return refs_new(type, 2, refs);
}

/* What the function thinks of item: 1, 0, -1. */
static int
while_accepts(While *w, Value item)
{
    Own answer = call1(w->function, item);
    int accepted = answer ? object_truth(answer) : -1;
    drop_opt(answer);
    return accepted;
}

#define DEFINE_WHILE(name)                                                                         \
    Own itertools_##name##_make(Type *cls, Value function, Value iterable)                         \
    {                                                                                              \
        return while_new(cls, function, iterable);                                                 \
    }                                                                                              \
    static Own name##_create(Type *type, Value const *args, size_t nargs, Value kwnames)           \
    {                                                                                              \
        kwnames = own_keywords(type, &itertools_##name##_type, kwnames);                           \
        return itertools_##name##_create_slot(type, args, nargs, kwnames);                         \
    }                                                                                              \
    DEFINE_ITERTOOL(name, name, While, 2, name##_create, name##_next)

static Own
dropwhile_next(Value v)
{
    While *w = (While *)obj(v);
    Own item;
    while ((item = object_next(w->iterator)) != NO_VALUE) {
        if (atomic_load_explicit(&w->done, memory_order_relaxed)) {
            return item;
        }
        int accepted = while_accepts(w, item);
        if (accepted == 0) {
            atomic_store_explicit(&w->done, true, memory_order_relaxed);
            return item;
        }
        drop(item);
        if (accepted < 0) {
            break;
        }
    }
    return NO_VALUE;
}

static Own
takewhile_next(Value v)
{
    While *w = (While *)obj(v);
    if (atomic_load_explicit(&w->done, memory_order_relaxed)) {
        return NO_VALUE;
    }
    Own item = object_next(w->iterator);
    int accepted = item ? while_accepts(w, item) : -1;
    if (accepted > 0) {
        return item;
    }
    if (accepted == 0) {
        atomic_store_explicit(&w->done, true, memory_order_relaxed);
    }
    drop_opt(item);
    return NO_VALUE;
}

static Own
filterfalse_next(Value v)
{
    While *w = (While *)obj(v);
    bool plain = w->function == NONE || w->function == VALUE(&bool_type);
    Own item;
    while ((item = object_next(w->iterator)) != NO_VALUE) {
        int accepted = plain ? object_truth(item) : while_accepts(w, item);
        if (accepted == 0) {
            return item;
        }
        drop(item);
        if (accepted < 0) {
            break;
        }
    }
    return NO_VALUE;
}

static Own
starmap_next(Value v)
{
    While *w = (While *)obj(v);
    Own item = object_next(w->iterator);
    if (item && !IS_EXACT(item, TUPLE)) {
        Own args = object_to_tuple(item);
        drop(item);
        item = args;
    }
    if (!item) {
        return NO_VALUE;
    }
    Tuple *args = as_tuple(item);
    Own result =
        object_call(w->function, (Value const *)args->items, (size_t)args->length, NO_VALUE);
    drop(item);
    return result;
}

DEFINE_WHILE(dropwhile);
DEFINE_WHILE(takewhile);
DEFINE_WHILE(filterfalse);
DEFINE_WHILE(starmap);

/* -- islice -- */

enum { NUMBER_OK, NUMBER_NEGATIVE, NUMBER_BAD };

/* A number or None, which leaves *out as it is. Nothing is pending afterwards. */
static int
islice_number(Value v, int64_t *out)
{
    if (v == NONE) {
        return NUMBER_OK;
    }
    Own index = object_has_index(v) ? object_index(v) : NO_VALUE;
    bool fits = index && int_as_i64(index, out);
    drop_opt(index);
    exc_clear();
    return !fits ? NUMBER_BAD : *out < 0 ? NUMBER_NEGATIVE : NUMBER_OK;
}

static Own
islice_create(Type *type, Value const *args, size_t nargs, Value kwnames)
{
    kwnames = own_keywords(type, &itertools_islice_type, kwnames);
    if (args_check_positional("islice", nargs, kwnames, 2, 4) < 0) {
        return NO_VALUE;
    }
    int64_t start = 0, stop = -1, step = 1;
    int bad = islice_number(nargs == 2 ? args[1] : args[2], &stop);
    if (bad == NUMBER_BAD || (bad && nargs == 2)) {
        return raise_msg(&exc_ValueError, "Stop argument for islice() must be None or an integer: "
                                          "0 <= x <= sys.maxsize.");
    }
    if (bad || (nargs > 2 && islice_number(args[1], &start) != NUMBER_OK)) {
        return raise_msg(&exc_ValueError, "Indices for islice() must be None or an integer: "
                                          "0 <= x <= sys.maxsize.");
    }
    if (nargs == 4 && (islice_number(args[3], &step) != NUMBER_OK || step == 0)) {
        return raise_msg(&exc_ValueError, "Step for islice() must be a positive integer or None.");
    }
    Own it = object_iter(args[0]), v = refs_new(type, 1, &it);
    if (v) {
        Islice *s = (Islice *)obj(v);
        s->next = start;
        s->stop = stop;
        s->step = step;
    }
    return v;
}

static Own
islice_step(Value v, CriticalSection *section)
{
    Islice *s = (Islice *)obj(v);
    if (!s->iterator) {
        return NO_VALUE;
    }
    Own item = NO_VALUE;
    int64_t stop = s->stop;
    while (s->at < s->next) { /* what lies before */
        item = next_of(section, &s->iterator);
        if (!item) {
            break;
        }
        s->at++;
        drop(item);
        step_renew(section);
    }
    item = NO_VALUE;
    if (s->at >= s->next && (stop < 0 || s->at < stop)) {
        item = next_of(section, &s->iterator);
    }
    if (!item) {
        if (!exc_pending()) {
            field_empty(&s->head, &s->iterator);
        }
        return NO_VALUE;
    }
    s->at++;
    int64_t next;
    bool past = __builtin_add_overflow(s->next, s->step, &next);
    if (past || (stop >= 0 && next > stop)) {
        next = stop >= 0 ? stop : INT64_MAX;
    }
    s->next = next;
    return item;
}

static Own
islice_next(Value v)
{
    return step_locked(v, islice_step);
}

DEFINE_ITERTOOL(islice, islice, Islice, 1, islice_create, islice_next);
