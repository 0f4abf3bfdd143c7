/* What other processes that run the same build find in this one, and may leave in it.
 *
 * The same object lies as far from the start of the program in each process. So `remote_root` is
 * found from outside, and from there on the structs of this build describe what is read: the
 * threads, their frames, tasks (module/_remote_debugging). Nothing here knows of being read.
 *
 * A script for the main thread to run (sys.remote_exec) is left in three writes from outside: its
 * path, `asked`, then the byte of the thread's breaker that is BREAK_REMOTE. The kernel writes bytes
 * without atomic operations, and the other bits of the breaker are changed by this process at any
 * moment; but they are in other bytes of the word, which a store of one byte leaves alone, and an
 * atomic operation on the word comes before or after that store. So no bit is ever lost, and the
 * process needs neither be stopped nor look anywhere else. Two writers at once may spoil each
 * other's path: then there is no such file, or one of the two scripts runs. */
#ifndef WEFT_HEAP_REMOTE_H
#define WEFT_HEAP_REMOTE_H

#include "heap/thread.h"

#define REMOTE_MAGIC 0x746F6F7274666577u
#define REMOTE_PATH_MAX 4096

typedef struct RemoteRoot {
    uint64_t magic;                /* immutable */
    const struct RemoteRoot *self; /* immutable: a copy of the program's file mapped elsewhere has
                                      another address */
    _Atomic uint8_t takes_scripts; /* from the end of start-up on, unless -X disable-remote-debug */
    _Atomic uint8_t asked;         /* a script is to be run; set from outside */
    char script[REMOTE_PATH_MAX];  /* its path, NUL-terminated; written from outside */
} RemoteRoot;

extern RemoteRoot remote_root;

/* The byte of Thread.breaker that others write 1 to: little-endian, as all that Weft runs on. */
#define REMOTE_BREAKER_OFFSET (offsetof(Thread, breaker) + 3)
_Static_assert(BREAK_REMOTE == 1 << 24, "the byte is the fourth");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the byte is the fourth");

#endif
