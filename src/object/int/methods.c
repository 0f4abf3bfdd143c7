/* The methods of int. */
#include "object/bytes.h"
#include "object/int_priv.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"



Own
int_py_conjugate(Value self)
{
    return int_exact(self);
}

Own
int_py___trunc__(Value self)
{
    return int_exact(self);
}

Own
int_py___floor__(Value self)
{
    return int_exact(self);
}

Own
int_py___ceil__(Value self)
{
    return int_exact(self);
}

Own
int_get_real(Value self)
{
    return int_exact(self);
}

Own
int_get_numerator(Value self)
{
    return int_exact(self);
}

Own
int_get_imag(Value self UNUSED)
{
    return small_int(0);
}

Own
int_get_denominator(Value self UNUSED)
{
    return small_int(1);
}

Own
int_py_bit_length(Value self)
{
    return small_int(int_bit_length(self));
}

Own
int_py_bit_count(Value self)
{
    IntView x;
    int_view(&x, self);
    return small_int(x.n ? (int64_t)mpn_popcount(x.limbs, x.n) : 0);
}

int
int_py_is_integer(Value self UNUSED)
{
    return 1;
}

Own
int_py_as_integer_ratio(Value self)
{
    Own exact = int_exact(self);
    Own pair[] = {exact, small_int(1)};
    return exact ? tuple_from_own(pair, 2) : NO_VALUE;
}

Own
int_py___getnewargs__(Value self)
{
    Own exact = int_exact(self);
    return exact ? tuple_from_own(&exact, 1) : NO_VALUE;
}

Own
int_py___sizeof__(Value self)
{
    return small_int(is_object(self) ? (int64_t)object_cell_size(obj(self)) : (int64_t)sizeof(Value));
}

/* 1 little, 0 big, -1 neither: ValueError */
static int
byte_order(Value name)
{
    if (str_equals_cstr(name, "big")) {
        return 0;
    }
    return str_equals_cstr(name, "little") ? 1 : raise_int(&exc_ValueError, "byteorder must be either 'little' or 'big'");
}

Own
int_py_to_bytes(Value self, int64_t length, Value byteorder, bool is_signed)
{
    int little = byteorder ? byte_order(byteorder) : 0;
    if (little < 0) {
        return NO_VALUE;
    }
    if (length < 0) {
        return raise_msg(&exc_ValueError, "length argument must be non-negative");
    }
    Own bytes = bytes_new(NULL, (size_t)length);
    if (bytes && int_to_bytes(self, as_bytes(bytes)->data, (size_t)length, little, is_signed) < 0) {
        drop(bytes);
        return NO_VALUE;
    }
    return bytes;
}

Own
int_py_from_bytes(Type *cls, Value source, Value byteorder, bool is_signed)
{
    int little = byteorder ? byte_order(byteorder) : 0;
    if (little < 0) {
        return NO_VALUE;
    }
    if (is_str(source) || is_int(source)) {
        return raise_fmt(&exc_TypeError, "cannot convert '%T' object to bytes", source);
    }
    Own bytes = is_bytes(source) ? own(source) : call1(VALUE(&bytes_type), source);
    if (!bytes) {
        return NO_VALUE;
    }
    Own v = int_from_bytes(as_bytes(bytes)->data, (size_t)as_bytes(bytes)->length, little, is_signed);
    drop(bytes);
    if (v && cls != &int_type) {
        Own instance = call1(VALUE(cls), v);
        drop(v);
        return instance;
    }
    return v;
}

/* v rounded to a multiple of unit, ties to the even multiple. */
static Own
round_to(Value v, Value unit)
{
    Own rest = NO_VALUE, q = int_divmod(v, unit, &rest), result = NO_VALUE;
    Own twice = q ? int_add(rest, rest) : NO_VALUE;
    if (twice) {
        int order = int_compare(twice, unit);
        Own odd = int_bitwise(q, small_int(1), OP_AND);
        if (order > 0 || (order == 0 && odd == small_int(1))) {
            Own next = int_add(q, small_int(1));
            drop(q);
            q = next;
        }
        result = q ? int_mul(q, unit) : NO_VALUE;
        drop_opt(odd);
    }
    drop_opt(twice);
    drop_opt(q);
    drop_opt(rest);
    return result;
}

Own
int_py___round__(Value self, Value ndigits)
{
    if (ndigits == NONE) {
        return int_exact(self);
    }
    Own digits = object_index(ndigits);
    if (!digits) {
        return NO_VALUE;
    }
    Own result = NO_VALUE;
    if (int_sign(digits) >= 0) {
        result = int_exact(self);
    } else {
        Own exponent = int_negate(digits), unit = exponent ? int_pow(small_int(10), exponent, NONE) : NO_VALUE;
        result = unit ? round_to(self, unit) : NO_VALUE;
        drop_opt(unit);
        drop_opt(exponent);
    }
    drop(digits);
    return result;
}
