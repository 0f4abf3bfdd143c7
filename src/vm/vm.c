/* The vm's entry: running frames, and what it gives to the layers below through their hooks. */
#include "vm/vm.h"

#include "heap/hooks.h"
#include "object/hooks.h"
#include "vm/asyncgen.h"
#include "vm/cache.h"
#include "vm/code_hooks.h"
#include "vm/frameobject.h"
#include "vm/import.h"
#include "vm/run.h"
#include "vm/stack.h"
#include "vm/trace.h"

Own vm_builtins, vm_builtins_module;

Own
vm_run(Thread *t, Frame *f)
{
    if (UNLIKELY(!t->dispatch)) {
        vm_thread_init(t);
    }
    return vm_run_many(t, f);
}

/* -- hooks of the heap */

static void
visit_registers(const Own *regs, size_t n, Visit visit, Visit deferred, void *arg)
{
    for (size_t i = 0; i < n; i++) {
        Value v = regs[i];
        if (v && is_object(v)) {
            visit(v, arg);
            if (obj_flags(obj(v)) & OBJ_DEFERRED) {
                deferred(v, arg);
            }
        }
    }
}

#define LEAVING_DEPTH 8 /* frames that are looked at */

static bool
may_use_reserve(void)
{
    const Thread *t = thread_self();
    const Frame *f = t ? frame_seen(t->frame) : NULL;
    for (int i = 0; f && i < LEAVING_DEPTH && !t->leaves_with; i++, f = frame_seen(f->prev)) {
        if (f->code->name == NAME(__exit__)) {
            return true;
        }
    }
    return t && t->leaves_with;
}

/* Registers of running frames: counted values, and apart from them those that registers do not count. stw */
static void
visit_frames(Thread *t, Visit visit, Visit deferred, void *arg)
{
    for (const Pinned *pin = t->pinned; pin; pin = pin->prev) {
        visit_registers(pin->values, pin->count, visit, deferred, arg);
    }
    for (Frame *f = t->frame; f; f = f->prev) {
        visit_registers(f->regs, f->nregs, visit, deferred, arg);
        if (f->function) {
            visit(f->function, arg);
            deferred(f->function, arg);
        }
        deferred(VALUE(f->code), arg);
        deferred(f->globals, arg);
        deferred(f->builtins, arg);
        if (f->locals) {
            visit(f->locals, arg);
            deferred(f->locals, arg);
        }
        if (f->object) {
            visit(f->object, arg);
        }
    }
}

static void
recursion_error(void)
{
    raise_msg(&exc_RecursionError, "maximum recursion depth exceeded");
}

/* -- hooks of the objects */

static Value
current_builtins(void)
{
    const Frame *f = frame_seen(thread_self()->frame);
    return f ? f->builtins : (Value)vm_builtins;
}

static Value
current_globals(void)
{
    const Frame *f = frame_seen(thread_self()->frame);
    return f ? f->globals : NO_VALUE;
}

static Frame *
frame_at(int depth)
{
    Frame *f = frame_seen(thread_self()->frame);
    while (f && depth-- > 0) {
        f = frame_seen(f->prev);
    }
    return f;
}

static Own
caller_frame(int depth)
{
    Frame *f = frame_at(depth);
    return f ? frame_object(f) : NO_VALUE;
}

static Own
frame_code(Value frame)
{
    return own(VALUE(as_frame_object(frame)->own.code));
}

/* The cell or value of the variable __class__ of a method's frame. own: ret new or NO_VALUE */
static Own
find_class_cell(const Frame *f)
{
    const Code *code = f->code;
    for (uint32_t i = code->nlocals_plus - code->nfree; i < code->nlocals_plus; i++) {
        if (tuple_item(code->local_names, i) == NAME(__class__)) {
            Value v = f->regs[i];
            return v && IS_EXACT(v, CELL) ? ref_load(obj(v), &((CellObject *)obj(v))->contents) : NO_VALUE;
        }
    }
    raise_msg(&exc_RuntimeError, "super(): __class__ cell not found");
    return NO_VALUE;
}

static int
super_arguments(Own *type, Own *self)
{
    const Frame *f = thread_self()->frame;
    if (!f) {
        return raise_int(&exc_RuntimeError, "super(): no current frame");
    }
    if (f->code->argcount == 0) {
        return raise_int(&exc_RuntimeError, "super(): no arguments");
    }
    Value first = f->regs[0];
    Own me = first && (f->code->local_kinds[0] & LOCAL_CELL) && IS_EXACT(first, CELL)
                 ? ref_load(obj(first), &((CellObject *)obj(first))->contents)
                 : own_opt(first);
    if (!me) {
        return raise_int(&exc_RuntimeError, "super(): arg[0] deleted");
    }
    Own class = find_class_cell(f);
    if (!class || !is_type(class)) {
        if (class) {
            raise_fmt(&exc_RuntimeError, "super(): __class__ is not a type (%T)", (Value)class);
        } else if (!exc_pending()) {
            raise_msg(&exc_RuntimeError, "super(): empty __class__ cell");
        }
        drop_opt(class);
        drop(me);
        return -1;
    }
    *type = class;
    *self = me;
    return 0;
}

/* The second thread is being made: every thread goes on with the other table. stw */
static void
threads_many_now(void)
{
    for (Thread *t = threads_first; t; t = t->next) {
        t->dispatch = trace_dispatch(t);
    }
}

void
vm_thread_init(Thread *t)
{
    t->dispatch = trace_dispatch(t);
}

void
vm_init(Thread *t)
{
    heap_hooks.visit_frames = visit_frames;
    heap_hooks.may_use_reserve = may_use_reserve;
    heap_hooks.thread_gone = stack_free;
    heap_hooks.recursion_error = recursion_error;
    object_hooks.call_function = vm_call_function;
    object_hooks.import_module = import_module;
    object_hooks.current_globals = current_globals;
    object_hooks.super_arguments = super_arguments;
    object_hooks.caller_frame = caller_frame;
    object_hooks.frame_code = frame_code;
    heap_hooks.flush_caches = caches_reset_stw;
    heap_hooks.threads_many_now = threads_many_now;
    object_hooks.code_dying = caches_code_dying;
    object_hooks.current_builtins = current_builtins;
    code_hooks_set();
    vm_thread_init(t);
}
