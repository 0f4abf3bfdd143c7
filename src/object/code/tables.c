/* The tables of a code object as bytes: co_linetable and co_exceptiontable.
 *
 * Both are rows of variable-length numbers, seven bits a byte, least significant first, the high
 * bit set on all but the last; signed numbers are folded (0, -1, 1, -2, ...). A row of the line
 * table: words since the last row, line since the last row (at first: since firstlineno), lines it
 * spans, column + 1, end column + 1. A row without a line has the single number 0 after its words,
 * others have 1 there. A row of the exception table: start, length, handler, depth, flags.
 *
 * Everything read is checked: the bytes may come from a file or a program. No state, no locks. */
#include "base/vec.h"
#include "object/bytes.h"
#include "object/code/code_priv.h"

VEC_DEFINE(ByteVec, bytevec, uint8_t);

static int
put(ByteVec *out, uint64_t n)
{
    do {
        if (bytevec_push(out, (uint8_t)((n & 0x7F) | (n > 0x7F ? 0x80 : 0))) < 0) {
            return -1;
        }
        n >>= 7;
    } while (n);
    return 0;
}

static int
put_signed(ByteVec *out, int64_t n)
{
    return put(out, (uint64_t)n << 1 ^ (uint64_t)(n >> 63));
}

typedef struct Reader {
    const uint8_t *at, *end;
    bool bad;
} Reader;

static uint64_t
get(Reader *r)
{
    uint64_t n = 0;
    for (unsigned shift = 0; shift < 63; shift += 7) {
        if (r->at == r->end) {
            break;
        }
        uint8_t byte = *r->at++;
        n |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80)) {
            return n;
        }
    }
    r->bad = true;
    return 0;
}

/* A number up to most. */
static uint32_t
get_up_to(Reader *r, uint32_t most)
{
    uint64_t n = get(r);
    if (n > most) {
        r->bad = true;
        return 0;
    }
    return (uint32_t)n;
}

/* base plus a signed number: a line. */
static int32_t
get_from(Reader *r, int32_t base)
{
    uint64_t folded = get(r);
    int64_t n = (int64_t)(folded >> 1) ^ -(int64_t)(folded & 1);
    if (n > INT32_MAX || n < INT32_MIN || base + n > INT32_MAX || base + n < INT32_MIN) {
        r->bad = true;
        return 0;
    }
    return (int32_t)(base + n);
}

/* own: the vector is freed */
static Own
finish(ByteVec *v, int status)
{
    Own bytes = status < 0 ? raise_no_memory() : bytes_new(v->data, v->len);
    bytevec_free(v);
    return bytes;
}

Own
code_line_table(const Code *code)
{
    ByteVec out = {0};
    int32_t line = code->firstlineno;
    uint32_t start = 0;
    int status = 0;
    for (uint32_t i = 0; i < code->npositions && status == 0; i++) {
        const Position *p = &code->positions[i];
        status |= put(&out, p->start - start);
        start = p->start;
        if (p->line < 0) {
            status |= put(&out, 0);
            continue;
        }
        status |= put(&out, 1) | put_signed(&out, (int64_t)p->line - line) |
                  put_signed(&out, (int64_t)p->end_line - p->line) |
                  put(&out, (uint64_t)(p->column + 1)) | put(&out, (uint64_t)(p->end_column + 1));
        line = p->line;
    }
    return finish(&out, status);
}

Own
code_exception_table(const Code *code)
{
    ByteVec out = {0};
    int status = 0;
    for (uint32_t i = 0; i < code->nhandlers && status == 0; i++) {
        const HandlerRange *h = &code->handlers[i];
        status |= put(&out, h->start) | put(&out, h->end - h->start) | put(&out, h->handler) |
                  put(&out, h->depth) | put(&out, h->flags);
    }
    return finish(&out, status);
}

static Position
read_position(Reader *r, uint32_t *start, int32_t *line, uint32_t ninst)
{
    Position p = {.line = -1, .end_line = -1, .column = -1, .end_column = -1};
    *start += get_up_to(r, ninst - *start);
    p.start = *start;
    if (get_up_to(r, 1)) {
        p.line = *line = get_from(r, *line);
        p.end_line = get_from(r, p.line);
        p.column = (int32_t)get_up_to(r, INT32_MAX) - 1;
        p.end_column = (int32_t)get_up_to(r, INT32_MAX) - 1;
    }
    return p;
}

/* A row takes at least two bytes: so many rows at most. */
int
positions_decode(Value bytes, int32_t firstlineno, uint32_t ninst, Position **out, uint32_t *count)
{
    const Bytes *b = as_bytes(bytes);
    Reader r = {b->data, b->data + b->length, false};
    Position *rows = mem_alloc((size_t)(b->length / 2 + 1) * sizeof *rows);
    if (!rows) {
        return -1;
    }
    uint32_t n = 0, start = 0;
    int32_t line = firstlineno;
    while (r.at < r.end && !r.bad) {
        Position p = read_position(&r, &start, &line, ninst);
        if (n > 0 && p.start == rows[n - 1].start) {
            r.bad = true;
        }
        if (!r.bad) {
            rows[n++] = p;
        }
    }
    if (r.bad) {
        n = 0; /* as in CPython this is no error: the code has no lines */
    }
    *out = rows;
    *count = n;
    return 0;
}

int
handlers_decode(Value bytes, uint32_t ninst, HandlerRange **out, uint32_t *count)
{
    const Bytes *b = as_bytes(bytes);
    Reader r = {b->data, b->data + b->length, false};
    HandlerRange *rows = mem_alloc((size_t)(b->length / 5 + 1) * sizeof *rows);
    if (!rows) {
        return -1;
    }
    uint32_t n = 0;
    while (r.at < r.end && !r.bad) {
        HandlerRange h;
        h.start = get_up_to(&r, ninst);
        h.end = h.start + get_up_to(&r, ninst - h.start);
        h.handler = get_up_to(&r, ninst ? ninst - 1 : 0);
        h.depth = (uint16_t)get_up_to(&r, UINT16_MAX);
        h.flags = (uint16_t)get_up_to(&r, UINT16_MAX);
        if (!r.bad) {
            rows[n++] = h;
        }
    }
    if (r.bad) {
        mem_free(rows);
        return raise_int(&exc_ValueError, "code: co_exceptiontable is malformed");
    }
    *out = rows;
    *count = n;
    return 0;
}
