/* call_soon() of asyncio's own event loops, done in C: every step of every task goes through it, and in Python it is five calls.
 *
 * It is done only where nobody could tell: the loop's class has the methods of BaseEventLoop, with the code that they had when first looked at and
 * that uses the names known here; neither the loop itself nor the module `events` nor the class Handle was tampered with; the loop is open
 * and not in debug mode; the thread is not traced. Else the caller calls the method.
 *
 * Threads: `known` is made once and then immutable. What is known of the loop used last is the thread's own: numbers only, which are checked
 * before use, as a class may be gone and its numbers given to another. */
#include "module/_collections/deque.h"
#include "module/asyncio/asyncio_priv.h"
#include "object/dict.h"
#include "object/module.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"
#include "vm/cache.h"
#include "vm/run.h"

enum { METHODS = 4, STATES = 3, FIELDS = 7, NAMES_MOST = 14 };

/* A function of the library, and the names that its code uses, in order: another version would do something else. */
typedef struct Expected {
    const char *name;
    const char *uses[NAMES_MOST + 1];
} Expected;

static const Expected of_loop[METHODS] = {
    {"call_soon", {"_check_closed", "_debug", "_check_thread", "_check_callback", "_call_soon", "_source_traceback"}},
    {"_call_soon", {"events", "Handle", "_source_traceback", "_ready", "append"}},
    {"_check_closed", {"_closed", "RuntimeError"}},
    {"get_debug", {"_debug"}},
};
static const Expected handle_init = {
    "__init__",
    {"contextvars", "copy_context", "_context", "_loop", "_callback", "_args", "_cancelled", "_repr", "get_debug", "format_helpers",
     "extract_stack", "sys", "_getframe", "_source_traceback"}};

enum { CLOSED, DEBUG, READY };
static const char *const states[STATES] = {"_closed", "_debug", "_ready"};

enum { CONTEXT, LOOP, CALLBACK, ARGS, CANCELLED, REPR, TRACEBACK };
static const char *const fields[FIELDS] = {"_context", "_loop", "_callback", "_args", "_cancelled", "_repr", "_source_traceback"};

/* A variable of a module, where it was last. */
typedef struct Variable {
    Own dict, name, value;
    uint32_t index;
} Variable;

typedef struct LibraryMethod {
    Own function, code;
} LibraryMethod;

typedef struct Known {
    LibraryMethod methods[METHODS], init;
    Variable events, handle_class;
    Type *handle;
    Own created_by; /* object.__new__ */
    uint32_t init_entry, new_entry;
    uint32_t offsets[FIELDS];
} Known;

static _Atomic(const Known *) known;

/* The loop that this thread used last. */
typedef struct LastLoop {
    uint64_t serial; /* of its class; 0: none yet */
    ShapeId shape;
    bool fits;
    uint32_t entries[METHODS];
    uint32_t slots[STATES];
    uint32_t slots_needed; /* all of them are below this. How many a loop has is its own affair, not its shape's */
} LastLoop;

static __thread LastLoop last;

/* -- looking at the library, once */

static bool
uses_names(Value code, const Expected *expected)
{
    Value names = as_code(code)->names;
    int64_t n = 0;
    while (expected->uses[n]) {
        n++;
    }
    bool same = as_tuple(names)->length == n;
    for (int64_t i = 0; same && i < n; i++) {
        Own name = str_intern_cstr(expected->uses[i]);
        same = name && tuple_item(names, i) == name;
        drop_opt(name);
    }
    return same;
}

/* The function that a class has under that name, if it is the one expected. */
static bool
find_method(Type *t, const Expected *expected, LibraryMethod *found)
{
    found->function = type_find_cstr(t, expected->name);
    if (!found->function || !IS_EXACT(found->function, FUNCTION)) {
        return false;
    }
    Function *f = (Function *)obj(found->function);
    found->code = ref_load(&f->head, &f->code);
    return found->code && uses_names(found->code, expected);
}

static bool
find_variable(Value dict, const char *name, Variable *v)
{
    v->name = str_intern_cstr(name);
    if (!v->name || !IS_EXACT(dict, DICT)) {
        return false;
    }
    int64_t i = dict_find_entry(dict, v->name);
    v->dict = own(dict);
    v->index = (uint32_t)i;
    return i >= 0 && i < CACHE_INDEX_MAX && dict_lookup(dict, v->name, &v->value) > 0;
}

/* Handle of the module asyncio.events, with the slots that are set here. */
static bool
find_handle(Known *k)
{
    Value events = k->events.value;
    if (!IS_EXACT(events, MODULE) || !find_variable(module_dict(events), "Handle", &k->handle_class) || !is_type(k->handle_class.value) ||
        type_of(k->handle_class.value) != &type_type) {
        return false;
    }
    k->handle = (Type *)obj(k->handle_class.value);
    k->created_by = type_find(k->handle, NAME(__new__));
    Own plain = type_find(&object_type, NAME(__new__));
    bool fits = k->created_by && k->created_by == plain && find_method(k->handle, &handle_init, &k->init) &&
                k->handle->slots.setattr == object_generic_setattr;
    drop_opt(plain);
    k->init_entry = type_entry(k->handle, NAME(__init__));
    k->new_entry = type_entry(k->handle, NAME(__new__));
    for (int i = 0; fits && i < FIELDS; i++) {
        Own member = type_find_cstr(k->handle, fields[i]);
        fits = member && IS_EXACT(member, MEMBER_DESCRIPTOR) && ((const MemberDescriptor *)obj(member))->owner == k->handle &&
               (k->offsets[i] = ((const MemberDescriptor *)obj(member))->offset) != 0;
        drop_opt(member);
    }
    return fits && k->init_entry && k->new_entry;
}

static void
known_free(Known *k)
{
    for (int i = 0; i < METHODS; i++) {
        drop_opt(k->methods[i].function);
        drop_opt(k->methods[i].code);
    }
    Own others[] = {k->init.function, k->init.code, k->created_by, k->events.dict, k->events.name, k->events.value,
                    k->handle_class.dict, k->handle_class.name, k->handle_class.value};
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        drop_opt(others[i]);
    }
    mem_free(k);
}

/* What the class of a loop has to do with asyncio's. null: it is of another kind, or there is no memory */
static const Known *
known_make(Type *t)
{
    Known *k = mem_try_alloc(sizeof *k);
    if (!k) {
        return NULL;
    }
    memset(k, 0, sizeof *k);
    bool fits = true;
    for (int i = 0; fits && i < METHODS; i++) {
        fits = find_method(t, &of_loop[i], &k->methods[i]) &&
               ((const Function *)obj(k->methods[i].function))->globals == ((const Function *)obj(k->methods[0].function))->globals;
    }
    fits = fits && find_variable(((const Function *)obj(k->methods[0].function))->globals, "events", &k->events) && find_handle(k);
    const Known *none = NULL;
    if (!fits || !atomic_compare_exchange_strong(&known, &none, k)) {
        known_free(k);
        return none;
    }
    return k;
}

/* -- looking at a loop, when it is not of the class and shape of the last */

static bool
look_at_loop(LastLoop *l, Value loop, Type *t)
{
    ShapeId shape = obj_shape(obj(loop));
    *l = (LastLoop){.serial = t->serial, .shape = shape};
    if (!(type_flags(t) & TYPE_HAS_DICT) || t->item_size || (shape_table[shape].flags & SHAPE_DICT_MODE) ||
        t->slots.getattr != object_generic_getattr || (!atomic_load(&known) && !known_make(t))) {
        return false;
    }
    bool fits = true;
    for (int i = 0; fits && i < METHODS; i++) {
        Own name = str_intern_cstr(of_loop[i].name);
        fits = name && shape_find(shape, name) < 0 && (l->entries[i] = type_entry(t, name)) != 0;
        drop_opt(name);
    }
    for (int i = 0; fits && i < STATES; i++) {
        Own name = str_intern_cstr(states[i]);
        int64_t slot = name ? shape_find(shape, name) : -1;
        uint32_t kind = ENTRY_DATA;
        if (slot >= 0) {
            drop_opt(type_find_kind(t, name, &kind));
        }
        fits = slot >= 0 && slot < UINT32_MAX && kind != ENTRY_DATA;
        l->slots[i] = (uint32_t)slot;
        l->slots_needed = fits && slot >= l->slots_needed ? (uint32_t)slot + 1 : l->slots_needed;
        drop_opt(name);
    }
    l->fits = fits;
    return fits;
}

/* -- is everything as it was? */

static inline bool
is_same_method(uint32_t entry, const LibraryMethod *method)
{
    const Own *value = &type_entries[entry].value;
    return __atomic_load_n(value, __ATOMIC_ACQUIRE) == method->function &&
           __atomic_load_n(&((const Function *)obj(method->function))->code, __ATOMIC_RELAXED) == method->code;
}

static inline bool
is_same_variable(const Variable *v)
{
    const Own *field = dict_entry_field(v->dict, v->index, v->name);
    return field && __atomic_load_n(field, __ATOMIC_ACQUIRE) == v->value;
}

static bool
is_untouched(const Known *k, const LastLoop *l)
{
    for (int i = 0; i < METHODS; i++) {
        if (!is_same_method(l->entries[i], &k->methods[i])) {
            return false;
        }
    }
    return is_same_variable(&k->events) && is_same_variable(&k->handle_class) && is_same_method(k->init_entry, &k->init) &&
           __atomic_load_n(&type_entries[k->new_entry].value, __ATOMIC_ACQUIRE) == k->created_by;
}

/* -- doing it */

static Own
handle_new(const Known *k, Value loop, Value callback, Own args, Value context)
{
    Own handle = type_alloc(k->handle, 0);
    if (!handle) {
        drop(args);
        return NO_VALUE;
    }
    Own values[FIELDS] = {[CONTEXT] = own(context),     [LOOP] = own(loop), [CALLBACK] = own(callback), [ARGS] = args,
                          [CANCELLED] = FALSE_VALUE, [REPR] = NONE,      [TRACEBACK] = NONE};
    for (int i = 0; i < FIELDS; i++) {
        ref_init(obj(handle), (Own *)(void *)((char *)obj(handle) + k->offsets[i]), values[i]);
    }
    return handle;
}

int
loop_call_soon_quickly(Value loop, Value callback, Value argument, Value context)
{
    if (UNLIKELY(!is_object(loop) || context == NONE || thread_self()->dispatch == vm_dispatch_traced())) {
        return 0;
    }
    Type *t = type_of(loop);
    LastLoop *l = &last;
    if (UNLIKELY(l->shape != obj_shape(obj(loop)) || l->serial != t->serial)) {
        look_at_loop(l, loop, t);
        if (UNLIKELY(exc_pending())) { /* without memory for that: it is looked at again next time */
            exc_clear();
            *l = (LastLoop){0};
            return 0;
        }
    }
    const Known *k = atomic_load_explicit(&known, memory_order_acquire);
    if (!l->fits || !is_untouched(k, l)) {
        return 0;
    }
    const InstanceAttrs *attrs = instance_attrs(obj(loop), t);
    if (l->slots_needed > attrs->capacity || __atomic_load_n(&attrs->slots[l->slots[CLOSED]], __ATOMIC_RELAXED) != FALSE_VALUE ||
        __atomic_load_n(&attrs->slots[l->slots[DEBUG]], __ATOMIC_RELAXED) != FALSE_VALUE) {
        return 0;
    }
    Own ready = ref_load(obj(loop), &attrs->slots[l->slots[READY]]);
    if (!ready || !is_object(ready) || type_of(ready) != &deque_type) {
        drop_opt(ready);
        return 0;
    }
    Own args = argument ? tuple_pack(1, argument) : own(tuple_empty);
    Own handle = args ? handle_new(k, loop, callback, args, context) : NO_VALUE;
    int status = handle ? deque_add(as_deque(ready), handle, false) : -1;
    drop(ready);
    return status < 0 ? -1 : 1;
}
