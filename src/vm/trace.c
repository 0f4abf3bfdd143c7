/* Tracing: see vm/trace.h.
 *
 * The thread's state keeps, for each traced frame, the instruction before and what C function is being called there: a stack that follows
 * the frames. Entries above the running frame belong to frames that ended. */
#include "vm/trace.h"

#include <stdlib.h>

#include "compile/inst.h"
#include "heap/world.h"
#include "object/descriptor.h"
#include "object/error.h"
#include "object/exception.h"
#include "object/int.h"
#include "object/str.h"
#include "object/tuple.h"
#include "vm/generator.h"
#include "vm/monitor.h"
#include "vm/ops.h"
#include "vm/run.h"

typedef struct Level {
    Frame *frame;
    const Code *code;    /* of the frame when this was made: another one means that its place was taken */
    const Inst *last;    /* executed before; null = unknown, or a handler was entered */
    const Inst *lined;   /* the last one that belongs to a line, or null */
    int raised_line;     /* where a handler was entered: the line of what raised, plus 1; 0 = none was */
    Own callable, arg0;  /* a call of no Python function is under way; NO_VALUE = none */
    bool fresh;          /* nothing but RESUME ran: the next line is new whatever its number */
} Level;

typedef struct TraceState {
    int inside;          /* a callback runs: no events */
    Level *levels;
    size_t count, capacity;
    Frame *stopped;      /* the frame whose generator just returned, and what it returned */
    Own stop_value;
    Frame *jumping;      /* whose f_lineno may be set now; null = none may */
    bool jumped;
    const char *event;   /* the trace event being told, for messages */
    uint32_t switches;   /* when the levels were last true */
} TraceState;

static _Atomic uint32_t switches; /* how often tracing was switched for all threads: levels of before are not believed */

/* -- which threads are traced -- */

static bool
is_traced(const Thread *t)
{
    return t->trace_fn || t->profile_fn || monitor_is_active();
}

const void *
trace_dispatch(const Thread *t)
{
    const TraceState *st = t->vm_private;
    bool on = is_traced(t) && !(st && st->inside);
    return on ? vm_dispatch_traced() : vm_dispatch_of(threads_many);
}

/* -- the stack of levels -- */

static void
level_clear(Level *l)
{
    Own callable = l->callable, arg0 = l->arg0;
    l->callable = l->arg0 = NO_VALUE;
    drop_opt(callable);
    drop_opt(arg0);
}

static void
levels_pop(TraceState *st)
{
    level_clear(&st->levels[--st->count]);
}

static Level *
level_push(TraceState *st, Frame *f)
{
    if (st->count == st->capacity) {
        size_t capacity = st->capacity * 2 + 32;
        Level *levels = realloc(st->levels, capacity * sizeof *levels);
        if (!levels) {
            return NULL;
        }
        st->levels = levels;
        st->capacity = capacity;
    }
    st->levels[st->count] = (Level){.frame = f, .code = f->code};
    return &st->levels[st->count++];
}

/* A thread that is not traced any more holds nothing of the calls that were under way. may: runpy */
static void
levels_forget(const Thread *t)
{
    TraceState *st = t->vm_private;
    while (st && st->count && !is_traced(t)) {
        levels_pop(st);
    }
    if (st && !is_traced(t)) {
        Own value = st->stop_value;
        st->stopped = NULL;
        st->stop_value = NO_VALUE;
        drop_opt(value);
    }
}

/* The level of frame f, which is running; fresh: it was just entered. null without memory */
static Level *
level_of(TraceState *st, Frame *f, bool fresh)
{
    if (fresh) {
        if (st->count && st->levels[st->count - 1].frame == f) {
            levels_pop(st);
        }
        return level_push(st, f);
    }
    while (st->count && (st->levels[st->count - 1].frame != f || st->levels[st->count - 1].code != f->code)) {
        levels_pop(st);
    }
    return st->count ? &st->levels[st->count - 1] : level_push(st, f);
}

static TraceState *
state_of(Thread *t)
{
    if (UNLIKELY(!t->vm_private)) {
        t->vm_private = calloc(1, sizeof(TraceState));
    }
    return t->vm_private;
}

void
trace_thread_end(Thread *t)
{
    TraceState *st = t->vm_private;
    if (st) {
        t->vm_private = NULL;
        while (st->count) {
            levels_pop(st);
        }
        drop_opt(st->stop_value);
        free(st->levels);
        free(st);
    }
}

/* -- calling out -- */

static void
callback_enter(Thread *t, TraceState *st)
{
    st->inside++;
    t->dispatch = trace_dispatch(t);
}

static void
callback_leave(Thread *t, TraceState *st)
{
    st->inside--;
    t->dispatch = trace_dispatch(t);
}

/* The trace event that a tool's event is like, where f_lineno is set meanwhile. */
static const char *
jump_event(int event)
{
    switch (event) {
    case EVENT_LINE:
    case EVENT_INSTRUCTION:
    case EVENT_JUMP:
    case EVENT_BRANCH_LEFT:
    case EVENT_BRANCH_RIGHT:
    case EVENT_PY_YIELD:
        return "line";
    case EVENT_PY_START:
    case EVENT_PY_RESUME:
    case EVENT_PY_THROW:
        return "call";
    case EVENT_CALL:
    case EVENT_C_RETURN:
    case EVENT_C_RAISE:
        return "c_call";
    default:
        return "return";
    }
}

void
trace_pause(bool pause)
{
    Thread *t = thread_self();
    TraceState *st = state_of(t);
    if (st && (pause || st->inside > 0)) { /* there may have been no memory for the first half */
        st->inside += pause ? 1 : -1;
        t->dispatch = trace_dispatch(t);
    }
}

/* Tells tools. more: arguments after the code and offset (or line). fail: -1 */
static int
tell_tools(Thread *t, TraceState *st, Frame *f, uint32_t at, int event, Value second, Value third, Value fourth)
{
    CodeEvents *events = code_events(f->code);
    if (!events || !monitor_wants(events, event == EVENT_C_RETURN || event == EVENT_C_RAISE ? EVENT_CALL : event)) {
        return 0;
    }
    Own code = own(VALUE(f->code));
    Value args[] = {code, second, third, fourth};
    Frame *jumping = st->jumping;
    const char *before = st->event;
    st->jumping = f;
    st->event = jump_event(event);
    callback_enter(t, st);
    int status = monitor_fire(f->code, events, at, event, args, fourth ? 4 : third ? 3 : 2);
    callback_leave(t, st);
    st->jumping = jumping;
    st->event = before;
    drop(code);
    return status;
}

/* The function of sys.settrace, or the frame's own. what: "call" asks the thread's. fail: -1, and the thread is not traced any more */
static int
tell_trace(Thread *t, TraceState *st, Frame *f, const char *what, Value arg)
{
    if (!t->trace_fn) {
        return 0;
    }
    Own fo = frame_object(f);
    if (!fo) {
        return -1;
    }
    FrameObject *frame = as_frame_object(fo);
    bool is_call = strcmp(what, "call") == 0;
    Own fn = is_call ? own(t->trace_fn) : ref_load(&frame->head, &frame->trace);
    if (!fn || (strcmp(what, "line") == 0 && !frame->trace_lines) || (strcmp(what, "opcode") == 0 && !frame->trace_opcodes)) {
        drop_opt(fn);
        drop(fo);
        return 0;
    }
    Own name = str_intern_cstr(what);
    Frame *jumping = st->jumping;
    const char *event = st->event;
    st->jumping = f;
    st->event = what;
    callback_enter(t, st);
    Own result = name ? call3(fn, fo, name, arg) : NO_VALUE;
    callback_leave(t, st);
    st->jumping = jumping;
    st->event = event;
    drop(fn);
    int status = result ? 0 : -1;
    if (result && result != NONE) {
        status = object_setattr_cstr(fo, "f_trace", result);
    }
    drop_opt(result);
    if (status < 0) {
        Own pending = exc_take();
        trace_set(NO_VALUE);
        (void)!object_setattr_cstr(fo, "f_trace", NONE);
        exc_restore(pending);
    }
    drop(fo);
    return status;
}

static int
tell_profile(Thread *t, TraceState *st, Frame *f, const char *what, Value arg)
{
    if (!t->profile_fn) {
        return 0;
    }
    Own fo = frame_object(f), fn = own(t->profile_fn), name = str_intern_cstr(what);
    callback_enter(t, st);
    Own result = fo && name ? call3(fn, fo, name, arg) : NO_VALUE;
    callback_leave(t, st);
    drop(fn);
    drop_opt(fo);
    drop_opt(result);
    if (!result) {
        Own pending = exc_take();
        trace_set_profile(NO_VALUE);
        exc_restore(pending);
        return -1;
    }
    return 0;
}

static Own
offset_of(uint32_t at)
{
    return small_int(CODE_OFFSET(at));
}

/* -- calls of C functions -- */

/* What the profile function is told of a call: a built-in function or method, else NO_VALUE with nothing pending. own: ret new */
static Own
profiled_callable(Value callable, Value arg0)
{
    if (IS_EXACT(callable, BUILTIN)) {
        return own(callable);
    }
    if (IS_EXACT(callable, METHOD_DESCRIPTOR) && arg0 != monitor_missing) {
        return type_of(callable)->slots.descr_get(callable, arg0, VALUE(type_of(arg0)));
    }
    return NO_VALUE;
}

static int
tell_profile_c(Thread *t, TraceState *st, Frame *f, const char *what, Value callable, Value arg0)
{
    if (!t->profile_fn) {
        return 0;
    }
    Own shown = profiled_callable(callable, arg0);
    if (!shown) {
        return exc_pending() ? -1 : 0;
    }
    int status = tell_profile(t, st, f, what, shown);
    drop(shown);
    return status;
}

/* A method and its receiver as one object, as a call with *arguments shows it. own: ret new · fail: 0 */
static Own
bound_method(Value f, Value self)
{
    if (IS_EXACT(f, METHOD_DESCRIPTOR)) {
        return builtin_new(((const MethodDescriptor *)obj(f))->def, self, NO_VALUE);
    }
    return method_new(f, self);
}

/* The callable and first argument of `super()` in `super().name` at pc. own: both new */
static void
super_call_parts(const Inst *pc, Own *regs, Own *callable, Own *arg0)
{
    const Own *w = regs + operand_ub(pc);
    *callable = own(w[0]);
    *arg0 = own(inst_flag(pc, INST_SENSE) ? (Value)monitor_missing : w[1]);
}

/* The callable and first argument of the call at pc. own: both new */
static void
call_parts(const Inst *pc, Own *regs, Own *callable, Own *arg0)
{
    const Own *w = regs + operand_ub(pc);
    bool has_self = inst_flag(pc, INST_SELF) && w[1];
    unsigned opcode = inst_info[operand_opcode(pc)].general;
    Value f = w[0], first = NO_VALUE;
    Own bound = has_self && opcode == I_CALL_EX ? bound_method(f, w[1]) : NO_VALUE;
    if (bound) {
        f = bound;
        has_self = false;
    } else if (opcode == I_CALL_EX && has_self) {
        exc_clear(); /* no memory: shown unbound */
    }
    if (has_self) {
        first = w[1];
    } else if (is_object(f) && IS_EXACT(f, METHOD) && opcode != I_CALL_EX) {
        first = ((const Method *)obj(f))->self;
        f = ((const Method *)obj(f))->function;
    } else if (opcode == I_CALL_EX) {
        first = w[2] && IS_EXACT(w[2], TUPLE) && as_tuple(w[2])->length ? tuple_item(w[2], 0) : NO_VALUE;
    } else if (operand_uc(pc) > 0) {
        first = w[2];
    }
    *callable = bound ? bound : own(f);
    *arg0 = own(first ? first : (Value)monitor_missing);
}

static int
step_call(Thread *t, TraceState *st, Frame *f, const Inst *pc, uint32_t at)
{
    CodeEvents *events = code_events(f->code);
    if (!t->profile_fn && !(events && monitor_wants(events, EVENT_CALL))) {
        return 0;
    }
    unsigned opcode = inst_info[operand_opcode(pc)].general;
    bool supers = opcode == I_LOAD_SUPER_ATTR || opcode == I_LOAD_SUPER_METHOD;
    Own callable, arg0;
    (supers ? super_call_parts : call_parts)(pc, f->regs, &callable, &arg0);
    size_t level = st->count - 1;
    int status = tell_tools(t, st, f, at, EVENT_CALL, offset_of(at), callable, arg0);
    if (status == 0) {
        status = tell_profile_c(t, st, f, "c_call", callable, arg0);
    }
    if (status == 0 && !(is_object(callable) && IS_EXACT(callable, FUNCTION)) && level < st->count) {
        level_clear(&st->levels[level]);
        st->levels[level].callable = callable;
        st->levels[level].arg0 = arg0;
    } else {
        drop(callable);
        drop(arg0);
    }
    return status;
}

/* The call that was under way has returned, or failed (with what is pending). */
static int
call_ended(Thread *t, TraceState *st, Frame *f, Level *l, uint32_t at, bool failed)
{
    Own callable = l->callable, arg0 = l->arg0;
    l->callable = l->arg0 = NO_VALUE;
    int status = tell_tools(t, st, f, at, failed ? EVENT_C_RAISE : EVENT_C_RETURN, offset_of(at), callable, arg0);
    if (status == 0) {
        status = tell_profile_c(t, st, f, failed ? "c_exception" : "c_return", callable, arg0);
    }
    drop(callable);
    drop(arg0);
    return status;
}

/* -- leaving frames -- */

/* Instructions at the end of classes and handlers belong to no line: what leaves there is shown on the line executed last. Makes it so for
 * a moment; returns the pc to put back. */
static const Inst *
show_line(const TraceState *st, Frame *f)
{
    const Inst *pc = f->pc;
    const Level *l = st->count ? &st->levels[st->count - 1] : NULL;
    if (l && l->frame == f && l->lined && code_line(f->code, (uint32_t)(pc - f->code->instructions)) < 0) {
        f->pc = l->lined;
    }
    return pc;
}

static int
step_return(Thread *t, TraceState *st, Frame *f, const Inst *pc, uint32_t at, int event)
{
    unsigned opcode = inst_info[operand_opcode(pc)].general;
    Value v = opcode == I_RETURN ? (Value)f->regs[operand_ua(pc)] : opcode == I_YIELD ? (Value)f->regs[operand_ub(pc)] : (Value)NONE;
    Own held = own(v);
    const Inst *shown = show_line(st, f);
    int status = tell_tools(t, st, f, at, event, offset_of(at), held, NO_VALUE);
    if (status == 0) {
        status = tell_profile(t, st, f, "return", held);
    }
    if (status == 0) {
        status = tell_trace(t, st, f, "return", held);
    }
    if (!st->jumped) {
        f->pc = shown;
    }
    bool delegated = false, looped = false; /* a loop ends without an exception, unless it is given a value */
    if (event == EVENT_PY_RETURN && (f->kind & FRAME_IN_GENERATOR) && !(f->kind & FRAME_ENTRY)) {
        unsigned waiting = inst_info[operand_opcode(f->prev->pc)].general;
        delegated = waiting == I_SEND;
        looped = waiting == I_FOR_ITER && held != NONE;
    }
    if (status == 0 && (delegated || looped) && is_traced(t)) {
        drop_opt(st->stop_value);
        st->stopped = f->prev;
        st->stop_value = own(held);
    }
    drop(held);
    return status;
}

/* (type, value, traceback) of an exception. own: ret new */
static Own
exception_triple(Value exc)
{
    Own traceback = exc_get_traceback(exc);
    Own triple = tuple_pack(3, VALUE(type_of(exc)), exc, traceback ? (Value)traceback : (Value)NONE);
    drop_opt(traceback);
    return triple;
}

static int
tell_trace_exception(Thread *t, TraceState *st, Frame *f, Value exc)
{
    if (!t->trace_fn) {
        return 0;
    }
    Own triple = exception_triple(exc);
    int status = triple ? tell_trace(t, st, f, "exception", triple) : -1;
    drop_opt(triple);
    return status;
}

/* Tells of a StopIteration with that value, at word `at`. fail: -1 */
static int
tell_stop(Thread *t, TraceState *st, Frame *f, uint32_t at, int event, Value value)
{
    CodeEvents *events = code_events(f->code);
    if (!t->trace_fn && !(events && monitor_wants(events, event))) {
        return 0;
    }
    Own exc = value == NONE ? call0(VALUE(&exc_StopIteration)) : call1(VALUE(&exc_StopIteration), value);
    int status = exc ? tell_tools(t, st, f, at, event, offset_of(at), exc, NO_VALUE) : -1;
    if (status == 0) {
        status = tell_trace_exception(t, st, f, exc);
    }
    drop_opt(exc);
    return status;
}

/* The same, where the instruction before stands: in a loop's head, at an await. */
static int
tell_stop_before(Thread *t, TraceState *st, Frame *f, const Inst *last, Value value)
{
    const Inst *now = f->pc;
    f->pc = last;
    int status = tell_stop(t, st, f, (uint32_t)(last - f->code->instructions), EVENT_RAISE, value);
    if (f->pc == last) {
        f->pc = now;
    }
    return status;
}

/* The generator that f's loop or `yield from` ran, by instruction `last`, has returned. */
static int
step_stopped(Thread *t, TraceState *st, Frame *f, const Inst *last, uint32_t at)
{
    Own value = st->stop_value;
    st->stopped = NULL;
    st->stop_value = NO_VALUE;
    bool looped = last && inst_info[operand_opcode(last)].general == I_FOR_ITER;
    int status = looped ? tell_stop_before(t, st, f, last, value) : tell_stop(t, st, f, at, EVENT_STOP_ITERATION, value);
    drop(value);
    return status;
}

/* An await, by instruction `last`, of something that is no coroutine has ended: it raised StopIteration, or would have. */
static bool
awaited_native(const Frame *f, const Inst *last, const Inst *pc)
{
    const InstInfo *info = &inst_info[operand_opcode(last)];
    return info->general == I_SEND && (f->code->flags & (CO_COROUTINE | CO_ASYNC_GENERATOR)) && pc != last + 1 + info->cache;
}

static int
step_awaited(Thread *t, TraceState *st, Frame *f, const Inst *last)
{
    Own value = own(f->regs[operand_ua(last)]);
    int status = tell_stop_before(t, st, f, last, value);
    drop(value);
    return status;
}

/* -- a step -- */

/* Tells tools that the instruction before, which the frame is shown at, went to word `at`. */
static int
tell_tools_of(Thread *t, TraceState *st, Frame *f, const Inst *last, int event, uint32_t at)
{
    const Inst *now = f->pc;
    uint32_t before = (uint32_t)(last - f->code->instructions);
    f->pc = last;
    int status = tell_tools(t, st, f, before, event, offset_of(before), offset_of(at), NO_VALUE);
    if (!st->jumped) {
        f->pc = now;
    }
    return status;
}

/* What the instruction before decided: a branch, a jump. */
static int
step_after(Thread *t, TraceState *st, Frame *f, const Inst *last, uint32_t at)
{
    CodeEvents *events = code_events(f->code);
    uint32_t before = (uint32_t)(last - f->code->instructions);
    unsigned place = events->places[before] & PLACE_KIND;
    if (place == PLACE_BRANCH) {
        bool stays = last + 1 + inst_info[operand_opcode(last)].cache == f->code->instructions + at;
        return tell_tools_of(t, st, f, last, stays ? EVENT_BRANCH_LEFT : EVENT_BRANCH_RIGHT, at);
    }
    if (place == PLACE_JUMP) {
        int status = tell_tools_of(t, st, f, last, EVENT_JUMP, at);
        if (status == 0 && !st->jumped && t->trace_fn && at <= before && code_line(f->code, at) >= 0 && code_line(f->code, at) == code_line(f->code, before)) {
            status = tell_trace(t, st, f, "line", NONE); /* a loop on one line: each round counts */
        }
        return status;
    }
    return 0;
}

/* before: the line of what ran before, -1 without one */
static int
step_line(Thread *t, TraceState *st, Frame *f, int before, uint32_t at)
{
    int line = code_line(f->code, at);
    if (before == line) {
        return 0;
    }
    int status = tell_tools(t, st, f, at, EVENT_LINE, small_int(line), NO_VALUE, NO_VALUE);
    return status < 0 ? -1 : st->jumped ? 0 : tell_trace(t, st, f, "line", NONE);
}

static int
step_enter(Thread *t, TraceState *st, Frame *f, uint32_t at, int event)
{
    int status = tell_tools(t, st, f, at, event, offset_of(at), NO_VALUE, NO_VALUE);
    if (status == 0) {
        status = tell_profile(t, st, f, "call", NONE);
    }
    return status < 0 ? -1 : tell_trace(t, st, f, "call", NONE);
}

/* What the instruction itself is. */
static int
step_place(Thread *t, TraceState *st, Frame *f, const Inst *pc, uint32_t at, unsigned place)
{
    switch (place) {
    case PLACE_START:
        return step_enter(t, st, f, at, EVENT_PY_START);
    case PLACE_RESUME:
        return step_enter(t, st, f, at, EVENT_PY_RESUME);
    case PLACE_RETURN:
        return step_return(t, st, f, pc, at, EVENT_PY_RETURN);
    case PLACE_YIELD:
        return step_return(t, st, f, pc, at, EVENT_PY_YIELD);
    case PLACE_CALL:
        return step_call(t, st, f, pc, at);
    default:
        return 0;
    }
}

const Inst *
trace_step(Thread *t, const Inst *pc)
{
    TraceState *st = state_of(t);
    Frame *f = t->frame;
    CodeEvents *events = st && !st->inside ? code_events(f->code) : NULL;
    if (!events) {
        return pc;
    }
    uint32_t now = atomic_load_explicit(&switches, memory_order_relaxed);
    if (UNLIKELY(st->switches != now)) {
        st->switches = now;
        while (st->count) {
            levels_pop(st);
        }
    }
    uint32_t at = (uint32_t)(pc - f->code->instructions);
    unsigned place = events->places[at] & PLACE_KIND;
    bool entered = at == 0 || place == PLACE_START || place == PLACE_RESUME;
    Level *l = level_of(st, f, entered);
    if (!l) {
        return pc;
    }
    const Inst *last = l->last;
    int before = l->fresh ? -1 : last ? code_line(f->code, (uint32_t)(last - f->code->instructions)) : l->raised_line - 1;
    size_t level = st->count - 1;
    l->last = pc;
    l->raised_line = 0;
    if (code_line(f->code, at) >= 0) {
        l->lined = pc;
    }
    l->fresh = place == PLACE_START;
    st->jumped = false;
    int status = 0;
    if (UNLIKELY(l->callable != NO_VALUE) && last) {
        status = call_ended(t, st, f, l, (uint32_t)(last - f->code->instructions), false);
    }
    if (status == 0 && UNLIKELY(st->stopped == f)) {
        status = step_stopped(t, st, f, last, at);
    } else if (status == 0 && last) {
        status = awaited_native(f, last, pc) ? step_awaited(t, st, f, last) : step_after(t, st, f, last, at);
    }
    if (status == 0 && !st->jumped && (events->places[at] & PLACE_LINE)) {
        status = step_line(t, st, f, before, at);
    }
    if (status == 0 && !st->jumped && place != PLACE_START && place != PLACE_RESUME) {
        status = tell_tools(t, st, f, at, EVENT_INSTRUCTION, offset_of(at), NO_VALUE, NO_VALUE);
        if (status == 0 && !st->jumped) {
            status = tell_trace(t, st, f, "opcode", NONE);
        }
    }
    if (status == 0 && !st->jumped && place) {
        status = step_place(t, st, f, pc, at, place);
    }
    if (status < 0) {
        return NULL;
    }
    if (UNLIKELY(st->jumped) && level < st->count) {
        st->levels[level].last = NULL;
        st->jumped = false;
        return trace_step(t, f->pc);
    }
    return pc;
}

/* -- exceptions -- */

/* Callbacks run with nothing pending; what they raise takes the exception's place. */
#define WITH_EXCEPTION(t, st, exc, action)                                                         \
    do {                                                                                           \
        Own exc = exc_take();                                                                      \
        if ((action) < 0) {                                                                        \
            drop(exc);                                                                             \
        } else {                                                                                   \
            exc_restore(exc);                                                                      \
        }                                                                                          \
    } while (0)

static TraceState *
active_state(Thread *t)
{
    TraceState *st = t->dispatch == vm_dispatch_traced() ? state_of(t) : NULL;
    return st && !st->inside ? st : NULL;
}

static int
raised(Thread *t, TraceState *st, Frame *f, uint32_t at, bool again, Value exc)
{
    Level *l = level_of(st, f, false);
    if (l && l->callable) {
        if (call_ended(t, st, f, l, at, true) < 0) {
            return -1;
        }
        l = level_of(st, f, false);
    }
    if (l) {
        l->last = NULL;
        l->raised_line = l->lined ? code_line(f->code, at) + 1 : 0; /* what was thrown into it has no line before */
    }
    if (tell_tools(t, st, f, at, again ? EVENT_RERAISE : EVENT_RAISE, offset_of(at), exc, NO_VALUE) < 0) {
        return -1;
    }
    return again ? 0 : tell_trace_exception(t, st, f, exc);
}

void
trace_raised(Thread *t, Frame *f, uint32_t at, bool again)
{
    TraceState *st = active_state(t);
    if (st) {
        WITH_EXCEPTION(t, st, exc, raised(t, st, f, at, again, exc));
    }
}

void
trace_handled(Thread *t, Frame *f, uint32_t handler)
{
    TraceState *st = active_state(t);
    if (st) {
        WITH_EXCEPTION(t, st, exc, tell_tools(t, st, f, handler, EVENT_EXCEPTION_HANDLED, offset_of(handler), exc, NO_VALUE));
    }
}

static int
unwound(Thread *t, TraceState *st, Frame *f, uint32_t at, Value exc)
{
    const Inst *pc = show_line(st, f);
    int status = tell_tools(t, st, f, at, EVENT_PY_UNWIND, offset_of(at), exc, NO_VALUE);
    if (status == 0) {
        status = tell_profile(t, st, f, "return", NONE);
    }
    if (status == 0) {
        status = tell_trace(t, st, f, "return", NONE);
    }
    f->pc = pc;
    return status;
}

void
trace_unwound(Thread *t, Frame *f, uint32_t at)
{
    TraceState *st = active_state(t);
    if (st) {
        WITH_EXCEPTION(t, st, exc, unwound(t, st, f, at, exc));
    }
}

static int
thrown(Thread *t, TraceState *st, Frame *f, uint32_t at, Value exc)
{
    (void)level_of(st, f, true);
    int status = tell_tools(t, st, f, at, EVENT_PY_THROW, offset_of(at), exc, NO_VALUE);
    if (status == 0) {
        status = tell_profile(t, st, f, "call", NONE);
    }
    return status < 0 ? -1 : tell_trace(t, st, f, "call", NONE);
}

void
trace_thrown(Thread *t)
{
    TraceState *st = active_state(t);
    if (st) {
        Frame *f = t->frame;
        WITH_EXCEPTION(t, st, exc, thrown(t, st, f, (uint32_t)(f->pc - f->code->instructions), exc));
    }
}

/* -- switching it on and off -- */

void
trace_switch_all(void)
{
    atomic_fetch_add(&switches, 1);
    world_stop();
    for (Thread *t = threads_first; t; t = t->next) {
        if (t->dispatch) {
            t->dispatch = trace_dispatch(t);
        }
    }
    world_start();
    levels_forget(thread_self());
}

static void
set_function(Thread *t, Own *field, Value function)
{
    Own old = *field;
    *field = own_opt(function);
    TraceState *st = t->vm_private;
    if (st) {
        st->switches = atomic_load(&switches) - 1; /* the levels of other threads are as true as before */
    }
    t->dispatch = trace_dispatch(t);
    drop_opt(old);
    levels_forget(t);
}

void
trace_set(Value function)
{
    Thread *t = thread_self();
    set_function(t, &t->trace_fn, function);
}

void
trace_set_profile(Value function)
{
    Thread *t = thread_self();
    set_function(t, &t->profile_fn, function);
}

void
trace_set_all_threads(Value function, bool profile)
{
    enum { MOST = 4096 };
    Own *old = mem_alloc(MOST * sizeof *old);
    int n = 0;
    if (!old) {
        exc_clear();
        return;
    }
    if (function) {
        publish(function);
    }
    atomic_fetch_add(&switches, 1);
    world_stop();
    for (Thread *t = threads_first; t && n < MOST; t = t->next) {
        Own *field = profile ? &t->profile_fn : &t->trace_fn;
        old[n++] = *field;
        *field = own_opt(function);
        if (t->dispatch) {
            t->dispatch = trace_dispatch(t);
        }
    }
    world_start();
    for (int i = 0; i < n; i++) {
        drop_opt(old[i]);
    }
    mem_free(old);
    levels_forget(thread_self());
}

Own
trace_call(Value f, Value args)
{
    Thread *t = thread_self();
    TraceState *st = state_of(t);
    int inside = st ? st->inside : 0;
    if (st) {
        st->inside = 0;
        t->dispatch = trace_dispatch(t);
    }
    Own result = call_tuple(f, args, NO_VALUE);
    if (st) {
        st->inside = inside;
        t->dispatch = trace_dispatch(t);
    }
    return result;
}

/* -- jumping -- */

/* The trace event that is being told of this frame, or null. */
static const char *
event_of(const FrameObject *fo)
{
    const TraceState *st = thread_self()->vm_private;
    return st && st->jumping && st->jumping == fo->frame ? st->event : NULL;
}

int
trace_set_line(FrameObject *fo, Value value)
{
    if (!value) {
        return raise_int(&exc_AttributeError, "attribute 'f_lineno' of 'frame' objects cannot be deleted");
    }
    if (!is_int(value)) {
        return raise_int(&exc_ValueError, "lineno must be an integer");
    }
    const char *event = event_of(fo);
    if (!event) {
        return raise_int(&exc_ValueError, "f_lineno can only be set in a trace function");
    }
    if (strcmp(event, "call") == 0) {
        return raise_int(&exc_ValueError, "can't jump from the 'call' trace event of a new frame");
    }
    bool yields = strcmp(event, "return") == 0 && inst_info[operand_opcode(fo->frame->pc)].general == I_YIELD;
    if (strcmp(event, "line") != 0 && !yields) {
        return raise_int(&exc_ValueError, "can only jump from a 'line' trace event");
    }
    int64_t line;
    if (!int_as_i64(value, &line) || line != (int)line) {
        return raise_int(&exc_OverflowError, "Python int too large to convert to C int");
    }
    Thread *t = thread_self();
    if (trace_jump(t, fo->frame, (int)line) < 0) {
        return -1;
    }
    ((TraceState *)t->vm_private)->jumped = true;
    return 0;
}
