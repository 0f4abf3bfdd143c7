/* Prints trees as Python's ast.dump(tree, include_attributes=True) does, and problems as `Kind:
   message (line, col, end_line, end_col)`, into a growing buffer. Walks by the tables of ast.h
   only, and so tests them too. */
#ifndef WEFT_TEST_SOURCE_DUMP_H
#define WEFT_TEST_SOURCE_DUMP_H

#include "base/number.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "source/parser.h"
#include <stdarg.h>
#include <stdio.h>

VEC_DEFINE(Buffer, buffer, char);

typedef struct Dumper {
    Buffer out;
    bool positions; /* with attributes */
} Dumper;

static inline void
put_bytes(Dumper *d, const char *text, size_t len)
{
    if (buffer_extend(&d->out, text, len) < 0)
        abort();
}

static inline void
put(Dumper *d, const char *text)
{
    put_bytes(d, text, strlen(text));
}

PRINTF_LIKE(2, 3) static inline void put_format(Dumper *d, const char *format, ...)
{
    char text[64];
    va_list args;
    va_start(args, format);
    put_bytes(d, text, (size_t)vsnprintf(text, sizeof text, format, args));
    va_end(args);
}

/* As ascii() shows it: repr() would need to know what is printable. */
static inline void
put_text(Dumper *d, const char *text, size_t len, bool bytes)
{
    bool single = memchr(text, '\'', len), both = single && memchr(text, '"', len);
    char quote = single && !both ? '"' : '\'';
    const uint8_t *p = (const uint8_t *)text, *end = p + len;
    put(d, bytes ? "b" : "");
    put_bytes(d, &quote, 1);
    while (p < end) {
        uint32_t c = bytes ? *p++ : utf8_next(&p);
        char plain = (char)c;
        if (c == (uint8_t)quote || c == '\\')
            put_format(d, "\\%c", plain);
        else if (c >= ' ' && c < 0x7f)
            put_bytes(d, &plain, 1);
        else if (c == '\n' || c == '\t' || c == '\r')
            put(d, c == '\n' ? "\\n" : c == '\t' ? "\\t" : "\\r");
        else
            put_format(d, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
    }
    put_bytes(d, &quote, 1);
}

/* A number that is too large for 64 bits, in decimal. */
static inline void
put_big(Dumper *d, const Const *value)
{
    size_t count = 1, n = value->len;
    uint32_t *limbs = calloc(n + 2, sizeof(*limbs)); /* base 10**9, lowest first */
    for (size_t i = 0; limbs && i < n; i++) {
        char c = value->text[i];
        uint64_t carry = (uint64_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
        for (size_t k = 0; k < count; k++) {
            carry += (uint64_t)limbs[k] * value->base;
            limbs[k] = (uint32_t)(carry % 1000000000);
            carry /= 1000000000;
        }
        if (carry)
            limbs[count++] = (uint32_t)carry;
    }
    put_format(d, "%u", limbs[count - 1]);
    for (size_t k = count - 1; k-- > 0;)
        put_format(d, "%09u", limbs[k]);
    free(limbs);
}

static inline void
put_double(Dumper *d, double x, bool complex)
{
    char text[DOUBLE_REPR_MAX];
    size_t len = (size_t)(double_repr(text, x) - text);
    if (complex && len > 2 && memcmp(text + len - 2, ".0", 2) == 0)
        len -= 2;
    put_bytes(d, text, len);
    put(d, complex ? "j" : "");
}

static inline void
put_const(Dumper *d, const Const *value)
{
    switch ((ConstKind)value->kind) {
    case CONST_NONE:
        put(d, "None");
        break;
    case CONST_TRUE:
        put(d, "True");
        break;
    case CONST_FALSE:
        put(d, "False");
        break;
    case CONST_ELLIPSIS:
        put(d, "Ellipsis");
        break;
    case CONST_INT:
        if (value->fits)
            put_format(d, "%lld", (long long)value->small);
        else
            put_big(d, value);
        break;
    case CONST_FLOAT:
    case CONST_COMPLEX:
        put_double(d, value->number, value->kind == CONST_COMPLEX);
        break;
    case CONST_STR:
    case CONST_BYTES:
        put_text(d, value->text, value->len, value->kind == CONST_BYTES);
        break;
    case CONST_OBJECT:
        put(d, "<object>");
        break;
    }
}

static inline void put_node(Dumper *d, int type, const void *node);

/* One value of a type, where it is stored. */
static inline void
put_item(Dumper *d, int type, const void *at)
{
    const AstTypeInfo *info = &ast_types[type];
    const void *pointer = NULL;
    if (info->form != AST_ENUM && type != AST_TYPE_INT && type != AST_TYPE_CONSTANT) {
        pointer = *(const void *const *)at;
    }
    if (type == AST_TYPE_INT) {
        put_format(d, "%d", *(const int *)at);
    } else if (type == AST_TYPE_CONSTANT) {
        put_const(d, at);
    } else if (info->form == AST_ENUM) {
        put_format(d, "%s()", ast_nodes[info->first_node + *(const int *)at - 1].name);
    } else if (!pointer) {
        put(d, "None");
    } else if (type == AST_TYPE_IDENTIFIER) {
        const Name *name = pointer;
        put_text(d, name->text, name->len, false);
    } else if (type == AST_TYPE_STRING) {
        const Text *text = pointer;
        put_text(d, text->text, text->len, false);
    } else {
        put_node(d, type, pointer);
    }
}

static inline void
put_node(Dumper *d, int type, const void *node)
{
    const AstTypeInfo *info = &ast_types[type];
    const AstNode *n =
        &ast_nodes[info->first_node + (info->form == AST_SUM ? *(const int *)node - 1 : 0)];
    const char *comma = "";
    put_format(d, "%s(", n->name);
    for (int i = 0; i < n->count; i++) {
        const AstField *f = &n->fields[i];
        const char *at = (const char *)node + f->offset;
        const AstSeq *seq = (const AstSeq *)at;
        if (f->card >= AST_SEQ
                ? seq->count == 0
                : f->card == AST_OPT && f->type != AST_TYPE_INT && !*(void *const *)at)
            continue;
        put_format(d, "%s%s=", comma, f->name);
        comma = ", ";
        if (f->card < AST_SEQ) {
            put_item(d, f->type, at);
            continue;
        }
        size_t size = ast_types[f->type].form == AST_ENUM ? sizeof(int) : sizeof(void *);
        for (int k = 0; k < seq->count; k++) {
            put(d, k ? ", " : "[");
            put_item(d, f->type, (const char *)seq->items + (size_t)k * size);
        }
        put(d, "]");
    }
    if (info->has_pos && d->positions) {
        const Pos *pos = (const Pos *)((const char *)node + info->pos_offset);
        put_format(d, "%slineno=%d, col_offset=%d", comma, pos->lineno, pos->col_offset);
        put_format(d, ", end_lineno=%d, end_col_offset=%d", pos->end_lineno, pos->end_col_offset);
    }
    put(d, ")");
}

static inline void
put_problem(Dumper *d, const SyntaxProblem *problem)
{
    static const char *const kinds[] = {
        [PROBLEM_SYNTAX] = "SyntaxError",    [PROBLEM_INDENTATION] = "IndentationError",
        [PROBLEM_TAB] = "TabError",          [PROBLEM_INCOMPLETE] = "_IncompleteInputError",
        [PROBLEM_RECURSION] = "MemoryError", [PROBLEM_MEMORY] = "MemoryError",
        [PROBLEM_VALUE] = "ValueError",      [PROBLEM_HOST] = "HostError",
        [PROBLEM_NONE] = "no problem",
    };
    put_format(d, "%s: ", kinds[problem->kind]);
    put(d, problem->message ? problem->message : "");
    if (problem->located && problem->no_end)
        put_format(d, " (%d, %d, None, None)", problem->lineno, problem->offset);
    else if (problem->located)
        put_format(d, " (%d, %d, %d, %d)", problem->lineno, problem->offset, problem->end_lineno,
                   problem->end_offset);
}

/* The tree or the problem of a source; text that lives until buffer_free(&d->out). */
static inline void
put_parse(Dumper *d, const Source *source)
{
    Arena arena;
    arena_init(&arena);
    ParseResult result = parse(source, &arena);
    if (result.mod)
        put_node(d, AST_TYPE_MOD, result.mod);
    else
        put_problem(d, &result.problem);
    arena_free_all(&arena);
}

#endif
