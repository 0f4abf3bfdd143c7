/* The second half of a collection in slices: what the slices found is verified with the world stopped, in batches.
 *
 * slices.c says what makes the answer exact. */
#include <stdlib.h>
#include <string.h>

#include "heap/gc/slices_priv.h"

/* Lays the components of one kind (with something deferred, or without) one behind the other, from `at` on. */
static uint32_t
lay_out(const uint32_t *sizes, const uint8_t *has_deferred, bool deferred, uint32_t at, uint32_t *starts, size_t most, GcBatches *b)
{
    uint32_t begun = at;
    for (size_t i = 0; i < slices.found_count; i++) {
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
    size_t n = slices.found_count;
    uint32_t *sizes = calloc(n + 1, sizeof *sizes), *starts = calloc(n + 1, sizeof *starts);
    slices.sorted = malloc((n + 1) * sizeof *slices.sorted);
    slices.group = malloc((n + 1) * sizeof *slices.group);
    *b = (GcBatches){.ends = malloc((2 * n / most + 4) * sizeof *b->ends)}; /* two that follow each other are more than `most`, but for the last ones */
    bool ok = sizes && starts && slices.sorted && slices.group && b->ends;
    if (ok) {
        for (size_t i = 0; i < n; i++) {
            uint32_t c = component((uint32_t)i);
            sizes[c]++;
            slices.deferred[c] |= slices.deferred[i];
        }
        lay_out(sizes, slices.deferred, true, lay_out(sizes, slices.deferred, false, 0, starts, most, b), starts, most, b);
        for (size_t i = 0; i < n; i++) {
            uint32_t c = component((uint32_t)i), at = starts[c]++;
            slices.sorted[at] = slices.found[i];
            slices.group[at] = c;
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
        Object *o = recall_found(slices.sorted[i]);
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
        for (uint32_t group = slices.group[i]; i < to && slices.group[i] == group; i++) {
            if (at < n && recall_found(slices.sorted[i]) == items[at]) {
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
