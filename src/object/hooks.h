/* What the object layer asks of the layers above it (vm, module): one table, filled at start-up before any Python code runs. */
#ifndef WEFT_OBJECT_HOOKS_H
#define WEFT_OBJECT_HOOKS_H

#include "object/object.h"

typedef struct ObjectHooks {
    /* f(...) of a Python function (type `function`): its slots.call. own: ret new */
    Own (*call_function)(Value f, Value const *args, size_t nargs, Value kwnames);
    /* importlib.import_module(name), absolute; "a.b" gives the module a.b. own: ret new */
    Own (*import_module)(const char *name);
    /* sys.NAME: new reference, or NO_VALUE with nothing pending. (no runpy) */
    Own (*sys_get)(const char *name);
    /* The globals of the innermost Python frame, or NO_VALUE when no Python code runs. borrow: lasts while that frame runs */
    Value (*current_globals)(void);
    /* The first argument and the __class__ of the innermost Python frame, for super() without arguments.
     * own: both new · fail: -1 + RuntimeError "super(): ..." */
    int (*super_arguments)(Own *type, Own *self);
} ObjectHooks;

extern ObjectHooks object_hooks;

#endif
