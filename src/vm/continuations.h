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
    FRAME->pc = pc;
    vm_finish(pc, regs, reg_own(t, handed));
    pc += handed_n;
    RELOAD();
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
