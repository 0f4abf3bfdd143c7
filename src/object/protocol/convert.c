/* Numbers from objects: __index__, __int__, __float__, and C numbers. */
#include "object/buffer.h"
#include "object/bytes.h"
#include "object/float.h"
#include "object/int.h"
#include "object/type/slotdefs.h"

bool
object_has_index(Value v)
{
    return is_small_int(v) || type_of(v)->slots.index != NULL;
}

/* The exact int of the same value as v, an int or instance of a subclass. */
static Own
exact_int(Value v)
{
    if (is_small_int(v) || IS_EXACT(v, INT)) {
        return own(v);
    }
    if (IS_EXACT(v, BOOL)) {
        return small_int(v == TRUE_VALUE);
    }
    const Int *i = as_big_int(v);
    return int_from_limbs(i->limbs, i->size < 0 ? -i->size : i->size, i->size < 0);
}

/* result (eaten) of method as an exact int; an instance of a strict subclass is deprecated. */
static Own
checked_int(Own result, const char *method)
{
    if (!result || is_small_int(result) || IS_EXACT(result, INT)) {
        return result;
    }
    Own exact = NO_VALUE;
    if (!is_int(result)) {
        raise_fmt(&exc_TypeError, "%s returned non-int (type %T)", method, (Value)result);
    } else if (warn_fmt(
                   &exc_DeprecationWarning, 1,
                   "%s returned non-int (type %T).  The ability to return an instance of a strict "
                   "subclass of "
                   "int is deprecated, and may be removed in a future version of Python.",
                   method, (Value)result) == 0) {
        exact = exact_int(result);
    }
    drop(result);
    return exact;
}

Own
object_index(Value v)
{
    if (is_int(v)) {
        return exact_int(v);
    }
    UnaryFn index = type_of(v)->slots.index;
    if (!index) {
        return raise_fmt(&exc_TypeError, "'%T' object cannot be interpreted as an integer", v);
    }
    return checked_int(index(v), "__index__");
}

static Own
int_from_text_object(Value v)
{
    if (is_str(v)) {
        return int_from_str(v, 10);
    }
    Buffer b;
    if (object_has_buffer(v)) {
        if (buffer_get_still(v, &b) == 0) {
            Own result = int_from_bytes_text(b.data, b.length, 10);
            buffer_release(&b);
            return result;
        }
        exc_clear(); /* memory that is no run of bytes is no number */
    }
    return raise_fmt(&exc_TypeError, "int() argument must be a string, a bytes-like object or a real number, not '%T'", v);
}

Own
object_to_int(Value v)
{
    if (is_small_int(v) || IS_EXACT(v, INT)) {
        return own(v);
    }
    const TypeSlots *slots = &type_of(v)->slots;
    if (slots->to_int) {
        return checked_int(slots->to_int(v), "__int__");
    }
    if (slots->index) {
        return checked_int(slots->index(v), "__index__");
    }
    return int_from_text_object(v);
}

/* v by __float__ or __index__. fail: false, with TypeError only if `required` */
static bool
float_of(Value v, double *out)
{
    const TypeSlots *slots = &type_of(v)->slots;
    if (slots->to_float) {
        Own result = slots->to_float(v);
        if (!result) {
            return false;
        }
        bool ok = is_float(result);
        if (!ok) {
            raise_fmt(&exc_TypeError, "%T.__float__ returned non-float (type %T)", v,
                      (Value)result);
        } else if (!is_small_float(result) && !IS_EXACT(result, FLOAT)) {
            ok = warn_fmt(&exc_DeprecationWarning, 1,
                          "%T.__float__ returned non-float (type %T).  The ability to return an "
                          "instance of a strict "
                          "subclass of float is deprecated, and may be removed in a future "
                          "version of Python.",
                          v, (Value)result) == 0;
        }
        if (ok) {
            *out = float_value(result);
        }
        drop(result);
        return ok;
    }
    if (slots->index) {
        Own index = object_index(v);
        bool ok = index && int_as_double(index, out);
        drop_opt(index);
        return ok;
    }
    raise_fmt(&exc_TypeError, "must be real number, not %T", v);
    return false;
}

Own
object_to_float(Value v)
{
    if (is_small_float(v) || IS_EXACT(v, FLOAT)) {
        return own(v);
    }
    const TypeSlots *slots = &type_of(v)->slots;
    double d;
    if (slots->to_float || slots->index) {
        return float_of(v, &d) ? float_new(d) : NO_VALUE;
    }
    return is_str(v) ? float_from_str(v) : float_from_bytes_like(v);
}

double
object_as_double(Value v)
{
    if (is_float(v)) {
        return float_value(v);
    }
    if (is_small_int(v)) {
        return (double)small_int_value(v);
    }
    double d;
    return float_of(v, &d) ? d : -1.0;
}

/* -- C integers -- */

/* 1 fits, 0 does not (*negative says which way), -1 failed. */
static int
index_as_i64(Value v, int64_t *out, bool *negative)
{
    if (LIKELY(is_small_int(v))) {
        *out = small_int_value(v);
        return 1;
    }
    Own index = object_index(v);
    if (!index) {
        return -1;
    }
    int fits = int_as_i64(index, out);
    *negative = int_sign(index) < 0;
    drop(index);
    return fits;
}

int64_t
object_as_int64(Value v)
{
    int64_t i;
    bool negative;
    int status = index_as_i64(v, &i, &negative);
    if (status == 0) {
        return raise_int(&exc_OverflowError, "Python int too large to convert to C long");
    }
    return status < 0 ? -1 : i;
}

int
object_as_int(Value v)
{
    int64_t i;
    bool negative = false;
    int status = index_as_i64(v, &i, &negative);
    if (status < 0) {
        return -1;
    }
    if (status == 0) {
        return raise_int(&exc_OverflowError, "Python int too large to convert to C long");
    }
    if (i > INT32_MAX || i < INT32_MIN) {
        return raise_int(&exc_OverflowError, i > 0 ? "signed integer is greater than maximum"
                                                   : "signed integer is less than minimum");
    }
    return (int)i;
}

int64_t
object_as_ssize(Value v)
{
    int64_t i;
    bool negative;
    int status = index_as_i64(v, &i, &negative);
    if (status == 0) {
        return raise_int(&exc_OverflowError, "cannot fit '%T' into an index-sized integer", v);
    }
    return status < 0 ? -1 : i;
}

int64_t
object_as_ssize_clamped(Value v)
{
    int64_t i;
    bool negative;
    int status = index_as_i64(v, &i, &negative);
    if (status == 0) {
        return negative ? INT64_MIN : INT64_MAX;
    }
    return status < 0 ? -1 : i;
}

uint64_t
object_as_uint64_mask(Value v)
{
    if (is_small_int(v)) {
        return (uint64_t)small_int_value(v);
    }
    Own index = object_index(v);
    if (!index) {
        return (uint64_t)-1;
    }
    uint64_t bits;
    if (is_small_int(index)) {
        bits = (uint64_t)small_int_value(index);
    } else {
        const Int *big = as_big_int(index);
        bits = big->limbs[0];
        bits = big->size < 0 ? 0 - bits : bits;
    }
    drop(index);
    return bits;
}
