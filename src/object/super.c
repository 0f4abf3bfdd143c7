/* super: attribute access from a point in a method resolution order on.
 *
 * Threads: fields change only in __init__, together, in the object's section; where several are needed they are read there. */
#include "object/hooks.h"
#include "object/type/slotdefs.h"

typedef struct Super {
    Object head;
    Own start;      /* a class, NO_VALUE before __init__ */
    Own self;       /* NO_VALUE when not bound */
    Own self_class; /* the class of self, or self; NO_VALUE when not bound */
} Super;

#include "super.spec.h"

static inline Super *
as_super(Value v)
{
    return (Super *)obj(v);
}

/* The mro() of a metaclass may leave out the class itself. */
static bool
mro_has_itself(const Type *t)
{
    Own mro = __atomic_load_n(&t->mro, __ATOMIC_ACQUIRE);
    for (int64_t i = 0; mro && i < as_tuple(mro)->length; i++) {
        if (tuple_item(mro, i) == VALUE(t)) {
            return true;
        }
    }
    return !mro; /* it is still being made */
}

/* The class whose order super(start, v) follows: v itself, v's type, or v.__class__. own: ret new
 */
static Own
super_class_of(Type *start, Value v)
{
    if (is_type(v) && type_is_subtype((Type *)obj(v), start) && (VALUE(start) != v || mro_has_itself(start))) {
        return own(v);
    }
    if (is_instance_of(v, start)) {
        return own(VALUE(type_of(v)));
    }
    Own c;
    if (object_lookup_attr(v, NAME(__class__), &c) < 0) {
        return NO_VALUE;
    }
    if (c && is_type(c) && c != OWN(type_of(v)) && type_is_subtype((Type *)obj(c), start)) {
        return c;
    }
    drop_opt(c);
    if (is_type(v)) {
        return raise_fmt(
            &exc_TypeError,
            "super(type, obj): obj (type %N) is not an instance or subtype of type (%N).",
            (Type *)obj(v), start);
    }
    return raise_fmt(
        &exc_TypeError,
        "super(type, obj): obj (instance of %T) is not an instance or subtype of type (%N).", v,
        start);
}

Own
super_find(Type *start, Value self, Type *self_type, Value name, bool for_call, bool *unbound)
{
    Own of = self_type ? own(VALUE(self_type)) : super_class_of(start, self);
    if (!of) {
        return NO_VALUE;
    }
    Own result;
    int found = super_lookup(start, self, (Type *)obj(of), name, for_call, unbound, &result);
    drop(of);
    if (found == 0) {
        /* what every super object has: __class__, __doc__, __repr__... */
        Value args[] = {VALUE(start), self};
        Own super = object_call(VALUE(&super_type), args, 2, NO_VALUE);
        result = super ? object_generic_getattr(super, name) : NO_VALUE;
        drop_opt(super);
    }
    return result;
}

static Own
super_getattr(Value v, Value name)
{
    Super *s = as_super(v);
    CriticalSection section;
    critical_enter(&section, &s->head);
    Own start = own_opt(s->start), self = own_opt(s->self), self_class = own_opt(s->self_class), result = NO_VALUE;
    critical_leave(&section);
    bool unbound;
    int found = self_class ? super_lookup((Type *)obj(start), self, (Type *)obj(self_class), name, false, &unbound, &result) : 0;
    drop_opt(start);
    drop_opt(self);
    drop_opt(self_class);
    return found ? result : object_generic_getattr(v, name);
}

static Own
super_repr(Value v)
{
    Super *s = as_super(v);
    Own start = ref_load(&s->head, &s->start), of = ref_load(&s->head, &s->self_class);
    Own name = start ? type_qualified_name((Type *)obj(start)) : str_from_cstr("NULL");
    Own text = NO_VALUE;
    if (name && of) {
        text = str_fmt("<super: <class '%U'>, <%N object>>", (Value)name, (Type *)obj(of));
    } else if (name) {
        text = str_fmt("<super: <class '%U'>, NULL>", (Value)name);
    }
    drop_opt(name);
    drop_opt(start);
    drop_opt(of);
    return text;
}

/* super(T) as a class attribute binds to the instance. */
static Own
super_get(Value v, Value instance, Value owner UNUSED)
{
    Super *s = as_super(v);
    Own self = ref_load(&s->head, &s->self);
    if (!instance || instance == NONE || self) {
        drop_opt(self);
        return own(v);
    }
    Own start = ref_load(&s->head, &s->start);
    if (!start) { /* no __init__ yet */
        return own(v);
    }
    Value args[] = {start, instance};
    Own bound = object_call(VALUE(type_of(v)), args, 2, NO_VALUE);
    drop(start);
    return bound;
}

static Own
super_create(Type *type, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    return type_alloc(type, 0);
}

/* start and self are eaten; self may be NO_VALUE. fail: -1 */
static int
super_set(Super *s, Own start, Own self)
{
    Own of = NO_VALUE;
    if (self == NONE) {
        self = NO_VALUE;
    }
    if (self) {
        of = super_class_of((Type *)obj(start), self);
        if (!of) {
            drop(start);
            drop(self);
            return -1;
        }
    }
    CriticalSection section;
    critical_enter(&section, &s->head);
    Own old[] = {ref_swap(&s->head, &s->start, start), ref_swap(&s->head, &s->self, self),
                 ref_swap(&s->head, &s->self_class, of)};
    critical_leave(&section);
    for (size_t i = 0; i < ARRAY_LEN(old); i++) {
        drop_opt(old[i]);
    }
    return 0;
}

static int
super_init(Value v, Value const *args, size_t nargs, Value kwnames)
{
    if (kwnames && as_tuple(kwnames)->length) {
        return raise_int(&exc_TypeError, "super() takes no keyword arguments");
    }
    if (nargs > 2) {
        return raise_int(&exc_TypeError, "super() expected at most 2 arguments, got %zu", nargs);
    }
    if (nargs == 0) {
        Own start, self;
        return object_hooks.super_arguments(&start, &self) < 0
                   ? -1
                   : super_set(as_super(v), start, self);
    }
    if (!is_type(args[0])) {
        return raise_int(&exc_TypeError, "super() argument 1 must be a type, not %T", args[0]);
    }
    return super_set(as_super(v), own(args[0]), nargs > 1 ? own(args[1]) : NO_VALUE);
}

static Own
field_or_none(Super *self, Own *field)
{
    Own v = ref_load(&self->head, field);
    return v ? v : NONE;
}

Own
super_get_thisclass(Super *self)
{
    return field_or_none(self, &self->start);
}

Own
super_get_self(Super *self)
{
    return field_or_none(self, &self->self);
}

Own
super_get_self_class(Super *self)
{
    return field_or_none(self, &self->self_class);
}

static int
super_traverse(Object *o, Visit visit, void *arg)
{
    const Super *s = (const Super *)o;
    VISIT(s->start);
    VISIT(s->self);
    VISIT(s->self_class);
    return 0;
}

static void
super_dealloc(Object *o)
{
    Super *s = (Super *)o;
    ref_clear(&s->start);
    ref_clear(&s->self);
    ref_clear(&s->self_class);
    object_free(o);
}

Type super_type = {
    .name = "super",
    .root_shape = SHAPE_SUPER,
    .flags = TYPE_BASE | TYPE_GC,
    .basic_size = sizeof(Super),
    .slots =
        {
            .traverse = super_traverse,
            .dealloc = super_dealloc,
            .create = super_create,
            .init = super_init,
            .repr = super_repr,
            .getattr = super_getattr,
            .descr_get = super_get,
        },
    .methods = super_methods,
    .getsets = super_getsets,
    .spec_doc = super_doc,
};
