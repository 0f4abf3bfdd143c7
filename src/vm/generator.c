/* The life of frames in generators, coroutines and asynchronous generators: starting, suspending, resuming, throwing, closing. Their types are in
 * generator_type.c, coroutine.c and asyncgen.c. Threads: vm/generator.h. */
#include "vm/generator.h"

#include <sched.h>

#include "compile/inst.h"
#include "heap/gc.h"
#include "object/exception.h"
#include "object/traceback.h"
#include "vm/frameobject.h"
#include "vm/ops.h"
#include "vm/vm.h"

/* How the last entry frame of this thread was left: by a yield (else by a return). Read right after vm_run. */
static __thread bool left_by_yield;

static void
state_set(Generator *g, uint8_t state)
{
    atomic_store_explicit(&g->state, state, memory_order_release);
}

static NOINLINE bool
state_change(Generator *g, uint8_t *state, uint8_t to)
{
    if (atomic_compare_exchange_strong(&g->state, state, to)) {
        return true;
    }
    if (*state == GEN_LOOKED_AT) {
        sched_yield();
        *state = GEN_SUSPENDED;
    }
    return false;
}

/* *state -> GEN_RUNNING, unless another thread was quicker: then *state is what it is now. */
static ALWAYS_INLINE bool
state_claim(Generator *g, uint8_t *state)
{
    if (LIKELY(!obj_is_contended(&g->head))) {
        atomic_store_explicit(&g->state, GEN_RUNNING, memory_order_relaxed);
        return true;
    }
    return state_change(g, state, GEN_RUNNING);
}

static const char *
kind_name(Value g)
{
    return IS_EXACT(g, GENERATOR) ? "generator" : IS_EXACT(g, COROUTINE) ? "coroutine" : "async generator";
}

/* -- birth */

Own
vm_return_generator(Thread *t)
{
    Frame *f = t->frame;
    Code *code = f->code;
    const Function *function = (const Function *)obj(f->function);
    ShapeId shape = code->flags & CO_COROUTINE ? SHAPE_COROUTINE
                    : code->flags & CO_ASYNC_GENERATOR ? SHAPE_ASYNC_GENERATOR : SHAPE_GENERATOR;
    Generator *g = (Generator *)object_alloc(shape, sizeof(Generator) + (size_t)code->nregs * sizeof(Own), OBJ_TRACKED);
    if (!g) {
        return NO_VALUE;
    }
    ref_init(&g->head, &g->name, ref_load(&function->head, &function->name));
    ref_init(&g->head, &g->qualname, ref_load(&function->head, &function->qualname));
    ref_init(&g->head, &g->code, own(VALUE(code)));
    g->frame = *f;
    g->frame.prev = NULL;
    g->frame.kind = FRAME_IN_GENERATOR | (f->kind & FRAME_OBJECT);
    g->frame.pc = f->pc + 1;
    f->function = NO_VALUE;
    f->object = NO_VALUE;
    f->locals = NO_VALUE;
    f->kind &= (uint8_t)~FRAME_OBJECT;
    if (UNLIKELY(obj_flags(&g->head) & OBJ_SHARED) && g->frame.locals) {
        publish(g->frame.locals);
    }
    for (uint32_t i = 0; i < code->nregs; i++) {
        g->frame.regs[i] = f->regs[i];
        f->regs[i] = NO_VALUE;
        if (UNLIKELY(obj_flags(&g->head) & OBJ_SHARED) && g->frame.regs[i]) {
            publish(g->frame.regs[i]);
        }
    }
    if (g->frame.kind & FRAME_OBJECT) {
        frame_object_moved(&g->frame);
    }
    if (shape == SHAPE_COROUTINE && t->coroutine_origin_depth > 0) {
        Own origin = coroutine_origin(t, t->coroutine_origin_depth);
        if (!origin) {
            drop(OWN(g));
            return NO_VALUE;
        }
        ref_init(&g->head, &g->origin, origin);
    }
    return OWN(g);
}

/* -- running */

/* Makes g this thread's to run. What it was before: GEN_RUNNING and GEN_CLOSED stay so. */
static ALWAYS_INLINE uint8_t
claim(Generator *g)
{
    uint8_t state = generator_state(g);
    while (state != GEN_CLOSED && state != GEN_RUNNING && !state_claim(g, &state)) {
    }
    return state;
}

/* generator_resume() after claim(), which gave `state`. */
static ALWAYS_INLINE int
resume_claimed(Thread *t, Generator *g, uint8_t state, Own value, unsigned kind)
{
    if (UNLIKELY(state == GEN_CLOSED || state == GEN_RUNNING)) {
        reg_drop_opt(value);
        return state == GEN_CLOSED ? 1 : raise_int(&exc_ValueError, "%s already executing", kind_name(VALUE(g)));
    }
    if (UNLIKELY(depth_enter(t) < 0)) {
        state_set(g, state);
        reg_drop_opt(value);
        return -1;
    }
    Frame *f = &g->frame;
    f->prev = t->frame;
    f->kind = (uint8_t)(FRAME_IN_GENERATOR | kind | (f->kind & FRAME_OBJECT));
    t->frame = f;
    g->handled.prev = t->handled;
    t->handled = &g->handled;
    if (state == GEN_SUSPENDED && value) {
        dst_write(f->pc - 1, f->regs, value);
    } else {
        reg_drop_opt(value);
    }
    return 0;
}

int
generator_resume(Thread *t, Generator *g, Own value, unsigned kind)
{
    return resume_claimed(t, g, claim(g), value, kind);
}

/* Takes the running generator's frame out of the thread. */
static void
unlink_frame(Thread *t, Generator *g)
{
    t->handled = g->handled.prev;
    g->handled.prev = NULL;
    t->frame = g->frame.prev;
    g->frame.prev = NULL;
    depth_leave(t);
}

static unsigned
general_opcode(const Inst *pc)
{
    return inst_info[operand_opcode(pc)].general;
}

int
vm_yield(Thread *t, Own *v)
{
    Frame *f = t->frame, *caller = f->prev;
    Generator *g = generator_of_frame(f);
    bool entry = (f->kind & FRAME_ENTRY) != 0;
    f->pc++;
    unlink_frame(t, g);
    if (UNLIKELY(obj_is_contended(&g->head))) {
        for (uint32_t i = 0; i < f->nregs; i++) {
            if (f->regs[i]) {
                publish(f->regs[i]);
            }
        }
        if (g->handled.exc) {
            publish(g->handled.exc);
        }
    }
    state_set(g, GEN_SUSPENDED);
    if (entry) {
        *v = reg_take(*v);
        left_by_yield = true;
        return 1;
    }
    const Inst *pc = caller->pc;
    caller->pc = pc + 2;
    dst_write(pc, caller->regs, *v);
    return 0;
}

static void
end_running(Thread *t, Generator *g)
{
    frame_clear(t, &g->frame);
    unlink_frame(t, g);
    Own handled = g->handled.exc;
    g->handled.exc = NO_VALUE;
    state_set(g, GEN_CLOSED);
    drop_opt(handled);
}

int
generator_return(Thread *t, Own *v)
{
    Generator *g = generator_of_frame(t->frame);
    bool entry = (g->frame.kind & FRAME_ENTRY) != 0;
    *v = reg_take(*v); /* counted while finalizers may run a collection */
    end_running(t, g);
    if (entry) {
        left_by_yield = false;
        return 1;
    }
    Frame *caller = t->frame;
    const Inst *pc = caller->pc;
    caller->pc = pc + 2 + operand_sc(pc);
    if (general_opcode(pc) == I_SEND) {
        caller->regs[operand_ua(pc)] = reg_from(*v);
    } else {
        drop(*v);
    }
    reg_clear(&caller->regs[operand_ub(pc)]);
    return 0;
}

void
generator_failed(Thread *t)
{
    end_running(t, generator_of_frame(t->frame));
}

/* -- from C */

static int
run_resumed(Thread *t, Generator *g, bool throwing, Own *result)
{
    *result = throwing ? frame_run_throwing(t, &g->frame) : vm_run(t, &g->frame);
    return *result ? left_by_yield : -1;
}

int
generator_send(Generator *g, Value value, Own *result)
{
    Thread *t = thread_self();
    *result = NO_VALUE;
    if (!c_stack_ok()) {
        return -1;
    }
    if (value && value != NONE && generator_state(g) == GEN_CREATED) {
        return raise_int(&exc_TypeError, "can't send non-None value to a just-started %s", kind_name(VALUE(g)));
    }
    int status = generator_resume(t, g, value ? reg_own(t, value) : NO_VALUE, FRAME_ENTRY);
    if (status < 0) {
        return -1;
    }
    if (status > 0) {
        if (!value) {
            return -1; /* what was thrown is still pending */
        }
        if (IS_EXACT(VALUE(g), COROUTINE)) {
            return raise_int(&exc_RuntimeError, "cannot reuse already awaited coroutine");
        }
        *result = NONE;
        return 0;
    }
    return run_resumed(t, g, !value, result);
}

/* Throws what is pending into g, for which claim() gave `state`. */
static int
throw_pending(Generator *g, uint8_t state, Own *result)
{
    Own exc = exc_take();
    Thread *t = thread_self();
    *result = NO_VALUE;
    int status = resume_claimed(t, g, state, NO_VALUE, FRAME_ENTRY);
    if (status < 0) {
        drop(exc);
        return -1;
    }
    if (status > 0 && IS_EXACT(VALUE(g), COROUTINE)) {
        drop(exc);
        return raise_int(&exc_RuntimeError, "cannot reuse already awaited coroutine");
    }
    Own context = exc_get_context(exc);
    bool handling = status == 0 && g->handled.exc; /* in g itself: what its caller handles is none of its business */
    if (context || !handling) {
        drop_opt(context);
        exc_restore(exc);
    } else {
        raise_instance(exc);
    }
    return status > 0 ? -1 : run_resumed(t, g, true, result);
}

int
throw_arguments(Value type, Value value, Value traceback)
{
    if (traceback && traceback != NONE && !IS_EXACT(traceback, TRACEBACK)) {
        return raise_int(&exc_TypeError, "throw() third argument must be a traceback object");
    }
    Own exc;
    bool is_class = is_type(type) && (type_flags((Type *)obj(type)) & TYPE_EXC_SUBCLASS);
    if (is_class) {
        if (value && value != NONE && is_exception(value) && type_is_subtype(type_of(value), (Type *)obj(type))) {
            exc = own(value);
        } else if (!value || value == NONE) {
            exc = call0(type);
        } else if (is_tuple(value)) {
            exc = object_call(type, (Value const *)as_tuple(value)->items, (size_t)as_tuple(value)->length, NO_VALUE);
        } else {
            exc = call1(type, value);
        }
        if (exc && !is_exception(exc)) {
            raise_fmt(&exc_TypeError, "calling %R should have returned an instance of BaseException, not %T", type, (Value)exc);
            drop(exc);
            exc = NO_VALUE;
        }
    } else if (is_exception(type)) {
        if (value && value != NONE) {
            return raise_int(&exc_TypeError, "instance exception may not have a separate value");
        }
        exc = own(type);
    } else {
        return raise_int(&exc_TypeError, "exceptions must be classes or instances deriving from BaseException, not %T", type);
    }
    if (!exc) {
        return 0; /* what went wrong is thrown instead */
    }
    if (traceback && traceback != NONE && object_setattr(exc, NAME(__traceback__), traceback) < 0) {
        drop(exc);
        return -1;
    }
    exc_restore(exc); /* its context is added where it is raised */
    return 0;
}

int
generator_delegate_register(const Inst *pc)
{
    return general_opcode(pc) == I_RESUME && operand_sa(pc) >= 2 ? (int)operand_ub(pc) : -1;
}

/* pre: g is suspended, and stays so */
static Own
delegate_of(const Frame *f)
{
    int receiver = generator_delegate_register(f->pc);
    return receiver < 0 ? NO_VALUE : own_opt(f->regs[receiver]);
}

Own
generator_delegate(Generator *g)
{
    if (!obj_is_contended(&g->head)) {
        return generator_state(g) == GEN_SUSPENDED ? delegate_of(&g->frame) : NO_VALUE;
    }
    uint8_t state = GEN_SUSPENDED;
    while (!state_change(g, &state, GEN_LOOKED_AT)) {
        if (state != GEN_SUSPENDED) {
            return NO_VALUE;
        }
    }
    Own d = delegate_of(&g->frame);
    state_set(g, GEN_SUSPENDED);
    return d;
}

/* Closes what a generator delegates to. */
static int
close_delegate(Value d)
{
    Own result;
    if (IS_EXACT(d, GENERATOR) || IS_EXACT(d, COROUTINE)) {
        return generator_close(as_generator(d), NULL);
    }
    Own close;
    int found = object_lookup_attr(d, NAME(close), &close);
    if (found <= 0) {
        if (found < 0) {
            exc_write_unraisable(NULL, d);
        }
        return 0;
    }
    result = call0(close);
    drop(close);
    drop_opt(result);
    return result ? 0 : -1;
}

/* The frame of g, which is claimed, is seen around that of what it delegates to. */
static void
enter_delegating(Generator *g)
{
    Thread *t = thread_self();
    g->frame.prev = t->frame;
    t->frame = &g->frame;
}

static void
leave_delegating(Generator *g)
{
    thread_self()->frame = g->frame.prev;
    g->frame.prev = NULL;
}

static int
close_from(Generator *g, Value d)
{
    enter_delegating(g);
    int status = close_delegate(d);
    leave_delegating(g);
    return status;
}

/* Throws into d, which g, which is claimed, delegates to: 1 d yielded *result, 0 throw what is pending into g, -1 failed outright. */
static int
throw_into_delegate(Generator *g, Value d, Value type, Value value, Value traceback, Own *result)
{
    *result = NO_VALUE;
    bool exits = is_type(type) ? type_is_subtype((Type *)obj(type), &exc_GeneratorExit) : is_instance_of(type, &exc_GeneratorExit);
    if (exits) {
        return close_from(g, d) < 0 ? 0 : throw_arguments(type, value, traceback);
    }
    Own throw = NO_VALUE;
    if (!IS_EXACT(d, GENERATOR) && !IS_EXACT(d, COROUTINE)) {
        int found = object_lookup_attr(d, NAME(throw), &throw);
        if (found <= 0) {
            return found < 0 ? -1 : throw_arguments(type, value, traceback);
        }
    }
    enter_delegating(g);
    int status;
    if (throw) {
        Value args[] = {type, value, traceback};
        *result = object_call(throw, args, traceback ? 3 : value ? 2 : 1, NO_VALUE);
        drop(throw);
        status = *result ? 1 : 0;
    } else {
        status = generator_throw(as_generator(d), type, value, traceback, result);
        if (status == 0) { /* it returned */
            raise_stop_iteration(*result);
            drop(*result);
            *result = NO_VALUE;
        } else if (status < 0) {
            status = 0;
        }
    }
    leave_delegating(g);
    return status;
}

int
generator_throw(Generator *g, Value type, Value value, Value traceback, Own *result)
{
    *result = NO_VALUE;
    if (!c_stack_ok()) {
        return -1;
    }
    uint8_t state = claim(g);
    Own d = state == GEN_SUSPENDED ? delegate_of(&g->frame) : NO_VALUE;
    int status = d ? throw_into_delegate(g, d, type, value, traceback, result) : throw_arguments(type, value, traceback);
    drop_opt(d);
    if (status == 0) {
        return throw_pending(g, state, result);
    }
    if (state == GEN_CREATED || state == GEN_SUSPENDED) {
        state_set(g, state);
    }
    return status;
}

/* A generator that never ran, or was told to end, gives up its frame. pre: state is RUNNING, set by this thread */
static void
close_frame(Generator *g)
{
    Thread *t = thread_self();
    Pinned registers, function; /* nobody else sees what a dying generator holds */
    thread_pin(t, &registers, g->frame.regs, g->frame.nregs);
    thread_pin(t, &function, (const Own *)&g->frame.function, 1);
    frame_clear(t, &g->frame);
    thread_unpin(t, &registers);
    state_set(g, GEN_CLOSED);
}

int
generator_close(Generator *g, Own *returned)
{
    if (returned) {
        *returned = NO_VALUE;
    }
    uint8_t state = claim(g);
    if (state == GEN_CREATED) {
        close_frame(g);
    }
    if (state == GEN_CREATED || state == GEN_CLOSED) {
        return 0;
    }
    Own d = state == GEN_SUSPENDED ? delegate_of(&g->frame) : NO_VALUE, result;
    int status = d ? close_from(g, d) : 0;
    drop_opt(d);
    if (status == 0) {
        raise_instance(call0(VALUE(&exc_GeneratorExit)));
    }
    status = throw_pending(g, state, &result);
    if (status > 0) {
        drop(result);
        return raise_int(&exc_RuntimeError, "%s ignored GeneratorExit", kind_name(VALUE(g)));
    }
    if (status == 0) {
        if (returned) {
            *returned = result;
        } else {
            drop(result);
        }
        return 0;
    }
    return exc_swallow(&exc_GeneratorExit) || exc_swallow(&exc_StopIteration) ? 0 : -1;
}

/* -- memory */

/* Registers, but for deferred objects where counts are compared: registers do not count those. */
int
frame_traverse(Frame *f, Visit visit, void *arg)
{
    for (uint32_t i = 0; i < f->nregs; i++) {
        Value v = f->regs[i];
        if (v && is_object(v) && !(gc_subtracting && (obj_flags(obj(v)) & OBJ_DEFERRED))) {
            VISIT(v);
        }
    }
    if (f->function && !(gc_subtracting && (obj_flags(obj(f->function)) & OBJ_DEFERRED))) {
        VISIT(f->function);
    }
    VISIT(f->locals);
    VISIT(f->object);
    return 0;
}

int
generator_traverse(Object *o, Visit visit, void *arg)
{
    Generator *g = (Generator *)o;
    VISIT(g->name);
    VISIT(g->qualname);
    VISIT(g->code);
    VISIT(g->origin);
    VISIT(g->finalizer);
    VISIT(g->handled.exc);
    if (atomic_load(&g->state) == GEN_CLOSED) {
        return 0;
    }
    return frame_traverse(&g->frame, visit, arg);
}

void
generator_clear(Object *o)
{
    Generator *g = (Generator *)o;
    uint8_t state = generator_state(g);
    if (state != GEN_CLOSED && state != GEN_RUNNING) {
        state_set(g, GEN_RUNNING);
        close_frame(g);
    }
    ref_clear(&g->handled.exc);
    ref_clear(&g->origin);
    ref_clear(&g->finalizer);
}

void
generator_dealloc(Object *o)
{
    Generator *g = (Generator *)o;
    generator_clear(o);
    ref_clear(&g->name);
    ref_clear(&g->qualname);
    ref_clear(&g->code);
    object_free(o);
}
