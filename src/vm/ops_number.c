/* Operators, out of line: operands that are not both small ints or small floats. */
#include "vm/ops.h"

#define BINARY(name, OP)                                                                           \
    int vm_##name(const Inst *pc, Own *regs, Thread *t UNUSED)                                     \
    {                                                                                              \
        return finish_dst(pc, regs, object_binary(regs[operand_ub(pc)], regs[operand_uc(pc)], OP)); \
    }
#define INPLACE(name, OP)                                                                          \
    int vm_##name(const Inst *pc, Own *regs, Thread *t UNUSED)                                     \
    {                                                                                              \
        return finish_dst(pc, regs, object_inplace(regs[operand_ub(pc)], regs[operand_uc(pc)], OP)); \
    }
#define IMMEDIATE(name, function, OP)                                                              \
    int vm_##name(const Inst *pc, Own *regs, Thread *t UNUSED)                                     \
    {                                                                                              \
        return finish_dst(pc, regs, function(regs[operand_ub(pc)], small_int(operand_sc(pc)), OP)); \
    }
#define UNARY(name, OP)                                                                            \
    int vm_##name(const Inst *pc, Own *regs, Thread *t UNUSED)                                     \
    {                                                                                              \
        return finish_dst(pc, regs, object_unary(regs[operand_ub(pc)], OP));                       \
    }

BINARY(sub, OP_SUB)
BINARY(mul, OP_MUL)
BINARY(matmul, OP_MATMUL)
BINARY(truediv, OP_TRUEDIV)
BINARY(floordiv, OP_FLOORDIV)
BINARY(mod, OP_MOD)
BINARY(pow, OP_POW)
BINARY(lshift, OP_LSHIFT)
BINARY(rshift, OP_RSHIFT)
BINARY(and, OP_AND)
BINARY(or, OP_OR)
BINARY(xor, OP_XOR)
INPLACE(inplace_sub, OP_SUB)
INPLACE(inplace_mul, OP_MUL)
IMMEDIATE(add_imm, object_binary, OP_ADD)
IMMEDIATE(sub_imm, object_binary, OP_SUB)
IMMEDIATE(inplace_add_imm, object_inplace, OP_ADD)
IMMEDIATE(inplace_sub_imm, object_inplace, OP_SUB)
UNARY(neg, OP_NEG)
UNARY(pos, OP_POS)
UNARY(invert, OP_INVERT)

int
vm_add(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Value a = regs[operand_ub(pc)], b = regs[operand_uc(pc)];
    Own sum = IS_EXACT(a, STR) && IS_EXACT(b, STR) ? str_concat(a, b) : object_binary(a, b, OP_ADD);
    return finish_dst(pc, regs, sum);
}

/* The register holds the only reference to this object. */
static bool
is_sole_owner(const Thread *t, Value v)
{
    const Object *o = obj(v);
    return reg_counts_locally(t, obj_owner_flags(o)) && o->local == 1 &&
           atomic_load_explicit(&o->shared, memory_order_relaxed) == 0;
}

int
vm_inplace_add(const Inst *pc, Own *regs, Thread *t)
{
    unsigned a = operand_ua(pc), b = operand_ub(pc);
    Value left = regs[b], right = regs[operand_uc(pc)];
    if (IS_EXACT(left, STR) && IS_EXACT(right, STR)) {
        if ((a == b || inst_flag(pc, INST_KILL_B)) && left != right && is_sole_owner(t, left)) {
            Own text = regs[b];
            regs[b] = NO_VALUE;
            return finish_dst(pc, regs, str_append(text, right));
        }
        return finish_dst(pc, regs, str_concat(left, right));
    }
    return finish_dst(pc, regs, object_inplace(left, right, OP_ADD));
}

int
vm_inplace(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    BinaryOp op = (BinaryOp)(cache_load(pc, 0) & 0xFF);
    return finish_dst(pc, regs, object_inplace(regs[operand_ub(pc)], regs[operand_uc(pc)], op));
}
