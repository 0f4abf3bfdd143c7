/* A bump allocator: many small objects that all die at once.

   Memory comes zeroed, aligned to 16 bytes, and lives until arena_free_all; nothing is freed alone.
   Blocks grow with use, so that a small arena stays small and a large one makes few system calls.
   After a failed allocation the arena stays usable and `failed` stays set, so that a caller may
   check once at the end of a long construction.

   Threading: none. An arena belongs to one thread at a time. */
#ifndef WEFT_BASE_ARENA_H
#define WEFT_BASE_ARENA_H

#include "base/attr.h"

typedef struct ArenaBlock ArenaBlock;

typedef struct Arena {
    char *next;         /* first free byte of the newest block */
    char *end;          /* one past its last byte */
    ArenaBlock *blocks; /* newest first */
    size_t block_size;  /* size of the next ordinary block */
    bool failed;        /* some allocation returned 0 */
} Arena;

#define ARENA_ALIGN 16

void arena_init(Arena *arena);
void arena_free_all(Arena *arena);

/* The bytes that the arena took from the system. */
size_t arena_size(const Arena *arena);

/* Out of line half of arena_alloc; `size` is a multiple of ARENA_ALIGN. */
void *arena_alloc_slow(Arena *arena, size_t size);

/* Zeroed memory for `size` bytes, or 0 when the system has none. */
NODISCARD static inline void *
arena_alloc(Arena *arena, size_t size)
{
    if (UNLIKELY(size > PTRDIFF_MAX - ARENA_ALIGN)) {
        arena->failed = true;
        return 0;
    }
    size = (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
    if (LIKELY(size <= (size_t)(arena->end - arena->next))) {
        void *p = arena->next;
        arena->next += size;
        return p;
    }
    return arena_alloc_slow(arena, size);
}

/* A copy of `len` bytes with a zero byte behind it, or 0. */
NODISCARD char *arena_strndup(Arena *arena, const char *text, size_t len);

#endif
