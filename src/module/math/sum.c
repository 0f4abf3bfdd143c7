/* math: sums and lengths of many numbers, with less rounding than adding them one by one has.
 *
 * fsum: exact partial sums that do not overlap (Shewchuk, "Adaptive Precision Floating-Point Arithmetic", 1997), rounded once
 * at the end. sumprod: products and sums in three words (Ogita, Rump, Oishi: "Accurate Sum and Dot Product", 2005). hypot and
 * dist: squares in two words, and one step of Newton's for the root. No state. */
#include <math.h>

#include "module/math/math_priv.h"
#include "object/float.h"
#include "object/int.h"
#include "object/list.h"
#include "object/tuple.h"

Own math_fsum(Value module, Value seq);
Own math_sumprod(Value module, Value p, Value q);
Own math_prod(Value module, Value iterable, Value start);
Own math_hypot(Value self, Value const *args, size_t nargs, Value kwnames);
Own math_dist(Value module, Value p, Value q);

/* A sum as a value and what it lacks. */
typedef struct Two {
    double high, low;
} Two;

static inline Two
two_sum(double a, double b)
{
    double high = a + b, b_part = high - a;
    return (Two){high, (a - (high - b_part)) + (b - b_part)};
}

static inline Two
two_product(double a, double b)
{
    double high = a * b;
    return (Two){high, fma(a, b, -high)};
}

/* -- fsum -- */

typedef struct Partials {
    double fixed[32], *parts;
    size_t n, room;
    double special, infinities; /* sums of all that were not finite, of the infinities alone */
} Partials;

/* fail: -1 + OverflowError or MemoryError */
static int
partials_add(Partials *s, double x)
{
    double given = x;
    size_t kept = 0;
    for (size_t i = 0; i < s->n; i++) {
        Two sum = two_sum(x, s->parts[i]);
        if (sum.low != 0.0) {
            s->parts[kept++] = sum.low;
        }
        x = sum.high;
    }
    s->n = kept;
    if (x == 0.0) {
        return 0;
    }
    if (!isfinite(x)) {
        if (isfinite(given)) {
            return raise_int(&exc_OverflowError, "intermediate overflow in fsum");
        }
        s->infinities += isinf(given) ? given : 0.0;
        s->special += given;
        s->n = 0;
        return 0;
    }
    if (s->n == s->room) {
        double *more = mem_alloc(s->room * 2 * sizeof *more);
        if (!more) {
            return -1;
        }
        memcpy(more, s->parts, s->n * sizeof *more);
        if (s->parts != s->fixed) {
            mem_free(s->parts);
        }
        s->parts = more;
        s->room *= 2;
    }
    s->parts[s->n++] = x;
    return 0;
}

static double
partials_round(const Partials *s)
{
    size_t n = s->n;
    if (n == 0) {
        return 0.0;
    }
    double high = s->parts[--n], low = 0.0;
    while (n) {
        double x = high, y = s->parts[--n];
        high = x + y;
        low = y - (high - x);
        if (low != 0.0) {
            break;
        }
    }
    /* A tie, which what is left decides. */
    if (n && ((low < 0.0 && s->parts[n - 1] < 0.0) || (low > 0.0 && s->parts[n - 1] > 0.0))) {
        double twice = low * 2.0, x = high + twice;
        if (twice == x - high) {
            high = x;
        }
    }
    return high;
}

Own
math_fsum(Value module UNUSED, Value seq)
{
    Partials s = {.parts = s.fixed, .room = ARRAY_LEN(s.fixed)};
    s.parts = s.fixed;
    Own it = object_iter_all(seq), item, result = NO_VALUE;
    int status = it ? 0 : -1;
    while (status == 0 && (item = object_next(it))) {
        double x = object_as_double(item);
        drop(item);
        status = math_failed(x) ? -1 : partials_add(&s, x);
    }
    if (status == 0 && !exc_pending()) {
        if (s.special != 0.0) {
            result = isnan(s.infinities) ? raise_msg(&exc_ValueError, "-inf + inf in fsum") : float_new(s.special);
        } else {
            result = float_new(partials_round(&s));
        }
    }
    if (s.parts != s.fixed) {
        mem_free(s.parts);
    }
    drop_opt(it);
    return result;
}

/* -- sumprod -- */

typedef struct Three {
    double high, low, tiny;
} Three;

static inline Three
three_add_product(Three t, double x, double y)
{
    Two product = two_product(x, y), sum = two_sum(t.high, product.high);
    Two rest = two_sum(t.low, product.low), more = two_sum(rest.high, sum.low);
    return (Three){sum.high, more.high, t.tiny + (rest.low + more.low)};
}

static inline double
three_value(Three t)
{
    Two last = two_sum(t.low, t.tiny), sum = two_sum(t.high, last.high);
    return sum.high + (sum.low + last.low);
}

/* A sum of products: of small ints and of floats so far, beside the total of everything before. */
typedef struct SumProd {
    Own total;
    int64_t ints;
    Three floats;
    bool has_ints, has_floats;
} SumProd;

/* Adds v (eaten) to the total. fail: -1 */
static int
total_add(SumProd *s, Own v)
{
    Own sum = v ? object_binary(s->total, v, OP_ADD) : NO_VALUE;
    drop_opt(v);
    if (!sum) {
        return -1;
    }
    drop(s->total);
    s->total = sum;
    return 0;
}

static int
flush_ints(SumProd *s)
{
    int64_t sum = s->ints;
    bool has = s->has_ints;
    s->ints = 0;
    s->has_ints = false;
    return has ? total_add(s, int_from_i64(sum)) : 0;
}

static int
flush_floats(SumProd *s)
{
    double sum = three_value(s->floats);
    bool has = s->has_floats;
    s->floats = (Three){0, 0, 0};
    s->has_floats = false;
    return has ? total_add(s, float_new(sum)) : 0;
}

static bool
plain_float(Value v)
{
    return is_small_float(v) || IS_EXACT(v, FLOAT);
}

/* A float, or an int or bool that a float product may take: its value. */
static bool
float_factor(Value v, double *out)
{
    if (plain_float(v)) {
        *out = float_value(v);
        return true;
    }
    if (is_small_int(v)) {
        *out = (double)small_int_value(v);
        return true;
    }
    if (v == TRUE_VALUE || v == FALSE_VALUE) {
        *out = v == TRUE_VALUE;
        return true;
    }
    return false;
}

static int
sumprod_step(SumProd *s, Value p, Value q)
{
    int64_t product;
    double x, y;
    if (are_small_ints(p, q)) {
        if (flush_floats(s) < 0) {
            return -1;
        }
        if (!__builtin_mul_overflow(small_int_value(p), small_int_value(q), &product)) {
            if (__builtin_add_overflow(s->ints, product, &s->ints)) {
                s->ints = (int64_t)((uint64_t)s->ints - (uint64_t)product); /* it was put back by wrapping */
                if (flush_ints(s) < 0) {
                    return -1;
                }
                s->ints = product;
            }
            s->has_ints = true;
            return 0;
        }
    } else if ((plain_float(p) || plain_float(q)) && float_factor(p, &x) && float_factor(q, &y)) {
        Three next = three_add_product(s->floats, x, y);
        if (isfinite(next.high) && isfinite(next.low) && isfinite(next.tiny)) {
            if (flush_ints(s) < 0) {
                return -1;
            }
            s->floats = next;
            s->has_floats = true;
            return 0;
        }
    }
    return flush_ints(s) < 0 || flush_floats(s) < 0 ? -1 : total_add(s, object_binary(p, q, OP_MUL));
}

Own
math_sumprod(Value module UNUSED, Value p_arg, Value q_arg)
{
    SumProd s = {.total = small_int(0)};
    Own p = object_iter_all(p_arg), q = p ? object_iter_all(q_arg) : NO_VALUE;
    int status = q ? 0 : -1;
    while (status == 0) {
        Own x = object_next(p), y = !x && exc_pending() ? NO_VALUE : object_next(q);
        if (exc_pending()) {
            status = -1;
        } else if (!x != !y) {
            status = raise_int(&exc_ValueError, "Inputs are not the same length");
        } else if (x && y) {
            status = sumprod_step(&s, x, y);
        } else {
            break;
        }
        drop_opt(x);
        drop_opt(y);
    }
    if (status == 0) {
        status = flush_ints(&s) < 0 || flush_floats(&s) < 0 ? -1 : 0;
    }
    drop_opt(p);
    drop_opt(q);
    if (status < 0) {
        drop(s.total);
        return NO_VALUE;
    }
    return s.total;
}

Own
math_prod(Value module UNUSED, Value iterable, Value start)
{
    Own it = object_iter_all(iterable), item, product = own(start);
    while (it && product && (item = object_next(it))) {
        Own longer = object_binary(product, item, OP_MUL);
        drop(item);
        drop(product);
        product = longer;
    }
    bool failed = !it || exc_pending();
    drop_opt(it);
    if (failed) {
        drop_opt(product);
        return NO_VALUE;
    }
    return product;
}

/* -- lengths -- */

double
math_vector_length(double *coordinates, size_t n, double max, bool has_nan)
{
    if (isinf(max)) {
        return max;
    }
    if (has_nan) {
        return NAN;
    }
    if (max == 0.0 || n <= 1) {
        return max;
    }
    int exponent;
    frexp(max, &exponent);
    if (exponent < -1021) { /* a subnormal: as a normal one, and back */
        for (size_t i = 0; i < n; i++) {
            coordinates[i] /= 2.2250738585072014e-308;
        }
        return 2.2250738585072014e-308 * math_vector_length(coordinates, n, max / 2.2250738585072014e-308, false);
    }
    double scale = ldexp(1.0, -exponent), sum = 0.0, lost = 0.0;
    for (size_t i = 0; i < n; i++) {
        double x = coordinates[i] * scale; /* exact, below 1 */
        Two square = two_product(x, x), total = two_sum(sum, square.high);
        sum = total.high;
        lost += total.low + square.low;
    }
    double root = sqrt(sum + lost);
    Two square = two_product(root, root), rest = two_sum(sum, -square.high);
    double wrong = rest.high + (rest.low + (lost - square.low));
    return (root + wrong / (2.0 * root)) / scale;
}

/* Memory for n doubles: `fixed` if that is enough. */
static double *
room_for(size_t n, double *fixed, size_t fixed_room)
{
    return n <= fixed_room ? fixed : mem_alloc(n * sizeof(double));
}

Own
math_hypot(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    double fixed[16], max = 0.0;
    bool has_nan = false;
    if (kwnames && object_len(kwnames)) {
        return raise_msg(&exc_TypeError, "math.hypot() takes no keyword arguments");
    }
    double *values = room_for(nargs, fixed, ARRAY_LEN(fixed));
    Own result = NO_VALUE;
    size_t i = 0;
    for (; values && i < nargs; i++) {
        double x = object_as_double(args[i]);
        if (math_failed(x)) {
            break;
        }
        values[i] = fabs(x);
        has_nan |= isnan(x) != 0;
        max = values[i] > max ? values[i] : max;
    }
    if (values && i == nargs) {
        result = float_new(math_vector_length(values, nargs, max, has_nan));
    }
    if (values != fixed) {
        mem_free(values);
    }
    return result;
}

/* own: ret new tuple · may: runpy */
static Own
as_point(Value v)
{
    return is_tuple(v) ? own(v) : object_to_tuple(v);
}

Own
math_dist(Value module UNUSED, Value p_arg, Value q_arg)
{
    double fixed[16], *values = NULL, max = 0.0;
    bool has_nan = false;
    Own p = as_point(p_arg), q = p ? as_point(q_arg) : NO_VALUE, result = NO_VALUE;
    if (!q) {
        goto done;
    }
    size_t n = (size_t)as_tuple(p)->length, i = 0;
    if (as_tuple(q)->length != (int64_t)n) {
        raise_msg(&exc_ValueError, "both points must have the same number of dimensions");
        goto done;
    }
    values = room_for(n, fixed, ARRAY_LEN(fixed));
    for (; values && i < n; i++) {
        double x = object_as_double(tuple_item(p, (int64_t)i)), y;
        if (math_failed(x) || math_failed(y = object_as_double(tuple_item(q, (int64_t)i)))) {
            break;
        }
        values[i] = fabs(x - y);
        has_nan |= isnan(x - y) != 0;
        max = values[i] > max ? values[i] : max;
    }
    if (values && i == n) {
        result = float_new(math_vector_length(values, n, max, has_nan));
    }
    if (values && values != fixed) {
        mem_free(values);
    }
done:
    drop_opt(p);
    drop_opt(q);
    return result;
}
