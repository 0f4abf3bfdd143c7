/* Writing what threads are doing to a file descriptor, from anywhere: a signal handler, a thread
 * that is not Python's, a process that is about to die. No memory is allocated, no lock is waited
 * for. */
#ifndef WEFT_MODULE_FAULTHANDLER_DUMP_H
#define WEFT_MODULE_FAULTHANDLER_DUMP_H

#include "heap/thread.h"
#include "object/object.h"

void dump_text(int fd, const char *text);
void dump_decimal(int fd, uint64_t n);
void dump_hex(int fd, uint64_t n, int digits); /* at least so many digits */

/* "Stack (most recent call first):" and the frames of t, which is this thread, or stopped; t null:
 * there is no Python thread here. */
void dump_stack(int fd, const Thread *t);
/* "Thread 0x... [name] (most recent call first):" and the frames. */
void dump_thread(int fd, const Thread *t, bool is_current);

/* Every thread, newest first. Others are asked by a signal to write themselves. `current` may be
 * null. */
void dump_all_by_signal(int fd, const Thread *current);
/* The same with the world stopped. pre: this thread is attached. may: wait for the others */
void dump_all_stopped(int fd);
/* Before the first dump_all_by_signal, not in a signal handler. fail: -1, errno */
NODISCARD int dump_prepare(void);

/* "Current thread's C stack trace (most recent call first):" and the callers of this function. */
void dump_c_stack(int fd);
/* "Extension modules: ...": the modules of C in sys.modules that are not in
 * sys.stdlib_module_names. Both dicts may be null. */
void dump_extension_modules(int fd, Value sys_modules, Value sys_dict);

#endif
