/* Chunks of the frame stack, and the recursion limit. Each thread touches only its own. */
#include "vm/stack.h"
#include "base/faults.h"
#include "object/error.h"

/* Small under a sanitizer: what happens at the edges should happen often there. */
#define CHUNK_BYTES ((size_t)(WITH_ASAN ? 1 : 64) * 1024)
#define CHUNK_BYTES_MAX ((size_t)(WITH_ASAN ? 16 : 1024) * 1024)
/* Frames past the limit while a RecursionError is on its way, so that handlers and finally blocks can run. */
#define DEPTH_HEADROOM 50

typedef struct StackChunk {
    struct StackChunk *prev, *next; /* next: the one empty chunk that is kept, or null */
    char *top_before;               /* of the chunk before, when this one was opened */
    char *end;
    char data[] __attribute__((aligned(16)));
} StackChunk;

_Atomic int recursion_limit = 1000;

static bool
chunk_open(Thread *t, size_t bytes)
{
    StackChunk *chunk = t->chunk ? t->chunk->next : NULL;
    if (chunk && (size_t)(chunk->end - chunk->data) < bytes) {
        mi_free(chunk);
        t->chunk->next = chunk = NULL;
    }
    if (!chunk) {
        size_t size = t->chunk ? 2 * (size_t)(t->chunk->end - (char *)t->chunk) : CHUNK_BYTES;
        size = size > CHUNK_BYTES_MAX ? CHUNK_BYTES_MAX : size;
        if (size < bytes + sizeof(StackChunk)) {
            size = bytes + sizeof(StackChunk);
        }
        chunk = alloc_fails() ? NULL : mi_malloc(size);
        if (!chunk) {
            return false;
        }
        chunk->end = (char *)chunk + size;
        chunk->next = NULL;
        chunk->prev = t->chunk;
        if (t->chunk) {
            t->chunk->next = chunk;
        }
    }
    MEMORY_POISON(chunk->data, (size_t)(chunk->end - chunk->data));
    chunk->top_before = t->stack_top;
    t->chunk = chunk;
    t->stack_top = chunk->data;
    t->stack_end = chunk->end;
    return true;
}

int
depth_enter_slow(Thread *t)
{
    int limit = atomic_load_explicit(&recursion_limit, memory_order_relaxed);
    if (t->recursion_headroom > 0 && t->depth < limit + DEPTH_HEADROOM) {
        t->depth++;
        return 0;
    }
    t->recursion_headroom++;
    raise_msg(&exc_RecursionError, "maximum recursion depth exceeded");
    t->recursion_headroom--;
    return -1;
}

void *
stack_push_slow(Thread *t, size_t bytes, uint8_t *kind)
{
    if (depth_enter(t) < 0) {
        return NULL;
    }
    t->depth--; /* stack_take counts */
    if ((size_t)(t->stack_end - t->stack_top) < bytes) {
        if (!chunk_open(t, bytes)) {
            raise_no_memory();
            return NULL;
        }
        *kind |= FRAME_CHUNK;
    }
    return stack_take(t, bytes);
}

void
stack_pop_chunk(Thread *t, Frame *f)
{
    StackChunk *chunk = t->chunk;
    assert((char *)f == chunk->data);
    stack_give(t, f);
    if (chunk->next) {
        mi_free(chunk->next);
        chunk->next = NULL;
    }
    if (!chunk->prev) { /* the first stays */
        t->stack_top = chunk->data;
        return;
    }
    t->stack_top = chunk->top_before;
    t->chunk = chunk->prev;
    t->stack_end = t->chunk->end;
}

void
stack_free(Thread *t)
{
    StackChunk *chunk = t->chunk;
    if (chunk) {
        mi_free(chunk->next);
    }
    while (chunk) {
        StackChunk *prev = chunk->prev;
        mi_free(chunk);
        chunk = prev;
    }
    t->chunk = NULL;
    t->stack_top = t->stack_end = NULL;
}
