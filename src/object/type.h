/* Types and classes: making them, and looking names up in them.
 *
 * Lookup. Each type resolves a name through its mro once and remembers the answer in a TypeEntry, found again through
 * type->lookup (an epoch-protected hash table, read without locks). An entry lives in a fixed array and is never reused,
 * so a 32-bit index names it for ever: inline caches hold (shape id, entry index). When a class attribute changes, the
 * entries of that name in the class and its subclasses are rewritten (under types_lock): what a cache reads through its
 * index is always the current value, without versions or invalidation. The one thing that entries cannot express
 * is instance-slot caches when a data descriptor appears under their name, or __getattribute__ changes: then inline caches
 * are flushed with the world stopped (caches_flush). */
#ifndef WEFT_OBJECT_TYPE_H
#define WEFT_OBJECT_TYPE_H

#include "object/object.h"

#define TYPE_ENTRY_MAX (1u << 20)

enum {
    ENTRY_ABSENT = 0,        /* no class in the mro has the name */
    ENTRY_PLAIN = 1,         /* a value without __get__ */
    ENTRY_METHOD = 2,        /* its type is TYPE_METHOD_LIKE: a call passes the instance first */
    ENTRY_DATA = 3,          /* a data descriptor (__set__ or __delete__): wins over the instance */
    ENTRY_DESCRIPTOR = 4,    /* another non-data descriptor (classmethod, staticmethod...) */
};

typedef struct TypeEntry {
    Own value;            /* guard: types_lock to change; ref_load / deferred read. NO_VALUE when absent */
    Own name;             /* immutable */
    Type *type;           /* immutable */
    _Atomic uint32_t kind; /* ENTRY_*; written before value is released */
    uint32_t next;        /* of the same name, other types; guard: types_lock */
} TypeEntry;

extern TypeEntry type_entries[TYPE_ENTRY_MAX];

/* The entry for name (interned), made if needed; 0 when the table is full (then use type_find). (no runpy) */
uint32_t type_entry(Type *t, Value name);
/* What the mro gives for name (interned str): new reference, or NO_VALUE with nothing pending. (no runpy) */
NODISCARD Own type_find(Type *t, Value name);
NODISCARD Own type_find_cstr(Type *t, const char *name);
/* type.__setattr__: value NO_VALUE deletes. Updates entries and slots. */
NODISCARD int type_setattr(Type *t, Value name, Value value);

/* Completes a built-in type: mro, dict from its specs and slots, inherited slots, fixed or new shape. fail: -1 */
NODISCARD int type_ready(Type *t);
/* The general constructor behind class statements: type(name, bases, namespace, **kwargs). */
NODISCARD Own type_new_class(Type *metatype, Value name, Value bases, Value ns, Value const *kwvalues, Value kwnames);
/* The most derived metaclass. fail: 0 + TypeError "metaclass conflict: ..." */
NODISCARD Own type_metaclass(Value first, Value bases);
NODISCARD Own type_qualified_name(Type *t); /* "module.qualname", builtins without the module */
NODISCARD Own type_name_str(Type *t);       /* __name__ */

/* __new__ by default: an instance with its attributes empty. */
NODISCARD Own type_alloc(Type *t, int64_t items); /* zeroed past the header; tracked if the type says so */
NODISCARD Own object_new_instance(Type *t);
/* Frees an instance of any class: finalizer, weak references, attributes, then the built-in base's dealloc. */
void instance_dealloc(Object *o);

/* -- instance attributes -------------------------------------------------------------------------------
 * An instance of a class with TYPE_HAS_DICT has, at type->dict_offset, an InstanceAttrs, and after it
 * `capacity` inline slots, as many as the type's instances have been seen to need (type->inline_slots when it was made).
 * Its shape says which name each slot holds. Slot i is inline when i < capacity, else in `more`. In dict mode
 * (shape flag SHAPE_DICT_MODE) attributes are in the dict that `dict` points to, and slots are empty. */
typedef struct InstanceAttrs {
    Own dict;       /* the real dict in dict mode; NO_VALUE otherwise. guard: lock to change, ref_load to read */
    Own *more;      /* slots past the inline ones; guard: lock to change, epoch to read; null until needed */
    uint32_t capacity, more_capacity;
    Own slots[];
} InstanceAttrs;

static ALWAYS_INLINE InstanceAttrs *
instance_attrs(const Object *o, const Type *t)
{
    return (InstanceAttrs *)((char *)(uintptr_t)o + t->dict_offset);
}

/* The slot that shape s gives name, or -1. (no runpy) */
int64_t shape_find(ShapeId s, Value name);
/* Own attribute of an instance (not its class's): as ref_load; NO_VALUE when absent. (no runpy) */
NODISCARD Own instance_get(Object *o, Value name);
NODISCARD int instance_set(Object *o, Value name, Own value); /* eats value; adds the name when new */
NODISCARD int instance_delete(Object *o, Value name);         /* 1 deleted, 0 absent, -1 */

/* Forgets every inline cache of the program. may: stop the world */
void caches_flush(void);

#endif
