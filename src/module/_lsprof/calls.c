/* The tables and the arithmetic of profiles: module/_lsprof/calls.h. */
#include "module/_lsprof/calls.h"

#include <stdlib.h>

static size_t
bucket_of(const void *key)
{
    return (size_t)((uint64_t)(uintptr_t)key * 0x9E3779B97F4A7C15u >> 32) % CALL_BUCKETS;
}

Entry *
calls_find(const CallData *d, const void *key)
{
    Entry *e = d->buckets[bucket_of(key)];
    while (e && e->key != key) {
        e = e->next;
    }
    return e;
}

Entry *
calls_add(CallData *d, const void *key, Own shown)
{
    Entry *e = calloc(1, sizeof *e);
    if (!e) {
        d->no_memory = true;
        drop(shown);
        return NULL;
    }
    publish(shown);
    Entry **bucket = &d->buckets[bucket_of(key)];
    *e = (Entry){.key = key, .shown = shown, .next = *bucket};
    *bucket = e;
    return e;
}

/* null without memory */
static SubEntry *
sub_entry(CallData *d, Entry *caller, Entry *e)
{
    SubEntry *s = caller->calls;
    while (s && s->entry != e) {
        s = s->next;
    }
    if (!s && (s = calloc(1, sizeof *s))) {
        s->entry = e;
        s->next = caller->calls;
        caller->calls = s;
    }
    d->no_memory |= !s;
    return s;
}

void
calls_begin(CallData *d, Entry *e, int64_t now, bool by_caller)
{
    Call *call = malloc(sizeof *call);
    if (!call) {
        d->no_memory = true;
        return;
    }
    *call = (Call){.entry = e, .start = now, .caller = d->current};
    e->counts.level++;
    if (by_caller && call->caller) {
        call->by = sub_entry(d, call->caller->entry, e);
        if (call->by) {
            call->by->counts.level++;
        }
    }
    d->current = call;
}

static void
count(Counts *c, int64_t took, int64_t own)
{
    if (--c->level == 0) {
        c->total += took;
    } else {
        c->recursive++;
    }
    c->own += own;
    c->calls++;
}

void
calls_end(CallData *d, int64_t now)
{
    Call *call = d->current;
    int64_t took = now - call->start, own = took - call->inner;
    if (call->caller) {
        call->caller->inner += took;
    }
    count(&call->entry->counts, took, own);
    if (call->by) {
        count(&call->by->counts, took, own);
    }
    d->current = call->caller;
    free(call);
}

static void
counts_add(Counts *to, const Counts *from)
{
    to->calls += from->calls;
    to->recursive += from->recursive;
    to->total += from->total;
    to->own += from->own;
}

static Entry *
same_entry(CallData *into, const Entry *e)
{
    Entry *same = calls_find(into, e->key);
    return same ? same : calls_add(into, e->key, own(e->shown));
}

bool
calls_merge(CallData *into, const CallData *from)
{
    for (size_t i = 0; i < CALL_BUCKETS; i++) {
        for (const Entry *e = from->buckets[i]; e; e = e->next) {
            Entry *to = same_entry(into, e);
            if (!to) {
                return false;
            }
            counts_add(&to->counts, &e->counts);
            for (const SubEntry *s = e->calls; s; s = s->next) {
                Entry *called = same_entry(into, s->entry);
                SubEntry *sub = called ? sub_entry(into, to, called) : NULL;
                if (!sub) {
                    return false;
                }
                counts_add(&sub->counts, &s->counts);
            }
        }
    }
    return true;
}

void
calls_free(CallData *d)
{
    for (Call *c = d->current, *next; c; c = next) {
        next = c->caller;
        free(c);
    }
    for (size_t i = 0; i < CALL_BUCKETS; i++) {
        for (Entry *e = d->buckets[i], *next; e; e = next) {
            next = e->next;
            for (SubEntry *s = e->calls, *after; s; s = after) {
                after = s->next;
                free(s);
            }
            drop(e->shown);
            free(e);
        }
    }
    free(d);
}
