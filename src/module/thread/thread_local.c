/* threading.local: an object whose attributes are another dict in each thread.
 *
 * A thread keeps its dicts in Thread.locals, under the local's number; only it touches them, so reading an attribute takes no lock. When a
 * local dies, the dicts of the threads that have used it are taken out with the world stopped (of this thread alone when no other has). */
#include "heap/gc.h"
#include "object/dict.h"
#include "object/int.h"
#include "object/tuple.h"
#include "object/type.h"
#include "thread_priv.h"

typedef struct LocalObject {
    Object head;
    Own args, kwargs;      /* of the constructor, for __init__ in each thread; immutable; NO_VALUE when empty */
    int64_t number;        /* never used again; immutable */
    _Atomic uint16_t user; /* the id of the one thread that has used it, or LOCAL_MANY */
} LocalObject;

enum { LOCAL_MANY = UINT16_MAX };

static _Atomic int64_t last_number;

/* The table of a thread's dicts. The collector does not look into it: a dict is reached through its local alone, so that what refers
 * to the local from there goes with it. */
static Own
table_new(void)
{
    Own table = dict_new();
    if (table) {
        gc_untrack(obj(table));
    }
    return table;
}

static void
note_user(LocalObject *self, Thread *t)
{
    uint16_t user = atomic_load_explicit(&self->user, memory_order_relaxed);
    if (user != t->id && user != LOCAL_MANY && !(user == 0 && atomic_compare_exchange_strong(&self->user, &user, t->id))) {
        atomic_store(&self->user, LOCAL_MANY);
    }
}

/* This thread's dict, made (and __init__ called) at the first use. own: ret new · fail: 0 */
static Own
local_dict(LocalObject *self)
{
    Thread *t = thread_self();
    Own dict = NO_VALUE;
    if (!t->locals) {
        t->locals = table_new();
    }
    if (!t->locals || dict_lookup(t->locals, small_int(self->number), &dict) < 0) {
        return NO_VALUE;
    }
    if (dict) {
        return dict;
    }
    note_user(self, t);
    dict = dict_new();
    if (!dict || dict_set(t->locals, small_int(self->number), dict) < 0) {
        drop_opt(dict);
        return NO_VALUE;
    }
    Type *type = obj_type(&self->head);
    if (type->slots.init && type->slots.init != object_type.slots.init) {
        Own init = object_getattr(VALUE(self), NAME(__init__));
        Own none = init ? call_tuple(init, self->args ? (Value)self->args : (Value)tuple_empty, self->kwargs) : NO_VALUE;
        drop_opt(init);
        if (!none) { /* the next use tries again */
            Own pending = exc_take(), removed = NO_VALUE;
            if (dict_pop(t->locals, small_int(self->number), &removed) > 0) {
                drop(removed);
            }
            exc_restore(pending);
            drop(dict);
            return NO_VALUE;
        }
        drop(none);
    }
    return dict;
}

static Own
local_create(Type *cls, Value const *args, size_t nargs, Value kwnames)
{
    if ((nargs || kwnames) && cls->slots.init == object_type.slots.init) {
        return raise_msg(&exc_TypeError, "Initialization arguments are not supported");
    }
    Own v = type_alloc(cls, 0);
    if (!v) {
        return NO_VALUE;
    }
    LocalObject *self = (LocalObject *)obj(v);
    self->number = atomic_fetch_add(&last_number, 1) + 1;
    Own positional = tuple_from_array(args, (int64_t)nargs), named = NO_VALUE;
    if (positional && kwnames && (named = dict_new())) {
        for (int64_t i = 0; i < as_tuple(kwnames)->length; i++) {
            if (dict_set(named, tuple_item(kwnames, i), args[nargs + (size_t)i]) < 0) {
                ref_clear(&named);
                break;
            }
        }
    }
    if (!positional || (kwnames && !named)) {
        drop_opt(positional);
        drop(v);
        return NO_VALUE;
    }
    ref_init(obj(v), &self->args, positional);
    ref_init(obj(v), &self->kwargs, named);
    /* The maker's __init__ runs as for any object, from type.__call__: its dict is made here so that it is not run twice. */
    Thread *t = thread_self();
    if (!t->locals) {
        t->locals = table_new();
    }
    Own dict = t->locals ? dict_new() : NO_VALUE;
    note_user(self, t);
    if (!dict || dict_set_own(t->locals, small_int(self->number), dict) < 0) {
        drop(v);
        return NO_VALUE;
    }
    return v;
}

static Own
local_getattr(Value v, Value name)
{
    Own dict = local_dict((LocalObject *)obj(v));
    if (!dict) {
        return NO_VALUE;
    }
    if (str_equals_cstr(name, "__dict__")) {
        return dict;
    }
    Own result = object_getattr_in(v, name, &dict);
    drop(dict);
    return result;
}

static int
local_setattr(Value v, Value name, Value value)
{
    if (str_equals_cstr(name, "__dict__")) {
        raise_fmt(&exc_AttributeError, "'%T' object attribute '__dict__' is read-only", v);
        return -1;
    }
    Own dict = local_dict((LocalObject *)obj(v));
    if (!dict) {
        return -1;
    }
    int status = object_setattr_in(v, name, value, &dict);
    drop(dict);
    return status;
}

static int
local_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((LocalObject *)o)->args);
    VISIT(((LocalObject *)o)->kwargs);
    if (!world_is_stopped()) {
        return 0; /* to publish a local changes nothing for the dicts, which stay each thread's own */
    }
    for (Thread *t = threads_first; t; t = t->next) {
        Value key = small_int(((LocalObject *)o)->number), dict;
        if (t->locals && dict_peek_hash(t->locals, key, object_hash(key), &dict) > 0) {
            VISIT(dict);
        }
    }
    return 0;
}

static void
local_clear(Object *o)
{
    ref_clear(&((LocalObject *)o)->args);
    ref_clear(&((LocalObject *)o)->kwargs);
}

static void
local_dealloc(Object *o)
{
    LocalObject *self = (LocalObject *)o;
    Own pending = exc_take();
    Own key = small_int(self->number), dead = NO_VALUE;
    if (atomic_load(&self->user) != thread_self()->id) {
        Own list[64];
        bool more = true;
        while (more) {
            size_t n = 0;
            more = false;
            world_stop();
            for (Thread *t = threads_first; t; t = t->next) {
                if (t->locals && n < 64 && dict_pop(t->locals, key, &dead) > 0) {
                    list[n++] = dead;
                }
            }
            more = n == 64;
            world_start();
            while (n) {
                drop(list[--n]);
            }
        }
    } else if (thread_self()->locals && dict_pop(thread_self()->locals, key, &dead) > 0) {
        drop(dead);
    }
    exc_restore(pending);
    local_clear(o);
    object_free(o);
}

Type thread_local_type = {
    .name = "_thread._local",
    .flags = TYPE_GC | TYPE_BASE | TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(LocalObject),
    .slots = {
        .traverse = local_traverse,
        .clear = local_clear,
        .dealloc = local_dealloc,
        .create = local_create,
        .getattr = local_getattr,
        .setattr = local_setattr,
    },
    .spec_doc = "_local()\n--\n\nData of a thread's own: each thread sees other attributes.",
};
