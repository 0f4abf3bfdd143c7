/* The lock byte of objects, and critical sections over it.
 *
 * Uncontended: one compare-and-swap in, one out. Contended: the waiter looks on (sync/contention.h), then detaches (which suspends its outer
 * sections) and parks on the byte's address. Unlocking with waiters wakes one, which competes again. There is no handing over: a running thread
 * would be made to wait for a wake-up, and a lock never belongs to a detached thread, so that whoever has the world stopped can take any. */
#include "base/stats.h"
#include "heap/critical.h"
#include "heap/heap_priv.h"
#include "sync/contention.h"
#include "sync/mutex.h"

static bool
lock_try(Object *o)
{
    uint8_t state = atomic_load_explicit(&o->lock, memory_order_relaxed);
    while (!(state & LOCK_HELD)) {
        if (atomic_compare_exchange_weak_explicit(&o->lock, &state, state | LOCK_HELD, memory_order_acquire, memory_order_relaxed)) {
            STAT(locks, 1);
            return true;
        }
    }
    return false;
}

/* Lets the others of a lock that is fought for work for a moment. */
static void
stand_aside(void)
{
    detach();
    park_aside(CONTENTION_ASIDE_NS);
    attach_without_sections();
}

/* Looks on for a moment. True: the lock may be free. False: not even then, or this thread has been stopped meanwhile. */
static bool
look_on(Object *o)
{
    Thread *t = thread_self();
    if (atomic_load_explicit(&gil_enabled, memory_order_relaxed)) { /* the holder waits for the GIL, which this thread has */
        return false;
    }
    bool free = contention_spin(&o->lock, LOCK_HELD, &t->breaker);
    if (UNLIKELY(atomic_load_explicit(&t->breaker, memory_order_relaxed) & BREAK_STOP)) {
        detach();
        attach_without_sections();
    }
    return free;
}

/* Waits detached: this thread's other sections are suspended, and stay so until the one they surround is left; or two threads could wait for
 * each other's sections for ever. */
static void
lock_wait(Object *o)
{
    STAT(lock_waits, 1);
    if (contention_aside(&o->lock) && !atomic_load_explicit(&gil_enabled, memory_order_relaxed)) {
        stand_aside();
    }
    for (int looks = CONTENTION_LOOKS; !lock_try(o);) {
        if (looks > 0) {
            looks = look_on(o) ? looks - 1 : 0;
            continue;
        }
        uint8_t state = atomic_load_explicit(&o->lock, memory_order_relaxed), waiting = state | LOCK_WAITERS;
        if ((state & LOCK_HELD) && (state == waiting || atomic_compare_exchange_weak(&o->lock, &state, waiting))) {
            detach();
            park(&o->lock, &waiting, 1, -1, NULL);
            attach_without_sections();
            looks = CONTENTION_LOOKS;
        }
    }
}

static uintptr_t
lock_release(void *arg, Unparking what)
{
    Object *o = arg;
    atomic_fetch_and(&o->lock, (uint8_t)~(what.more ? LOCK_HELD : LOCK_HELD | LOCK_WAITERS));
    return 0;
}

static void
unlock(Object *o)
{
    uint8_t state = atomic_load_explicit(&o->lock, memory_order_relaxed);
    while (!(state & LOCK_WAITERS)) {
        if (atomic_compare_exchange_weak_explicit(&o->lock, &state, (uint8_t)(state & ~LOCK_HELD), memory_order_release,
                                                  memory_order_relaxed)) {
            return;
        }
    }
    unpark_one(&o->lock, lock_release, o);
}

enum { OWNS_FIRST = 1, OWNS_SECOND = 2 };

static bool
section_covers(const CriticalSection *s, const Object *o)
{
    return s && !s->suspended && (s->first == o || s->second == o);
}

/* A section of this thread that holds o now. */
static bool
section_holds(const CriticalSection *s, const Object *o)
{
    for (; s; s = s->outer) {
        if (section_covers(s, o)) {
            return true;
        }
    }
    return false;
}

static void
section_push(Thread *t, CriticalSection *section, Object *first, Object *second, unsigned owned)
{
    section->first = first;
    section->second = second;
    section->owned = (uint8_t)owned;
    section->suspended = false;
    section->outer = t->critical;
    t->critical = section;
}

/* Where an outer section, but not the innermost, holds o, a section of its own is made all the same: after a suspension the innermost one
 * is what has its locks again. */
void
critical_enter_slow(CriticalSection *section, Object *o)
{
    Thread *t = thread_self();
    section->first = NULL;
    if (section_covers(t->critical, o)) {
        return;
    }
    bool held = section_holds(t->critical, o);
    if (!held && !lock_try(o)) {
        lock_wait(o);
    }
    section_push(t, section, o, NULL, held ? 0 : OWNS_FIRST);
}

/* Takes both locks, never waiting for one while holding the other. */
static void
lock_two(Object *a, Object *b)
{
    Object *low = a < b ? a : b, *high = a < b ? b : a;
    for (;;) {
        if (!lock_try(low)) {
            lock_wait(low);
        }
        if (lock_try(high)) {
            return;
        }
        unlock(low);
        lock_wait(high);
        unlock(high);
    }
}

/* pre: a is not b, both are contended */
static void
enter_two_slow(CriticalSection *section, Object *a, Object *b)
{
    Thread *t = thread_self();
    if (section_covers(t->critical, a) && section_covers(t->critical, b)) {
        return;
    }
    bool held_a = section_holds(t->critical, a), held_b = section_holds(t->critical, b);
    unsigned owned = (held_a ? 0 : OWNS_FIRST) | (held_b ? 0 : OWNS_SECOND);
    if (held_a != held_b && !lock_try(held_a ? b : a)) {
        critical_suspend(t); /* or this would wait for the one with the other held */
        owned = OWNS_FIRST | OWNS_SECOND;
    }
    if (owned == (OWNS_FIRST | OWNS_SECOND)) {
        lock_two(a, b);
    }
    section_push(t, section, a, b, owned);
}

void
critical_enter_two(CriticalSection *section, Object *a, Object *b)
{
    section->first = NULL;
    section->objects[0] = a;
    section->objects[1] = b;
    bool need_a = obj_is_contended(a), need_b = a != b && obj_is_contended(b);
    if (need_a && need_b) {
        enter_two_slow(section, a, b);
    } else if (need_a || need_b) {
        critical_enter_slow(section, need_a ? a : b);
        (void)critical_renew(section); /* while this waited, others may have found the private one, with the world stopped */
    }
}

static void
section_unlock(CriticalSection *section)
{
    if (section->owned & OWNS_SECOND) {
        unlock(section->second);
    }
    if (section->owned & OWNS_FIRST) {
        unlock(section->first);
    }
}

void
critical_leave_slow(CriticalSection *section)
{
    Thread *t = thread_self();
    assert(t->critical == section);
    t->critical = section->outer;
    if (!section->suspended) {
        section_unlock(section);
    }
    critical_resume(t);
}

void
critical_suspend(Thread *t)
{
    for (CriticalSection *s = t->critical; s; s = s->outer) {
        if (!s->suspended) {
            s->suspended = true;
            section_unlock(s);
        }
    }
}

/* Sections are suspended all together, so no outer one holds what this one takes. */
void
critical_resume(Thread *t)
{
    CriticalSection *s = t->critical;
    if (s && s->suspended) {
        if (s->second) {
            lock_two(s->first, s->second);
        } else if (!lock_try(s->first)) {
            lock_wait(s->first);
        }
        s->owned = s->second ? OWNS_FIRST | OWNS_SECOND : OWNS_FIRST;
        s->suspended = false;
    }
}

bool
critical_is_held(const Object *o)
{
    return section_holds(thread_self()->critical, o);
}

bool
critical_renew(CriticalSection *section)
{
    Object *a = section->objects[0], *b = section->objects[1] ? section->objects[1] : a;
    if ((!obj_is_contended(a) || critical_is_held(a)) && (!obj_is_contended(b) || critical_is_held(b))) {
        return false;
    }
    critical_leave(section);
    critical_enter_two(section, a, b);
    return true;
}
