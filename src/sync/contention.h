/* What a thread does that finds a lock taken: how long it looks on, and when it stands aside.
 *
 * Sleeping and being woken costs both threads some microseconds, so who finds a lock taken looks on for about two (`contention_spin`): reading only, more and more seldom,
 * so that the holder keeps the line of memory. Where that is to no avail it sleeps until it is woken (sync/mutex.h).
 *
 * Threads that hold a lock most of the time cannot run at once whatever they do; taking turns at every section costs each of them the line, and one of them
 * a processor that it only waits with. So a thread that has spent much of the last microseconds with looking on stands aside
 * (`contention_aside`): it sleeps for a fraction of a millisecond, nobody has to wake it, and meanwhile the others work undisturbed.
 *
 * Nothing here is about correctness: the lock's word decides. All state is the thread's own. */
#ifndef WEFT_SYNC_CONTENTION_H
#define WEFT_SYNC_CONTENTION_H

#include <stdatomic.h>

#include "base/attr.h"

#define CONTENTION_LOOKS 16       /* so often a lock may be free and then somebody else's; then the thread sleeps */
#define CONTENTION_ASIDE_NS 60000 /* the system adds about as much */

/* Looks on while a bit of `held` is set in *word. False: it still was when time was up, or *breaker has become nonzero: the thread is asked to do
 * something else (null: nothing is asked). */
bool contention_spin(const _Atomic uint8_t *word, uint8_t held, const _Atomic uint32_t *breaker);

/* Looks on for some microseconds until *count is no longer what was seen. False: it still was when time was up, or *breaker has become nonzero. */
bool contention_await(const _Atomic uint32_t *count, uint32_t seen, const _Atomic uint32_t *breaker);

/* This thread has found the lock at `word` taken. True: it should stand aside before it looks on. */
bool contention_aside(const void *word);

#endif
