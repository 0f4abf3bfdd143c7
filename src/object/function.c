/* The function type: making functions and their attributes. Calls go to the vm through
 * hooks.call_function.
 *
 * Threads: fields change under the function's lock, readers use ref_load. Annotations that two
 * threads evaluate at the same moment are evaluated twice, and both get the dict that was stored
 * first. `version` tells call caches that code or defaults changed: it becomes 0 before they do. */
#include "object/function.h"
#include "object/audit.h"

#include "heap/critical.h"
#include "object/dict.h"
#include "object/hooks.h"
#include "object/module.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

#include "function.spec.h"

static Function *
as_function(Value v)
{
    return (Function *)obj(v);
}

/* -- making -- */

/* The builtins of code that runs in globals: globals["__builtins__"] (the dict of it, if it is a
 * module), else those of the running code. own: ret new · fail: 0 + exception */
static Own
builtins_of(Value globals)
{
    Own found;
    int status = dict_lookup(globals, NAME(__builtins__), &found);
    if (status < 0) {
        return NO_VALUE;
    }
    if (status == 0) {
        Value running = object_hooks.current_builtins ? object_hooks.current_builtins() : NO_VALUE;
        return running ? own(running) : dict_new();
    }
    if (IS_EXACT(found, MODULE)) {
        Own dict = own(module_dict(found));
        drop(found);
        return dict;
    }
    return found;
}

static Own
docstring_of(const Code *code)
{
    return code->flags & CO_HAS_DOCSTRING && as_tuple(code->consts)->length
               ? own(tuple_item(code->consts, 0))
               : own(NONE);
}

/* Functions and methods that a module defines once live as long as it does: registers need not
 * count them (at the price that they are freed by the collector only). Lambdas come and go. */
static unsigned
birth_flags(const Code *code)
{
    bool lasting = !(code->flags & CO_NESTED) && !str_equals_cstr(code->name, "<lambda>");
    return OBJ_TRACKED | (lasting ? OBJ_DEFERRED : 0);
}

/* own: builtins eaten */
static Own
make(Value code, Value globals, Own builtins, Value qualname)
{
    Own module;
    if (dict_lookup(globals, NAME(__name__), &module) < 0) {
        drop(builtins);
        return NO_VALUE;
    }
    Function *f =
        (Function *)object_alloc(SHAPE_FUNCTION, sizeof(Function), birth_flags(as_code(code)));
    if (!f) {
        drop(builtins);
        drop_opt(module);
        return NO_VALUE;
    }
    Object *o = &f->head;
    const Code *c = as_code(code);
    ref_init(o, &f->code, own(code));
    ref_init(o, &f->globals, own(globals));
    ref_init(o, &f->builtins, builtins);
    ref_init(o, &f->name, own(c->name));
    ref_init(o, &f->qualname, own(qualname ? qualname : (Value)c->qualname));
    ref_init(o, &f->module, module);
    ref_init(o, &f->doc, docstring_of(c));
    return OWN(f);
}

Own
function_new(Value code, Value globals, Value qualname)
{
    Own builtins = builtins_of(globals);
    return builtins ? make(code, globals, builtins, qualname) : NO_VALUE;
}

Own
function_new_in(Value code, Value globals, Value builtins)
{
    return make(code, globals, own(builtins), NO_VALUE);
}

/* The checks of FunctionType's optional arguments. fail: -1 + TypeError */
static int
check_arguments(const Code *code, Value name, Value argdefs, Value closure, Value kwdefaults)
{
    if (name != NONE && !is_str(name)) {
        return raise_int(&exc_TypeError, "arg 3 (name) must be None or string");
    }
    if (argdefs != NONE && !is_tuple(argdefs)) {
        return raise_int(&exc_TypeError, "arg 4 (defaults) must be None or tuple");
    }
    if (!is_tuple(closure)) {
        if (code->nfree && closure == NONE) {
            return raise_int(&exc_TypeError, "arg 5 (closure) must be tuple");
        }
        if (closure != NONE) {
            return raise_int(&exc_TypeError, "arg 5 (closure) must be None or tuple");
        }
    }
    if (kwdefaults != NONE && !is_dict(kwdefaults)) {
        return raise_int(&exc_TypeError, "arg 6 (kwdefaults) must be None or dict");
    }
    return 0;
}

static int
check_closure(const Code *code, Value closure)
{
    int64_t n = closure == NONE ? 0 : as_tuple(closure)->length;
    if (n != code->nfree) {
        return raise_int(&exc_ValueError, "%U requires closure of length %zd, not %zd",
                         (Value)code->name, (int64_t)code->nfree, n);
    }
    for (int64_t i = 0; i < n; i++) {
        Value cell = tuple_item(closure, i);
        if (!is_object(cell) || !IS_EXACT(cell, CELL)) {
            return raise_int(&exc_TypeError, "arg 5 (closure) expected cell, found %T", cell);
        }
    }
    return 0;
}

Own
function_make(Type *cls UNUSED, Value code, Value globals, Value name, Value argdefs, Value closure,
              Value kwdefaults)
{
    if (!is_object(code) || !IS_EXACT(code, CODE)) {
        return raise_fmt(&exc_TypeError, "function() argument 'code' must be code, not %T", code);
    }
    if (!is_dict(globals)) {
        return raise_fmt(&exc_TypeError, "function() argument 'globals' must be dict, not %T",
                         globals);
    }
    if (check_arguments(as_code(code), name, argdefs, closure, kwdefaults) < 0 ||
        check_closure(as_code(code), closure) < 0) {
        return NO_VALUE;
    }
    if (audit_wanted() && audit_event("function.__new__", "O", code) < 0) {
        return NO_VALUE;
    }
    Own function = function_new(code, globals, NO_VALUE);
    if (!function) {
        return NO_VALUE;
    }
    Function *f = as_function(function);
    if (name != NONE) {
        ref_store(&f->head, &f->name, own(name));
    }
    if (argdefs != NONE) {
        ref_init(&f->head, &f->defaults, own(argdefs));
    }
    if (closure != NONE) {
        ref_init(&f->head, &f->closure, own(closure));
    }
    if (kwdefaults != NONE) {
        ref_init(&f->head, &f->kwdefaults, own(kwdefaults));
    }
    return function;
}

/* -- versions -- */

static _Atomic uint32_t next_version =
    1; /* 0 again when all have been given: then nothing more is cached */

uint32_t
function_version(Function *f)
{
    uint32_t version = atomic_load_explicit(&f->version, memory_order_acquire);
    if (version) {
        return version;
    }
    uint32_t fresh = atomic_load_explicit(&next_version, memory_order_relaxed);
    do {
        if (fresh == 0) {
            return 0;
        }
    } while (!atomic_compare_exchange_weak(&next_version, &fresh, fresh + 1));
    return atomic_compare_exchange_strong(&f->version, &version, fresh) ? fresh : version;
}

/* -- attributes -- */

/* What a field holds, or None. */
static Own
get(Function *f, Own const *field)
{
    Own v = ref_load(&f->head, field);
    return v ? v : own(NONE);
}

/* own: v eaten, may be NO_VALUE. Always 0. */
static int
set(Function *f, Own *field, Own v)
{
    CriticalSection section;
    critical_enter(&section, &f->head);
    Own old = ref_swap(&f->head, field, v);
    critical_leave(&section);
    drop_opt(old);
    return 0;
}

/* The same for a field that call caches depend on. */
static int
set_versioned(Function *f, Own *field, Own v)
{
    CriticalSection section;
    critical_enter(&section, &f->head);
    atomic_store(&f->version, 0);
    Own old = ref_swap(&f->head, field, v);
    atomic_store(&f->version, 0); /* a cache may have taken a version in between */
    critical_leave(&section);
    drop_opt(old);
    return 0;
}

Own
function_get_code(Function *self)
{
    if (audit_read(VALUE(self), "__code__") < 0) {
        return NO_VALUE;
    }
    return ref_load(&self->head, &self->code);
}

int
function_set_code(Function *self, Value value)
{
    enum { KINDS = CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR };
    if (!value || !is_object(value) || !IS_EXACT(value, CODE)) {
        return raise_int(&exc_TypeError, "__code__ must be set to a code object");
    }
    if (audit_write(VALUE(self), "__code__", value) < 0) {
        return -1;
    }
    int64_t wanted = as_code(value)->nfree,
            present = self->closure ? as_tuple(self->closure)->length : 0;
    Own name = ref_load(&self->head, &self->name);
    int status = 0;
    if (wanted != present) {
        status =
            raise_int(&exc_ValueError, "%U() requires a code object with %zd free vars, not %zd",
                      (Value)name, present, wanted);
    }
    drop(name);
    if (status < 0) {
        return -1;
    }
    Own old = ref_load(&self->head, &self->code);
    bool differs = (as_code(old)->flags & KINDS) != (as_code(value)->flags & KINDS);
    drop(old);
    if (differs && warn_fmt(&exc_DeprecationWarning, 1,
                            "Assigning a code object of non-matching type is deprecated (e.g., "
                            "from a generator to a plain function)") < 0) {
        return -1;
    }
    return set_versioned(self, &self->code, own(value));
}

Own
function_get_globals(Function *self)
{
    return own(self->globals);
}

Own
function_get_builtins(Function *self)
{
    return own(self->builtins);
}

Own
function_get_closure(Function *self)
{
    return get(self, &self->closure);
}

Own
function_get_defaults(Function *self)
{
    if (audit_read(VALUE(self), "__defaults__") < 0) {
        return NO_VALUE;
    }
    return get(self, &self->defaults);
}

int
function_set_defaults(Function *self, Value value)
{
    if (value && value != NONE && !is_tuple(value)) {
        return raise_int(&exc_TypeError, "__defaults__ must be set to a tuple object");
    }
    if (audit_write(VALUE(self), "__defaults__", value) < 0) {
        return -1;
    }
    return set_versioned(self, &self->defaults, value && value != NONE ? own(value) : NO_VALUE);
}

Own
function_get_kwdefaults(Function *self)
{
    if (audit_read(VALUE(self), "__kwdefaults__") < 0) {
        return NO_VALUE;
    }
    return get(self, &self->kwdefaults);
}

int
function_set_kwdefaults(Function *self, Value value)
{
    if (value && value != NONE && !is_dict(value)) {
        return raise_int(&exc_TypeError, "__kwdefaults__ must be set to a dict object");
    }
    if (audit_write(VALUE(self), "__kwdefaults__", value) < 0) {
        return -1;
    }
    return set_versioned(self, &self->kwdefaults, value && value != NONE ? own(value) : NO_VALUE);
}

Own
function_get_name(Function *self)
{
    return get(self, &self->name);
}

int
function_set_name(Function *self, Value value)
{
    if (!value || !is_str(value)) {
        return raise_int(&exc_TypeError, "__name__ must be set to a string object");
    }
    return set(self, &self->name, own(value));
}

Own
function_get_qualname(Function *self)
{
    return get(self, &self->qualname);
}

int
function_set_qualname(Function *self, Value value)
{
    if (!value || !is_str(value)) {
        return raise_int(&exc_TypeError, "__qualname__ must be set to a string object");
    }
    return set(self, &self->qualname, own(value));
}

Own
function_get_module(Function *self)
{
    return get(self, &self->module);
}

int
function_set_module(Function *self, Value value)
{
    return set(self, &self->module, own_opt(value));
}

Own
function_get_doc(Function *self)
{
    return get(self, &self->doc);
}

int
function_set_doc(Function *self, Value value)
{
    return set(self, &self->doc, own_opt(value));
}

Own
function_get_type_params(Function *self)
{
    Own params = ref_load(&self->head, &self->type_params);
    return params ? params : own(tuple_empty);
}

int
function_set_type_params(Function *self, Value value)
{
    if (!value || !is_tuple(value)) {
        return raise_int(&exc_TypeError, "__type_params__ must be set to a tuple");
    }
    return set(self, &self->type_params, own(value));
}

/* Stores v (eaten) unless the field is full by now; returns what is there. */
static Own
keep_first(Function *f, Own *field, Own v)
{
    CriticalSection section;
    critical_enter(&section, &f->head);
    if (!*field) {
        ref_init(&f->head, field, own(v));
    }
    Own kept = own(*field);
    critical_leave(&section);
    drop(v);
    return kept;
}

Own
function_get_dict(Function *self)
{
    Own dict = ref_load(&self->head, &self->dict);
    if (!dict && (dict = dict_new())) {
        dict = keep_first(self, &self->dict, dict);
    }
    return dict;
}

int
function_set_dict(Function *self, Value value)
{
    if (!value) {
        return raise_int(&exc_TypeError, "cannot delete __dict__");
    }
    if (!is_dict(value)) {
        return raise_int(&exc_TypeError, "__dict__ must be set to a dictionary, not a '%T'", value);
    }
    return set(self, &self->dict, own(value));
}

/* -- annotations (PEP 649, PEP 749) -- */

enum { ANNOTATE_VALUE = 1 }; /* annotationlib.Format.VALUE */

/* own: ret new · may: runpy · fail: 0 + exception */
static Own
evaluate_annotations(Function *f)
{
    Own annotate = ref_load(&f->head, &f->annotate);
    if (!annotate || annotate == NONE) {
        return dict_new();
    }
    Own dict = call1(annotate, small_int(ANNOTATE_VALUE));
    drop(annotate);
    if (dict && !is_dict(dict)) {
        raise_fmt(&exc_TypeError, "__annotate__ returned non-dict of type '%.100T'", (Value)dict);
        drop(dict);
        return NO_VALUE;
    }
    return dict;
}

Own
function_get_annotations(Function *self)
{
    Own dict = ref_load(&self->head, &self->annotations);
    if (!dict && (dict = evaluate_annotations(self))) {
        dict = keep_first(self, &self->annotations, dict);
    }
    return dict;
}

/* Both fields at once. own: both eaten, may be NO_VALUE */
static void
set_annotations(Function *f, Own annotations, Own annotate)
{
    CriticalSection section;
    critical_enter(&section, &f->head);
    Own old = ref_swap(&f->head, &f->annotations, annotations);
    Own old_annotate = ref_swap(&f->head, &f->annotate, annotate);
    critical_leave(&section);
    drop_opt(old);
    drop_opt(old_annotate);
}

int
function_set_annotations(Function *self, Value value)
{
    if (value && value != NONE && !is_dict(value)) {
        return raise_int(&exc_TypeError, "__annotations__ must be set to a dict object");
    }
    set_annotations(self, value && value != NONE ? own(value) : NO_VALUE, NO_VALUE);
    return 0;
}

Own
function_get_annotate(Function *self)
{
    return get(self, &self->annotate);
}

int
function_set_annotate(Function *self, Value value)
{
    if (!value) {
        return raise_int(&exc_TypeError, "__annotate__ cannot be deleted");
    }
    if (value == NONE) {
        return set(self, &self->annotate, NO_VALUE);
    }
    if (!object_is_callable(value)) {
        return raise_int(&exc_TypeError, "__annotate__ must be callable or None");
    }
    set_annotations(self, NO_VALUE, own(value));
    return 0;
}

/* -- slots -- */

static Own
function_call(Value self, Value const *args, size_t nargs, Value kwnames)
{
    return object_hooks.call_function(self, args, nargs, kwnames);
}

static Own
function_descr_get(Value self, Value instance, Value owner UNUSED)
{
    return !instance || instance == NONE ? own(self) : method_new(self, instance);
}

static Own
function_repr(Value v)
{
    Own qualname = ref_load(obj(v), &as_function(v)->qualname);
    Own text = str_fmt("<function %U at %p>", (Value)qualname, obj(v));
    drop(qualname);
    return text;
}

static int
function_traverse(Object *o, Visit visit, void *arg)
{
    Function *f = (Function *)o;
    VISIT(f->code);
    VISIT(f->globals);
    VISIT(f->builtins);
    VISIT(f->closure);
    VISIT(f->defaults);
    VISIT(f->kwdefaults);
    VISIT(f->name);
    VISIT(f->qualname);
    VISIT(f->module);
    VISIT(f->doc);
    VISIT(f->annotations);
    VISIT(f->annotate);
    VISIT(f->type_params);
    VISIT(f->dict);
    return 0;
}

/* code, globals, builtins and the names stay: a finalizer may still look at the function or call
 * it. Cycles through globals are broken in the dict. */
static void
function_clear(Object *o)
{
    Function *f = (Function *)o;
    atomic_store(&f->version, 0);
    ref_clear(&f->defaults);
    ref_clear(&f->kwdefaults);
    ref_clear(&f->module);
    ref_clear(&f->doc);
    ref_clear(&f->annotations);
    ref_clear(&f->annotate);
    ref_clear(&f->type_params);
    ref_clear(&f->dict);
}

static void
function_dealloc(Object *o)
{
    Function *f = (Function *)o;
    function_clear(o);
    ref_clear(&f->closure);
    ref_clear(&f->code);
    ref_clear(&f->globals);
    ref_clear(&f->builtins);
    ref_clear(&f->name);
    ref_clear(&f->qualname);
    object_free(o);
}

Type function_type = {
    .name = "function",
    .root_shape = SHAPE_FUNCTION,
    .flags = TYPE_GC | TYPE_METHOD_LIKE | TYPE_DICT_FIELD | TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(Function),
    .slots =
        {
            .traverse = function_traverse,
            .clear = function_clear,
            .dealloc = function_dealloc,
            .create = function_create_slot,
            .repr = function_repr,
            .call = function_call,
            .descr_get = function_descr_get,
        },
    .methods = function_methods,
    .getsets = function_getsets,
    .spec_doc = function_doc,
};
