/* The interpreter's loop, made of the bodies in compile/instructions.def for one variant.
 *
 * src/vm/dispatch_one.c and dispatch_many.c define MANY (0: the program has one thread, nothing is tested for sharing; 1: it has more)
 * and DISPATCH_TABLE, the name of the table they define, and include this file.
 *
 * With clang each body is a function that ends in a tail call of the next: pc, the frame's registers, the thread and the dispatch table
 * travel in machine registers that C functions preserve (preserve_none passes them in r12-r15 on x86-64). A body that needs to call C
 * functions on its way does so in its `slow` part, a function of its own, so that the fast part needs no stack frame.
 * With gcc the same bodies are the labels of one function.
 *
 * What a body may use is in vm/body.h. */
#include "vm/cache.h"

#if defined(__clang__) && __has_attribute(preserve_none) && __has_attribute(musttail)

#define PRESERVE_NONE __attribute__((preserve_none))
#define STATE const Inst *pc, Own *regs, Thread *t, const struct Handler *dispatch, Own handed, uint64_t handed_n
typedef struct Handler {
    PRESERVE_NONE Own (*run)(STATE);
} Handler;

/* A word of no value, at no cost. */
#define ANY_VALUE(type)                                                                            \
    ({                                                                                             \
        type any_;                                                                                 \
        __asm__("" : "=r"(any_));                                                                  \
        any_;                                                                                      \
    })
#define GO_TO(f, x_, y_) __attribute__((musttail)) return f(pc, regs, t, dispatch, x_, y_)
#define DISPATCH() GO_TO(dispatch[operand_opcode(pc)].run, ANY_VALUE(Own), ANY_VALUE(uint64_t))
#define HANDLER(NAME)                                                                           \
    static PRESERVE_NONE Own h_##NAME(const Inst *pc, Own *regs, Thread *t, const struct Handler *dispatch, Own handed UNUSED, uint64_t handed_n UNUSED)
#define SLOW_HANDLER(NAME)                                                                      \
    static PRESERVE_NONE NOINLINE Own s_##NAME(const Inst *pc, Own *regs, Thread *t, const struct Handler *dispatch, Own handed UNUSED, uint64_t handed_n UNUSED)
#define SLOW_PATH(NAME) GO_TO(s_##NAME, ANY_VALUE(Own), ANY_VALUE(uint64_t))
#define SLOW_PATH_WITH(NAME, x_, y_) GO_TO(s_##NAME, x_, y_)
#define CONTINUE_AT(NAME, x_, y_) GO_TO(c_##NAME, x_, y_)
#define CONTINUATION(NAME)                                                                         \
    static PRESERVE_NONE NOINLINE Own c_##NAME(const Inst *pc, Own *regs, Thread *t, const struct Handler *dispatch, Own handed UNUSED, uint64_t handed_n UNUSED)
#define LEAVE(v) return v
#define DISPATCH_BY(table) GO_TO((table)[operand_opcode(pc)].run, ANY_VALUE(Own), ANY_VALUE(uint64_t))

static const Handler DISPATCH_TABLE[1 << 10];

#include "vm/continuations.h"
#include "vm/handlers.gen.h"

static const Handler DISPATCH_TABLE[1 << 10] = {
#define X(NAME) [I_##NAME] = {h_##NAME},
#include "vm/handlers.gen.inc"
#undef X
};
#if MANY
static const Handler table_traced[1 << 10] = {[0 ... (1 << 10) - 1] = {c_traced}};
#endif

static void
table_fill(void)
{
}

static NOINLINE Own
run(Thread *t, Frame *f)
{
    return ((const Handler *)t->dispatch)[operand_opcode(f->pc)].run(f->pc, f->regs, t, t->dispatch, NO_VALUE, 0);
}

#else

typedef struct Handler {
    const void *label;
} Handler;

static Handler DISPATCH_TABLE[1 << 10];
#if MANY
static Handler table_traced[1 << 10];
#endif

#define GO_TO_LABEL(label, x_, y_)                                                                 \
    do {                                                                                           \
        handed = (x_);                                                                                  \
        handed_n = (y_);                                                                                  \
        goto label;                                                                                \
    } while (0)
#define ANY_VALUE(type) ((type)0)
#define DISPATCH() goto *dispatch[operand_opcode(pc)].label
#define DISPATCH_BY(table) goto *(table)[operand_opcode(pc)].label
#define HANDLER(NAME) h_##NAME:
#define SLOW_HANDLER(NAME) s_##NAME:
#define SLOW_PATH(NAME) goto s_##NAME
#define SLOW_PATH_WITH(NAME, x_, y_) GO_TO_LABEL(s_##NAME, x_, y_)
#define CONTINUE_AT(NAME, x_, y_) GO_TO_LABEL(c_##NAME, x_, y_)
#define CONTINUATION(NAME) c_##NAME:
#define LEAVE(v) return v

static NOINLINE Own
run(Thread *t, Frame *f)
{
    if (!f) {
#define X(NAME) DISPATCH_TABLE[I_##NAME].label = &&h_##NAME;
#include "vm/handlers.gen.inc"
#undef X
#if MANY
        for (int i = 0; i < 1 << 10; i++) {
            table_traced[i].label = &&c_traced;
        }
#endif
        return NO_VALUE;
    }
    const Inst *pc = f->pc;
    Own *regs = f->regs;
    const Handler *dispatch = t->dispatch;
    Own handed = NO_VALUE;
    uint64_t handed_n = 0;
    DISPATCH();
#include "vm/continuations.h"
#include "vm/handlers.gen.h"
}

static void
table_fill(void)
{
    (void)run(NULL, NULL);
}

#endif
