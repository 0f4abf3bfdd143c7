/* The module _opcode: CPython's opcodes, for the library's opcode.py; and Weft's own instructions, for lib/dis.py. Immutable
 * tables. */
#include "compile/inst.h"
#include "object/bool.h"
#include "object/code.h"
#include "object/list.h"
#include "object/module.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

#include "_opcode.spec.h"

enum { A = 1, C = 2, N = 4, J = 8, F = 16, L = 32, E = 64, VALID = 128 }; /* argument, constant, name, jump, free, local, exception */

/* How the stack changes with the argument. */
typedef enum { NONE_OF_ITS_OWN, FIXED, ADDS_ARG, TAKES_ARG, TAKES_PAIRS, LOW_BIT_ADDS, LOW_BIT_TAKES, UNPACK_EX } Effect;

typedef struct PeerOpcode {
    uint8_t flags, effect;
    int8_t base; /* the change at argument 0 */
} PeerOpcode;

#define OP(number, name, flags, effect, base) [number] = {VALID | (flags), effect, base},
#define SPECIAL(number, name, flags) [number] = {VALID | (flags), NONE_OF_ITS_OWN, 0},
static const PeerOpcode opcodes[] = {
#include "opcodes.def"
};
#undef OP
#undef SPECIAL

static const char *const intrinsics_1[] = {
    "INTRINSIC_1_INVALID", "INTRINSIC_PRINT", "INTRINSIC_IMPORT_STAR", "INTRINSIC_STOPITERATION_ERROR",
    "INTRINSIC_ASYNC_GEN_WRAP", "INTRINSIC_UNARY_POSITIVE", "INTRINSIC_LIST_TO_TUPLE", "INTRINSIC_TYPEVAR",
    "INTRINSIC_PARAMSPEC", "INTRINSIC_TYPEVARTUPLE", "INTRINSIC_SUBSCRIPT_GENERIC", "INTRINSIC_TYPEALIAS",
};
static const char *const intrinsics_2[] = {
    "INTRINSIC_2_INVALID", "INTRINSIC_PREP_RERAISE_STAR", "INTRINSIC_TYPEVAR_WITH_BOUND",
    "INTRINSIC_TYPEVAR_WITH_CONSTRAINTS", "INTRINSIC_SET_FUNCTION_TYPE_PARAMS", "INTRINSIC_SET_TYPEPARAM_DEFAULT",
};
static const char *const special_methods[] = {"__enter__", "__exit__", "__aenter__", "__aexit__"};
static const char *const operators[][2] = {
    {"NB_ADD", "+"}, {"NB_AND", "&"}, {"NB_FLOOR_DIVIDE", "//"}, {"NB_LSHIFT", "<<"}, {"NB_MATRIX_MULTIPLY", "@"},
    {"NB_MULTIPLY", "*"}, {"NB_REMAINDER", "%"}, {"NB_OR", "|"}, {"NB_POWER", "**"}, {"NB_RSHIFT", ">>"},
    {"NB_SUBTRACT", "-"}, {"NB_TRUE_DIVIDE", "/"}, {"NB_XOR", "^"}, {"NB_INPLACE_ADD", "+="}, {"NB_INPLACE_AND", "&="},
    {"NB_INPLACE_FLOOR_DIVIDE", "//="}, {"NB_INPLACE_LSHIFT", "<<="}, {"NB_INPLACE_MATRIX_MULTIPLY", "@="},
    {"NB_INPLACE_MULTIPLY", "*="}, {"NB_INPLACE_REMAINDER", "%="}, {"NB_INPLACE_OR", "|="}, {"NB_INPLACE_POWER", "**="},
    {"NB_INPLACE_RSHIFT", ">>="}, {"NB_INPLACE_SUBTRACT", "-="}, {"NB_INPLACE_TRUE_DIVIDE", "/="}, {"NB_INPLACE_XOR", "^="},
    {"NB_SUBSCR", "[]"},
};

/* The entry of an opcode, or null. */
static const PeerOpcode *
find(int64_t opcode)
{
    const PeerOpcode *o = opcode >= 0 && opcode < (int64_t)ARRAY_LEN(opcodes) ? &opcodes[opcode] : NULL;
    return o && (o->flags & VALID) ? o : NULL;
}

static int
has(int opcode, int flag)
{
    const PeerOpcode *o = find(opcode);
    return o && (o->flags & flag);
}

static int64_t
effect_of(const PeerOpcode *o, int64_t arg, bool jump)
{
    switch (o->effect) {
    case ADDS_ARG:
        return o->base + arg;
    case TAKES_ARG:
        return o->base - arg;
    case TAKES_PAIRS:
        return o->base - 2 * arg;
    case LOW_BIT_ADDS:
        return o->base + (arg & 1);
    case LOW_BIT_TAKES:
        return o->base - (arg & 1);
    case UNPACK_EX:
        return o->base + (arg & 0xFF) + (arg >> 8);
    default: /* what handlers find on the stack is put there by the jump to them */
        return (o->flags & E) && !jump ? 0 : o->base;
    }
}

int64_t
opcode_stack_effect(Value module UNUSED, int opcode, Value oparg, Value jump)
{
    int64_t arg = 0;
    if (oparg != NONE) {
        arg = object_as_int(oparg);
        if (arg == -1 && exc_pending()) {
            return -1;
        }
    }
    if (jump != NONE && jump != TRUE_VALUE && jump != FALSE_VALUE) {
        return raise_int(&exc_ValueError, "stack_effect: jump must be False, True or None");
    }
    const PeerOpcode *o = find(opcode);
    if (!o || o->effect == NONE_OF_ITS_OWN) {
        return raise_int(&exc_ValueError, "invalid opcode or oparg");
    }
    int64_t stays = effect_of(o, arg, false), jumps = effect_of(o, arg, true);
    return jump == TRUE_VALUE ? jumps : jump == FALSE_VALUE ? stays : stays > jumps ? stays : jumps;
}

int
opcode_is_valid(Value module UNUSED, int opcode)
{
    return has(opcode, VALID);
}

int
opcode_has_arg(Value module UNUSED, int opcode)
{
    return has(opcode, A);
}

int
opcode_has_const(Value module UNUSED, int opcode)
{
    return has(opcode, C);
}

int
opcode_has_name(Value module UNUSED, int opcode)
{
    return has(opcode, N);
}

int
opcode_has_jump(Value module UNUSED, int opcode)
{
    return has(opcode, J);
}

int
opcode_has_free(Value module UNUSED, int opcode)
{
    return has(opcode, F);
}

int
opcode_has_local(Value module UNUSED, int opcode)
{
    return has(opcode, L);
}

int
opcode_has_exc(Value module UNUSED, int opcode)
{
    return has(opcode, E);
}

Own
opcode_get_specialization_stats(Value module UNUSED)
{
    return NONE;
}

static Own
list_of_names(const char *const *names, size_t count)
{
    Own list = list_new((int64_t)count);
    for (size_t i = 0; list && i < count; i++) {
        Own name = str_from_cstr(names[i]);
        if (!name || list_append_own(list, name) < 0) {
            ref_clear(&list);
        }
    }
    return list;
}

Own
opcode_get_nb_ops(Value module UNUSED)
{
    Own list = list_new(ARRAY_LEN(operators));
    for (size_t i = 0; list && i < ARRAY_LEN(operators); i++) {
        Own name = str_from_cstr(operators[i][0]), symbol = str_from_cstr(operators[i][1]);
        Own pair = name && symbol ? tuple_pack(2, (Value)name, (Value)symbol) : NO_VALUE;
        drop_opt(name);
        drop_opt(symbol);
        if (!pair || list_append_own(list, pair) < 0) {
            ref_clear(&list);
        }
    }
    return list;
}

Own
opcode_get_intrinsic1_descs(Value module UNUSED)
{
    return list_of_names(intrinsics_1, ARRAY_LEN(intrinsics_1));
}

Own
opcode_get_intrinsic2_descs(Value module UNUSED)
{
    return list_of_names(intrinsics_2, ARRAY_LEN(intrinsics_2));
}

Own
opcode_get_special_method_names(Value module UNUSED)
{
    return list_of_names(special_methods, ARRAY_LEN(special_methods));
}

static Own
weft_operand(const OperandInfo *operand)
{
    static const char *const kinds[] = {
        [OPERAND_NONE] = "", [OPERAND_DST] = "dst", [OPERAND_SRC] = "src", [OPERAND_REG] = "reg", [OPERAND_TAKE] = "take",
        [OPERAND_IMM] = "imm", [OPERAND_UIMM] = "uimm", [OPERAND_CONST] = "const", [OPERAND_NAME] = "name", [OPERAND_JUMP] = "jump",
    };
    Own kind = str_intern_cstr(kinds[operand->kind]);
    Own pair = kind ? tuple_pack(2, (Value)kind, (Value)bool_value(operand->wide)) : NO_VALUE;
    drop_opt(kind);
    return pair;
}

static Own
weft_instruction(const InstInfo *info)
{
    Own name = str_intern_cstr(info->name), doc = str_from_cstr(info->doc), result = NO_VALUE;
    Own a = weft_operand(&info->operands[0]), b = weft_operand(&info->operands[1]), c = weft_operand(&info->operands[2]);
    if (name && doc && a && b && c) {
        result = tuple_pack(8, (Value)name, (Value)doc, (Value)a, (Value)b, (Value)c, (Value)small_int(info->cache),
                            (Value)bool_value(info->ends), (Value)bool_value(info->jumps));
    }
    Own parts[] = {name, doc, a, b, c};
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        drop_opt(parts[i]);
    }
    return result;
}

Own
opcode_get_weft_instructions(Value module UNUSED)
{
    Own list = list_new(I_COUNT);
    for (size_t i = 0; list && i < I_COUNT; i++) {
        Own item = weft_instruction(&inst_info[i]);
        if (!item || list_append_own(list, item) < 0) {
            ref_clear(&list);
        }
    }
    return list;
}

Own
opcode_get_executor(Value module UNUSED, Value code, int offset UNUSED)
{
    if (!IS_EXACT(code, CODE)) {
        return raise_fmt(&exc_TypeError, "expected a code object, not '%T'", code);
    }
    return raise_msg(&exc_ValueError, "no executor at given byte offset");
}

static int
opcode_exec(Value module)
{
    if (module_add_int(module, "ENABLE_SPECIALIZATION", 1) < 0) {
        return -1;
    }
    return module_add_int(module, "ENABLE_SPECIALIZATION_FT", 1);
}

const ModuleDef module__opcode = {
    .name = "_opcode",
    .doc = opcode_module_doc,
    .functions = opcode_functions,
    .exec = opcode_exec,
};
