/* What the bodies in compile/instructions.def may use.
 *
 * In scope: pc (the instruction), regs (the frame's registers), t (the thread), dispatch, and the operands that the declaration names: A, B, C
 * or BC. Constants: WORDS, the length of the instruction with its caches; MANY, 1 in the variant for many threads.
 *
 *   REG(i)              register i: an lvalue of type Own
 *   FLAG(INST_KILL_B)   is the flag set in this instruction?
 *   FRAME, CODE         the running frame and its code
 *   CACHE(n)            the n-th cache word (acquire: it names records); cache_store(pc, n, word) writes it
 *
 * How a body ends (each of these leaves the body):
 *   NEXT                goes on with the next instruction, as falling off the end does
 *   JUMP(n)             the same, n words further
 *   FINISH(v)           operand a = v, a register's value, then NEXT; drops the old value if a is live. For bodies without sources to kill
 *   FINISH_BORROWED(v)  counts v first. pre: v cannot go away meanwhile (held by what only this thread can change)
 *   FINISH_KILL_B(v), FINISH_KILL_BORROWED(v)   the same, giving up source b if it is killed
 *   FINISH_READ(v, field)   counts v first, which was read from *field without a lock: where others count it, it must still be there when it
 *                       is counted, or the instruction begins anew. Then as FINISH_KILL_B
 *   FAIL                an exception is pending: to the handler
 *   SLOW                to the `slow` part, from the start; SLOW_WITH(x, y) hands it two words
 *   OUT(f)              the whole instruction is int f(pc, regs, t): 0 done, -1 failed
 *   OUT_JUMP(f, n)      1 = done, jump
 *   OUT_ENTER(f)        1 = go on in t->frame, which f has changed
 *   ENTER(frame)        goes on in that frame, at its pc
 *   LEAVE(v)            leaves vm_run with v
 * Before anything that may fail, run Python code or look at the frame: SAVE (FRAME->pc = pc); the OUT forms do it. After anything that may run
 * Python code: RELOAD, since the dispatch table may be another.
 *
 * The fast part of a body calls no C functions that are not inlined. */
#ifndef WEFT_VM_BODY_H
#define WEFT_VM_BODY_H

#include "compile/inst.h"
#include "heap/world.h"
#include "object/dict.h"
#include "object/float.h"
#include "object/int.h"
#include "object/list.h"
#include "object/module.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"
#include "vm/frame.h"
#include "vm/out.h"
#include "vm/register.h"
#include "vm/stack.h"

/* -- reading an instruction. Another thread may be writing a specialised opcode over this word, which changes no operand and no flag:
 * reading it in parts, with plain loads (the race is benign by construction, and made explicit for ThreadSanitizer), is sound. */
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define __SANITIZE_THREAD__ 1
#endif
#endif
#ifdef __SANITIZE_THREAD__
#define INST_READ(type, p) __atomic_load_n((const type *)(const void *)(p), __ATOMIC_RELAXED)
#else
typedef uint8_t __attribute__((may_alias)) InstByte;
typedef uint16_t __attribute__((may_alias)) InstHalf;
typedef uint32_t __attribute__((may_alias)) InstWord;
#define uint8_t_aliased InstByte
#define uint16_t_aliased InstHalf
#define uint32_t_aliased InstWord
#define INST_READ(type, p) (*(const type##_aliased *)(const void *)(p))
#endif
static ALWAYS_INLINE unsigned operand_opcode(const Inst *pc) { return INST_READ(uint16_t, pc) & INST_OPCODE_MASK; }
static ALWAYS_INLINE unsigned operand_ua(const Inst *pc) { return INST_READ(uint16_t, (const char *)pc + 2); }
static ALWAYS_INLINE unsigned operand_ub(const Inst *pc) { return INST_READ(uint16_t, (const char *)pc + 4); }
static ALWAYS_INLINE unsigned operand_uc(const Inst *pc) { return INST_READ(uint16_t, (const char *)pc + 6); }
static ALWAYS_INLINE unsigned operand_ubc(const Inst *pc) { return INST_READ(uint32_t, (const char *)pc + 4); }
static ALWAYS_INLINE int operand_sa(const Inst *pc) { return (int16_t)operand_ua(pc); }
static ALWAYS_INLINE int operand_sb(const Inst *pc) { return (int16_t)operand_ub(pc); }
static ALWAYS_INLINE int operand_sc(const Inst *pc) { return (int16_t)operand_uc(pc); }
static ALWAYS_INLINE int operand_sbc(const Inst *pc) { return (int)operand_ubc(pc); }
static ALWAYS_INLINE bool
inst_flag(const Inst *pc, unsigned flags)
{
    return (INST_READ(uint8_t, (const char *)pc + 1) & (flags >> 8)) != 0;
}

/* -- inline caches: vm/cache.h has their layouts */
static ALWAYS_INLINE uint64_t
cache_load(const Inst *pc, unsigned n)
{
    return __atomic_load_n(pc + 1 + n, __ATOMIC_ACQUIRE);
}

#define REG(i) regs[i]
#define FRAME FRAME_OF(regs)
#define CODE (FRAME->code)
#define FLAG(f) inst_flag(pc, f)
#define CACHE(n) cache_load(pc, n)

#define ANY_X ANY_VALUE(Own)
#define ANY_Y ANY_VALUE(uint64_t)

#define SAVE() (FRAME->pc = pc)
#define RELOAD() (dispatch = t->dispatch)
#define NEXT                                                                                       \
    do {                                                                                           \
        pc += WORDS;                                                                               \
        DISPATCH();                                                                                \
    } while (0)
#define JUMP(n)                                                                                    \
    do {                                                                                           \
        pc += WORDS + (n);                                                                         \
        DISPATCH();                                                                                \
    } while (0)
#define HANDLER_END NEXT
#define FAIL CONTINUE_AT(unwind, ANY_X, ANY_Y)
/* Go on in t->frame, at its pc. */
#define RESUME_FRAME()                                                                             \
    do {                                                                                           \
        regs = t->frame->regs;                                                                     \
        pc = t->frame->pc;                                                                         \
        RELOAD();                                                                                  \
        DISPATCH();                                                                                \
    } while (0)
/* After vm_return or vm_yield. */
#define RETURN_TO(call, v)                                                                         \
    do {                                                                                           \
        int status_ = (call);                                                                      \
        if (status_ > 0) {                                                                         \
            LEAVE(v);                                                                              \
        }                                                                                          \
        if (status_ == 0) {                                                                        \
            RESUME_FRAME();                                                                        \
        }                                                                                          \
        regs = t->frame->regs;                                                                     \
        pc = t->frame->pc;                                                                         \
        FAIL;                                                                                      \
    } while (0)
#define OUT(f)                                                                                     \
    do {                                                                                           \
        SAVE();                                                                                    \
        if (UNLIKELY(f(pc, regs, t) < 0)) {                                                        \
            FAIL;                                                                                  \
        }                                                                                          \
        RELOAD();                                                                                  \
        NEXT;                                                                                      \
    } while (0)
#define OUT_JUMP(f, n)                                                                             \
    do {                                                                                           \
        SAVE();                                                                                    \
        int status_ = f(pc, regs, t);                                                              \
        if (UNLIKELY(status_ < 0)) {                                                               \
            FAIL;                                                                                  \
        }                                                                                          \
        RELOAD();                                                                                  \
        if (status_) {                                                                             \
            JUMP(n);                                                                               \
        }                                                                                          \
        NEXT;                                                                                      \
    } while (0)
#define OUT_ENTER(f)                                                                               \
    do {                                                                                           \
        SAVE();                                                                                    \
        int status_ = f(pc, regs, t);                                                              \
        if (UNLIKELY(status_ < 0)) {                                                               \
            FAIL;                                                                                  \
        }                                                                                          \
        if (status_) {                                                                             \
            RESUME_FRAME();                                                                        \
        }                                                                                          \
        RELOAD();                                                                                  \
        NEXT;                                                                                      \
    } while (0)

/* Drop `old` (a register's value or NO_VALUE), then NEXT. */
#define NEXT_DROPPING(old)                                                                         \
    do {                                                                                           \
        Own old_ = (old);                                                                          \
        if (UNLIKELY(!reg_drop_fast(t, old_))) {                                                   \
            pc += WORDS;                                                                           \
            CONTINUE_AT(drop, old_, ANY_Y);                                                        \
        }                                                                                          \
        NEXT;                                                                                      \
    } while (0)

/* The same for a counted value, out of a field. */
#define NEXT_DROPPING_COUNTED(old)                                                                 \
    do {                                                                                           \
        Own old_ = (old);                                                                          \
        if (UNLIKELY(!counted_drop_fast(t, old_))) {                                               \
            pc += WORDS;                                                                           \
            CONTINUE_AT(drop_counted, old_, ANY_Y);                                                \
        }                                                                                          \
        NEXT;                                                                                      \
    } while (0)

#define FINISH(v)                                                                                  \
    do {                                                                                           \
        Own v_ = (v);                                                                              \
        if (FLAG(INST_LIVE_A)) {                                                                   \
            Own before_ = regs[operand_ua(pc)];                                                    \
            regs[operand_ua(pc)] = v_;                                                             \
            NEXT_DROPPING(before_);                                                                \
        }                                                                                          \
        regs[operand_ua(pc)] = v_;                                                                 \
        NEXT;                                                                                      \
    } while (0)
#define FINISH_BORROWED(v)                                                                         \
    do {                                                                                           \
        Value b_ = (v);                                                                            \
        if (UNLIKELY(!reg_own_fast(t, b_))) {                                                      \
            CONTINUE_AT(own_finish, (Own)(uintptr_t)b_, WORDS);                                    \
        }                                                                                          \
        FINISH((Own)(uintptr_t)b_);                                                                \
    } while (0)
#define FINISH_KILL_B(v)                                                                           \
    do {                                                                                           \
        Own v_ = (v);                                                                              \
        if (FLAG(INST_LIVE_A | INST_KILL_B)) {                                                     \
            unsigned dying_ = operand_ua(pc);                                                      \
            if (FLAG(INST_KILL_B)) {                                                               \
                if (FLAG(INST_LIVE_A)) {                                                           \
                    CONTINUE_AT(finish, v_, WORDS);                                                \
                }                                                                                  \
                dying_ = operand_ub(pc);                                                           \
            }                                                                                      \
            Own dead_ = regs[dying_];                                                              \
            regs[dying_] = NO_VALUE;                                                               \
            regs[operand_ua(pc)] = v_;                                                             \
            NEXT_DROPPING(dead_);                                                                  \
        }                                                                                          \
        regs[operand_ua(pc)] = v_;                                                                 \
        NEXT;                                                                                      \
    } while (0)
#define FINISH_KILL_BORROWED(v)                                                                    \
    do {                                                                                           \
        Value b_ = (v);                                                                            \
        if (UNLIKELY(!reg_own_fast(t, b_))) {                                                      \
            CONTINUE_AT(own_finish, (Own)(uintptr_t)b_, WORDS);                                    \
        }                                                                                          \
        FINISH_KILL_B((Own)(uintptr_t)b_);                                                         \
    } while (0)
#define FINISH_READ(v, field)                                                                      \
    do {                                                                                           \
        Value r_ = (v);                                                                            \
        if (UNLIKELY(!reg_own_fast(t, r_))) {                                                      \
            CONTINUE_AT(own_read, (Own)(uintptr_t)r_, field_and_words(field, WORDS));              \
        }                                                                                          \
        FINISH_KILL_B((Own)(uintptr_t)r_);                                                         \
    } while (0)

/* What FINISH_READ hands on in one word: addresses have 47 bits. */
static ALWAYS_INLINE uint64_t
field_and_words(const Own *field, unsigned words)
{
    return (uint64_t)(uintptr_t)field | (uint64_t)words << 48;
}
static ALWAYS_INLINE const Own *
handed_field(uint64_t handed)
{
    return (const Own *)(uintptr_t)(handed & 0xFFFFFFFFFFFF);
}

/* -- small numbers. All of these work on the words themselves. */

/* pre: are_small_ints(a, b). False when the sum does not fit. */
static ALWAYS_INLINE bool
small_add(Value a, Value b, Own *sum)
{
    int64_t r;
    bool over = __builtin_add_overflow((int64_t)(value_bits(a) - TAG_INT), (int64_t)value_bits(b), &r);
    *sum = value_from_bits((uint64_t)r);
    return LIKELY(!over);
}
static ALWAYS_INLINE bool
small_sub(Value a, Value b, Own *difference)
{
    int64_t r;
    bool over = __builtin_sub_overflow((int64_t)value_bits(a), (int64_t)(value_bits(b) - TAG_INT), &r);
    *difference = value_from_bits((uint64_t)r);
    return LIKELY(!over);
}
static ALWAYS_INLINE bool
small_mul(Value a, Value b, Own *product)
{
    int64_t r;
    bool over = __builtin_mul_overflow((int64_t)(value_bits(a) - TAG_INT), small_int_value(b), &r);
    *product = value_from_bits((uint64_t)r | TAG_INT);
    return LIKELY(!over);
}
static ALWAYS_INLINE bool
are_small_floats(Value a, Value b)
{
    return (value_bits(a) & value_bits(b) & TAG_FLOAT) != 0;
}

/* pre: are_small_ints(a, b), b > 0 */
static ALWAYS_INLINE Own
small_floordiv(Value a, Value b)
{
    int64_t x = small_int_value(a), y = small_int_value(b);
    if (LIKELY(((uint64_t)x | (uint64_t)y) >> 32 == 0)) {
        return small_int((uint32_t)x / (uint32_t)y);
    }
    int64_t q = x / y;
    return small_int(q - (x % y < 0));
}
static ALWAYS_INLINE Own
small_mod(Value a, Value b)
{
    int64_t x = small_int_value(a), y = small_int_value(b);
    if (LIKELY(((uint64_t)x | (uint64_t)y) >> 32 == 0)) {
        return small_int((uint32_t)x % (uint32_t)y);
    }
    int64_t r = x % y;
    return small_int(r + (r < 0 ? y : 0));
}

/* The truth of a value whose truth needs no call: 0, 1; -1 otherwise. */
static ALWAYS_INLINE int
simple_truth(Value v)
{
    if (v == TRUE_VALUE) {
        return 1;
    }
    if (v == FALSE_VALUE || v == NONE) {
        return 0;
    }
    if (is_small_int(v)) {
        return value_bits(v) != TAG_INT;
    }
    return -1;
}

/* Where item i of a list is (i >= 0), or null when it must be fetched the slow way. */
static ALWAYS_INLINE const Own *
list_field_at(const List *list, int64_t i, bool many)
{
    if (UNLIKELY((uint64_t)i >= (uint64_t)__atomic_load_n(&list->length, __ATOMIC_RELAXED))) {
        return NULL;
    }
    const ListBuffer *buffer = __atomic_load_n(&list->buffer, __ATOMIC_ACQUIRE);
    if (many && UNLIKELY(!buffer || i >= list_capacity(buffer))) {
        return NULL;
    }
    return &buffer->items[i];
}
static ALWAYS_INLINE Value
field_value(const Own *field)
{
    return field ? __atomic_load_n(field, __ATOMIC_ACQUIRE) : NO_VALUE;
}
static ALWAYS_INLINE bool
list_is_locked(const List *list)
{
    return (atomic_load_explicit(&list->head.lock, memory_order_acquire) & LOCK_HELD) != 0;
}
/* The item that is i < 0 from the end of a list that others may be changing, as one look at both: nobody changed the length from before the look,
 * when nobody held the lock, until after it. NO_VALUE when it must be fetched the slow way. */
static ALWAYS_INLINE Value
list_item_from_end(const List *list, int64_t i, const Own **field)
{
    const ListBuffer *buffer = __atomic_load_n(&list->buffer, __ATOMIC_ACQUIRE);
    if (UNLIKELY(!buffer)) {
        return NO_VALUE;
    }
    uint64_t room = __atomic_load_n(&buffer->room, __ATOMIC_ACQUIRE);
    bool changes = list_is_locked(list);
    i += __atomic_load_n(&list->length, __ATOMIC_ACQUIRE);
    if (UNLIKELY((uint64_t)i >= room >> LIST_CHANGES_BITS)) {
        return NO_VALUE;
    }
    *field = &buffer->items[i];
    Value item = field_value(*field);
    changes |= list_is_locked(list) || __atomic_load_n(&buffer->room, __ATOMIC_ACQUIRE) != room ||
               __atomic_load_n(&list->buffer, __ATOMIC_ACQUIRE) != buffer;
    return UNLIKELY(changes) ? NO_VALUE : item;
}
/* Item i, counted from the end when it is negative, and where it is; NO_VALUE as above. */
static ALWAYS_INLINE Value
list_item(const List *list, int64_t i, bool many, const Own **field)
{
    if (many && i < 0) {
        return list_item_from_end(list, i, field);
    }
    *field = list_field_at(list, i < 0 ? i + list->length : i, many);
    return field_value(*field);
}

/* -- calls */

/* Links a fresh frame to its caller. Eats the register's value f. */
static ALWAYS_INLINE void
frame_init(Frame *callee, Frame *caller, Code *code, Value f, const Function *function, uint8_t skip)
{
    callee->prev = caller;
    callee->code = code;
    callee->function = f;
    callee->globals = function->globals;
    callee->builtins = function->builtins;
    callee->locals = NO_VALUE;
    callee->object = NO_VALUE;
    callee->nregs = code->nregs;
    callee->kind = 0;
    callee->skip = skip;
    callee->flags = 0;
}

/* Moves the arguments into a fresh frame and empties its other registers. */
static ALWAYS_INLINE void
frame_take_arguments(Frame *callee, Own *arguments, unsigned count, unsigned nregs)
{
    Own *to = callee->regs, *end = to + nregs;
    for (Own *args_end = to + count; to < args_end;) {
        *to++ = *arguments;
        *arguments++ = NO_VALUE;
        __asm__(""); /* a short loop: neither unrolled nor made a call of memcpy */
    }
    while (to < end) {
        *to++ = NO_VALUE;
        __asm__("");
    }
}

/* Ends the locals of a frame that returns. False when one needs more than a decrement: it and later ones are still there. */
static ALWAYS_INLINE bool
frame_drop_locals_fast(const Thread *t, Frame *f)
{
    Own *r = f->regs, *end = r + f->code->nlocals_plus;
    for (; r < end; r++) {
        if (UNLIKELY(!reg_drop_fast(t, *r))) {
            return false;
        }
        *r = NO_VALUE;
    }
    return true;
}

#endif
