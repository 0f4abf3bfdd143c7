/* Context, ContextVar, Token.
 *
 * A context holds a persistent map (context_map.h): copying it copies one reference, and setting a
 * variable replaces the map. A thread's current context is Thread.context, made when first needed;
 * entering a context remembers in it what was current before.
 *
 * Threads: a context can be entered by one thread at a time (`entered`, atomic), and only that
 * thread changes its map; others read it with ref_load. Variables are immutable; a token is used
 * once (`used`, atomic). */
#include "module/contextvars/contextvars.h"

#include "heap/critical.h"
#include "module/contextvars/context_map.h"
#include "object/dict.h"
#include "object/genericalias.h"
#include "object/iterator.h"
#include "object/module.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

typedef struct ContextVar {
    Object head;
    Own name;      /* a str */
    Own otherwise; /* the default, or NO_VALUE */
} ContextVar;

typedef struct Context {
    Object head;
    Own map;      /* guard: lock; ref_load */
    Own previous; /* what was current when this was entered, or NO_VALUE. guard: the thread that
                     entered it */
    _Atomic bool entered;
} Context;

typedef struct Token {
    Object head;
    Own context, var, old; /* immutable; old is NO_VALUE when the variable had no value */
    _Atomic bool used;
} Token;

#include "_contextvars.spec.h"

static Object missing_object; /* Token.MISSING; immortal */
#define MISSING VALUE(&missing_object)

static bool
is_a(Value v, const Type *type)
{
    return is_object(v) && obj_type(obj(v)) == type;
}

/* -- contexts -- */

/* own: map eaten */
static Own
context_with(Own map)
{
    Own v = map ? type_alloc(&context_type, 0) : NO_VALUE;
    if (!v) {
        drop_opt(map);
        return NO_VALUE;
    }
    ref_init(obj(v), &((Context *)obj(v))->map, map);
    return v;
}

Own
context_new(void)
{
    return context_with(context_map_new());
}

static Own
map_of(const Context *c)
{
    return ref_load(&c->head, &c->map);
}

/* The current context: a borrow that lasts while it is current. fail: null */
static Context *
current(void)
{
    Thread *t = thread_self();
    if (!t->context) {
        t->context = context_new();
    }
    return (Context *)obj(t->context);
}

Own
context_copy_current(void)
{
    Context *c = current();
    return c ? context_with(map_of(c)) : NO_VALUE;
}

Own
contextvars_copy_context(Value module UNUSED)
{
    return context_copy_current();
}

int
context_enter(Value context)
{
    Context *c = (Context *)obj(context);
    if (atomic_exchange(&c->entered, true)) {
        return raise_int(&exc_RuntimeError, "cannot enter context: %R is already entered", context);
    }
    Thread *t = thread_self();
    ref_init(&c->head, &c->previous, t->context);
    t->context = own(context);
    return 0;
}

void
context_leave(Value context)
{
    Context *c = (Context *)obj(context);
    Thread *t = thread_self();
    assert(t->context == context);
    Own left = t->context;
    t->context = ref_swap(&c->head, &c->previous, NO_VALUE);
    atomic_store(&c->entered, false);
    drop(left);
}

static void
replace_map(Context *c, Own map)
{
    CriticalSection section;
    critical_enter(&section, &c->head);
    Own old = ref_swap(&c->head, &c->map, map);
    critical_leave(&section);
    drop_opt(old);
}

static Own
context_create(Type *type UNUSED, Value const *args UNUSED, size_t nargs, Value kwnames)
{
    if (nargs || (kwnames && as_tuple(kwnames)->length)) {
        return raise_msg(&exc_TypeError, "Context() does not accept any arguments");
    }
    return context_new();
}

/* *value is a new reference. 1 found, 0 absent, -1 + TypeError when key is no variable */
static int
context_find(const Context *c, Value key, Own *value)
{
    if (!is_a(key, &context_var_type)) {
        return raise_int(&exc_TypeError, "a ContextVar key was expected, got %R", key);
    }
    Own map = map_of(c);
    *value = own_opt(context_map_find(map, key));
    drop(map);
    return *value != NO_VALUE;
}

static Own
context_getitem(Value v, Value key)
{
    Own value;
    int found = context_find((Context *)obj(v), key, &value);
    return found > 0 ? value : found < 0 ? NO_VALUE : raise_key_error(key);
}

static int
context_contains(Value v, Value key)
{
    Own value;
    int found = context_find((Context *)obj(v), key, &value);
    if (found > 0) {
        drop(value);
    }
    return found;
}

static int64_t
context_len(Value v)
{
    Own map = map_of((Context *)obj(v));
    int64_t n = context_map_len(map);
    drop(map);
    return n;
}

Own
context_py_get(Context *self, Value key, Value otherwise)
{
    Own value;
    int found = context_find(self, key, &value);
    return found > 0 ? value : found < 0 ? NO_VALUE : own(otherwise);
}

Own
context_py_copy(Context *self)
{
    return context_with(map_of(self));
}

Own
context_py_run(Value self, Value const *args, size_t nargs, Value kwnames)
{
    if (nargs < 1) {
        return raise_msg(&exc_TypeError, "run() missing 1 required positional argument");
    }
    if (context_enter(self) < 0) {
        return NO_VALUE;
    }
    Own result = object_call(args[0], args + 1, nargs - 1, kwnames);
    context_leave(self);
    return result;
}

/* Do the maps hold the same variables with equal values? 1, 0, -1 */
static int
maps_equal(Value a, Value b)
{
    if (a == b) {
        return 1;
    }
    if (context_map_len(a) != context_map_len(b)) {
        return 0;
    }
    ContextMapCursor cursor = {0};
    Value key, value;
    int equal = 1;
    while (equal == 1 && context_map_next(a, &cursor, &key, &value)) {
        Value other = context_map_find(b, key);
        equal = other ? object_equal(value, other) : 0;
    }
    return equal;
}

static Own
context_compare(Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || !is_a(a, &context_type) || !is_a(b, &context_type)) {
        return own(NOTIMPLEMENTED);
    }
    Own x = map_of((Context *)obj(a)), y = map_of((Context *)obj(b));
    int equal = maps_equal(x, y);
    drop(x);
    drop(y);
    return equal < 0 ? NO_VALUE : bool_value((op == CMP_EQ) == (equal == 1));
}

static int
context_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((Context *)o)->map);
    VISIT(((Context *)o)->previous);
    return 0;
}

static void
context_clear(Object *o)
{
    Context *c = (Context *)o;
    Own empty =
        context_map_new(); /* map is never empty: the context may still be current somewhere */
    if (empty) {
        ref_store(o, &c->map, empty);
    } else {
        exc_clear();
    }
    ref_clear(&c->previous);
}

static void
context_dealloc(Object *o)
{
    ref_clear(&((Context *)o)->map);
    ref_clear(&((Context *)o)->previous);
    object_free(o);
}

/* -- iterators over a map -- */

enum { GIVE_KEYS, GIVE_VALUES, GIVE_ITEMS };

typedef struct MapIterator {
    Object head;
    Own map;                 /* immutable */
    ContextMapCursor cursor; /* guard: lock */
} MapIterator;

static Type context_keys_type, context_values_type, context_items_type;

static Own
map_iterator_new(Type *type, const Context *c)
{
    Own v = type_alloc(type, 0);
    if (v) {
        ref_init(obj(v), &((MapIterator *)obj(v))->map, map_of(c));
    }
    return v;
}

static Own
map_iterator_next(Value v)
{
    MapIterator *it = (MapIterator *)obj(v);
    Value key, value;
    CriticalSection section;
    critical_enter(&section, &it->head);
    bool more = context_map_next(it->map, &it->cursor, &key, &value);
    critical_leave(&section);
    if (!more) {
        return NO_VALUE;
    }
    const Type *type = obj_type(&it->head);
    return type == &context_keys_type     ? own(key)
           : type == &context_values_type ? own(value)
                                          : tuple_pack(2, key, value);
}

static int64_t
map_iterator_len(Value v)
{
    return context_map_len(((MapIterator *)obj(v))->map);
}

static int
map_iterator_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((MapIterator *)o)->map);
    return 0;
}

static void
map_iterator_dealloc(Object *o)
{
    ref_clear(&((MapIterator *)o)->map);
    object_free(o);
}

#define MAP_ITERATOR_TYPE(variable, shown)                                                         \
    static Type variable = {                                                                       \
        .name = shown,                                                                             \
        .flags = TYPE_GC | TYPE_NO_INSTANTIATE,                                                    \
        .basic_size = sizeof(MapIterator),                                                         \
        .slots =                                                                                   \
            {                                                                                      \
                .traverse = map_iterator_traverse,                                                 \
                .dealloc = map_iterator_dealloc,                                                   \
                .iter = iterator_self,                                                             \
                .next = map_iterator_next,                                                         \
                .len = map_iterator_len,                                                           \
            },                                                                                     \
    };
MAP_ITERATOR_TYPE(context_keys_type, "keys")
MAP_ITERATOR_TYPE(context_values_type, "values")
MAP_ITERATOR_TYPE(context_items_type, "items")

static Own
context_iter(Value v)
{
    return map_iterator_new(&context_keys_type, (Context *)obj(v));
}

Own
context_py_keys(Context *self)
{
    return map_iterator_new(&context_keys_type, self);
}

Own
context_py_values(Context *self)
{
    return map_iterator_new(&context_values_type, self);
}

Own
context_py_items(Context *self)
{
    return map_iterator_new(&context_items_type, self);
}

/* -- variables -- */

Own
context_var_new(Value name, Value otherwise)
{
    if (!is_str(name)) {
        return raise_msg(&exc_TypeError, "context variable name must be a str");
    }
    if (object_hash(name) == -1) { /* a subclass may have none: such a name is refused */
        return NO_VALUE;
    }
    Own v = type_alloc(&context_var_type, 0);
    if (v) {
        ContextVar *var = (ContextVar *)obj(v);
        ref_init(&var->head, &var->name, own(name));
        ref_init(&var->head, &var->otherwise, own_opt(otherwise));
    }
    return v;
}

static Own
context_var_create(Type *type UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    if (nargs != 1) {
        return raise_fmt(&exc_TypeError, "ContextVar() takes %s 1 positional argument (%zu given)",
                         nargs ? "at most" : "exactly", nargs);
    }
    Value otherwise = NO_VALUE;
    for (int64_t i = 0; kwnames && i < as_tuple(kwnames)->length; i++) {
        if (!str_equals_cstr(tuple_item(kwnames, i), "default")) {
            return raise_fmt(&exc_TypeError, "ContextVar() got an unexpected keyword argument '%U'",
                             tuple_item(kwnames, i));
        }
        otherwise = args[nargs + (size_t)i];
    }
    return context_var_new(args[0], otherwise);
}

int
context_var_get(Value v, Own *value)
{
    Value context = thread_self()->context;
    *value = NO_VALUE;
    if (context) {
        Own map = map_of((Context *)obj(context));
        *value = own_opt(context_map_find(map, v));
        drop(map);
    }
    if (!*value) {
        *value = own_opt(((ContextVar *)obj(v))->otherwise);
    }
    return *value != NO_VALUE;
}

Own
context_var_py_get(ContextVar *self, Value otherwise)
{
    Value context = thread_self()->context;
    if (context && otherwise) { /* it takes precedence over the variable's own default */
        Own map = map_of((Context *)obj(context));
        Own value = own_opt(context_map_find(map, VALUE(self)));
        drop(map);
        return value ? value : own(otherwise);
    }
    if (otherwise) {
        return own(otherwise);
    }
    Own value;
    return context_var_get(VALUE(self), &value) > 0 ? value
                                                    : raise_value(&exc_LookupError, VALUE(self));
}

/* own: ret new */
static Own
token_new(Context *c, Value var, Value old)
{
    Own v = type_alloc(&context_token_type, 0);
    if (v) {
        Token *t = (Token *)obj(v);
        ref_init(&t->head, &t->context, own(VALUE(c)));
        ref_init(&t->head, &t->var, own(var));
        ref_init(&t->head, &t->old, own_opt(old));
    }
    return v;
}

Own
context_var_set(Value var, Value value)
{
    Context *c = current();
    if (!c) {
        return NO_VALUE;
    }
    Own map = map_of(c);
    Own token = token_new(c, var, context_map_find(map, var));
    Own changed = token ? context_map_set(map, var, value) : NO_VALUE;
    drop(map);
    if (!changed) {
        drop_opt(token);
        return NO_VALUE;
    }
    replace_map(c, changed);
    return token;
}

Own
context_var_py_set(ContextVar *self, Value value)
{
    return context_var_set(VALUE(self), value);
}

/* The variable as it was before the token's set(). fail: -1 */
static int
restore(Context *c, const Token *t)
{
    Own map = map_of(c), changed = NO_VALUE;
    if (t->old) {
        changed = context_map_set(map, t->var, t->old);
    } else if (context_map_find(map, t->var)) {
        changed = context_map_remove(map, t->var);
    } else {
        raise_value(&exc_LookupError, t->var);
    }
    drop(map);
    if (!changed) {
        return -1;
    }
    replace_map(c, changed);
    return 0;
}

int
context_var_reset(Value var, Value token)
{
    if (!is_a(token, &context_token_type)) {
        return raise_int(&exc_TypeError, "expected an instance of Token, got %R", token);
    }
    Token *t = (Token *)obj(token);
    Context *c = current();
    if (!c) {
        return -1;
    }
    if (atomic_load(&t->used)) {
        return raise_int(&exc_RuntimeError, "%R has already been used once", token);
    }
    if (t->var != var) {
        return raise_int(&exc_ValueError, "%R was created by a different ContextVar", token);
    }
    if (t->context != VALUE(c)) {
        return raise_int(&exc_ValueError, "%R was created in a different Context", token);
    }
    if (atomic_exchange(&t->used, true)) { /* another thread was faster */
        return raise_int(&exc_RuntimeError, "%R has already been used once", token);
    }
    return restore(c, t);
}

int
context_var_py_reset(ContextVar *self, Value token)
{
    return context_var_reset(VALUE(self), token);
}

Own
context_var_py___class_getitem__(Type *cls, Value item)
{
    return generic_alias_new(VALUE(cls), item);
}

Own
context_var_get_name(ContextVar *self)
{
    return own(self->name);
}

static Own
context_var_repr(Value v)
{
    ContextVar *var = (ContextVar *)obj(v);
    if (!var->otherwise) {
        return str_fmt("<ContextVar name=%R at %p>", (Value)var->name, obj(v));
    }
    int shown = repr_enter(v);
    if (shown != 0) {
        return shown < 0
                   ? NO_VALUE
                   : str_fmt("<ContextVar name=%R default=... at %p>", (Value)var->name, obj(v));
    }
    Own text = str_fmt("<ContextVar name=%R default=%R at %p>", (Value)var->name,
                       (Value)var->otherwise, obj(v));
    repr_leave(v);
    return text;
}

static int
context_var_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((ContextVar *)o)->name);
    VISIT(((ContextVar *)o)->otherwise);
    return 0;
}

static void
context_var_clear(Object *o)
{
    ref_clear(&((ContextVar *)o)->otherwise);
}

static void
context_var_dealloc(Object *o)
{
    context_var_clear(o);
    ref_clear(&((ContextVar *)o)->name);
    object_free(o);
}

/* -- tokens -- */

static Own
context_token_create(Type *type UNUSED, Value const *args UNUSED, size_t nargs UNUSED,
                     Value kwnames UNUSED)
{
    return raise_msg(&exc_RuntimeError, "Tokens can only be created by ContextVars");
}

Own
context_token_get_var(Token *self)
{
    return own(self->var);
}

Own
context_token_get_old_value(Token *self)
{
    return own(self->old ? (Value)self->old : MISSING);
}

Own
context_token_py___enter__(Token *self)
{
    return own(VALUE(self));
}

int
context_token_py___exit__(Token *self, Value type UNUSED, Value val UNUSED, Value tb UNUSED)
{
    return context_var_reset(self->var, VALUE(self));
}

Own
context_token_py___class_getitem__(Type *cls, Value item)
{
    return generic_alias_new(VALUE(cls), item);
}

static Own
context_token_repr(Value v)
{
    const Token *t = (Token *)obj(v);
    return str_fmt("<Token%s var=%R at %p>", atomic_load(&t->used) ? " used" : "", (Value)t->var,
                   obj(v));
}

static int
context_token_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((Token *)o)->context);
    VISIT(((Token *)o)->var);
    VISIT(((Token *)o)->old);
    return 0;
}

static void
context_token_dealloc(Object *o)
{
    ref_clear(&((Token *)o)->context);
    ref_clear(&((Token *)o)->var);
    ref_clear(&((Token *)o)->old);
    object_free(o);
}

static Own
missing_repr(Value v UNUSED)
{
    return str_fmt("<Token.MISSING>");
}

static Type missing_type = {
    .name = "Token.MISSING",
    .flags = TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(Object),
    .slots = {.repr = missing_repr},
};

/* -- types and module -- */

Type context_type = {
    .name = "_contextvars.Context",
    .flags = TYPE_GC | TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(Context),
    .slots =
        {
            .traverse = context_traverse,
            .clear = context_clear,
            .dealloc = context_dealloc,
            .create = context_create,
            .compare = context_compare,
            .iter = context_iter,
            .len = context_len,
            .getitem = context_getitem,
            .contains = context_contains,
        },
    .methods = context_methods,
    .getsets = context_getsets,
    .spec_doc = context_doc,
};

Type context_var_type = {
    .name = "_contextvars.ContextVar",
    .flags = TYPE_GC,
    .basic_size = sizeof(ContextVar),
    .slots =
        {
            .traverse = context_var_traverse,
            .clear = context_var_clear,
            .dealloc = context_var_dealloc,
            .create = context_var_create,
            .repr = context_var_repr,
        },
    .methods = context_var_methods,
    .getsets = context_var_getsets,
    .spec_doc = context_var_doc,
};

Type context_token_type = {
    .name = "_contextvars.Token",
    .flags = TYPE_GC,
    .basic_size = sizeof(Token),
    .slots =
        {
            .traverse = context_token_traverse,
            .dealloc = context_token_dealloc,
            .create = context_token_create,
            .repr = context_token_repr,
            .hash = hash_unhashable,
        },
    .methods = context_token_methods,
    .getsets = context_token_getsets,
    .spec_doc = context_token_doc,
};

int
contextvars_ready(void)
{
    Type *types[] = {&context_map_type,   &context_keys_type, &context_values_type,
                     &context_items_type, &missing_type,      &context_type,
                     &context_var_type,   &context_token_type};
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (type_ready(types[i]) < 0) {
            return -1;
        }
    }
    atomic_store(&missing_object.flags, OBJ_IMMORTAL | OBJ_SHARED);
    atomic_store(&missing_object.shape, missing_type.root_shape);
    return dict_set(context_token_type.dict, NAME(MISSING), MISSING);
}

static int
contextvars_exec(Value module)
{
    if (contextvars_ready() < 0 || module_add_type(module, &context_type) < 0 ||
        module_add_type(module, &context_var_type) < 0) {
        return -1;
    }
    return module_add_type(module, &context_token_type);
}

const ModuleDef module__contextvars = {
    .name = "_contextvars",
    .doc = contextvars_module_doc,
    .functions = contextvars_functions,
    .exec = contextvars_exec,
};
