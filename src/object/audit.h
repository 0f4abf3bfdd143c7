/* Audit events (PEP 578): what C code tells the hooks of sys.addaudithook() before it does something of note.
 *
 *     if (audit_wanted() && audit_event("os.mkdir", "OiO", path, mode, fd) < 0) {
 *         return NO_VALUE; // a hook refused
 *     }
 *
 * Threads: the list of hooks is made once and only grows. */
#ifndef WEFT_OBJECT_AUDIT_H
#define WEFT_OBJECT_AUDIT_H

#include "object/object.h"

/* Of the vm: no events of tracing on this thread until it is called with false. Set at start-up. */
extern void (*audit_pause_tracing)(bool pause);
extern _Atomic bool audit_on; /* there is a hook; never goes back to false */

static ALWAYS_INLINE bool
audit_wanted(void)
{
    return UNLIKELY(atomic_load_explicit(&audit_on, memory_order_relaxed));
}

/* Calls the hooks with the event and a tuple made by the format: O a Value (NO_VALUE gives None), s a C string (null gives None),
 * i an int, I an int64_t. may: runpy · fail: -1 */
NODISCARD int audit_event(const char *event, const char *format, ...);
/* The same with the tuple. */
NODISCARD int audit_call(Value event, Value args);
NODISCARD int audit_add_hook(Value hook);

/* Before an attribute is read or set (value NO_VALUE: deleted) that leads to the inside of running code or of classes. fail: -1 */
static inline NODISCARD int
audit_read(Value v, const char *name)
{
    return audit_wanted() ? audit_event("object.__getattr__", "Os", v, name) : 0;
}

static inline NODISCARD int
audit_write(Value v, const char *name, Value value)
{
    return !audit_wanted() ? 0
           : value         ? audit_event("object.__setattr__", "OsO", v, name, value)
                           : audit_event("object.__delattr__", "Os", v, name);
}

/* How events show dir_fd=None. */
static inline Value
audit_dir(Value fd)
{
    return fd == NONE ? (Value)small_int(-1) : fd;
}

#endif
