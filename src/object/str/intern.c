/* The interned strings, and the UTF-8 kept beside strings that are not ASCII.
 *
 * Interned strs are immortal: names of code and attributes, of which a program has a bounded
 * number. The table is open addressing over pointers; readers take no lock (slots are filled once,
 * with a release store; a table that is replaced stays, doubling sizes bound the waste by half).
 * Writers hold intern_lock. */
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "object/str_priv.h"
#include "sync/mutex.h"

typedef struct InternTable {
    size_t mask;
    struct InternTable *older;
    _Atomic(Str *) slots[];
} InternTable;

static InternTable *_Atomic interned;
static _Atomic size_t interned_count; /* guard: intern_lock to change */
static Mutex intern_lock;

/* Where NAMEs are made: they need no memory. */
static _Alignas(16) char name_space[32 * 1024]; /* guard: intern_lock */
static size_t name_space_used;                  /* the same */

/* null without memory; raises nothing */
static InternTable *
table_new(size_t slots)
{
    size_t bytes = sizeof(InternTable) + slots * sizeof(_Atomic(Str *));
    InternTable *t = mem_try_alloc(bytes);
    if (t) {
        memset(t, 0, bytes);
        t->mask = slots - 1;
    }
    return t;
}

int
intern_start(void)
{
    atomic_store(&interned, table_new(4096));
    return atomic_load(&interned) ? 0 : -1;
}

/* The str with this text in t, or null; *slot is where it is, or the empty one where it would go. That one may be filled, with another
 * text, as soon as it was seen empty: without the lock only the answer counts. */
static Str *
intern_find(InternTable *t, const Str *s, int64_t hash, _Atomic(Str *) **slot)
{
    for (size_t i = (size_t)hash & t->mask;; i = (i + 1) & t->mask) {
        Str *found = atomic_load_explicit(&t->slots[i], memory_order_acquire);
        if (!found || (atomic_load_explicit(&found->hash, memory_order_relaxed) == hash &&
                       str_equal(found, s))) {
            *slot = &t->slots[i];
            return found;
        }
    }
}

/* As intern_find in the table of the moment. */
static Str *
intern_find_now(const Str *s, int64_t hash)
{
    _Atomic(Str *) *slot;
    return intern_find(atomic_load_explicit(&interned, memory_order_acquire), s, hash, &slot);
}

/* Room for one more, and then some for NAMEs. Without memory the table gets fuller than it should be; false when it is too full. lock: intern_lock */
static bool
intern_grow_locked(size_t spare)
{
    InternTable *old = atomic_load(&interned);
    if (interned_count * 2 < old->mask) {
        return true;
    }
    InternTable *t = table_new((old->mask + 1) * 2);
    if (!t) {
        return interned_count + spare < old->mask;
    }
    for (size_t i = 0; i <= old->mask; i++) {
        Str *s = atomic_load_explicit(&old->slots[i], memory_order_relaxed);
        if (s) {
            _Atomic(Str *) *slot;
            (void)intern_find(t, s, s->hash, &slot);
            atomic_store_explicit(slot, s, memory_order_relaxed);
        }
    }
    t->older = old; /* readers may be in it: kept */
    atomic_store_explicit(&interned, t, memory_order_release);
    return true;
}

Own
str_intern_immortal(Own v)
{
    Str *s = as_str(v);
    int64_t hash = str_hash(v);
    Str *found = intern_find_now(s, hash);
    if (found) {
        drop(v);
        return OWN(found);
    }
    if (!IS_EXACT(v, STR) || !obj_is_mine(&s->head) || (s->head.local != 1 && obj_is_contended(&s->head)) ||
        atomic_load(&s->head.shared) != 0) {
        Str *copy = str_new(
            s->length, str_max_bound(s)); /* other threads may be counting v: what is interned is a str of its own */
        if (copy) {
            memcpy(copy->data, s->data, (size_t)s->length * s->width);
        }
        drop(v);
        return copy ? str_intern_immortal(OWN(copy)) : NO_VALUE;
    }
    mutex_lock(&intern_lock);
    Own result = NO_VALUE;
    if (intern_grow_locked(atomic_load(&interned)->mask / 4)) {
        _Atomic(Str *) *slot;
        found = intern_find(atomic_load(&interned), s, hash, &slot);
        if (!found) {
            obj_make_immortal(&s->head);
            atomic_fetch_or_explicit(&s->interned, STR_INTERNED, memory_order_relaxed);
            atomic_store_explicit(slot, s, memory_order_release);
            interned_count++;
            found = s;
            v = NO_VALUE;
        }
        result = OWN(found);
    }
    mutex_unlock(&intern_lock);
    drop_opt(v);
    return result ? result : raise_no_memory();
}

Value
str_find_interned(Value v)
{
    if (str_is_interned(v)) {
        return v;
    }
    return VALUE(intern_find_now(as_str(v), str_hash(v)));
}

Own
str_intern(Own v)
{
    if (atomic_load_explicit(&as_str(v)->interned, memory_order_relaxed) & STR_INTERNED) {
        return v;
    }
    return str_intern_immortal(v);
}

Own
str_intern_cstr(const char *text)
{
    Own s = str_from_cstr(text);
    return s ? str_intern_immortal(s) : NO_VALUE;
}

Own
name_init(Own *cache, const char *text)
{
    size_t length = strlen(text), bytes = (STR_HEAD + length + 1 + 15) & ~(size_t)15;
    mutex_lock(&intern_lock);
    Str *s = (Str *)(void *)(name_space + name_space_used);
    if (name_space_used + bytes > sizeof name_space || !intern_grow_locked(1)) {
        fprintf(stderr, "weft: no room for the name \"%s\"\n", text);
        abort();
    }
    s->head = (Object){.shape = SHAPE_STR, .flags = OBJ_IMMORTAL | OBJ_SHARED};
    s->length = (int64_t)length;
    s->width = s->ascii = 1;
    atomic_store_explicit(&s->hash, -1, memory_order_relaxed);
    atomic_store_explicit(&s->interned, STR_INTERNED, memory_order_relaxed);
    memcpy(s->data, text, length + 1);
    _Atomic(Str *) *slot;
    Str *found = intern_find(atomic_load(&interned), s, str_hash(OWN(s)), &slot);
    if (!found) {
        name_space_used += bytes;
        atomic_store_explicit(slot, s, memory_order_release);
        interned_count++;
        found = s;
    }
    mutex_unlock(&intern_lock);
    __atomic_store_n(cache, OWN(found), __ATOMIC_RELEASE);
    return OWN(found);
}

int64_t
str_interned_count(void)
{
    return (int64_t)atomic_load(&interned_count);
}

/* -- UTF-8 beside a str -- */

typedef struct Utf8Entry {
    const Str *str;
    struct Utf8Entry *next;
    size_t bytes;
    char text[];
} Utf8Entry;

#define UTF8_BUCKETS 1024
static struct {
    Mutex lock;
    Utf8Entry *first; /* guard: lock */
} utf8_buckets[UTF8_BUCKETS];

static size_t
utf8_bucket(const Str *s)
{
    return ((uintptr_t)s >> 4) * 0x9E3779B97F4A7C15u >> 54 & (UTF8_BUCKETS - 1);
}

const char *
str_utf8_cached(Str *s, size_t *bytes)
{
    size_t bucket = utf8_bucket(s);
    mutex_lock(&utf8_buckets[bucket].lock);
    Utf8Entry *e = utf8_buckets[bucket].first;
    while (e && e->str != s) {
        e = e->next;
    }
    mutex_unlock(&utf8_buckets[bucket].lock);
    if (e) {
        *bytes = e->bytes;
        return e->text;
    }
    size_t surrogate;
    size_t size = utf8_size(s->data, s->width, (size_t)s->length, &surrogate);
    if (surrogate < (size_t)s->length) {
        raise_encode_error("utf-8", VALUE(s), (int64_t)surrogate, (int64_t)surrogate + 1,
                           "surrogates not allowed");
        return NULL;
    }
    e = mem_alloc(sizeof *e + size + 1);
    if (!e) {
        return NULL;
    }
    e->str = s;
    e->bytes = size;
    utf8_encode((uint8_t *)e->text, s->data, s->width, (size_t)s->length);
    e->text[size] = 0;
    mutex_lock(&utf8_buckets[bucket].lock);
    Utf8Entry *present = utf8_buckets[bucket].first;
    while (present && present->str != s) {
        present = present->next;
    }
    if (present) { /* another thread was faster */
        mem_free(e);
        e = present;
    } else {
        e->next = utf8_buckets[bucket].first;
        utf8_buckets[bucket].first = e;
        atomic_fetch_or_explicit(&s->interned, STR_HAS_UTF8, memory_order_relaxed);
    }
    mutex_unlock(&utf8_buckets[bucket].lock);
    *bytes = e->bytes;
    return e->text;
}

void
str_utf8_forget(Str *s)
{
    size_t bucket = utf8_bucket(s);
    mutex_lock(&utf8_buckets[bucket].lock);
    Utf8Entry **link = &utf8_buckets[bucket].first;
    while (*link && (*link)->str != s) {
        link = &(*link)->next;
    }
    Utf8Entry *e = *link;
    if (e) {
        *link = e->next;
    }
    mutex_unlock(&utf8_buckets[bucket].lock);
    mem_free(e);
}
