/* Growable arrays, one type each: VEC_DEFINE(IntVec, intvec, int) makes
 *
 *     typedef struct IntVec { int *data; size_t len, cap; } IntVec;   all zero: empty, owns nothing
 *     intvec_push(v, x)              appends                                     0, or -1 (memory)
 *     intvec_extend(v, items, n)     appends n                                   0, or -1
 *     intvec_insert(v, at, x)        at <= len                                   0, or -1
 *     intvec_reserve(v, n)           room for n more                             0, or -1
 *     intvec_resize(v, n)            new items are zero bytes                    0, or -1
 *     intvec_pop(v), intvec_last(v)  the last item, and a pointer to it; len > 0
 *     intvec_remove(v, at)           closes the gap; at < len
 *     intvec_clear(v)                empty, memory kept
 *     intvec_free(v)                 empty, memory given back
 *     intvec_take(v, &n)             gives the array (for free()) away; NULL if it was never filled
 *
 * A vector that could not grow is unchanged. `data` moves when it grows. No locking: a vector
 * has one owner.
 */
#ifndef WEFT_BASE_VEC_H
#define WEFT_BASE_VEC_H

#include "base/attr.h"
#include <stdlib.h>

/* The array `data` of `cap` items of `size` bytes, moved to have room for `len + more`; NULL
 * without memory. */
static inline void *
vec_grow(void *data, size_t len, size_t more, size_t size, size_t *cap)
{
    size_t most = PTRDIFF_MAX / size, want;
    if (more > most || len > most - more)
        return NULL;
    want = len + more;
    size_t grown = *cap <= most / 2 ? *cap + *cap / 2 + 4 : most;
    if (grown > want && grown <= most)
        want = grown;
    data = realloc(data, want * size);
    if (data)
        *cap = want;
    return data;
}

#define VEC_DEFINE(Name, prefix, T)                                                                \
    typedef struct Name {                                                                          \
        T *data;                                                                                   \
        size_t len, cap;                                                                           \
    } Name;                                                                                        \
                                                                                                   \
    UNUSED NODISCARD static inline int prefix##_reserve(Name *v, size_t more)                      \
    {                                                                                              \
        if (LIKELY(more <= v->cap - v->len))                                                       \
            return 0;                                                                              \
        T *data = vec_grow(v->data, v->len, more, sizeof(T), &v->cap);                             \
        if (UNLIKELY(!data))                                                                       \
            return -1;                                                                             \
        v->data = data;                                                                            \
        return 0;                                                                                  \
    }                                                                                              \
                                                                                                   \
    UNUSED NODISCARD static inline int prefix##_push(Name *v, T item)                              \
    {                                                                                              \
        if (UNLIKELY(v->len == v->cap) && prefix##_reserve(v, 1) < 0)                              \
            return -1;                                                                             \
        v->data[v->len++] = item;                                                                  \
        return 0;                                                                                  \
    }                                                                                              \
                                                                                                   \
    UNUSED NODISCARD static inline int prefix##_extend(Name *v, const T *items, size_t n)          \
    {                                                                                              \
        if (n == 0)                                                                                \
            return 0;                                                                              \
        if (prefix##_reserve(v, n) < 0)                                                            \
            return -1;                                                                             \
        memcpy(v->data + v->len, items, n * sizeof(T));                                            \
        v->len += n;                                                                               \
        return 0;                                                                                  \
    }                                                                                              \
                                                                                                   \
    UNUSED NODISCARD static inline int prefix##_insert(Name *v, size_t at, T item)                 \
    {                                                                                              \
        assert(at <= v->len);                                                                      \
        if (prefix##_reserve(v, 1) < 0)                                                            \
            return -1;                                                                             \
        memmove(v->data + at + 1, v->data + at, (v->len - at) * sizeof(T));                        \
        v->data[at] = item;                                                                        \
        v->len++;                                                                                  \
        return 0;                                                                                  \
    }                                                                                              \
                                                                                                   \
    UNUSED NODISCARD static inline int prefix##_resize(Name *v, size_t n)                          \
    {                                                                                              \
        if (n > v->len) {                                                                          \
            if (prefix##_reserve(v, n - v->len) < 0)                                               \
                return -1;                                                                         \
            memset((void *)(v->data + v->len), 0, (n - v->len) * sizeof(T));                       \
        }                                                                                          \
        v->len = n;                                                                                \
        return 0;                                                                                  \
    }                                                                                              \
                                                                                                   \
    UNUSED static inline T *prefix##_last(const Name *v)                                           \
    {                                                                                              \
        assert(v->len > 0);                                                                        \
        return &v->data[v->len - 1];                                                               \
    }                                                                                              \
                                                                                                   \
    UNUSED static inline T prefix##_pop(Name *v)                                                   \
    {                                                                                              \
        assert(v->len > 0);                                                                        \
        return v->data[--v->len];                                                                  \
    }                                                                                              \
                                                                                                   \
    UNUSED static inline void prefix##_remove(Name *v, size_t at)                                  \
    {                                                                                              \
        assert(at < v->len);                                                                       \
        v->len--;                                                                                  \
        memmove(v->data + at, v->data + at + 1, (v->len - at) * sizeof(T));                        \
    }                                                                                              \
                                                                                                   \
    UNUSED static inline void prefix##_clear(Name *v)                                              \
    {                                                                                              \
        v->len = 0;                                                                                \
    }                                                                                              \
                                                                                                   \
    UNUSED static inline void prefix##_free(Name *v)                                               \
    {                                                                                              \
        free(v->data);                                                                             \
        *v = (Name){0};                                                                            \
    }                                                                                              \
                                                                                                   \
    UNUSED NODISCARD static inline T *prefix##_take(Name *v, size_t *len)                          \
    {                                                                                              \
        T *data = v->data;                                                                         \
        *len = v->len;                                                                             \
        *v = (Name){0};                                                                            \
        return data;                                                                               \
    }                                                                                              \
    typedef Name Name /* so that the use ends with a semicolon */

#endif
