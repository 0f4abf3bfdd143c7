/* What the rest asks of the operating system: clocks, processors, memory pages, random bytes, this
 * thread.
 *
 * All of it may be called from any thread. Errors are -1 with errno set. Nothing here waits, except
 * os_random early in a machine's start.
 */
#ifndef WEFT_BASE_OS_H
#define WEFT_BASE_OS_H

#include "base/attr.h"

#define OS_NS_PER_SECOND 1000000000

/* ---- clocks, in nanoseconds ---- */

int64_t os_clock_wall(void);      /* since 1970, UTC; jumps when somebody sets it */
int64_t os_clock_monotonic(void); /* never back; not while the machine sleeps */
int64_t os_clock_perf(void);      /* the finest that never goes back */
int64_t os_clock_process(void);   /* processor time of all threads of this process */
int64_t os_clock_thread(void);    /* processor time of this thread */

/* ---- the machine ---- */

unsigned os_cpu_count(void);  /* processors that are on; 0 unknown */
unsigned os_cpu_usable(void); /* those this thread may run on; at least 1 */
size_t os_page_size(void);

/* n bytes fit for keys. 0, or -1 with errno. */
NODISCARD int os_random(void *to, size_t n);

/* ---- memory ---- */

#define OS_HUGE_PAGE ((size_t)2 << 20)

/* Zeroed memory in huge pages, where the system has them: a page fault each, not one for each page of 4 KiB. The number of bytes is a multiple of
 * OS_HUGE_PAGE, and so is the address. A page takes memory when it is first written. munmap frees it. null with errno. */
NODISCARD void *os_map_huge(size_t bytes);

/* ---- this thread ---- */

typedef struct OsStack {
    char *low, *high; /* the stack grows from high down to low; below low is the guard */
} OsStack;

/* 0, or -1 with errno. Slow for the first thread (it reads a file): ask once a thread. */
NODISCARD int os_stack_bounds(OsStack *stack);

/* The number by which the system knows this thread. */
uint64_t os_thread_id(void);

/* For debuggers and `top`: cut to what the system keeps (15 bytes), never inside a UTF-8 sequence.
 */
void os_thread_name_set(const char *name);

#define OS_THREAD_NAME_MAX 16

/* "" if it cannot be told. */
void os_thread_name_get(char name[OS_THREAD_NAME_MAX]);

/* A whole file in malloc'ed memory; null with errno. */
char *os_read_file(const char *path, size_t *length);

#endif
