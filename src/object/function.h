/* Python functions, bound methods, cells. Fields of a function change under its lock; the vm reads code, defaults and kwdefaults with ref_load-like
 * care (code and globals are deferred objects; a call in progress holds what it uses). */
#ifndef WEFT_OBJECT_FUNCTION_H
#define WEFT_OBJECT_FUNCTION_H

#include "object/code.h"

typedef struct Function {
    Object head;
    Own code;
    Own globals, builtins;   /* dicts; immutable */
    Own closure;             /* tuple of cells or NO_VALUE; immutable */
    Own defaults;            /* tuple or NO_VALUE */
    Own kwdefaults;          /* dict or NO_VALUE */
    Own name, qualname, module, doc;
    Own annotations, annotate; /* dict / callable, NO_VALUE */
    Own type_params;         /* tuple or NO_VALUE */
    Own dict;                /* dict or NO_VALUE */
    _Atomic uint32_t version; /* of code and defaults, for call caches: 0 = must not be cached; changes when they do */
} Function;

typedef struct Method {
    Object head;
    Own function, self;
} Method;

typedef struct CellObject {
    Object head;
    Own contents; /* NO_VALUE = empty. guard: lock; ref_load */
} CellObject;

/* Builtin functions and methods: METHOD_* of heap/type.h */
typedef struct Builtin {
    Object head;
    const MethodDef *def;
    Own self;      /* bound receiver, class, or module; NO_VALUE */
    Own module;    /* str or NO_VALUE */
} Builtin;

typedef struct MethodDescriptor { /* method_descriptor, classmethod_descriptor */
    Object head;
    const MethodDef *def;
    Type *owner; /* counted */
} MethodDescriptor;

/* A function of code with these globals: module-level ones (code not CO_NESTED) are born OBJ_DEFERRED. */
NODISCARD Own function_new(Value code, Value globals, Value qualname);
/* The same when the builtins are known, as in a frame with these globals. */
NODISCARD Own function_new_in(Value code, Value globals, Value builtins);
/* f->version, given if it has none; 0 = must not be cached. (no runpy) */
uint32_t function_version(Function *f);
NODISCARD Own method_new(Value function, Value self);
NODISCARD Own cell_new(Own contents); /* eats; may be NO_VALUE */
NODISCARD Own builtin_new(const MethodDef *def, Value self, Value module);

#endif
