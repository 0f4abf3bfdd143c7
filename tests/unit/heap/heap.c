/* The heap without Python: allocation, counts between threads, publication, lock-free reads, cycles. */
#include <pthread.h>
#include <stdio.h>

#include "check.h"
#include "heap/critical.h"
#include "heap/gc.h"
#include "heap/heap_priv.h"
#include "heap/type.h"

typedef struct Node {
    Object head;
    Own left, right;
} Node;

static _Atomic int64_t alive;

static int
node_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((Node *)o)->left);
    VISIT(((Node *)o)->right);
    return 0;
}

static void
node_clear(Object *o)
{
    ref_clear(&((Node *)o)->left);
    ref_clear(&((Node *)o)->right);
}

static void
node_dealloc(Object *o)
{
    node_clear(o);
    atomic_fetch_sub(&alive, 1);
    object_free(o);
}

static Type node_type = {.name = "node", .slots = {.traverse = node_traverse, .clear = node_clear, .dealloc = node_dealloc}};
#define NODE_SHAPE 1

static Own
node_new(Own left, Own right)
{
    Node *n = (Node *)object_alloc(NODE_SHAPE, sizeof(Node), OBJ_TRACKED);
    ref_init(&n->head, &n->left, left);
    ref_init(&n->head, &n->right, right);
    atomic_fetch_add(&alive, 1);
    return OWN(n);
}

static Node *
node(Value v)
{
    return (Node *)obj(v);
}

static void
no_frames(Thread *t UNUSED, Visit visit UNUSED, Visit deferred UNUSED, void *arg UNUSED)
{
}

static void
die_no_memory(void)
{
    abort();
}

CASE(counts)
{
    Own a = node_new(NO_VALUE, NO_VALUE);
    Own b = node_new(own(a), own(a));
    CHECK(obj(a)->local == 3);
    drop(a);
    CHECK(atomic_load(&alive) == 2);
    drop(b);
    CHECK(atomic_load(&alive) == 0);
}

/* A chain longer than any C stack is freed without recursion. */
CASE(long_chain)
{
    Own chain = NO_VALUE;
    for (int i = 0; i < 1000000; i++) {
        chain = node_new(chain, NO_VALUE);
    }
    drop(chain);
    CHECK(atomic_load(&alive) == 0);
}

CASE(cycles)
{
    for (int i = 0; i < 1000; i++) {
        Own a = node_new(NO_VALUE, NO_VALUE);
        Own b = node_new(own(a), NO_VALUE);
        ref_store(obj(a), &node(a)->left, b);
        drop(a);
    }
    Own kept = node_new(NO_VALUE, NO_VALUE);
    ref_store(obj(kept), &node(kept)->left, own(kept));
    CHECK(atomic_load(&alive) == 2001);
    CHECK(gc_collect(2) == 2000);
    CHECK(atomic_load(&alive) == 1);
    ref_clear(&node(kept)->left);
    drop(kept);
    CHECK(atomic_load(&alive) == 0);
}

CASE(large)
{
    static Type blob_type = {.name = "blob", .slots = {.dealloc = object_free}};
    shape_table[2].type = &blob_type;
    Own blobs[50];
    for (int i = 0; i < 50; i++) {
        blobs[i] = OWN(object_alloc(2, 400 + (size_t)i * 100, i % 2 ? OBJ_TRACKED : 0));
    }
    for (int i = 0; i < 50; i++) {
        drop(blobs[i]);
    }
    gc_collect(2);
    CHECK(true);
}

/* -- many threads -- */

enum { THREADS = 4, ROUNDS = 30000, SLOTS = 8 };
static Own shared_root; /* a node whose fields every thread reads and replaces */
static Own table[SLOTS]; /* nodes, made shared by hand; fixed */

static int
poll(void)
{
    return safepoint(thread_self());
}

static void *
stress(void *arg)
{
    thread_begin(arg);
    uint32_t random = thread_self()->id * 7919u;
    for (int i = 0; i < ROUNDS; i++) {
        random = random * 1664525u + 1013904223u;
        Node *holder = node(table[random >> 16 & (SLOTS - 1)]);
        Own seen = ref_load(&holder->head, &holder->left);
        if (random & 0x100) {
            Own fresh = node_new(seen ? own(seen) : NO_VALUE, NO_VALUE);
            if (random & 0x600) { /* mostly short chains */
                drop(fresh);
                fresh = node_new(NO_VALUE, NO_VALUE);
            }
            CriticalSection section;
            critical_enter(&section, &holder->head);
            Own old = ref_swap(&holder->head, &holder->left, fresh);
            critical_leave(&section);
            drop_opt(old);
        }
        if (seen) {
            Own inner = ref_load(obj(seen), &node(seen)->left);
            drop_opt(inner);
            drop(seen);
        }
        if (i % 64 == 0 && poll() < 0) {
            break;
        }
        if (i % 5000 == 0) {
            gc_collect(i % 10000 == 0 ? 2 : 0);
        }
        if (i % 1000 == 0) {
            detach();
            attach();
        }
    }
    thread_end();
    return NULL;
}

CASE(threads)
{
    pthread_t threads[THREADS];
    shared_root = node_new(NO_VALUE, NO_VALUE);
    for (int i = 0; i < SLOTS; i++) {
        table[i] = node_new(NO_VALUE, NO_VALUE);
        publish(table[i]);
    }
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < THREADS; i++) {
            pthread_create(&threads[i], NULL, stress, thread_create());
        }
        detach();
        for (int i = 0; i < THREADS; i++) {
            pthread_join(threads[i], NULL);
        }
        attach();
    }
    for (int i = 0; i < SLOTS; i++) {
        ref_clear(&table[i]);
    }
    ref_clear(&shared_root);
    for (int i = 0; i < 4; i++) {
        CHECK(safepoint_slow(thread_self()) == 0);
    }
    gc_collect(2);
    CHECK(atomic_load(&alive) == 0);
    if (atomic_load(&alive)) {
        printf("left alive: %lld\n", (long long)atomic_load(&alive));
    }
}

__attribute__((constructor)) static void
start(void)
{
    shape_table[NODE_SHAPE].type = &node_type;
    heap_hooks.visit_frames = no_frames;
    heap_hooks.no_memory = die_no_memory;
    thread_start_main(0);
}

CHECK_MAIN()
