/* Comparisons, truth and the jumps on them, out of line. */
#include "vm/ops.h"

/* The truth of an owned result (eaten): 0, 1, -1. */
static int
truth_of_result(Own v)
{
    if (!v) {
        return -1;
    }
    int truth = simple_truth(v);
    if (UNLIKELY(truth < 0)) {
        truth = object_truth(v);
    }
    drop(v);
    return truth;
}

/* Does the instruction jump on this truth? */
static int
jumps_on(const Inst *pc, int truth)
{
    return truth < 0 ? -1 : truth == inst_flag(pc, INST_SENSE);
}

#define COMPARE(name, OP)                                                                          \
    int vm_##name(const Inst *pc, Own *regs, Thread *t UNUSED)                                     \
    {                                                                                              \
        return finish_dst(pc, regs, object_compare(regs[operand_ub(pc)], regs[operand_uc(pc)], OP)); \
    }                                                                                              \
    int vm_jump_if_##name(const Inst *pc, Own *regs, Thread *t UNUSED)                             \
    {                                                                                              \
        int truth = truth_of_result(object_compare(regs[operand_ua(pc)], regs[operand_ub(pc)], OP)); \
        Own a = source_end(pc, regs, operand_ua(pc), INST_KILL_A);                                 \
        Own b = source_end(pc, regs, operand_ub(pc), INST_KILL_B);                                 \
        reg_drop_opt(a);                                                                           \
        reg_drop_opt(b);                                                                           \
        return jumps_on(pc, truth);                                                                \
    }                                                                                              \
    int vm_jump_if_##name##_imm(const Inst *pc, Own *regs, Thread *t UNUSED)                       \
    {                                                                                              \
        int truth = truth_of_result(object_compare(regs[operand_ua(pc)], small_int(operand_sb(pc)), OP)); \
        reg_drop_opt(source_end(pc, regs, operand_ua(pc), INST_KILL_A));                           \
        return jumps_on(pc, truth);                                                                \
    }

COMPARE(lt, CMP_LT)
COMPARE(le, CMP_LE)
COMPARE(eq, CMP_EQ)
COMPARE(ne, CMP_NE)
COMPARE(gt, CMP_GT)
COMPARE(ge, CMP_GE)

int
vm_in(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    int found = object_contains(regs[operand_uc(pc)], regs[operand_ub(pc)]);
    return finish_dst(pc, regs, found < 0 ? NO_VALUE : bool_value(found));
}

int
vm_not_in(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    int found = object_contains(regs[operand_uc(pc)], regs[operand_ub(pc)]);
    return finish_dst(pc, regs, found < 0 ? NO_VALUE : bool_value(!found));
}

int
vm_not(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    int truth = object_truth(regs[operand_ub(pc)]);
    return finish_dst(pc, regs, truth < 0 ? NO_VALUE : bool_value(!truth));
}

int
vm_to_bool(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    int truth = object_truth(regs[operand_ub(pc)]);
    return finish_dst(pc, regs, truth < 0 ? NO_VALUE : bool_value(truth));
}

int
vm_jump_if(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    int truth = object_truth(regs[operand_ua(pc)]);
    reg_drop_opt(source_end(pc, regs, operand_ua(pc), INST_KILL_A));
    return jumps_on(pc, truth);
}

int
vm_jump_if_keep(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    int jump = jumps_on(pc, object_truth(regs[operand_ua(pc)]));
    if (jump == 0) {
        reg_clear(&regs[operand_ua(pc)]);
    }
    return jump;
}

int
vm_jump_if_none(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    int is = regs[operand_ua(pc)] == NONE;
    reg_drop_opt(source_end(pc, regs, operand_ua(pc), INST_KILL_A));
    return jumps_on(pc, is);
}

int
vm_jump_if_is(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    int is = regs[operand_ua(pc)] == regs[operand_ub(pc)];
    Own a = source_end(pc, regs, operand_ua(pc), INST_KILL_A);
    reg_drop_opt(source_end(pc, regs, operand_ub(pc), INST_KILL_B));
    reg_drop_opt(a);
    return jumps_on(pc, is);
}

int
vm_jump_if_in(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    int found = object_contains(regs[operand_ub(pc)], regs[operand_ua(pc)]);
    Own a = source_end(pc, regs, operand_ua(pc), INST_KILL_A);
    reg_drop_opt(source_end(pc, regs, operand_ub(pc), INST_KILL_B));
    reg_drop_opt(a);
    return jumps_on(pc, found);
}
