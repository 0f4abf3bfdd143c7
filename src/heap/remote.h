/* What other processes that run the same build find in this one.
 *
 * The same object lies as far from the start of the program in each process. So `remote_root` is
 * found from outside, and from there on the structs of this build describe what is read: the
 * threads, their frames, tasks (module/_remote_debugging). Nothing here knows of being read. */
#ifndef WEFT_HEAP_REMOTE_H
#define WEFT_HEAP_REMOTE_H

#include "heap/thread.h"

#define REMOTE_MAGIC 0x746F6F7274666577u

typedef struct RemoteRoot {
    uint64_t magic;                /* immutable */
    const struct RemoteRoot *self; /* immutable: a copy of the program's file mapped elsewhere has
                                      another address */
} RemoteRoot;

extern RemoteRoot remote_root;

#endif
