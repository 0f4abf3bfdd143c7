/* The out-of-line half of arena.h: getting blocks from the system and giving them back. */
#include "base/arena.h"

#include <stdlib.h>

struct ArenaBlock {
    _Alignas(ARENA_ALIGN) ArenaBlock *older;
    size_t size; /* of the whole allocation, this header included */
};

#define FIRST_BLOCK ((size_t)4 << 10)
#define LARGEST_BLOCK ((size_t)1 << 20)

void
arena_init(Arena *arena)
{
    *arena = (Arena){.block_size = FIRST_BLOCK};
}

void
arena_free_all(Arena *arena)
{
    for (ArenaBlock *block = arena->blocks; block;) {
        ArenaBlock *older = block->older;
        free(block);
        block = older;
    }
    arena_init(arena);
}

size_t
arena_size(const Arena *arena)
{
    size_t total = 0;
    for (const ArenaBlock *block = arena->blocks; block; block = block->older)
        total += block->size;
    return total;
}

void *
arena_alloc_slow(Arena *arena, size_t size)
{
    /* A request that would waste most of an ordinary block gets a block of its own, filed behind
       the newest one, whose free room stays in use. */
    bool own = size > arena->block_size / 4;
    size_t total = sizeof(ArenaBlock) + (own ? size : arena->block_size);
    ArenaBlock *block = calloc(1, total);
    if (!block) {
        arena->failed = true;
        return 0;
    }
    block->size = total;
    char *start = (char *)(block + 1);
    if (own && arena->blocks) {
        block->older = arena->blocks->older;
        arena->blocks->older = block;
        return start;
    }
    block->older = arena->blocks;
    arena->blocks = block;
    arena->next = start + size;
    arena->end = (char *)block + total;
    if (arena->block_size < LARGEST_BLOCK)
        arena->block_size *= 2;
    return start;
}

char *
arena_strndup(Arena *arena, const char *text, size_t len)
{
    char *copy = arena_alloc(arena, len + 1);
    if (copy)
        memcpy(copy, text, len);
    return copy;
}
