/* Failures on demand: see the header. */
#include "base/faults.h"

#ifdef NDEBUG
void
alloc_fail(int64_t first UNUSED, int64_t last UNUSED, bool all_threads UNUSED)
{
}

int64_t
alloc_counted(void)
{
    return -1;
}
#else
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static struct {
    _Atomic int64_t counted, first, last;
} everyone;

static __thread struct {
    int64_t counted, first, last;
} own;

bool
alloc_fails(void)
{
    int64_t first = atomic_load_explicit(&everyone.first, memory_order_relaxed);
    if (LIKELY(!(own.first | first))) {
        return false;
    }
    bool fails = own.first && ++own.counted >= own.first && own.counted < own.last;
    if (first) {
        int64_t n = atomic_fetch_add_explicit(&everyone.counted, 1, memory_order_relaxed) + 1;
        fails |= n >= first && n < atomic_load_explicit(&everyone.last, memory_order_relaxed);
    }
    return fails;
}

void
alloc_fail(int64_t first, int64_t last, bool all_threads)
{
    own.first = 0;
    atomic_store(&everyone.first, 0);
    own.counted = 0;
    atomic_store(&everyone.counted, 0);
    if (all_threads) {
        atomic_store(&everyone.last, last);
        atomic_store(&everyone.first, first);
    } else {
        own.last = last;
        own.first = first;
    }
}

int64_t
alloc_counted(void)
{
    return own.counted + atomic_load(&everyone.counted);
}

__attribute__((constructor)) static void
faults_from_environment(void)
{
    const char *setting = getenv("WEFT_FAIL_ALLOC");
    if (setting && *setting) {
        char *end;
        int64_t first = strtoll(setting, &end, 10);
        alloc_fail(first, *end == '-' ? strtoll(end + 1, NULL, 10) : INT64_MAX, true);
    }
}

/* -- what the linker puts in the place of the functions of the same names (meson.build) -- */

static inline bool
refused(void)
{
    bool fails = alloc_fails();
    errno = fails ? ENOMEM : errno;
    return fails;
}

#define ALLOCATION(name, parameters, arguments)                                                                                \
    void *__real_##name parameters;                                                                                            \
    void *__wrap_##name parameters;                                                                                            \
    void *__wrap_##name parameters                                                                                             \
    {                                                                                                                          \
        return refused() ? NULL : __real_##name arguments;                                                                     \
    }

ALLOCATION(malloc, (size_t size), (size))
ALLOCATION(calloc, (size_t count, size_t size), (count, size))
ALLOCATION(realloc, (void *p, size_t size), (p, size))
ALLOCATION(aligned_alloc, (size_t alignment, size_t size), (alignment, size))
ALLOCATION(strdup, (const char *text), (text))

int __real_pthread_create(pthread_t *id, const pthread_attr_t *attr, void *(*body)(void *), void *arg);
int __wrap_pthread_create(pthread_t *id, const pthread_attr_t *attr, void *(*body)(void *), void *arg);

int
__wrap_pthread_create(pthread_t *id, const pthread_attr_t *attr, void *(*body)(void *), void *arg)
{
    return alloc_fails() ? EAGAIN : __real_pthread_create(id, attr, body, arg);
}
#endif
