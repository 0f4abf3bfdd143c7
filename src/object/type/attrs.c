/* Attributes of instances: slots named by the shape, or a dict.
 *
 * Invariants. The name of slot i never changes while an instance is in slot mode, so a value found
 * in a slot is the value of that name even when the shape has changed since it was read. A deleted
 * attribute leaves its slot empty; set again, it takes the slot back only if that is the last one,
 * else the order of __dict__ would be wrong and the instance goes into dict mode. In dict mode
 * `dict` holds the attributes (NO_VALUE: none yet), all slots are empty, and the instance stays so
 * for ever.
 *
 * Threads. Changes happen in the instance's section. Publication order, for readers without a lock:
 * value before shape; and into dict mode: dict, then shape, then the slots are emptied. A reader
 * that finds an empty slot looks at the shape (and at `more`, whose old copies are emptied before
 * they are retired) again before it believes it. */
#include "heap/gc.h"
#include "object/type/type_priv.h"

#define INLINE_SLOTS_MAX 40 /* more go to `more` however many instances need them */

static inline ShapeId
shape_acquire(const Object *o)
{
    return atomic_load_explicit(&o->shape, memory_order_acquire);
}

static inline Own *
more_acquire(const InstanceAttrs *a)
{
    return __atomic_load_n(&a->more, __ATOMIC_ACQUIRE);
}

InstanceAttrs *
instance_attrs_variable(const Object *o, const Type *t)
{
    uint32_t flags = type_flags(t);
    size_t size;
    if (flags & TYPE_INT_SUBCLASS) {
        int64_t limbs = ((const int64_t *)(o + 1))[0];
        size = (size_t)(limbs < 0 ? -limbs : limbs) * t->item_size;
    } else if (flags & TYPE_STR_SUBCLASS) {
        size = ((size_t)as_str(VALUE(o))->length + 1) * as_str(VALUE(o))->width;
    } else {
        /* tuple, bytes and others that begin with their length; bytes has a NUL more in basic_size
         */
        size = (size_t)((const int64_t *)(o + 1))[0] * t->item_size;
    }
    return (InstanceAttrs *)((char *)(uintptr_t)o + ((t->basic_size + size + 7) & ~(size_t)7));
}

static inline Own *
slot_address(const InstanceAttrs *a, uint32_t slot)
{
    if (LIKELY(slot < a->capacity)) {
        return (Own *)&a->slots[slot];
    }
    return more_acquire(a) + (slot - a->capacity);
}

/* -- reading -- */

/* Slot mode: as instance_lookup; -2 when o has gone into dict mode. */
static int
slot_get(Object *o, Value name, Own *value)
{
    for (;;) {
        ShapeId id = shape_acquire(o);
        const Shape *s = &shape_table[id];
        if (s->flags & SHAPE_DICT_MODE) {
            return -2;
        }
        int64_t slot = shape_find(id, name);
        if (slot < 0) {
            *value = NO_VALUE;
            return 0;
        }
        InstanceAttrs *a = instance_attrs(o, s->type);
        Own *more = more_acquire(a);
        Own v = ref_load(o, slot < a->capacity ? &a->slots[slot] : &more[slot - a->capacity]);
        if (LIKELY(v != NO_VALUE)) {
            *value = v;
            return 1;
        }
        if (shape_acquire(o) == id && more_acquire(a) == more) {
            *value = NO_VALUE;
            return 0;
        }
    }
}

int
instance_lookup(Object *o, Value name, Own *value)
{
    int found = slot_get(o, name, value);
    if (LIKELY(found != -2)) {
        return found;
    }
    Own dict = ref_load(o, &instance_attrs(o, obj_type(o))->dict);
    if (!dict) {
        *value = NO_VALUE;
        return 0;
    }
    found = dict_lookup(dict, name, value);
    drop(dict);
    return found;
}

Own
instance_get(Object *o, Value name)
{
    Own value;
    return instance_lookup(o, name, &value) > 0 ? value : NO_VALUE;
}

/* -- writing -- */

/* lock: o. Room for slot in `more`. fail: false, nothing pending */
static bool
more_reserve_locked(Object *o, InstanceAttrs *a, uint32_t slot)
{
    uint32_t needed = slot - a->capacity + 1;
    if (needed <= a->more_capacity) {
        return true;
    }
    uint32_t capacity = a->more_capacity ? a->more_capacity * 2 : 4;
    Own *grown = mem_try_alloc(capacity * sizeof *grown);
    if (!grown) {
        return false;
    }
    Own *old = a->more;
    memset(grown, 0, capacity * sizeof *grown);
    if (old) {
        memcpy(grown, old, a->more_capacity * sizeof *grown);
    }
    __atomic_store_n(&a->more, grown, __ATOMIC_RELEASE);
    if (old) {
        for (uint32_t i = 0; i < a->more_capacity; i++) {
            __atomic_store_n(&old[i], NO_VALUE, __ATOMIC_RELEASE);
        }
        mem_retire(o, old);
    }
    a->more_capacity = capacity;
    return true;
}

/* Instances made from now on have room for `slots` attributes. */
static void
learn_inline_slots(Type *t, uint32_t slots)
{
    if (slots > INLINE_SLOTS_MAX || t->item_size) {
        return;
    }
    uint32_t known = atomic_load_explicit(&t->inline_slots, memory_order_relaxed);
    while (known < slots &&
           !atomic_compare_exchange_weak_explicit(&t->inline_slots, &known, slots,
                                                  memory_order_relaxed, memory_order_relaxed)) {
    }
}

/* The attempt to store into one shape: */
enum { SET_DONE, SET_AGAIN, SET_TO_DICT, SET_FAILED };

/* Replaces the value of a slot that shape id has. Eats *value when done. */
static int
slot_replace(Object *o, ShapeId id, uint32_t slot, Own *value)
{
    CriticalSection section;
    int status = SET_AGAIN;
    Own old = NO_VALUE;
    critical_enter(&section, o);
    if (obj_shape(o) == id) {
        const Shape *s = &shape_table[id];
        Own *field = slot_address(instance_attrs(o, s->type), slot);
        if (UNLIKELY(*field == NO_VALUE) && slot + 1 != s->count) {
            status = SET_TO_DICT;
        } else {
            old = ref_swap(o, field, *value);
            status = SET_DONE;
        }
    }
    critical_leave(&section);
    drop_opt(old);
    return status;
}

/* Adds the name that leads from shape id to shape child. Eats *value when done. */
static int
slot_add(Object *o, ShapeId id, ShapeId child, Own *value)
{
    const Shape *s = &shape_table[child];
    CriticalSection section;
    int status = SET_AGAIN;
    critical_enter(&section, o);
    if (obj_shape(o) == id) {
        InstanceAttrs *a = instance_attrs(o, s->type);
        if (UNLIKELY(s->slot >= a->capacity) && !more_reserve_locked(o, a, s->slot)) {
            status = SET_FAILED;
        } else {
            ref_init(o, slot_address(a, s->slot), *value);
            atomic_store_explicit(&o->shape, child, memory_order_release);
            status = SET_DONE;
            if (UNLIKELY(s->slot >= a->capacity)) {
                learn_inline_slots(s->type, s->count);
            }
        }
    }
    critical_leave(&section);
    if (status == SET_FAILED) {
        raise_no_memory();
    }
    return status;
}

static int
slot_set(Object *o, Value name, Own *value)
{
    ShapeId id = shape_acquire(o);
    if (shape_table[id].flags & SHAPE_DICT_MODE) {
        return SET_TO_DICT;
    }
    ShapeId child = shape_child_find(id, name);
    if (!child) {
        int64_t slot = shape_find_once(id, name);
        if (slot >= 0) {
            return slot_replace(o, id, (uint32_t)slot, value);
        }
        child = shape_child(id, name);
        if (!child) {
            return SET_TO_DICT;
        }
    }
    return slot_add(o, id, child, value);
}

int
instance_set(Object *o, Value name, Own value)
{
    int status;
    do {
        status = slot_set(o, name, &value);
    } while (status == SET_AGAIN);
    if (LIKELY(status == SET_DONE)) {
        return 0;
    }
    if (status == SET_TO_DICT) {
        Own dict = instance_dict(o);
        if (dict) {
            int result = dict_set_own(dict, own(name), value);
            drop(dict);
            return result;
        }
    }
    drop(value);
    return -1;
}

int
instance_delete(Object *o, Value name)
{
    for (;;) {
        ShapeId id = shape_acquire(o);
        const Shape *s = &shape_table[id];
        if (s->flags & SHAPE_DICT_MODE) {
            break;
        }
        int64_t slot = shape_find_once(id, name);
        if (slot < 0) {
            return 0;
        }
        Own old = NO_VALUE;
        CriticalSection section;
        critical_enter(&section, o);
        bool same = obj_shape(o) == id;
        if (same) {
            old = ref_swap(o, slot_address(instance_attrs(o, s->type), (uint32_t)slot), NO_VALUE);
        }
        critical_leave(&section);
        if (same) {
            bool found = old != NO_VALUE;
            drop_opt(old);
            return found;
        }
    }
    Own dict = ref_load(o, &instance_attrs(o, obj_type(o))->dict);
    if (!dict) {
        return 0;
    }
    Own old = NO_VALUE;
    int found = dict_pop(dict, name, &old);
    drop_opt(old);
    drop(dict);
    return found;
}

/* -- dict mode -- */

/* Copies the attributes of o, in slot mode with shape id, into dict. lock: o. fail: -1 */
static int
slots_copy_locked(Object *o, ShapeId id, Own dict)
{
    const Shape *s = &shape_table[id];
    InstanceAttrs *a = instance_attrs(o, s->type);
    Value keys[256];
    assert(s->count <= ARRAY_LEN(keys));
    shape_keys(id, keys);
    for (uint32_t i = 0; i < s->count; i++) {
        Own v = *slot_address(a, i);
        if (v && dict_set(dict, keys[i], v) < 0) {
            return -1;
        }
    }
    return 0;
}

/* lock: o. Every value is also in the dict: dropping frees nothing. */
static void
slots_empty_locked(Object *o, const Shape *s)
{
    InstanceAttrs *a = instance_attrs(o, s->type);
    for (uint32_t i = 0; i < s->count; i++) {
        ref_store(o, slot_address(a, i), NO_VALUE);
    }
}

/* Moves o into dict mode with `dict` (eaten; NO_VALUE: a dict of its attributes). What its slots
 * held goes to `dropped`, which the caller drops. fail: -1 */
static int
enter_dict_mode(Object *o, Own dict, Own *dropped)
{
    ShapeId target = shape_dict_mode(obj_type(o));
    Own copy = target ? dict_new() : NO_VALUE;
    if (!copy) {
        drop_opt(dict);
        return -1;
    }
    int status = 0;
    CriticalSection section;
    critical_enter(&section, o);
    ShapeId id = obj_shape(o);
    if (shape_table[id].type != shape_table[target].type) { /* its class was changed meanwhile */
        critical_leave(&section);
        drop(copy);
        return enter_dict_mode(o, dict, dropped);
    }
    if (shape_table[id].flags & SHAPE_DICT_MODE) {
        InstanceAttrs *a = instance_attrs(o, obj_type(o));
        if (dict) {
            *dropped = ref_swap(o, &a->dict, dict);
        } else if (!a->dict) {
            ref_init(o, &a->dict, copy);
            copy = NO_VALUE;
        }
    } else if (slots_copy_locked(o, id, copy) < 0) {
        drop_opt(dict);
        status = -1;
    } else {
        InstanceAttrs *a = instance_attrs(o, shape_table[id].type);
        if (!dict) {
            dict = own(copy);
        }
        ref_init(o, &a->dict, dict);
        atomic_store_explicit(&o->shape, target, memory_order_release);
        slots_empty_locked(o, &shape_table[id]); /* `copy` still has the values */
    }
    critical_leave(&section);
    drop_opt(copy);
    return status;
}

Own
instance_dict(Object *o)
{
    for (;;) {
        const Shape *s = &shape_table[shape_acquire(o)];
        if (s->flags & SHAPE_DICT_MODE) {
            Own dict = ref_load(o, &instance_attrs(o, s->type)->dict);
            if (dict) {
                return dict;
            }
        }
        Own dropped = NO_VALUE;
        if (enter_dict_mode(o, NO_VALUE, &dropped) < 0) {
            return NO_VALUE;
        }
    }
}

Own
instance_copy_dict(Object *o)
{
    Own copy = dict_new();
    if (!copy) {
        return NO_VALUE;
    }
    CriticalSection section;
    critical_enter(&section, o);
    ShapeId id = obj_shape(o);
    Own real = NO_VALUE;
    int status = 0;
    if (shape_table[id].flags & SHAPE_DICT_MODE) {
        real = own_opt(instance_attrs(o, obj_type(o))->dict);
    } else {
        status = slots_copy_locked(o, id, copy);
    }
    critical_leave(&section);
    if (real || status < 0) {
        drop(copy);
        copy = real ? dict_copy(real) : NO_VALUE;
        drop_opt(real);
    }
    return copy;
}

int
instance_set_dict(Object *o, Own dict)
{
    if (!dict) {
        dict = dict_new();
        if (!dict) {
            return -1;
        }
    }
    Own dropped = NO_VALUE;
    int status = enter_dict_mode(o, dict, &dropped);
    drop_opt(dropped);
    return status;
}

/* The shape of `t` with the attributes that o has in its slots, in the same order; 0 when o must
 * use a dict. */
static ShapeId
shape_for_type(ShapeId id, Type *t)
{
    Value keys[256];
    uint32_t count = shape_table[id].count;
    shape_keys(id, keys);
    ShapeId to = t->root_shape;
    for (uint32_t i = 0; i < count && to; i++) {
        to = shape_child(to, keys[i]);
    }
    return to;
}

int
instance_change_type(Object *o, Type *t, Type **was)
{
    for (;;) {
        ShapeId id = shape_acquire(o), to;
        const Shape *s = &shape_table[id];
        if (s->flags & SHAPE_DICT_MODE) {
            to = shape_dict_mode(t);
            if (!to) {
                return -1;
            }
        } else {
            to = shape_for_type(id, t);
            if (!to) {
                Own dict = instance_dict(o);
                if (!dict) {
                    return -1;
                }
                drop(dict);
                continue;
            }
        }
        CriticalSection section;
        critical_enter(&section, o);
        bool same = obj_shape(o) == id;
        if (same) {
            *was = shape_table[id].type;
            atomic_store_explicit(&o->shape, to, memory_order_release);
            gc_class_changed(o);
        }
        critical_leave(&section);
        if (same) {
            return 0;
        }
    }
}

/* -- for the collector and for dealloc -- */

int
instance_attrs_traverse(Object *o, Visit visit, void *arg)
{
    const Shape *s = shape_of(o);
    if (!s->type->dict_offset) {
        return 0;
    }
    const InstanceAttrs *a = instance_attrs(o, s->type);
    if (s->flags & SHAPE_DICT_MODE) {
        VISIT(a->dict);
        return 0;
    }
    if (s->count == 0) { /* a type may keep a dict alone there */
        return 0;
    }
    uint32_t inlined = s->count < a->capacity ? s->count : a->capacity;
    for (uint32_t i = 0; i < inlined; i++) {
        VISIT(a->slots[i]);
    }
    for (uint32_t i = inlined; i < s->count; i++) {
        VISIT(*slot_address(a, i));
    }
    return 0;
}

void
instance_attrs_clear(Object *o)
{
    const Shape *s = shape_of(o);
    if (!s->type->dict_offset) {
        return;
    }
    InstanceAttrs *a = instance_attrs(o, s->type);
    if (s->flags & SHAPE_DICT_MODE) {
        ref_clear(&a->dict);
    } else {
        /* Freed already by a class below a built-in type: its slots past the inline ones are gone. */
        uint32_t room = a->capacity + a->more_capacity;
        for (uint32_t i = 0; i < s->count && i < room; i++) {
            ref_clear(slot_address(a, i));
        }
    }
}

void
instance_attrs_free(Object *o)
{
    const Type *t = obj_type(o);
    if (t->dict_offset) {
        instance_attrs_clear(o);
        InstanceAttrs *a = instance_attrs(o, t);
        Own *more = a->more;
        a->more = NULL;
        a->more_capacity = 0;
        if (more) {
            mem_retire(o, more);
        }
    }
}
