/* Modules: the type, its attributes, and making modules of C.
 *
 * A module's attributes are the items of its dict, which is made with it and never replaced; so
 * whoever holds the module may borrow the dict. Threads: the dict guards itself. */
#include "object/module.h"
#include "object/module_facts.h"

#include <unistd.h>

#include "object/dict.h"
#include "object/function.h"
#include "object/hooks.h"
#include "object/int.h"
#include "object/list.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

#include "module.spec.h"

/* -- making -- */

static Own
module_create_empty(Type *type, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    Own dict = dict_new();
    Own v = dict ? type_alloc(type, 0) : NO_VALUE;
    if (!v) {
        drop_opt(dict);
        return NO_VALUE;
    }
    ref_init(obj(v), &as_module(v)->dict, dict);
    return v;
}

/* The names that every module has. fail: -1 */
static int
fill_names(Value dict, Value name, Value doc)
{
    return dict_set(dict, NAME(__name__), name) < 0 || dict_set(dict, NAME(__doc__), doc) < 0 ||
                   dict_set(dict, NAME(__package__), NONE) < 0 ||
                   dict_set(dict, NAME(__loader__), NONE) < 0 ||
                   dict_set(dict, NAME(__spec__), NONE) < 0
               ? -1
               : 0;
}

int
module_init(Module *self, Value name, Value doc)
{
    return fill_names(self->dict, name, doc);
}

Own
module_new(Value name)
{
    Own m = module_create_empty(&module_type, (Value const[1]){0}, 0, NO_VALUE);
    if (m && fill_names(as_module(m)->dict, name, NONE) < 0) {
        drop(m);
        return NO_VALUE;
    }
    return m;
}

Value
module_dict(Value m)
{
    return as_module(m)->dict;
}

/* The functions that the spec declares, as attributes. fail: -1 */
static int
add_functions(Value m, const MethodDef *functions, Value name)
{
    for (const MethodDef *def = functions; def && def->name; def++) {
        if (module_add(m, def->name, builtin_new(def, m, name)) < 0) {
            return -1;
        }
    }
    return 0;
}

/* State, docstring, functions, then what the module itself does. fail: -1 */
static int
fill_module(Value m, const ModuleDef *def, Value name)
{
    Module *module = as_module(m);
    if (def->state_size && !(module->state = mem_zalloc(def->state_size))) {
        return -1;
    }
    module->def = def;
    if (def->doc && module_add_cstr(m, "__doc__", def->doc) < 0) {
        return -1;
    }
    return add_functions(m, def->functions, name) < 0 || (def->exec && def->exec(m) < 0) ? -1 : 0;
}

Own
module_create(const ModuleDef *def)
{
    Own name = str_from_cstr(def->name);
    name = name ? str_intern(name) : NO_VALUE;
    Own m = name ? module_new(name) : NO_VALUE;
    if (m && fill_module(m, def, name) < 0) {
        drop(m);
        m = NO_VALUE;
    }
    drop_opt(name);
    return m;
}

int
module_add(Value m, const char *name, Own v)
{
    if (!v) {
        return -1;
    }
    Own key = str_from_cstr(name);
    key = key ? str_intern(key) : NO_VALUE;
    int status = key ? dict_set(module_dict(m), key, v) : -1;
    drop_opt(key);
    drop(v);
    return status;
}

int
module_add_int(Value m, const char *name, int64_t i)
{
    return module_add(m, name, int_from_i64(i));
}

int
module_add_cstr(Value m, const char *name, const char *text)
{
    return module_add(m, name, str_from_cstr(text));
}

int
module_add_type(Value m, Type *t)
{
    if (type_ready(t) < 0) {
        return -1;
    }
    const char *dot = strrchr(t->name, '.');
    return module_add(m, dot ? dot + 1 : t->name, own(VALUE(t)));
}

/* -- what is wrong when an attribute is missing -- */

/* What is known of a module whose attribute is missing; what is unknown is NO_VALUE. */
/* v.name, or NO_VALUE when there is none or it cannot be had: errors about errors help nobody. */
static Own
attribute_or_nothing(Value v, const char *name)
{
    Own result;
    if (object_lookup_attr_cstr(v, name, &result) < 0) {
        exc_clear();
    }
    return result;
}

static bool
attribute_is_true(Value v, const char *name)
{
    Own flag = attribute_or_nothing(v, name);
    int truth = flag ? object_truth(flag) : 0;
    drop_opt(flag);
    if (truth < 0) {
        exc_clear();
    }
    return truth > 0;
}

static Own
str_or_nothing(Own v)
{
    if (v && !is_str(v)) {
        drop(v);
        return NO_VALUE;
    }
    return v;
}

/* The directory that the search for modules started with. Empty text means the current one. */
static Own
start_directory(void)
{
    Own start =
        object_hooks.start_directory ? str_or_nothing(object_hooks.start_directory()) : NO_VALUE;
    if (start && as_str(start)->length == 0) {
        char here[4096];
        drop(start);
        start = getcwd(here, sizeof here) ? str_from_wtf8(here, strlen(here)) : NO_VALUE;
        if (!start) {
            exc_clear();
        }
    }
    return start;
}

/* Is `origin` START/name.py, or START/name/__init__.py? */
static bool
lies_in(const char *origin, const char *start)
{
    const char *end = strrchr(origin, '/');
    if (end && strcmp(end, "/__init__.py") == 0) {
        const char *package = end;
        for (end = package - 1; end > origin && *end != '/'; end--) {
        }
    }
    size_t length = end && end > origin ? (size_t)(end - origin) : 0;
    return strlen(start) == length && memcmp(origin, start, length) == 0;
}

static bool
is_shadowing(Value origin)
{
    Own start = start_directory();
    if (!start) {
        return false;
    }
    const char *file = str_utf8(origin, NULL), *directory = file ? str_utf8(start, NULL) : NULL;
    bool yes = directory && lies_in(file, directory);
    exc_clear();
    drop(start);
    return yes;
}

static bool
is_stdlib_name(Value name)
{
    Own names = object_hooks.sys_get ? object_hooks.sys_get("stdlib_module_names") : NO_VALUE;
    int found = names ? object_contains(names, name) : 0;
    drop_opt(names);
    if (found < 0) {
        exc_clear();
    }
    return found > 0;
}

static bool
is_unfinished_submodule(Value spec, Value attribute)
{
    Own names = attribute_or_nothing(spec, "_uninitialized_submodules");
    int found = names ? object_contains(names, attribute) : 0;
    drop_opt(names);
    if (found < 0) {
        exc_clear();
    }
    return found > 0;
}

void
module_find_facts(ModuleFacts *facts, Value attribute)
{
    if (!facts->name || !facts->spec || facts->spec == NONE) {
        return;
    }
    if (attribute_is_true(facts->spec, "has_location")) {
        facts->origin = str_or_nothing(attribute_or_nothing(facts->spec, "origin"));
    }
    facts->shadowing = facts->origin && is_shadowing(facts->origin);
    facts->stdlib = facts->shadowing && is_stdlib_name(facts->name);
    facts->initializing = attribute_is_true(facts->spec, "_initializing");
    facts->submodule = is_unfinished_submodule(facts->spec, attribute);
}

/* own: ret new text · fail: 0 + exception */
static Own
explain_missing(const ModuleFacts *f, Value attribute)
{
    Value name = f->name, origin = f->origin;
    if (!name) {
        return str_fmt("module has no attribute '%U'", attribute);
    }
    if (f->stdlib) {
        return str_fmt("module '%U' has no attribute '%U' (consider renaming '%U' since it has the "
                       "same name as the standard library "
                       "module named '%U' and prevents importing that standard library module)",
                       name, attribute, origin, name);
    }
    if (f->initializing && f->shadowing) {
        return str_fmt("module '%U' has no attribute '%U' (consider renaming '%U' if it has the "
                       "same name as a library you intended to "
                       "import)",
                       name, attribute, origin);
    }
    if (f->initializing && origin) {
        return str_fmt("partially initialized module '%U' from '%U' has no attribute '%U' (most "
                       "likely due to a circular import)",
                       name, origin, attribute);
    }
    if (f->initializing) {
        return str_fmt("partially initialized module '%U' has no attribute '%U' (most likely due "
                       "to a circular import)",
                       name, attribute);
    }
    if (f->submodule) {
        return str_fmt(
            "cannot access submodule '%U' of module '%U' (most likely due to a circular import)",
            attribute, name);
    }
    return str_fmt("module '%U' has no attribute '%U'", name, attribute);
}

static Own
raise_missing(Value m, Value attribute)
{
    ModuleFacts facts = {0};
    if (dict_lookup(module_dict(m), NAME(__name__), &facts.name) < 0 ||
        dict_lookup(module_dict(m), NAME(__spec__), &facts.spec) < 0) {
        exc_clear();
    }
    facts.name = str_or_nothing(facts.name);
    module_find_facts(&facts, attribute);
    Own text = explain_missing(&facts, attribute);
    drop_opt(facts.name);
    drop_opt(facts.spec);
    drop_opt(facts.origin);
    if (text) {
        raise_attribute_error_fmt(m, attribute, "%U", (Value)text);
        drop(text);
    }
    return NO_VALUE;
}

/* -- attributes -- */

int
module_lookup_attr(Value v, Value name, Own *result)
{
    int found = generic_lookup_in(v, name, &as_module(v)->dict, result);
    if (LIKELY(found > 0)) {
        return 1;
    }
    if (found < 0 && !exc_swallow(&exc_AttributeError)) {
        return -1;
    }
    Own hook;
    found = dict_lookup(module_dict(v), NAME(__getattr__), &hook);
    if (found > 0) {
        *result = call1(hook, name);
        drop(hook);
        return *result ? 1 : -1;
    }
    if (found == 0 && object_hooks.module_extension) {
        *result = object_hooks.module_extension(v, name);
        found = *result ? 1 : 0;
    }
    return found;
}

Own
module_getattr(Value v, Value name)
{
    Own result;
    int found = module_lookup_attr(v, name, &result);
    return LIKELY(found > 0) ? result : found < 0 ? NO_VALUE : raise_missing(v, name);
}

Own
module_get_dict(Module *self)
{
    return own(self->dict);
}

Own
module_py___dir__(Module *self)
{
    Own dict = object_dict(VALUE(self)), hook = NO_VALUE, names = NO_VALUE;
    if (!dict || !is_dict(dict)) {
        if (dict) {
            raise_msg(&exc_TypeError, "<module>.__dict__ is not a dictionary");
        }
        drop_opt(dict);
        return NO_VALUE;
    }
    int found = dict_lookup(dict, NAME(__dir__), &hook);
    if (found >= 0) {
        names = found ? call0(hook) : dict_keys_list(dict);
    }
    drop(dict);
    drop_opt(hook);
    return names;
}

/* -- annotations (PEP 649, PEP 749): kept in the dict -- */

enum { ANNOTATE_VALUE = 1 }; /* annotationlib.Format.VALUE */

static bool
is_initializing(Value dict)
{
    Own spec;
    bool yes = false;
    if (dict_lookup(dict, NAME(__spec__), &spec) < 0) {
        exc_clear();
    } else if (spec) {
        yes = spec != NONE && attribute_is_true(spec, "_initializing");
        drop(spec);
    }
    return yes;
}

/* own: ret new · may: runpy · fail: 0 + exception */
static Own
evaluate_annotations(Value dict)
{
    Own annotate;
    if (dict_lookup(dict, NAME(__annotate__), &annotate) < 0) {
        return NO_VALUE;
    }
    if (!annotate || !object_is_callable(annotate)) {
        drop_opt(annotate);
        return dict_new();
    }
    Own annotations = call1(annotate, small_int(ANNOTATE_VALUE));
    drop(annotate);
    if (annotations && !is_dict(annotations)) {
        raise_fmt(&exc_TypeError, "__annotate__ returned non-dict of type '%.100T'",
                  (Value)annotations);
        drop(annotations);
        return NO_VALUE;
    }
    return annotations;
}

Own
module_get_annotations(Module *self)
{
    Own annotations;
    int found = dict_lookup(self->dict, NAME(__annotations__), &annotations);
    if (found != 0) {
        return annotations;
    }
    annotations = evaluate_annotations(self->dict);
    if (!annotations || is_initializing(self->dict)) { /* later more names may be annotated */
        return annotations;
    }
    bool was_present;
    Own kept = dict_setdefault(self->dict, NAME(__annotations__), annotations, &was_present);
    drop(annotations);
    return kept;
}

/* Deletes name if it is there. fail: -1; 0 absent, 1 */
static int
forget(Value dict, Value name)
{
    Own old;
    int found = dict_pop(dict, name, &old);
    if (found > 0) {
        drop(old);
    }
    return found;
}

int
module_set_annotations(Module *self, Value value)
{
    int status;
    if (value) {
        status = dict_set(self->dict, NAME(__annotations__), value);
    } else {
        status = forget(self->dict, NAME(__annotations__));
        if (status == 0) {
            return raise_int(&exc_AttributeError, "__annotations__");
        }
    }
    return status < 0 || forget(self->dict, NAME(__annotate__)) < 0 ? -1 : 0;
}

Own
module_get_annotate(Module *self)
{
    bool was_present;
    return dict_setdefault(self->dict, NAME(__annotate__), NONE, &was_present);
}

int
module_set_annotate(Module *self, Value value)
{
    if (!value) {
        return raise_int(&exc_TypeError, "cannot delete __annotate__ attribute");
    }
    if (value != NONE && !object_is_callable(value)) {
        return raise_int(&exc_TypeError, "__annotate__ must be callable or None");
    }
    if (dict_set(self->dict, NAME(__annotate__), value) < 0) {
        return -1;
    }
    return value != NONE && forget(self->dict, NAME(__annotations__)) < 0 ? -1 : 0;
}

/* -- slots -- */

/* importlib knows how modules are shown; it may not be there yet. own: ret new or NO_VALUE with
 * nothing pending */
static Own
importlib(void)
{
    Own modules = object_hooks.sys_get ? object_hooks.sys_get("modules") : NO_VALUE,
        found = NO_VALUE;
    if (modules && is_dict(modules) && dict_lookup_cstr(modules, "_frozen_importlib", &found) < 0) {
        exc_clear();
    }
    drop_opt(modules);
    return found;
}

static Own
module_repr(Value v)
{
    Own library = importlib();
    if (library) {
        Own text = call_method1(library, "_module_repr", v);
        drop(library);
        return text;
    }
    Own name;
    int found = dict_lookup(module_dict(v), NAME(__name__), &name);
    if (found < 0) {
        return NO_VALUE;
    }
    Own text = found ? str_fmt("<module %R>", (Value)name) : str_fmt("<module '?'>");
    drop_opt(name);
    return text;
}

static int
module_traverse(Object *o, Visit visit, void *arg)
{
    Module *m = (Module *)o;
    VISIT(m->dict);
    return m->def && m->def->traverse_state && m->state ? m->def->traverse_state(o, visit, arg) : 0;
}

/* The dict stays, for others may still hold it as globals; it clears itself when it is in a cycle.
 */
static void
module_clear(Object *o)
{
    Module *m = (Module *)o;
    if (m->def && m->def->clear_state && m->state) {
        m->def->clear_state(VALUE(o));
    }
}

static void
module_dealloc(Object *o)
{
    Module *m = (Module *)o;
    module_clear(o);
    mem_free(m->state);
    m->state = NULL;
    ref_clear(&m->dict);
    object_free(o);
}

Type module_type = {
    .name = "module",
    .root_shape = SHAPE_MODULE,
    .flags = TYPE_BASE | TYPE_GC | TYPE_DEFERRED | TYPE_DICT_FIELD | TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(Module),
    .slots =
        {
            .traverse = module_traverse,
            .clear = module_clear,
            .dealloc = module_dealloc,
            .create = module_create_empty,
            .init = module_init_slot,
            .repr = module_repr,
            .getattr = module_getattr,
        },
    .methods = module_methods,
    .getsets = module_getsets,
    .spec_doc = module_doc,
};
