/* itertools: count, cycle, repeat. */
#include "module/itertools/itertools_priv.h"
#include "object/int.h"
#include "object/list.h"

typedef struct Count {
    Object head;
    Own next, step; /* next: guard: lock; step: immutable */
} Count;

typedef struct Cycle {
    Object head;
    Own iterator; /* of the first round; NO_VALUE after it. guard: lock; ref_load */
    Own saved;    /* list of what it gave; it changes, the field does not */
    int64_t at;   /* in saved, in later rounds. guard: lock */
} Cycle;

typedef struct Repeat {
    Object head;
    Own object;   /* immutable */
    int64_t left; /* -1 = for ever. guard: lock */
} Repeat;

#include "infinite.spec.h"

/* -- count -- */

static bool
is_number(Value v)
{
    const TypeSlots *slots = &type_of(v)->slots;
    return is_int(v) || is_float(v) || slots->index || slots->to_int || slots->to_float ||
           is_instance_of(v, &complex_type);
}

Own
itertools_count_make(Type *cls, Value start, Value step)
{
    if (!is_number(start) || !is_number(step)) {
        return raise_msg(&exc_TypeError, "a number is required");
    }
    Own refs[] = {own(start), own(step)};
    return refs_new(cls, 2, refs);
}

static Own
count_step(Value v, CriticalSection *section)
{
    Count *c = (Count *)obj(v);
    for (;;) {
        Own here = own(c->next), next;
        if (LIKELY(are_small_ints(here, c->step))) {
            next = int_from_i64(small_int_value(here) + small_int_value(c->step));
        } else {
            next = object_binary(here, c->step, OP_ADD);
            step_renew(section);
        }
        if (next && UNLIKELY(c->next != here)) { /* somebody has taken it while the addition ran Python code */
            drop(here);
            drop(next);
            step_renew(section);
            continue;
        }
        if (!next) {
            drop(here);
            return NO_VALUE;
        }
        Own old = ref_swap(&c->head, &c->next, next);
        drop(old); /* not the last reference: the other is `here` */
        return here;
    }
}

static Own
count_next(Value v)
{
    return step_locked(v, count_step);
}

static Own
count_repr(Value v)
{
    Count *c = (Count *)obj(v);
    Own next = ref_load(&c->head, &c->next), name = type_name_str(type_of(v)), text = NO_VALUE;
    if (name) {
        text = c->step == small_int(1)
                   ? str_fmt("%U(%R)", (Value)name, (Value)next)
                   : str_fmt("%U(%R, %R)", (Value)name, (Value)next, (Value)c->step);
        drop(name);
    }
    drop(next);
    return text;
}

static int
count_traverse(Object *o, Visit visit, void *arg)
{
    return refs_traverse(o, 2, visit, arg);
}

static void
count_dealloc(Object *o)
{
    refs_dealloc(o, 2);
}

Type itertools_count_type = {
    .name = "itertools.count",
    .flags = TYPE_GC | TYPE_BASE,
    .basic_size = sizeof(Count),
    .slots = {
        .traverse = count_traverse,
        .dealloc = count_dealloc,
        .create = itertools_count_create_slot,
        .repr = count_repr,
        .iter = iterator_self,
        .next = count_next,
    },
    .methods = itertools_count_methods,
    .getsets = itertools_count_getsets,
    .spec_doc = itertools_count_doc,
};

/* -- cycle -- */

Own
itertools_cycle_make(Type *cls, Value iterable)
{
    Own it = object_iter(iterable);
    Own refs[] = {it, it ? list_new(0) : NO_VALUE};
    return refs_new(cls, 2, refs);
}

static Own
cycle_create(Type *type, Value const *args, size_t nargs, Value kwnames)
{
    return itertools_cycle_create_slot(type, args, nargs,
                                       own_keywords(type, &itertools_cycle_type, kwnames));
}

static Own
cycle_step(Value v, CriticalSection *section)
{
    Cycle *c = (Cycle *)obj(v);
    if (c->iterator) {
        Own item = next_of(section, &c->iterator);
        if (item) {
            if (list_append(c->saved, item) < 0) {
                ref_clear(&item);
            }
            return item;
        }
        if (exc_pending()) {
            return NO_VALUE;
        }
        field_empty(&c->head, &c->iterator);
    }
    Own item = list_get(c->saved, c->at);
    if (!item && c->at > 0) {
        c->at = 0;
        item = list_get(c->saved, 0);
    }
    c->at++;
    return item;
}

static Own
cycle_next(Value v)
{
    return step_locked(v, cycle_step);
}

DEFINE_ITERTOOL(cycle, cycle, Cycle, 2, cycle_create, cycle_next);

/* -- repeat -- */

static Own
repeat_create(Type *type, Value const *args, size_t nargs, Value kwnames)
{
    static const char *const names[] = {"object", "times"};
    static const ArgsSpec spec = {"repeat", names, 2, 0, 2, 1u, false, false};
    Value slots[2];
    if (type->slots.init != itertools_repeat_type.slots.init) {
        kwnames = NO_VALUE;
    }
    if (args_parse(&spec, args, nargs, kwnames, slots, NULL) < 0) {
        return NO_VALUE;
    }
    int64_t times = -1;
    if (slots[1]) {
        Own index = object_index(slots[1]);
        if (!index) {
            return NO_VALUE;
        }
        bool fits = int_as_i64(index, &times);
        drop(index);
        if (!fits) {
            return raise_msg(&exc_OverflowError, "Python int too large to convert to C ssize_t");
        }
        times = times < 0 ? 0 : times;
    }
    Own object = own(slots[0]), v = refs_new(type, 1, &object);
    if (v) {
        ((Repeat *)obj(v))->left = times;
    }
    return v;
}

static Own
repeat_step(Value v, CriticalSection *section)
{
    Repeat *r = (Repeat *)obj(v);
    if (r->left == 0) {
        return NO_VALUE;
    }
    if (r->left > 0) {
        __atomic_store_n(&r->left, r->left - 1, __ATOMIC_RELAXED);
    }
    return own(r->object);
}

static Own
repeat_next(Value v)
{
    Repeat *r = (Repeat *)obj(v);
    if (__atomic_load_n(&r->left, __ATOMIC_RELAXED) < 0) {
        return own(r->object); /* for ever: nothing changes */
    }
    return step_locked(v, repeat_step);
}

int64_t
itertools_repeat_py___length_hint__(Repeat *self)
{
    int64_t left = __atomic_load_n(&self->left, __ATOMIC_RELAXED);
    return left < 0 ? raise_int(&exc_TypeError, "len() of unsized object") : left;
}

static Own
repeat_repr(Value v)
{
    Repeat *r = (Repeat *)obj(v);
    int64_t left = __atomic_load_n(&r->left, __ATOMIC_RELAXED);
    Own name = type_name_str(type_of(v)), text = NO_VALUE;
    if (name) {
        text = left < 0 ? str_fmt("%U(%R)", (Value)name, (Value)r->object)
                        : str_fmt("%U(%R, %zd)", (Value)name, (Value)r->object, left);
        drop(name);
    }
    return text;
}

static int
repeat_traverse(Object *o, Visit visit, void *arg)
{
    return refs_traverse(o, 1, visit, arg);
}

static void
repeat_dealloc(Object *o)
{
    refs_dealloc(o, 1);
}

Type itertools_repeat_type = {
    .name = "itertools.repeat",
    .flags = TYPE_GC | TYPE_BASE,
    .basic_size = sizeof(Repeat),
    .slots = {
        .traverse = repeat_traverse,
        .dealloc = repeat_dealloc,
        .create = repeat_create,
        .repr = repeat_repr,
        .iter = iterator_self,
        .next = repeat_next,
    },
    .methods = itertools_repeat_methods,
    .getsets = itertools_repeat_getsets,
    .spec_doc = itertools_repeat_doc,
};
