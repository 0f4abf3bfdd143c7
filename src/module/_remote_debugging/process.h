/* Another process that runs the same build: its memory, read and written from outside.
 *
 * It is not asked and not stopped: what is read may be halfway through a change, and may be
 * anything at all where the process is damaged or means ill. */
#ifndef WEFT_MODULE_PROCESS_H
#define WEFT_MODULE_PROCESS_H

#include "object/object.h"

/* A place in the other process. Never followed here. */
typedef uintptr_t Address;

typedef struct Process {
    int pid;       /* 0: none */
    Address moved; /* how much further up the program lies there, modulo 2^64 */
} Process;

/* Where the other process has what is ours here: a static object. */
static inline Address
process_address(const Process *p, const void *ours)
{
    return (Address)ours + p->moved;
}

/* Finds the program in a process. fail: -1 + RuntimeError (no such process, another program),
 * PermissionError */
NODISCARD int process_open(Process *p, int pid);
/* Reads or writes n bytes at once, or nothing: 1 when not all of them are mapped. fail: -1 +
 * RuntimeError when the process is gone, PermissionError */
NODISCARD int process_read(const Process *p, Address at, void *to, size_t n);
NODISCARD int process_write(const Process *p, Address at, const void *from, size_t n);

#endif
