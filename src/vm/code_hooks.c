/* What the code type asks about instructions (object/hooks.h): it does not know them. */
#include "vm/code_hooks.h"

#include "compile/compile.h"
#include "compile/inst.h"
#include "object/hooks.h"

static unsigned
opcode_at(const Inst *pc)
{
    return inst_opcode(__atomic_load_n(pc, __ATOMIC_RELAXED));
}

static bool has_cache[I_COUNT]; /* of a general form: there are specialised ones, with a word to write to. Immutable after the start */

/* The first word after an instruction that has specialised forms is their cache, and was 0 when the compiler wrote it; words of others are
 * constants. Another thread may have written the word, and not yet the opcode. */
static void
code_plain(const Code *code, Inst *out)
{
    for (uint32_t i = 0; i < code->ninst; i++) {
        out[i] = __atomic_load_n(&code->instructions[i], __ATOMIC_RELAXED);
    }
    for (uint32_t at = 0; at < code->ninst;) {
        const InstInfo *info = &inst_info[inst_opcode(out[at])];
        out[at] = (out[at] & ~(Inst)INST_OPCODE_MASK) | info->general;
        if (has_cache[info->general]) {
            out[at + 1] = 0;
        }
        at += 1 + info->cache;
    }
}

/* How far a jump goes, from the end of the instruction. */
static int32_t
jump_distance(Inst word, const InstInfo *info)
{
    for (int i = 0; i < 3; i++) {
        const OperandInfo *operand = &info->operands[i];
        if (operand->kind == OPERAND_JUMP) {
            return operand->wide ? inst_bc(word) : (int16_t)inst_c(word);
        }
    }
    return 0;
}

static bool
code_branch(const Code *code, uint32_t *inst, uint32_t *not_taken, uint32_t *taken)
{
    for (uint32_t at = 0; at < code->ninst;) {
        unsigned opcode = opcode_at(&code->instructions[at]);
        const InstInfo *info = &inst_info[opcode];
        uint32_t next = at + 1 + info->cache;
        if (at >= *inst && info->jumps && !info->ends && info->general != I_SEND) {
            *inst = at;
            *not_taken = next;
            *taken = next + (uint32_t)jump_distance(code->instructions[at], info);
            return true;
        }
        at = next;
    }
    return false;
}

static int
verify(const Code *code)
{
    uint32_t where;
    const char *fault = code_verify(code, &where);
    return exc_pending() ? -1 : fault ? raise_int(&exc_ValueError, "code: %s at word %u", fault, where) : 0;
}

void
code_hooks_set(void)
{
    for (unsigned opcode = 0; opcode < I_COUNT; opcode++) {
        const InstInfo *info = &inst_info[opcode];
        has_cache[info->general] |= info->cache && info->general != opcode;
    }
    object_hooks.code_plain = code_plain;
    object_hooks.code_branch = code_branch;
    object_hooks.code_verify = verify;
}
