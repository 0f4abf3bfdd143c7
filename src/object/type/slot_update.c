/* Which function each slot of a type holds.
 *
 * A slot has one or more special methods (rows of slot_defs with the same offset: a group). If the
 * mro gives the wrappers of one C function for all that are there, the slot holds this function
 * itself; if it gives anything else, the slot holds the group's dispatcher. So a class that
 * inherits list.__len__ is as fast as list.
 *
 * Threads: under types_lock; slots of classes that others can see change only while the world is
 * stopped. */
#include "object/type/slotdefs.h"

#define SLOT_DEFS_MAX 128
#define NAME_CELLS 256

static Own slot_names[SLOT_DEFS_MAX]; /* interned, by row; immutable after start-up */
/* Open addressing by the name's address: the first row of that name + 1. Immutable after start-up.
 */
static uint8_t name_cells[NAME_CELLS];

static inline uint32_t
cell_of(Value name)
{
    uint64_t bits = value_bits(name) >> 4;
    return (uint32_t)(bits ^ bits >> 9) & (NAME_CELLS - 1);
}

/* The first row of that name, or -1. */
static int
first_row(Value name)
{
    for (uint32_t i = cell_of(name); name_cells[i]; i = (i + 1) & (NAME_CELLS - 1)) {
        if (slot_names[name_cells[i] - 1] == name) {
            return name_cells[i] - 1;
        }
    }
    return -1;
}

int
slot_names_init(void)
{
    assert(slot_def_count <= SLOT_DEFS_MAX);
    for (int i = 0; i < slot_def_count; i++) {
        slot_names[i] = str_intern_cstr(slot_defs[i].name);
        if (!slot_names[i]) {
            return -1;
        }
        if (first_row(slot_names[i]) < 0) {
            uint32_t cell = cell_of(slot_names[i]);
            while (name_cells[cell]) {
                cell = (cell + 1) & (NAME_CELLS - 1);
            }
            name_cells[cell] = (uint8_t)(i + 1);
        }
    }
    return 0;
}

bool
slot_is_name(Value name)
{
    return first_row(name) >= 0;
}

/* -- resolution -- */

/* What one method says about the slot: a C function, or that Python must be asked (*python). */
static void *
method_function(Type *t, const SlotDef *def, Value method, bool *python)
{
    if (IS_EXACT(method, WRAPPER_DESCRIPTOR)) {
        const WrapperDescriptor *w = as_wrapper(method);
        if (type_is_subtype(t, w->owner)) {
            if (w->def == def) {
                return w->fn;
            }
            if (w->def->offset != def->offset && strcmp(w->def->name, def->name) == 0) {
                return *slot_at(&w->owner->slots,
                                def->offset); /* list.__add__ is in `concat`, not in `binary` */
            }
        }
    } else if (IS_EXACT(method, METHOD_DESCRIPTOR)) {
        /* a special method that the type's spec declares, over the slot */
        const MethodDescriptor *d = (const MethodDescriptor *)obj(method);
        void *fn = *slot_at(&d->owner->slots, def->offset);
        if (fn && type_is_subtype(t, d->owner) && strcmp(d->def->name, def->name) == 0) {
            return fn;
        }
    } else if (IS_EXACT(method, BUILTIN) && def->offset == offsetof(TypeSlots, create)) {
        const Builtin *b = (const Builtin *)obj(method);
        if ((b->def->flags & METHOD_NEW) && type_is_subtype(t, (Type *)obj(b->self))) {
            return (void *)((Type *)obj(b->self))->slots.create;
        }
    } else if (method == NONE && def->offset == offsetof(TypeSlots, hash)) {
        return (void *)hash_unhashable;
    }
    *python = true;
    return NULL;
}

static void *
resolve_getattr(Type *t, int row)
{
    bool python = false;
    Value attribute = type_resolve(t, slot_names[row], NULL),
          hook = type_resolve(t, slot_names[row + 1], NULL);
    void *fn = attribute ? method_function(t, &slot_defs[row], attribute, &python) : NULL;
    if (!hook) {
        return python ? (void *)dispatch_getattr : fn;
    }
    return fn == (void *)object_generic_getattr ? (void *)object_getattr_with_hook
                                                : (void *)dispatch_getattr;
}

/* What the slot of the group that starts at row must hold in t. */
static void *
resolve_group(Type *t, int row)
{
    const SlotDef *first = &slot_defs[row];
    if (first->offset == offsetof(TypeSlots, getattr)) {
        return resolve_getattr(t, row);
    }
    void *specific = NULL;
    bool python = false;
    for (int i = row; i < slot_def_count && slot_defs[i].offset == first->offset; i++) {
        Value method = type_resolve(t, slot_names[i], NULL);
        if (!method) {
            continue;
        }
        void *fn = method_function(t, &slot_defs[i], method, &python);
        if (fn && specific && fn != specific) {
            python = true;
        }
        specific = fn ? fn : specific;
    }
    return python ? first->dispatch : specific;
}

static inline int
group_start(int row)
{
    while (row > 0 && slot_defs[row - 1].offset == slot_defs[row].offset) {
        row--;
    }
    return row;
}

static bool
set_slot(Type *t, int row)
{
    void **slot = slot_at(&t->slots, slot_defs[row].offset);
    void *fn = resolve_group(t, row);
    if (*slot == fn) {
        return false;
    }
    __atomic_store_n(slot, fn, __ATOMIC_RELAXED);
    return true;
}

/* A class lends its memory through both methods or none: the pair must agree on what
 * Buffer.internal is. */
static void
pair_buffer_slots(Type *t)
{
    if (t->slots.getbuffer == dispatch__buffer__ ||
        t->slots.releasebuffer == dispatch__release_buffer__) {
        t->slots.getbuffer = dispatch__buffer__;
        t->slots.releasebuffer = dispatch__release_buffer__;
    }
}

/* All groups that have a method of this name. */
static bool
set_slots_of_name(Type *t, Value name, int row)
{
    bool changed = false;
    for (; row < slot_def_count; row++) {
        if (slot_names[row] == name) {
            changed |= set_slot(t, group_start(row));
        }
    }
    pair_buffer_slots(t);
    return changed;
}

typedef struct SlotChange {
    Value name;
    int row;
    bool changed;
} SlotChange;

static void
update_one(Type *t, void *arg)
{
    SlotChange *change = arg;
    change->changed |= set_slots_of_name(t, change->name, change->row);
}

bool
slot_update_name(Type *t, Value name)
{
    SlotChange change = {name, first_row(name), false};
    if (change.row >= 0) {
        type_visit_subtree(t, update_one, &change);
    }
    return change.changed;
}

static void
set_all_slots(Type *t, void *arg UNUSED)
{
    for (int row = 0; row < slot_def_count; row++) {
        if (row == group_start(row)) {
            set_slot(t, row);
        }
    }
    pair_buffer_slots(t);
}

void
slot_update_all(Type *t)
{
    type_visit_subtree(t, set_all_slots, NULL);
}

/* The mro of t is t and then that of its base: what t does not define itself is as in the base. */
static bool
follows_base(const Type *t)
{
    Value mine = t->mro, of_base = t->base->mro;
    int64_t n = as_tuple(of_base)->length;
    if (as_tuple(mine)->length != n + 1) {
        return false;
    }
    for (int64_t i = 0; i < n; i++) {
        if (tuple_item(mine, i + 1) != tuple_item(of_base, i)) {
            return false;
        }
    }
    return true;
}

void
slot_fill_class(Type *t)
{
    t->slots = t->base->slots;
    if (!follows_base(t)) {
        set_all_slots(t, NULL);
    } else {
        int64_t position = 0;
        Own key, value;
        while (dict_next(t->dict, &position, &key, &value)) {
            int row = is_str(key) ? first_row(key) : -1;
            if (row >= 0) {
                set_slots_of_name(t, key, row);
            }
            drop(key);
            drop(value);
        }
    }
    bool only_attrs = !((type_flags(t) & TYPE_HAS_MEMBERS) || (type_flags(t->native) & TYPE_HAS_DICT) || t->native->slots.traverse);
    t->slots.traverse = only_attrs ? instance_attrs_traverse : instance_traverse;
    t->slots.traverse_part = NULL;
    t->slots.clear = instance_clear;
    t->slots.dealloc = instance_dealloc;
}

/* -- built-in types -- */

/* The type's spec declares a method of this name itself. */
static bool
is_declared(const Type *t, const char *name)
{
    for (const MethodDef *def = t->methods; def && def->name; def++) {
        if (strcmp(def->name, name) == 0) {
            return true;
        }
    }
    return false;
}

int
slot_add_wrappers(Type *t)
{
    for (int row = 0; row < slot_def_count; row++) {
        const SlotDef *def = &slot_defs[row];
        void *fn = *slot_at(&t->slots, def->offset);
        if (!fn || !def->wrap || is_declared(t, def->name)) {
            continue;
        }
        int present = dict_contains(t->dict, slot_names[row]);
        if (present != 0) {
            if (present < 0) {
                return -1;
            }
            continue;
        }
        Own wrapper = fn == (void *)hash_unhashable ? NONE : wrapper_descriptor_new(def, t, fn);
        if (!wrapper || dict_set_own(t->dict, own(slot_names[row]), wrapper) < 0) {
            return -1;
        }
    }
    return 0;
}

/* A type that compares in its own way has no hash but its own. */
void
slot_inherit(Type *t)
{
    const Type *base = t->base;
    if (t->slots.compare && !t->slots.hash) {
        t->slots.hash = hash_unhashable;
    }
    bool creates = t->slots.create || t->slots.init || (type_flags(t) & TYPE_BASE);
    TraversePartFn part = t->slots.traverse ? t->slots.traverse_part : base->slots.traverse_part; /* goes with traverse */
    for (size_t i = 0; i < sizeof(TypeSlots) / sizeof(void *); i++) {
        void **slot = (void **)&t->slots + i;
        if (!*slot) {
            *slot = ((void **)&((Type *)(uintptr_t)base)->slots)[i];
        }
    }
    t->slots.traverse_part = part;
    if (!creates && base == &object_type) {
        t->slots.create = NULL; /* instances come from C only */
    }
}
