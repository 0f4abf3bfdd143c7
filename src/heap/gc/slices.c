/* A full collection in slices: the world is stopped for a millisecond or two at a time, and runs in between.
 *
 * What the slices find is a guess. They do the trial deletion of mark.c over tables of their own (a count for each cell that existed when its page was
 * looked at), step by step: COUNT writes down the counts, REACH_FROM_ROOTS marks what frames lead to, SUBTRACT takes off the references between the other
 * candidates, REACH marks what the rest leads to.
 * As the program changes the graph in between, something alive may be taken for garbage, and what became garbage meanwhile for alive. What was
 * garbage at the beginning is found for certain: nobody changes it any more.
 *
 * So the guess is verified with the world stopped (batches.c), in batches that no reference connects: the garbage of a batch is dead if all its counts together are
 * as many as the references from it to itself, since no count is lower than what is known to refer to it. If they are more, or if references that nobody
 * counts come into play (to classes and functions), collector.c has an exact trial deletion done over the batch.
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
#include "heap/gc/slices_priv.h"

#define SLICE_NS 1500000
#define PUSHES_PER_SLICE 150000 /* on the work list, at most, more or less */
#define HURRY 100
#define LOOK_AT_CLOCK 256 /* references between two looks at the clock */
#define CHUNK_ENTRIES ((OS_HUGE_PAGE - sizeof(Chunk)) / sizeof(uint32_t))

Slices slices;

/* Where nobody waits a slice goes on to the end. But a thread may be about to, without the system letting it run just now: hence `hurry`. */
static bool
time_is_up(void)
{
    return (slices.hurry || world_is_awaited()) && os_clock_monotonic() >= slices.deadline;
}

/* Asked after each object. */
static inline bool
time_may_be_up(void)
{
    return ++slices.ticks % 64 == 0 && time_is_up();
}

/* -- tables -- */

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
        p->renewed = slices.number;
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
    for (; *touched < count + PUSHES_PER_SLICE && *touched < slices.candidates; *touched += OS_HUGE_PAGE / item) {
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
    if (slices.step <= COUNT && !slices.spare && (!slices.chunks || slices.chunks->used > CHUNK_ENTRIES / 2)) {
        slices.spare = os_map_huge(OS_HUGE_PAGE);
        if (slices.spare) {
            touch(slices.spare);
        }
    }
    if (slices.step > COUNT && slices.step < GATHER) {
        touch_ahead(slices.work, sizeof *slices.work, slices.work_count, &slices.touched_work);
        touch_ahead(slices.found, sizeof *slices.found, 0, &slices.touched_found);
        touch_ahead(slices.parent, sizeof *slices.parent, 0, &slices.touched_parent);
    } else if (slices.step == GATHER) {
        touch_ahead(slices.found, sizeof *slices.found, slices.found_count, &slices.touched_found);
        touch_ahead(slices.parent, sizeof *slices.parent, slices.found_count, &slices.touched_parent);
    }
}

static uint32_t *
table_new(size_t entries)
{
    if (!slices.chunks || slices.chunks->used + entries > CHUNK_ENTRIES) {
        Chunk *c = slices.spare ? slices.spare : os_map_huge(OS_HUGE_PAGE);
        slices.spare = NULL;
        if (!c) {
            return NULL;
        }
        c->next = slices.chunks;
        slices.chunks = c;
    }
    uint32_t *table = slices.chunks->entries + slices.chunks->used;
    slices.chunks->used += entries;
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
    slices.candidates++;
    uint32_t count = gc_count_of(o);
    return count == NO_CANDIDATE ? count - 1 : count;
}

static SEES_POISON void
count_page(Page *p)
{
    uint32_t *table = table_new(p->cell_count);
    if (!table) {
        slices.failed = true;
        return;
    }
    memset(table, 0xFF, p->cell_count * sizeof *table);
    p->hints = table;
    p->hints_cycle = slices.number;
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
    slices.seen++;
    if (slices.skip) {
        slices.skip--;
        return true;
    }
    return false;
}

static inline int
enough(void)
{
    return slices.seen % LOOK_AT_CLOCK == 0 && slices.seen >= slices.least && time_is_up();
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
        slices.work[slices.work_count++] = remember(o);
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

static void
connect_to(const Object *o)
{
    const uint32_t *entry = candidate_entry((Object *)(uintptr_t)o);
    if (entry && *entry < slices.found_count) {
        uint32_t a = component(slices.index), b = component(*entry);
        slices.parent[a > b ? a : b] = a > b ? b : a;
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
    bool begun = o == slices.at;
    slices.at = o;
    if (slots->traverse_part) {
        slices.part = begun ? slices.part : 0;
        slices.seen = slices.skip = slices.least = 0;
        if (slots->traverse_part(o, &slices.part, visit, NULL)) {
            return false;
        }
    } else {
        slices.skip = begun ? slices.seen : 0;
        slices.least = slices.skip + slices.skip / 2;
        slices.seen = 0;
        if (slots->traverse && slots->traverse(o, visit, NULL)) {
            return false;
        }
    }
    slices.at = NULL;
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

/* Calls `one` for each candidate, from slices.next and slices.cell on. It gives false when it is not done with the object. */
static SEES_POISON bool
each_candidate(bool (*one)(Object *o, uint32_t *entry))
{
    for (; slices.next < slices.page_count; slices.next++, slices.cell = 0) {
        Page *p = slices.pages[slices.next];
        if (p->hints_cycle != slices.number || !p->tracked) {
            continue;
        }
        while ((slices.cell = next_candidate(p->hints, slices.cell, p->cell_count)) < p->cell_count) {
            Object *o = (Object *)(page_cells(p) + (size_t)slices.cell * p->cell_size);
            if (time_may_be_up() || !visit_candidate(o, &p->hints[slices.cell], one)) {
                return false;
            }
            slices.cell++;
        }
        if (time_may_be_up()) {
            return false;
        }
    }
    for (; slices.next < slices.page_count + slices.large_count; slices.next++) {
        Object *o = slices.large[slices.next - slices.page_count];
        LargeHead *head = large_head(o);
        if (head->hint_cycle == slices.number && head->hint != NO_CANDIDATE && !visit_candidate(o, &head->hint, one)) {
            return false;
        }
        if (time_may_be_up()) {
            slices.next++;
            return false;
        }
    }
    return true;
}

/* Memory of the lists. */
static bool
lists_map(void)
{
    size_t n = slices.candidates + 1;
    slices.lists_size = (n * (2 * sizeof *slices.work + sizeof *slices.parent + sizeof *slices.deferred) + OS_HUGE_PAGE - 1) & ~(OS_HUGE_PAGE - 1);
    slices.lists = os_map_huge(slices.lists_size);
    if (!slices.lists || n >= IN_BATCH) {
        slices.failed = true;
        return false;
    }
    slices.work = slices.lists;
    slices.found = slices.work + n;
    slices.parent = (uint32_t *)(slices.found + n);
    slices.deferred = (uint8_t *)(slices.parent + n);
    return true;
}

static bool
count_all(void)
{
    while (slices.next < slices.page_count) {
        Page *p = slices.pages[slices.next++];
        if (p->tracked && !p->frozen) {
            count_page(p);
        }
        if (time_is_up() || slices.failed) {
            return false;
        }
    }
    while (slices.next < slices.page_count + slices.large_count) {
        Object *o = slices.large[slices.next++ - slices.page_count];
        LargeHead *head = large_head(o);
        if (obj_shape(o) != 0 && !head->frozen) {
            head->hint = count_for(o);
            head->hint_cycle = slices.number;
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
    Object *remembered = slices.work[--slices.work_count];
    if (LIKELY(slices.work_count >= slices.work_before)) {
        return (Object *)((uintptr_t)remembered & ~(uintptr_t)LARGE_TAG);
    }
    slices.work_before = slices.work_count;
    return recall(remembered);
}

/* Follows what is in the work list. */
static bool
drain(void)
{
    while (slices.work_count) {
        Object *o = work_pop();
        if (o && !follow(o, reach_some)) {
            slices.work[slices.work_count++] = remember(o); /* the first to go on with */
            return false;
        }
        Type *t = o ? obj_type(o) : NULL;
        if (t && t != slices.last_type && !(obj_flags(&t->head) & OBJ_IMMORTAL)) {
            slices.last_type = t;
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
    for (; gc_has_frozen && slices.next < slices.page_count; slices.next++, slices.cell = 0) {
        Page *p = slices.pages[slices.next];
        for (; p->tracked && p->frozen && slices.cell < p->bump && !time_may_be_up(); slices.cell++) {
            Object *o = (Object *)(page_cells(p) + (size_t)slices.cell * p->cell_size);
            if (obj_shape(o) != 0 && (obj_flags(o) & OBJ_TRACKED) && !gc_is_dying(o)) {
                if (!follow(o, reach_some)) {
                    return false;
                }
                reach_object(&obj_type(o)->head);
            }
        }
        if (p->tracked && p->frozen && slices.cell < p->bump) {
            return false;
        }
    }
    for (size_t i = 0; gc_has_frozen && i < slices.large_count; i++) {
        Object *o = slices.large[i];
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
    if (!slices.roots_seen) {
        gc_visit_frames_stw(reach, reach, NULL);
        slices.roots_seen = true;
    }
    return drain();
}

/* What frames hold is asked for again and again until it brings nothing new within one slice. */
static bool
reach_all(void)
{
    if ((slices.work_count && !drain()) || !each_candidate(reach_from)) {
        return false;
    }
    gc_visit_frames_stw(reach, reach, NULL);
    return drain();
}

static bool
gather_one(Object *o, uint32_t *entry)
{
    *entry = (uint32_t)slices.found_count;
    slices.parent[slices.found_count] = *entry;
    slices.deferred[slices.found_count] = (obj_flags(o) & OBJ_DEFERRED) != 0;
    slices.found[slices.found_count++] = remember(o);
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
    for (; slices.next < slices.found_count; slices.next++) {
        Object *o = recall_found(slices.found[slices.next]);
        slices.index = (uint32_t)slices.next;
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
            slices.next++;
            return false;
        }
    }
    return true;
}

/* -- begin, go on, end. stw -- */

static bool
begin(void)
{
    slices.number = slices.number == UINT32_MAX ? 1 : slices.number + 1;
    slices.page_count = pages_list_stw(&slices.pages);
    slices.large_count = large_list_stw(&slices.large);
    if ((slices.page_count && !slices.pages) || (slices.large_count && !slices.large)) {
        slices.failed = true;
        return false;
    }
    large_keep_dead(true);
    return true;
}

static void
step_next(Step step)
{
    slices.step = step;
    slices.next = 0;
    slices.cell = 0;
    slices.at = NULL;
}

bool
gc_slice_stw(void)
{
    static bool (*const steps[])(void) = {
        [COUNT] = count_all, [REACH_FROM_ROOTS] = reach_from_roots, [REACH_FROM_FROZEN] = reach_from_frozen, [SUBTRACT] = subtract_all,
        [REACH] = reach_all, [GATHER] = gather_all, [CONNECT] = connect_all};
    slices.deadline = os_clock_monotonic() + SLICE_NS;
    if (slices.step == IDLE && begin()) {
        step_next(COUNT);
    }
    slices.hurry -= slices.hurry > 0;
    slices.work_before = slices.work_count;
    slices.last_type = NULL;
    while (!slices.failed && slices.step != DONE) {
        if (!steps[slices.step]()) {
            break;
        }
        step_next(slices.step + 1);
    }
    slices.hurry = world_is_awaited() ? HURRY : slices.hurry;
    return slices.failed || slices.step == DONE; /* failed: gc_slices_failed() */
}

bool
gc_slices_active(void)
{
    return slices.step != IDLE;
}

void
gc_slices_end(void)
{
    uint32_t number = slices.number;
    for (Chunk *c = slices.chunks, *next; c; c = next) {
        next = c->next;
        munmap(c, OS_HUGE_PAGE);
    }
    if (slices.spare) {
        munmap(slices.spare, OS_HUGE_PAGE);
    }
    free(slices.pages);
    free(slices.large);
    free(slices.sorted);
    free(slices.group);
    if (slices.lists) {
        munmap(slices.lists, slices.lists_size);
    }
    memset(&slices, 0, sizeof slices);
    slices.number = number; /* the next one's tables have another: those of pages count no more */
    large_keep_dead(false);
}

int64_t
gc_slices_candidates(void)
{
    return (int64_t)slices.candidates;
}

bool
gc_slices_failed(void)
{
    return slices.failed;
}

