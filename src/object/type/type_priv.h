/* What the files of object/type share: slot definitions, name lookup, class layout.
 *
 * Locks. `types_lock` (object/type.h) guards everything that a class change touches: dicts of
 * types, mro, entries, lists of subclasses. `shapes_lock` is a leaf: it guards the growth of the
 * shape table and is held for memory operations only. */
#ifndef WEFT_OBJECT_TYPE_PRIV_H
#define WEFT_OBJECT_TYPE_PRIV_H

#include "heap/critical.h"
#include "heap/world.h"
#include "object/dict.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

/* -- shapes -- */
void shapes_init(void);
/* A root shape of its own for instances of t. fail: 0 + MemoryError */
NODISCARD ShapeId shape_new_root(Type *t);
uint64_t type_next_serial(void);
/* The shape that adding name to s leads to, or 0 when it was never made. (no runpy) */
ShapeId shape_child_find(ShapeId s, Value name);
/* The same, made if needed; 0 with nothing pending when instances of this type had better use a
 * dict. */
ShapeId shape_child(ShapeId s, Value name);
/* The shape of t's instances in dict mode. fail: 0 + MemoryError */
NODISCARD ShapeId shape_dict_mode(Type *t);
/* As shape_find, for shapes that may never be looked into again: makes no index. */
int64_t shape_find_once(ShapeId s, Value name);
/* All shapes of t, which is being freed, are dead. */
void shapes_retire(Type *t);
uint32_t shapes_dead_now(void);
/* Dead shapes may be given to new types. stw, and no inline cache holds one */
void shapes_recycle_stw(void);
/* The names of s's slots, in order; keys has room for s->count. */
void shape_keys(ShapeId s, Value *keys);

/* -- slots -- */
struct SlotDef;
struct WrapperDescriptor;
typedef Own (*SlotWrap)(const struct WrapperDescriptor *w, Value self, Value const *args,
                        size_t nargs, Value kwnames);

/* One special method of a slot: a row of the table in slotdefs.c. */
typedef struct SlotDef {
    const char *name;
    const char *doc;   /* "signature\n--\n\ntext" */
    uint16_t offset;   /* of the slot in TypeSlots */
    uint16_t keywords; /* __call__ and __init__ take them */
    SlotWrap wrap;     /* calls the C slot for Python */
    void *dispatch; /* what the slot holds when the method is written in Python; null: the slot is
                       then empty */
} SlotDef;

extern const SlotDef slot_defs[];
extern const int slot_def_count;

NODISCARD int slot_names_init(void);
/* True when name (interned) is that of a special method with a slot. (no runpy) */
bool slot_is_name(Value name);
/* Sets the slots that have a method `name`, in t and all below, from what their mros now give.
 * lock: types_lock (and the world is stopped where others can see t). True when one changed. */
bool slot_update_name(Type *t, Value name);
/* All slots of t and below. lock: as above */
void slot_update_all(Type *t);
/* The slots of a new class: those of its base, and what its own dict or other bases change. lock:
 * types_lock */
void slot_fill_class(Type *t);
/* Wrapper descriptors for the slots that built-in t sets itself. fail: -1 */
NODISCARD int slot_add_wrappers(Type *t);
/* Slots that built-in t leaves empty, from its base. */
void slot_inherit(Type *t);

static inline void **
slot_at(TypeSlots *slots, unsigned offset)
{
    return (void **)((char *)slots + offset);
}

/* -- lookup -- */
/* What the dict of one class has under an interned name: new reference or NO_VALUE. (no runpy) */
NODISCARD Own class_dict_get(const Type *t, Value name);
/* As type_find, but from the mro each time and a borrow. lock: types_lock */
Value type_resolve(const Type *t, Value name, Type **where);
/* name changed in t: its entries in t and below get their new values. lock: types_lock. True when a
 * data descriptor appeared where there was none. */
bool entries_update(Type *t, Value name);
/* All entries of t and below (mro changed). lock: types_lock, world stopped */
void entries_update_all(Type *t);
/* Entries whose value's type gained or lost __get__, __set__ or __delete__. lock: types_lock */
void entries_update_kinds(void);
/* t is being freed: its entries are dead. lock: types_lock */
void entries_retire(Type *t);
uint32_t entries_dead_now(void);
/* Dead entries may be given out again. lock: types_lock; stw, and no inline cache holds one */
void entries_recycle_stw(void);

/* -- mro and bases -- */
/* C3 over bases (a tuple of types): a tuple. fail: 0 + TypeError */
NODISCARD Own mro_compute(Type *t, Value bases);
/* Direct subclasses: a plain array that does not count. guard: types_lock */
typedef struct TypeChildren {
    uint32_t count, capacity;
    Type *items[];
} TypeChildren;
/* How many classes may be listed twice now, because they are being given other bases. guard: types_lock */
extern uint32_t subclasses_moving;
/* lock: types_lock */
NODISCARD int subclass_add(Type *base, Type *t);
void subclass_remove(Type *base, Type *t, bool latest); /* latest: what was added last, where t is listed twice */
NODISCARD Own subclass_list(Type *t); /* a list of those alive */
/* visit(t), then all below; lock: types_lock. A class with several bases may be visited more than
 * once. */
void type_visit_subtree(Type *t, void (*visit)(Type *t, void *arg), void *arg);

/* isinstance and issubclass without __instancecheck__ and __subclasscheck__: 0, 1, -1 */
NODISCARD int default_isinstance(Value v, Value c);
NODISCARD int default_issubclass(Value derived, Value c);

/* -- texts -- */
/* A built-in's doc without the "name(signature)\n--\n\n" in front, and that signature: a str, or
 * None. */
const char *doc_after_signature(const char *name, const char *doc);
NODISCARD Own doc_signature(const char *name, const char *doc);

/* -- classes -- */
/* The base whose instance layout decides; fail: 0 + TypeError */
NODISCARD Type *type_best_base(Value bases);
/* Instances of a may become instances of b as they are. */
/* May instances of one become instances of the other? fail: -1 + TypeError "ATTRIBUTE assignment: ..." */
NODISCARD int type_check_same_layout(const char *attribute, const Type *from, const Type *to);
/* slots.create of type. */
NODISCARD Own type_create(Type *metatype, Value const *args, size_t nargs, Value kwnames);
/* The mro of t by its bases, through type(t).mro when that is overridden: a tuple. fail: 0 */
NODISCARD Own type_make_mro(Type *t, bool *asked); /* asked: that mro */
/* How often bases and orders have changed. An order computed meanwhile may be out of date. guard: types_lock to change */
extern uint64_t type_orders;
uint64_t type_orders_now(void);
NODISCARD int type_assign_bases(Type *t, Value bases);
/* Changes the class's own attribute, whatever its metaclass has under that name. value NO_VALUE =
 * delete */
NODISCARD int type_set_own(Type *t, Value name, Value value);
NODISCARD int type_forget_own(Type *t, Value name); /* deletes it if it is there. fail: -1 */
/* Sets it to value (eaten) unless it is there already. Gives what is there then. */
NODISCARD Own type_default_own(Type *t, Value name, Own value);
/* As type_set_own, with flags of t that become `now` in the same moment. 1, 0 (nothing to delete; nothing pending), -1 */
NODISCARD int type_set_own_flags(Type *t, Value name, Value value, uint32_t flags, uint32_t now);
/* -1 + TypeError "cannot set 'x' attribute of immutable type 't'" */
NODISCARD int type_check_mutable(Type *t, const char *verb, Value name);
NODISCARD int type_setattr_slot(Value v, Value name, Value value);
/* The part of super_find that raises nothing when the name is absent: 1, 0, -1 */
NODISCARD int super_lookup(Type *start, Value self, Type *self_type, Value name, bool for_call,
                           bool *unbound, Own *result);
NODISCARD Own type_module_name(Type *t); /* __module__ */
NODISCARD Own type_get_qualname(Type *t);
/* Adds the names in the dicts of t and its bases to a dict that stands for a set. fail: -1 */
NODISCARD int type_collect_names(Type *t, Own names);

/* instances of classes */
NODISCARD Own instance_dict_get(Value self);
NODISCARD int instance_dict_set(Value self, Value value);
int instance_traverse(Object *o, Visit visit, void *arg);
void instance_clear(Object *o);

#endif
