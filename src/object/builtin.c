/* Functions written in C: of modules, bound methods of built-in types, and the __new__ of types.
 *
 * Threads: immutable, but for `module`, which its maker sets before others see it. */
#include "object/descriptor/descriptor_priv.h"

#include "builtin.spec.h"

static inline Builtin *
as_builtin(Value v)
{
    return (Builtin *)obj(v);
}

Own
builtin_new(const MethodDef *def, Value self, Value module)
{
    bool lasting = module != NO_VALUE; /* one that a module declares: threads call it without counting */
    Builtin *b = (Builtin *)object_alloc(SHAPE_BUILTIN, sizeof *b, OBJ_TRACKED | (lasting ? OBJ_DEFERRED : 0));
    if (b) {
        b->def = def;
        ref_init(&b->head, &b->self, own_opt(self));
        ref_init(&b->head, &b->module, own_opt(module));
    }
    return OWN(b);
}

static Own
builtin_call(Value v, Value const *args, size_t nargs, Value kwnames)
{
    const Builtin *b = as_builtin(v);
    return c_stack_ok() ? b->def->fn(b->self, args, nargs, kwnames) : NO_VALUE;
}

static bool
is_function(const Builtin *b)
{
    return !b->self || is_instance_of(b->self, &module_type);
}

static Own
builtin_repr(Value v)
{
    const Builtin *b = as_builtin(v);
    if (is_function(b)) {
        return str_fmt("<built-in function %s>", b->def->name);
    }
    return str_fmt("<built-in method %s of %T object at %p>", b->def->name, (Value)b->self,
                   obj(b->self));
}

static Own
builtin_compare(Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || !IS_EXACT(a, BUILTIN) || !IS_EXACT(b, BUILTIN)) {
        return own(NOTIMPLEMENTED);
    }
    const Builtin *x = as_builtin(a), *y = as_builtin(b);
    bool equal = x->self == y->self && x->def->fn == y->def->fn;
    return bool_value(equal == (op == CMP_EQ));
}

static int64_t
builtin_hash(Value v)
{
    const Builtin *b = as_builtin(v);
    uint64_t bits = value_bits(b->self) ^ (uint64_t)(uintptr_t)b->def->fn;
    int64_t hash = (int64_t)(bits >> 4 | bits << 60);
    return hash == -1 ? -2 : hash;
}

Own
builtin_get_module(Builtin *self)
{
    return self->module ? own(self->module) : NONE;
}

Own
builtin_get_doc(Builtin *self)
{
    const char *text = self->def->doc ? doc_after_signature(self->def->name, self->def->doc) : NULL;
    return text && *text ? str_from_cstr(text) : NONE;
}

Own
builtin_get_name(Builtin *self)
{
    return str_from_cstr(self->def->name);
}

Own
builtin_get_qualname(Builtin *self)
{
    if (is_function(self)) {
        return str_from_cstr(self->def->name);
    }
    return descriptor_qualname(is_type(self->self) ? (Type *)obj(self->self) : type_of(self->self),
                               self->def->name);
}

Own
builtin_get_self(Builtin *self)
{
    return self->self ? own(self->self) : NONE;
}

Own
builtin_get_text_signature(Builtin *self)
{
    return self->def->doc ? doc_signature(self->def->name, self->def->doc) : NONE;
}

Own
builtin_py___reduce__(Builtin *self)
{
    Own name = str_from_cstr(self->def->name);
    if (!name || is_function(self)) {
        return name;
    }
    Own result = reduce_getattr(self->self, name);
    drop(name);
    return result;
}

static int
builtin_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((Builtin *)o)->self);
    VISIT(((Builtin *)o)->module);
    return 0;
}

static void
builtin_dealloc(Object *o)
{
    ref_clear(&((Builtin *)o)->self);
    ref_clear(&((Builtin *)o)->module);
    object_free(o);
}

Type builtin_type = {
    .name = "builtin_function_or_method",
    .root_shape = SHAPE_BUILTIN,
    .flags = TYPE_GC | TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(Builtin),
    .slots =
        {
            .traverse = builtin_traverse,
            .dealloc = builtin_dealloc,
            .repr = builtin_repr,
            .call = builtin_call,
            .compare = builtin_compare,
            .hash = builtin_hash,
        },
    .methods = builtin_methods,
    .getsets = builtin_getsets,
    .spec_doc = builtin_doc,
};

/* -- the __new__ of types -- */

/* T.__new__(S, ...): S below T, and nothing in C between them that makes instances in its own way.
 */
static Own
new_call(Value self, Value const *args, size_t nargs, Value kwnames)
{
    Type *t = (Type *)obj(self);
    if (nargs < 1) {
        return raise_fmt(&exc_TypeError, "%N.__new__(): not enough arguments", t);
    }
    if (!is_type(args[0])) {
        return raise_fmt(&exc_TypeError, "%N.__new__(X): X is not a type object (%T)", t, args[0]);
    }
    Type *s = (Type *)obj(args[0]);
    if (!type_is_subtype(s, t)) {
        return raise_fmt(&exc_TypeError, "%N.__new__(%N): %N is not a subtype of %N", t, s, s, t);
    }
    const Type *native = s;
    while (native && (type_flags(native) & TYPE_HEAP) &&
           native->slots.dealloc == instance_dealloc) {
        native = native->base;
    }
    if (native && (!native->slots.create || (type_flags(native) & TYPE_NO_INSTANTIATE))) {
        return raise_fmt(&exc_TypeError, "cannot create '%s' instances", native->name);
    }
    if (native && native->slots.create != t->slots.create) {
        return raise_fmt(&exc_TypeError, "%N.__new__(%N) is not safe, use %N.__new__()", t, s,
                         native);
    }
    return t->slots.create(s, args + 1, nargs - 1, kwnames);
}

static const MethodDef new_method = {
    "__new__",
    "__new__($type, *args, **kwargs)\n--\n\nMakes a new object of a type below this one.", new_call,
    METHOD_NEW};

Own
new_function(Type *t)
{
    return builtin_new(&new_method, VALUE(t), NO_VALUE);
}
