/* Safe memory reclamation by quiescent states (McKenney, Slingwine 1998): memory that lock-free readers may be reading is retired,
 * and freed when every thread that was attached at that moment has passed a safepoint or detached.
 *
 * Each thread has an EpochRecord: the epoch it last announced (0 while detached). A retired item carries the epoch of its retirement and is freed
 * when the oldest announced epoch is newer. */
#ifndef WEFT_SYNC_EPOCH_H
#define WEFT_SYNC_EPOCH_H

#include <stdatomic.h>

#include "base/attr.h"

typedef struct EpochRecord EpochRecord;

EpochRecord *epoch_register(void);       /* null without memory */
void epoch_unregister(EpochRecord *r);   /* what it had retired goes to a common list */
void epoch_after_fork(void);             /* in the child: whoever held a lock here is gone. The others' records are to be unregistered */
void epoch_enter(EpochRecord *r);        /* attached: announces the current epoch */
void epoch_leave(EpochRecord *r);        /* detached */
void epoch_quiescent(EpochRecord *r);    /* a safepoint: announces, frees what is due */
/* Frees p with free_fn(p) later. Never fails (without memory to remember it, p is leaked). True when a lot is waiting: all should be asked to announce (BREAK_EPOCH). */
bool epoch_retire(EpochRecord *r, void *p, void (*free_fn)(void *p, size_t bytes), size_t bytes);
size_t epoch_bytes_waiting(void);

#endif
