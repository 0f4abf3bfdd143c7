/* Local variables as mappings (PEP 667): a proxy reads and writes the registers of the frame, cells included; names that are no variables go to a
 * dict beside it (FrameObject.extra_locals).
 *
 * Threads: the registers of a running frame belong to its thread. Others, and whoever looks into a generator that may be running, stop the world for
 * the moment of the access, and publish what they find. Those of a frame that has ended are fields of its object, guarded by its lock. */
#include "vm/framelocals.h"

#include "heap/critical.h"
#include "heap/world.h"
#include "object/dict.h"
#include "object/list.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"
#include "vm/register.h"

typedef struct LocalsProxy {
    Object head;
    Own frame; /* a frame object; immutable */
} LocalsProxy;

#include "framelocals.spec.h"

static Type locals_proxy_type;

/* -- one variable */

/* Must the world be stopped for a look at this frame's registers? */
static bool
is_foreign(const FrameObject *fo)
{
    return threads_many && !frame_object_ended(fo) && (fo->thread != thread_self() || fo->in_generator);
}

static bool
is_bound(const Frame *f, uint32_t i)
{
    return __atomic_load_n(&f->regs[i], __ATOMIC_RELAXED) != NO_VALUE;
}

/* The cell that v is, where register i may hold one, or null. */
static CellObject *
cell_in(const Code *code, uint32_t i, Value v)
{
    return v && (code->local_kinds[i] & (LOCAL_CELL | LOCAL_FREE)) && IS_EXACT(v, CELL) ? (CellObject *)obj(v) : NULL;
}

/* The variable whose register i holds v (eaten): new, or NO_VALUE when it is unbound. */
static Own
value_in(const Code *code, uint32_t i, Own v)
{
    CellObject *cell = cell_in(code, i, v);
    if (!cell) {
        return v;
    }
    Own contents = ref_load(&cell->head, &cell->contents);
    drop(v);
    return contents;
}

static Own
variable_get(const FrameObject *fo, uint32_t i)
{
    bool foreign = is_foreign(fo);
    if (foreign) {
        world_stop();
    }
    Own v = value_in(fo->own.code, i, ref_load(&fo->head, &fo->frame->regs[i]));
    if (foreign) {
        if (v) {
            publish(v);
        }
        world_start();
    }
    return v;
}

/* Keeps what a running frame's register held until its frame object dies: the instruction at which the frame stands may still be using it.
 * own: old eaten */
static void
keep_overwritten(FrameObject *fo, Own old)
{
    CriticalSection section;
    critical_enter(&section, &fo->head);
    Own list = own_opt(fo->overwritten);
    if (!list) {
        list = list_new(0);
        if (list) {
            ref_init(&fo->head, &fo->overwritten, own(list));
        }
    }
    critical_leave(&section);
    if (!list || list_append(list, old) < 0) {
        exc_clear(); /* without memory it is leaked, not freed too early */
        (void)own(old);
    }
    drop_opt(list);
    drop(old);
}

/* Stores v (eaten) into a field of o and gives what was there. */
static Own
swap(Object *o, Own *field, Own v)
{
    CriticalSection section;
    critical_enter(&section, o);
    Own old = ref_swap(o, field, v);
    critical_leave(&section);
    return old;
}

/* Sets variable i. Eats v. */
static void
variable_set(FrameObject *fo, uint32_t i, Own v)
{
    bool foreign = is_foreign(fo);
    if (foreign) {
        publish(v);
        world_stop();
    }
    Frame *f = fo->frame;
    Own *r = &f->regs[i], old, held = ref_load(&fo->head, r);
    CellObject *cell = cell_in(f->code, i, held);
    bool keep = false;
    if (cell) {
        old = swap(&cell->head, &cell->contents, v);
    } else if (frame_object_ended(fo)) { /* counted: see frame_object_detach */
        old = swap(&fo->head, r, v);
    } else {
        old = *r ? reg_take(*r) : NO_VALUE;
        *r = reg_from(v);
        keep = old && is_object(old);
    }
    if (foreign) {
        if (old) {
            publish(old); /* its thread may be using it still */
        }
        world_start();
    }
    drop_opt(held);
    if (keep) {
        keep_overwritten(fo, old);
    } else {
        drop_opt(old);
    }
}

/* The index of the variable that key equals, where key is not exactly a str: it may claim to equal a name. fail: -2 */
static int64_t
variable_find_equal(const Code *code, Value key)
{
    int64_t hash = object_hash(key);
    if (hash == -1) {
        return -2;
    }
    for (uint32_t i = 0; i < code->nlocals_plus; i++) {
        Value local = tuple_item(code->local_names, i);
        if (object_hash(local) == hash) {
            int same = object_equal(local, key);
            if (same != 0) {
                return same < 0 ? -2 : (int64_t)i;
            }
        }
    }
    return -1;
}

static bool
any_hidden(const Code *code)
{
    for (uint32_t i = 0; i < code->nlocals_plus; i++) {
        if (code->local_kinds[i] & LOCAL_HIDDEN) {
            return true;
        }
    }
    return false;
}

/* The variable that is seen under the name of variable i: that of a comprehension inside the code, while it is bound, hides the one around. */
static uint32_t
variable_seen(const Frame *f, uint32_t i)
{
    const Code *code = f->code;
    Value name = tuple_item(code->local_names, i);
    uint32_t seen = i;
    for (uint32_t j = 0; j < code->nlocals_plus; j++) {
        if (tuple_item(code->local_names, j) == name) {
            bool hidden = code->local_kinds[j] & LOCAL_HIDDEN;
            if (hidden && is_bound(f, j)) {
                return j;
            }
            seen = hidden ? seen : j;
        }
    }
    return seen;
}

static uint32_t
variable_seen_in(const FrameObject *fo, uint32_t i)
{
    if (!any_hidden(fo->own.code)) {
        return i;
    }
    bool foreign = is_foreign(fo);
    if (foreign) {
        world_stop();
    }
    uint32_t seen = variable_seen(fo->frame, i);
    if (foreign) {
        world_start();
    }
    return seen;
}

/* The number of the variable called name, or -1. */
static int64_t
variable_find(const FrameObject *fo, Value name)
{
    const Code *code = fo->own.code;
    if (!IS_EXACT(name, STR)) {
        return variable_find_equal(code, name);
    }
    for (uint32_t i = 0; i < code->nlocals_plus; i++) {
        Value local = tuple_item(code->local_names, i);
        if (local == name || str_equal(as_str(local), as_str(name))) {
            return variable_seen_in(fo, i);
        }
    }
    return -1;
}

/* -- all of them */

/* A fresh dict of the bound variables, then of the extra ones. */
static Own
locals_dict(const FrameObject *fo)
{
    const Code *code = fo->own.code;
    bool hiding = any_hidden(code);
    Own dict = dict_new();
    for (uint32_t i = 0; dict && i < code->nlocals_plus; i++) {
        Own v = !hiding || variable_seen_in(fo, i) == i ? variable_get(fo, i) : NO_VALUE;
        if (v && dict_set_own(dict, own(tuple_item(code->local_names, i)), v) < 0) {
            ref_clear(&dict);
        }
    }
    Own extra = dict ? ref_load(&fo->head, &fo->extra_locals) : NO_VALUE;
    if (extra && dict_update(dict, extra) < 0) {
        ref_clear(&dict);
    }
    drop_opt(extra);
    return dict;
}

/* Is f, the frame of a class or module, inside a comprehension that is part of its code? Then the variables of that one are what is
 * local, as if the comprehension were a function. */
static bool
has_hidden_locals(const Frame *f)
{
    const Code *code = f->code;
    for (uint32_t i = 0; i < code->nlocals_plus; i++) {
        if ((code->local_kinds[i] & LOCAL_HIDDEN) && is_bound(f, i)) {
            return true;
        }
    }
    return false;
}

Own
frame_locals_snapshot(Frame *f)
{
    if (!(f->code->flags & CO_OPTIMIZED) && !has_hidden_locals(f)) {
        return own(f->locals);
    }
    if (f->kind & FRAME_OBJECT) {
        return locals_dict(as_frame_object(f->object));
    }
    bool hiding = any_hidden(f->code);
    Own dict = dict_new();
    for (uint32_t i = 0; dict && i < f->code->nlocals_plus; i++) {
        Own v = !hiding || variable_seen(f, i) == i ? value_in(f->code, i, own_opt(f->regs[i])) : NO_VALUE;
        if (v && dict_set_own(dict, own(tuple_item(f->code->local_names, i)), v) < 0) {
            ref_clear(&dict);
        }
    }
    return dict;
}

Own
frame_locals(FrameObject *fo)
{
    if (!(fo->own.code->flags & CO_OPTIMIZED)) {
        bool stopped = frame_object_look(fo), hidden = has_hidden_locals(fo->frame);
        Own locals = hidden ? NO_VALUE : ref_load(&fo->head, &fo->frame->locals);
        if (stopped) {
            if (locals) {
                publish(locals);
            }
            world_start();
        }
        if (!hidden) {
            return locals ? locals : dict_new();
        }
    }
    return locals_proxy_make(&locals_proxy_type, VALUE(fo));
}

/* -- the proxy */

static FrameObject *
frame_in(Value proxy)
{
    return as_frame_object(((LocalsProxy *)obj(proxy))->frame);
}

static bool
is_proxy(Value v)
{
    return is_object(v) && obj_type(obj(v)) == &locals_proxy_type;
}

Own
locals_proxy_make(Type *cls, Value frame)
{
    if (!IS_EXACT(frame, FRAME)) {
        return raise_fmt(&exc_TypeError, "expect frame, not %T", frame);
    }
    LocalsProxy *p = (LocalsProxy *)type_alloc(cls, 0);
    if (p) {
        ref_init(&p->head, &p->frame, own(frame));
    }
    return OWN(p);
}

/* 1 found, 0 absent, -1 */
static int
proxy_lookup(Value proxy, Value key, Own *value)
{
    FrameObject *fo = frame_in(proxy);
    int64_t i = variable_find(fo, key);
    *value = i >= 0 ? variable_get(fo, (uint32_t)i) : NO_VALUE;
    if (*value) {
        return 1;
    }
    if (i == -2) {
        return -1;
    }
    if (i < 0) {
        Own extra = ref_load(&fo->head, &fo->extra_locals);
        if (extra) {
            int found = dict_lookup(extra, key, value);
            drop(extra);
            return found;
        }
        return object_hash(key) == -1 ? -1 : 0;
    }
    return 0;
}

/* The dict of names that are no variables, made if need be. */
static Own
extra_dict(FrameObject *fo)
{
    Own extra = ref_load(&fo->head, &fo->extra_locals);
    if (extra) {
        return extra;
    }
    Own made = dict_new();
    if (!made) {
        return NO_VALUE;
    }
    CriticalSection section;
    critical_enter(&section, &fo->head);
    if (!fo->extra_locals) {
        ref_init(&fo->head, &fo->extra_locals, own(made));
    }
    extra = own(fo->extra_locals);
    critical_leave(&section);
    drop(made);
    return extra;
}

static Own
proxy_getitem(Value proxy, Value key)
{
    Own v;
    int found = proxy_lookup(proxy, key, &v);
    return found == 0 ? raise_fmt(&exc_KeyError, "local variable '%R' is not defined", key) : v;
}

static int
raise_not_removable(void)
{
    return raise_int(&exc_ValueError, "cannot remove local variables from FrameLocalsProxy");
}

static int
proxy_setitem(Value proxy, Value key, Value value)
{
    FrameObject *fo = frame_in(proxy);
    int64_t i = variable_find(fo, key);
    if (i >= 0) {
        if (!value) {
            return raise_not_removable();
        }
        variable_set(fo, (uint32_t)i, own(value));
        return 0;
    }
    if (i == -2) {
        return -1;
    }
    Own extra = value ? extra_dict(fo) : ref_load(&fo->head, &fo->extra_locals);
    if (!extra) {
        if (!value) {
            raise_key_error(key);
        }
        return -1;
    }
    int status = value ? dict_set(extra, key, value) : dict_delete(extra, key);
    drop(extra);
    return status;
}

static int
proxy_contains(Value proxy, Value key)
{
    Own v;
    int found = proxy_lookup(proxy, key, &v);
    drop_opt(v);
    return found;
}

static int64_t
proxy_len(Value proxy)
{
    Own dict = locals_dict(frame_in(proxy));
    int64_t n = dict ? dict_len(dict) : -1;
    drop_opt(dict);
    return n;
}

/* What `part` makes of the variables as a dict. */
static Own
proxy_part(Value proxy, Own (*part)(Value dict))
{
    Own dict = locals_dict(frame_in(proxy));
    Own result = dict ? part(dict) : NO_VALUE;
    drop_opt(dict);
    return result;
}

static Own
proxy_iter(Value proxy)
{
    Own keys = proxy_part(proxy, dict_keys_list);
    Own it = keys ? object_iter(keys) : NO_VALUE;
    drop_opt(keys);
    return it;
}

static Own
proxy_repr(Value proxy)
{
    int entered = repr_enter(proxy);
    if (entered != 0) {
        return entered < 0 ? NO_VALUE : str_from_cstr("{...}");
    }
    Own text = proxy_part(proxy, object_repr);
    repr_leave(proxy);
    return text;
}

static Own
proxy_compare(Value a, Value b, CompareOp op)
{
    if (op != CMP_EQ && op != CMP_NE) {
        return own(NOTIMPLEMENTED);
    }
    if (is_proxy(a) && is_proxy(b)) {
        return bool_value((frame_in(a) == frame_in(b)) == (op == CMP_EQ));
    }
    if (!is_proxy(a) || !is_dict(b)) {
        return own(NOTIMPLEMENTED);
    }
    Own dict = locals_dict(frame_in(a));
    Own result = dict ? object_compare(dict, b, op) : NO_VALUE;
    drop_opt(dict);
    return result;
}

/* Sets variables from a dict or another proxy. fail: -1; 1 = of no such type */
static int
proxy_merge(Value proxy, Value other)
{
    if (!is_dict(other) && !is_proxy(other)) {
        return 1;
    }
    Own dict = is_proxy(other) ? locals_dict(frame_in(other)) : dict_copy(other);
    Own key, value;
    int status = dict ? 0 : -1;
    for (int64_t at = 0; status == 0 && dict_next(dict, &at, &key, &value);) {
        status = proxy_setitem(proxy, key, value);
        drop(key);
        drop(value);
    }
    drop_opt(dict);
    return status;
}

static Own
proxy_or(Value a, Value b)
{
    if (!(is_proxy(a) || is_dict(a)) || !(is_proxy(b) || is_dict(b))) {
        return own(NOTIMPLEMENTED);
    }
    Own left = is_proxy(a) ? locals_dict(frame_in(a)) : dict_copy(a);
    Own right = left ? (is_proxy(b) ? locals_dict(frame_in(b)) : own(b)) : NO_VALUE;
    if (!right || dict_update(left, right) < 0) {
        ref_clear(&left);
    }
    drop_opt(right);
    return left;
}

static Own
proxy_inplace_or(Value a, Value b)
{
    int status = proxy_merge(a, b);
    return status < 0 ? NO_VALUE : own(status > 0 ? NOTIMPLEMENTED : (Own)(uintptr_t)a);
}

Own
locals_proxy_py___reversed__(LocalsProxy *self)
{
    Own keys = proxy_part(VALUE(self), dict_keys_list);
    if (keys && list_reverse(keys) < 0) {
        ref_clear(&keys);
    }
    return keys;
}

Own
locals_proxy_py_copy(LocalsProxy *self)
{
    return locals_dict(frame_in(VALUE(self)));
}

Own
locals_proxy_py_get(LocalsProxy *self, Value key, Value otherwise)
{
    Own v;
    int found = proxy_lookup(VALUE(self), key, &v);
    return found == 0 ? own(otherwise) : v;
}

Own
locals_proxy_py_items(LocalsProxy *self)
{
    return proxy_part(VALUE(self), dict_items_list);
}

Own
locals_proxy_py_keys(LocalsProxy *self)
{
    return proxy_part(VALUE(self), dict_keys_list);
}

Own
locals_proxy_py_values(LocalsProxy *self)
{
    return proxy_part(VALUE(self), dict_values_list);
}

Own
locals_proxy_py_pop(LocalsProxy *self, Value key, Value otherwise)
{
    FrameObject *fo = frame_in(VALUE(self));
    int64_t i = variable_find(fo, key);
    if (i != -1) {
        if (i >= 0) {
            raise_not_removable();
        }
        return NO_VALUE;
    }
    Own extra = ref_load(&fo->head, &fo->extra_locals), v = NO_VALUE;
    int found = extra ? dict_pop(extra, key, &v) : 0;
    drop_opt(extra);
    if (found != 0) {
        return v;
    }
    return otherwise ? own(otherwise) : raise_key_error(key);
}

Own
locals_proxy_py_setdefault(LocalsProxy *self, Value key, Value otherwise)
{
    Own v;
    int found = proxy_lookup(VALUE(self), key, &v);
    if (found != 0) {
        return v;
    }
    return proxy_setitem(VALUE(self), key, otherwise) < 0 ? NO_VALUE : own(otherwise);
}

Own
locals_proxy_py_update(Value self, Value const *args, size_t nargs, Value kwnames)
{
    if (kwnames) {
        return raise_msg(&exc_TypeError, "FrameLocalsProxy.update() takes no keyword arguments");
    }
    if (args_check_positional("update", nargs, kwnames, 1, 1) < 0) {
        return NO_VALUE;
    }
    int status = proxy_merge(self, args[0]);
    if (status > 0) {
        return raise_msg(&exc_TypeError, "update() argument must be dict or another FrameLocalsProxy");
    }
    return status < 0 ? NO_VALUE : NONE;
}

static int
proxy_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((LocalsProxy *)o)->frame);
    return 0;
}

static void
proxy_clear(Object *o)
{
    ref_clear(&((LocalsProxy *)o)->frame);
}

static void
proxy_dealloc(Object *o)
{
    proxy_clear(o);
    object_free(o);
}

static Type locals_proxy_type = {
    .name = "FrameLocalsProxy",
    .flags = TYPE_GC | TYPE_MAPPING_PATTERN,
    .basic_size = sizeof(LocalsProxy),
    .slots = {
        .traverse = proxy_traverse,
        .clear = proxy_clear,
        .dealloc = proxy_dealloc,
        .create = locals_proxy_create_slot,
        .repr = proxy_repr,
        .compare = proxy_compare,
        .iter = proxy_iter,
        .binary = {[OP_OR] = proxy_or},
        .inplace = {[OP_OR] = proxy_inplace_or},
        .len = proxy_len,
        .getitem = proxy_getitem,
        .setitem = proxy_setitem,
        .contains = proxy_contains,
    },
    .methods = locals_proxy_methods,
    .getsets = locals_proxy_getsets,
    .spec_doc = locals_proxy_doc,
};

int
frame_types_ready(void)
{
    return type_ready(&locals_proxy_type);
}
