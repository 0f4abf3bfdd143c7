/* Bound methods of Python functions. Immutable. */
#include "object/descriptor/descriptor_priv.h"

#include "object/type/slotdefs.h"

#include "method.spec.h"

static inline Method *
as_method(Value v)
{
    return (Method *)obj(v);
}

Own
method_new(Value function, Value self)
{
    Method *m = (Method *)object_alloc(SHAPE_METHOD, sizeof *m, OBJ_TRACKED);
    if (m) {
        ref_init(&m->head, &m->function, own(function));
        ref_init(&m->head, &m->self, own(self));
    }
    return OWN(m);
}

Own
method_make(Type *cls UNUSED, Value function, Value instance)
{
    if (!object_is_callable(function)) {
        return raise_msg(&exc_TypeError, "first argument must be callable");
    }
    if (instance == NONE) {
        return raise_msg(&exc_TypeError, "instance must not be None");
    }
    return method_new(function, instance);
}

static Own
method_call(Value v, Value const *args, size_t nargs, Value kwnames)
{
    const Method *m = as_method(v);
    return c_stack_ok() ? call_prepend(m->function, m->self, args, nargs, kwnames) : NO_VALUE;
}

/* What the type has, then what the function has. */
static Own
method_getattr(Value v, Value name)
{
    Own result;
    int found = generic_lookup(v, name, &result);
    if (found != 0) {
        return found < 0 ? NO_VALUE : result;
    }
    return object_getattr(as_method(v)->function, name);
}

/* A name as text for repr: __qualname__, else __name__, else NO_VALUE with nothing pending. fail:
 * -1 */
static int
method_name(Value function, Own *name)
{
    int found = object_lookup_attr(function, NAME(__qualname__), name);
    if (found == 0) {
        found = object_lookup_attr(function, NAME(__name__), name);
    }
    if (found > 0 && !is_str(*name)) {
        ref_clear(name);
    }
    return found < 0 ? -1 : 0;
}

static Own
method_repr(Value v)
{
    const Method *m = as_method(v);
    Own name;
    if (method_name(m->function, &name) < 0) {
        return NO_VALUE;
    }
    Own text = name ? str_fmt("<bound method %U of %R>", (Value)name, (Value)m->self)
                    : str_fmt("<bound method ? of %R>", (Value)m->self);
    drop_opt(name);
    return text;
}

static Own
method_compare(Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || !IS_EXACT(a, METHOD) || !IS_EXACT(b, METHOD)) {
        return own(NOTIMPLEMENTED);
    }
    const Method *x = as_method(a), *y = as_method(b);
    int equal = object_equal(x->function, y->function);
    if (equal < 0) {
        return NO_VALUE;
    }
    return bool_value((equal && x->self == y->self) == (op == CMP_EQ));
}

static int64_t
method_hash(Value v)
{
    const Method *m = as_method(v);
    int64_t of_function = object_hash(m->function);
    if (of_function == -1) {
        return -1;
    }
    uint64_t bits = value_bits(m->self);
    int64_t hash = of_function ^ (int64_t)(bits >> 4 | bits << 60);
    return hash == -1 ? -2 : hash;
}

static Own
method_get(Value v, Value instance UNUSED, Value owner UNUSED)
{
    return own(v); /* bound already */
}

Own
method_get_func(Method *self)
{
    return own(self->function);
}

Own
method_get_self(Method *self)
{
    return own(self->self);
}

Own
method_get_doc(Method *self)
{
    Own doc;
    int found = object_lookup_attr(self->function, NAME(__doc__), &doc);
    return found < 0 ? NO_VALUE : found ? doc : NONE;
}

Own
method_py___reduce__(Method *self)
{
    Own name = object_getattr(self->function, NAME(__name__));
    Own result = name ? reduce_getattr(self->self, name) : NO_VALUE;
    drop_opt(name);
    return result;
}

static int
method_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((Method *)o)->function);
    VISIT(((Method *)o)->self);
    return 0;
}

static void
method_dealloc(Object *o)
{
    drop_opt(((Method *)o)->function);
    drop_opt(((Method *)o)->self);
    object_free(o);
}

Type method_type = {
    .name = "method",
    .root_shape = SHAPE_METHOD,
    .flags = TYPE_GC | TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(Method),
    .slots =
        {
            .traverse = method_traverse,
            .dealloc = method_dealloc,
            .create = method_create_slot,
            .repr = method_repr,
            .call = method_call,
            .getattr = method_getattr,
            .compare = method_compare,
            .hash = method_hash,
            .descr_get = method_get,
        },
    .methods = method_methods,
    .getsets = method_getsets,
    .spec_doc = method_doc,
};
