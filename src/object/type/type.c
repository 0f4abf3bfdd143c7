/* The type `type`: names and other facts about classes as Python sees them, and calling a class.
 *
 * Threads: facts that can change (name, qualname, doc...) change under types_lock and are read with
 * ref_load; `name`, a C string, is replaced as a whole and the old one waits for an epoch. */
#include "object/genericalias.h"
#include "object/audit.h"
#include "object/hooks.h"
#include "object/int.h"
#include "object/list.h"
#include "object/descriptor.h"
#include "object/type/annotations.h"
#include "object/type/layout.h"
#include "object/type/slotdefs.h"

#include "type.spec.h"

#define RECYCLE_FROM 50000 /* dead shapes or entries */

/* -- names -- */

static inline const char *
name_now(const Type *t)
{
    return __atomic_load_n(&t->name, __ATOMIC_ACQUIRE);
}

Own
type_name_str(Type *t)
{
    return str_from_cstr(type_short_name(t));
}

Own
type_get_name(Type *self)
{
    Own name = type_name_str(self);
    Value known = name ? str_find_interned(name) : NO_VALUE; /* the same object each time, where its text is a name of the program */
    if (known) {
        drop(name);
        return own(known);
    }
    return name;
}

/* A str without NULs, for __name__ and __qualname__; fail: -1 */
static int
check_name(Type *self, const char *attribute, Value value)
{
    Own shown = str_from_cstr(attribute);
    int status = shown ? type_check_mutable(self, value ? "set" : "delete", shown) : -1;
    drop_opt(shown);
    if (status < 0) {
        return -1;
    }
    if (!value) {
        return raise_int(&exc_TypeError, "cannot delete '%s' attribute of immutable type '%N'",
                         attribute, self);
    }
    if (!is_str(value)) {
        return raise_int(&exc_TypeError, "can only assign string to %N.%s, not '%T'", self,
                         attribute, value);
    }
    return 0;
}

int
type_set_name(Type *self, Value value)
{
    if (check_name(self, "__name__", value) < 0 || audit_write(VALUE(self), "__name__", value) < 0) {
        return -1;
    }
    size_t bytes;
    const char *text = str_utf8(value, &bytes);
    if (!text) {
        return -1;
    }
    if (strlen(text) != bytes) {
        return raise_int(&exc_ValueError, "type name must not contain null characters");
    }
    char *copy = mem_alloc(bytes + 1);
    if (!copy) {
        return -1;
    }
    memcpy(copy, text, bytes + 1);
    types_lock();
    const char *old = self->name;
    __atomic_store_n(&self->name, copy, __ATOMIC_RELEASE);
    types_unlock();
    mem_retire(&self->head, (void *)(uintptr_t)old);
    return 0;
}

Own
type_get_qualname(Type *self)
{
    Own qualname = ref_load(&self->head, &self->qualname);
    return qualname ? qualname : type_name_str(self);
}

static void
replace_field(Type *self, Own *field, Value value)
{
    types_lock();
    Own old = ref_swap(&self->head, field, own_opt(value));
    types_unlock();
    drop_opt(old);
}

int
type_set_qualname(Type *self, Value value)
{
    if (check_name(self, "__qualname__", value) < 0 || audit_write(VALUE(self), "__qualname__", value) < 0) {
        return -1;
    }
    replace_field(self, &self->qualname, value);
    return 0;
}

Own
type_module_name(Type *t)
{
    if (type_flags(t) & TYPE_HEAP) {
        Own module = class_dict_get(t, NAME(__module__));
        return module ? module : raise_value(&exc_AttributeError, NAME(__module__));
    }
    const char *name = name_now(t), *dot = strrchr(name, '.');
    return dot ? str_from_utf8(name, (size_t)(dot - name)) : own(NAME(builtins));
}

Own
type_get_module(Type *self)
{
    return type_module_name(self);
}

/* C[...].__setattr__ of an attribute that is kept in the dict of a class; deletion is refused as
 * for built-in types. */
static int
set_dict_attribute(Type *self, Value name, Value value)
{
    if (type_check_mutable(self, value ? "set" : "delete", name) < 0) {
        return -1;
    }
    if (!value) {
        return raise_int(&exc_TypeError, "cannot delete '%U' attribute of immutable type '%N'",
                         name, self);
    }
    return type_set_own(self, name, value);
}

int
type_set_module(Type *self, Value value)
{
    if (audit_write(VALUE(self), "__module__", value) < 0 || set_dict_attribute(self, NAME(__module__), value) < 0) {
        return -1;
    }
    return type_forget_own(self, NAME(__firstlineno__)); /* says nothing true any more */
}

Own
type_qualified_name(Type *t)
{
    Own module =
        type_flags(t) & TYPE_HEAP ? class_dict_get(t, NAME(__module__)) : type_module_name(t);
    Own qualname = type_get_qualname(t);
    Own text = NO_VALUE;
    if (qualname) {
        bool shown = module && is_str(module) && !str_equals_cstr(module, "builtins");
        text = shown ? str_fmt("%U.%U", (Value)module, (Value)qualname) : own(qualname);
    }
    drop_opt(module);
    drop_opt(qualname);
    return text;
}

static Own
type_repr(Value v)
{
    Own name = type_qualified_name((Type *)obj(v));
    Own text = name ? str_fmt("<class '%U'>", (Value)name) : NO_VALUE;
    drop_opt(name);
    return text;
}

/* -- bases -- */

Own
type_get_bases(Type *self)
{
    return ref_load(&self->head, &self->bases);
}

int
type_set_bases(Type *self, Value value)
{
    if (type_check_mutable(self, value ? "set" : "delete", NAME(__bases__)) < 0) {
        return -1;
    }
    if (!value) {
        return raise_int(&exc_TypeError,
                         "cannot delete '__bases__' attribute of immutable type '%N'", self);
    }
    if (audit_write(VALUE(self), "__bases__", value) < 0) {
        return -1;
    }
    return type_assign_bases(self, value);
}

Own
type_get_mro(Type *self)
{
    Own mro = ref_load(&self->head, &self->mro);
    return mro ? mro : NONE;
}

Own
type_get_base(Type *self)
{
    Own base = ref_load(&self->head, (Own *)(void *)&self->base);
    return base ? base : NONE;
}

Own
type_py_mro(Type *self)
{
    Own bases = ref_load(&self->head, &self->bases);
    Own mro = bases ? mro_compute(self, bases) : tuple_new(0);
    Own list = mro ? object_to_list(mro) : NO_VALUE;
    drop_opt(bases);
    drop_opt(mro);
    return list;
}

/* lock: types_lock */
static bool
is_listed(Value list, const Type *t)
{
    for (int64_t i = subclasses_moving ? list_len(list) : 0; i-- > 0;) {
        if (as_list(list)->buffer->items[i] == OWN(t)) {
            return true;
        }
    }
    return false;
}

Own
subclass_list(Type *t)
{
    Own list = list_new(0);
    if (!list) {
        return NO_VALUE;
    }
    types_lock();
    const TypeChildren *children = t->subclasses;
    int status = 0;
    for (uint32_t i = 0; status == 0 && children && i < children->count; i++) {
        if (!(type_flags(children->items[i]) & TYPE_UNREACHABLE) && !is_listed(list, children->items[i])) {
            status = list_append(list, VALUE(children->items[i]));
        }
    }
    types_unlock();
    if (status < 0) {
        ref_clear(&list);
    }
    return list;
}

Own
type_py___subclasses__(Type *self)
{
    return subclass_list(self);
}

/* -- documentation -- */

Own
type_get_doc(Type *self)
{
    if (!(type_flags(self) & TYPE_HEAP) &&
        self->spec_doc) { /* its dict may hold the accessor of its instances' doc */
        const char *text = doc_after_signature(type_short_name(self), self->spec_doc);
        return *text ? str_from_cstr(text) : NONE;
    }
    Own doc = class_dict_get(self, NAME(__doc__));
    if (!doc) {
        return NONE;
    }
    Own (*get)(Value, Value, Value) = type_of(doc)->slots.descr_get;
    if (get) {
        Own bound = get(doc, NO_VALUE, VALUE(self));
        drop(doc);
        return bound;
    }
    return doc;
}

int
type_set_doc(Type *self, Value value)
{
    return audit_write(VALUE(self), "__doc__", value) < 0 ? -1 : set_dict_attribute(self, NAME(__doc__), value);
}

/* None where a default cannot be written down. */
Own
type_get_text_signature(Type *self)
{
    if (self == &object_type) {
        return str_from_cstr("()");
    }
    if (!self->spec_doc || strstr(self->spec_doc, "<unrepresentable>")) {
        return NONE;
    }
    return doc_signature(type_short_name(self), self->spec_doc);
}

Own
type_get_dict(Type *self)
{
    Own dict = ref_load(&self->head, &self->dict);
    if (!dict) {
        return NONE;
    }
    Own proxy = mappingproxy_new(dict);
    drop(dict);
    return proxy;
}

/* -- sizes and flags, as CPython numbers them -- */

Own
type_get_basicsize(Type *self)
{
    return int_from_i64(self == &type_type ? (int64_t)sizeof(Type) : self->basic_size);
}

Own
type_get_itemsize(Type *self)
{
    return int_from_i64(self->item_size);
}

Own
type_get_dictoffset(Type *self)
{
    if (!(type_flags(self) & TYPE_HAS_DICT)) {
        return small_int(0);
    }
    return int_from_i64(type_flags(self) & TYPE_HEAP ? -1 : (int64_t)self->dict_offset);
}

Own
type_get_weakrefoffset(Type *self)
{
    return int_from_i64(type_flags(self) & TYPE_HAS_WEAKREFS ? -32 : 0);
}

Own
type_get_flags(Type *self)
{
    static const struct {
        uint32_t mine;
        int bit;
    } bits[] = {
        {TYPE_HEAP, 9},
        {TYPE_BASE, 10},
        {TYPE_READY, 12},
        {TYPE_GC, 14},
        {TYPE_IMMUTABLE, 8},
        {TYPE_NO_INSTANTIATE, 7},
        {TYPE_ABSTRACT, 20},
        {TYPE_SEQUENCE_PATTERN, 5},
        {TYPE_MAPPING_PATTERN, 6},
        {TYPE_METHOD_LIKE, 17},
        {TYPE_MATCH_SELF, 22},
        {TYPE_INT_SUBCLASS, 24},
        {TYPE_LIST_SUBCLASS, 25},
        {TYPE_TUPLE_SUBCLASS, 26},
        {TYPE_BYTES_SUBCLASS, 27},
        {TYPE_STR_SUBCLASS, 28},
        {TYPE_DICT_SUBCLASS, 29},
        {TYPE_EXC_SUBCLASS, 30},
        {TYPE_TYPE_SUBCLASS, 31},
    };
    uint32_t flags = type_flags(self);
    int64_t shown = 0;
    for (size_t i = 0; i < ARRAY_LEN(bits); i++) {
        shown |= flags & bits[i].mine ? (int64_t)1 << bits[i].bit : 0;
    }
    if (flags & TYPE_HEAP) {
        shown |= (flags & TYPE_HAS_DICT ? 1 << 4 | 1 << 2 : 0) |
                 (flags & TYPE_HAS_WEAKREFS ? 1 << 3 : 0);
    } else { /* CPython makes the types of modules as classes are made: copyreg looks at this */
        int of_module = dict_contains(self->dict, NAME(__module__));
        if (of_module < 0) {
            return NO_VALUE;
        }
        shown |= of_module ? 1 << 9 : 0;
    }
    return int_from_i64(shown);
}

Own
type_py___sizeof__(Type *self)
{
    int64_t size = (int64_t)sizeof(Type);
    if ((type_flags(self) & TYPE_HEAP) && self->dict) {
        Own of_dict = call_method0(self->dict, "__sizeof__");
        if (!of_dict) {
            return NO_VALUE;
        }
        size += is_small_int(of_dict) ? small_int_value(of_dict) : 0;
        drop(of_dict);
    }
    return int_from_i64(size);
}

/* -- abstract classes -- */

Own
type_get_abstractmethods(Type *self)
{
    Own names = self == &type_type ? NO_VALUE : class_dict_get(self, NAME(__abstractmethods__));
    return names ? names : raise_value(&exc_AttributeError, NAME(__abstractmethods__));
}

int
type_set_abstractmethods(Type *self, Value value)
{
    if (type_check_mutable(self, value ? "set" : "delete", NAME(__abstractmethods__)) < 0) {
        return -1;
    }
    int abstract = value ? object_truth(value) : 0;
    if (abstract < 0) {
        return -1;
    }
    int status = type_set_own_flags(self, NAME(__abstractmethods__), value, TYPE_ABSTRACT, abstract ? TYPE_ABSTRACT : 0);
    if (status == 0) {
        raise_value(&exc_AttributeError, NAME(__abstractmethods__));
    }
    return status > 0 ? 0 : -1;
}

/* -- methods -- */

Own
type_py___prepare__(Value self UNUSED, Value const *args UNUSED, size_t nargs UNUSED,
                    Value kwnames UNUSED)
{
    return dict_new();
}

/* The names in the dicts of t and its bases: a dict that stands for a set. */
int
type_collect_names(Type *t, Own names)
{
    Own mro = ref_load(&t->head, &t->mro);
    int status = 0;
    for (int64_t i = mro ? as_tuple(mro)->length : 0; status == 0 && i-- > 0;) {
        Type *c = (Type *)obj(tuple_item(mro, i));
        Own dict = ref_load(&c->head, &c->dict);
        status = dict ? dict_update(names, dict) : 0;
        drop_opt(dict);
    }
    drop_opt(mro);
    return status;
}

Own
type_py___dir__(Type *self)
{
    Own names = dict_new();
    Own list = names && type_collect_names(self, names) == 0 ? dict_keys_list(names) : NO_VALUE;
    drop_opt(names);
    return list;
}

int
type_py___instancecheck__(Type *self, Value instance)
{
    return default_isinstance(instance, VALUE(self));
}

int
type_py___subclasscheck__(Type *self, Value subclass)
{
    return default_issubclass(subclass, VALUE(self));
}

static Own
type_or(Value a, Value b)
{
    return union_or(a, b);
}

/* -- calling a class -- */

static Own
type_call(Value self, Value const *args, size_t nargs, Value kwnames)
{
    Type *t = (Type *)obj(self);
    if (t == &type_type) {
        if (nargs == 1 && !kwnames) {
            return own(VALUE(type_of(args[0])));
        }
        if (nargs != 3) {
            return raise_msg(&exc_TypeError, "type() takes 1 or 3 arguments");
        }
    }
    if (UNLIKELY(!t->slots.create || (type_flags(t) & TYPE_NO_INSTANTIATE))) {
        return raise_fmt(&exc_TypeError, "cannot create '%s' instances", name_now(t));
    }
    if (!c_stack_ok()) {
        return NO_VALUE;
    }
    Own v = t->slots.create(t, args, nargs, kwnames);
    if (!v || !is_instance_of(v, t)) {
        return v;
    }
    int (*init)(Value, Value const *, size_t, Value) = type_of(v)->slots.init;
    if (init && init(v, args, nargs, kwnames) < 0) {
        drop(v);
        return NO_VALUE;
    }
    return v;
}

static int
type_init(Value self UNUSED, Value const *args UNUSED, size_t nargs, Value kwnames)
{
    if (kwnames && nargs == 1) {
        return raise_int(&exc_TypeError, "type.__init__() takes no keyword arguments");
    }
    if (nargs != 1 && nargs != 3) {
        return raise_int(&exc_TypeError, "type.__init__() takes 1 or 3 arguments");
    }
    return 0;
}

/* -- life -- */

static int
type_traverse(Object *o, Visit visit, void *arg)
{
    const Type *t = (const Type *)o;
    VISIT(t->dict);
    VISIT(t->bases);
    VISIT(t->mro);
    VISIT(t->base);
    VISIT(t->qualname);
    VISIT(t->members);
    VISIT(obj_type(
        o)); /* counted, unlike other objects' types: a class may not outlive its metaclass */
    return 0;
}

/* The base stays until the very end: instances need it to find out how they are freed. */
static void
type_clear(Object *o)
{
    Type *t = (Type *)o;
    types_lock();
    Own bases = ref_swap(o, &t->bases, NO_VALUE), mro = ref_swap(o, &t->mro, NO_VALUE), dict = ref_swap(o, &t->dict, NO_VALUE);
    for (int64_t i = 0; bases && i < as_tuple(bases)->length; i++) {
        subclass_remove((Type *)obj(tuple_item(bases, i)), t, true);
    }
    entries_retire(t);
    entries_update_all(t); /* classes below, which go away with t, have values of its dict */
    types_unlock();
    drop_opt(dict);
    drop_opt(mro);
    drop_opt(bases);
}

/* A program may make and drop classes for ever. What named them in inline caches is forgotten, and
 * then their shapes and entries serve again. (Only a collection frees classes: no lock is held
 * here.) */
static void
recycle(void)
{
    types_lock_stw();
    caches_flush();
    shapes_recycle_stw();
    entries_recycle_stw();
    types_unlock_stw();
}

static void
type_dealloc(Object *o)
{
    Type *t = (Type *)o;
    type_clear(o);
    ref_clear(&t->qualname);
    ref_clear(&t->members);
    mem_free(t->subclasses);
    mem_retire(o, (void *)(uintptr_t)t->name);
    drop_opt(OWN(t->base));
    shapes_retire(t);
    Type *metatype = obj_type(o);
    object_free(o);
    drop(OWN(metatype));
    if (shapes_dead_now() > RECYCLE_FROM || entries_dead_now() > RECYCLE_FROM) {
        recycle();
    }
}

Type type_type = {
    .name = "type",
    .root_shape = SHAPE_TYPE,
    .flags = TYPE_BASE | TYPE_GC | TYPE_DEFERRED | TYPE_HAS_WEAKREFS | TYPE_TYPE_SUBCLASS,
    .basic_size = sizeof(Type),
    .slots =
        {
            .traverse = type_traverse,
            .clear = type_clear,
            .dealloc = type_dealloc,
            .create = type_create,
            .init = type_init,
            .repr = type_repr,
            .call = type_call,
            .getattr = type_getattr,
            .setattr = type_setattr_slot,
            .binary[OP_OR] = type_or,
        },
    .methods = type_methods,
    .getsets = type_getsets,
    .spec_doc = type_doc,
};

int
type_clear_descriptors(Type *t)
{
    Value names[] = {NAME(__dict__), NAME(__weakref__)};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        int there = dict_contains(t->dict, names[i]);
        if (there < 0 || (there && type_set_own(t, names[i], NO_VALUE) < 0)) {
            return -1;
        }
    }
    return 0;
}
