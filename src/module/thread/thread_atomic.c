/* threading.AtomicInteger and AtomicReference: one word, changed by compare-and-swap, never under a lock.
 *
 * The word owns what it refers to. A reader takes its reference as from any lock-free field (ref_load). A writer publishes the new object
 * first, swaps the word, and only then drops the old object, whose memory waits for an epoch, so a word can be compared safely even though addresses are
 * used again: while a thread is between two safepoints no object that it has seen in the word is freed. */
#include "object/int.h"
#include "object/type.h"
#include "thread_priv.h"

typedef struct AtomicInteger {
    Object head;
    Own value; /* an exact int; guard: atomic */
} AtomicInteger;

typedef struct AtomicReference {
    Object head;
    Own value; /* never NO_VALUE; guard: atomic */
} AtomicReference;

#include "thread_atomic.spec.h"

/* Swaps v (eaten) in if the word still is `expected`, and drops what was there. False, with v dropped, when it is not. */
static bool
word_swap_if(Object *holder, Own *word, Value expected, Own v)
{
    Own old = (Own)(uintptr_t)expected;
    if (obj_flags(holder) & OBJ_SHARED) {
        publish(v);
    }
    if (__atomic_compare_exchange_n(word, &old, v, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        drop(old);
        return true;
    }
    drop(v);
    return false;
}

static Own
word_exchange(Object *holder, Own *word, Own v)
{
    if (obj_flags(holder) & OBJ_SHARED) {
        publish(v);
    }
    return __atomic_exchange_n(word, v, __ATOMIC_ACQ_REL);
}

/* -- AtomicInteger -- */

static Own
integer_load(AtomicInteger *self)
{
    return ref_load(&self->head, &self->value);
}

Own
thread_atomic_integer_make(Type *cls, Value value)
{
    Own start = object_index(value);
    Own v = start ? type_alloc(cls, 0) : NO_VALUE;
    if (!v) {
        drop_opt(start);
        return NO_VALUE;
    }
    ref_init(obj(v), &((AtomicInteger *)obj(v))->value, start);
    return v;
}

Own
thread_atomic_integer_py_get(AtomicInteger *self)
{
    return integer_load(self);
}

int
thread_atomic_integer_py_set(AtomicInteger *self, Value value)
{
    Own v = object_index(value);
    if (!v) {
        return -1;
    }
    drop(word_exchange(&self->head, &self->value, v));
    return 0;
}

static Own
integer_plus(AtomicInteger *self, Value amount)
{
    for (;;) {
        Own old = integer_load(self);
        Own sum = int_add(old, amount);
        if (!sum) {
            drop(old);
            return NO_VALUE;
        }
        bool done = word_swap_if(&self->head, &self->value, old, own(sum));
        drop(old);
        if (LIKELY(done)) {
            return sum;
        }
        drop(sum);
    }
}

Own
thread_atomic_integer_py_increment(AtomicInteger *self)
{
    return integer_plus(self, small_int(1));
}

Own
thread_atomic_integer_py_decrement(AtomicInteger *self)
{
    return integer_plus(self, small_int(-1));
}

Own
thread_atomic_integer_py_add(AtomicInteger *self, Value amount)
{
    Own n = object_index(amount);
    Own sum = n ? integer_plus(self, n) : NO_VALUE;
    drop_opt(n);
    return sum;
}

Own
thread_atomic_integer_py_exchange(AtomicInteger *self, Value value)
{
    Own v = object_index(value);
    return v ? word_exchange(&self->head, &self->value, v) : NO_VALUE;
}

int
thread_atomic_integer_py_compare_and_set(AtomicInteger *self, Value expected, Value value)
{
    Own want = object_index(expected), v = want ? object_index(value) : NO_VALUE;
    if (!v) {
        drop_opt(want);
        return -1;
    }
    bool done = false, equal;
    do { /* big ints: equal values may be different objects, and change to yet others */
        Own old = integer_load(self);
        equal = int_compare(old, want) == 0;
        done = equal && word_swap_if(&self->head, &self->value, old, own(v));
        drop(old);
    } while (equal && !done);
    drop(want);
    drop(v);
    return done;
}

/* A plain value in place of an AtomicInteger. own: ret new */
static Own
plain(Value v)
{
    return is_instance_of(v, &thread_atomic_integer_type) ? integer_load((AtomicInteger *)obj(v)) : own(v);
}

static Own
integer_operate(Value a, Value b, BinaryOp op)
{
    Own x = plain(a), y = plain(b);
    Own result = object_binary(x, y, op);
    drop(x);
    drop(y);
    return result;
}

#define INTEGER_BINARY(X)                                                                          \
    X(add, OP_ADD) X(sub, OP_SUB) X(mul, OP_MUL) X(truediv, OP_TRUEDIV) X(floordiv, OP_FLOORDIV)   \
    X(mod, OP_MOD) X(divmod, OP_DIVMOD) X(lshift, OP_LSHIFT) X(rshift, OP_RSHIFT) X(and, OP_AND)   \
    X(xor, OP_XOR) X(or, OP_OR) X(pow, OP_POW)
#define X(name, op)                                                                                \
    static Own integer_##name(Value a, Value b)                                                    \
    {                                                                                              \
        return integer_operate(a, b, op);                                                          \
    }
INTEGER_BINARY(X)
#undef X

#define INTEGER_UNARY(name, expression)                                                            \
    static Own integer_##name(Value v)                                                             \
    {                                                                                              \
        Own x = plain(v);                                                                          \
        Own result = expression;                                                                   \
        drop(x);                                                                                   \
        return result;                                                                             \
    }
INTEGER_UNARY(neg, int_negate(x))
INTEGER_UNARY(pos, own(x))
INTEGER_UNARY(invert, int_invert(x))
INTEGER_UNARY(abs, object_unary(x, OP_ABS))
INTEGER_UNARY(to_float, object_to_float(x))
INTEGER_UNARY(str, object_str(x))
INTEGER_UNARY(repr, str_fmt("AtomicInteger(%S)", (Value)x))

static int
integer_truth(Value v)
{
    Own x = plain(v);
    int truth = int_sign(x) != 0;
    drop(x);
    return truth;
}

static Own
integer_compare(Value a, Value b, CompareOp op)
{
    Own x = plain(a), y = plain(b);
    Own result = is_int(y) || is_float(y) ? object_compare(x, y, op) : own(NOTIMPLEMENTED);
    drop(x);
    drop(y);
    return result;
}

/* By identity: the value changes. */
static int64_t
integer_hash(Value v)
{
    return (int64_t)((uintptr_t)obj(v) >> 4);
}

static int
atomic_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((AtomicReference *)o)->value);
    return 0;
}

static void
atomic_dealloc(Object *o)
{
    ref_clear(&((AtomicReference *)o)->value);
    object_free(o);
}

Type thread_atomic_integer_type = {
    .name = "threading.AtomicInteger",
    .flags = TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(AtomicInteger),
    .slots = {
        .traverse = atomic_traverse,
        .dealloc = atomic_dealloc,
        .create = thread_atomic_integer_create_slot,
        .repr = integer_repr,
        .str = integer_str,
        .hash = integer_hash,
        .compare = integer_compare,
        .binary = {
#define X(name, op) [op] = integer_##name,
            INTEGER_BINARY(X)
#undef X
        },
        .unary = {[OP_NEG] = integer_neg, [OP_POS] = integer_pos, [OP_INVERT] = integer_invert, [OP_ABS] = integer_abs},
        .truth = integer_truth,
        .to_int = integer_pos,
        .to_float = integer_to_float,
        .index = integer_pos,
    },
    .methods = thread_atomic_integer_methods,
    .spec_doc = thread_atomic_integer_doc,
};

/* -- AtomicReference -- */

static Own
reference_load(AtomicReference *self)
{
    return ref_load(&self->head, &self->value);
}

Own
thread_atomic_reference_make(Type *cls, Value value)
{
    Own v = type_alloc(cls, 0);
    if (v) {
        ref_init(obj(v), &((AtomicReference *)obj(v))->value, own(value));
    }
    return v;
}

Own
thread_atomic_reference_py_get(AtomicReference *self)
{
    return reference_load(self);
}

int
thread_atomic_reference_py_set(AtomicReference *self, Value value)
{
    drop(word_exchange(&self->head, &self->value, own(value)));
    return 0;
}

Own
thread_atomic_reference_py_exchange(AtomicReference *self, Value value)
{
    return word_exchange(&self->head, &self->value, own(value));
}

int
thread_atomic_reference_py_compare_and_set(AtomicReference *self, Value expected, Value value)
{
    return word_swap_if(&self->head, &self->value, expected, own(value));
}

Own
thread_atomic_reference_py_update(AtomicReference *self, Value function)
{
    for (;;) {
        Own old = reference_load(self);
        Own v = call1(function, old);
        if (!v) {
            drop(old);
            return NO_VALUE;
        }
        bool done = word_swap_if(&self->head, &self->value, old, own(v));
        drop(old);
        if (done) {
            return v;
        }
        drop(v);
    }
}

static Own
reference_repr(Value v)
{
    int status = repr_enter(v);
    if (status) {
        return status < 0 ? NO_VALUE : str_from_cstr("AtomicReference(...)");
    }
    Own held = reference_load((AtomicReference *)obj(v));
    Own text = str_fmt("AtomicReference(%R)", (Value)held);
    drop(held);
    repr_leave(v);
    return text;
}

static void
reference_clear(Object *o)
{
    AtomicReference *self = (AtomicReference *)o;
    drop(word_exchange(o, &self->value, NONE));
}

Type thread_atomic_reference_type = {
    .name = "threading.AtomicReference",
    .flags = TYPE_GC | TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(AtomicReference),
    .slots = {
        .traverse = atomic_traverse,
        .clear = reference_clear,
        .dealloc = atomic_dealloc,
        .create = thread_atomic_reference_create_slot,
        .repr = reference_repr,
    },
    .methods = thread_atomic_reference_methods,
    .spec_doc = thread_atomic_reference_doc,
};
