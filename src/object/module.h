/* Modules, and how C modules are declared. */
#ifndef WEFT_OBJECT_MODULE_H
#define WEFT_OBJECT_MODULE_H

#include "object/object.h"

typedef struct Module {
    Object head;
    Own dict;                      /* immutable after creation */
    const struct ModuleDef *def;   /* null for Python modules */
    void *state;                   /* of a C module: def->state_size bytes, zeroed */
} Module;

static ALWAYS_INLINE Module *
as_module(Value v)
{
    return (Module *)obj(v);
}

typedef struct ModuleDef {
    const char *name;           /* "math", "_thread" */
    const char *doc;
    const MethodDef *functions; /* from the spec; self is the module */
    size_t state_size;
    int (*exec)(Value module);  /* adds types and constants; -1 + exception */
    TraverseFn traverse_state;  /* where state holds references; o is the module */
    void (*clear_state)(Value module); /* and drops them */
} ModuleDef;

NODISCARD Own module_new(Value name);             /* types.ModuleType(name) */
NODISCARD Own module_create(const ModuleDef *def); /* made and executed */
Value module_dict(Value m);                       /* borrow: lasts while m is held */
NODISCARD int module_add(Value m, const char *name, Own v); /* eats v (also when it is 0: then -1) */
NODISCARD int module_add_int(Value m, const char *name, int64_t i);
NODISCARD int module_add_cstr(Value m, const char *name, const char *text);
NODISCARD int module_add_type(Value m, Type *t);  /* makes it ready; under the last part of its name */
/* A built-in module of this build, by name: tools/modulegen.py collects every `const ModuleDef module_NAME` in src/module. */
const ModuleDef *module_find_builtin(const char *name);

#endif
