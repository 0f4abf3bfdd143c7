/* What the object layer asks of the layers above it (vm, module): one table, filled at start-up
 * before any Python code runs, immutable after. A hook marked optional may be null; the others are
 * when their layer is not there (unit tests). */
#ifndef WEFT_OBJECT_HOOKS_H
#define WEFT_OBJECT_HOOKS_H

#include "object/code.h"
#include "object/object.h"

typedef struct ObjectHooks {
    /* -- running code */
    /* f(...) of a Python function (type `function`): its slots.call. own: ret new */
    Own (*call_function)(Value f, Value const *args, size_t nargs, Value kwnames);
    /* importlib.import_module(name), absolute; "a.b" gives the module a.b. own: ret new */
    Own (*import_module)(const char *name);

    /* -- sys */
    /* sys.NAME: new reference, or NO_VALUE with nothing pending. (no runpy) */
    Own (*sys_get)(const char *name);
    /* What sys.path[0] was at the start of the program; NO_VALUE when nothing was put there. own:
     * ret new (no runpy) */
    Own (*start_directory)(void);
    /* Shows exc through sys.unraisablehook; message is a str or NO_VALUE, where any object or
     * NO_VALUE. Leaves nothing pending. */
    void (*unraisable)(Value exc, Value message, Value where);
    /* warnings.warn(message, category, stacklevel, source=source); message a str, source may be
     * NO_VALUE. fail: -1 + exception */
    int (*warn)(Type *category, Value message, int stacklevel, Value source);

    /* -- frames */
    /* The globals of the innermost Python frame, or NO_VALUE when no Python code runs. borrow:
     * lasts while that frame runs */
    Value (*current_globals)(void);
    /* Its builtins (a dict), or those of the program when no Python code runs. borrow: as above */
    Value (*current_builtins)(void);
    /* The first argument and the __class__ of the innermost Python frame, for super() without
     * arguments. own: both new · fail: -1 + RuntimeError "super(): ..." */
    int (*super_arguments)(Own *type, Own *self);
    /* The frame object of the depth-th running Python function (0 = innermost). own: ret new ·
     * NO_VALUE with nothing pending past the last · fail: 0 + exception */
    Own (*caller_frame)(int depth);
    /* f_code of a frame object. own: ret new · never fails (no runpy) */
    Own (*frame_code)(Value frame);
    /* A name that Weft adds to a module of the library, asked for where the module lacks it (threading.AtomicInteger); optional. own: ret new ·
     * NO_VALUE with nothing pending when there is none */
    Own (*module_extension)(Value module, Value name);

    /* A signal is to be treated as if it had arrived: its Python handler, if any, runs on the main
     * thread. */
    void (*signal_arrived)(int signum);

    /* -- code objects: all optional, (no runpy) */
    void (*code_dying)(Code *code); /* frees what the vm hung on it (Code.monitoring) */
    int (*code_verify)(
        const Code *code); /* are these instructions safe to run? fail: -1 + ValueError */
    /* The instructions as the compiler wrote them, without caches and specialisation: code->ninst
     * words */
    void (*code_plain)(const Code *code, Inst *out);
    /* The first conditional jump at or after *inst: where it stands, where it goes on, where it
     * jumps to. False when there is none. */
    bool (*code_branch)(const Code *code, uint32_t *inst, uint32_t *not_taken, uint32_t *taken);
} ObjectHooks;

extern ObjectHooks object_hooks;

#endif
