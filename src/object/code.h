/* Code objects: what the compiler makes and the vm runs. Immutable after creation but for `instructions` (inline caches and
 * specialisation, written with atomic 64-bit stores) and the counters. */
#ifndef WEFT_OBJECT_CODE_H
#define WEFT_OBJECT_CODE_H

#include "object/object.h"

/* One instruction, or one cache word after it. Bits: 0-9 opcode, 10-15 flags (INST_*), then operands a, b, c of 16 bits. Some
 * instructions join b and c into one signed or unsigned operand of 32 bits, bc. */
typedef uint64_t Inst;

#define INST_OPCODE_MASK 0x3FFu
enum {
    INST_KILL_A = 1 << 10, /* operand a is a temporary read for the last time: emptied and dropped (when a is a source) */
    INST_LIVE_A = 1 << 10, /* operand a is a destination that may hold a value (a local): the old one is dropped */
    INST_KILL_B = 1 << 11,
    INST_KILL_C = 1 << 12,
    INST_SENSE = 1 << 13,  /* conditional jumps: jump when the condition is true (else when false) */
    INST_SELF = 1 << 13,   /* calls: the window's second register holds self or is empty; without the flag it is not looked at */
};
static ALWAYS_INLINE unsigned inst_opcode(Inst i) { return (unsigned)i & INST_OPCODE_MASK; }
static ALWAYS_INLINE unsigned inst_a(Inst i) { return (uint16_t)(i >> 16); }
static ALWAYS_INLINE unsigned inst_b(Inst i) { return (uint16_t)(i >> 32); }
static ALWAYS_INLINE unsigned inst_c(Inst i) { return (uint16_t)(i >> 48); }
static ALWAYS_INLINE int32_t inst_bc(Inst i) { return (int32_t)(i >> 32); }

enum { /* co_flags: CPython's values */
    CO_OPTIMIZED = 1, CO_NEWLOCALS = 2, CO_VARARGS = 4, CO_VARKEYWORDS = 8, CO_NESTED = 0x10, CO_GENERATOR = 0x20,
    CO_COROUTINE = 0x80, CO_ITERABLE_COROUTINE = 0x100, CO_ASYNC_GENERATOR = 0x200, CO_FUTURE_DIVISION = 0x20000,
    CO_FUTURE_ABSOLUTE_IMPORT = 0x40000, CO_FUTURE_WITH_STATEMENT = 0x80000, CO_FUTURE_PRINT_FUNCTION = 0x100000,
    CO_FUTURE_UNICODE_LITERALS = 0x200000, CO_FUTURE_BARRY_AS_BDFL = 0x400000, CO_FUTURE_GENERATOR_STOP = 0x800000,
    CO_FUTURE_ANNOTATIONS = 0x1000000, CO_HAS_DOCSTRING = 0x4000000, CO_METHOD = 0x8000000,
};

/* Offsets that Python sees (f_lasti, tb_lasti, co_lines, co_branches) count two a word, whatever a word's size: so the library, which divides them
 * by two, finds the right item of co_positions(). */
#define CODE_OFFSET(inst) ((int32_t)(inst) * 2)
#define CODE_INDEX(offset) ((uint32_t)(offset) / 2)

/* A range of instructions whose exceptions go to `handler`: temporaries from register `depth` up are dropped, the exception is put
 * into register `depth`, and the frame goes on at `handler`. Ranges are sorted by start, inner ranges after outer ones; the last match wins.
 * Offsets are in Inst words. */
typedef struct HandlerRange {
    uint32_t start, end, handler;
    uint16_t depth;
    uint16_t flags;
} HandlerRange;

/* Where instruction words come from: one entry per run, sorted by start. line -1 = none (artificial). */
typedef struct Position {
    uint32_t start;
    int32_t line, end_line, column, end_column; /* -1 unknown; columns in UTF-8 bytes */
} Position;

/* What a register below nlocals_plus is: in `local_kinds`. */
enum { LOCAL_ARG = 1, LOCAL_VAR = 2, LOCAL_CELL = 4, LOCAL_FREE = 8, LOCAL_HIDDEN = 16 /* of an inlined comprehension */ };

/* Registers: 0 .. argument_count-1 positional parameters (positional-only first), then keyword-only parameters, then *args, then **kwargs,
 * then other locals, then cells that are not parameters, then free variables (nlocals_plus in all), then temporaries up to nregs. A parameter
 * that is a cell is wrapped in place by MAKE_CELL. Registers are empty (0) when unbound or dead. */
typedef struct Code {
    Object head;
    int32_t argcount, posonlyargcount, kwonlyargcount; /* argcount: positional ones, *args and **kwargs excluded */
    uint32_t flags;
    uint32_t nlocals_plus, nregs;
    uint32_t ninst, nhandlers, npositions;
    int32_t firstlineno;
    Inst *instructions;
    HandlerRange *handlers;
    Position *positions;
    uint8_t *local_kinds;      /* nlocals_plus of LOCAL_* */
    Own consts;                /* tuple, immortal items where simple */
    Own names;                 /* tuple of interned str */
    Own local_names;           /* tuple of interned str, nlocals_plus */
    Own filename, name, qualname;
    uint32_t plain_args;       /* argcount + 1 when a call with just that many positional arguments needs no binding (no keyword-only
                                  parameters, *args, **kwargs; locals are registers), else 0; code_new works it out */
    uint32_t ncells, nfree;    /* nfree: the last registers of nlocals_plus */
    _Atomic uint32_t warmth;   /* how often it ran: for specialisation and the JIT */
    void *_Atomic monitoring;  /* the vm's: instrumentation, made on demand */
} Code;

static ALWAYS_INLINE Code *
as_code(Value v)
{
    return (Code *)obj(v);
}

/* Everything above given: own: eats the Own fields and the buffers (mem_alloc'ed), also on failure; ret new. ncells is computed. */
/* Are a and b the same constant? 1, 1.0 and True differ, and so do 0.0 and -0.0, also inside tuples and frozensets. 1, 0, -1 */
NODISCARD int code_const_equal(Value a, Value b);
NODISCARD Own code_new(const Code *fields);
const Position *code_position(const Code *code, uint32_t inst); /* null when unknown */

/* The types of iterators over code. fail: -1 */
NODISCARD int code_types_ready(void);

/* A code object in the terms of types.CodeType(...): what the constructor, replace() and marshal build from. Borrowed. */
typedef struct CodeParts {
    int argcount, posonlyargcount, kwonlyargcount, nlocals, stacksize, flags, firstlineno;
    Value code;             /* bytes: the words of co_code */
    Value consts, names, varnames, cellvars, freevars; /* tuples */
    Value filename, name, qualname;
    Value linetable, exceptiontable; /* bytes: co_linetable and co_exceptiontable */
} CodeParts;
/* Checks everything. own: ret new · fail: 0 + ValueError, TypeError */
NODISCARD Own code_build(const CodeParts *parts);
NODISCARD Own code_build_audited(const CodeParts *p); /* the same for Python code: hooks may refuse */

/* Text and tables that Python sees: new references. */
NODISCARD Own code_bytes(const Code *code);           /* co_code */
NODISCARD Own code_line_table(const Code *code);      /* co_linetable: relative to firstlineno */
NODISCARD Own code_exception_table(const Code *code); /* co_exceptiontable */
/* The names of the locals of any of these kinds (LOCAL_*), in order: a tuple. */
NODISCARD Own code_local_names(const Code *code, unsigned kinds);
#define CODE_VARNAMES (LOCAL_ARG | LOCAL_VAR) /* co_varnames */

#endif
