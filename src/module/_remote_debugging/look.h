/* A look at another process: what the files of _remote_debugging share.
 *
 * The structs of this build are copied from there to here, and each pointer in them is an Address:
 * read, never followed. What is read together must fit together: a node's neighbours point back, an
 * instruction lies in its code, an object has the type that its place demands. Where it does not,
 * the other process was changing it at that moment: the part is TORN and looked at again, LOOK_TRIES
 * times. All reads of a look are counted against LOOK_READS, so that it ends whatever is there.
 *
 * Threads: a look belongs to the call that began it; nothing is kept from one to the next. */
#ifndef WEFT_MODULE_LOOK_H
#define WEFT_MODULE_LOOK_H

#include "base/vec.h"
#include "module/_remote_debugging/process.h"
#include "vm/frame.h"

enum {
    LOOK_TRIES = 64,
    LOOK_READS = 1 << 22, /* and one more for each LOOK_PIECE bytes */
    LOOK_PIECE = 256,
    LOOK_NAME_MOST = 255, /* characters of a task's name: what is longer is cut off, as CPython's */
    LOOK_TEXT_MOST = 1024, /* of other text */
};

enum { LOOK_FAILED = -1 /* an exception is pending */, LOOK_GOOD = 0, LOOK_TORN = 1 };

typedef struct Look {
    Process process;
    int64_t left;     /* of LOOK_READS */
    const char *torn; /* what did not fit last */
    Own codes;        /* a dict: address of a code object -> what is kept of it */
    Own stacks;       /* a dict: address of a task -> the frames of its coroutine, a list */
} Look;

typedef struct SeenThread {
    Address address;
    Thread thread;
} SeenThread;
VEC_DEFINE(SeenThreads, seen_threads, SeenThread);
VEC_DEFINE(Addresses, addresses, Address);

extern Type *frame_info_type, *coro_info_type, *task_info_type, *thread_info_type,
    *awaited_info_type;

/* -- look.c. Each returns LOOK_* */
NODISCARD int look_begin(Look *l, const Process *p);
void look_end(Look *l);
NODISCARD int look_read(Look *l, Address at, void *to, size_t n);
/* Counts n reads that need no system call. */
NODISCARD int look_charge(Look *l, int64_t n);
static inline int
look_torn(Look *l, const char *what)
{
    l->torn = what;
    return LOOK_TORN;
}
/* It was torn each time: raises RuntimeError. Returns LOOK_FAILED. */
int look_give_up(Look *l);
/* A str, cut off after so many characters. own: *text new */
NODISCARD int look_str(Look *l, Address at, int64_t most, Own *text);
/* Is an object that was read an instance of a type made in C, or of a class below it? */
NODISCARD int look_is_a(Look *l, const Object *o, const Type *type, bool *is);
NODISCARD int look_threads(Look *l, SeenThreads *threads);
/* The record of a thread once more; *gone: it is not that thread's any more. */
NODISCARD int look_thread_again(Look *l, SeenThread *seen, bool *gone);

/* -- frames.c: FrameInfos are appended to the list, the innermost first */
/* A chain of frames, up to `last`, or to the first that C code called (last 0). */
NODISCARD int look_frames(Look *l, Address first, Address last, Value list);
/* A coroutine and, while it waits, those that it awaits. */
NODISCARD int look_coroutine(Look *l, Address coroutine, Value list);

/* -- tasks.c. own: *result new, a list of AwaitedInfo */
NODISCARD int look_all_tasks(Look *l, Own *result);
NODISCARD int look_running_tasks(Look *l, Own *result);

#endif
