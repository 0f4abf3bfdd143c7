/* Failures on demand, in builds with assertions: the n-th request for memory is refused, wherever it is made.
 *
 * Such a build is linked so that every call of malloc and its kin and of pthread_create in the program (and in the libraries that are linked
 * into it) comes by here; what allocates by other means asks by itself (heap/alloc.c). Requests are counted from 1, those of one thread
 * or those of all, and the ones numbered first to last - 1 fail. A release build has none of this, and alloc_fails() is false there.
 *
 * WEFT_FAIL_ALLOC=FIRST or FIRST-LAST in the environment does so from the start of the program on, for all threads. */
#ifndef WEFT_BASE_FAULTS_H
#define WEFT_BASE_FAULTS_H

#include "base/attr.h"

#ifdef NDEBUG
static ALWAYS_INLINE bool
alloc_fails(void)
{
    return false;
}
#else
/* Counts a request; whether it is to fail. */
bool alloc_fails(void);
#endif

/* Starts to count, this thread's requests or those of all threads. first 0: ends it. */
void alloc_fail(int64_t first, int64_t last, bool all_threads);

/* How many were counted since then, of this thread and (if those of all are counted) of all; -1 in a release build. */
int64_t alloc_counted(void);

#endif
