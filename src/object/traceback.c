/* The traceback type: object/traceback.h.
 *
 * Threads: `next` changes under the entry's lock; the check against loops reads the chain without,
 * so that two threads that link two chains into each other at the same moment may still make a
 * loop, as with CPython; whoever walks it must stand that. */
#include "object/traceback.h"
#include "object/audit.h"

#include "heap/critical.h"
#include "object/exception.h"
#include "object/hooks.h"
#include "object/list.h"
#include "object/str.h"

#include "traceback.spec.h"

/* own: next and frame eaten */
static Own
make(Own next, Own frame, int32_t offset, int32_t line)
{
    Traceback *tb = (Traceback *)object_alloc(SHAPE_TRACEBACK, sizeof(Traceback), OBJ_TRACKED);
    if (!tb) {
        drop_opt(next);
        drop(frame);
        return NO_VALUE;
    }
    ref_init(&tb->head, &tb->next, next);
    ref_init(&tb->head, &tb->frame, frame);
    tb->offset = offset;
    tb->line = line;
    return OWN(tb);
}

Own
traceback_new(Value next, Value frame, uint32_t inst)
{
    return make(own_opt(next), own(frame), CODE_OFFSET(inst), TRACEBACK_LINE_UNKNOWN);
}

void
exc_add_traceback(Value exc, Value frame, uint32_t inst)
{
    Own pending = NO_VALUE;
    if (UNLIKELY(exc_pending())) {
        pending = exc_take();
    }
    Own tb = make(exc_get_traceback(exc), own(frame), CODE_OFFSET(inst), TRACEBACK_LINE_UNKNOWN);
    if (tb) {
        exc_set_traceback(exc, tb);
    }
    if (UNLIKELY(!tb || pending)) {
        exc_restore(pending);
    }
}

int
traceback_line(const Traceback *tb)
{
    if (tb->line != TRACEBACK_LINE_UNKNOWN) {
        return tb->line;
    }
    Own code = object_hooks.frame_code(tb->frame);
    const Position *position =
        tb->offset < 0 ? NULL : code_position(as_code(code), CODE_INDEX(tb->offset));
    int line = position && position->line >= 0 ? position->line : TRACEBACK_LINE_UNKNOWN;
    drop(code);
    return line;
}

Own
traceback_make(Type *cls UNUSED, Value tb_next, Value tb_frame, int tb_lasti, int tb_lineno)
{
    if (tb_next != NONE && !IS_EXACT(tb_next, TRACEBACK)) {
        return raise_fmt(&exc_TypeError, "expected traceback object or None, got '%s'",
                         type_of(tb_next)->name);
    }
    if (!IS_EXACT(tb_frame, FRAME)) {
        return raise_fmt(&exc_TypeError, "traceback() argument 'tb_frame' must be frame, not %T",
                         tb_frame);
    }
    return make(tb_next == NONE ? NO_VALUE : own(tb_next), own(tb_frame), tb_lasti, tb_lineno);
}

Own
traceback_get_tb_next(Traceback *self)
{
    Own next = ref_load(&self->head, &self->next);
    return next ? next : own(NONE);
}

/* Is `entry` in the chain that starts at `from`? */
static bool
chain_has(Value from, const Traceback *entry)
{
    Own at = own(from);
    while (at && as_traceback(at) != entry) {
        Own next = ref_load(obj(at), &as_traceback(at)->next);
        drop(at);
        at = next;
    }
    bool found = at != NO_VALUE;
    drop_opt(at);
    return found;
}

void
traceback_set_next(Traceback *tb, Own next)
{
    CriticalSection section;
    critical_enter(&section, &tb->head);
    Own old = ref_swap(&tb->head, &tb->next, next);
    critical_leave(&section);
    drop_opt(old);
}

int
traceback_set_tb_next(Traceback *self, Value value)
{
    if (!value) {
        return raise_int(&exc_TypeError, "can't delete tb_next attribute");
    }
    if (value != NONE && !IS_EXACT(value, TRACEBACK)) {
        return raise_int(&exc_TypeError, "expected traceback object or None, got '%s'",
                         type_of(value)->name);
    }
    if (value != NONE && chain_has(value, self)) {
        return raise_int(&exc_ValueError, "traceback loop detected");
    }
    traceback_set_next(self, value == NONE ? NO_VALUE : own(value));
    return 0;
}

Own
traceback_get_tb_frame(Traceback *self)
{
    if (audit_read(VALUE(self), "tb_frame") < 0) {
        return NO_VALUE;
    }
    return own(self->frame);
}

Own
traceback_get_tb_lasti(Traceback *self)
{
    return small_int(self->offset);
}

Own
traceback_get_tb_lineno(Traceback *self)
{
    int line = traceback_line(self);
    return line != TRACEBACK_LINE_UNKNOWN ? small_int(line) : own(NONE);
}

Own
traceback_py___dir__(Traceback *self UNUSED)
{
    Value names[] = {NAME(tb_frame), NAME(tb_next), NAME(tb_lasti), NAME(tb_lineno)};
    return list_from_array(names, ARRAY_LEN(names));
}

static int
traceback_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((Traceback *)o)->next);
    VISIT(((Traceback *)o)->frame);
    return 0;
}

/* The frame stays: a cycle through it goes through the exception or the chain too, and tb_frame is
 * never empty. */
static void
traceback_clear(Object *o)
{
    ref_clear(&((Traceback *)o)->next);
}

static void
traceback_dealloc(Object *o)
{
    ref_clear(&((Traceback *)o)->next);
    ref_clear(&((Traceback *)o)->frame);
    object_free(o);
}

Type traceback_type = {
    .name = "traceback",
    .root_shape = SHAPE_TRACEBACK,
    .flags = TYPE_GC,
    .basic_size = sizeof(Traceback),
    .slots =
        {
            .traverse = traceback_traverse,
            .clear = traceback_clear,
            .dealloc = traceback_dealloc,
            .create = traceback_create_slot,
        },
    .methods = traceback_methods,
    .getsets = traceback_getsets,
    .spec_doc = traceback_doc,
};
