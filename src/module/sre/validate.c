/* Whether code may be run: the matcher checks nothing of what it reads.
 *
 * What it trusts, and is therefore looked at here, of every word that it can reach:
 *   - an instruction is known, its operands are there, and another one follows it: each sequence ends in an end of its own kind;
 *   - all skips lead forward to where an instruction begins, in the same sequence: so each run of code ends, and between a REPEAT and its
 *     UNTIL, which is not entered by other ways, the chain of repeats is the one that the UNTIL expects. Only an UNTIL goes back, and
 *     it does not where an iteration above the least took no characters;
 *   - of REPEAT_ONE and its likes, the item takes one character;
 *   - marks and groups are among those of the pattern, which bound its array of marks;
 *   - a set ends in FAILURE, and the table of a BIGCHARSET names blocks that it has.
 * Pairs of marks nest, and NEGATE comes first in a set, because nothing else was ever tried. What only tells wrong (the widths of INFO and of
 * look-behinds, ranges upside down) is let pass, as in CPython.
 *
 * Functions get the words from `code` to `end`, give where they stopped, and NULL for bad code. The code is private to its thread. */
#include "heap/thread.h"
#include "sre.h"

#define NO_MARK UINT32_MAX

typedef struct Limits {
    uint32_t groups, marks;
} Limits;

static const uint32_t *sequence(const Limits *limits, const uint32_t *code, const uint32_t *end, uint32_t closing);

/* Where the skip at `at` leads to; NULL past `end`, or nearer than `least` words. */
static const uint32_t *
skip_target(const uint32_t *at, const uint32_t *end, uint32_t least)
{
    return at < end && *at >= least && *at <= end - at ? at + *at : NULL;
}

/* A set, which must fill its room. */
static bool
charset_is_valid(const uint32_t *set, const uint32_t *end)
{
    if (set < end && *set == OP_NEGATE) {
        set++;
    }
    while (set < end) {
        int64_t left = end - set - 1, words; /* words: operands */
        switch (*set) {
        case OP_FAILURE:
            return left == 0;
        case OP_LITERAL:
            words = 1;
            break;
        case OP_CATEGORY:
            if (left < 1 || set[1] >= SRE_CATEGORIES) {
                return false;
            }
            words = 1;
            break;
        case OP_RANGE:
        case OP_RANGE_UNI_IGNORE:
            words = 2;
            break;
        case OP_CHARSET:
            words = 8;
            break;
        case OP_BIGCHARSET: {
            words = left < 1 ? 0 : 1 + 64 + (int64_t)set[1] * 8;
            if (words == 0 || words > left) {
                return false;
            }
            const uint8_t *table = (const uint8_t *)(set + 2);
            for (int i = 0; i < 256; i++) {
                if (table[i] >= set[1]) {
                    return false;
                }
            }
            break;
        }
        default:
            return false;
        }
        if (words > left) {
            return false;
        }
        set += 1 + words;
    }
    return false;
}

/* After an INFO; code: at its skip. Its parts must fill it. */
static const uint32_t *
info(const uint32_t *code, const uint32_t *end)
{
    const uint32_t *next = skip_target(code, end, 4);
    if (!next) {
        return NULL;
    }
    uint32_t flags = code[1];
    if (flags == 0) {
        return next == code + 4 ? next : NULL;
    }
    if (flags == SRE_INFO_CHARSET) {
        return charset_is_valid(code + 4, next) ? next : NULL;
    }
    if ((flags & ~(uint32_t)SRE_INFO_LITERAL) != SRE_INFO_PREFIX || next - code < 6 || next - code != 6 + 2 * (int64_t)code[4]) {
        return NULL;
    }
    const uint32_t *overlap = code + 6 + code[4];
    for (uint32_t i = 0; i < code[4]; i++) {
        if (overlap[i] >= code[4]) {
            return NULL;
        }
    }
    return next;
}

/* After a BRANCH; code: at its first skip. Each alternative ends in a JUMP behind the last, where a skip of 0 stands. */
static const uint32_t *
branch(const Limits *limits, const uint32_t *code, const uint32_t *end)
{
    const uint32_t *target = NULL;
    do {
        const uint32_t *next = skip_target(code, end, 3);
        if (!next || next == end || next[-2] != OP_JUMP || sequence(limits, code + 1, next - 2, NO_MARK) != next - 2) {
            return NULL;
        }
        const uint32_t *to = skip_target(next - 1, end, 1);
        if (!to || (target && to != target)) {
            return NULL;
        }
        target = to;
        code = next;
    } while (*code != 0);
    return target == code + 1 ? target : NULL;
}

/* After a GROUPREF_EXISTS; code: at its group. Where there is a second part, the first ends in a JUMP behind it. */
static const uint32_t *
conditional(const Limits *limits, const uint32_t *code, const uint32_t *end)
{
    if (end - code < 2 || code[0] >= limits->groups || code[1] < 2 || code[1] > end - code) {
        return NULL;
    }
    const uint32_t *no = code + code[1], *stop = sequence(limits, code + 2, no, NO_MARK);
    if (stop == no) {
        return no;
    }
    if (!stop || stop != no - 2) {
        return NULL;
    }
    const uint32_t *next = skip_target(no - 1, end, 1);
    return next && sequence(limits, no, next, NO_MARK) == next ? next : NULL;
}

/* After a sequence in the room of its skip, which is at `code`, with SUCCESS as its last word. */
static const uint32_t *
enclosed(const Limits *limits, const uint32_t *code, const uint32_t *end, uint32_t operands)
{
    const uint32_t *next = skip_target(code, end, operands + 2);
    return next && next[-1] == OP_SUCCESS && sequence(limits, code + 1 + operands, next - 1, NO_MARK) == next - 1 ? next : NULL;
}

/* After a repeated sequence: its skip, at `code`, leads to the instruction that ends it, of one word. */
static const uint32_t *
repeat(const Limits *limits, const uint32_t *code, const uint32_t *end, bool possessive)
{
    const uint32_t *next = skip_target(code, end, 3);
    if (!next || next == end || code[1] > code[2] ||
        !(possessive ? *next == OP_SUCCESS : *next == OP_MAX_UNTIL || *next == OP_MIN_UNTIL)) {
        return NULL;
    }
    return sequence(limits, code + 3, next, NO_MARK) == next ? next + 1 : NULL;
}

/* After a repeated item, which takes one character (or fails) and is followed by SUCCESS. */
static const uint32_t *
repeat_one(const Limits *limits, const uint32_t *code, const uint32_t *end)
{
    const uint32_t *next = skip_target(code, end, 5);
    if (!next || code[1] > code[2] || next[-1] != OP_SUCCESS) {
        return NULL;
    }
    int64_t words = next - 1 - (code + 3); /* of the item */
    switch (code[3]) {
    case OP_FAILURE:
    case OP_ANY:
    case OP_ANY_ALL:
        return words == 1 ? next : NULL;
    case OP_IN:
    case OP_IN_IGNORE:
    case OP_IN_UNI_IGNORE:
    case OP_IN_LOC_IGNORE:
        return words >= 2 && words - 1 == code[4] && sequence(limits, code + 3, next - 1, NO_MARK) ? next : NULL;
    case OP_LITERAL:
    case OP_NOT_LITERAL:
    case OP_LITERAL_IGNORE:
    case OP_NOT_LITERAL_IGNORE:
    case OP_LITERAL_UNI_IGNORE:
    case OP_NOT_LITERAL_UNI_IGNORE:
    case OP_LITERAL_LOC_IGNORE:
    case OP_NOT_LITERAL_LOC_IGNORE:
        return words == 2 ? next : NULL;
    default:
        return NULL;
    }
}

/* After the instruction with op, whose operands are at `code`. */
static const uint32_t *
instruction(const Limits *limits, uint32_t op, const uint32_t *code, const uint32_t *end)
{
    const uint32_t *next;
    bool known = code < end; /* of one operand: is it there, and in range? */
    switch (op) {
    case OP_FAILURE:
    case OP_SUCCESS:
    case OP_ANY:
    case OP_ANY_ALL:
        return code;
    case OP_LITERAL:
    case OP_NOT_LITERAL:
    case OP_LITERAL_IGNORE:
    case OP_NOT_LITERAL_IGNORE:
    case OP_LITERAL_UNI_IGNORE:
    case OP_NOT_LITERAL_UNI_IGNORE:
    case OP_LITERAL_LOC_IGNORE:
    case OP_NOT_LITERAL_LOC_IGNORE:
        return known ? code + 1 : NULL;
    case OP_AT:
        return known && *code < SRE_PLACES ? code + 1 : NULL;
    case OP_GROUPREF:
    case OP_GROUPREF_IGNORE:
    case OP_GROUPREF_UNI_IGNORE:
    case OP_GROUPREF_LOC_IGNORE:
        return known && *code < limits->groups ? code + 1 : NULL;
    case OP_MARK: /* one that opens: `sequence` sees to those that close */
        return known && *code < limits->marks && !(*code & 1) ? sequence(limits, code + 1, end, *code + 1) : NULL;
    case OP_IN:
    case OP_IN_IGNORE:
    case OP_IN_UNI_IGNORE:
    case OP_IN_LOC_IGNORE:
        next = skip_target(code, end, 2);
        return next && charset_is_valid(code + 1, next) ? next : NULL;
    case OP_INFO:
        return info(code, end);
    case OP_BRANCH:
        return branch(limits, code, end);
    case OP_GROUPREF_EXISTS:
        return conditional(limits, code, end);
    case OP_ASSERT:
    case OP_ASSERT_NOT:
        return enclosed(limits, code, end, 1);
    case OP_ATOMIC_GROUP:
        return enclosed(limits, code, end, 0);
    case OP_REPEAT:
    case OP_POSSESSIVE_REPEAT:
        return repeat(limits, code, end, op == OP_POSSESSIVE_REPEAT);
    case OP_REPEAT_ONE:
    case OP_MIN_REPEAT_ONE:
    case OP_POSSESSIVE_REPEAT_ONE:
        return repeat_one(limits, code, end);
    default: /* parts of sets, and ends in the wrong place */
        return NULL;
    }
}

/* A sequence of instructions: to the end, or to a JUMP, which its caller must expect there; with a closing mark, to behind that one. */
static const uint32_t *
sequence(const Limits *limits, const uint32_t *code, const uint32_t *end, uint32_t closing)
{
    if (!c_stack_ok()) {
        return NULL;
    }
    while (code && code < end && *code != OP_JUMP) {
        if (*code == OP_MARK && closing != NO_MARK && end - code >= 2 && code[1] == closing) {
            return code + 2;
        }
        code = instruction(limits, *code, code + 1, end);
    }
    return closing == NO_MARK ? code : NULL;
}

int
sre_validate(const uint32_t *code, int64_t length, int64_t groups)
{
    if (groups >= 0 && groups <= SRE_MAXGROUPS && length > 0 && code[length - 1] == OP_SUCCESS) {
        Limits limits = {(uint32_t)groups, (uint32_t)groups * 2};
        if (sequence(&limits, code, code + length - 1, NO_MARK) == code + length - 1) {
            return 0;
        }
    }
    return exc_pending() ? -1 : raise_int(&exc_RuntimeError, "invalid SRE code");
}
