/* _pickle: the Pickler object and its memo. */
#include "module/_pickle/pickle.h"

#include "heap/critical.h"
#include "object/args.h"
#include "object/bytes.h"
#include "object/dict.h"
#include "object/int.h"
#include "object/list.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

typedef struct MemoProxy {
    Object head;
    Own pickler; /* immutable */
} MemoProxy;

#include "pickler.spec.h"

/* -- the memo -- */

static size_t
memo_slot(const PickleMemo *m, Value v)
{
    size_t mask = (size_t)m->table_size - 1, i = (size_t)(value_bits(v) * 0x9E3779B97F4A7C15 >> 20) & mask;
    while (m->table[i] && m->objects[m->table[i] - 1] != v) {
        i = (i + 1) & mask;
    }
    return i;
}

int64_t
pickle_memo_find(const PickleMemo *m, Value v)
{
    return m->table_size ? m->table[memo_slot(m, v)] - 1 : -1;
}

static int
memo_grow(PickleMemo *m)
{
    int64_t size = m->table_size ? m->table_size * 2 : 64;
    int64_t *table = mem_zalloc((size_t)size * sizeof *table);
    Own *objects = table ? mem_realloc(m->objects, (size_t)size / 2 * sizeof *objects) : NULL;
    if (!objects) {
        mem_free(table);
        return -1;
    }
    mem_free(m->table);
    m->table = table;
    m->table_size = size;
    m->objects = objects;
    m->capacity = size / 2;
    for (int64_t i = 0; i < m->length; i++) {
        m->table[memo_slot(m, m->objects[i])] = i + 1;
    }
    return 0;
}

int
pickle_memo_add(PickleMemo *m, Value v)
{
    if (m->length == m->capacity && memo_grow(m) < 0) {
        return -1;
    }
    m->objects[m->length++] = own(v);
    m->table[memo_slot(m, v)] = m->length;
    return 0;
}

void
pickle_memo_clear(PickleMemo *m)
{
    PickleMemo old = *m;
    *m = (PickleMemo){0};
    for (int64_t i = 0; i < old.length; i++) {
        drop(old.objects[i]);
    }
    mem_free(old.objects);
    mem_free(old.table);
}

/* p's memo becomes m, which gets what it was. lock: owner's */
static void
memo_exchange(Pickler *p, PickleMemo *m)
{
    CriticalSection section;
    critical_enter(&section, &p->head);
    PickleMemo old = p->memo;
    p->memo = *m;
    *m = old;
    critical_leave(&section);
}

static void
memo_empty(Pickler *p)
{
    PickleMemo old = {0};
    memo_exchange(p, &old);
    pickle_memo_clear(&old);
}

/* A list of what is in the memo, by number, at one moment. Waits for no dump. own: ret new */
static Own
memo_list(Pickler *p)
{
    CriticalSection section;
    critical_enter(&section, &p->head);
    Own list = list_new(p->memo.length);
    for (int64_t i = 0; list && i < p->memo.length; i++) {
        if (list_append(list, p->memo.objects[i]) < 0) {
            ref_clear(&list);
        }
    }
    critical_leave(&section);
    return list;
}

/* -- dumping -- */

int
pickler_setup(Pickler *p, Value file, Value protocol, bool fix_imports, Value buffer_callback)
{
    int64_t proto = PROTOCOL_DEFAULT;
    if (protocol != NONE && protocol) {
        proto = object_as_int64(protocol);
        if (proto == -1 && exc_pending()) {
            return -1;
        }
        if (proto < 0) {
            proto = PROTOCOL_HIGHEST;
        } else if (proto > PROTOCOL_HIGHEST) {
            return raise_int(&exc_ValueError, "pickle protocol must be <= %d", PROTOCOL_HIGHEST);
        }
    }
    Own write = NO_VALUE;
    if (file) {
        if (object_lookup_attr_cstr(file, "write", &write) < 0) {
            return -1;
        }
        if (!write) {
            return raise_int(&exc_TypeError, "file must have a 'write' attribute");
        }
    }
    if (buffer_callback && buffer_callback != NONE && proto < 5) {
        drop_opt(write);
        return raise_int(&exc_ValueError, "buffer_callback needs protocol >= 5");
    }
    p->proto = (int)proto;
    p->bin = proto > 0;
    p->fix_imports = fix_imports && proto < 3;
    p->fast = false;
    p->frame_start = -1;
    p->framing = false;
    p->out_length = 0;
    ref_store(&p->head, &p->write, write);
    ref_store(&p->head, &p->buffer_callback, buffer_callback && buffer_callback != NONE ? own(buffer_callback) : NO_VALUE);
    p->ready = true;
    return 0;
}

static int
dump_object(Pickler *p, Value v)
{
    if (p->proto >= 2) {
        uint8_t head[] = {OP_PROTO, (uint8_t)p->proto};
        if (pickle_write(p, head, 2) < 0) {
            return -1;
        }
        p->framing = p->proto >= 4;
    }
    return pickle_save(p, v) < 0 || pickle_op(p, OP_STOP) < 0 ? -1 : pickle_close_frame(p);
}

int
pickler_dump(Pickler *p, Value v)
{
    p->frame_start = -1;
    p->out_length = 0;
    int status = dump_object(p, v);
    p->framing = false;
    p->frame_start = -1;
    p->fast_chain = NULL;
    p->fast_nesting = 0;
    return status;
}

int
pickle_enter(OwnerLock *lock, const char *what)
{
    if (call_lock_is_mine(&lock->lock)) {
        return raise_int(&exc_RuntimeError, "%s is being used already", what);
    }
    owner_lock_enter(lock);
    return 0;
}

int
pickler_init(Pickler *self, Value file, Value protocol, bool fix_imports, Value buffer_callback)
{
    if (pickle_enter(&self->lock, "Pickler") < 0) {
        return -1;
    }
    int status = pickler_setup(self, file, protocol, fix_imports, buffer_callback);
    memo_empty(self);
    if (status == 0) {
        Own table;
        status = object_lookup_attr_cstr(VALUE(self), "dispatch_table", &table);
        if (status >= 0) {
            ref_store(&self->head, &self->dispatch_table, table);
            status = 0;
        }
    }
    owner_lock_leave(&self->lock);
    return status;
}

/* The method `name` of the Pickler, unless it is the one that it is born with. fail: -1 */
static int
own_method(Pickler *p, const char *name, Own *out)
{
    *out = NO_VALUE;
    if (type_of(VALUE(p)) == &pickler_type && !p->persistent_id) {
        return 0;
    }
    Own method;
    int status = object_lookup_attr_cstr(VALUE(p), name, &method);
    if (status > 0 && IS_EXACT(method, BUILTIN)) { /* persistent_id of Pickler itself */
        Own plain = type_find_cstr(&pickler_type, name), mine = type_find_cstr(type_of(VALUE(p)), name);
        if (plain && plain == mine && !p->persistent_id) {
            drop(method);
            method = NO_VALUE;
        }
        drop_opt(plain);
        drop_opt(mine);
    }
    *out = status > 0 ? method : NO_VALUE;
    return status < 0 ? -1 : 0;
}

Own
pickler_py_dump(Pickler *self, Value v)
{
    if (!self->ready) {
        return raise_fmt(PICKLE_ERROR(pickling_error), "Pickler.__init__() was not called by %s.__init__()",
                         type_of(VALUE(self))->name);
    }
    if (pickle_enter(&self->lock, "Pickler") < 0) {
        return NO_VALUE;
    }
    Own old_pers = self->pers_func, old_override = self->reducer_override;
    self->pers_func = self->reducer_override = NO_VALUE;
    Own pers, override = NO_VALUE;
    int status = own_method(self, "persistent_id", &pers);
    if (status == 0 && type_of(VALUE(self)) != &pickler_type) {
        status = object_lookup_attr_cstr(VALUE(self), "reducer_override", &override) < 0 ? -1 : 0;
    }
    ref_init(&self->head, &self->pers_func, pers);
    ref_init(&self->head, &self->reducer_override, override);
    if (status == 0) {
        status = pickler_dump(self, v) < 0 ? -1 : pickle_flush(self);
    }
    pers = ref_swap(&self->head, &self->pers_func, old_pers);
    override = ref_swap(&self->head, &self->reducer_override, old_override);
    owner_lock_leave(&self->lock);
    drop_opt(pers);
    drop_opt(override);
    return status < 0 ? NO_VALUE : NONE;
}

int
pickler_py_clear_memo(Pickler *self)
{
    owner_lock_enter(&self->lock);
    memo_empty(self);
    owner_lock_leave(&self->lock);
    return 0;
}

Own
pickler_py_persistent_id(Pickler *self UNUSED, Value v UNUSED)
{
    return NONE;
}

int64_t
pickler_py___sizeof__(Pickler *self)
{
    return (int64_t)sizeof(Pickler) + self->out_capacity + self->memo.table_size * 8 + self->memo.capacity * 8;
}

/* -- attributes -- */

Own
pickler_get_bin(Pickler *self)
{
    return small_int(__atomic_load_n(&self->bin, __ATOMIC_RELAXED));
}

Own
pickler_get_fast(Pickler *self)
{
    return small_int(__atomic_load_n(&self->fast, __ATOMIC_RELAXED));
}

/* Not in the middle of another thread's dump. */
static int
set_flag(Pickler *self, Value value, bool *flag)
{
    int64_t i = value ? object_as_int64(value) : raise_int(&exc_TypeError, "can't delete numeric/char attribute");
    if (i == -1 && exc_pending()) {
        return -1;
    }
    owner_lock_enter(&self->lock);
    __atomic_store_n(flag, i != 0, __ATOMIC_RELAXED);
    owner_lock_leave(&self->lock);
    return 0;
}

int
pickler_set_bin(Pickler *self, Value value)
{
    return set_flag(self, value, &self->bin);
}

int
pickler_set_fast(Pickler *self, Value value)
{
    return set_flag(self, value, &self->fast);
}

Own
pickler_get_dispatch_table(Pickler *self)
{
    Own table = ref_load(&self->head, &self->dispatch_table);
    return table ? table
                 : raise_fmt(&exc_AttributeError, "'%T' object has no attribute 'dispatch_table'", VALUE(self));
}

int
pickler_set_dispatch_table(Pickler *self, Value value)
{
    owner_lock_enter(&self->lock);
    Own old = ref_swap(&self->head, &self->dispatch_table, own_opt(value));
    owner_lock_leave(&self->lock);
    drop_opt(old);
    return 0;
}

Own
pickler_get_memo(Pickler *self)
{
    Own v = type_alloc(&pickler_memo_type, 0);
    if (v) {
        ref_init(obj(v), &((MemoProxy *)obj(v))->pickler, own(VALUE(self)));
    }
    return v;
}

/* {id: (number, object)} as a memo. fail: -1 */
static int
memo_of_dict(PickleMemo *m, Value dict)
{
    int64_t position = 0;
    Own key, value;
    int status = 0;
    for (int64_t number = 0; status == 0 && number < dict_len(dict); number++) { /* in the order of the numbers */
        bool found = false;
        for (position = 0; status == 0 && !found && dict_next(dict, &position, &key, &value);) {
            if (!is_tuple(value) || as_tuple(value)->length != 2) {
                status = raise_int(&exc_TypeError, "'memo' values must be 2-item tuples");
            } else if (tuple_item(value, 0) == (Value)small_int(number) || dict_len(dict) == 1) {
                found = true;
                status = pickle_memo_add(m, tuple_item(value, 1));
            }
            drop(key);
            drop(value);
        }
    }
    return status;
}

/* m becomes as the pickler's memo is at one moment. fail: -1 */
static int
memo_of_pickler(PickleMemo *m, Pickler *from)
{
    Own list = memo_list(from);
    int status = list ? 0 : -1;
    Own v;
    for (int64_t i = 0; status == 0 && (v = list_get(list, i)); i++) {
        status = pickle_memo_add(m, v);
        drop(v);
    }
    drop_opt(list);
    return status;
}

int
pickler_set_memo(Pickler *self, Value value)
{
    PickleMemo fresh = {0};
    int status = 0;
    if (!value) {
        return raise_int(&exc_TypeError, "attribute deletion is not supported");
    }
    if (is_object(value) && type_of(value) == &pickler_memo_type) {
        status = memo_of_pickler(&fresh, (Pickler *)obj(((MemoProxy *)obj(value))->pickler));
    } else if (is_dict(value)) {
        status = memo_of_dict(&fresh, value);
    } else {
        status = raise_int(&exc_TypeError, "'memo' attribute must be a PicklerMemoProxy object or dict, not %T", value);
    }
    if (status == 0) {
        for (int64_t i = 0; i < fresh.length; i++) {
            publish(fresh.objects[i]);
        }
        owner_lock_enter(&self->lock);
        memo_exchange(self, &fresh);
        owner_lock_leave(&self->lock);
    }
    pickle_memo_clear(&fresh);
    return status;
}

int
pickler_memo_py_clear(MemoProxy *self)
{
    return pickler_py_clear_memo((Pickler *)obj(self->pickler));
}

Own
pickler_memo_py_copy(MemoProxy *self)
{
    Own list = memo_list((Pickler *)obj(self->pickler)), dict = list ? dict_new() : NO_VALUE, v;
    for (int64_t i = 0; dict && (v = list_get(list, i)); i++) {
        Own key = int_from_u64(value_bits(v));
        Own pair = key ? tuple_pack(2, (Value)small_int(i), (Value)v) : NO_VALUE;
        if (!pair) {
            drop_opt(key);
        }
        if (!pair || dict_set_own(dict, key, pair) < 0) {
            ref_clear(&dict);
        }
        drop(v);
    }
    drop_opt(list);
    return dict;
}

Own
pickler_memo_py___reduce__(MemoProxy *self)
{
    Own dict = pickler_memo_py_copy(self), args = dict ? tuple_pack(1, (Value)dict) : NO_VALUE;
    Own result = args ? tuple_pack(2, VALUE(&dict_type), (Value)args) : NO_VALUE;
    drop_opt(dict);
    drop_opt(args);
    return result;
}

/* persistent_id can be set on an instance. */
static int
pickler_setattr(Value v, Value name, Value value)
{
    if (is_str(name) && str_equals_cstr(name, "persistent_id")) {
        Pickler *p = (Pickler *)obj(v);
        if (!value && !p->persistent_id) {
            raise_attribute_error(v, name);
            return -1;
        }
        owner_lock_enter(&p->lock);
        Own old = ref_swap(&p->head, &p->persistent_id, own_opt(value));
        owner_lock_leave(&p->lock);
        drop_opt(old);
        return 0;
    }
    return object_generic_setattr(v, name, value);
}

static Own
pickler_getattr(Value v, Value name)
{
    if (is_str(name) && str_equals_cstr(name, "persistent_id")) {
        Own set = ref_load(obj(v), &((Pickler *)obj(v))->persistent_id);
        if (set) {
            return set;
        }
    }
    return object_generic_getattr(v, name);
}

/* -- types -- */

static int
pickler_traverse(Object *o, Visit visit, void *arg)
{
    Pickler *p = (Pickler *)o;
    VISIT(p->write);
    VISIT(p->buffer_callback);
    VISIT(p->dispatch_table);
    VISIT(p->persistent_id);
    VISIT(p->pers_func);
    VISIT(p->reducer_override);
    for (int64_t i = 0; i < p->memo.length; i++) {
        VISIT(p->memo.objects[i]);
    }
    return 0;
}

static void
pickler_clear(Object *o)
{
    Pickler *p = (Pickler *)o;
    ref_clear(&p->write);
    ref_clear(&p->buffer_callback);
    ref_clear(&p->dispatch_table);
    ref_clear(&p->persistent_id);
    ref_clear(&p->pers_func);
    ref_clear(&p->reducer_override);
    pickle_memo_clear(&p->memo);
}

static void
pickler_dealloc(Object *o)
{
    pickler_clear(o);
    mem_free(((Pickler *)o)->out);
    object_free(o);
}

static int
memo_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((MemoProxy *)o)->pickler);
    return 0;
}

static void
memo_dealloc(Object *o)
{
    drop_opt(((MemoProxy *)o)->pickler);
    object_free(o);
}

Type pickler_type = {
    .name = "_pickle.Pickler",
    .flags = TYPE_GC | TYPE_BASE,
    .basic_size = sizeof(Pickler),
    .slots = {
        .traverse = pickler_traverse,
        .clear = pickler_clear,
        .dealloc = pickler_dealloc,
        .init = pickler_init_slot,
        .getattr = pickler_getattr,
        .setattr = pickler_setattr,
    },
    .methods = pickler_methods,
    .getsets = pickler_getsets,
    .spec_doc = pickler_doc,
};

Type pickler_memo_type = {
    .name = "_pickle.PicklerMemoProxy",
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(MemoProxy),
    .slots = {.traverse = memo_traverse, .dealloc = memo_dealloc, .hash = hash_unhashable},
    .methods = pickler_memo_methods,
    .getsets = pickler_memo_getsets,
    .spec_doc = pickler_memo_doc,
};
