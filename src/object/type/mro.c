/* Method resolution order: the C3 linearization (Barrett et al.: "A Monotonic Superclass
 * Linearization for Dylan", 1996).
 *
 * Threads: works on tuples of types, which are immutable and held meanwhile: the order of a base may be replaced. What is published is published
 * by the caller. */
#include "object/type/type_priv.h"

#include "object/list.h"

/* One sequence being merged: the mro of a base, or the bases themselves. */
typedef struct Merge {
    Own tuple;
    int64_t at; /* first item not yet taken */
} Merge;

static inline Value
merge_head(const Merge *m)
{
    return m->at < as_tuple(m->tuple)->length ? tuple_item(m->tuple, m->at) : NO_VALUE;
}

/* candidate stands behind the head of some sequence, so it cannot come next. */
static bool
in_a_tail(const Merge *merges, int64_t n, Value candidate)
{
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = merges[i].at + 1; j < as_tuple(merges[i].tuple)->length; j++) {
            if (tuple_item(merges[i].tuple, j) == candidate) {
                return true;
            }
        }
    }
    return false;
}

static Own
raise_inconsistent(const Merge *merges, int64_t n)
{
    Own names = list_new(n);
    for (int64_t i = 0; names && i < n; i++) {
        Value head = merge_head(&merges[i]);
        if (!head) {
            continue;
        }
        bool seen = false;
        for (int64_t j = 0; j < i; j++) {
            seen |= merge_head(&merges[j]) == head;
        }
        if (!seen && list_append_own(names, type_name_str((Type *)obj(head))) < 0) {
            ref_clear(&names);
        }
    }
    Own separator = str_from_cstr(", ");
    Own text = names && separator ? str_join(separator, names) : NO_VALUE;
    if (text) {
        raise_fmt(&exc_TypeError,
                  "Cannot create a consistent method resolution order (MRO) for bases %U",
                  (Value)text);
    }
    drop_opt(text);
    drop_opt(separator);
    drop_opt(names);
    return NO_VALUE;
}

static int
check_duplicates(Value bases)
{
    for (int64_t i = 0; i < as_tuple(bases)->length; i++) {
        for (int64_t j = 0; j < i; j++) {
            if (tuple_item(bases, i) == tuple_item(bases, j)) {
                Own name = type_name_str((Type *)obj(tuple_item(bases, i)));
                if (name) {
                    raise_fmt(&exc_TypeError, "duplicate base class %U", (Value)name);
                    drop(name);
                }
                return -1;
            }
        }
    }
    return 0;
}

/* Takes heads until all sequences are used up. result has room for all. fail: -1 */
static int64_t
merge_all(Merge *merges, int64_t n, Value *result)
{
    int64_t taken = 0;
    for (;;) {
        Value next = NO_VALUE;
        bool left = false;
        for (int64_t i = 0; i < n && !next; i++) {
            Value head = merge_head(&merges[i]);
            left |= head != NO_VALUE;
            if (head && !in_a_tail(merges, n, head)) {
                next = head;
            }
        }
        if (!next) {
            if (!left) {
                return taken;
            }
            raise_inconsistent(merges, n);
            return -1;
        }
        result[taken++] = next;
        for (int64_t i = 0; i < n; i++) {
            if (merge_head(&merges[i]) == next) {
                merges[i].at++;
            }
        }
    }
}

/* Takes the order of each base, as it is now, and then the bases themselves. merges has room for n + 1, all empty. Gives how many types they
 * name at most. fail: -1 */
static int64_t
take_orders(Value bases, Merge *merges)
{
    int64_t n = as_tuple(bases)->length, total = n;
    for (int64_t i = 0; i < n; i++) {
        Type *base = (Type *)obj(tuple_item(bases, i));
        merges[i].tuple = ref_load(&base->head, &base->mro);
        if (!merges[i].tuple) {
            return raise_int(&exc_TypeError, "Cannot extend an incomplete type '%N'", base);
        }
        total += as_tuple(merges[i].tuple)->length;
    }
    merges[n].tuple = own(bases);
    return total;
}

Own
mro_compute(Type *t, Value bases)
{
    int64_t n = as_tuple(bases)->length;
    if (n > 1 && check_duplicates(bases) < 0) {
        return NO_VALUE;
    }
    Merge *merges = mem_alloc((size_t)(n + 1) * sizeof *merges);
    if (!merges) {
        return NO_VALUE;
    }
    memset(merges, 0, (size_t)(n + 1) * sizeof *merges);
    int64_t total = take_orders(bases, merges);
    Value *result = total < 0 ? NULL : mem_alloc((size_t)(total + 1) * sizeof *result);
    Own mro = NO_VALUE;
    if (result) {
        result[0] = VALUE(t);
        int64_t taken = merge_all(merges, n + 1, result + 1);
        if (taken >= 0) {
            mro = tuple_from_array(result, taken + 1);
        }
    }
    for (int64_t i = 0; i <= n; i++) {
        drop_opt(merges[i].tuple);
    }
    mem_free(merges);
    mem_free(result);
    return mro;
}

bool
type_is_subtype(const Type *t, const Type *of)
{
    if (t == of || of == &object_type) {
        return true;
    }
    Own mro = __atomic_load_n(&t->mro, __ATOMIC_ACQUIRE);
    if (LIKELY(mro != NO_VALUE)) {
        const Tuple *types = as_tuple(mro);
        for (int64_t i = 1; i < types->length; i++) {
            if (types->items[i] == OWN(of)) {
                return true;
            }
        }
        return false;
    }
    while ((t = t->base) != NULL) { /* not ready yet */
        if (t == of) {
            return true;
        }
    }
    return false;
}
