/* A code object as readable text, one instruction a line:
 *
 *     offset  line  NAME   operands   ; what they mean
 *
 * Registers are rN, or the variable's name; a killed source is followed by `!`, a destination that drops its old value too. */
#include <stdio.h>

#include "compile/compile.h"
#include "compile/inst.h"
#include "object/str.h"
#include "object/tuple.h"

typedef struct Listing {
    StrBuilder out;
    const Code *code;
} Listing;

static void
put_register(Listing *l, uint32_t r)
{
    if (r < l->code->nlocals_plus) {
        str_builder_str(&l->out, tuple_item(l->code->local_names, r));
        if (l->code->local_kinds[r] & LOCAL_HIDDEN) {
            str_builder_fmt(&l->out, "#%u", r);
        }
    } else {
        str_builder_fmt(&l->out, "r%u", r);
    }
}

static void
put_operand(Listing *l, Inst word, int slot, const OperandInfo *info, uint32_t next)
{
    static const unsigned kills[] = {INST_KILL_A, INST_KILL_B, INST_KILL_C};
    unsigned value = slot == 0 ? inst_a(word) : slot == 1 ? inst_b(word) : inst_c(word);
    bool is_signed = info->kind == OPERAND_IMM || info->kind == OPERAND_JUMP;
    int64_t number = info->wide ? (int64_t)inst_bc(word) : is_signed ? (int64_t)(int16_t)value : (int64_t)value;
    switch (info->kind) {
    case OPERAND_DST:
    case OPERAND_SRC:
        put_register(l, value);
        if (word & kills[slot]) {
            str_builder_char(&l->out, '!');
        }
        break;
    case OPERAND_REG:
        put_register(l, value);
        break;
    case OPERAND_TAKE:
        put_register(l, value);
        str_builder_ascii(&l->out, "..", 2);
        break;
    case OPERAND_CONST:
        str_builder_fmt(&l->out, "const %zd", number);
        break;
    case OPERAND_NAME:
        str_builder_fmt(&l->out, "name %zd", number);
        break;
    case OPERAND_JUMP:
        str_builder_fmt(&l->out, "to %zd", (int64_t)next + number);
        break;
    default:
        str_builder_fmt(&l->out, "%zd", number);
        break;
    }
}

/* What an index means, behind a semicolon. */
static void
put_meaning(Listing *l, Inst word, int slot, const OperandInfo *info)
{
    int64_t index = info->wide ? inst_bc(word) : slot == 1 ? inst_b(word) : inst_c(word);
    Value table = info->kind == OPERAND_CONST ? (Value)l->code->consts : (Value)l->code->names;
    if (index < 0 || index >= as_tuple(table)->length) {
        return;
    }
    str_builder_ascii(&l->out, "  ; ", 4);
    Value v = tuple_item(table, index);
    if (IS_EXACT(v, CODE)) {
        str_builder_fmt(&l->out, "<code %U>", (Value)as_code(v)->name);
    } else if (info->kind == OPERAND_CONST) {
        str_builder_repr(&l->out, v);
    } else {
        str_builder_str(&l->out, v);
    }
}

static void
put_instruction(Listing *l, uint32_t at, int *line)
{
    Inst word = l->code->instructions[at];
    const InstInfo *info = &inst_info[inst_opcode(word) < I_COUNT ? inst_opcode(word) : I_NOP];
    const Position *pos = code_position(l->code, at);
    char text[40];
    snprintf(text, sizeof text, "%5u ", at);
    str_builder_ascii(&l->out, text, strlen(text));
    if (pos && pos->line >= 0 && pos->line != *line) {
        *line = pos->line;
        snprintf(text, sizeof text, "%4d ", *line);
    } else {
        snprintf(text, sizeof text, "%s", pos && pos->line >= 0 ? "     " : "   - ");
    }
    str_builder_ascii(&l->out, text, strlen(text));
    snprintf(text, sizeof text, "%-24s", info->name);
    str_builder_ascii(&l->out, text, strlen(text));
    bool first = true;
    for (int slot = 0; slot < 3; slot++) {
        if (info->operands[slot].kind != OPERAND_NONE) {
            str_builder_ascii(&l->out, first ? " " : ", ", first ? 1 : 2);
            put_operand(l, word, slot, &info->operands[slot], at + 1 + info->cache);
            first = false;
        }
    }
    if (info->jumps && !info->ends) {
        str_builder_ascii(&l->out, word & INST_SENSE ? " when true" : " when false", word & INST_SENSE ? 10 : 11);
    }
    for (int slot = 1; slot < 3; slot++) {
        if (info->operands[slot].kind == OPERAND_CONST || info->operands[slot].kind == OPERAND_NAME) {
            put_meaning(l, word, slot, &info->operands[slot]);
        }
    }
    str_builder_char(&l->out, '\n');
}

static void
put_code(Listing *l, const Code *code, bool nested)
{
    l->code = code;
    str_builder_fmt(&l->out, "%U (line %d): %u registers, %u of them variables, flags 0x%x\n", (Value)code->qualname,
                    (int)code->firstlineno, code->nregs, code->nlocals_plus, code->flags);
    int line = 0;
    for (uint32_t at = 0; at < code->ninst;) {
        unsigned op = inst_opcode(code->instructions[at]);
        put_instruction(l, at, &line);
        at += 1 + (op < I_COUNT ? inst_info[op].cache : 0);
    }
    for (uint32_t i = 0; i < code->nhandlers; i++) {
        const HandlerRange *h = &code->handlers[i];
        str_builder_fmt(&l->out, "  %u to %u -> %u, exception in r%u\n", h->start, h->end, h->handler, (unsigned)h->depth);
    }
    for (int64_t i = 0; nested && i < as_tuple(code->consts)->length; i++) {
        Value v = tuple_item(code->consts, i);
        if (IS_EXACT(v, CODE) && c_stack_ok()) {
            str_builder_char(&l->out, '\n');
            put_code(l, as_code(v), true);
        }
    }
    l->code = code;
}

Own
code_disassemble(Value code, bool nested)
{
    Listing l;
    str_builder_init(&l.out, 1000);
    put_code(&l, as_code(code), nested);
    return str_builder_finish(&l.out);
}
