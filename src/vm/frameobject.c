/* Frame objects: see vm/frameobject.h. */
#include "vm/frameobject.h"

#include "heap/critical.h"
#include "heap/gc.h"
#include "heap/world.h"
#include "object/error.h"
#include "object/audit.h"
#include "object/int.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"
#include "vm/framelocals.h"
#include "vm/generator.h"
#include "vm/register.h"
#include "vm/trace.h"

#include "frameobject.spec.h"

Own
frame_object(Frame *f)
{
    if (f->object) {
        return own(f->object);
    }
    size_t locals = f->code->nlocals_plus;
    FrameObject *fo = (FrameObject *)object_alloc(SHAPE_FRAME, sizeof(FrameObject) + locals * sizeof(Own), OBJ_TRACKED);
    if (!fo) {
        return NO_VALUE;
    }
    fo->frame = f;
    fo->own.code = f->code;
    fo->own.globals = f->globals;
    fo->own.builtins = f->builtins;
    fo->trace_lines = true;
    fo->thread = thread_self();
    fo->in_generator = (f->kind & FRAME_IN_GENERATOR) != 0;
    Own reference = own(VALUE(fo));
    if (f->kind & FRAME_IN_GENERATOR) {
        ref_init(&generator_of_frame(f)->head, &f->object, reference);
    } else {
        f->object = reference;
    }
    f->kind |= FRAME_OBJECT;
    return OWN(fo);
}

bool
frame_object_look(const FrameObject *fo)
{
    if (LIKELY(!threads_many || (fo->thread == thread_self() && !fo->in_generator)) || frame_object_ended(fo)) {
        return false;
    }
    world_stop();
    return true;
}

/* The object of a frame that runs in `thread`. stw if that is not this one */
static Own
frame_object_of(Frame *f, Thread *thread)
{
    Own v = frame_object(f);
    if (v && thread != thread_self()) {
        FrameObject *fo = as_frame_object(v);
        if (!(f->kind & FRAME_IN_GENERATOR)) {
            fo->thread = thread;
        }
        publish(v);
    }
    return v;
}

/* Which thread runs f. stw */
static Thread *
thread_of(const Frame *f)
{
    for (Thread *t = threads_first; t; t = t->next) {
        const Frame *running = t->frame;
        while (running && running != f) {
            running = running->prev;
        }
        if (running) {
            return t;
        }
    }
    assert(false);
    return thread_self();
}

Own
frame_object_of_thread(Thread *thread)
{
    Frame *f = frame_seen(thread->frame);
    return f ? frame_object_of(f, thread) : NO_VALUE;
}

void
frame_object_moved(Frame *f)
{
    FrameObject *fo = as_frame_object(f->object);
    fo->frame = f;
    fo->in_generator = (f->kind & FRAME_IN_GENERATOR) != 0;
}

/* Nobody but the frame holds its object. */
static bool
is_alone(const Object *o)
{
    return obj_is_mine(o) && o->local == 1 && atomic_load_explicit(&o->shared, memory_order_relaxed) == 0;
}

void
frame_object_detach(Frame *f)
{
    FrameObject *fo = as_frame_object(f->object);
    Own reference = f->object;
    Frame *last = &fo->own;
    f->object = NO_VALUE;
    f->kind &= (uint8_t)~FRAME_OBJECT;
    if (is_alone(&fo->head)) {
        fo->frame = NULL;
        fo->ended = true;
        drop(reference);
        return;
    }
    Own exc = exc_take();
    Frame *prev = frame_seen(f->prev);
    if (prev && !(f->kind & FRAME_IN_GENERATOR)) { /* a generator's frame goes back to nobody */
        Own back = frame_object(prev);
        exc_clear();
        if (back) {
            ref_init(&fo->head, &fo->back, back);
        }
    }
    exc_restore(exc);
    last->pc = f->pc;
    Value held[] = {VALUE(f->code), f->globals, f->builtins}; /* they are in `last` already, and others may be looking there */
    for (size_t i = 0; i < ARRAY_LEN(held); i++) {
        own(held[i]);
        publish(held[i]);
    }
    if (f->locals && !(f->kind & FRAME_INIT)) {
        ref_init(&fo->head, &last->locals, own(f->locals));
    }
    last->nregs = f->code->nlocals_plus;
    for (uint32_t i = 0; i < last->nregs; i++) {
        Own v = f->regs[i];
        f->regs[i] = NO_VALUE;
        if (v) {
            ref_init(&fo->head, &last->regs[i], reg_take(v));
        }
    }
    __atomic_store_n(&fo->frame, last, __ATOMIC_RELEASE); /* in this order: who sees that it ended takes `last` */
    __atomic_store_n(&fo->ended, true, __ATOMIC_RELEASE);
    drop(reference);
}

int
frame_line(const Frame *f)
{
    const Position *position = code_position(f->code, (uint32_t)(f->pc - f->code->instructions));
    return position ? position->line : -1;
}

/* -- memory */

static int
frame_object_traverse(Object *o, Visit visit, void *arg)
{
    FrameObject *fo = (FrameObject *)o;
    VISIT(fo->back);
    VISIT(fo->trace);
    VISIT(fo->extra_locals);
    VISIT(fo->overwritten);
    if (threads_many && !fo->ended && !gc_subtracting) { /* not counted yet, but published with it */
        VISIT(VALUE(fo->own.code));
        VISIT(fo->own.globals);
        VISIT(fo->own.builtins);
    }
    if (fo->ended && fo->frame) {
        Frame *f = fo->frame;
        VISIT(VALUE(f->code));
        VISIT(f->globals);
        VISIT(f->builtins);
        VISIT(f->locals);
        for (uint32_t i = 0; i < f->nregs; i++) {
            VISIT(f->regs[i]);
        }
    }
    return 0;
}

static void
empty(FrameObject *fo, Own *field)
{
    CriticalSection section;
    critical_enter(&section, &fo->head);
    Own old = ref_swap(&fo->head, field, NO_VALUE);
    critical_leave(&section);
    drop_opt(old);
}

/* pre: the frame has ended */
static void
drop_locals(FrameObject *fo)
{
    if (fo->frame) {
        empty(fo, &fo->frame->locals);
        for (uint32_t i = 0; i < fo->frame->nregs; i++) {
            empty(fo, &fo->frame->regs[i]);
        }
    }
}

static void
frame_object_clear(Object *o)
{
    FrameObject *fo = (FrameObject *)o;
    ref_clear(&fo->trace);
    ref_clear(&fo->extra_locals);
    ref_clear(&fo->overwritten);
    if (fo->ended) {
        drop_locals(fo);
    }
}

static void
frame_object_dealloc(Object *o)
{
    FrameObject *fo = (FrameObject *)o;
    frame_object_clear(o);
    ref_clear(&fo->back);
    if (fo->ended && fo->frame) {
        Frame *f = fo->frame;
        ref_clear((Own *)&f->globals);
        ref_clear((Own *)&f->builtins);
        drop(OWN(f->code));
    }
    object_free(o);
}

static int
line_of(const FrameObject *fo)
{
    bool stopped = frame_object_look(fo);
    int line = frame_line(fo->frame);
    if (stopped) {
        world_start();
    }
    return line;
}

static Own
frame_object_repr(Value v)
{
    FrameObject *fo = as_frame_object(v);
    return str_fmt("<frame at %p, file %R, line %d, code %U>", obj(v), (Value)fo->own.code->filename, line_of(fo),
                   (Value)fo->own.code->name);
}

/* -- what Python sees */

/* The generator that has the frame, or NO_VALUE. own: ret new */
static Own
generator_of_running(const FrameObject *fo)
{
    bool stopped = frame_object_look(fo);
    Own generator = NO_VALUE;
    if (!frame_object_ended(fo) && (fo->frame->kind & FRAME_IN_GENERATOR)) {
        Value its = VALUE(generator_of_frame(fo->frame));
        if (stopped) {
            publish(its);
        }
        generator = own(its);
    }
    if (stopped) {
        world_start();
    }
    return generator;
}

Own
frame_py_clear(FrameObject *self)
{
    Own generator = generator_of_running(self), result = NONE;
    if (!generator && frame_object_ended(self)) {
        drop_locals(self);
        return NONE;
    }
    uint8_t state = generator ? generator_state(as_generator(generator)) : GEN_RUNNING;
    if (state == GEN_CREATED) {
        if (IS_EXACT(generator, COROUTINE)) {
            coroutine_warn_never_awaited(as_generator(generator));
        }
        result = generator_close(as_generator(generator), NULL) < 0 ? NO_VALUE : NONE;
    } else {
        result = raise_msg(&exc_RuntimeError, state == GEN_SUSPENDED ? "cannot clear a suspended frame" : "cannot clear an executing frame");
    }
    drop_opt(generator);
    return result;
}

Own
frame_py___sizeof__(FrameObject *self)
{
    return int_from_i64((int64_t)(sizeof(FrameObject) + self->own.code->nlocals_plus * sizeof(Own)));
}

Own
frame_get_f_back(FrameObject *self)
{
    if (frame_object_ended(self)) {
        Own back = ref_load(&self->head, &self->back);
        return back ? back : NONE;
    }
    bool stopped = frame_object_look(self), ended = frame_object_ended(self);
    Frame *prev = ended ? NULL : frame_seen(self->frame->prev);
    Thread *thread = !prev || !self->in_generator ? self->thread : stopped ? thread_of(prev) : thread_self();
    Own back = ended ? own_opt(self->back) : prev ? frame_object_of(prev, thread) : NONE;
    if (stopped) {
        world_start();
    }
    return back ? back : exc_pending() ? NO_VALUE : NONE;
}

Own
frame_get_f_code(FrameObject *self)
{
    if (audit_read(VALUE(self), "f_code") < 0) {
        return NO_VALUE;
    }
    return own(VALUE(self->own.code));
}

Own
frame_get_f_globals(FrameObject *self)
{
    return own(self->own.globals);
}

Own
frame_get_f_builtins(FrameObject *self)
{
    return own(self->own.builtins);
}

Own
frame_get_f_locals(FrameObject *self)
{
    return frame_locals(self);
}

Own
frame_get_f_lasti(FrameObject *self)
{
    bool stopped = frame_object_look(self);
    const Frame *f = self->frame;
    int64_t at = f->pc - f->code->instructions;
    if (stopped) {
        world_start();
    }
    return small_int(CODE_OFFSET(at));
}

Own
frame_get_f_lineno(FrameObject *self)
{
    int line = self->line ? self->line : line_of(self);
    return line >= 0 ? small_int(line) : NONE;
}

int
frame_set_f_lineno(FrameObject *self, Value value)
{
    return trace_set_line(self, value);
}

Own
frame_get_f_trace(FrameObject *self)
{
    Own trace = ref_load(&self->head, &self->trace);
    return trace ? trace : NONE;
}

int
frame_set_f_trace(FrameObject *self, Value value)
{
    Own v = value == NONE ? NO_VALUE : own_opt(value);
    CriticalSection section;
    critical_enter(&section, &self->head);
    Own old = ref_swap(&self->head, &self->trace, v);
    critical_leave(&section);
    drop_opt(old);
    return 0;
}

static int
set_flag(bool *flag, Value value)
{
    if (!value) {
        return raise_int(&exc_TypeError, "can't delete numeric/char attribute");
    }
    if (value != TRUE_VALUE && value != FALSE_VALUE) {
        return raise_int(&exc_TypeError, "attribute value type must be bool");
    }
    *flag = value == TRUE_VALUE;
    return 0;
}

Own
frame_get_f_trace_lines(FrameObject *self)
{
    return bool_value(self->trace_lines);
}

int
frame_set_f_trace_lines(FrameObject *self, Value value)
{
    return set_flag(&self->trace_lines, value);
}

Own
frame_get_f_trace_opcodes(FrameObject *self)
{
    return bool_value(self->trace_opcodes);
}

int
frame_set_f_trace_opcodes(FrameObject *self, Value value)
{
    if (!value) {
        return raise_int(&exc_AttributeError, "attribute 'f_trace_opcodes' of 'frame' objects cannot be deleted");
    }
    return set_flag(&self->trace_opcodes, value);
}

Own
frame_get_f_generator(FrameObject *self)
{
    Own generator = generator_of_running(self);
    return generator ? generator : NONE;
}

Type frame_type = {
    .name = "frame",
    .root_shape = SHAPE_FRAME,
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(FrameObject),
    .item_size = sizeof(Own),
    .slots = {
        .traverse = frame_object_traverse,
        .clear = frame_object_clear,
        .dealloc = frame_object_dealloc,
        .repr = frame_object_repr,
    },
    .methods = frame_methods,
    .getsets = frame_getsets,
    .spec_doc = frame_doc,
};
