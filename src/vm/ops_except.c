/* Raising and handling exceptions, with statements' exits, safepoints. */
#include "compile/compile.h"
#include "object/exception.h"
#include "object/traceback.h"
#include "vm/frameobject.h"
#include "vm/ops.h"

int
vm_safepoint(const Inst *pc UNUSED, Own *regs UNUSED, Thread *t)
{
    return safepoint_slow(t);
}

/* Code from a cache is verified when it first runs: most of what a module holds never does. Several threads may do so at once. */
int
vm_verify(const Inst *pc, Own *regs UNUSED, Thread *t)
{
    if (code_verify(FRAME->code, NULL)) {
        return exc_pending() ? -1 : raise_int(&exc_ValueError, "bad marshal data (invalid code object)");
    }
    Inst word = (__atomic_load_n(pc, __ATOMIC_RELAXED) & ~(Inst)INST_OPCODE_MASK) | I_RESUME; /* of this word only the opcode ever changes */
    __atomic_store_n((Inst *)(uintptr_t)pc, word, __ATOMIC_RELAXED);
    return safepoint_slow(t);
}

/* exc (eaten) is raised again: it has its traceback entry for this frame. -1 */
static int
raise_again(Own *regs, Own exc)
{
    exc_restore(exc);
    FRAME->flags |= FRAME_RERAISE;
    return -1;
}

void
vm_raise(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    unsigned how = operand_uc(pc);
    if (how == 0) {
        Value handled = exc_handled();
        if (handled) {
            raise_again(regs, own(handled));
        } else {
            raise_msg(&exc_RuntimeError, "No active exception to reraise");
        }
        return;
    }
    unsigned a = operand_ua(pc), b = operand_ub(pc);
    raise_object(regs[a], how == 2 ? (Value)regs[b] : (Value)NO_VALUE);
    reg_drop_opt(source_end(pc, regs, a, INST_KILL_A));
    if (how == 2) {
        reg_drop_opt(source_end(pc, regs, b, INST_KILL_B));
    }
}

void
vm_reraise(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Own *a = &regs[operand_ua(pc)];
    Own exc = own(*a);
    if (inst_flag(pc, INST_KILL_A)) {
        reg_clear(a);
    }
    raise_again(regs, exc);
}

int
vm_enter_handler(const Inst *pc, Own *regs, Thread *t)
{
    unsigned a = operand_ua(pc);
    Own before = t->handled->exc;
    t->handled->exc = own(regs[a]);
    regs[a + 1] = before ? reg_from(before) : NONE;
    return 0;
}

int
vm_leave_handler(const Inst *pc, Own *regs, Thread *t)
{
    unsigned a = operand_ua(pc);
    Own handled = t->handled->exc, before = regs[a + 1];
    regs[a + 1] = NO_VALUE;
    t->handled->exc = before == NONE || !before ? NO_VALUE : reg_take(before);
    reg_clear(&regs[a]);
    drop_opt(handled);
    return 0;
}

static bool
is_exception_class(Value v)
{
    return is_type(v) && (type_flags((Type *)obj(v)) & TYPE_EXC_SUBCLASS);
}

/* May v stand in an except clause? */
static int
check_exception_classes(Value v)
{
    const char *message = "catching classes that do not inherit from BaseException is not allowed";
    if (is_tuple(v)) {
        for (int64_t i = 0; i < as_tuple(v)->length; i++) {
            if (!is_exception_class(tuple_item(v, i))) {
                return raise_int(&exc_TypeError, "%s", message);
            }
        }
        return 0;
    }
    return is_exception_class(v) ? 0 : raise_int(&exc_TypeError, "%s", message);
}

int
vm_match_exception(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Value exc = regs[operand_ub(pc)], types = regs[operand_uc(pc)];
    int status = check_exception_classes(types);
    bool matches = status == 0 && exc_instance_matches(exc, types);
    Own c = source_end(pc, regs, operand_uc(pc), INST_KILL_C);
    if (status == 0) {
        dst_write(pc, regs, bool_value(matches));
    }
    reg_drop_opt(c);
    return status;
}

int
vm_match_group(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    unsigned a = operand_ua(pc);
    Value types = regs[operand_uc(pc)];
    Own match, rest;
    int status = exc_group_match(regs[operand_ub(pc)], types, &match, &rest);
    Own c = source_end(pc, regs, operand_uc(pc), INST_KILL_C);
    if (status == 0 && match != NONE && !is_instance_of(regs[operand_ub(pc)], &exc_BaseExceptionGroup)) {
        Own frame = frame_object(FRAME); /* the group made for it begins here */
        if (frame) {
            exc_add_traceback(match, frame, (uint32_t)(pc - CODE->instructions));
            drop(frame);
        } else {
            exc_clear();
        }
    }
    if (status == 0) {
        regs[a] = reg_from(match);
        regs[a + 1] = reg_from(rest);
    }
    reg_drop_opt(c);
    return status;
}

int
vm_end_async_for(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Own *it = &regs[operand_ua(pc)], *exc = &regs[operand_ub(pc)];
    if (is_instance_of(*exc, &exc_StopAsyncIteration)) {
        reg_clear(it);
        reg_clear(exc);
        return 0;
    }
    Own again = *exc;
    *exc = NO_VALUE;
    return raise_again(regs, reg_take(again));
}

int
vm_cleanup_throw(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Own *exc = &regs[operand_ub(pc)], *receiver = &regs[operand_uc(pc)];
    Own e = *exc;
    *exc = NO_VALUE;
    if (!is_instance_of(e, &exc_StopIteration)) {
        return raise_again(regs, reg_take(e));
    }
    Own value = stop_iteration_value(e);
    reg_drop(e);
    reg_clear(receiver);
    if (!value) {
        return -1;
    }
    dst_write(pc, regs, reg_from(value));
    return 0;
}

int
vm_with_except(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Own *w = regs + operand_ub(pc);
    Value exc = regs[operand_uc(pc)];
    Own traceback = ref_load(obj(exc), &as_exception(exc)->traceback);
    Value args[] = {w[1], VALUE(type_of(exc)), exc, traceback ? (Value)traceback : (Value)NONE};
    bool has_self = w[1] != NO_VALUE;
    Own result = object_call(w[0], has_self ? args : args + 1, has_self ? 4 : 3, NO_VALUE);
    drop_opt(traceback);
    if (!result) {
        return -1;
    }
    dst_write(pc, regs, reg_from(result));
    return 0;
}
