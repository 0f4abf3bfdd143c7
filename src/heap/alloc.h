/* Memory for objects and their buffers.
 *
 * Objects up to OBJECT_SMALL_MAX bytes live in cells of pages, one page holding one size class; larger ones and
 * buffers are mimalloc's. A page belongs to one thread, which allocates and frees in it without atomics; others
 * free through the page's atomic list. Pages are enumerable with the world stopped, which is how the collector
 * finds every tracked object with no per-object links. A cell whose shape is 0 is free.
 * When a thread ends its pages wait for the next thread that needs one.
 *
 * All functions return 0 with MemoryError pending on failure, unless they say otherwise. */
#ifndef WEFT_HEAP_ALLOC_H
#define WEFT_HEAP_ALLOC_H

#include <stdio.h>

#include "base/sanitize.h"
#include "heap/object.h"

#define OBJECT_SMALL_MAX 512

/* A new object of `size` bytes, zeroed past the header, with one reference, owned by this thread.
 * flags: OBJ_TRACKED and/or OBJ_DEFERRED, or 0; the birth flags are added.
 * A tracked object may be visited by a collection at the next safepoint: its fields must then be valid
 * (zero is). own: ret new · fail: 0 + MemoryError */
NODISCARD Object *object_alloc(ShapeId shape, size_t size, unsigned flags);

/* Frees the cell of a dead object: the last step of a type's dealloc. A shared object's cell waits for an epoch. */
void object_free(Object *o);

/* Bytes that o takes in memory, header included, buffers excluded. */
size_t object_cell_size(const Object *o);

/* Buffers: plain memory that objects point to. mem_alloc(0) returns a unique pointer. */
NODISCARD void *mem_alloc(size_t size);
NODISCARD void *mem_zalloc(size_t size);
NODISCARD void *mem_realloc(void *p, size_t size);
void mem_free(void *p);
/* The same without raising MemoryError (for code that has no thread state). */
NODISCARD void *mem_try_alloc(size_t size);

/* The memory of this thread's free buffers goes back to the system. Takes a while. */
void mem_give_back(void);

/* Frees a buffer that lock-free readers may still be reading: at once while the program has one thread or `holder`
 * is private, after an epoch otherwise. */
void mem_retire(const Object *holder, void *p);

/* The same for buffers whose holder knows their size. Large ones are the system's: they grow without being copied, which in fresh memory costs page faults,
 * are zero where they were never written, and take no memory there. */
#define MEM_MAPPED_LEAST (WITH_ASAN ? SIZE_MAX : (size_t)2 << 20)
static inline bool
mem_is_mapped(size_t size)
{
    return UNLIKELY(size >= MEM_MAPPED_LEAST);
}

NODISCARD void *mem_alloc_sized(size_t size);
NODISCARD void *mem_realloc_sized(void *p, size_t old_size, size_t size); /* p is not null */
void mem_free_sized(void *p, size_t size);
void mem_retire_sized(const Object *holder, void *p, size_t size);

/* From now on, or no longer, each allocation and each end of one is told to heap_hooks.trace_alloc and trace_free. Objects that were made
 * meanwhile are told of when they end only while it is on. */
void heap_trace(bool on);

/* A table of the pages in use, by cell size. */
void heap_print_stats(FILE *to);

/* Calls visit for each tracked object of the process. stw: the world is stopped. */
typedef void (*ObjectVisit)(Object *o, void *arg);
void objects_visit_stw(ObjectVisit visit, void *arg);

#endif
