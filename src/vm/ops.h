/* What the out-of-line instructions (vm/ops_*.c) share: operands, the ends of registers, results. */
#ifndef WEFT_VM_OPS_H
#define WEFT_VM_OPS_H

#include "object/exception.h"
#include "vm/body.h"
#include "vm/call.h"

/* A killed source leaves its register, to be dropped once the instruction is done. One that registers do not count is not given: with nothing
 * to drop, and not seen any more by a collection that a finalizer runs, it must not be looked at again. */
static inline Own
source_end(const Inst *pc, Own *regs, unsigned index, unsigned flag)
{
    if (!inst_flag(pc, flag)) {
        return NO_VALUE;
    }
    Own v = regs[index];
    regs[index] = NO_VALUE;
    return v && is_object(v) && (obj_flags(obj(v)) & OBJ_DEFERRED) ? NO_VALUE : v;
}

/* Operand a = v, a register's value (eaten). */
static inline void
dst_write(const Inst *pc, Own *regs, Own v)
{
    Own *a = &regs[operand_ua(pc)];
    if (inst_flag(pc, INST_LIVE_A)) {
        reg_store(a, v);
    } else {
        *a = v;
    }
}

/* The end of `dst a, src b, src c`: gives up the killed sources, writes result (an Own, eaten; NO_VALUE: failed). */
static inline NODISCARD int
finish_dst(const Inst *pc, Own *regs, Own result)
{
    assert((result == NO_VALUE) == exc_pending());
    Own b = source_end(pc, regs, operand_ub(pc), INST_KILL_B);
    Own c = source_end(pc, regs, operand_uc(pc), INST_KILL_C);
    if (result) {
        dst_write(pc, regs, reg_from(result));
    }
    reg_drop_opt(b);
    reg_drop_opt(c);
    return result ? 0 : -1;
}

/* The end of `src a, src b, src c`: gives up the killed sources and returns status. */
static inline NODISCARD int
finish_sources(const Inst *pc, Own *regs, int status)
{
    Own a = source_end(pc, regs, operand_ua(pc), INST_KILL_A);
    Own b = source_end(pc, regs, operand_ub(pc), INST_KILL_B);
    Own c = source_end(pc, regs, operand_uc(pc), INST_KILL_C);
    reg_drop_opt(a);
    reg_drop_opt(b);
    reg_drop_opt(c);
    return status;
}

/* The end of `reg a, src b, src c`. */
static inline NODISCARD int
finish_bc(const Inst *pc, Own *regs, int status)
{
    Own b = source_end(pc, regs, operand_ub(pc), INST_KILL_B);
    Own c = source_end(pc, regs, operand_uc(pc), INST_KILL_C);
    reg_drop_opt(b);
    reg_drop_opt(c);
    return status;
}

/* Empties n registers. */
static inline void
window_end(Own *window, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        reg_clear(&window[i]);
    }
}

/* The end of `dst a, take b[n]`. */
static inline NODISCARD int
finish_window(const Inst *pc, Own *regs, unsigned n, Own result)
{
    window_end(regs + operand_ub(pc), n);
    if (!result) {
        return -1;
    }
    dst_write(pc, regs, reg_from(result));
    return 0;
}

/* The values of a window, moved out as owned ones. pre: n values, none empty */
static inline void
window_take(Own *window, unsigned n, Own *to)
{
    for (unsigned i = 0; i < n; i++) {
        to[i] = reg_take(window[i]);
        window[i] = NO_VALUE;
    }
}

static inline Value
name_operand(Own *regs, unsigned index)
{
    return tuple_item(CODE->names, index);
}

/* m[key] where m is a mapping: 1 found (*value new), 0 KeyError (swallowed), -1 */
NODISCARD int mapping_lookup(Value m, Value key, Own *value);
/* name in the running frame's globals, then builtins: 1, 0, -1 */
NODISCARD int global_lookup(const Frame *f, Value name, Own *value);
/* NameError "name 'x' is not defined" */
void raise_undefined(Value name) COLD;

#endif
