/* property: an attribute that functions read, write and delete.
 *
 * Threads: the functions change only in __init__, doc and name by assignment, all in the property's
 * section; read with ref_load. */
#include "object/descriptor/descriptor_priv.h"

#include "property.spec.h"

static inline Property *
as_property(Value v)
{
    return (Property *)obj(v);
}

static void
swap_field(Property *p, Own *field, Own value)
{
    CriticalSection section;
    critical_enter(&section, &p->head);
    Own old = ref_swap(&p->head, field, value);
    critical_leave(&section);
    drop_opt(old);
}

static Own
function_or_none(Property *self, Own *field)
{
    Own function = ref_load(&self->head, field);
    return function ? function : NONE;
}

static Own
not_none(Value v)
{
    return v == NONE ? NO_VALUE : own(v);
}

/* -- making -- */

static Own
property_create(Type *type, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    return type_alloc(type, 0);
}

/* A property of a subclass shows its doc as an attribute of the instance, because the subclass's
 * own __doc__ would hide the descriptor. Eats doc. */
static int
set_doc_attribute(Property *self, Own doc)
{
    Value v = VALUE(self);
    if (type_of(v) == &property_type) {
        swap_field(self, &self->doc, doc);
        return 0;
    }
    int status = object_setattr(v, NAME(__doc__), doc);
    if (status < 0 && !self->doc_from_getter && exc_swallow(&exc_AttributeError)) {
        status = 0; /* no place for it, and nobody asked */
    }
    drop(doc);
    return status;
}

int
property_init(Property *self, Value fget, Value fset, Value fdel, Value doc)
{
    swap_field(self, &self->get, not_none(fget));
    swap_field(self, &self->set, not_none(fset));
    swap_field(self, &self->del, not_none(fdel));
    swap_field(self, &self->doc, NO_VALUE);
    swap_field(self, &self->name, NO_VALUE);
    self->doc_from_getter = false;
    Own text = not_none(doc);
    if (!text && fget != NONE) {
        if (object_lookup_attr(fget, NAME(__doc__), &text) < 0) {
            return -1;
        }
        if (text == NONE) {
            text = NO_VALUE;
        }
        self->doc_from_getter = text != NO_VALUE;
    }
    if (text) {
        return set_doc_attribute(self, text);
    }
    return type_of(VALUE(self)) == &property_type ? 0 : set_doc_attribute(self, NONE);
}

/* A property like self, with other functions where not NO_VALUE. */
static Own
copy_with(Property *self, Value get, Value set, Value del)
{
    Own g = get && get != NONE ? own(get) : function_or_none(self, &self->get);
    Own s = set && set != NONE ? own(set) : function_or_none(self, &self->set);
    Own d = del && del != NONE ? own(del) : function_or_none(self, &self->del);
    Own doc = NONE;
    if (!self->doc_from_getter || g == NONE) {
        Own mine = ref_load(&self->head, &self->doc);
        doc = mine ? mine : NONE;
    }
    Value args[] = {g, s, d, doc};
    Own copy = object_call(VALUE(type_of(VALUE(self))), args, 4, NO_VALUE);
    if (copy && is_instance_of(copy, &property_type)) {
        swap_field(as_property(copy), &as_property(copy)->name, ref_load(&self->head, &self->name));
    }
    drop(g);
    drop(s);
    drop(d);
    drop(doc);
    return copy;
}

Own
property_py_getter(Property *self, Value function)
{
    return copy_with(self, function, NO_VALUE, NO_VALUE);
}

Own
property_py_setter(Property *self, Value function)
{
    return copy_with(self, NO_VALUE, function, NO_VALUE);
}

Own
property_py_deleter(Property *self, Value function)
{
    return copy_with(self, NO_VALUE, NO_VALUE, function);
}

/* -- the name -- */

/* Given, or that of the getter: 1, 0, -1 */
static int
property_name(Property *self, Own *name)
{
    *name = ref_load(&self->head, &self->name);
    if (*name) {
        return 1;
    }
    Own get = ref_load(&self->head, &self->get);
    if (!get) {
        return 0;
    }
    int found = object_lookup_attr(get, NAME(__name__), name);
    drop(get);
    return found;
}

Own
property_py___set_name__(Value self, Value const *args, size_t nargs, Value kwnames UNUSED)
{
    if (nargs != 2) {
        return raise_fmt(&exc_TypeError,
                         "__set_name__() takes 2 positional arguments but %zu were given", nargs);
    }
    swap_field(as_property(self), &as_property(self)->name, own(args[1]));
    return NONE;
}

Own
property_get_name(Property *self)
{
    Own name;
    int found = property_name(self, &name);
    return found == 0  ? raise_attribute_error(VALUE(self), NAME(__name__))
           : found < 0 ? NO_VALUE
                       : name;
}

int
property_set_name(Property *self, Value value)
{
    swap_field(self, &self->name, own_opt(value));
    return 0;
}

/* -- access -- */

/* "property 'x' of 'C' object has no getter" */
static void
raise_no_function(Property *self, Value instance, const char *what)
{
    Own name, of = type_get_qualname(type_of(instance));
    if (!of || property_name(self, &name) < 0) {
        drop_opt(of);
        return;
    }
    if (name) {
        raise_fmt(&exc_AttributeError, "property %R of %R object has no %s", (Value)name, (Value)of,
                  what);
    } else {
        raise_fmt(&exc_AttributeError, "property of %R object has no %s", (Value)of, what);
    }
    drop_opt(name);
    drop(of);
}

static Own
property_get(Value v, Value instance, Value owner UNUSED)
{
    Property *self = as_property(v);
    if (!instance || instance == NONE) {
        return own(v);
    }
    Own get = ref_load(&self->head, &self->get);
    if (!get) {
        raise_no_function(self, instance, "getter");
        return NO_VALUE;
    }
    Own result = c_stack_ok() ? call1(get, instance) : NO_VALUE;
    drop(get);
    return result;
}

static int
property_set(Value v, Value instance, Value value)
{
    Property *self = as_property(v);
    Own function = ref_load(&self->head, value ? &self->set : &self->del);
    if (!function) {
        raise_no_function(self, instance, value ? "setter" : "deleter");
        return -1;
    }
    Own result = !c_stack_ok() ? NO_VALUE
                 : value       ? call2(function, instance, value)
                               : call1(function, instance);
    drop(function);
    drop_opt(result);
    return result ? 0 : -1;
}

Own
property_get_fget(Property *self)
{
    return function_or_none(self, &self->get);
}

Own
property_get_fset(Property *self)
{
    return function_or_none(self, &self->set);
}

Own
property_get_fdel(Property *self)
{
    return function_or_none(self, &self->del);
}

Own
property_get_doc(Property *self)
{
    return function_or_none(self, &self->doc);
}

int
property_set_doc(Property *self, Value value)
{
    swap_field(self, &self->doc, own_opt(value));
    return 0;
}

Own
property_get_isabstractmethod(Property *self)
{
    Own *const fields[] = {&self->get, &self->set, &self->del};
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        Own function = ref_load(&self->head, fields[i]);
        if (function) {
            Own abstract = object_is_abstract(function);
            drop(function);
            if (abstract != FALSE_VALUE) {
                return abstract;
            }
        }
    }
    return FALSE_VALUE;
}

/* -- life -- */

static int
property_traverse(Object *o, Visit visit, void *arg)
{
    const Property *p = (const Property *)o;
    VISIT(p->get);
    VISIT(p->set);
    VISIT(p->del);
    VISIT(p->doc);
    VISIT(p->name);
    return 0;
}

static void
property_clear(Object *o)
{
    Property *p = (Property *)o;
    ref_clear(&p->get);
    ref_clear(&p->set);
    ref_clear(&p->del);
    ref_clear(&p->doc);
    ref_clear(&p->name);
}

static void
property_dealloc(Object *o)
{
    property_clear(o);
    object_free(o);
}

Type property_type = {
    .name = "property",
    .root_shape = SHAPE_PROPERTY,
    .flags = TYPE_BASE | TYPE_GC,
    .basic_size = sizeof(Property),
    .slots =
        {
            .traverse = property_traverse,
            .clear = property_clear,
            .dealloc = property_dealloc,
            .create = property_create,
            .init = property_init_slot,
            .descr_get = property_get,
            .descr_set = property_set,
        },
    .methods = property_methods,
    .getsets = property_getsets,
    .spec_doc = property_doc,
};
