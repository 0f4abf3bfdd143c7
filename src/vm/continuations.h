/* The common ends of instructions: see the macros of vm/body.h that lead here. Included by vm/dispatch.h, once a variant. */

/* The instruction failed: an exception is pending. Goes on at its handler, or leaves vm_run without a value. */
CONTINUATION(unwind)
{
    FRAME->pc = pc;
    if (!vm_unwind(t)) {
        LEAVE(NO_VALUE);
    }
    RESUME_FRAME();
}

/* The instruction is done but for dropping `handed`. pc is the next one's. */
CONTINUATION(drop)
{
    if (LIKELY(reg_spread_fast(t, handed, -1))) {
        DISPATCH();
    }
    FRAME->pc = pc;
    reg_drop(handed);
    RELOAD();
    DISPATCH();
}

/* The same for a counted value. */
CONTINUATION(drop_counted)
{
    FRAME->pc = pc;
    drop(handed);
    RELOAD();
    DISPATCH();
}

/* Writes `handed`, a register's value, to operand a; handed_n the length of the instruction. Killed sources are given up first. */
CONTINUATION(finish)
{
    FRAME->pc = pc;
    vm_finish(pc, regs, handed);
    pc += handed_n;
    RELOAD();
    DISPATCH();
}

/* The same, for a borrowed value that needs more than a simple count. */
CONTINUATION(own_finish)
{
    Own v = reg_own(t, handed);
    if (UNLIKELY(FLAG(INST_LIVE_A | INST_KILL_A | INST_KILL_B | INST_KILL_C))) {
        CONTINUE_AT(finish, v, handed_n);
    }
    regs[operand_ua(pc)] = v;
    pc += handed_n;
    DISPATCH();
}

/* FINISH_READ of a value that others count. */
CONTINUATION(own_read)
{
    SAVE();
    if (UNLIKELY(!own_if_still(handed, handed_field(handed_n)))) {
        RELOAD();
        DISPATCH_BY(DISPATCH_TABLE); /* the instruction again; it has been traced */
    }
    if (LIKELY(!FLAG(INST_LIVE_A | INST_KILL_B))) {
        regs[operand_ua(pc)] = handed;
        pc += handed_n >> 48;
        DISPATCH();
    }
    CONTINUE_AT(finish, handed, handed_n >> 48);
}

/* LOAD_METHOD has found the function `handed`; the receiver, which stays in b, is one that others count. */
CONTINUATION(own_receiver)
{
    reg_count(t, handed);
    regs[operand_ua(pc)] = handed;
    regs[operand_ua(pc) + 1] = reg_own(t, regs[operand_ub(pc)]);
    pc += handed_n;
    DISPATCH();
}

#if MANY
/* In front of every instruction of a traced thread (vm/trace.h); the bodies are the general ones. */
CONTINUATION(traced)
{
    FRAME->pc = pc;
    const Inst *at_ = trace_step(t, pc);
    if (UNLIKELY(!at_)) {
        CONTINUE_AT(unwind, ANY_X, ANY_Y);
    }
    pc = at_;
    RELOAD();
    DISPATCH_BY(DISPATCH_TABLE);
}
#endif
