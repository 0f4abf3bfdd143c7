/* Looking on and standing aside: sync/contention.h. */
#include "base/os.h"
#include "sync/contention.h"

#define LOOK_ON_NS 2000
#define AWAIT_NS 10000    /* what is awaited here takes as long to be told by the system */
#define PAUSES_MOST 16    /* between two looks */
#define LINE_NS 200       /* what it costs besides that two threads want the same line of memory */
#define WINDOW_NS 4000    /* so long a lock must have been fought for before the thread stands aside, */
#define WINDOW_OLD_NS 100000 /* and what is older than that says nothing */

/* The lock that this thread has waited for of late. */
static __thread struct {
    const void *word;
    int64_t begun;  /* since when it is watched */
    int64_t waited; /* looking on, since then */
} recent;

/* With one processor whoever holds the lock cannot let go of it while this thread looks. */
static bool
others_run(void)
{
    static _Atomic int many; /* 0 unknown, 1 no, 2 yes */
    int known = atomic_load_explicit(&many, memory_order_relaxed);
    if (UNLIKELY(known == 0)) {
        known = os_cpu_count() == 1 ? 1 : 2;
        atomic_store_explicit(&many, known, memory_order_relaxed);
    }
    return known == 2;
}

/* A while of looking on, between two looks. */
static inline void
pause_before_look(int *pauses)
{
    for (int i = 0; i < *pauses; i++) {
        __builtin_ia32_pause();
    }
    *pauses += *pauses < PAUSES_MOST ? *pauses : 0;
}

bool
contention_spin(const _Atomic uint8_t *word, uint8_t held, const _Atomic uint32_t *breaker)
{
    if (!others_run()) {
        return false;
    }
    int64_t begun = os_clock_monotonic(), now = begun;
    bool free = false;
    for (int pauses = 1; !free && now - begun < LOOK_ON_NS; now = os_clock_monotonic()) {
        pause_before_look(&pauses);
        free = !(atomic_load_explicit(word, memory_order_relaxed) & held);
        if (breaker && UNLIKELY(atomic_load_explicit(breaker, memory_order_relaxed) != 0)) {
            break;
        }
    }
    if (recent.word == word) {
        recent.waited += now - begun + LINE_NS;
    }
    return free;
}

bool
contention_await(const _Atomic uint32_t *count, uint32_t seen, const _Atomic uint32_t *breaker)
{
    if (!others_run()) {
        return false;
    }
    int64_t until = os_clock_monotonic() + AWAIT_NS;
    for (int pauses = 1; atomic_load_explicit(count, memory_order_relaxed) == seen;) {
        if (atomic_load_explicit(breaker, memory_order_relaxed) != 0 || os_clock_monotonic() >= until) {
            return false;
        }
        pause_before_look(&pauses);
    }
    return true;
}

bool
contention_aside(const void *word)
{
    if (!others_run()) {
        return false;
    }
    int64_t now = os_clock_monotonic(), watched = now - recent.begun;
    if (recent.word != word || watched > WINDOW_OLD_NS) {
        recent.word = word;
        recent.begun = now;
        recent.waited = 0;
        return false;
    }
    if (watched < WINDOW_NS || recent.waited < watched / 6) {
        return false;
    }
    recent.word = NULL;
    return true;
}
