/* Frames come and go: calls of Python functions from Python and from C, returns, and code run by exec. */
#include "vm/call.h"

#include "vm/frameobject.h"
#include "vm/generator.h"
#include "vm/ops.h"
#include "vm/trace.h"
#include "vm/run.h"
#include "vm/vm.h"

void
vm_finish(const Inst *pc, Own *regs, Own v)
{
    Own b = source_end(pc, regs, operand_ub(pc), INST_KILL_B);
    Own c = source_end(pc, regs, operand_uc(pc), INST_KILL_C);
    dst_write(pc, regs, v);
    reg_drop_opt(b);
    reg_drop_opt(c);
}

/* -- pushing */

static void
drop_arguments(Own f, Own *args, size_t n)
{
    reg_drop(f); /* first: finalizers of arguments may run a collection, which does not see f here */
    for (size_t i = 0; i < n; i++) {
        reg_clear(&args[i]);
    }
}

Frame *
frame_push_call(Thread *t, Own f, Own *args, size_t nargs, Value kwnames)
{
    const Function *function = (const Function *)obj(f);
    Code *code = as_code(__atomic_load_n(&function->code, __ATOMIC_ACQUIRE));
    size_t all = nargs + (kwnames ? (size_t)as_tuple(kwnames)->length : 0);
    uint8_t kind = 0;
    Frame *callee = stack_push(t, code, &kind);
    if (UNLIKELY(!callee)) {
        drop_arguments(f, args, all);
        return NULL;
    }
    frame_init(callee, NULL, code, f, function, 0);
    callee->kind = kind;
    callee->pc = code->instructions;
    if (LIKELY(code->plain_args == nargs + 1 && !kwnames)) {
        frame_take_arguments(callee, args, (unsigned)nargs, code->nregs);
        return callee;
    }
    frame_take_arguments(callee, NULL, 0, code->nregs);
    if (bind_arguments(callee, function, code, args, nargs, kwnames) < 0) {
        stack_pop(t, callee);
        reg_drop(f);
        return NULL;
    }
    if (UNLIKELY(!(code->flags & CO_OPTIMIZED))) { /* the code of a module or class as a function */
        callee->locals = own(function->globals);
        callee->kind |= FRAME_LOCALS;
    }
    return callee;
}

/* -- popping */

static ALWAYS_INLINE void
frame_clear_registers(Thread *t, Frame *f, size_t count)
{
    f->kind |= FRAME_ENDS; /* first: finalizers may run when its object lets go, too */
    if (UNLIKELY(f->kind & FRAME_OBJECT)) {
        frame_object_detach(f);
    }
    for (Own *r = f->regs, *end = r + count; r < end; r++) {
        Own v = *r;
        if (v && is_object(v)) { /* most are empty */
            *r = NO_VALUE;
            if (!reg_drop_fast(t, v)) {
                reg_drop(v);
            }
        }
    }
    Own locals = f->locals;
    if (UNLIKELY(locals != NO_VALUE)) {
        f->locals = NO_VALUE;
        if (f->kind & FRAME_INIT) {
            reg_drop_opt(locals);
        } else {
            drop_opt(locals);
        }
    }
    if (UNLIKELY(f->kind & FRAME_OWNS)) {
        drop((Own)(uintptr_t)f->globals);
        drop((Own)(uintptr_t)f->builtins);
        drop(OWN(f->code));
    } else {
        reg_drop_opt((Own)(uintptr_t)f->function);
    }
    f->function = NO_VALUE;
}

void
frame_clear(Thread *t, Frame *f)
{
    frame_clear_registers(t, f, f->nregs);
}

/* The result of a call that was made by instruction pc of frame f. */
static void
frame_resume_with(Frame *f, Own v, unsigned skip)
{
    const Inst *pc = f->pc;
    f->pc = pc + skip;
    dst_write(pc, f->regs, v);
}

int
vm_return(Thread *t, Own *v)
{
    Frame *f = t->frame, *caller = f->prev;
    if (UNLIKELY(f->kind & FRAME_IN_GENERATOR)) {
        return generator_return(t, v);
    }
    unsigned kind = f->kind, skip = f->skip;
    bool bad_init = false;
    if (kind & FRAME_INIT) {
        bad_init = *v != NONE;
        if (bad_init) {
            raise_fmt(&exc_TypeError, "__init__() should return None, not '%T'", *v);
            reg_drop(*v);
        } else {
            *v = f->locals;
            f->locals = NO_VALUE;
        }
    }
    if (!bad_init) {
        *v = reg_take(*v); /* counted while finalizers may run a collection */
    }
    frame_clear_registers(t, f, f->code->nlocals_plus); /* no temporary lives on */
    t->frame = caller;
    stack_pop(t, f);
    if (UNLIKELY(bad_init)) {
        return -1;
    }
    if (kind & FRAME_ENTRY) {
        return 1;
    }
    *v = reg_from(*v);
    frame_resume_with(caller, *v, skip);
    return 0;
}

/* -- from C */

Own
frame_run(Thread *t, Frame *f)
{
    if (UNLIKELY(!c_stack_ok())) {
        Frame *caller = t->frame;
        f->prev = caller;
        t->frame = f;
        frame_clear(t, f);
        t->frame = caller;
        stack_pop(t, f);
        return NO_VALUE;
    }
    f->prev = t->frame;
    f->kind |= FRAME_ENTRY;
    t->frame = f;
    return vm_run(t, f);
}

Own
frame_run_throwing(Thread *t, Frame *f UNUSED)
{
    trace_thrown(t);
    if (!vm_unwind(t)) {
        return NO_VALUE;
    }
    return vm_run(t, t->frame);
}

Own
vm_call_function(Value f, Value const *args, size_t nargs, Value kwnames)
{
    Thread *t = thread_self();
    size_t all = nargs + (kwnames ? (size_t)as_tuple(kwnames)->length : 0);
    const Function *function = (const Function *)obj(f);
    Code *code = as_code(__atomic_load_n(&function->code, __ATOMIC_ACQUIRE));
    Frame *callee;
    if (LIKELY(code->plain_args == all + 1 && !kwnames)) { /* straight into the registers */
        uint8_t kind = 0;
        callee = stack_push(t, code, &kind);
        if (UNLIKELY(!callee)) {
            return NO_VALUE;
        }
        frame_init(callee, NULL, code, reg_own(t, f), function, 0);
        callee->kind = kind;
        callee->pc = code->instructions;
        for (size_t i = 0; i < all; i++) {
            callee->regs[i] = reg_own(t, args[i]);
        }
        for (size_t i = all; i < code->nregs; i++) {
            callee->regs[i] = NO_VALUE;
        }
        return frame_run(t, callee);
    }
    Own few[16], *copies = few;
    if (all > ARRAY_LEN(few)) {
        copies = mem_alloc(all * sizeof *copies);
        if (!copies) {
            return NO_VALUE;
        }
    }
    for (size_t i = 0; i < all; i++) {
        copies[i] = reg_own(t, args[i]);
    }
    callee = frame_push_call(t, reg_own(t, f), copies, nargs, kwnames);
    if (copies != few) {
        mem_free(copies);
    }
    return callee ? frame_run(t, callee) : NO_VALUE;
}

/* The code of a function, whose locals are registers, and that of a module with `await`: a coroutine has a function. */
static Own
run_as_function(Thread *t, Value code, Value globals, Value locals, Value closure)
{
    Own function = function_new(code, globals, NO_VALUE);
    if (!function) {
        return NO_VALUE;
    }
    if (closure) {
        ref_store(obj(function), &((Function *)obj(function))->closure, own(closure));
    }
    Frame *f = frame_push_call(t, reg_from(function), (Own[1]){0}, 0, NO_VALUE);
    if (f && locals && f->locals) {
        drop(f->locals);
        f->locals = own(locals);
    }
    return f ? frame_run(t, f) : NO_VALUE;
}

Own
vm_run_code(Value code_value, Value globals, Value locals, Value closure)
{
    Thread *t = thread_self();
    Code *code = as_code(code_value);
    Own builtins = vm_builtins_of(globals);
    if (!builtins) {
        return NO_VALUE;
    }
    if (code->flags & (CO_OPTIMIZED | CO_COROUTINE)) {
        drop(builtins);
        return run_as_function(t, code_value, globals, locals, closure);
    }
    uint8_t kind = 0;
    Frame *f = stack_push(t, code, &kind);
    if (!f) {
        drop(builtins);
        return NO_VALUE;
    }
    memset(f, 0, frame_bytes(code));
    f->pc = code->instructions;
    f->code = code;
    own(code_value);
    f->globals = own(globals);
    f->builtins = builtins;
    f->locals = own(locals ? locals : globals);
    f->nregs = code->nregs;
    f->kind = kind | FRAME_OWNS;
    if (closure) {
        unsigned n = code->nfree;
        for (unsigned i = 0; i < n; i++) {
            f->regs[code->nlocals_plus - n + i] = reg_own(t, tuple_item(closure, i));
        }
    }
    return frame_run(t, f);
}

Own
vm_run_class_body(Value f, Value ns)
{
    Thread *t = thread_self();
    Frame *callee = frame_push_call(t, reg_own(t, f), (Own[1]){0}, 0, NO_VALUE);
    if (!callee) {
        return NO_VALUE;
    }
    drop_opt(callee->locals);
    callee->locals = own(ns);
    return frame_run(t, callee);
}

Own
vm_builtins_of(Value globals)
{
    Own builtins;
    const Frame *caller = frame_seen(thread_self()->frame);
    Value running = caller ? caller->builtins : (Value)vm_builtins;
    bool plain = is_dict(globals); /* __missing__ and the like of a subclass are not asked */
    int found = plain ? dict_lookup(globals, NAME(__builtins__), &builtins) : mapping_lookup(globals, NAME(__builtins__), &builtins);
    if (found < 0) {
        return NO_VALUE;
    }
    if (found == 0) {
        builtins = own(running);
        if ((plain ? dict_set(globals, NAME(__builtins__), running) : object_setitem(globals, NAME(__builtins__), running)) < 0) {
            drop(builtins);
            return NO_VALUE;
        }
        return builtins;
    }
    if (IS_EXACT(builtins, MODULE)) {
        Own dict = own(module_dict(builtins));
        drop(builtins);
        return dict;
    }
    return builtins;
}
