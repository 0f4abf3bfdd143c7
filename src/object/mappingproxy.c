/* types.MappingProxyType: a read-only view of a mapping; what __dict__ of a class is.
 *
 * Threads: immutable; the mapping below has its own rules. */
#include "object/descriptor.h"
#include "object/dict.h"
#include "object/genericalias.h"
#include "object/str.h"
#include "object/type.h"

typedef struct MappingProxy {
    Object head;
    Own mapping;
} MappingProxy;

#include "mappingproxy.spec.h"

static inline Value
mapping_of(Value v)
{
    return ((const MappingProxy *)obj(v))->mapping;
}

Own
mappingproxy_new(Value mapping)
{
    MappingProxy *p = (MappingProxy *)object_alloc(SHAPE_MAPPINGPROXY, sizeof *p, OBJ_TRACKED);
    if (p) {
        ref_init(&p->head, &p->mapping, own(mapping));
    }
    return OWN(p);
}

Own
mappingproxy_make(Type *cls UNUSED, Value mapping)
{
    if (!type_of(mapping)->slots.getitem || is_list(mapping) || is_tuple(mapping)) {
        return raise_fmt(&exc_TypeError, "mappingproxy() argument must be a mapping, not %T",
                         mapping);
    }
    return mappingproxy_new(mapping);
}

static int64_t
proxy_len(Value v)
{
    return object_len(mapping_of(v));
}

static Own
proxy_getitem(Value v, Value key)
{
    return object_getitem(mapping_of(v), key);
}

static int
proxy_contains(Value v, Value key)
{
    return object_contains(mapping_of(v), key);
}

static Own
proxy_iter(Value v)
{
    return object_iter(mapping_of(v));
}

static Own
proxy_repr(Value v)
{
    return str_fmt("mappingproxy(%R)", mapping_of(v));
}

static Own
proxy_str(Value v)
{
    return object_str(mapping_of(v));
}

static int64_t
proxy_hash(Value v)
{
    return object_hash(mapping_of(v));
}

static Own
proxy_compare(Value a, Value b, CompareOp op)
{
    return object_compare(mapping_of(a), IS_EXACT(b, MAPPINGPROXY) ? mapping_of(b) : b, op);
}

static Own
proxy_or(Value a, Value b)
{
    return object_binary(IS_EXACT(a, MAPPINGPROXY) ? mapping_of(a) : a,
                         IS_EXACT(b, MAPPINGPROXY) ? mapping_of(b) : b, OP_OR);
}

static Own
proxy_inplace_or(Value a, Value b UNUSED)
{
    return raise_fmt(&exc_TypeError, "'|=' is not supported by %T; use '|' instead", a);
}

Own
mappingproxy_py_get(Value self, Value const *args, size_t nargs, Value kwnames)
{
    if (args_check_positional("mappingproxy.get", nargs, kwnames, 1, 2) < 0) {
        return NO_VALUE;
    }
    Value call_args[] = {mapping_of(self), args[0], nargs > 1 ? args[1] : NONE};
    return call_method(NAME(get), call_args, 3, NO_VALUE);
}

static Own
forward(MappingProxy *self, Value name)
{
    Value mapping = self->mapping;
    return call_method(name, &mapping, 1, NO_VALUE);
}

Own
mappingproxy_py_keys(MappingProxy *self)
{
    return forward(self, NAME(keys));
}

Own
mappingproxy_py_values(MappingProxy *self)
{
    return forward(self, NAME(values));
}

Own
mappingproxy_py_items(MappingProxy *self)
{
    return forward(self, NAME(items));
}

Own
mappingproxy_py_copy(MappingProxy *self)
{
    return forward(self, NAME(copy));
}

Own
mappingproxy_py___reversed__(MappingProxy *self)
{
    return forward(self, NAME(__reversed__));
}

Own
mappingproxy_py___class_getitem__(Type *cls, Value item)
{
    return generic_alias_new(VALUE(cls), item);
}

static int
proxy_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((MappingProxy *)o)->mapping);
    return 0;
}

static void
proxy_dealloc(Object *o)
{
    drop_opt(((MappingProxy *)o)->mapping);
    object_free(o);
}

Type mappingproxy_type = {
    .name = "mappingproxy",
    .root_shape = SHAPE_MAPPINGPROXY,
    .flags = TYPE_GC | TYPE_MAPPING_PATTERN,
    .basic_size = sizeof(MappingProxy),
    .slots =
        {
            .traverse = proxy_traverse,
            .dealloc = proxy_dealloc,
            .create = mappingproxy_create_slot,
            .repr = proxy_repr,
            .str = proxy_str,
            .hash = proxy_hash,
            .compare = proxy_compare,
            .iter = proxy_iter,
            .len = proxy_len,
            .getitem = proxy_getitem,
            .contains = proxy_contains,
            .binary[OP_OR] = proxy_or,
            .inplace[OP_OR] = proxy_inplace_or,
        },
    .methods = mappingproxy_methods,
    .getsets = mappingproxy_getsets,
    .spec_doc = mappingproxy_doc,
};
