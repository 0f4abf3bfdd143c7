/* Where instructions come from: code_position, and the iterators of co_lines(), co_positions() and
 * co_branches().
 *
 * Threads: an iterator's place is atomic; two threads that share one each get some of its items, an
 * item perhaps twice. */
#include "heap/critical.h"
#include "object/code/code_priv.h"
#include "object/hooks.h"
#include "object/int.h"
#include "object/iterator.h"
#include "object/tuple.h"

const Position *
code_position(const Code *code, uint32_t inst)
{
    uint32_t low = 0, high = code->npositions; /* the last run that starts at or before inst is in
                                                  [low - 1, high) */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (code->positions[middle].start <= inst) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 && inst < code->ninst ? &code->positions[low - 1] : NULL;
}

static int32_t
line_at(const Code *code, uint32_t inst)
{
    const Position *p = code_position(code, inst);
    return p ? p->line : -1;
}

/* The end of the run that `inst` is in. */
static uint32_t
run_end(const Code *code, uint32_t inst)
{
    const Position *p = code_position(code, inst);
    const Position *next = p ? p + 1 : code->positions;
    return next < code->positions + code->npositions ? next->start : code->ninst;
}

bool
code_line_run(const Code *code, uint32_t *at, uint32_t *end, int32_t *line)
{
    if (*at >= code->ninst || code->npositions == 0) {
        return false;
    }
    *line = line_at(code, *at);
    *end = run_end(code, *at);
    while (*end < code->ninst && line_at(code, *end) == *line) {
        *end = run_end(code, *end);
    }
    return true;
}

/* One struct for the three iterators. */
typedef struct CodeIterator {
    Object head;
    Own code;            /* immutable */
    _Atomic uint32_t at; /* the next word to look at */
} CodeIterator;

static Own
iterator_new(Type *type, Value code)
{
    CodeIterator *it =
        (CodeIterator *)object_alloc(type->root_shape, sizeof(CodeIterator), OBJ_TRACKED);
    if (it) {
        ref_init(&it->head, &it->code, own(code));
    }
    return OWN(it);
}

static int
iterator_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((CodeIterator *)o)->code);
    return 0;
}

static void
iterator_dealloc(Object *o)
{
    drop_opt(((CodeIterator *)o)->code);
    object_free(o);
}

static Own
line_value(int32_t line)
{
    return line >= 0 ? small_int(line) : NONE;
}

static Own
column_value(int32_t column)
{
    return column >= 0 ? small_int(column) : NONE;
}

static Own
line_next(Value v)
{
    CodeIterator *it = (CodeIterator *)obj(v);
    uint32_t at = atomic_load_explicit(&it->at, memory_order_relaxed), end;
    int32_t line;
    if (!code_line_run(as_code(it->code), &at, &end, &line)) {
        return NO_VALUE;
    }
    atomic_store_explicit(&it->at, end, memory_order_relaxed);
    return tuple_pack(3, (Value)small_int(CODE_OFFSET(at)), (Value)small_int(CODE_OFFSET(end)),
                      (Value)line_value(line));
}

static Own
positions_next(Value v)
{
    CodeIterator *it = (CodeIterator *)obj(v);
    const Code *code = as_code(it->code);
    uint32_t at = atomic_load_explicit(&it->at, memory_order_relaxed);
    if (at >= code->ninst) {
        return NO_VALUE;
    }
    atomic_store_explicit(&it->at, at + 1, memory_order_relaxed);
    const Position *p = code_position(code, at);
    if (!p || p->line < 0) {
        return tuple_pack(4, (Value)NONE, (Value)NONE, (Value)NONE, (Value)NONE);
    }
    return tuple_pack(4, (Value)line_value(p->line), (Value)line_value(p->end_line),
                      (Value)column_value(p->column), (Value)column_value(p->end_column));
}

static Own
branches_next(Value v)
{
    CodeIterator *it = (CodeIterator *)obj(v);
    uint32_t at = atomic_load_explicit(&it->at, memory_order_relaxed), not_taken, taken;
    if (!object_hooks.code_branch ||
        !object_hooks.code_branch(as_code(it->code), &at, &not_taken, &taken)) {
        return NO_VALUE;
    }
    atomic_store_explicit(&it->at, at + 1, memory_order_relaxed);
    return tuple_pack(3, (Value)small_int(CODE_OFFSET(at)),
                      (Value)small_int(CODE_OFFSET(not_taken)),
                      (Value)small_int(CODE_OFFSET(taken)));
}

Own
line_iterator_new(Value code)
{
    return iterator_new(&line_iterator_type, code);
}

Own
positions_iterator_new(Value code)
{
    return iterator_new(&positions_iterator_type, code);
}

Own
branches_iterator_new(Value code)
{
    return iterator_new(&branches_iterator_type, code);
}

#define CODE_ITERATOR_TYPE(variable, shown, next_fn)                                               \
    Type variable = {                                                                              \
        .name = shown,                                                                             \
        .flags = TYPE_GC | TYPE_NO_INSTANTIATE,                                                    \
        .basic_size = sizeof(CodeIterator),                                                        \
        .slots =                                                                                   \
            {                                                                                      \
                .traverse = iterator_traverse,                                                     \
                .dealloc = iterator_dealloc,                                                       \
                .iter = iterator_self,                                                             \
                .next = next_fn,                                                                   \
            },                                                                                     \
    };

CODE_ITERATOR_TYPE(line_iterator_type, "line_iterator", line_next)
CODE_ITERATOR_TYPE(positions_iterator_type, "positions_iterator", positions_next)
CODE_ITERATOR_TYPE(branches_iterator_type, "branches_iterator", branches_next)
