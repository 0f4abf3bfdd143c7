/* Instances of classes: birth, traversal, death.
 *
 * Layout: the C struct of the built-in type that the class derives from, one word for each name in
 * __slots__ (base class first), then at dict_offset the InstanceAttrs. Words of __slots__ lie
 * between the basic_size of a class's base and its own.
 *
 * Threads: a new instance is its maker's; traverse runs with the world stopped or on a private
 * object; dealloc on a dead one. */
#include "object/list.h"
#include "object/type/layout.h"
#include "object/type/slotdefs.h"
#include "object/weakref.h"

static inline uint32_t
round_up_8(uint32_t n)
{
    return (n + 7) & ~7u;
}

Own
type_alloc(Type *t, int64_t items)
{
    uint32_t flags = type_flags(t), inline_slots = 0;
    size_t size = t->basic_size;
    if (t->item_size) {
        if (items < 0 || (size_t)items > (SIZE_MAX / 2 - size) / t->item_size) {
            return raise_no_memory();
        }
        size += (size_t)items * t->item_size;
        if (t->dict_offset) {
            size += 16 + sizeof(InstanceAttrs); /* a final NUL, alignment */
        }
    } else if (t->dict_offset) {
        inline_slots = atomic_load_explicit(&t->inline_slots, memory_order_relaxed);
        size = t->dict_offset + sizeof(InstanceAttrs) + inline_slots * sizeof(Own);
    }
    /* every instance of a class is tracked: the collector must see that its class, which it does not
     * count, is needed */
    unsigned birth = (flags & (TYPE_GC | TYPE_HEAP) ? OBJ_TRACKED : 0) |
                     (flags & TYPE_DEFERRED ? OBJ_DEFERRED : 0);
    Object *o = object_alloc(t->root_shape, size, birth);
    if (o && inline_slots) {
        ((InstanceAttrs *)((char *)o + t->dict_offset))->capacity = inline_slots;
    }
    return OWN(o);
}

Own
object_new_instance(Type *t)
{
    return type_alloc(t, 0);
}

/* Calls for each word of __slots__ of o. */
#define FOR_EACH_MEMBER(o, field)                                                                  \
    for (const Type *c_ = obj_type(o); c_->slots.dealloc == instance_dealloc; c_ = type_base(c_)) \
        for (Own *field = (Own *)((char *)(o) + round_up_8(type_base(c_)->basic_size)),                 \
                 *end_ = (Own *)((char *)(o) + c_->basic_size);                                    \
             field < end_; field++)

int
instance_traverse(Object *o, Visit visit, void *arg)
{
    const Type *t = obj_type(o), *native = t->native;
    if (type_flags(t) & TYPE_HAS_MEMBERS) {
        FOR_EACH_MEMBER(o, field)
        {
            VISIT(*field);
        }
    }
    if (!(type_flags(native) & TYPE_HAS_DICT)) { /* else its traverse does it */
        int status = instance_attrs_traverse(o, visit, arg);
        if (status) {
            return status;
        }
    }
    return native->slots.traverse ? native->slots.traverse(o, visit, arg) : 0;
}

static void
clear_members(Object *o)
{
    FOR_EACH_MEMBER(o, field)
    {
        ref_clear(field);
    }
}

void
instance_clear(Object *o)
{
    const Type *t = obj_type(o);
    if (type_flags(t) & TYPE_HAS_MEMBERS) {
        clear_members(o);
    }
    instance_attrs_clear(o);
    if (t->native->slots.clear) {
        t->native->slots.clear(o);
    }
}

void
instance_dealloc(Object *o)
{
    const Type *t = obj_type(o);
    if (type_flags(t) & TYPE_HAS_MEMBERS) {
        clear_members(o);
    }
    if (t->dict_offset) {
        instance_attrs_free(o);
    }
    t->native->slots.dealloc(o);
}

/* -- the accessors of __dict__ and __weakref__ -- */

/* The accessor of a built-in base whose instances keep their dict elsewhere (types, modules). own: ret new or NO_VALUE */
static Own
native_accessor(Value self)
{
    Type *t = type_of(self), *native = t->native ? t->native : t;
    Own found = type_find(native, NAME(__dict__));
    if (!found || (IS_EXACT(found, GETSET_DESCRIPTOR) && ((const GetSetDescriptor *)obj(found))->def->get == instance_dict_get)) {
        drop_opt(found);
        return raise_fmt(&exc_AttributeError, "This object has no __dict__");
    }
    return found;
}

Own
instance_dict_get(Value self)
{
    if (is_object(self) && (type_flags(type_of(self)) & TYPE_HAS_DICT)) {
        return instance_dict(obj(self));
    }
    Own accessor = native_accessor(self), dict = NO_VALUE;
    if (accessor) {
        dict = type_of(accessor)->slots.descr_get(accessor, self, VALUE(type_of(self)));
        drop(accessor);
    }
    return dict;
}

int
instance_dict_set(Value self, Value value)
{
    if (!is_object(self) || !(type_flags(type_of(self)) & TYPE_HAS_DICT)) {
        Own accessor = native_accessor(self);
        int (*set)(Value, Value, Value) = accessor ? type_of(accessor)->slots.descr_set : NULL;
        int status = set ? set(accessor, self, value) : accessor ? raise_int(&exc_AttributeError, "readonly attribute") : -1;
        drop_opt(accessor);
        return status;
    }
    const Type *native = type_of(self)->native;
    if (!value && native && (type_flags(native) & TYPE_HAS_DICT)) { /* whichever class's accessor this is */
        return raise_int(&exc_TypeError, "cannot delete __dict__");
    }
    if (value && !is_dict(value)) {
        return raise_int(&exc_TypeError, "__dict__ must be set to a dictionary, not a '%T'", value);
    }
    return instance_set_dict(obj(self), own_opt(value));
}

Own
instance_weakref_get(Value self)
{
    Own list = weakref_list(self);
    if (!list) {
        return NO_VALUE;
    }
    Own first = list_len(list) ? list_get(list, 0) : NONE;
    drop(list);
    return first;
}
