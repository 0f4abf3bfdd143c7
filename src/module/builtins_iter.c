/* The built-in functions that walk over iterables. */
#include "object/complex.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/exception.h"
#include "object/float.h"
#include "object/int.h"
#include "object/iterator.h"
#include "object/list.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"
#include "object/args.h"

#include "vm/asyncgen.h"

/* Does the truth of some item equal `wanted`? 1, 0, -1 */
static int
find_truth(Value iterable, int wanted)
{
    Own it = object_iter_all(iterable), item;
    int status = it ? 0 : -1;
    while (status == 0 && (item = object_next(it))) {
        int truth = object_truth(item);
        drop(item);
        status = truth < 0 ? -1 : truth == wanted;
    }
    drop_opt(it);
    return status == 0 && exc_pending() ? -1 : status;
}

int
builtins_any(Value module UNUSED, Value iterable)
{
    return find_truth(iterable, 1);
}

int
builtins_all(Value module UNUSED, Value iterable)
{
    int found = find_truth(iterable, 0);
    return found < 0 ? -1 : !found;
}

Own
builtins_iter(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    if (args_check_positional("iter", nargs, kwnames, 1, 2) < 0) {
        return NO_VALUE;
    }
    if (nargs == 1) {
        return object_iter(args[0]);
    }
    if (!object_is_callable(args[0])) {
        return raise_msg(&exc_TypeError, "iter(v, w): v must be callable");
    }
    return callable_iterator_new(args[0], args[1]);
}

Own
builtins_next(Value module UNUSED, Value it, Value otherwise)
{
    Own (*next)(Value) = type_of(it)->slots.next;
    if (!next) {
        return raise_fmt(&exc_TypeError, "'%T' object is not an iterator", it);
    }
    Own item = next(it);
    if (item) {
        return item;
    }
    if (!otherwise) {
        return exc_pending() ? NO_VALUE : raise_stop_iteration(NO_VALUE);
    }
    if (exc_pending() && !exc_swallow(&exc_StopIteration)) {
        return NO_VALUE;
    }
    return own(otherwise);
}

/* -- min and max */

/* Is a better than b by op? small ints without a call. */
static int
is_better(Value a, Value b, CompareOp op)
{
    if (is_small_int(a) && is_small_int(b)) {
        return op == CMP_LT ? (int64_t)value_bits(a) < (int64_t)value_bits(b) : (int64_t)value_bits(a) > (int64_t)value_bits(b);
    }
    return object_compare_bool(a, b, op);
}

/* The best item of an iterator (given up as well); NO_VALUE with nothing pending when there is none. */
static Own
find_best(Value it, Value key, CompareOp op)
{
    Own best = NO_VALUE, best_key = NO_VALUE, item;
    while ((item = object_next(it))) {
        Own k = key == NONE ? own(item) : call1(key, item);
        int better = !k ? -1 : !best ? 1 : is_better(k, best_key, op);
        if (better <= 0) {
            drop(item);
            drop_opt(k);
            if (better < 0) {
                break;
            }
            continue;
        }
        drop_opt(best);
        drop_opt(best_key);
        best = item;
        best_key = k;
    }
    drop_opt(best_key);
    if (exc_pending()) {
        drop_opt(best);
        return NO_VALUE;
    }
    return best;
}

static Own
extreme(const char *name, Value const *args, size_t nargs, Value kwnames, CompareOp op)
{
    static const char *const names[] = {"key", "default"};
    const ArgsSpec spec = {name, names, 2, 0, 0, 0, true, false};
    Value keywords[2];
    if (nargs == 0) {
        return raise_fmt(&exc_TypeError, "%s expected at least 1 argument, got 0", name);
    }
    if (kwnames && as_tuple(kwnames)->length > 2) {
        return raise_fmt(&exc_TypeError, "%s() takes at most 2 keyword arguments (%zd given)", name, as_tuple(kwnames)->length);
    }
    if (args_parse(&spec, args, nargs, kwnames, keywords, NULL) < 0) {
        return NO_VALUE;
    }
    Value key = keywords[0] ? keywords[0] : NONE, otherwise = keywords[1];
    if (nargs > 1 && otherwise) {
        return raise_fmt(&exc_TypeError, "Cannot specify a default for %s() with multiple positional arguments", name);
    }
    if (nargs == 2 && key == NONE) {
        int better = is_better(args[1], args[0], op);
        return better < 0 ? NO_VALUE : own(args[better]);
    }
    Own all = nargs > 1 ? tuple_from_array(args, (int64_t)nargs) : own(args[0]);
    Own it = all ? object_iter_all(all) : NO_VALUE;
    drop_opt(all);
    if (!it) {
        return NO_VALUE;
    }
    Own best = find_best(it, key, op);
    drop(it);
    if (best || exc_pending()) {
        return best;
    }
    return otherwise ? own(otherwise) : raise_fmt(&exc_ValueError, "%s() iterable argument is empty", name);
}

Own
builtins_min(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    return extreme("min", args, nargs, kwnames, CMP_LT);
}

Own
builtins_max(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    return extreme("max", args, nargs, kwnames, CMP_GT);
}

/* -- sum */

/* Neumaier's compensated sum. */
typedef struct FloatSum {
    double high, low;
} FloatSum;

static void
float_sum_add(FloatSum *s, double x)
{
    double t = s->high + x;
    if (__builtin_fabs(s->high) >= __builtin_fabs(x)) {
        s->low += (s->high - t) + x;
    } else {
        s->low += (x - t) + s->high;
    }
    s->high = t;
}

static double
float_sum_value(FloatSum s)
{
    return s.low != 0.0 && __builtin_isfinite(s.low) ? s.high + s.low : s.high;
}

/* total (eaten) + the items of `it`, beginning with `item` (eaten) */
static Own
sum_rest(Own total, Own item, Value it)
{
    while (item) {
        Own next = object_binary(total, item, OP_ADD);
        drop(total);
        drop(item);
        if (!next) {
            return NO_VALUE;
        }
        total = next;
        item = object_next(it);
    }
    if (exc_pending()) {
        drop(total);
        return NO_VALUE;
    }
    return total;
}

/* 1 with the parts of a number that fits doubles, whichever kind it is of; is_complex tells. */
static bool
number_parts(Value v, double *real, double *imag, bool *is_complex)
{
    *imag = 0.0;
    *is_complex = IS_EXACT(v, COMPLEX);
    if (*is_complex) {
        *real = ((const Complex *)obj(v))->real;
        *imag = ((const Complex *)obj(v))->imag;
    } else if (is_small_float(v) || IS_EXACT(v, FLOAT)) {
        *real = float_value(v);
    } else {
        return is_int(v) && int_as_double(v, real);
    }
    return true;
}

static bool
is_inexact(Value v)
{
    return is_small_float(v) || IS_EXACT(v, FLOAT) || IS_EXACT(v, COMPLEX);
}

/* As sum_floats, part by part. */
static Own
sum_complex(FloatSum real, FloatSum imag, Own item, Value it)
{
    double re, im;
    bool is_complex;
    while (item && number_parts(item, &re, &im, &is_complex)) {
        float_sum_add(&real, re);
        if (is_complex) {
            float_sum_add(&imag, im);
        }
        drop(item);
        item = object_next(it);
    }
    if (exc_pending()) {
        drop_opt(item);
        return NO_VALUE;
    }
    Own total = complex_new(float_sum_value(real), float_sum_value(imag));
    if (!total) {
        drop_opt(item);
        return NO_VALUE;
    }
    return item ? sum_rest(total, item, it) : total;
}

/* Floats (and ints among them), while they last. Continues with sum_complex or sum_rest. */
static Own
sum_floats(double start, Own item, Value it)
{
    FloatSum sum = {start, 0.0};
    while (item) {
        if (is_small_float(item) || IS_EXACT(item, FLOAT)) {
            float_sum_add(&sum, float_value(item));
        } else if (is_int(item)) {
            double x;
            if (!int_as_double(item, &x)) {
                drop(item);
                return NO_VALUE;
            }
            float_sum_add(&sum, x);
        } else if (IS_EXACT(item, COMPLEX)) {
            double re = ((const Complex *)obj(item))->real, im = ((const Complex *)obj(item))->imag;
            drop(item); /* a float has no imaginary part, so that the first one's zero keeps its sign */
            return sum_complex((FloatSum){float_sum_value(sum) + re, 0.0}, (FloatSum){im, 0.0}, object_next(it), it);
        } else {
            Own total = float_new(float_sum_value(sum));
            if (!total) {
                drop(item);
                return NO_VALUE;
            }
            return sum_rest(total, item, it);
        }
        drop(item);
        item = object_next(it);
    }
    return exc_pending() ? NO_VALUE : float_new(float_sum_value(sum));
}

Own
builtins_sum(Value module UNUSED, Value iterable, Value start)
{
    Own it = object_iter_all(iterable);
    if (!it) {
        return NO_VALUE;
    }
    const char *refused = is_str(start)     ? "strings [use ''.join(seq) instead]"
                          : is_bytes(start) ? "bytes [use b''.join(seq) instead]"
                          : is_instance_of(start, &bytearray_type)
                              ? "bytearray [use b''.join(seq) instead]"
                              : NULL;
    if (refused) {
        drop(it);
        return raise_fmt(&exc_TypeError, "sum() can't sum %s", refused);
    }
    Own item = object_next(it), total = own(start);
    while (item && is_small_int(total) && (is_small_int(item) || item == TRUE_VALUE || item == FALSE_VALUE)) {
        int64_t sum = small_int_value(total) + (is_small_int(item) ? small_int_value(item) : item == TRUE_VALUE);
        total = int_from_i64(sum);
        if (!total) {
            drop(it);
            return NO_VALUE;
        }
        item = object_next(it);
    }
    if (item && is_small_int(total)) { /* no longer two of them: what comes out decides how it goes on */
        Own next = object_binary(total, item, OP_ADD);
        drop(item);
        if (!next) {
            drop(it);
            return NO_VALUE;
        }
        total = next;
        item = object_next(it);
    }
    double re, im;
    bool is_complex;
    if (is_inexact(total) && number_parts(total, &re, &im, &is_complex)) {
        drop(total);
        total = is_complex ? sum_complex((FloatSum){re, 0.0}, (FloatSum){im, 0.0}, item, it) : sum_floats(re, item, it);
    } else {
        total = sum_rest(total, item, it);
    }
    drop(it);
    return total;
}

Own
builtins_sorted(Value module UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    if (args_check_positional("sorted", nargs, NO_VALUE, 1, 1) < 0) {
        return NO_VALUE;
    }
    Own list = object_to_list(args[0]);
    if (!list) {
        return NO_VALUE;
    }
    Own done;
    if (kwnames) { /* by the method, which says what is wrong with them */
        Own sort = object_getattr_cstr(list, "sort");
        done = sort ? object_call(sort, args + 1, 0, kwnames) : NO_VALUE;
        drop_opt(sort);
    } else {
        done = list_sort(list, NONE, false) < 0 ? NO_VALUE : NONE;
    }
    if (!done) {
        ref_clear(&list);
    }
    drop_opt(done);
    return list;
}

/* -- asynchronous */

Own
builtins_aiter(Value module UNUSED, Value v)
{
    UnaryFn aiter = type_of(v)->slots.aiter;
    if (!aiter) {
        return raise_fmt(&exc_TypeError, "'%T' object is not an async iterable", v);
    }
    Own it = aiter(v);
    if (it && !type_of(it)->slots.anext) {
        raise_fmt(&exc_TypeError, "aiter() returned not an async iterator of type '%T'", (Value)it);
        drop(it);
        return NO_VALUE;
    }
    return it;
}

Own
builtins_anext(Value module UNUSED, Value it, Value otherwise)
{
    UnaryFn anext = type_of(it)->slots.anext;
    if (!anext) {
        return raise_fmt(&exc_TypeError, "'%T' object is not an async iterator", it);
    }
    Own awaitable = anext(it);
    if (!awaitable || !otherwise) {
        return awaitable;
    }
    Own result = anext_awaitable_new(awaitable, otherwise);
    drop(awaitable);
    return result;
}
