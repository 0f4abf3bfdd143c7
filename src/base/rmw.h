/* Counts every atomic read-modify-write of the C program. Included before all else by the counting build (base/stats.h) with clang. */
#ifndef WEFT_BASE_RMW_H
#define WEFT_BASE_RMW_H

#include "base/stats.h"

#if WITH_STATS && defined(__clang__)
#undef atomic_exchange
#undef atomic_exchange_explicit
#undef atomic_compare_exchange_strong
#undef atomic_compare_exchange_strong_explicit
#undef atomic_compare_exchange_weak
#undef atomic_compare_exchange_weak_explicit
#undef atomic_fetch_add
#undef atomic_fetch_add_explicit
#undef atomic_fetch_sub
#undef atomic_fetch_sub_explicit
#undef atomic_fetch_or
#undef atomic_fetch_or_explicit
#undef atomic_fetch_and
#undef atomic_fetch_and_explicit
#define COUNTED(call) (stat_add(STAT_rmws, 1), call)
/* (a macro's own name within it is the compiler's) */
#define __atomic_exchange_n(p, v, o) COUNTED(__atomic_exchange_n(p, v, o))
#define __atomic_compare_exchange_n(p, e, v, w, o, f) COUNTED(__atomic_compare_exchange_n(p, e, v, w, o, f))
#define __atomic_add_fetch(p, v, o) COUNTED(__atomic_add_fetch(p, v, o))
#define atomic_exchange(p, v) COUNTED(__c11_atomic_exchange(p, v, __ATOMIC_SEQ_CST))
#define atomic_exchange_explicit(p, v, o) COUNTED(__c11_atomic_exchange(p, v, o))
#define atomic_compare_exchange_strong(p, e, v)                                                    \
    COUNTED(__c11_atomic_compare_exchange_strong(p, e, v, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
#define atomic_compare_exchange_strong_explicit(p, e, v, o, f)                                     \
    COUNTED(__c11_atomic_compare_exchange_strong(p, e, v, o, f))
#define atomic_compare_exchange_weak(p, e, v)                                                      \
    COUNTED(__c11_atomic_compare_exchange_weak(p, e, v, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
#define atomic_compare_exchange_weak_explicit(p, e, v, o, f)                                       \
    COUNTED(__c11_atomic_compare_exchange_weak(p, e, v, o, f))
#define atomic_fetch_add(p, v) COUNTED(__c11_atomic_fetch_add(p, v, __ATOMIC_SEQ_CST))
#define atomic_fetch_add_explicit(p, v, o) COUNTED(__c11_atomic_fetch_add(p, v, o))
#define atomic_fetch_sub(p, v) COUNTED(__c11_atomic_fetch_sub(p, v, __ATOMIC_SEQ_CST))
#define atomic_fetch_sub_explicit(p, v, o) COUNTED(__c11_atomic_fetch_sub(p, v, o))
#define atomic_fetch_or(p, v) COUNTED(__c11_atomic_fetch_or(p, v, __ATOMIC_SEQ_CST))
#define atomic_fetch_or_explicit(p, v, o) COUNTED(__c11_atomic_fetch_or(p, v, o))
#define atomic_fetch_and(p, v) COUNTED(__c11_atomic_fetch_and(p, v, __ATOMIC_SEQ_CST))
#define atomic_fetch_and_explicit(p, v, o) COUNTED(__c11_atomic_fetch_and(p, v, o))
#endif

#endif
