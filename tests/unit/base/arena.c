#include "base/arena.h"
#include "check.h"

CASE(memory_is_zeroed_aligned_and_apart)
{
    Arena arena;
    arena_init(&arena);
    char *last = NULL;
    for (size_t size = 1; size < 5000; size += 7) {
        char *p = arena_alloc(&arena, size);
        CHECK_INT((uintptr_t)p % ARENA_ALIGN, 0);
        for (size_t i = 0; i < size; i++)
            CHECK(p[i] == 0);
        memset(p, 0xff, size);
        CHECK(p != last);
        last = p;
    }
    CHECK_INT(arena.failed, false);
    arena_free_all(&arena);
    CHECK_INT(arena_size(&arena), 0);
}

CASE(a_large_request_leaves_the_current_block_in_use)
{
    Arena arena;
    arena_init(&arena);
    char *a = arena_alloc(&arena, 16);
    char *big = arena_alloc(&arena, 1 << 22);
    char *b = arena_alloc(&arena, 16);
    memset(big, 1, 1 << 22);
    CHECK(b == a + 16);
    CHECK_INT(*b, 0);
    arena_free_all(&arena);
}

CASE(impossible_requests_fail_and_are_remembered)
{
    Arena arena;
    arena_init(&arena);
    CHECK(!arena_alloc(&arena, SIZE_MAX));
    CHECK(arena.failed);
    CHECK(arena_alloc(&arena, 1) != NULL);
    CHECK_STR(arena_strndup(&arena, "abcdef", 3), "abc");
    arena_free_all(&arena);
}

CHECK_MAIN()
