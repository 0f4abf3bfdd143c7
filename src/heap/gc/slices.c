/* A full collection in slices: the world is stopped for a millisecond or two at a time, and runs in between.
 *
 * What the slices find is a guess. They do the trial deletion of mark.c over tables of their own (a count for each cell that existed when its page was
 * looked at), step by step: COUNT writes down the counts, REACH_FROM_ROOTS marks what frames lead to, SUBTRACT takes off the references between the other
 * candidates, REACH marks what the rest leads to.
 * As the program changes the graph in between, something alive may be taken for garbage, and what became garbage meanwhile for alive. What was
 * garbage at the beginning is found for certain: nobody changes it any more.
 *
 * So the guess is verified with the world stopped, in batches that no reference connects: the garbage of a batch is dead if all its counts together are
 * as many as the references from it to itself, since no count is lower than what is known to refer to it. If they are more, or if references that nobody
 * counts come into play (to classes and functions), gc.c does an exact trial deletion over the batch.
 *
 * A candidate is recognized again after the world ran: its page is the page of then (hints_cycle), its cell is in use, and the object has OBJ_OLD, which
 * COUNT gave it; what a young collection meanwhile makes old is none (gc_slices_pass_over_stw). Large objects that die are kept until the end (large_keep_dead).
 *
 * The alternative, marking in a child with a copy of the memory (fork), was measured: 0.2 ms for each 4 MB that lie in small pages, and then
 * 1 to 20 us for each page that the running threads write to.
 *
 * Everything here is guarded by being the collector (collector.c), and by the stopped world where tables and objects are touched. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/os.h"
#include "base/sanitize.h"
#include "heap/gc/gc_priv.h"

#define NO_CANDIDATE UINT32_MAX
#define SLICE_NS 1500000
#define PUSHES_PER_SLICE 150000 /* on the work list, at most, more or less */
#define HURRY 100
#define LOOK_AT_CLOCK 256 /* references between two looks at the clock */
#define CHUNK_ENTRIES ((OS_HUGE_PAGE - sizeof(Chunk)) / sizeof(uint32_t))
#define IN_BATCH 0x80000000 /* while a batch is verified, in the entry of each of its objects: this plus the count. Other entries are less */
#define LARGE_TAG 1 /* in a remembered address: a large object */

typedef enum { IDLE, COUNT, REACH_FROM_ROOTS, REACH_FROM_FROZEN, SUBTRACT, REACH, GATHER, CONNECT, DONE } Step;

/* Tables come from chunks, which go back to the system together. */
typedef struct Chunk {
    struct Chunk *next;
    size_t used;
    uint32_t entries[];
} Chunk;

static struct {
    Step step;
    uint32_t number;   /* of this collection: what pages and large objects carry that have a table now */
    bool failed;       /* without memory */
    Page **pages;      /* in use when it began */
    Object **large;
    size_t page_count, large_count;
    size_t next;       /* page, then large object, to go on with */
    uint32_t cell;     /* and the cell in it */
    Chunk *chunks, *spare;
    size_t candidates;
    void *lists;       /* room for all of these, as many as there are candidates, each of which is in a list at most once. Never moved: that takes long */
    size_t lists_size;
    Object **work;     /* reached, to be followed; addresses with their tag, like the next */
    Object **found;    /* the garbage */
    uint32_t *parent;  /* of found: who stands for it, in the end for its component */
    uint8_t *deferred; /* of found: is it, or something in its component */
    size_t work_count, found_count;
    size_t work_before; /* so many of work are from earlier slices: they may be gone meanwhile */
    const Type *last_type; /* a class that was reached in this slice */
    size_t touched_work, touched_found, touched_parent; /* so many items have their memory */
    Object **sorted;   /* found, in batches */
    uint32_t *group;   /* of sorted: the component */
    bool roots_seen;   /* frames, to begin with */
    /* the traversal at hand, which may stop in the middle of a container */
    const Object *at;
    size_t part;       /* where, if its type can begin there; else: */
    size_t seen, skip; /* references of it, and those that were seen before */
    size_t least;      /* so many of it are seen before the time is up: to skip takes time, too */
    uint32_t index;
    int64_t deadline;
    int hurry;         /* slices that are to be short, since somebody waited for one of the last */
    uint32_t ticks;    /* objects since somebody looked at the clock, modulo some */
} s;

/* Where nobody waits a slice goes on to the end. But a thread may be about to, without the system letting it run just now: hence `hurry`. */
static bool
time_is_up(void)
{
    return (s.hurry || world_is_awaited()) && os_clock_monotonic() >= s.deadline;
}

/* Asked after each object. */
static inline bool
time_may_be_up(void)
{
    return ++s.ticks % 64 == 0 && time_is_up();
}

/* -- tables -- */

static SEES_POISON uint32_t *
entry_of(Object *o)
{
    if (object_is_large(o)) {
        return large_head(o)->hint_cycle == s.number ? &large_head(o)->hint : NULL;
    }
    Page *p = page_of(o);
    return p->hints_cycle == s.number ? &p->hints[page_index(p, o)] : NULL;
}

/* o may be on a page or be large, and has a shape. */
static inline uint32_t *
candidate_entry(Object *o)
{
    if ((obj_flags(o) & (OBJ_OLD | OBJ_TRACKED | OBJ_IMMORTAL)) != (OBJ_OLD | OBJ_TRACKED)) {
        return NULL;
    }
    uint32_t *entry = entry_of(o);
    return entry && *entry != NO_CANDIDATE ? entry : NULL;
}

static inline Object *
remember(Object *o)
{
    return (Object *)((uintptr_t)o | (object_is_large(o) ? LARGE_TAG : 0));
}

/* The object at a remembered address, if it is still there. */
static SEES_POISON Object *
recall(const Object *remembered)
{
    Object *o = (Object *)((uintptr_t)remembered & ~(uintptr_t)LARGE_TAG);
    bool large = ((uintptr_t)remembered & LARGE_TAG) != 0;
    if (!large && (page_of(o)->hints_cycle != s.number || !page_of(o)->tracked)) {
        return NULL;
    }
    if (large ? large_head(o)->frozen : page_of(o)->frozen) {
        return NULL;
    }
    return obj_shape(o) != 0 && (obj_flags(o) & OBJ_OLD) && !gc_is_dying(o) ? o : NULL;
}

/* The same of what was found: it has an entry still. */
static Object *
recall_found(const Object *remembered)
{
    Object *o = recall(remembered);
    return o && candidate_entry(o) ? o : NULL;
}

void
gc_slices_pass_over_stw(Object *o)
{
    uint32_t *entry = gc_slices_active() ? entry_of(o) : NULL;
    if (entry) { /* of one that was there before it */
        *entry = NO_CANDIDATE;
    }
}

void
gc_slices_renew_stw(Page *p)
{
    if (gc_slices_active() && atomic_load_explicit(&p->young, memory_order_relaxed)) {
        p->renewed = s.number;
    }
}

static inline void
touch(void *p)
{
    volatile char *c = p;
    *c = *c;
}

/* Touches the pages of a list, which has `count` items, that the next slice may need. */
static void
touch_ahead(void *list, size_t item, size_t count, size_t *touched)
{
    for (; *touched < count + PUSHES_PER_SLICE && *touched < s.candidates; *touched += OS_HUGE_PAGE / item) {
        touch((char *)list + *touched * item);
    }
}

/* Memory that the next slice will need is got while the world runs, if others do: for the system it is a lot of work. */
void
gc_slices_prepare(void)
{
    if (atomic_load(&threads_count) <= 1) {
        return;
    }
    if (s.step <= COUNT && !s.spare && (!s.chunks || s.chunks->used > CHUNK_ENTRIES / 2)) {
        s.spare = os_map_huge(OS_HUGE_PAGE);
        if (s.spare) {
            touch(s.spare);
        }
    }
    if (s.step > COUNT && s.step < GATHER) {
        touch_ahead(s.work, sizeof *s.work, s.work_count, &s.touched_work);
        touch_ahead(s.found, sizeof *s.found, 0, &s.touched_found);
        touch_ahead(s.parent, sizeof *s.parent, 0, &s.touched_parent);
    } else if (s.step == GATHER) {
        touch_ahead(s.found, sizeof *s.found, s.found_count, &s.touched_found);
        touch_ahead(s.parent, sizeof *s.parent, s.found_count, &s.touched_parent);
    }
}

static uint32_t *
table_new(size_t entries)
{
    if (!s.chunks || s.chunks->used + entries > CHUNK_ENTRIES) {
        Chunk *c = s.spare ? s.spare : os_map_huge(OS_HUGE_PAGE);
        s.spare = NULL;
        if (!c) {
            return NULL;
        }
        c->next = s.chunks;
        s.chunks = c;
    }
    uint32_t *table = s.chunks->entries + s.chunks->used;
    s.chunks->used += entries;
    return table;
}

/* -- what is done with each candidate -- */

static uint32_t
count_for(Object *o)
{
    uint8_t flags = obj_flags(o);
    if ((flags & OBJ_IMMORTAL) || !(flags & OBJ_TRACKED) || gc_is_dying(o)) {
        return NO_CANDIDATE;
    }
    gc_flag_set_stw(o, OBJ_OLD);
    s.candidates++;
    uint32_t count = gc_count_of(o);
    return count == NO_CANDIDATE ? count - 1 : count;
}

/* May objects here, which are no candidates any more, hold some that they did not when they were reached? (classes of new instances, and of those that have
 * been given another; what generators' registers hold) */
static bool
may_hold_more(const Page *p)
{
    return p->hints_cycle != s.number || p->renewed == s.number || p->has_holders || atomic_load_explicit(&p->young, memory_order_relaxed);
}

static SEES_POISON void
count_page(Page *p)
{
    uint32_t *table = table_new(p->cell_count);
    if (!table) {
        s.failed = true;
        return;
    }
    memset(table, 0xFF, p->cell_count * sizeof *table);
    p->hints = table;
    p->hints_cycle = s.number;
    p->has_holders = false;
    char *cell = page_cells(p);
    for (uint32_t i = 0; i < p->bump; i++, cell += p->cell_size) {
        if (obj_shape((Object *)cell) != 0) {
            table[i] = count_for((Object *)cell);
            p->has_holders |= gc_holds_uncounted((Object *)cell);
        }
    }
    page_grow_old(p);
}

/* The visitors of one object's references, which count them: a traversal can be broken off when the time is up, and taken up again where it was. */
static inline bool
is_skipped(void)
{
    s.seen++;
    if (s.skip) {
        s.skip--;
        return true;
    }
    return false;
}

static inline int
enough(void)
{
    return s.seen % LOOK_AT_CLOCK == 0 && s.seen >= s.least && time_is_up();
}

static int
subtract(Value v, void *arg UNUSED)
{
    if (is_skipped()) {
        return 0;
    }
    if (v && is_object(v)) {
        uint32_t *entry = candidate_entry(obj(v));
        if (entry) {
            --*entry;
        }
    }
    return enough();
}

static void
reach_object(Object *o)
{
    uint32_t *entry = candidate_entry(o);
    if (entry) {
        *entry = NO_CANDIDATE;
        s.work[s.work_count++] = remember(o);
    }
}

static int
reach(Value v, void *arg UNUSED)
{
    if (v && is_object(v)) {
        reach_object(obj(v));
    }
    return 0;
}

static int
reach_some(Value v, void *arg UNUSED)
{
    if (is_skipped()) {
        return 0;
    }
    reach(v, NULL);
    return enough();
}

static uint32_t
component(uint32_t i)
{
    while (s.parent[i] != i) {
        s.parent[i] = s.parent[s.parent[i]];
        i = s.parent[i];
    }
    return i;
}

static void
connect_to(const Object *o)
{
    const uint32_t *entry = candidate_entry((Object *)(uintptr_t)o);
    if (entry && *entry < s.found_count) {
        uint32_t a = component(s.index), b = component(*entry);
        s.parent[a > b ? a : b] = a > b ? b : a;
    }
}

static int
connect(Value v, void *arg UNUSED)
{
    if (is_skipped()) {
        return 0;
    }
    if (v && is_object(v)) {
        connect_to(obj(v));
    }
    return enough();
}

/* Visits what o refers to, from where the last slice stopped. False when the time is up before the end. */
static bool
follow(Object *o, Visit visit)
{
    const TypeSlots *slots = &obj_type(o)->slots;
    bool begun = o == s.at;
    s.at = o;
    if (slots->traverse_part) {
        s.part = begun ? s.part : 0;
        s.seen = s.skip = s.least = 0;
        if (slots->traverse_part(o, &s.part, visit, NULL)) {
            return false;
        }
    } else {
        s.skip = begun ? s.seen : 0;
        s.least = s.skip + s.skip / 2;
        s.seen = 0;
        if (slots->traverse && slots->traverse(o, visit, NULL)) {
            return false;
        }
    }
    s.at = NULL;
    return true;
}

/* -- the steps. Each goes on until its end (true) or until the time is up -- */

/* The first cell from `cell` on that has a candidate; else `count`. Most have none when what frames lead to has been reached. */
static inline uint32_t
next_candidate(const uint32_t *table, uint32_t cell, uint32_t count)
{
    for (uint32_t all = NO_CANDIDATE; cell + 8 <= count; cell += 8) {
        for (int i = 0; i < 8; i++) {
            all &= table[cell + i];
        }
        if (all != NO_CANDIDATE) {
            break;
        }
    }
    while (cell < count && table[cell] == NO_CANDIDATE) {
        cell++;
    }
    return cell;
}

/* Calls `one` for a candidate that is still there. */
static inline SEES_POISON bool
visit_candidate(Object *o, uint32_t *entry, bool (*one)(Object *o, uint32_t *entry))
{
    if (obj_shape(o) == 0 || !(obj_flags(o) & OBJ_OLD)) {
        return true;
    }
    if (gc_is_dying(o)) { /* and what it held is gone */
        *entry = NO_CANDIDATE;
        return true;
    }
    return one(o, entry);
}

/* Calls `one` for each candidate, from s.next and s.cell on. It gives false when it is not done with the object. */
static SEES_POISON bool
each_candidate(bool (*one)(Object *o, uint32_t *entry))
{
    for (; s.next < s.page_count; s.next++, s.cell = 0) {
        Page *p = s.pages[s.next];
        if (p->hints_cycle != s.number || !p->tracked) {
            continue;
        }
        while ((s.cell = next_candidate(p->hints, s.cell, p->cell_count)) < p->cell_count) {
            Object *o = (Object *)(page_cells(p) + (size_t)s.cell * p->cell_size);
            if (time_may_be_up() || !visit_candidate(o, &p->hints[s.cell], one)) {
                return false;
            }
            s.cell++;
        }
        if (time_may_be_up()) {
            return false;
        }
    }
    for (; s.next < s.page_count + s.large_count; s.next++) {
        Object *o = s.large[s.next - s.page_count];
        LargeHead *head = large_head(o);
        if (head->hint_cycle == s.number && head->hint != NO_CANDIDATE && !visit_candidate(o, &head->hint, one)) {
            return false;
        }
        if (time_may_be_up()) {
            s.next++;
            return false;
        }
    }
    return true;
}

/* Memory of the lists. */
static bool
lists_map(void)
{
    size_t n = s.candidates + 1;
    s.lists_size = (n * (2 * sizeof *s.work + sizeof *s.parent + sizeof *s.deferred) + OS_HUGE_PAGE - 1) & ~(OS_HUGE_PAGE - 1);
    s.lists = os_map_huge(s.lists_size);
    if (!s.lists || n >= IN_BATCH) {
        s.failed = true;
        return false;
    }
    s.work = s.lists;
    s.found = s.work + n;
    s.parent = (uint32_t *)(s.found + n);
    s.deferred = (uint8_t *)(s.parent + n);
    return true;
}

static bool
count_all(void)
{
    while (s.next < s.page_count) {
        Page *p = s.pages[s.next++];
        if (p->tracked && !p->frozen) {
            count_page(p);
        }
        if (time_is_up() || s.failed) {
            return false;
        }
    }
    while (s.next < s.page_count + s.large_count) {
        Object *o = s.large[s.next++ - s.page_count];
        LargeHead *head = large_head(o);
        if (obj_shape(o) != 0 && !head->frozen) {
            head->hint = count_for(o);
            head->hint_cycle = s.number;
        }
        if (time_may_be_up()) {
            return false;
        }
    }
    return lists_map();
}

static bool
subtract_from(Object *o, uint32_t *entry UNUSED)
{
    return follow(o, subtract);
}

static bool
subtract_all(void)
{
    gc_subtracting = true;
    bool done = each_candidate(subtract_from);
    gc_subtracting = false;
    return done;
}

/* Takes the last out of the work list; null: it is gone. */
static inline Object *
work_pop(void)
{
    Object *remembered = s.work[--s.work_count];
    if (LIKELY(s.work_count >= s.work_before)) {
        return (Object *)((uintptr_t)remembered & ~(uintptr_t)LARGE_TAG);
    }
    s.work_before = s.work_count;
    return recall(remembered);
}

/* Follows what is in the work list. */
static bool
drain(void)
{
    while (s.work_count) {
        Object *o = work_pop();
        if (o && !follow(o, reach_some)) {
            s.work[s.work_count++] = remember(o); /* the first to go on with */
            return false;
        }
        Type *t = o ? obj_type(o) : NULL;
        if (t && t != s.last_type && !(obj_flags(&t->head) & OBJ_IMMORTAL)) {
            s.last_type = t;
            reach_object(&t->head);
        }
        if (time_may_be_up()) {
            return false;
        }
    }
    return true;
}

static bool
reach_from(Object *o, uint32_t *entry)
{
    if (*entry != 0) {
        reach_object(o);
        return drain();
    }
    return true;
}

/* What is frozen is no candidate, yet it holds its class, and generators hold deferred objects, without counting them. */
static SEES_POISON bool
reach_from_frozen(void)
{
    for (; gc_has_frozen && s.next < s.page_count; s.next++, s.cell = 0) {
        Page *p = s.pages[s.next];
        for (; p->tracked && p->frozen && s.cell < p->bump && !time_may_be_up(); s.cell++) {
            Object *o = (Object *)(page_cells(p) + (size_t)s.cell * p->cell_size);
            if (obj_shape(o) != 0 && (obj_flags(o) & OBJ_TRACKED) && !gc_is_dying(o)) {
                if (!follow(o, reach_some)) {
                    return false;
                }
                reach_object(&obj_type(o)->head);
            }
        }
        if (p->tracked && p->frozen && s.cell < p->bump) {
            return false;
        }
    }
    for (size_t i = 0; gc_has_frozen && i < s.large_count; i++) {
        Object *o = s.large[i];
        if (obj_shape(o) != 0 && large_head(o)->frozen && !gc_is_dying(o)) {
            (void)follow(o, reach);
            reach_object(&obj_type(o)->head);
        }
    }
    return drain();
}

/* What frames hold, to begin with: its references need not be taken off then. */
static bool
reach_from_roots(void)
{
    if (!s.roots_seen) {
        gc_visit_frames_stw(reach, reach, NULL);
        s.roots_seen = true;
    }
    return drain();
}

/* What frames hold is asked for again and again until it brings nothing new within one slice. */
static bool
reach_all(void)
{
    if ((s.work_count && !drain()) || !each_candidate(reach_from)) {
        return false;
    }
    gc_visit_frames_stw(reach, reach, NULL);
    return drain();
}

static bool
gather_one(Object *o, uint32_t *entry)
{
    *entry = (uint32_t)s.found_count;
    s.parent[s.found_count] = *entry;
    s.deferred[s.found_count] = (obj_flags(o) & OBJ_DEFERRED) != 0;
    s.found[s.found_count++] = remember(o);
    return true;
}

static bool
gather_all(void)
{
    return each_candidate(gather_one);
}

static bool
connect_all(void)
{
    for (; s.next < s.found_count; s.next++) {
        Object *o = recall_found(s.found[s.next]);
        s.index = (uint32_t)s.next;
        if (o && !follow(o, connect)) {
            return false;
        }
        if (o) {
            connect_to(&obj_type(o)->head);
            const Object *target = heap_hooks.weakref_target ? heap_hooks.weakref_target(o) : NULL;
            if (target) { /* or its callback would be called, though it is garbage with it */
                connect_to(target);
            }
        }
        if (time_may_be_up()) {
            s.next++;
            return false;
        }
    }
    return true;
}

/* -- begin, go on, end. stw -- */

static bool
begin(void)
{
    s.number = s.number == UINT32_MAX ? 1 : s.number + 1;
    s.page_count = pages_list_stw(&s.pages);
    s.large_count = large_list_stw(&s.large);
    if ((s.page_count && !s.pages) || (s.large_count && !s.large)) {
        s.failed = true;
        return false;
    }
    large_keep_dead(true);
    return true;
}

static void
step_next(Step step)
{
    s.step = step;
    s.next = 0;
    s.cell = 0;
    s.at = NULL;
}

bool
gc_slice_stw(void)
{
    static bool (*const steps[])(void) = {
        [COUNT] = count_all, [REACH_FROM_ROOTS] = reach_from_roots, [REACH_FROM_FROZEN] = reach_from_frozen, [SUBTRACT] = subtract_all,
        [REACH] = reach_all, [GATHER] = gather_all, [CONNECT] = connect_all};
    s.deadline = os_clock_monotonic() + SLICE_NS;
    if (s.step == IDLE && begin()) {
        step_next(COUNT);
    }
    s.hurry -= s.hurry > 0;
    s.work_before = s.work_count;
    s.last_type = NULL;
    while (!s.failed && s.step != DONE) {
        if (!steps[s.step]()) {
            break;
        }
        step_next(s.step + 1);
    }
    s.hurry = world_is_awaited() ? HURRY : s.hurry;
    return s.failed || s.step == DONE; /* failed: gc_slices_failed() */
}

bool
gc_slices_active(void)
{
    return s.step != IDLE;
}

void
gc_slices_end(void)
{
    uint32_t number = s.number;
    for (Chunk *c = s.chunks, *next; c; c = next) {
        next = c->next;
        munmap(c, OS_HUGE_PAGE);
    }
    if (s.spare) {
        munmap(s.spare, OS_HUGE_PAGE);
    }
    free(s.pages);
    free(s.large);
    free(s.sorted);
    free(s.group);
    if (s.lists) {
        munmap(s.lists, s.lists_size);
    }
    memset(&s, 0, sizeof s);
    s.number = number; /* the next one's tables have another: those of pages count no more */
    large_keep_dead(false);
}

/* -- the garbage, batch by batch -- */

/* Lays the components of one kind (with something deferred, or without) one behind the other, from `at` on. */
static uint32_t
lay_out(const uint32_t *sizes, const uint8_t *has_deferred, bool deferred, uint32_t at, uint32_t *starts, size_t most, GcBatches *b)
{
    uint32_t begun = at;
    for (size_t i = 0; i < s.found_count; i++) {
        if (sizes[i] == 0 || has_deferred[i] != deferred) {
            continue;
        }
        if (!deferred && at > begun && at - begun + sizes[i] > most) {
            b->ends[b->count++] = begun = at;
        }
        starts[i] = at;
        at += sizes[i];
    }
    if (at > begun) {
        b->ends[b->count++] = at;
    }
    return at;
}

int
gc_slices_sort(size_t most, GcBatches *b)
{
    size_t n = s.found_count;
    uint32_t *sizes = calloc(n + 1, sizeof *sizes), *starts = calloc(n + 1, sizeof *starts);
    s.sorted = malloc((n + 1) * sizeof *s.sorted);
    s.group = malloc((n + 1) * sizeof *s.group);
    *b = (GcBatches){.ends = malloc((2 * n / most + 4) * sizeof *b->ends)}; /* two that follow each other are more than `most`, but for the last ones */
    bool ok = sizes && starts && s.sorted && s.group && b->ends;
    if (ok) {
        for (size_t i = 0; i < n; i++) {
            uint32_t c = component((uint32_t)i);
            sizes[c]++;
            s.deferred[c] |= s.deferred[i];
        }
        lay_out(sizes, s.deferred, true, lay_out(sizes, s.deferred, false, 0, starts, most, b), starts, most, b);
        for (size_t i = 0; i < n; i++) {
            uint32_t c = component((uint32_t)i), at = starts[c]++;
            s.sorted[at] = s.found[i];
            s.group[at] = c;
        }
    }
    free(sizes);
    free(starts);
    return ok ? 0 : -1;
}

static int
subtract_in_batch(Value v, void *arg UNUSED)
{
    if (v && is_object(v)) {
        uint32_t *entry = candidate_entry(obj(v));
        if (entry && *entry >= IN_BATCH) {
            --*entry;
        }
    }
    return 0;
}

static bool held_uncounted; /* found by the next two; stw */

static int
note_uncounted(Value v, void *arg UNUSED)
{
    const uint32_t *entry = v && is_object(v) ? candidate_entry(obj(v)) : NULL;
    held_uncounted = held_uncounted || (entry && *entry >= IN_BATCH && (obj_flags(obj(v)) & OBJ_DEFERRED));
    return held_uncounted;
}

/* What is not in the batch, and holds something of it without counting it. */
static void
look_for_uncounted(Object *o, void *arg UNUSED)
{
    const uint32_t *entry = candidate_entry(o);
    if (!held_uncounted && !(entry && *entry >= IN_BATCH) && !gc_is_dying(o)) {
        note_uncounted(VALUE(obj_type(o)), NULL);
        if (gc_holds_uncounted(o)) {
            obj_type(o)->slots.traverse(o, note_uncounted, NULL);
        }
    }
}

static void
look_in_page(Page *p, void *arg)
{
    if (!held_uncounted && may_hold_more(p)) {
        page_visit_objects(p, look_for_uncounted, arg);
    }
}

/* Marks the items as the batch, with their counts, and takes off the references between them. True where that is all that matters: nothing in it is
 * deferred, or at least nobody outside holds that. `begun` of them are then marked. */
static bool
batch_count_stw(Object *const *items, size_t n, uint32_t extra, size_t *begun)
{
    bool has_deferred = false;
    for (*begun = 0; *begun < n; ++*begun) {
        Object *o = items[*begun];
        uint32_t *entry = entry_of(o), count = gc_count_of(o) - extra;
        if (!entry || count >= IN_BATCH - 1) {
            return false;
        }
        *entry = IN_BATCH + count;
        has_deferred = has_deferred || (obj_flags(o) & OBJ_DEFERRED);
    }
    gc_subtracting = true;
    for (size_t i = 0; i < n; i++) {
        TraverseFn fn = obj_type(items[i])->slots.traverse;
        if (fn) {
            fn(items[i], subtract_in_batch, NULL);
        }
    }
    gc_subtracting = false;
    held_uncounted = false;
    if (has_deferred) {
        gc_visit_frames_stw(gc_ignore, note_uncounted, NULL);
        if (!held_uncounted) {
            pages_visit_stw(look_in_page, NULL);
            large_visit_stw(look_for_uncounted, NULL);
        }
    }
    return !held_uncounted;
}

bool
gc_slices_closed_stw(Object *const *items, size_t n, uint32_t extra)
{
    size_t begun = 0;
    bool closed = gc_slices_active() && batch_count_stw(items, n, extra, &begun);
    for (size_t i = 0; i < begun; i++) {
        uint32_t *entry = entry_of(items[i]);
        closed = closed && *entry == IN_BATCH;
        *entry = 0; /* no longer in a batch */
    }
    return closed;
}

size_t
gc_slices_batch_stw(size_t from, size_t to, Object **items, size_t *closed)
{
    size_t n = 0, begun = 0, at = 0, open = 0;
    for (size_t i = from; i < to; i++) {
        Object *o = recall_found(s.sorted[i]);
        if (o) {
            items[n++] = o;
        }
    }
    bool counted = batch_count_stw(items, n, 0, &begun);
    Object **rest = items + (to - from);
    *closed = 0;
    for (size_t i = from; i < to;) {
        size_t first = at;
        bool is_closed = counted;
        for (uint32_t group = s.group[i]; i < to && s.group[i] == group; i++) {
            if (at < n && recall_found(s.sorted[i]) == items[at]) {
                is_closed = is_closed && *entry_of(items[at]) == IN_BATCH;
                at++;
            }
        }
        Object **into = is_closed ? items + *closed : rest + open;
        memmove(into, items + first, (at - first) * sizeof *into);
        *(is_closed ? closed : &open) += at - first;
    }
    memcpy(items + *closed, rest, open * sizeof *items);
    for (size_t i = 0; i < n; i++) {
        uint32_t *entry = entry_of(items[i]);
        if (entry && *entry >= IN_BATCH && *entry != NO_CANDIDATE) {
            *entry = 0; /* no longer in a batch */
        }
    }
    return n;
}

int64_t
gc_slices_candidates(void)
{
    return (int64_t)s.candidates;
}

bool
gc_slices_failed(void)
{
    return s.failed;
}

