/* list.sort: a stable merge sort that makes use of order already there.
 *
 * Runs that are ascending, or strictly descending and then reversed, are found from left to right,
 * short ones made longer by binary insertion, and merged in the order of powersort (Munro, Wild:
 * "Nearly-Optimal Mergesorts", 2018), which costs at most n more comparisons than the best order
 * would. A merge first leaves alone what is in place at both ends, copies the shorter side away,
 * and where one side wins again and again finds out by exponential search how often (McIlroy:
 * "Optimistic Sorting and Information Theoretic Complexity", 1993).
 *
 * Items are words, or with a key function pairs of words, key first: `stride` is 1 or 2. All
 * functions below take the kind of keys and the stride as constants, and are expanded for each
 * combination, so that ints, floats and strs are compared in line.
 *
 * The list looks empty while it is sorted: what comparing and key functions do to it is found out
 * at the end, and is an error. Its items are in our hands alone; after a failure they are all
 * there, in some order.
 *
 * Threads: the list's lock is held, but for the Python code that runs, so other threads find the
 * list empty, or wait. Readers of a contended list may have loaded its buffer before: a copy of it
 * is sorted. */
#include "list_priv.h"

#include "heap/alloc.h"
#include "object/equal.h"
#include "object/float.h"
#include "object/str.h"
#include "object/tuple.h"

enum Kind { KIND_INT, KIND_FLOAT, KIND_STR, KIND_TUPLE, KIND_ANY };

typedef struct Run {
    int64_t start, length;
    int power; /* of the boundary between this run and the next one */
} Run;

#define MAX_RUNS 68    /* powers on the stack ascend, and are at most 64 */
#define GALLOP_AFTER 7 /* wins in a row of one side of a merge */

typedef struct Sorter {
    Own *items;
    int64_t count;
    Own *temp; /* the shorter side of a merge; null until needed */
    int64_t temp_capacity;
    int depth;
    Run runs[MAX_RUNS];
} Sorter;

/* -- comparing */

static NOINLINE int
tuple_less(Value a, Value b)
{
    int64_t na = as_tuple(a)->length, nb = as_tuple(b)->length;
    for (int64_t i = 0; i < na && i < nb; i++) {
        Value x = tuple_item(a, i), y = tuple_item(b, i);
        int equal = quick_equal(x, y);
        if (equal < 0 && (equal = object_compare_bool(x, y, CMP_EQ)) < 0) {
            return -1;
        }
        if (!equal) {
            int less = quick_less(x, y);
            return less >= 0 ? less : object_compare_bool(x, y, CMP_LT);
        }
    }
    return na < nb;
}

/* 1, 0, -1 */
static ALWAYS_INLINE int
less(enum Kind kind, Value a, Value b)
{
    switch (kind) {
    case KIND_INT:
        return (int64_t)value_bits(a) < (int64_t)value_bits(b);
    case KIND_FLOAT:
        return float_value(a) < float_value(b);
    case KIND_STR:
        return str_compare(as_str(a), as_str(b)) < 0;
    case KIND_TUPLE:
        return tuple_less(a, b);
    default:
        return object_compare_bool(a, b, CMP_LT);
    }
}

/* The kind that all keys are of. */
static enum Kind
kind_of_keys(const Own *items, int64_t n, int stride)
{
    bool ints = true, floats = true, strs = true, tuples = true;
    for (int64_t i = 0; i < n * stride; i += stride) {
        Value key = items[i];
        ints &= is_small_int(key);
        floats &= is_small_float(key) || IS_EXACT(key, FLOAT);
        strs &= IS_EXACT(key, STR);
        tuples &= IS_EXACT(key, TUPLE);
        if (!(ints | floats | strs | tuples)) {
            return KIND_ANY;
        }
    }
    return ints ? KIND_INT : floats ? KIND_FLOAT : strs ? KIND_STR : KIND_TUPLE;
}

/* -- runs */

static ALWAYS_INLINE void
copy_items(Own *to, const Own *from, int64_t n, int stride)
{
    memcpy(to, from, (size_t)(n * stride) * sizeof(Own));
}

static ALWAYS_INLINE void
move_items(Own *to, const Own *from, int64_t n, int stride)
{
    memmove(to, from, (size_t)(n * stride) * sizeof(Own));
}

static void
reverse_items(Own *items, int64_t n, int stride)
{
    for (int64_t i = 0, j = n - 1; i < j; i++, j--) {
        for (int k = 0; k < stride; k++) {
            Own x = items[i * stride + k];
            items[i * stride + k] = items[j * stride + k];
            items[j * stride + k] = x;
        }
    }
}

/* The length of the run that begins at items, which is ascending afterwards. pre: n > 0 · fail:
 * -1 */
static ALWAYS_INLINE int64_t
find_run(enum Kind kind, int stride, Own *items, int64_t n)
{
    if (n == 1) {
        return 1;
    }
    int down = less(kind, items[stride], items[0]);
    if (down < 0) {
        return -1;
    }
    int64_t length = 2;
    for (; length < n; length++) {
        int falls = less(kind, items[length * stride], items[(length - 1) * stride]);
        if (falls < 0) {
            return -1;
        }
        if (falls != down) {
            break;
        }
    }
    if (down) {
        reverse_items(items, length, stride);
    }
    return length;
}

/* Sorts n items of which the first `sorted` are in order. */
static ALWAYS_INLINE int
insertion_sort(enum Kind kind, int stride, Own *items, int64_t n, int64_t sorted)
{
    for (int64_t at = sorted; at < n; at++) {
        Own item[2];
        copy_items(item, items + at * stride, 1, stride);
        int64_t low = 0, high = at;
        while (low < high) {
            int64_t middle = low + (high - low) / 2;
            int before = less(kind, item[0], items[middle * stride]);
            if (before < 0) {
                return -1;
            }
            if (before) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        move_items(items + (low + 1) * stride, items + low * stride, at - low, stride);
        copy_items(items + low * stride, item, 1, stride);
    }
    return 0;
}

/* Between 32 and 64 for large n, and such that n is a little less than, or just, a power of two
 * times it. */
static int64_t
shortest_run(int64_t n)
{
    int64_t lost = 0;
    while (n >= 64) {
        lost |= n & 1;
        n >>= 1;
    }
    return n + lost;
}

/* How deep in the ideal merge tree the boundary between two runs lies: the first binary digit in
 * which their middles, as fractions of the whole, differ. */
static int
boundary_power(int64_t start, int64_t length, int64_t next_length, int64_t count)
{
    unsigned __int128 left = (unsigned __int128)(2 * start + length) << 62;
    unsigned __int128 right = (unsigned __int128)(2 * start + 2 * length + next_length) << 62;
    uint64_t a = (uint64_t)(left / (uint64_t)count), b = (uint64_t)(right / (uint64_t)count);
    return __builtin_clzll(a ^ b);
}

/* -- searching in a run */

/* Is items[i] before the place of key? `after` puts the place behind items equal to key, else it
 * is before them. */
static ALWAYS_INLINE int
is_before(enum Kind kind, int stride, const Own *items, int64_t i, Value key, bool after)
{
    if (after) {
        int greater = less(kind, key, items[i * stride]);
        return greater < 0 ? -1 : !greater;
    }
    return less(kind, items[i * stride], key);
}

/* How many of the n items come before the place of key, searching in ever larger steps from one
 * end. fail: -1 */
static ALWAYS_INLINE int64_t
gallop(enum Kind kind, int stride, const Own *items, int64_t n, Value key, bool after,
       bool from_end)
{
    int64_t low = 0, high = n; /* all before low come before the place, none from high on */
    for (int64_t step = 1; low < high; step = step * 2 + 1) {
        int64_t i = from_end ? high - step : low + step - 1;
        if (i < low || i >= high) {
            break;
        }
        int before = is_before(kind, stride, items, i, key, after);
        if (before < 0) {
            return -1;
        }
        if (before) {
            low = i + 1;
        } else {
            high = i;
        }
        if (before == from_end) {
            break;
        }
    }
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        int before = is_before(kind, stride, items, middle, key, after);
        if (before < 0) {
            return -1;
        }
        if (before) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* -- merging */

static int
reserve_temp(Sorter *s, int64_t n, int stride)
{
    if (n <= s->temp_capacity) {
        return 0;
    }
    mem_free(s->temp);
    s->temp_capacity = 0;
    s->temp = mem_alloc((size_t)(n * stride) * sizeof(Own));
    if (!s->temp) {
        return -1;
    }
    s->temp_capacity = n;
    return 0;
}

/* Merges na items at a with nb after them, na being the lesser number: from the left, with a's
 * in temp. The last word of a is after all of b, b's first one before all of a. */
static ALWAYS_INLINE int
merge_left(enum Kind kind, int stride, Own *a, int64_t na, int64_t nb, Own *temp)
{
    copy_items(temp, a, na, stride);
    Own *out = a, *x = temp, *x_end = temp + na * stride, *y = a + na * stride;
    Own *y_end = y + nb * stride;
    int status = 0, x_wins = 0, y_wins = 0;
    while (x < x_end && y < y_end) {
        int takes_y = less(kind, *y, *x);
        if (takes_y < 0) {
            status = -1;
            break;
        }
        if ((kind == KIND_INT || kind == KIND_FLOAT) && stride == 1) { /* no branch to guess */
            *out++ = takes_y ? *y : *x;
            y += takes_y;
            x += 1 - takes_y;
            continue;
        }
        Own **from = takes_y ? &y : &x;
        copy_items(out, *from, 1, stride);
        out += stride;
        *from += stride;
        x_wins = takes_y ? 0 : x_wins + 1;
        y_wins = takes_y ? y_wins + 1 : 0;
        if (x_wins < GALLOP_AFTER && y_wins < GALLOP_AFTER) {
            continue;
        }
        int64_t n;
        if (y_wins) {
            n = x < x_end ? gallop(kind, stride, y, (y_end - y) / stride, *x, false, false) : 0;
        } else {
            n = y < y_end ? gallop(kind, stride, x, (x_end - x) / stride, *y, true, false) : 0;
        }
        if (n < 0) {
            status = -1;
            break;
        }
        from = y_wins ? &y : &x;
        move_items(out, *from, n, stride);
        out += n * stride;
        *from += n * stride;
        x_wins = y_wins = 0;
    }
    copy_items(out, x, (x_end - x) / stride, stride); /* what is left of b is in its place */
    return status;
}

/* The same from the right, with the nb items of b in temp. */
static ALWAYS_INLINE int
merge_right(enum Kind kind, int stride, Own *a, int64_t na, int64_t nb, Own *temp)
{
    Own *b = a + na * stride;
    copy_items(temp, b, nb, stride);
    Own *out = b + nb * stride, *x_end = b, *y_end = temp + nb * stride; /* one past the next */
    int status = 0, x_wins = 0, y_wins = 0;
    while (x_end > a && y_end > temp) {
        int takes_x = less(kind, *(y_end - stride), *(x_end - stride));
        if (takes_x < 0) {
            status = -1;
            break;
        }
        if ((kind == KIND_INT || kind == KIND_FLOAT) && stride == 1) { /* no branch to guess */
            *--out = takes_x ? x_end[-1] : y_end[-1];
            x_end -= takes_x;
            y_end -= 1 - takes_x;
            continue;
        }
        Own **from = takes_x ? &x_end : &y_end;
        *from -= stride;
        out -= stride;
        copy_items(out, *from, 1, stride);
        x_wins = takes_x ? x_wins + 1 : 0;
        y_wins = takes_x ? 0 : y_wins + 1;
        if (x_wins < GALLOP_AFTER && y_wins < GALLOP_AFTER) {
            continue;
        }
        int64_t n, stay;
        if (x_wins) { /* those of a that come after the last of b */
            n = (x_end - a) / stride;
            stay = y_end > temp ? gallop(kind, stride, a, n, *(y_end - stride), true, true) : n;
        } else { /* those of b that do not come before the last of a */
            n = (y_end - temp) / stride;
            stay = x_end > a ? gallop(kind, stride, temp, n, *(x_end - stride), false, true) : n;
        }
        if (stay < 0) {
            status = -1;
            break;
        }
        from = x_wins ? &x_end : &y_end;
        *from -= (n - stay) * stride;
        out -= (n - stay) * stride;
        move_items(out, *from, n - stay, stride);
        x_wins = y_wins = 0;
    }
    int64_t left = (y_end - temp) / stride;
    copy_items(out - left * stride, temp, left, stride);
    return status;
}

/* Merges the two topmost runs of the stack. */
static ALWAYS_INLINE int
merge_top(enum Kind kind, int stride, Sorter *s)
{
    Run *left = &s->runs[s->depth - 2], *right = &s->runs[s->depth - 1];
    Own *a = s->items + left->start * stride, *b = s->items + right->start * stride;
    int64_t na = left->length, nb = right->length;
    left->length += nb;
    s->depth--;
    int64_t in_place = gallop(kind, stride, a, na, *b, true, false);
    if (in_place < 0) {
        return -1;
    }
    a += in_place * stride;
    na -= in_place;
    if (na == 0) {
        return 0;
    }
    nb = gallop(kind, stride, b, nb, *(b - stride), false, true);
    if (nb <= 0) {
        return nb < 0 ? -1 : 0;
    }
    if (reserve_temp(s, na < nb ? na : nb, stride) < 0) {
        return -1;
    }
    return na <= nb ? merge_left(kind, stride, a, na, nb, s->temp)
                    : merge_right(kind, stride, a, na, nb, s->temp);
}

static ALWAYS_INLINE int
sort_items(enum Kind kind, int stride, Sorter *s)
{
    int64_t least = shortest_run(s->count);
    for (int64_t start = 0; start < s->count;) {
        Own *items = s->items + start * stride;
        int64_t rest = s->count - start, length = find_run(kind, stride, items, rest);
        if (length < 0) {
            return -1;
        }
        if (length < least && length < rest) {
            int64_t longer = least < rest ? least : rest;
            if (insertion_sort(kind, stride, items, longer, length) < 0) {
                return -1;
            }
            length = longer;
        }
        if (s->depth > 0) {
            Run *top = &s->runs[s->depth - 1];
            int power = boundary_power(top->start, top->length, length, s->count);
            while (s->depth > 1 && s->runs[s->depth - 2].power > power) {
                if (merge_top(kind, stride, s) < 0) {
                    return -1;
                }
            }
            s->runs[s->depth - 1].power = power;
        }
        s->runs[s->depth++] = (Run){start, length, 0};
        start += length;
    }
    while (s->depth > 1) {
        if (merge_top(kind, stride, s) < 0) {
            return -1;
        }
    }
    return 0;
}

#define DEFINE_SORT(name, KIND, STRIDE)                                                            \
    static NOINLINE int name(Sorter *s)                                                            \
    {                                                                                              \
        return sort_items(KIND, STRIDE, s);                                                        \
    }
DEFINE_SORT(sort_ints, KIND_INT, 1)
DEFINE_SORT(sort_floats, KIND_FLOAT, 1)
DEFINE_SORT(sort_strs, KIND_STR, 1)
DEFINE_SORT(sort_tuples, KIND_TUPLE, 1)
DEFINE_SORT(sort_any, KIND_ANY, 1)
DEFINE_SORT(sort_int_pairs, KIND_INT, 2)
DEFINE_SORT(sort_float_pairs, KIND_FLOAT, 2)
DEFINE_SORT(sort_str_pairs, KIND_STR, 2)
DEFINE_SORT(sort_tuple_pairs, KIND_TUPLE, 2)
DEFINE_SORT(sort_any_pairs, KIND_ANY, 2)

static int
sort_by_kind(Own *items, int64_t n, int stride, bool reverse)
{
    static int (*const sorts[2][5])(Sorter *) = {
        {sort_ints, sort_floats, sort_strs, sort_tuples, sort_any},
        {sort_int_pairs, sort_float_pairs, sort_str_pairs, sort_tuple_pairs, sort_any_pairs},
    };
    if (n < 2) {
        return 0;
    }
    Sorter s = {.items = items, .count = n};
    if (reverse) { /* before and after: so equal items keep their order */
        reverse_items(items, n, stride);
    }
    int status = sorts[stride - 1][kind_of_keys(items, n, stride)](&s);
    if (reverse) {
        reverse_items(items, n, stride);
    }
    mem_free(s.temp);
    return status;
}

/* -- with a key function */

/* pairs[i] = key(items[i]), items[i]. fail: -1, and the pairs up to *made have keys */
static int
make_pairs(Own *pairs, Own *items, int64_t n, Value key, int64_t *made)
{
    for (*made = 0; *made < n; ++*made) {
        Own k = call1(key, items[*made]);
        if (!k) {
            return -1;
        }
        pairs[*made * 2] = k;
        pairs[*made * 2 + 1] = items[*made];
    }
    return 0;
}

static int
sort_with_key(Own *items, int64_t n, Value key, bool reverse)
{
    if (n > LIST_MAX_LENGTH / 2) {
        raise_no_memory();
        return -1;
    }
    Own *pairs = mem_alloc((size_t)(2 * n) * sizeof(Own));
    if (!pairs) {
        return -1;
    }
    int64_t made;
    int status = make_pairs(pairs, items, n, key, &made);
    if (status == 0) {
        status = sort_by_kind(pairs, n, 2, reverse);
        for (int64_t i = 0; i < n; i++) {
            items[i] = pairs[2 * i + 1];
        }
    }
    for (int64_t i = 0; i < made; i++) {
        drop(pairs[2 * i]);
    }
    mem_free(pairs);
    return status;
}

/* -- the list */

/* A copy of a buffer with n items. fail: 0 + MemoryError */
static ListBuffer *
buffer_copy(const ListBuffer *buffer, int64_t n)
{
    ListBuffer *copy = list_buffer_new(list_capacity(buffer), n);
    if (copy) {
        memcpy(copy->items, buffer->items, (size_t)n * sizeof(Own));
    }
    return copy;
}

/* Sorts the items while the list seems to be empty. Each sort has a stand-in of its own for the buffer: so that one which lets others in notices
 * any change, and another sort, too. */
int
list_sort(Value v, Value key, bool reverse)
{
    List *l = as_list(v);
    ListRemains theirs = {0};
    ListBuffer *stand_in = list_buffer_new(0, 0);
    if (!stand_in) {
        return -1;
    }
    CriticalSection section;
    critical_enter(&section, &l->head);
    ListBuffer *buffer = l->buffer, *seen = NULL;
    int64_t n = l->length;
    bool was_shared = (obj_flags(&l->head) & OBJ_SHARED) != 0;
    if (n > 1 && obj_is_contended(&l->head)) { /* readers may have come upon the buffer before */
        seen = buffer;
        buffer = buffer_copy(seen, n);
        if (!buffer) {
            critical_leave(&section);
            list_buffer_free(stand_in);
            return -1;
        }
    }
    list_set_length_locked(l, 0);
    __atomic_store_n(&l->buffer, stand_in, __ATOMIC_RELEASE);
    int status = 0;
    if (n > 0) {
        status = key == NONE ? sort_by_kind(buffer->items, n, 1, reverse)
                             : sort_with_key(buffer->items, n, key, reverse);
    }
    (void)critical_renew(&section);
    bool modified = l->buffer != stand_in;
    if (modified) {
        list_take_all_locked(l, &theirs);
    }
    if (!was_shared && (obj_flags(&l->head) & OBJ_SHARED)) { /* published when its items were not in it */
        for (int64_t i = 0; i < n; i++) {
            publish(buffer->items[i]);
        }
    }
    __atomic_store_n(&l->buffer, buffer, __ATOMIC_RELEASE);
    list_set_length_locked(l, n);
    list_buffer_retire(&l->head, stand_in);
    if (seen) {
        list_buffer_retire(&l->head, seen);
    }
    critical_leave(&section);
    list_drop_remains(l, &theirs);
    if (modified && status == 0) {
        return raise_int(&exc_ValueError, "list modified during sort");
    }
    return status;
}
