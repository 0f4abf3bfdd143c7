/* set and frozenset: operations on whole sets, and comparison.
 *
 * Threads: two sets are held together, so that an operation sees both at one moment, but for the
 * Python code that comparing items may run: it lets others in, and what they change is seen or
 * not. Results are private until they are done. */
#include "set_priv.h"

#include "heap/alloc.h"
#include "object/dict.h"

Type *
set_base_type(Value v)
{
    return is_instance_of(v, &frozenset_type) ? &frozenset_type : &set_type;
}

/* -- difference */

/* Takes one item out of s and drops it. section: the innermost, which holds s. lock: s held */
static int
set_discard_locked(Set *s, CriticalSection *section, Value item, int64_t hash)
{
    Own removed;
    int status = set_remove_locked(s, section, item, hash, &removed);
    drop_opt(removed);
    (void)critical_renew(section);
    return status;
}

static int
set_difference_update_set(Set *s, Set *other)
{
    if (s == other) {
        set_clear(VALUE(s));
        return 0;
    }
    int64_t position = 0, hash;
    Own item;
    int status = 0;
    CriticalSection section;
    sets_enter(&section, s, other);
    while (status >= 0 && set_step(other, &position, &item, &hash)) {
        status = set_discard_locked(s, &section, item, hash);
        drop(item);
        (void)critical_renew(&section);
    }
    critical_leave(&section);
    return status < 0 ? -1 : 0;
}

int
set_difference_update(Value v, Value iterable)
{
    if (is_anyset(iterable)) {
        return set_difference_update_set(as_set(v), as_set(iterable));
    }
    Own gathered = set_gather(as_set(v), iterable);
    if (gathered) {
        int status = set_difference_update_set(as_set(v), as_set(gathered));
        drop(gathered);
        return status;
    }
    Own it = exc_pending() ? NO_VALUE : object_iter_all(iterable), item;
    if (!it) {
        return -1;
    }
    int status = 0;
    while (status >= 0 && (item = object_next(it)) != NO_VALUE) {
        status = set_discard(v, item);
        drop(item);
    }
    drop(it);
    return exc_pending() ? -1 : 0;
}

/* Is the item, with its hash, in a set or dict? */
static int
has_item(Value container, Value item, int64_t hash)
{
    if (is_anyset(container)) {
        return set_contains_hash(as_set(container), item, hash);
    }
    Own value;
    int found = dict_lookup_hash(container, item, hash, &value);
    drop_opt(value);
    return found;
}

/* Adds to result the items of s whose being in `other` (a set or dict) is `wanted`. */
static int
set_add_selected(Set *result, Set *s, Value other, int wanted)
{
    int64_t position = 0, hash;
    Own item;
    int status = 0;
    CriticalSection section;
    if (is_anyset(other)) {
        sets_enter(&section, s, as_set(other));
    } else {
        critical_enter_two(&section, &s->head, obj(other));
    }
    while (status >= 0 && set_step(s, &position, &item, &hash)) {
        status = has_item(other, item, hash);
        if (status == wanted) {
            status = set_add_hash(result, item, hash);
        }
        drop(item);
    }
    critical_leave(&section);
    return status < 0 ? -1 : 0;
}

static int64_t
size_of(Value set_or_dict)
{
    return is_anyset(set_or_dict) ? set_len(set_or_dict) : dict_len(set_or_dict);
}

static Own
set_difference_by_copy(Type *type, Set *s, Value other)
{
    CriticalSection section;
    sets_enter(&section, s, is_anyset(other) ? as_set(other) : s);
    Own copy = set_copy_as(type, s);
    if (copy && is_anyset(other) && set_difference_update(copy, other) < 0) {
        ref_clear(&copy);
    }
    critical_leave(&section);
    if (copy && !is_anyset(other) && set_difference_update(copy, other) < 0) {
        ref_clear(&copy);
    }
    return copy;
}

Own
set_difference(Set *s, Value other)
{
    Type *type = set_base_type(VALUE(s));
    bool lookups = is_anyset(other) || IS_EXACT(other, DICT);
    /* Copy and remove where much less is to be removed than is there. */
    if (!lookups || set_length(s) / 4 > size_of(other)) {
        return set_difference_by_copy(type, s, other);
    }
    Own result = set_new_of(type);
    if (result && set_add_selected(as_set(result), s, other, 0) < 0) {
        ref_clear(&result);
    }
    return result;
}

/* -- intersection */

/* Adds to result the items that s has too: all of them without an s. */
static int
set_add_common(Set *result, Set *s, Value iterable)
{
    Own it = object_iter_all(iterable), item;
    if (!it) {
        return -1;
    }
    int status = 0;
    while (status >= 0 && (item = object_next(it)) != NO_VALUE) {
        int64_t hash = object_hash(item);
        status = hash == -1 ? -1 : s ? set_contains_hash(s, item, hash) : 1;
        if (status == 1) {
            status = set_add_hash(result, item, hash);
        }
        drop(item);
    }
    drop(it);
    return exc_pending() ? -1 : 0;
}

Own
set_collect(Value iterable)
{
    if (is_anyset(iterable)) {
        return set_copy_as(&set_type, as_set(iterable));
    }
    Own items = set_new();
    if (items && set_add_common(as_set(items), NULL, iterable) < 0) {
        ref_clear(&items);
    }
    return items;
}

/* Must the items of an iterable be known before s can be asked in one step? Not those of a range, which
 * may be very many: s is held while each is looked for. */
static bool
must_collect(Set *s, Value iterable)
{
    return obj_is_contended(&s->head) && !is_anyset(iterable) && !IS_EXACT(iterable, RANGE);
}

/* No Python code runs while items are looked for in s and other. */
static bool
looks_quietly(const Set *s, Value other)
{
    return is_anyset(other) && !set_table(s)->hashed && !set_table(as_set(other))->hashed;
}

Own
set_intersection(Set *s, Value other)
{
    Type *type = set_base_type(VALUE(s));
    if (other == VALUE(s)) {
        return set_copy_as(type, s);
    }
    if (must_collect(s, other)) {
        Own items = set_collect(other);
        Own common = items ? set_intersection(s, items) : NO_VALUE;
        drop_opt(items);
        return common;
    }
    Own result = set_new_of(type);
    if (!result) {
        return NO_VALUE;
    }
    int status;
    if (!is_anyset(other)) {
        status = set_add_common(as_set(result), s, other);
    } else if (set_len(other) > set_length(s)) {
        status = set_add_selected(as_set(result), s, other, 1);
    } else {
        status = set_add_selected(as_set(result), as_set(other), VALUE(s), 1);
    }
    if (status < 0) {
        ref_clear(&result);
    }
    return result;
}

/* Takes out of s what it had `before`, or has now, and `common`, or else other, lacks. Others have changed s meanwhile: what they added
 * stays where it is in both. */
static int
set_take_out_rest(Set *s, Value before, Value common, Set *other)
{
    Own rest = set_copy_as(&set_type, before ? as_set(before) : s);
    int status = rest ? set_difference_update_set(as_set(rest), before ? as_set(common) : other) : -1;
    status = status < 0 ? -1 : set_difference_update_set(s, as_set(rest));
    drop_opt(rest);
    return status;
}

int
set_intersection_update(Set *s, Value other)
{
    if (must_collect(s, other)) {
        Own items = set_collect(other);
        int status = items ? set_intersection_update(s, items) : -1;
        drop_opt(items);
        return status;
    }
    if (other == VALUE(s)) {
        return 0;
    }
    SetTable *old = NULL;
    CriticalSection section;
    sets_enter(&section, s, is_anyset(other) ? as_set(other) : s);
    /* Python code lets others change s, or makes it known to them: what it had is looked at in a copy. A set can be asked again instead, where
     * s is likely to stay private; an iterator cannot. */
    bool quiet = looks_quietly(s, other), copied = !quiet && (obj_is_contended(&s->head) || !is_anyset(other));
    Own before = copied ? set_copy_as(&set_type, s) : NO_VALUE;
    Own common = copied && !before ? NO_VALUE : set_intersection(copied ? as_set(before) : s, other);
    (void)critical_renew(&section);
    if (common && (quiet || !obj_is_contended(&s->head) || (copied && set_has_the_same_locked(s, as_set(before))))) {
        old = set_adopt_table_locked(s, as_set(common));
    }
    critical_leave(&section);
    int status = common ? 0 : -1;
    if (old) {
        set_drop_table(s, old);
    } else if (common) {
        status = set_take_out_rest(s, before, common, copied ? NULL : as_set(other));
    }
    drop_opt(common);
    drop_opt(before);
    return status;
}

/* -- symmetric difference */

/* lock: s held, by the innermost section · pre: items is the caller's alone */
static int
set_toggle_locked(Set *s, CriticalSection *section, Set *items)
{
    int64_t position = 0, hash;
    Own item;
    int status = 0;
    while (status >= 0 && set_step(items, &position, &item, &hash)) {
        status = set_discard_locked(s, section, item, hash);
        if (status == 0) {
            status = set_add_locked(s, section, item, hash);
        }
        drop(item);
    }
    return status < 0 ? -1 : 0;
}

int
set_symmetric_difference_update(Value v, Value iterable)
{
    Set *s = as_set(v);
    if (v == iterable) {
        set_clear(v);
        return 0;
    }
    /* A copy: an iterable may name an item twice, and comparing may change another set. */
    Own items = is_anyset(iterable) ? NO_VALUE : set_from_as(&set_type, iterable);
    if (!items && !is_anyset(iterable)) {
        return -1;
    }
    CriticalSection section;
    sets_enter(&section, s, items ? s : as_set(iterable));
    if (!items) {
        items = set_copy_as(&set_type, as_set(iterable));
    }
    int status = items ? set_toggle_locked(s, &section, as_set(items)) : -1;
    critical_leave(&section);
    drop_opt(items);
    return status;
}

/* -- relations */

int
set_is_subset(Set *s, Set *other)
{
    if (s == other) {
        return 1;
    }
    int64_t position = 0, hash;
    Own item;
    int contained = 1;
    CriticalSection section;
    sets_enter(&section, s, other);
    if (set_length(s) > set_length(other)) {
        contained = 0;
    }
    while (contained == 1 && set_step(s, &position, &item, &hash)) {
        contained = set_contains_hash(other, item, hash);
        drop(item);
    }
    critical_leave(&section);
    return contained;
}

static int
set_is_disjoint_set(Set *s, Set *other)
{
    if (s == other) {
        return set_length(s) == 0;
    }
    int64_t position = 0, hash;
    Own item;
    int found = 0;
    CriticalSection section;
    sets_enter(&section, s, other);
    Set *few = set_length(s) < set_length(other) ? s : other, *many = few == s ? other : s;
    while (found == 0 && set_step(few, &position, &item, &hash)) {
        found = set_contains_hash(many, item, hash);
        drop(item);
    }
    critical_leave(&section);
    return found < 0 ? -1 : !found;
}

int
set_is_disjoint(Set *s, Value other)
{
    if (is_anyset(other)) {
        return set_is_disjoint_set(s, as_set(other));
    }
    Own gathered = set_gather(s, other);
    if (gathered) {
        int disjoint = set_is_disjoint_set(s, as_set(gathered));
        drop(gathered);
        return disjoint;
    }
    Own it = exc_pending() ? NO_VALUE : object_iter_all(other), item;
    if (!it) {
        return -1;
    }
    int found = 0;
    while (found == 0 && (item = object_next(it)) != NO_VALUE) {
        found = set_contains(VALUE(s), item);
        drop(item);
    }
    drop(it);
    return exc_pending() ? -1 : !found;
}

/* Two frozensets whose hashes are known to differ are not equal. */
static bool
hashes_differ(Set *a, Set *b)
{
    int64_t x = atomic_load_explicit(&set_table(a)->hash, memory_order_relaxed);
    int64_t y = atomic_load_explicit(&set_table(b)->hash, memory_order_relaxed);
    return x != -1 && y != -1 && x != y && is_instance_of(VALUE(a), &frozenset_type) &&
           is_instance_of(VALUE(b), &frozenset_type);
}

static int
set_equal(Set *a, Set *b)
{
    if (set_length(a) != set_length(b) || hashes_differ(a, b)) {
        return 0;
    }
    return set_is_subset(a, b);
}

Own
set_compare(Value a, Value b, CompareOp op)
{
    if (!is_anyset(a) || !is_anyset(b)) {
        return own(NOTIMPLEMENTED);
    }
    if (!c_stack_ok()) {
        return NO_VALUE;
    }
    Set *x = as_set(a), *y = as_set(b);
    int holds = 0;
    CriticalSection section;
    sets_enter(&section, x, y);
    int64_t nx = set_length(x), ny = set_length(y);
    switch (op) {
    case CMP_EQ:
        holds = set_equal(x, y);
        break;
    case CMP_NE:
        holds = set_equal(x, y);
        holds = holds < 0 ? -1 : !holds;
        break;
    case CMP_LT:
        holds = nx < ny ? set_is_subset(x, y) : 0;
        break;
    case CMP_LE:
        holds = set_is_subset(x, y);
        break;
    case CMP_GT:
        holds = ny < nx ? set_is_subset(y, x) : 0;
        break;
    case CMP_GE:
        holds = set_is_subset(y, x);
        break;
    }
    critical_leave(&section);
    return holds < 0 ? NO_VALUE : bool_value(holds);
}

/* -- hash */

/* Spreads the bits of an item's hash before they are combined by xor, which has to be: items
 * have no order. The constants here and below are those of collections.abc.Set._hash, whose
 * value equal sets of other classes have. */
static uint64_t
shuffle_bits(uint64_t hash)
{
    return (hash ^ hash << 16 ^ 89869747u) * 3644798167u;
}

int64_t
set_hash_items(Set *s)
{
    uint64_t sum = 0;
    CriticalSection section;
    sets_enter(&section, s, s);
    const SetTable *t = s->table;
    for (int64_t i = 0; i < set_slot_count(t); i++) {
        Value item = t->slots[i];
        if (set_is_item(item)) {
            sum ^= shuffle_bits((uint64_t)set_item_hash(t, i, item));
        }
    }
    sum ^= ((uint64_t)s->length + 1) * 1927868237u;
    critical_leave(&section);
    sum ^= sum >> 11 ^ sum >> 25;
    sum = sum * 69069u + 907133923u;
    return sum == UINT64_MAX ? 590923713 : (int64_t)sum;
}
