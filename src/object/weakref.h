/* Weak references: weakref.ref, proxies, and what a dying object owes them. */
#ifndef WEFT_OBJECT_WEAKREF_H
#define WEFT_OBJECT_WEAKREF_H

#include "object/object.h"

/* Both references and proxies. */
typedef struct WeakRef {
    Object head;
    Object *target; /* not counted; null when it is gone. guard: the table's lock to change, acquire
                       to read */
    Own callback;   /* or NO_VALUE. guard: the table's lock to change; ref_load */
    _Atomic int64_t hash;        /* -1: not asked for yet */
    struct WeakRef *next, *prev; /* of the same target; guard: the table's lock */
} WeakRef;

static ALWAYS_INLINE WeakRef *
as_weakref(Value v)
{
    return (WeakRef *)obj(v);
}

extern Type weakproxy_type, weakcallableproxy_type;

/* Is v a weakref.ref (of a subclass, too)? A proxy? (no runpy) */
static inline bool
is_weakref(Value v)
{
    return is_object(v) && is_instance_of(v, &weakref_type);
}
bool is_weakproxy(Value v);

/* weakref.ref(target, callback); callback may be NO_VALUE or None. own: ret new · fail: 0 +
 * TypeError */
NODISCARD Own weakref_new(Value target, Value callback);
NODISCARD Own weakproxy_new(Value target, Value callback);
/* What ref or proxy `ref` stands for: new, or NO_VALUE (nothing pending) when it is gone. (no
 * runpy) */
NODISCARD Own weakref_get(Value ref);
int64_t weakref_count(Value target);      /* (no runpy) */
NODISCARD Own weakref_list(Value target); /* a list of all references and proxies */

/* Makes the types ready and gives heap_hooks what it needs. fail: -1 */
NODISCARD int weakrefs_ready(void);
/* o is dying: its references forget it, then their callbacks run. may: runpy; keeps the pending
 * exception */
void weakrefs_clear(Object *o);
/* clear of references and proxies: it leaves the table and drops its callback. */
void weakref_leave(Object *o);
/* The same for all that the collector found unreachable; weak references among them call nobody
 * back. pre: they are held */
void weakrefs_collect(Object *const *garbage, size_t count);

#endif
