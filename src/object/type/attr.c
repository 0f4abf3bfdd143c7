/* Attributes of classes: reading them, and changing them with everything that depends on them.
 *
 * Threads. Reads take no lock. A change holds types_lock; with the world stopped when it may change
 * a slot, because slots are read without atomics. What was replaced is dropped after the lock is
 * given up. */
#include "object/type/slotdefs.h"

#include "heap/hooks.h"

typedef Own (*GetFn)(Value descr, Value instance, Value owner);

static inline GetFn
getter_of(Value v, uint32_t kind)
{
    return kind == ENTRY_PLAIN || kind == ENTRY_ABSENT ? NULL : type_of(v)->slots.descr_get;
}

int
type_lookup_attr(Type *t, Value name, Own *result)
{
    Type *meta = type_of(VALUE(t));
    uint32_t meta_kind, kind;
    Own of_meta = type_find_kind(meta, name, &meta_kind);
    GetFn get_meta = getter_of(of_meta, meta_kind);
    if (meta_kind == ENTRY_DATA && get_meta) {
        *result = get_meta(of_meta, VALUE(t), VALUE(meta));
        drop(of_meta);
        return *result ? 1 : -1;
    }
    Own found = type_find_kind(t, name, &kind);
    if (found) {
        drop_opt(of_meta);
        GetFn get = kind == ENTRY_METHOD ? NULL : getter_of(found, kind);
        if (get) {
            *result = get(found, NO_VALUE, VALUE(t));
            drop(found);
            return *result ? 1 : -1;
        }
        *result = found;
        return 1;
    }
    if (get_meta) {
        *result = get_meta(of_meta, VALUE(t), VALUE(meta));
        drop(of_meta);
        return *result ? 1 : -1;
    }
    *result = of_meta;
    return of_meta != NO_VALUE;
}

static void
raise_no_attribute(Type *t, Value name)
{
    raise_attribute_error_fmt(VALUE(t), name, "type object '%N' has no attribute '%U'", t, name);
}

Own
type_getattr(Value v, Value name)
{
    Own result;
    int found = type_lookup_attr((Type *)obj(v), name, &result);
    if (UNLIKELY(found == 0)) {
        raise_no_attribute((Type *)obj(v), name);
    }
    return found > 0 ? result : NO_VALUE;
}

/* -- changes -- */

void
caches_flush(void)
{
    world_stop();
    if (heap_hooks.flush_caches) {
        heap_hooks.flush_caches();
    }
    world_start();
}

static bool
decides_kinds(Value name)
{
    return name == NAME(__get__) || name == NAME(__set__) || name == NAME(__delete__);
}

/* A change of one name in the dict of a class. */
typedef struct ClassChange {
    Type *type;
    Value name, value; /* value NO_VALUE: delete */
    bool if_absent;    /* what is there already stays */
    uint32_t flags, flags_now; /* flags of the class that change with it, and what they become */
    bool flush; /* out: caches depend on what changed */
    Own old;    /* out: what was there */
} ClassChange;

/* lock: types_lock. 1 done, 0 nothing to delete, or nothing done because of if_absent; fail: -1 */
static int
change_locked(ClassChange *change, bool has_slot)
{
    Type *t = change->type;
    if (UNLIKELY(!t->dict)) {
        return raise_int(&exc_TypeError, "cannot change '%U' attribute of '%N': it is being destroyed", change->name, t);
    }
    change->old = class_dict_get(t, change->name);
    if (change->value ? change->if_absent && change->old : !change->old) {
        return 0;
    }
    if (dict_change_name(t->dict, change->name, change->value) < 0) {
        return -1;
    }
    if (change->flags) {
        atomic_fetch_and_explicit(&t->flags, ~(change->flags & ~change->flags_now), memory_order_relaxed);
        atomic_fetch_or_explicit(&t->flags, change->flags_now, memory_order_relaxed);
    }
    change->flush = entries_update(t, change->name);
    if (has_slot) {
        Own (*getattr)(Value, Value) = t->slots.getattr;
        int (*setattr)(Value, Value, Value) = t->slots.setattr;
        slot_update_name(t, change->name);
        change->flush |= t->slots.getattr != getattr || t->slots.setattr != setattr;
        if (decides_kinds(change->name)) {
            entries_update_kinds();
            change->flush = true;
        }
    }
    return 1;
}

/* As change_locked. change->old is the caller's to drop. */
static int
change_own(ClassChange *change)
{
    bool has_slot = slot_is_name(change->name);
    bool stw = has_slot || !change->value || type_of(change->value)->slots.descr_set; /* where caches may have to be flushed: at the same moment */
    if (change->value) {
        publish(change->value);
    }
    if (stw) {
        types_lock_stw();
    } else {
        types_lock();
    }
    int status = change_locked(change, has_slot);
    if (change->flush) {
        caches_flush();
    }
    if (stw) {
        types_unlock_stw();
    } else {
        types_unlock();
    }
    return status;
}

int
type_set_own(Type *t, Value name, Value value)
{
    ClassChange change = {.type = t, .name = name, .value = value};
    int status = change_own(&change);
    drop_opt(change.old);
    if (status == 0) {
        raise_no_attribute(t, name);
    }
    return status > 0 ? 0 : -1;
}

int
type_forget_own(Type *t, Value name)
{
    ClassChange change = {.type = t, .name = name};
    int status = change_own(&change);
    drop_opt(change.old);
    return status < 0 ? -1 : 0;
}

Own
type_default_own(Type *t, Value name, Own value)
{
    ClassChange change = {.type = t, .name = name, .value = value, .if_absent = true};
    int status = change_own(&change);
    if (status > 0) {
        return value;
    }
    drop(value);
    if (status < 0) {
        drop_opt(change.old);
        return NO_VALUE;
    }
    return change.old;
}

int
type_set_own_flags(Type *t, Value name, Value value, uint32_t flags, uint32_t now)
{
    ClassChange change = {.type = t, .name = name, .value = value, .flags = flags, .flags_now = now};
    int status = change_own(&change);
    drop_opt(change.old);
    return status;
}

int
type_check_mutable(Type *t, const char *verb, Value name)
{
    if (LIKELY(!(type_flags(t) & TYPE_IMMUTABLE))) {
        return 0;
    }
    return raise_int(&exc_TypeError, "cannot %s '%U' attribute of immutable type '%N'", verb, name,
                     t);
}

int
type_setattr(Type *t, Value name, Value value)
{
    if (type_check_mutable(t, "set", name) < 0) {
        return -1;
    }
    Type *meta = type_of(VALUE(t));
    uint32_t kind;
    Own found = type_find_kind(meta, name, &kind);
    int status;
    if (kind == ENTRY_DATA) {
        int (*set)(Value, Value, Value) = type_of(found)->slots.descr_set;
        status = set ? set(found, VALUE(t), value)
                     : raise_int(&exc_AttributeError, "'%T' object attribute '%U' is read-only",
                                 VALUE(t), name);
    } else {
        status = type_set_own(t, name, value);
    }
    drop_opt(found);
    return status;
}

int
type_setattr_slot(Value v, Value name, Value value)
{
    return type_setattr((Type *)obj(v), name, value);
}

/* -- super -- */

/* The attribute that the mro of self_type has behind `start`: new reference or NO_VALUE. */
static Own
find_behind(Type *start, Type *self_type, Value name)
{
    Own mro = ref_load(&self_type->head, &self_type->mro);
    if (!mro) {
        return NO_VALUE;
    }
    const Tuple *types = as_tuple(mro);
    int64_t i = 0;
    while (i < types->length && types->items[i] != OWN(start)) {
        i++;
    }
    Own found = NO_VALUE;
    while (!found && ++i < types->length) {
        found = class_dict_get((Type *)obj(types->items[i]), name);
    }
    drop(mro);
    return found;
}

int
super_lookup(Type *start, Value self, Type *self_type, Value name, bool for_call, bool *unbound,
             Own *result)
{
    *unbound = false;
    Own found = name == NAME(__class__) ? NO_VALUE : find_behind(start, self_type, name);
    *result = found;
    if (!found) {
        return 0;
    }
    bool on_class = self == VALUE(self_type);
    const Type *t = type_of(found);
    if (for_call && !on_class && (type_flags(t) & TYPE_METHOD_LIKE)) {
        *unbound = true;
        return 1;
    }
    if (t->slots.descr_get) {
        *result = t->slots.descr_get(found, on_class ? NO_VALUE : self, VALUE(self_type));
        drop(found);
    }
    return *result ? 1 : -1;
}
