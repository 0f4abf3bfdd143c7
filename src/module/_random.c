/* The module _random: the generator MT19937 (Matsumoto, Nishimura: "Mersenne Twister: a 623-dimensionally
 * equidistributed uniform pseudo-random number generator", 1998; seeding by arrays as in their program of 2002).
 *
 * Threads: a generator's state is guarded by its lock. */
#include "base/os.h"
#include "heap/critical.h"
#include "object/args.h"
#include "object/float.h"
#include "object/int.h"
#include "object/int_priv.h"
#include "object/module.h"
#include "object/tuple.h"
#include "object/type.h"

#define MT_N 624
#define MT_M 397

typedef struct Random {
    Object head;
    uint32_t state[MT_N]; /* guard: lock */
    int index;            /* of the next word, MT_N = all used; guard: lock */
} Random;

static Type random_type;

#include "_random.spec.h"

/* -- the generator -- */

static inline uint32_t
mt_twist(uint32_t high, uint32_t low, uint32_t far)
{
    uint32_t mixed = (high & 0x80000000u) | (low & 0x7FFFFFFFu);
    return far ^ mixed >> 1 ^ (low & 1 ? 0x9908B0DFu : 0);
}

static void
mt_refill(Random *r)
{
    uint32_t *s = r->state;
    for (int i = 0; i < MT_N - MT_M; i++) {
        s[i] = mt_twist(s[i], s[i + 1], s[i + MT_M]);
    }
    for (int i = MT_N - MT_M; i < MT_N - 1; i++) {
        s[i] = mt_twist(s[i], s[i + 1], s[i + MT_M - MT_N]);
    }
    s[MT_N - 1] = mt_twist(s[MT_N - 1], s[0], s[MT_M - 1]);
    r->index = 0;
}

static inline uint32_t
mt_next_locked(Random *r)
{
    if (UNLIKELY(r->index >= MT_N)) {
        mt_refill(r);
    }
    uint32_t y = r->state[r->index++];
    y ^= y >> 11;
    y ^= y << 7 & 0x9D2C5680u;
    y ^= y << 15 & 0xEFC60000u;
    return y ^ y >> 18;
}

static void
mt_seed_word(Random *r, uint32_t seed)
{
    r->state[0] = seed;
    for (uint32_t i = 1; i < MT_N; i++) {
        r->state[i] = 1812433253u * (r->state[i - 1] ^ r->state[i - 1] >> 30) + i;
    }
    r->index = MT_N;
}

/* key: `length` >= 1 words */
static void
mt_seed_array(Random *r, const uint32_t *key, size_t length)
{
    uint32_t *s = r->state, i = 1;
    size_t k = 0;
    mt_seed_word(r, 19650218u);
    for (size_t left = length > MT_N ? length : MT_N; left > 0; left--) {
        s[i] = (s[i] ^ (s[i - 1] ^ s[i - 1] >> 30) * 1664525u) + key[k] + (uint32_t)k;
        if (++i == MT_N) {
            s[0] = s[MT_N - 1];
            i = 1;
        }
        k = k + 1 == length ? 0 : k + 1;
    }
    for (int left = MT_N - 1; left > 0; left--) {
        s[i] = (s[i] ^ (s[i - 1] ^ s[i - 1] >> 30) * 1566083941u) - i;
        if (++i == MT_N) {
            s[0] = s[MT_N - 1];
            i = 1;
        }
    }
    s[0] = 0x80000000u;
}

/* -- seeding -- */

static int
seed_at_random(Random *r)
{
    uint32_t key[MT_N];
    if (os_random(key, sizeof key) < 0) {
        int64_t now[2] = {os_clock_monotonic(), (int64_t)(uintptr_t)r};
        memcpy(key, now, sizeof now);
    }
    CriticalSection section;
    critical_enter(&section, &r->head);
    mt_seed_array(r, key, MT_N);
    critical_leave(&section);
    return 0;
}

/* By the magnitude of an int: its 32-bit words, lowest first. */
static int
seed_by_int(Random *r, Value n)
{
    IntView view;
    int_view(&view, n);
    size_t words = 2 * (size_t)view.n;
    uint32_t *key = mem_alloc((words + 1) * sizeof *key);
    if (!key) {
        return -1;
    }
    for (int64_t i = 0; i < view.n; i++) {
        key[2 * i] = (uint32_t)view.limbs[i];
        key[2 * i + 1] = (uint32_t)(view.limbs[i] >> 32);
    }
    if (words == 0) {
        key[words++] = 0;
    } else if (key[words - 1] == 0) {
        words--;
    }
    CriticalSection section;
    critical_enter(&section, &r->head);
    mt_seed_array(r, key, words);
    critical_leave(&section);
    mem_free(key);
    return 0;
}

static int
random_reseed(Random *r, Value n)
{
    if (n == NO_VALUE || n == NONE) {
        return seed_at_random(r);
    }
    if (is_int(n)) {
        return seed_by_int(r, n);
    }
    int64_t hash = object_hash(n);
    if (hash == -1) {
        return -1;
    }
    Own unsigned_hash = int_from_u64((uint64_t)hash);
    int status = unsigned_hash ? seed_by_int(r, unsigned_hash) : -1;
    drop_opt(unsigned_hash);
    return status;
}

Own
random_py_seed(Value self, Value const *args, size_t nargs, Value kwnames)
{
    if (kwnames && as_tuple(kwnames)->length) {
        return raise_msg(&exc_TypeError, "Random.seed() takes no keyword arguments");
    }
    if (nargs > 1) {
        return raise_fmt(&exc_TypeError, "seed expected at most 1 argument, got %zu", nargs);
    }
    return random_reseed((Random *)obj(self), nargs ? args[0] : NO_VALUE) < 0 ? NO_VALUE : NONE;
}

static Own
random_create(Type *type, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    Own v = type_alloc(type, 0);
    if (v) {
        mt_seed_word((Random *)obj(v), 5489u); /* until __init__: what the authors give an unseeded one */
    }
    return v;
}

static int
random_init(Value self, Value const *args, size_t nargs, Value kwnames)
{
    bool plain = type_of(self)->slots.init == random_init;
    if (plain && kwnames && as_tuple(kwnames)->length && type_of(self) == &random_type) {
        return raise_int(&exc_TypeError, "Random() takes no keyword arguments");
    }
    if (nargs > 1) {
        return raise_int(&exc_TypeError, "Random expected at most 1 argument, got %zu", nargs);
    }
    return random_reseed((Random *)obj(self), nargs ? args[0] : NO_VALUE);
}

/* -- drawing -- */

Own
random_py_random(Random *self)
{
    uint32_t a = mt_next_locked(self) >> 5, b = mt_next_locked(self) >> 6;
    return float_new((a * 67108864.0 + b) * (1.0 / 9007199254740992.0));
}

/* own: ret new */
static Own
mt_bits_locked(Random *r, int64_t bits)
{
    if (bits == 0) {
        return small_int(0);
    }
    if (bits <= 32) {
        return small_int(mt_next_locked(r) >> (32 - bits));
    }
    int64_t limbs = (bits + 63) / 64;
    Int *big = int_room(limbs);
    for (int64_t i = 0; big && i < limbs; i++, bits -= 64) {
        uint64_t low = mt_next_locked(r), high = 0;
        if (bits < 32) {
            low >>= 32 - bits;
        } else if (bits > 32) {
            high = mt_next_locked(r);
            high = bits < 64 ? high >> (64 - bits) : high;
        }
        big->limbs[i] = high << 32 | low;
    }
    return big ? int_finish(big, limbs, false) : NO_VALUE;
}

Own
random_py_getrandbits(Random *self, Value k)
{
    Own index = object_index(k);
    int64_t bits;
    if (!index) {
        return NO_VALUE;
    }
    bool negative = int_sign(index) < 0, fits = int_as_i64(index, &bits);
    bool huge = int_bit_length(index) > 64;
    drop(index);
    if (negative) {
        return raise_msg(&exc_ValueError, "Cannot convert negative int");
    }
    if (huge) {
        return raise_msg(&exc_OverflowError, "Python int too large for C uint64_t");
    }
    if (!fits || bits > INT64_MAX / 64) {
        return raise_no_memory();
    }
    CriticalSection section;
    critical_enter(&section, &self->head); /* after __index__, which may have published the generator */
    Own result = mt_bits_locked(self, bits);
    critical_leave(&section);
    return result;
}

/* -- the state as a tuple -- */

Own
random_py_getstate(Random *self)
{
    Own state = tuple_new(MT_N + 1);
    for (int i = 0; state && i < MT_N; i++) {
        tuple_init_item(state, i, small_int(self->state[i]));
    }
    if (state) {
        tuple_init_item(state, MT_N, small_int(self->index));
    }
    return state;
}

int
random_py_setstate(Random *self, Value state)
{
    uint32_t words[MT_N];
    if (!is_tuple(state)) {
        return raise_int(&exc_TypeError, "state vector must be a tuple");
    }
    if (as_tuple(state)->length != MT_N + 1) {
        return raise_int(&exc_ValueError, "state vector is the wrong size");
    }
    for (int i = 0; i < MT_N; i++) {
        Value v = tuple_item(state, i);
        if (!is_int(v)) {
            return raise_int(&exc_TypeError, "an integer is required");
        }
        if (int_sign(v) < 0) {
            return raise_int(&exc_OverflowError, "can't convert negative value to unsigned int");
        }
        if (int_bit_length(v) > 64) {
            return raise_int(&exc_OverflowError, "Python int too large to convert to C unsigned long");
        }
        words[i] = (uint32_t)object_as_uint64_mask(v);
    }
    int64_t index = object_as_int64(tuple_item(state, MT_N));
    if (index == -1 && exc_pending()) {
        return -1;
    }
    if (index < 0 || index > MT_N) {
        return raise_int(&exc_ValueError, "invalid state");
    }
    CriticalSection section;
    critical_enter(&section, &self->head);
    memcpy(self->state, words, sizeof words);
    self->index = (int)index;
    critical_leave(&section);
    return 0;
}

static void
random_dealloc(Object *o)
{
    object_free(o);
}

static Type random_type = {
    .name = "_random.Random",
    .flags = TYPE_BASE,
    .basic_size = sizeof(Random),
    .slots = {
        .dealloc = random_dealloc,
        .create = random_create,
        .init = random_init,
    },
    .methods = random_methods,
    .getsets = random_getsets,
    .spec_doc = random_doc,
};

static int
random_exec(Value m)
{
    return module_add_type(m, &random_type);
}

const ModuleDef module__random = {
    .name = "_random",
    .doc = random_module_doc,
    .exec = random_exec,
};
