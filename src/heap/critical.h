/* Critical sections: the lock of one object, or of two in a fixed order, held by a C function.
 *
 * A section does nothing when the object is not contended (private, or the program has one thread). Sections nest; when the thread
 * blocks or detaches inside one, all its sections are suspended (locks released) and the innermost is taken again on return, so
 * waiting never deadlocks; hence what is read before a call that may detach or run Python is no longer guarded after it. And Python code may
 * have published the object, or started the second thread: where a section goes on after it, critical_renew comes first. */
#ifndef WEFT_HEAP_CRITICAL_H
#define WEFT_HEAP_CRITICAL_H

#include "heap/object.h"
#include "heap/thread.h"

typedef struct CriticalSection {
    Object *objects[2];     /* what it is about; the second may be null */
    Object *first, *second; /* null = not locked */
    uint8_t owned;          /* whose locks it lets go of itself: 1 first's, 2 second's; the others are an outer section's */
    bool suspended;         /* its locks were given up while the thread was detached */
    struct CriticalSection *outer;
} CriticalSection;

void critical_enter_slow(CriticalSection *section, Object *o);
void critical_leave_slow(CriticalSection *section);
void critical_enter_two(CriticalSection *section, Object *a, Object *b);

static ALWAYS_INLINE void
critical_enter(CriticalSection *section, Object *o)
{
    section->first = NULL;
    section->objects[0] = o;
    section->objects[1] = NULL;
    if (obj_is_contended(o)) {
        critical_enter_slow(section, o);
    }
}

static ALWAYS_INLINE void
critical_leave(CriticalSection *section)
{
    if (UNLIKELY(section->first != NULL)) {
        critical_leave_slow(section);
    }
}

/* Python code has run in the innermost section. True: only now are its objects locked, and what was looked at is to be looked at again. */
bool critical_renew(CriticalSection *section);

/* Debug: this thread holds o's lock, or o is not contended. */
bool critical_is_held(const Object *o);
#define ASSERT_LOCKED(o) assert(!obj_is_contended((const Object *)(o)) || critical_is_held((const Object *)(o)))

#endif
