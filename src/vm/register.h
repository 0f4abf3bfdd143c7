/* Values in registers: counted, but for deferred objects (OBJ_DEFERRED), which registers hold without a count.
 *
 *   reg_own(t, v)    a register's copy of a borrowed value
 *   reg_from(o)      an Own becomes a register's value (eaten)
 *   reg_take(r)      a register's value becomes an Own (the register's is used up)
 *   reg_drop(r)      the end of a register's value
 *   reg_move...      a register's value moves as it is: plain assignment
 * `t` is the running thread. A register's value passes for a borrowed Value anywhere. A dead temporary is 0 or a stale immediate, which
 * needs no dropping; locals and the self slots of call windows are 0 exactly when they are empty. */
#ifndef WEFT_VM_REGISTER_H
#define WEFT_VM_REGISTER_H

#include "heap/object.h"
#include "heap/spread.h"
#include "heap/thread.h"

/* The header's owner, flags and lock in one word. */
static ALWAYS_INLINE uint32_t
obj_owner_flags(const Object *o)
{
    return __atomic_load_n((const uint32_t *)(const void *)&o->owner, __ATOMIC_RELAXED);
}

/* Owned by t, and not deferred: counted in `local`. */
static ALWAYS_INLINE bool
reg_counts_locally(const Thread *t, uint32_t owner_flags)
{
    return LIKELY((owner_flags & (0xFFFF | (uint32_t)OBJ_DEFERRED << 16)) == t->id);
}

#define REG_UNCOUNTED ((uint32_t)(OBJ_IMMORTAL | OBJ_DEFERRED) << 16)

static ALWAYS_INLINE Own
reg_own(const Thread *t, Value v)
{
    if (is_object(v)) {
        uint32_t word = obj_owner_flags(obj(v));
        if (reg_counts_locally(t, word)) {
            obj(v)->local++;
        } else if (!(word & REG_UNCOUNTED)) {
            own_slow(obj(v));
        }
    }
    return (Own)(uintptr_t)v;
}

static ALWAYS_INLINE Own
reg_own_opt(const Thread *t, Value v)
{
    return v ? reg_own(t, v) : NO_VALUE;
}

/* Counts v, if that takes no more than an increment (or nothing). */
static ALWAYS_INLINE bool
reg_own_fast(const Thread *t, Value v)
{
    if (is_object(v)) {
        uint32_t word = obj_owner_flags(obj(v));
        if (reg_counts_locally(t, word)) {
            obj(v)->local++;
        } else {
            return LIKELY((word & REG_UNCOUNTED) != 0);
        }
    }
    return true;
}

/* Would reg_own_fast succeed? Then reg_count does the counting. */
static ALWAYS_INLINE bool
reg_can_own_fast(const Thread *t, Value v)
{
    if (!is_object(v)) {
        return true;
    }
    uint32_t word = obj_owner_flags(obj(v));
    return LIKELY(reg_counts_locally(t, word) || (word & REG_UNCOUNTED));
}

/* Gives the count of v back, if that takes no more than a decrement; else does nothing. v may be NO_VALUE. */
static ALWAYS_INLINE bool
reg_drop_fast(const Thread *t, Value v)
{
    if (!is_object(v) || v == NO_VALUE) {
        return true;
    }
    uint32_t word = obj_owner_flags(obj(v));
    if (reg_counts_locally(t, word)) {
        if (UNLIKELY(obj(v)->local == 1)) {
            return false;
        }
        obj(v)->local--;
        return true;
    }
    return LIKELY((word & REG_UNCOUNTED) != 0);
}

/* Could a register's value become a counted one, or a second count, with no more than an increment? */
static ALWAYS_INLINE bool
reg_can_take_fast(const Thread *t, Value v)
{
    if (!is_object(v)) {
        return true;
    }
    uint32_t word = obj_owner_flags(obj(v));
    return LIKELY(reg_counts_locally(t, word) || (word & (uint32_t)OBJ_IMMORTAL << 16));
}

/* Counts v once more. pre: reg_can_take_fast(t, v) or reg_can_own_fast(t, v) */
static ALWAYS_INLINE void
reg_count(const Thread *t, Value v)
{
    if (is_object(v) && reg_counts_locally(t, obj_owner_flags(obj(v)))) {
        obj(v)->local++;
    }
}

/* reg_drop_fast for a counted value. */
static ALWAYS_INLINE bool
counted_drop_fast(const Thread *t, Value v)
{
    if (!is_object(v) || v == NO_VALUE) {
        return true;
    }
    uint32_t word = obj_owner_flags(obj(v));
    if (reg_counts_locally(t, word)) {
        if (UNLIKELY(obj(v)->local == 1)) {
            return false;
        }
        obj(v)->local--;
        return true;
    }
    return LIKELY((word & (uint32_t)OBJ_IMMORTAL << 16) != 0);
}

/* Changes the count of v in t's table, if that is where it is counted. pre: reg_own_fast(t, v) or reg_drop_fast(t, v) would fail */
static ALWAYS_INLINE bool
reg_spread_fast(const Thread *t, Value v, int32_t change)
{
    const Object *o = obj(v);
    return (uint16_t)obj_owner_flags(o) != t->id && (atomic_load_explicit(&o->shared, memory_order_relaxed) & REFS_SPREAD) &&
           LIKELY(spread_count_fast(t, o, change));
}

static ALWAYS_INLINE void
reg_drop(Own v)
{
    if (is_object(v) && !(obj_flags(obj(v)) & OBJ_DEFERRED)) {
        obj_drop(obj(v));
    }
}

static ALWAYS_INLINE void
reg_drop_opt(Own v)
{
    if (v) {
        reg_drop(v);
    }
}

/* Empties a register. may: runpy */
static ALWAYS_INLINE void
reg_clear(Own *r)
{
    Own old = *r;
    *r = NO_VALUE;
    reg_drop_opt(old);
}

static ALWAYS_INLINE Own
reg_from(Own v)
{
    if (is_object(v) && UNLIKELY(obj_flags(obj(v)) & OBJ_DEFERRED)) {
        obj_drop(obj(v));
    }
    return v;
}

static ALWAYS_INLINE Own
reg_take(Own v)
{
    if (is_object(v) && UNLIKELY(obj_flags(obj(v)) & OBJ_DEFERRED)) {
        obj_own(obj(v));
    }
    return v;
}

/* Stores v, a register's value, and ends what was there. may: runpy */
static ALWAYS_INLINE void
reg_store(Own *r, Own v)
{
    Own old = *r;
    *r = v;
    reg_drop_opt(old);
}

#endif
