/* import statements. */
#include "vm/import.h"
#include "vm/ops.h"

int
vm_import_name(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Own *w = regs + operand_ub(pc);
    Frame *f = FRAME;
    Value name = name_operand(regs, operand_uc(pc));
    Own import, result = NO_VALUE;
    int found = mapping_lookup(f->builtins, NAME(__import__), &import);
    if (found > 0) {
        Value args[] = {name, f->globals, f->locals && !(f->kind & FRAME_INIT) ? (Value)f->locals : (Value)NONE, w[1], w[0]};
        result = object_call(import, args, 5, NO_VALUE);
        drop(import);
    } else if (found == 0) {
        raise_msg(&exc_ImportError, "__import__ not found");
    }
    return finish_window(pc, regs, 2, result);
}

int
vm_import_from(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Own v = import_from(regs[operand_ub(pc)], name_operand(regs, operand_uc(pc)));
    if (!v) {
        return -1;
    }
    dst_write(pc, regs, reg_from(v));
    return 0;
}
