/* What is known of each instruction, from instructions.def: its operands, caches and effects.
 *
 * The encoding of an instruction word is in object/code.h. The enum of opcodes (I_ADD...) and the
 * table inst_info are made by tools/instgen.py. Immutable: any thread may read. */
#ifndef WEFT_COMPILE_INST_H
#define WEFT_COMPILE_INST_H

#include "base/attr.h"

#include "compile/opcodes.gen.h"

typedef enum OperandKind {
    OPERAND_NONE,
    OPERAND_DST,  /* register written */
    OPERAND_SRC,  /* register read; may be killed */
    OPERAND_REG,  /* register used in place */
    OPERAND_TAKE, /* window emptied */
    OPERAND_IMM,  /* signed number */
    OPERAND_UIMM, /* unsigned number */
    OPERAND_CONST,
    OPERAND_NAME,
    OPERAND_JUMP, /* signed, in words, from the end of the instruction */
} OperandKind;

/* Registers that an operand covers: base + per_c * (operand c), from the named one on. */
typedef struct OperandInfo {
    uint8_t kind; /* an OperandKind */
    bool wide;    /* the joined operand bc, of 32 bits */
    uint8_t base;
    uint8_t per_c;
} OperandInfo;

typedef struct InstInfo {
    const char *name;
    const char *doc;
    OperandInfo operands[3]; /* a, b, c; a wide one stands at b */
    uint8_t cache;           /* words that follow */
    bool ends;               /* control never goes to the next instruction */
    bool jumps;              /* it may go elsewhere */
    uint16_t general;        /* the opcode itself, or for a specialised form the one it stands for */
} InstInfo;

extern const InstInfo inst_info[I_COUNT];

#endif
