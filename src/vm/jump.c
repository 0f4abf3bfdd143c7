/* frame.f_lineno = n: the frame of a trace function goes on at another line.
 *
 * A place can be gone to when every temporary that its code relies on is there now, and means the same: the loops, with statements and handlers
 * around it are around the present place, too. What else is there is dropped; a handled exception that is left is handled no more. Which
 * registers hold something, the verifier of code knows (code_register_states). */
#include "compile/compile.h"
#include "compile/inst.h"
#include "object/error.h"
#include "object/exception.h"
#include "object/int.h"
#include "object/tuple.h"
#include "vm/monitor.h"
#include "vm/ops.h"
#include "vm/trace.h"

typedef enum { KIND_OTHER, KIND_LOOP, KIND_HANDLER, KIND_WITH } Kind;

typedef struct Jump {
    Frame *frame;
    const CodeEvents *events;
    uint8_t *here, *there; /* states of the registers */
    const char *refusal;
} Jump;

static const char *const refusals[] = {
    [KIND_OTHER] = "incompatible stacks",
    [KIND_LOOP] = "can't jump into the body of a for loop",
    [KIND_HANDLER] = "can't jump into an 'except' block as there's no exception",
    [KIND_WITH] = "incompatible stacks",
};

/* What made the temporary r that is alive at `at`: the nearest instruction before it that wrote there, and which one that is. */
static Kind
made_by(const Code *code, uint32_t at, uint32_t r, uint32_t *maker)
{
    Kind kind = KIND_OTHER;
    *maker = code->ninst;
    for (uint32_t i = 0; i < at;) {
        Inst word = __atomic_load_n(&code->instructions[i], __ATOMIC_RELAXED);
        const InstInfo *info = &inst_info[inst_opcode(word)];
        uint32_t a = inst_a(word), n = info->operands[0].base + info->operands[0].per_c * inst_c(word);
        if (info->operands[0].kind == OPERAND_DST && r >= a && r < a + n) {
            *maker = i;
        }
        switch (info->general) {
        case I_ENTER_HANDLER:
            if (r == a || r == a + 1) {
                kind = KIND_HANDLER;
                *maker = i;
            }
            break;
        case I_LOAD_SPECIAL:
            kind = r == a || r == a + 1 ? KIND_WITH : kind;
            break;
        case I_GET_ITER:
        case I_GET_AITER:
            kind = r == a ? KIND_LOOP : kind;
            break;
        default:
            kind = *maker == i ? KIND_OTHER : kind;
            break;
        }
        i += 1 + info->cache;
    }
    return kind;
}

static Kind
kind_of(const Code *code, uint32_t at, uint32_t r)
{
    uint32_t maker;
    return made_by(code, at, r, &maker);
}

/* Is what register r holds fit for its use there? */
static bool
value_fits(Value v, Kind kind)
{
    if (!v || !is_object(v)) {
        return kind == KIND_HANDLER; /* the second register of one may say that nothing was handled before */
    }
    return kind != KIND_LOOP || type_of(v)->slots.next || type_of(v)->slots.anext;
}

/* Can the frame go on at `to`? How many temporaries are alive there, or -1. */
static int
fits(Jump *j, uint32_t to)
{
    const Frame *f = j->frame;
    const Code *code = f->code;
    uint32_t at = (uint32_t)(f->pc - code->instructions);
    memset(j->there, 0, code->nregs);
    if (!code_register_states(code, to, j->there)) {
        return -1;
    }
    int alive = 0;
    for (uint32_t r = code->nlocals_plus; r < code->nregs; r++) {
        if (!(j->there[r] & REGISTER_FULL)) {
            continue;
        }
        uint32_t maker, maker_here;
        Kind kind = made_by(code, to, r, &maker), kind_here = made_by(code, at, r, &maker_here);
        /* a part of an expression is only itself, and so is an exception: `finally` has code of its own for one that is not handled */
        bool any = kind == KIND_LOOP || kind == KIND_WITH;
        bool same = kind == kind_here && (any || (maker == maker_here && maker < code->ninst));
        bool optional = (j->there[r] & REGISTER_EMPTY) != 0;
        bool there_now = j->here[r] == REGISTER_FULL || (optional && (j->here[r] & REGISTER_FULL));
        if (!there_now || !same || (!value_fits(f->regs[r], kind) && !optional)) {
            j->refusal = refusals[kind];
            return -1;
        }
        alive++;
    }
    return alive;
}

/* The place of a line where most of what is around now stays; false, with a refusal set, when there is none. */
static bool
find_place(Jump *j, int line, uint32_t *to)
{
    const Code *code = j->frame->code;
    int best = -1;
    j->refusal = "cannot find bytecode for specified line";
    for (uint32_t i = 0; i < code->ninst; i++) {
        if ((j->events->places[i] & PLACE_LINE) && code_line(code, i) == line) {
            int alive = fits(j, i);
            if (alive > best) {
                best = alive;
                *to = i;
            }
        }
    }
    return best >= 0;
}

/* The first line at or after the given one that has code; -1: none. */
static int
first_line(const Jump *j, int line)
{
    const Code *code = j->frame->code;
    int found = -1;
    for (uint32_t i = 0; i < code->ninst; i++) {
        int here = j->events->places[i] & PLACE_LINE ? code_line(code, i) : -1;
        if (here >= line && (found < 0 || here < found)) {
            found = here;
        }
    }
    return found;
}

static int
bind_locals(Frame *f)
{
    const Code *code = f->code;
    int unbound = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t r = 0; r < code->nlocals_plus; r++) {
            bool plain = (code->local_kinds[r] & (LOCAL_ARG | LOCAL_VAR)) && !(code->local_kinds[r] & (LOCAL_CELL | LOCAL_FREE | LOCAL_HIDDEN));
            if (plain && !f->regs[r]) {
                unbound++;
                if (pass) {
                    f->regs[r] = NONE;
                }
            }
        }
        if (!unbound) {
            return 0;
        }
        if (!pass && warn_fmt(&exc_RuntimeWarning, 0, "assigning None to %d unbound local%s", unbound, unbound == 1 ? "" : "s") < 0) {
            return -1;
        }
    }
    return 0;
}

/* Drops the temporaries that `to` does not know, the innermost first. */
static void
leave(Thread *t, Jump *j)
{
    Frame *f = j->frame;
    const Code *code = f->code;
    uint32_t at = (uint32_t)(f->pc - code->instructions);
    for (uint32_t r = code->nregs; r-- > code->nlocals_plus;) {
        if ((j->there[r] & REGISTER_FULL) || j->here[r] == REGISTER_EMPTY || !f->regs[r]) {
            continue;
        }
        Own v = f->regs[r];
        f->regs[r] = NO_VALUE;
        bool previous = r > code->nlocals_plus && kind_of(code, at, r) == KIND_HANDLER && kind_of(code, at, r - 1) == KIND_HANDLER &&
                        f->regs[r - 1] && is_exception(f->regs[r - 1]) && t->handled->exc == f->regs[r - 1];
        if (previous) { /* what was handled before is handled again */
            Own handled = t->handled->exc;
            t->handled->exc = v == NONE ? NO_VALUE : reg_take(v);
            drop_opt(handled);
        } else {
            reg_drop(v);
        }
    }
}

static int
jump_to(Thread *t, Jump *j, int line)
{
    const Code *code = j->frame->code;
    uint32_t at = (uint32_t)(j->frame->pc - code->instructions), to;
    if (line < code->firstlineno) {
        return raise_int(&exc_ValueError, "line %d comes before the current code block", line);
    }
    int found = first_line(j, line);
    if (found < 0) {
        return raise_int(&exc_ValueError, "line %d comes after the current code block", line);
    }
    if (!code_register_states(code, at, j->here) || !find_place(j, found, &to)) {
        return exc_pending() ? -1 : raise_int(&exc_ValueError, "%s", j->refusal ? j->refusal : "incompatible stacks");
    }
    if (exc_pending() || fits(j, to) < 0 || bind_locals(j->frame) < 0) {
        return -1;
    }
    leave(t, j);
    j->frame->pc = code->instructions + to;
    return 0;
}

int
trace_jump(Thread *t, Frame *f, int line)
{
    Jump j = {.frame = f, .events = code_events(f->code)};
    j.here = mem_zalloc(f->code->nregs + 1u);
    j.there = j.here ? mem_zalloc(f->code->nregs + 1u) : NULL;
    int status = -1;
    if (j.there && j.events) {
        status = jump_to(t, &j, line);
    } else if (!exc_pending()) {
        raise_no_memory();
    }
    mem_free(j.here);
    mem_free(j.there);
    return status;
}
