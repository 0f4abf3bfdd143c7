/* Sets: displays and comprehensions. */
#include "object/set.h"
#include "vm/ops.h"

int
vm_build_set(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Own *w = regs + operand_ub(pc);
    unsigned n = operand_uc(pc);
    Own set = set_new();
    for (unsigned i = 0; set && i < n; i++) {
        if (set_add(set, w[i]) < 0) {
            drop(set);
            set = NO_VALUE;
        }
    }
    return finish_window(pc, regs, n, set);
}

int
vm_set_add(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Value set = regs[operand_ua(pc)];
    if (UNLIKELY(!is_instance_of(set, &set_type))) { /* somebody else's __conditional_annotations__ */
        return finish_bc(pc, regs, raise_int(&exc_TypeError, "'%T' object is not a set", set));
    }
    return finish_bc(pc, regs, set_add(regs[operand_ua(pc)], regs[operand_ub(pc)]) < 0 ? -1 : 0);
}

int
vm_set_update(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    return finish_bc(pc, regs, set_update(regs[operand_ua(pc)], regs[operand_ub(pc)]));
}
