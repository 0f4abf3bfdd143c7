/* Making classes: what `class C(bases): ...` and type(name, bases, namespace) do once the body has
 * run.
 *
 * Threads. The new class is published before the first hook of Python code sees it (__set_name__,
 * __init_subclass__, a metaclass's mro()); until then it is its maker's. */
#include "object/descriptor.h"
#include "object/function.h"
#include "object/hooks.h"
#include "object/list.h"
#include "object/type/layout.h"
#include "object/type/slotdefs.h"

#define CLASS_INLINE_SLOTS_MAX 24 /* that a class starts with, from the names its methods assign   \
                                   */
#define FLAGS_FROM_BASE (TYPE_FOR_SUBCLASSES | TYPE_MATCH_SELF | TYPE_METHOD_LIKE | TYPE_DEFERRED)

Own
type_metaclass(Value first, Value bases)
{
    Type *winner = (Type *)obj(first);
    for (int64_t i = 0; i < as_tuple(bases)->length; i++) {
        Type *t = type_of(tuple_item(bases, i));
        if (type_is_subtype(winner, t)) {
            continue;
        }
        if (!type_is_subtype(t, winner)) {
            return raise_msg(&exc_TypeError, "metaclass conflict: the metaclass of a derived class "
                                             "must be a (non-strict) subclass of "
                                             "the metaclasses of all its bases");
        }
        winner = t;
    }
    return own(VALUE(winner));
}

/* -- the namespace -- */

/* A plain dict of what ns holds, with interned keys. */
static Own
copy_namespace(Value ns)
{
    Own dict = dict_new_sized(dict_len(ns) + 4);
    int64_t position = 0;
    Own key, value;
    while (dict && dict_next(ns, &position, &key, &value)) {
        if (is_str(key) && !str_is_interned(key)) {
            key = str_intern(key);
        }
        if (dict_set_own(dict, key, value) < 0) {
            ref_clear(&dict);
        }
    }
    return dict;
}

/* Takes an entry out of the namespace: NO_VALUE with nothing pending when it has none. fail: -1 */
static int
take_entry(Type *t, Value name, Own *value)
{
    return dict_pop(t->dict, name, value) < 0 ? -1 : 0;
}

static int
set_qualname(Type *t, Value name)
{
    Own qualname;
    if (take_entry(t, NAME(__qualname__), &qualname) < 0) {
        return -1;
    }
    if (qualname && !is_str(qualname)) {
        raise_fmt(&exc_TypeError, "type __qualname__ must be a str, not %T", (Value)qualname);
        drop(qualname);
        return -1;
    }
    ref_init(&t->head, &t->qualname, qualname ? qualname : own(name));
    return 0;
}

/* __module__ of the caller, when the namespace does not say. */
static int
set_module(Type *t)
{
    int present = dict_contains(t->dict, NAME(__module__));
    Value globals =
        present == 0 && object_hooks.current_globals ? object_hooks.current_globals() : NO_VALUE;
    if (!globals) {
        return present < 0 ? -1 : 0;
    }
    Own module;
    int found = dict_lookup(globals, NAME(__name__), &module);
    return found <= 0 ? found : dict_set_own(t->dict, own(NAME(__module__)), module);
}

typedef Own (*Wrapper)(Value callable);

/* A plain function under this name becomes what the language says it is. */
static int
wrap_function(Type *t, Value name, Wrapper wrap)
{
    Own function;
    int found = dict_lookup(t->dict, name, &function);
    if (found <= 0) {
        return found;
    }
    int status = 0;
    if (IS_EXACT(function, FUNCTION)) {
        Own wrapped = wrap(function);
        status = wrapped ? dict_set_own(t->dict, own(name), wrapped) : -1;
    }
    drop(function);
    return status;
}

static int
set_default_none(Type *t, Value name)
{
    int present = name ? dict_contains(t->dict, name) : -1;
    return present == 0 ? dict_set(t->dict, name, NONE) : present < 0 ? -1 : 0;
}

/* A class that compares in its own way and says nothing of __hash__ has none. */
static int
set_hash(Type *t)
{
    int compares = dict_contains(t->dict, NAME(__eq__));
    return compares > 0 ? set_default_none(t, NAME(__hash__)) : compares;
}

static int
warn_of_odd_keys(Type *t)
{
    Own keys = dict_keys_list(t->dict);
    bool odd = false;
    for (int64_t i = 0; keys && i < list_len(keys) && !odd; i++) {
        odd = !is_str(as_list(keys)->buffer->items[i]);
    }
    drop_opt(keys);
    if (!keys) {
        return -1;
    }
    return odd ? warn_fmt(&exc_RuntimeWarning, 1, "non-string key in the __dict__ of class %N", t) : 0;
}

static int
fill_namespace(Type *t, Value name)
{
    return warn_of_odd_keys(t) < 0 || set_module(t) < 0 || set_qualname(t, name) < 0 ||
                   wrap_function(t, NAME(__new__), staticmethod_new) < 0 ||
                   wrap_function(t, NAME(__init_subclass__), classmethod_new) < 0 ||
                   wrap_function(t, NAME(__class_getitem__), classmethod_new) < 0 || set_hash(t) < 0
               ? -1
               : 0;
}

int
class_add_getset(Type *t, const GetSetDef *def)
{
    Own name = str_intern_cstr(def->name);
    int present = name ? dict_contains(t->dict, name) : -1;
    if (present == 0) {
        Own descriptor = getset_descriptor_new(def, t);
        present = descriptor ? dict_set_own(t->dict, own(name), descriptor) : -1;
    }
    return present < 0 ? -1 : 0;
}

/* -- the type object -- */

static Type *
alloc_class(Type *metatype, Value name, Type *base, Value bases)
{
    size_t bytes;
    const char *text = str_utf8(name, &bytes);
    if (!text) {
        return NULL;
    }
    if (strlen(text) != bytes) {
        raise_msg(&exc_ValueError, "type name must not contain null characters");
        return NULL;
    }
    char *copy = mem_alloc(bytes + 1);
    Type *t = copy ? (Type *)obj(type_alloc(metatype, 0)) : NULL;
    if (!t) {
        mem_free(copy);
        return NULL;
    }
    own(VALUE(metatype));
    memcpy(copy, text, bytes + 1);
    t->name = copy;
    atomic_store_explicit(&t->flags, TYPE_HEAP | TYPE_BASE | (type_flags(base) & FLAGS_FROM_BASE),
                          memory_order_relaxed);
    /* classes are found through their bases, so they belong to everybody; and their end is noticed
     * as if by a weak reference */
    atomic_fetch_or_explicit(&t->head.flags, OBJ_SHARED | OBJ_WEAKREFS, memory_order_relaxed);
    t->base = base;
    t->native = base->slots.dealloc == instance_dealloc ? base->native : base;
    own(VALUE(base));
    ref_init(&t->head, &t->bases, own(bases));
    return t;
}

/* The names that methods assign to attributes of self say how many slots an instance will need. */
static void
guess_inline_slots(Type *t)
{
    uint32_t slots = atomic_load_explicit(&t->base->inline_slots, memory_order_relaxed);
    Own names =
        t->dict_offset && !t->item_size ? class_dict_get(t, NAME(__static_attributes__)) : NO_VALUE;
    if (names && is_tuple(names)) {
        slots += (uint32_t)as_tuple(names)->length;
    }
    drop_opt(names);
    atomic_store_explicit(&t->inline_slots,
                          slots < CLASS_INLINE_SLOTS_MAX ? slots : CLASS_INLINE_SLOTS_MAX,
                          memory_order_relaxed);
}

/* Patterns: a class is a sequence or mapping when something in its mro is. */
static void
inherit_pattern_flags(Type *t)
{
    const uint32_t patterns = TYPE_SEQUENCE_PATTERN | TYPE_MAPPING_PATTERN;
    Own mro = ref_load(&t->head, &t->mro);
    uint32_t flags = 0;
    for (int64_t i = 1; !flags && mro && i < as_tuple(mro)->length; i++) {
        flags = type_flags((const Type *)obj(tuple_item(mro, i))) & patterns;
    }
    drop_opt(mro);
    atomic_fetch_or_explicit(&t->flags, flags, memory_order_relaxed);
}

/* t gets its order, unless mro() has assigned to __bases__, whose order stays, and joins the subclasses of its bases. lock: types_lock */
static int
link_locked(Type *t, Own mro)
{
    if (!t->mro) {
        ref_init(&t->head, &t->mro, own(mro));
    }
    int64_t n = as_tuple(t->bases)->length, linked = 0;
    while (linked < n && subclass_add((Type *)obj(tuple_item(t->bases, linked)), t) == 0) {
        linked++;
    }
    if (linked < n) {
        while (linked-- > 0) {
            subclass_remove((Type *)obj(tuple_item(t->bases, linked)), t, true);
        }
        return -1;
    }
    slot_fill_class(t);
    atomic_fetch_or_explicit(&t->flags, TYPE_READY, memory_order_relaxed);
    return 0;
}

/* Computes the order of t and links t to its bases: again if orders have changed meanwhile, since nobody has given t a new one. fail: -1 */
static int
order_and_link(Type *t)
{
    for (;;) {
        bool asked;
        uint64_t orders = type_orders_now();
        Own mro = type_make_mro(t, &asked);
        if (!mro) {
            return -1;
        }
        types_lock();
        bool valid = asked || orders == type_orders;
        int status = valid ? link_locked(t, mro) : 0;
        types_unlock();
        drop(mro);
        if (status < 0) {
            raise_no_memory();
        }
        if (valid) {
            return status;
        }
    }
}

static int
lay_out(Type *t, Value name, Value bases)
{
    ClassLayout layout = {.base = t->base};
    Own slots;
    int status = dict_lookup(t->dict, NAME(__slots__), &slots);
    if (status >= 0) {
        status = class_layout_decide(&layout, name, bases, slots, t->dict);
        drop_opt(slots);
    }
    if (status >= 0) {
        status = class_layout_apply(t, &layout);
    }
    drop_opt(layout.members);
    return status;
}

/* t gets its shape, mro and slots: from here on it is a type. */
static int
complete(Type *t)
{
    if (set_default_none(t, NAME(__doc__)) < 0) {
        return -1;
    }
    Own doc;
    if (dict_lookup(t->dict, NAME(__doc__), &doc) < 0) {
        return -1;
    }
    bool encodable = !doc || !is_str(doc) || str_utf8(doc, &(size_t){0}) != NULL; /* CPython keeps it as UTF-8 */
    drop_opt(doc);
    if (!encodable) {
        return -1;
    }
    t->serial = type_next_serial();
    t->root_shape = shape_new_root(t);
    if (!t->root_shape) {
        return -1;
    }
    guess_inline_slots(t);
    if (order_and_link(t) < 0) {
        return -1;
    }
    inherit_pattern_flags(t);
    if (atomic_load(&t->lookup)) { /* mro() has looked for names in t, which could not be found yet */
        types_lock_stw();
        entries_update_all(t);
        caches_flush();
        types_unlock_stw();
    }
    return 0;
}

/* -- the hooks of Python code -- */

/* The cell that zero-argument super() and __class__ read (and the one for the class's namespace).
 */
static int
fill_cell(Value cell, const char *name, Value contents)
{
    if (!cell) {
        return 0;
    }
    int status = 0;
    if (!IS_EXACT(cell, CELL)) {
        status = raise_int(&exc_TypeError, "%s must be a nonlocal cell, not %R", name,
                           VALUE(type_of(cell)));
    } else {
        CellObject *c = (CellObject *)obj(cell);
        CriticalSection section;
        critical_enter(&section, &c->head);
        Own old = ref_swap(&c->head, &c->contents, own_opt(contents));
        critical_leave(&section);
        drop_opt(old);
    }
    return status;
}

static void
note_failed_hook(Type *t, Value name, Value value)
{
    Own exc = exc_take();
    Own note = str_fmt("Error calling __set_name__ on '%T' instance %R in '%N'", value, name, t);
    Own added = note ? call_method1(exc, "add_note", note) : NO_VALUE;
    drop_opt(note);
    if (added) {
        drop(added);
    } else {
        exc_clear();
    }
    exc_restore(exc);
}

/* value.__set_name__(t, name) for everything in the namespace as it was before the first call. */
static int
call_set_name(Type *t)
{
    Own items = dict_items_list(t->dict);
    Own pairs = items ? list_to_tuple(items) : NO_VALUE;
    drop_opt(items);
    int status = pairs ? 0 : -1;
    for (int64_t i = 0; status == 0 && i < as_tuple(pairs)->length; i++) {
        Value name = tuple_item(tuple_item(pairs, i), 0),
              value = tuple_item(tuple_item(pairs, i), 1);
        Own hook;
        int found = object_lookup_special(value, NAME(__set_name__), &hook);
        if (found > 0) {
            Own result = call2(hook, VALUE(t), name);
            drop(hook);
            drop_opt(result);
            found = result ? 0 : -1;
            if (!result) {
                note_failed_hook(t, name, value);
            }
        }
        status = found;
    }
    drop_opt(pairs);
    return status;
}

static int
call_init_subclass(Type *t, Value const *kwvalues, Value kwnames)
{
    bool unbound;
    Own hook;
    int found = super_lookup(t, VALUE(t), t, NAME(__init_subclass__), false, &unbound, &hook);
    if (found <= 0) {
        return found;
    }
    Own result = object_call(hook, kwvalues, 0, kwnames);
    drop(hook);
    drop_opt(result);
    return result ? 0 : -1;
}

/* The cells are full before mro() is asked: it may call methods of the class. */
static int
make_type(Type *t, Value name, Value bases)
{
    Own class_cell = NO_VALUE, dict_cell = NO_VALUE;
    int status = -1;
    if (fill_namespace(t, name) == 0 && take_entry(t, NAME(__classcell__), &class_cell) == 0 &&
        take_entry(t, NAME(__classdictcell__), &dict_cell) == 0 && lay_out(t, name, bases) == 0 &&
        fill_cell(class_cell, "__classcell__", VALUE(t)) == 0) {
        if (fill_cell(dict_cell, "__classdictcell__", t->dict) == 0) {
            status = complete(t);
        }
        if (status < 0) {
            Own exc = exc_take();
            (void)!fill_cell(class_cell, "__classcell__", NO_VALUE);
            exc_restore(exc);
        }
    }
    drop_opt(class_cell);
    drop_opt(dict_cell);
    return status;
}

/* -- constructors -- */

static Own
make_class(Type *metatype, Value name, Value bases, Value ns, Value const *kwvalues, Value kwnames)
{
    Type *base = type_best_base(bases);
    Type *t = base ? alloc_class(metatype, name, base, bases) : NULL;
    if (!t) {
        return NO_VALUE;
    }
    ref_init(&t->head, &t->dict, copy_namespace(ns));
    if (!t->dict || make_type(t, name, bases) < 0 || call_set_name(t) < 0 || call_init_subclass(t, kwvalues, kwnames) < 0) {
        drop(OWN(t));
        return NO_VALUE;
    }
    return OWN(t);
}

/* Bases that are not classes need types.new_class or a class statement. */
static int
check_mro_entries(Value bases)
{
    for (int64_t i = 0; i < as_tuple(bases)->length; i++) {
        Value base = tuple_item(bases, i);
        if (is_type(base)) {
            continue;
        }
        Own hook;
        int found = object_lookup_attr(base, NAME(__mro_entries__), &hook);
        drop_opt(hook);
        if (found != 0) {
            return found < 0
                       ? -1
                       : raise_int(
                             &exc_TypeError,
                             "type() doesn't support MRO entry resolution; use types.new_class()");
        }
    }
    return 0;
}

Own
type_new_class(Type *metatype, Value name, Value bases, Value ns, Value const *kwvalues,
               Value kwnames)
{
    Own winner = check_mro_entries(bases) < 0 ? NO_VALUE : type_metaclass(VALUE(metatype), bases);
    if (!winner) {
        return NO_VALUE;
    }
    Type *meta = (Type *)obj(winner);
    Own result;
    if (meta != metatype && meta->slots.create != type_create) {
        int64_t nkw = kwnames ? as_tuple(kwnames)->length : 0;
        Value *args = mem_alloc((size_t)(3 + nkw) * sizeof *args);
        result = NO_VALUE;
        if (args) {
            args[0] = name;
            args[1] = bases;
            args[2] = ns;
            if (nkw) {
                memcpy(args + 3, kwvalues, (size_t)nkw * sizeof *args);
            }
            result = meta->slots.create(meta, args, 3, kwnames);
            mem_free(args);
        }
    } else if (as_tuple(bases)->length == 0) {
        Own object_only = tuple_pack(1, VALUE(&object_type));
        result =
            object_only ? make_class(meta, name, object_only, ns, kwvalues, kwnames) : NO_VALUE;
        drop_opt(object_only);
    } else {
        result = make_class(meta, name, bases, ns, kwvalues, kwnames);
    }
    drop(winner);
    return result;
}

Own
type_create(Type *metatype, Value const *args, size_t nargs, Value kwnames)
{
    if (nargs != 3) {
        return raise_fmt(&exc_TypeError, "type.__new__() takes exactly 3 arguments (%zu given)",
                         nargs);
    }
    static const char *const wanted[] = {"str", "tuple", "dict"};
    bool ok[] = {is_str(args[0]), is_tuple(args[1]), is_dict(args[2])};
    for (int i = 0; i < 3; i++) {
        if (!ok[i]) {
            return raise_fmt(&exc_TypeError, "type.__new__() argument %d must be %s, not %T", i + 1,
                             wanted[i], args[i]);
        }
    }
    return type_new_class(metatype, args[0], args[1], args[2], args + 3, kwnames);
}
