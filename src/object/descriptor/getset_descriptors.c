/* Attributes of built-in types (getset_descriptor), and fields: of C structs, and the names in
 * __slots__ (member_descriptor).
 *
 * Threads: descriptors are immutable. A word of __slots__ changes in the instance's section and is
 * read with ref_load. */
#include "object/descriptor/descriptor_priv.h"

#include "getset_descriptors.spec.h"

static Own
raise_read_only(const char *name, const Type *owner)
{
    return raise_fmt(&exc_AttributeError, "attribute '%s' of '%N' objects is not writable", name,
                     owner);
}

static Own
doc_or_none(const GetSetDef *def)
{
    return def && def->doc && *def->doc ? str_from_cstr(def->doc) : NONE;
}

/* -- getset_descriptor -- */

static inline GetSetDescriptor *
as_getset(Value v)
{
    return (GetSetDescriptor *)obj(v);
}

Own
getset_descriptor_new(const GetSetDef *def, Type *owner)
{
    if (def->member) {
        Own name = str_intern_cstr(def->name);
        Own d = name ? member_descriptor_new(name, owner, 0) : NO_VALUE;
        if (d) {
            ((MemberDescriptor *)obj(d))->def = def;
        }
        return d;
    }
    GetSetDescriptor *d = (GetSetDescriptor *)descriptor_alloc(
        SHAPE_GETSET_DESCRIPTOR, sizeof *d, offsetof(GetSetDescriptor, owner), owner);
    if (d) {
        d->def = def;
    }
    return OWN(d);
}

static Own
getset_get(Value v, Value instance, Value owner UNUSED)
{
    const GetSetDescriptor *d = as_getset(v);
    if (!instance) {
        return own(v);
    }
    if (UNLIKELY(!descriptor_applies(d->def->name, d->owner, instance))) {
        return NO_VALUE;
    }
    return d->def->get(instance);
}

static int
getset_set(Value v, Value instance, Value value)
{
    const GetSetDescriptor *d = as_getset(v);
    if (UNLIKELY(!descriptor_applies(d->def->name, d->owner, instance))) {
        return -1;
    }
    if (!d->def->set) {
        raise_read_only(d->def->name, d->owner);
        return -1;
    }
    return d->def->set(instance, value);
}

static Own
getset_repr(Value v)
{
    return str_fmt("<attribute '%s' of '%N' objects>", as_getset(v)->def->name,
                   as_getset(v)->owner);
}

Own
getset_descriptor_get_objclass(GetSetDescriptor *self)
{
    return own(VALUE(self->owner));
}

Own
getset_descriptor_get_name(GetSetDescriptor *self)
{
    return str_from_cstr(self->def->name);
}

Own
getset_descriptor_get_qualname(GetSetDescriptor *self)
{
    return descriptor_qualname(self->owner, self->def->name);
}

Own
getset_descriptor_get_doc(GetSetDescriptor *self)
{
    return doc_or_none(self->def);
}

static int
getset_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((GetSetDescriptor *)o)->owner);
    return 0;
}

static void
getset_dealloc(Object *o)
{
    drop(OWN(((GetSetDescriptor *)o)->owner));
    object_free(o);
}

Type getset_descriptor_type = {
    .name = "getset_descriptor",
    .root_shape = SHAPE_GETSET_DESCRIPTOR,
    .flags = TYPE_GC,
    .basic_size = sizeof(GetSetDescriptor),
    .slots =
        {
            .traverse = getset_traverse,
            .dealloc = getset_dealloc,
            .repr = getset_repr,
            .descr_get = getset_get,
            .descr_set = getset_set,
        },
    .methods = getset_descriptor_methods,
    .getsets = getset_descriptor_getsets,
    .spec_doc = getset_descriptor_doc,
};

/* -- member_descriptor -- */

static inline MemberDescriptor *
as_member(Value v)
{
    return (MemberDescriptor *)obj(v);
}

Own
member_descriptor_new(Value name, Type *owner, uint32_t offset)
{
    MemberDescriptor *d = (MemberDescriptor *)descriptor_alloc(
        SHAPE_MEMBER_DESCRIPTOR, sizeof *d, offsetof(MemberDescriptor, owner), owner);
    if (d) {
        ref_init(&d->head, &d->name, own(name));
        d->offset = offset;
    }
    return OWN(d);
}

static bool
member_applies(const MemberDescriptor *d, Value instance)
{
    if (LIKELY(is_instance_of(instance, d->owner))) {
        return true;
    }
    raise_fmt(&exc_TypeError, "descriptor '%U' for '%N' objects doesn't apply to a '%T' object",
              (Value)d->name, d->owner, instance);
    return false;
}

static inline Own *
member_field(const MemberDescriptor *d, Value instance)
{
    return (Own *)((char *)obj(instance) + d->offset);
}

static Own
member_get(Value v, Value instance, Value owner UNUSED)
{
    const MemberDescriptor *d = as_member(v);
    if (!instance) {
        return own(v);
    }
    if (UNLIKELY(!member_applies(d, instance))) {
        return NO_VALUE;
    }
    if (d->def) {
        return d->def->get(instance);
    }
    Own value = d->offset ? ref_load(obj(instance), member_field(d, instance))
                          : instance_get(obj(instance), d->name);
    return LIKELY(value != NO_VALUE)
               ? value
               : raise_attribute_error_fmt(instance, d->name, "'%Q' object has no attribute '%U'", instance, (Value)d->name);
}

/* 1 done, 0 nothing to delete, -1 failed */
static int
member_store(const MemberDescriptor *d, Value instance, Value value)
{
    if (!d->offset) {
        return value ? (instance_set(obj(instance), d->name, own(value)) < 0 ? -1 : 1)
                     : instance_delete(obj(instance), d->name);
    }
    CriticalSection section;
    critical_enter(&section, obj(instance));
    Own old = ref_swap(obj(instance), member_field(d, instance), own_opt(value));
    critical_leave(&section);
    bool was_set = old != NO_VALUE;
    drop_opt(old);
    return value || was_set;
}

static int
member_set(Value v, Value instance, Value value)
{
    const MemberDescriptor *d = as_member(v);
    if (UNLIKELY(!member_applies(d, instance))) {
        return -1;
    }
    if (d->def) {
        return d->def->set ? d->def->set(instance, value)
                           : raise_int(&exc_AttributeError, "readonly attribute");
    }
    int status = member_store(d, instance, value);
    if (status == 0) {
        raise_value(&exc_AttributeError, d->name);
    }
    return status > 0 ? 0 : -1;
}

static Own
member_repr(Value v)
{
    return str_fmt("<member '%U' of '%N' objects>", (Value)as_member(v)->name, as_member(v)->owner);
}

Own
member_descriptor_get_objclass(MemberDescriptor *self)
{
    return own(VALUE(self->owner));
}

Own
member_descriptor_get_name(MemberDescriptor *self)
{
    return own(self->name);
}

Own
member_descriptor_get_qualname(MemberDescriptor *self)
{
    Own type_name = object_getattr(VALUE(self->owner), NAME(__qualname__));
    Own text = type_name ? str_fmt("%S.%U", (Value)type_name, (Value)self->name) : NO_VALUE;
    drop_opt(type_name);
    return text;
}

Own
member_descriptor_get_doc(MemberDescriptor *self)
{
    return doc_or_none(self->def);
}

Own
member_descriptor_py___reduce__(MemberDescriptor *self)
{
    return reduce_getattr(VALUE(self->owner), self->name);
}

static int
member_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((MemberDescriptor *)o)->owner);
    VISIT(((MemberDescriptor *)o)->name);
    return 0;
}

static void
member_dealloc(Object *o)
{
    drop(OWN(((MemberDescriptor *)o)->owner));
    drop_opt(((MemberDescriptor *)o)->name);
    object_free(o);
}

Type member_descriptor_type = {
    .name = "member_descriptor",
    .root_shape = SHAPE_MEMBER_DESCRIPTOR,
    .flags = TYPE_GC,
    .basic_size = sizeof(MemberDescriptor),
    .slots =
        {
            .traverse = member_traverse,
            .dealloc = member_dealloc,
            .repr = member_repr,
            .descr_get = member_get,
            .descr_set = member_set,
        },
    .methods = member_descriptor_methods,
    .getsets = member_descriptor_getsets,
    .spec_doc = member_descriptor_doc,
};
