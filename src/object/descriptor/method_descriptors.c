/* Methods of built-in types as their dicts hold them: method_descriptor, classmethod_descriptor,
 * wrapper_descriptor (slots), and method-wrapper, a bound wrapper.
 *
 * Threads: immutable. Descriptors of built-in types are immortal, so calling a method writes no
 * count. */
#include "object/descriptor/descriptor_priv.h"

#include "method_descriptors.spec.h"

Object *
descriptor_alloc(ShapeId shape, size_t size, size_t owner_offset, Type *owner)
{
    Object *o = object_alloc(shape, size, OBJ_TRACKED);
    if (o) {
        ref_init(o, (Own *)((char *)o + owner_offset), own(VALUE(owner)));
        if (!(type_flags(owner) & TYPE_HEAP)) {
            obj_make_immortal(o);
        }
    }
    return o;
}

Own
descriptor_qualname(const Type *owner, const char *name)
{
    Own type_name = object_getattr(VALUE(owner), NAME(__qualname__));
    if (!type_name) {
        return NO_VALUE;
    }
    Own text = str_fmt("%S.%s", (Value)type_name, name);
    drop(type_name);
    return text;
}

Own
reduce_getattr(Value owner, Value name)
{
    static const char builtins_name[] = "builtins";
    Own builtins = object_hooks.import_module(builtins_name);
    Own getattr = builtins ? object_getattr(builtins, NAME(getattr)) : NO_VALUE;
    drop_opt(builtins);
    Own args = getattr ? tuple_pack(2, owner, name) : NO_VALUE;
    Own result = args ? tuple_pack(2, (Value)getattr, (Value)args) : NO_VALUE;
    drop_opt(args);
    drop_opt(getattr);
    return result;
}

bool
descriptor_applies(const char *name, const Type *owner, Value self)
{
    if (LIKELY(is_instance_of(self, owner))) {
        return true;
    }
    raise_fmt(&exc_TypeError, "descriptor '%s' for '%N' objects doesn't apply to a '%T' object",
              name, owner, self);
    return false;
}

static Own
doc_of(const char *name, const char *doc)
{
    const char *text = doc ? doc_after_signature(name, doc) : NULL;
    return text && *text ? str_from_cstr(text) : NONE;
}

static Own
signature_of(const char *name, const char *doc)
{
    return doc ? doc_signature(name, doc) : NONE;
}

/* -- method_descriptor and classmethod_descriptor -- */

static Own
make_static(const MethodDef *def, Type *owner)
{
    Own function = builtin_new(def, VALUE(owner), NO_VALUE);
    Own result = function ? staticmethod_new(function) : NO_VALUE;
    drop_opt(function);
    return result;
}

Own
method_descriptor_new(const MethodDef *def, Type *owner)
{
    if (def->flags & METHOD_STATIC) {
        return make_static(def, owner);
    }
    ShapeId shape =
        def->flags & METHOD_CLASS ? SHAPE_CLASSMETHOD_DESCRIPTOR : SHAPE_METHOD_DESCRIPTOR;
    MethodDescriptor *d = (MethodDescriptor *)descriptor_alloc(
        shape, sizeof *d, offsetof(MethodDescriptor, owner), owner);
    if (d) {
        d->def = def;
    }
    return OWN(d);
}

static Own
method_descriptor_get(Value v, Value instance, Value owner UNUSED)
{
    const MethodDescriptor *d = (const MethodDescriptor *)obj(v);
    if (!instance) {
        return own(v);
    }
    return descriptor_applies(d->def->name, d->owner, instance)
               ? builtin_new(d->def, instance, NO_VALUE)
               : NO_VALUE;
}

static Own
method_descriptor_call(Value v, Value const *args, size_t nargs, Value kwnames)
{
    const MethodDescriptor *d = (const MethodDescriptor *)obj(v);
    if (UNLIKELY(nargs == 0)) {
        return raise_fmt(&exc_TypeError, "unbound method %N.%s() needs an argument", d->owner,
                         d->def->name);
    }
    if (UNLIKELY(!descriptor_applies(d->def->name, d->owner, args[0])) || !c_stack_ok()) {
        return NO_VALUE;
    }
    return d->def->fn(args[0], args + 1, nargs - 1, kwnames);
}

/* The class that class method d is to be called with. fail: null + TypeError */
static Value
class_argument(const MethodDescriptor *d, Value c)
{
    if (!is_type(c)) {
        return raise_fmt(&exc_TypeError,
                         "descriptor '%s' for type '%N' needs a type, not a '%T' as arg 2",
                         d->def->name, d->owner, c);
    }
    if (!type_is_subtype((Type *)obj(c), d->owner)) {
        return raise_fmt(&exc_TypeError,
                         "descriptor '%s' requires a subtype of '%N' but received '%N'",
                         d->def->name, d->owner, (Type *)obj(c));
    }
    return c;
}

static Own
classmethod_descriptor_get(Value v, Value instance, Value owner)
{
    const MethodDescriptor *d = (const MethodDescriptor *)obj(v);
    if (!owner) {
        if (!instance) {
            return raise_fmt(&exc_TypeError,
                             "descriptor '%s' for type '%N' needs either an object or a type",
                             d->def->name, d->owner);
        }
        owner = VALUE(type_of(instance));
    }
    Value c = class_argument(d, owner);
    return c ? builtin_new(d->def, c, NO_VALUE) : NO_VALUE;
}

static Own
classmethod_descriptor_call(Value v, Value const *args, size_t nargs, Value kwnames)
{
    const MethodDescriptor *d = (const MethodDescriptor *)obj(v);
    if (nargs == 0) {
        return raise_fmt(&exc_TypeError, "descriptor '%s' of '%N' object needs an argument",
                         d->def->name, d->owner);
    }
    Value c = class_argument(d, args[0]);
    return c ? d->def->fn(c, args + 1, nargs - 1, kwnames) : NO_VALUE;
}

static Own
method_descriptor_repr(Value v)
{
    const MethodDescriptor *d = (const MethodDescriptor *)obj(v);
    return str_fmt("<method '%s' of '%N' objects>", d->def->name, d->owner);
}

#define METHOD_GETTERS(prefix, Struct, def_name, def_doc, owner_type)                              \
    Own prefix##_get_objclass(Struct *self)                                                        \
    {                                                                                              \
        return own(VALUE(owner_type));                                                             \
    }                                                                                              \
    Own prefix##_get_name(Struct *self)                                                            \
    {                                                                                              \
        return str_from_cstr(def_name);                                                            \
    }                                                                                              \
    Own prefix##_get_qualname(Struct *self)                                                        \
    {                                                                                              \
        return descriptor_qualname(owner_type, def_name);                                          \
    }                                                                                              \
    Own prefix##_get_doc(Struct *self)                                                             \
    {                                                                                              \
        return doc_of(def_name, def_doc);                                                          \
    }                                                                                              \
    Own prefix##_get_text_signature(Struct *self)                                                  \
    {                                                                                              \
        return signature_of(def_name, def_doc);                                                    \
    }

#define METHOD_REDUCE(prefix, Struct, def_name)                                                    \
    Own prefix##_py___reduce__(Struct *self)                                                       \
    {                                                                                              \
        Own name = str_from_cstr(def_name);                                                        \
        Own result = name ? reduce_getattr(VALUE(self->owner), name) : NO_VALUE;                   \
        drop_opt(name);                                                                            \
        return result;                                                                             \
    }

METHOD_GETTERS(method_descriptor, MethodDescriptor, self->def->name, self->def->doc, self->owner)
METHOD_GETTERS(classmethod_descriptor, MethodDescriptor, self->def->name, self->def->doc,
               self->owner)
METHOD_REDUCE(method_descriptor, MethodDescriptor, self->def->name)
METHOD_REDUCE(classmethod_descriptor, MethodDescriptor, self->def->name)

static int
method_descriptor_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((MethodDescriptor *)o)->owner);
    return 0;
}

static void
method_descriptor_dealloc(Object *o)
{
    drop(OWN(((MethodDescriptor *)o)->owner));
    object_free(o);
}

Type method_descriptor_type = {
    .name = "method_descriptor",
    .root_shape = SHAPE_METHOD_DESCRIPTOR,
    .flags = TYPE_GC | TYPE_METHOD_LIKE,
    .basic_size = sizeof(MethodDescriptor),
    .slots =
        {
            .traverse = method_descriptor_traverse,
            .dealloc = method_descriptor_dealloc,
            .repr = method_descriptor_repr,
            .call = method_descriptor_call,
            .descr_get = method_descriptor_get,
        },
    .methods = method_descriptor_methods,
    .getsets = method_descriptor_getsets,
    .spec_doc = method_descriptor_doc,
};

Type classmethod_descriptor_type = {
    .name = "classmethod_descriptor",
    .root_shape = SHAPE_CLASSMETHOD_DESCRIPTOR,
    .flags = TYPE_GC,
    .basic_size = sizeof(MethodDescriptor),
    .slots =
        {
            .traverse = method_descriptor_traverse,
            .dealloc = method_descriptor_dealloc,
            .repr = method_descriptor_repr,
            .call = classmethod_descriptor_call,
            .descr_get = classmethod_descriptor_get,
        },
    .methods = classmethod_descriptor_methods,
    .getsets = classmethod_descriptor_getsets,
    .spec_doc = classmethod_descriptor_doc,
};

/* -- wrapper_descriptor -- */

Own
wrapper_descriptor_new(const SlotDef *def, Type *owner, void *fn)
{
    WrapperDescriptor *w = (WrapperDescriptor *)descriptor_alloc(
        SHAPE_WRAPPER_DESCRIPTOR, sizeof *w, offsetof(WrapperDescriptor, owner), owner);
    if (w) {
        w->def = def;
        w->fn = fn;
    }
    return OWN(w);
}

Own
wrapper_call(const WrapperDescriptor *w, Value self, Value const *args, size_t nargs, Value kwnames)
{
    if (kwnames && !w->def->keywords) {
        return raise_fmt(&exc_TypeError, "wrapper %s() takes no keyword arguments", w->def->name);
    }
    return c_stack_ok() ? w->def->wrap(w, self, args, nargs, kwnames) : NO_VALUE;
}

static Own
wrapper_descriptor_call(Value v, Value const *args, size_t nargs, Value kwnames)
{
    const WrapperDescriptor *w = as_wrapper(v);
    if (UNLIKELY(nargs == 0)) {
        return raise_fmt(&exc_TypeError, "descriptor '%s' of '%N' object needs an argument",
                         w->def->name, w->owner);
    }
    if (UNLIKELY(!is_instance_of(args[0], w->owner))) {
        return raise_fmt(&exc_TypeError,
                         "descriptor '%s' requires a '%N' object but received a '%T'", w->def->name,
                         w->owner, args[0]);
    }
    return wrapper_call(w, args[0], args + 1, nargs - 1, kwnames);
}

static Own
wrapper_descriptor_get(Value v, Value instance, Value owner UNUSED)
{
    const WrapperDescriptor *w = as_wrapper(v);
    if (!instance) {
        return own(v);
    }
    if (!descriptor_applies(w->def->name, w->owner, instance)) {
        return NO_VALUE;
    }
    MethodWrapper *m = (MethodWrapper *)object_alloc(SHAPE_METHOD_WRAPPER, sizeof *m, OBJ_TRACKED);
    if (m) {
        ref_init(&m->head, &m->descriptor, own(v));
        ref_init(&m->head, &m->self, own(instance));
    }
    return OWN(m);
}

static Own
wrapper_descriptor_repr(Value v)
{
    const WrapperDescriptor *w = as_wrapper(v);
    return str_fmt("<slot wrapper '%s' of '%N' objects>", w->def->name, w->owner);
}

METHOD_GETTERS(wrapper_descriptor, WrapperDescriptor, self->def->name, self->def->doc, self->owner)
METHOD_REDUCE(wrapper_descriptor, WrapperDescriptor, self->def->name)

static int
wrapper_descriptor_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((WrapperDescriptor *)o)->owner);
    return 0;
}

static void
wrapper_descriptor_dealloc(Object *o)
{
    drop(OWN(((WrapperDescriptor *)o)->owner));
    object_free(o);
}

Type wrapper_descriptor_type = {
    .name = "wrapper_descriptor",
    .root_shape = SHAPE_WRAPPER_DESCRIPTOR,
    .flags = TYPE_GC | TYPE_METHOD_LIKE,
    .basic_size = sizeof(WrapperDescriptor),
    .slots =
        {
            .traverse = wrapper_descriptor_traverse,
            .dealloc = wrapper_descriptor_dealloc,
            .repr = wrapper_descriptor_repr,
            .call = wrapper_descriptor_call,
            .descr_get = wrapper_descriptor_get,
        },
    .methods = wrapper_descriptor_methods,
    .getsets = wrapper_descriptor_getsets,
    .spec_doc = wrapper_descriptor_doc,
};

/* -- method-wrapper -- */

static inline MethodWrapper *
as_method_wrapper(Value v)
{
    return (MethodWrapper *)obj(v);
}

static Own
method_wrapper_call(Value v, Value const *args, size_t nargs, Value kwnames)
{
    const MethodWrapper *m = as_method_wrapper(v);
    return wrapper_call(as_wrapper(m->descriptor), m->self, args, nargs, kwnames);
}

static Own
method_wrapper_repr(Value v)
{
    const MethodWrapper *m = as_method_wrapper(v);
    return str_fmt("<method-wrapper '%s' of %T object at %p>", as_wrapper(m->descriptor)->def->name,
                   (Value)m->self, obj(m->self));
}

static Own
method_wrapper_compare(Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || !IS_EXACT(a, METHOD_WRAPPER) ||
        !IS_EXACT(b, METHOD_WRAPPER)) {
        return own(NOTIMPLEMENTED);
    }
    const MethodWrapper *x = as_method_wrapper(a), *y = as_method_wrapper(b);
    return bool_value((x->descriptor == y->descriptor && x->self == y->self) == (op == CMP_EQ));
}

static int64_t
method_wrapper_hash(Value v)
{
    const MethodWrapper *m = as_method_wrapper(v);
    int64_t hash = (int64_t)((value_bits(m->self) >> 4) ^ (value_bits(m->descriptor) >> 4));
    return hash == -1 ? -2 : hash;
}

METHOD_GETTERS(method_wrapper, MethodWrapper, as_wrapper(self->descriptor)->def->name,
               as_wrapper(self->descriptor)->def->doc, as_wrapper(self->descriptor)->owner)

Own
method_wrapper_get_self(MethodWrapper *self)
{
    return own(self->self);
}

Own
method_wrapper_py___reduce__(MethodWrapper *self)
{
    Own name = str_from_cstr(as_wrapper(self->descriptor)->def->name);
    Own result = name ? reduce_getattr(self->self, name) : NO_VALUE;
    drop_opt(name);
    return result;
}

static int
method_wrapper_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((MethodWrapper *)o)->descriptor);
    VISIT(((MethodWrapper *)o)->self);
    return 0;
}

static void
method_wrapper_dealloc(Object *o)
{
    drop(((MethodWrapper *)o)->descriptor);
    drop(((MethodWrapper *)o)->self);
    object_free(o);
}

Type method_wrapper_type = {
    .name = "method-wrapper",
    .root_shape = SHAPE_METHOD_WRAPPER,
    .flags = TYPE_GC,
    .basic_size = sizeof(MethodWrapper),
    .slots =
        {
            .traverse = method_wrapper_traverse,
            .dealloc = method_wrapper_dealloc,
            .repr = method_wrapper_repr,
            .call = method_wrapper_call,
            .compare = method_wrapper_compare,
            .hash = method_wrapper_hash,
        },
    .methods = method_wrapper_methods,
    .getsets = method_wrapper_getsets,
    .spec_doc = method_wrapper_doc,
};
