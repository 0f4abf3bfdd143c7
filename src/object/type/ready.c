/* Completing a built-in type: header, flags, mro, the dict made of its specs and slots, inherited
 * slots, shape.
 *
 * Threads: runs at start-up, or inside the execution of a C module before anybody else sees the
 * type; two threads that import one module meet at the import lock. */
#include "object/genericalias.h"
#include "object/type/slotdefs.h"

#define INHERITED_FLAGS                                                                            \
    (TYPE_FOR_SUBCLASSES | TYPE_HAS_DICT | TYPE_HAS_WEAKREFS | TYPE_DEFERRED | TYPE_MATCH_SELF | TYPE_DICT_FIELD |        \
     TYPE_SEQUENCE_PATTERN | TYPE_MAPPING_PATTERN)

static void
type_head_init(Type *t)
{
    Object *head = &t->head;
    if (obj_shape(head)) {
        return;
    }
    atomic_store_explicit(&head->flags, OBJ_SHARED | OBJ_IMMORTAL | OBJ_DEFERRED,
                          memory_order_relaxed);
    atomic_store_explicit(&head->shared, REFS_MERGED | REFS_ONE, memory_order_relaxed);
    atomic_store_explicit(&head->shape, SHAPE_TYPE, memory_order_release);
}

static void
type_flags_add(Type *t, uint32_t flags)
{
    atomic_fetch_or_explicit(&t->flags, flags, memory_order_relaxed);
}

static int
dict_add(Type *t, const char *name, Own value)
{
    Own key = value ? str_intern_cstr(name) : NO_VALUE;
    if (!key) {
        drop_opt(value);
        return -1;
    }
    return dict_set_own(t->dict, key, value);
}

static int
add_methods(Type *t)
{
    for (const MethodDef *def = t->methods; def && def->name; def++) {
        if (dict_add(t, def->name, method_descriptor_new(def, t)) < 0) {
            return -1;
        }
    }
    for (const GetSetDef *def = t->getsets; def && def->name; def++) {
        if (dict_add(t, def->name, getset_descriptor_new(def, t)) < 0) {
            return -1;
        }
    }
    return 0;
}

const char *
doc_after_signature(const char *name, const char *doc)
{
    size_t n = strlen(name);
    if (doc && strncmp(doc, name, n) == 0 && doc[n] == '(') {
        const char *end = strstr(doc, "\n--\n\n");
        if (end) {
            return end + 5;
        }
    }
    return doc;
}

Own
doc_signature(const char *name, const char *doc)
{
    const char *text = doc_after_signature(name, doc);
    if (text == doc) {
        return NONE;
    }
    const char *start = doc + strlen(name);
    return str_from_utf8(start, (size_t)(text - 5 - start));
}

const char *
type_short_name(const Type *t)
{
    const char *dot = strrchr(t->name, '.');
    return dot && !(type_flags(t) & TYPE_HEAP) ? dot + 1 : t->name;
}

static int
add_doc(Type *t)
{
    int present = dict_contains(t->dict, NAME(__doc__));
    if (present != 0) {
        return present < 0 ? -1 : 0;
    }
    const char *text = t->spec_doc ? doc_after_signature(type_short_name(t), t->spec_doc) : NULL;
    return dict_add(t, "__doc__", text && *text ? str_from_cstr(text) : NONE);
}

/* The types of modules, made ready after those of the interpreter itself, show their module in their
 * dicts, and so their instances do too. */
static bool interpreter_types_ready; /* set once, before there are threads */

static int
add_module(Type *t)
{
    const char *dot = strrchr(t->name, '.');
    if (!dot || !(interpreter_types_ready || t == &union_type)) {
        return 0;
    }
    int present = dict_contains(t->dict, NAME(__module__)); /* of instances, one by one */
    if (present != 0) {
        return present < 0 ? -1 : 0;
    }
    return dict_add(t, "__module__", str_from_utf8(t->name, (size_t)(dot - t->name)));
}

/* Only instances of classes can do without their dict. */
static int
native_dict_set(Value self, Value value)
{
    return value ? instance_dict_set(self, value)
                 : raise_int(&exc_TypeError, "cannot delete __dict__");
}

static int
fill_dict(Type *t)
{
    ref_init(&t->head, &t->dict, dict_new());
    if (!t->dict || (t->slots.create && dict_add(t, "__new__", new_function(t)) < 0)) {
        return -1;
    }
    if (t->slots.compare && !t->slots.hash) {
        t->slots.hash = hash_unhashable;
    }
    if (slot_add_wrappers(t) < 0 || add_methods(t) < 0 || add_module(t) < 0) {
        return -1;
    }
    static const GetSetDef dict_getset = {"__dict__", NULL, instance_dict_get, native_dict_set};
    if ((type_flags(t) & TYPE_HAS_DICT) && !(type_flags(t->base) & TYPE_HAS_DICT)) {
        int present = dict_contains(t->dict, NAME(__dict__));
        if (present < 0 ||
            (present == 0 && dict_add(t, "__dict__", getset_descriptor_new(&dict_getset, t)) < 0)) {
            return -1;
        }
    }
    return add_doc(t);
}

static void
inherit_layout(Type *t)
{
    if (!t->base) {
        return;
    }
    const Type *base = t->base;
    if (!t->basic_size) {
        t->basic_size = base->basic_size;
    }
    if (!t->item_size) {
        t->item_size = base->item_size;
    }
    type_flags_add(t, type_flags(base) & INHERITED_FLAGS);
    if (!t->slots.traverse) {
        type_flags_add(t, type_flags(base) & TYPE_GC);
    }
    if (type_flags(t) & TYPE_HAS_DICT) {
        t->dict_offset = (t->basic_size + 7) & ~7u;
    }
}

static int
set_mro(Type *t)
{
    Value base = VALUE(t->base);
    if (!t->bases) { /* more than one base: given beforehand */
        ref_init(&t->head, &t->bases, t->base ? tuple_from_array(&base, 1) : tuple_new(0));
    }
    if (!t->bases) {
        return -1;
    }
    ref_init(&t->head, &t->mro, mro_compute(t, t->bases));
    return t->mro ? 0 : -1;
}

static int
set_shape(Type *t)
{
    t->serial = type_next_serial();
    if (!t->root_shape) {
        t->root_shape = shape_new_root(t);
    }
    return t->root_shape ? 0 : -1;
}

int
type_ready(Type *t)
{
    if (type_flags(t) & TYPE_READY) {
        return 0;
    }
    type_head_init(t);
    if (!t->base && t != &object_type) {
        t->base = &object_type;
    }
    if (t->base && type_ready(t->base) < 0) {
        return -1;
    }
    type_flags_add(t, TYPE_IMMUTABLE);
    inherit_layout(t);
    if (set_shape(t) < 0 || set_mro(t) < 0 || fill_dict(t) < 0) {
        return -1;
    }
    if (t->base) {
        slot_inherit(t);
        types_lock();
        int status = 0;
        for (int64_t i = 0; i < as_tuple(t->bases)->length && status == 0; i++) {
            status = subclass_add((Type *)obj(tuple_item(t->bases, i)), t);
        }
        types_unlock();
        if (status < 0) {
            raise_no_memory();
            return -1;
        }
    }
    type_flags_add(t, TYPE_READY);
    return 0;
}

/* The flags that C code tests before the types are ready: interning and dicts need them. */
static void
early_flags(void)
{
    type_flags_add(&int_type, TYPE_INT_SUBCLASS);
    type_flags_add(&bool_type, TYPE_INT_SUBCLASS);
    type_flags_add(&float_type, TYPE_FLOAT_SUBCLASS);
    type_flags_add(&str_type, TYPE_STR_SUBCLASS);
    type_flags_add(&bytes_type, TYPE_BYTES_SUBCLASS);
    type_flags_add(&list_type, TYPE_LIST_SUBCLASS);
    type_flags_add(&tuple_type, TYPE_TUPLE_SUBCLASS);
    type_flags_add(&dict_type, TYPE_DICT_SUBCLASS);
    type_flags_add(&set_type, TYPE_SET_SUBCLASS);
    type_flags_add(&frozenset_type, TYPE_SET_SUBCLASS);
    type_flags_add(&type_type, TYPE_TYPE_SUBCLASS);
    type_flags_add(&function_type, TYPE_METHOD_LIKE);
    type_flags_add(&method_descriptor_type, TYPE_METHOD_LIKE);
    type_flags_add(&wrapper_descriptor_type, TYPE_METHOD_LIKE);
}

void
types_init_heads(void)
{
    shapes_init();
#define X(NAME, variable) type_head_init(&variable##_type);
    BUILTIN_TYPES(X)
#undef X
    early_flags();
}

int
types_init(void)
{
    types_init_heads();
    if (slot_names_init() < 0) {
        return -1;
    }
#define X(NAME, variable)                                                                          \
    variable##_type.root_shape = SHAPE_##NAME;                                                     \
    if (type_ready(&variable##_type) < 0) {                                                        \
        return -1;                                                                                 \
    }
    BUILTIN_TYPES(X)
#undef X
    extern Type generic_alias_type, generic_alias_iterator_type, namespace_type,
        capsule_type;
    Type *const others[] = {&generic_alias_type, &generic_alias_iterator_type, &union_type,
                            &namespace_type, &capsule_type};
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        if (type_ready(others[i]) < 0) {
            return -1;
        }
    }
    interpreter_types_ready = true;
    return 0;
}
