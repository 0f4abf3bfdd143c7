/* Types and classes: making them, and looking names up in them.
 *
 * Lookup. Each type resolves a name through its mro once and remembers the answer in a TypeEntry,
 * found again through type->lookup (an epoch-protected hash table, read without locks). An entry
 * lives in a fixed array, so a 32-bit index names it: inline caches hold (shape id, entry index).
 * Entries and shapes of a class that is gone are reused only after all caches were flushed. When a
 * class attribute changes, the entries of that name in the class and its subclasses are rewritten
 * (under types_lock): what a cache reads through its index is always the current value, without
 * versions or invalidation. The one thing that entries cannot express is instance-slot caches when
 * a data descriptor appears under their name, or
 * __getattribute__ changes: then inline caches are flushed with the world stopped (caches_flush).
 */
#ifndef WEFT_OBJECT_TYPE_H
#define WEFT_OBJECT_TYPE_H

#include "object/object.h"

#define TYPE_ENTRY_MAX (1u << 20)

enum {
    ENTRY_ABSENT = 0,     /* no class in the mro has the name */
    ENTRY_PLAIN = 1,      /* a value without __get__ */
    ENTRY_METHOD = 2,     /* its type is TYPE_METHOD_LIKE: a call passes the instance first */
    ENTRY_DATA = 3,       /* a data descriptor (__set__ or __delete__): wins over the instance */
    ENTRY_DESCRIPTOR = 4, /* another non-data descriptor (classmethod, staticmethod...) */
    ENTRY_CHANGING = 5,   /* value and kind do not agree at this moment: read both again */

    ENTRY_KINDS = 7,      /* in TypeEntry.state, and */
    ENTRY_CHANGE = 8,     /* one change */
};

typedef struct TypeEntry {
    Own value; /* not counted: the dict of a class in the mro holds it. NO_VALUE when absent. guard:
                  types_lock to change, type_entry_load to read */
    Own name;  /* immutable */
    Type *type;            /* immutable */
    _Atomic uint32_t state; /* ENTRY_*, ENTRY_CHANGING while `value` is being replaced; above it the changes are counted */
    uint32_t next;         /* of dead or free entries; guard: types_lock */
} TypeEntry;

extern TypeEntry type_entries[TYPE_ENTRY_MAX];

/* The base that gives t its layout, or null; another thread may be giving it another (__bases__). A borrow until the next safepoint. */
static ALWAYS_INLINE Type *
type_base(const Type *t)
{
    return __atomic_load_n(&t->base, __ATOMIC_ACQUIRE);
}
/* The entry for name (interned), made if needed; 0 when the table is full (then use type_find). (no
 * runpy) */
uint32_t type_entry(Type *t, Value name);
static ALWAYS_INLINE uint32_t
type_entry_kind(uint32_t entry)
{
    return atomic_load_explicit(&type_entries[entry].state, memory_order_acquire) & ENTRY_KINDS;
}
/* Value and kind of an entry as they were at one moment: new reference, or NO_VALUE (absent). (no
 * runpy) */
NODISCARD Own type_entry_load_slow(uint32_t entry, uint32_t *kind);
static ALWAYS_INLINE NODISCARD Own
type_entry_load(uint32_t entry, uint32_t *kind)
{
    if (UNLIKELY(threads_many)) {
        return type_entry_load_slow(entry, kind);
    }
    *kind = type_entry_kind(entry);
    return own_opt(type_entries[entry].value);
}
/* What the mro gives for name (a str): new reference, or NO_VALUE with nothing pending. (no runpy)
 */
NODISCARD Own type_find(Type *t, Value name);
NODISCARD Own type_find_kind(Type *t, Value name, uint32_t *kind); /* ENTRY_* beside it */
NODISCARD Own type_find_cstr(Type *t, const char *name);
/* type.__setattr__: value NO_VALUE deletes. Updates entries and slots. */
NODISCARD int type_setattr(Type *t, Value name, Value value);

/* Removes __dict__ and __weakref__ from the dict of a class. fail: -1 */
NODISCARD int type_clear_descriptors(Type *t);

/* The lock of everything that a class change touches. Never held while detached or running Python
 * code; whoever waits for it is detached, so critical sections of the caller may be suspended. Not
 * recursive. The _stw form stops the world first: for changes that readers without locks could see
 * halfway. */
void types_lock(void);
void types_unlock(void);
void types_lock_stw(void);
void types_unlock_stw(void);

/* At start-up: headers and flags of the built-in types, before the first object is made; then all
 * of BUILTIN_TYPES. */
void types_init_heads(void);
NODISCARD int types_init(void);
/* Completes a built-in type: mro, dict from its specs and slots, inherited slots, fixed or new
 * shape. fail: -1 */
NODISCARD int type_ready(Type *t);
/* The general constructor behind class statements: type(name, bases, namespace, **kwargs). */
NODISCARD Own type_new_class(Type *metatype, Value name, Value bases, Value ns,
                             Value const *kwvalues, Value kwnames);
/* The most derived metaclass. fail: 0 + TypeError "metaclass conflict: ..." */
NODISCARD Own type_metaclass(Value first, Value bases);
NODISCARD Own type_qualified_name(Type *t); /* "module.qualname", builtins without the module */
NODISCARD Own type_name_str(Type *t);       /* __name__ */
const char *type_short_name(const Type *t); /* the same as a C string */

/* __new__ by default: an instance with its attributes empty. */
NODISCARD Own type_alloc(Type *t,
                         int64_t items); /* zeroed past the header; tracked if the type says so */
NODISCARD Own object_new_instance(Type *t);
/* Frees an instance of any class: finalizer, weak references, attributes, then the built-in base's
 * dealloc. */
void instance_dealloc(Object *o);

/* -- instance attributes
 * ------------------------------------------------------------------------------- An instance of a
 * class with TYPE_HAS_DICT has, at type->dict_offset, an InstanceAttrs, and after it `capacity`
 * inline slots, as many as the type's instances have been seen to need (type->inline_slots when it
 * was made). Its shape says which name each slot holds. Slot i is inline when i < capacity, else in
 * `more`. In dict mode (shape flag SHAPE_DICT_MODE) attributes are in the dict that `dict` points
 * to, and slots are empty. */
typedef struct InstanceAttrs {
    Own dict;  /* the real dict in dict mode; NO_VALUE otherwise. guard: lock to change, ref_load to
                  read */
    Own *more; /* slots past the inline ones; guard: lock to change, epoch to read; null until
                  needed */
    uint32_t capacity, more_capacity;
    Own slots[];
} InstanceAttrs;

/* Of types with items (subclasses of int, tuple, str, bytes): after the items. */
InstanceAttrs *instance_attrs_variable(const Object *o, const Type *t);
static ALWAYS_INLINE InstanceAttrs *
instance_attrs(const Object *o, const Type *t)
{
    if (UNLIKELY(t->item_size)) {
        return instance_attrs_variable(o, t);
    }
    return (InstanceAttrs *)((char *)(uintptr_t)o + t->dict_offset);
}

/* The slot that shape s gives name, or -1. (no runpy) */
int64_t shape_find(ShapeId s, Value name);
/* Own attribute of an instance (not its class's): 1 found, 0 absent, -1 failed. May runpy only
 * where __dict__ was given keys that are no str. */
NODISCARD int instance_lookup(Object *o, Value name, Own *value);
/* The same: NO_VALUE when absent (or failed, with an exception pending, in that case). */
NODISCARD Own instance_get(Object *o, Value name);
NODISCARD int instance_set(Object *o, Value name,
                           Own value);                /* eats value; adds the name when new */
NODISCARD int instance_delete(Object *o, Value name); /* 1 deleted, 0 absent, -1 */
NODISCARD Own instance_dict(Object *o);               /* __dict__: from now on o is in dict mode */
NODISCARD Own instance_copy_dict(Object *o); /* a dict of its attributes; o stays as it is */
NODISCARD int instance_set_dict(Object *o, Own dict); /* eats dict; NO_VALUE = a new one */
/* o keeps its attributes and becomes an instance of t, which has the same layout. *was: what it was an instance of until then. */
NODISCARD int instance_change_type(Object *o, Type *t, Type **was);
/* For traverse, clear and dealloc of built-in types with TYPE_HAS_DICT (classes below them call
 * these too; twice does no harm). */
int instance_attrs_traverse(Object *o, Visit visit, void *arg);
void instance_attrs_clear(Object *o);
void instance_attrs_free(Object *o);

/* -- attribute access for slots of types
 * --------------------------------------------------------------- */
/* object.__getattribute__ without the AttributeError: 1 found, 0 absent (nothing pending), -1
 * failed. */
NODISCARD int generic_lookup(Value v, Value name, Own *result);
/* The same, and object's setattr, for types that keep attributes in a dict of their own: *dict,
 * made when first needed (guard: v's lock). dict null: as instances of classes do. */
NODISCARD int generic_lookup_in(Value v, Value name, Own const *dict, Own *result);
NODISCARD Own object_getattr_in(Value v, Value name, Own const *dict);
NODISCARD int object_setattr_in(Value v, Value name, Value value, Own *dict);
/* Slot `hash` of types whose instances have none: TypeError, and __hash__ is None. */
int64_t hash_unhashable(Value v);
/* Slots of type. */
NODISCARD Own type_getattr(Value t, Value name);
NODISCARD int type_lookup_attr(Type *t, Value name, Own *result); /* 1, 0 (nothing pending), -1 */
/* object's __getattribute__ with a __getattr__ of the class: what the slot of such a class holds.
 * Instance slots may be cached as for object_generic_getattr. */
NODISCARD Own object_getattr_with_hook(Value v, Value name);
/* super(start, self).name, where self_type is self's type, or self itself for a class. for_call: a
 * method is returned unbound, with *unbound true. fail: 0 + AttributeError */
NODISCARD Own super_find(Type *start, Value self, Type *self_type, Value name, bool for_call,
                         bool *unbound);

/* Forgets every inline cache of the program. may: stop the world */
void caches_flush(void);

#endif
