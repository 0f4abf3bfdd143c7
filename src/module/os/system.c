/* Arguments and constants that the modules over the operating system share: see system.h. */
#include "module/os/system.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include "object/dict.h"
#include "object/float.h"
#include "object/int.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

/* -- descriptors -- */

static int
descriptor_number(Value v)
{
    int64_t n;
    if (!int_as_i64(v, &n) || n > INT_MAX || n < INT_MIN) {
        return raise_int(&exc_OverflowError, "Python int too large to convert to C int");
    }
    return n < 0 ? raise_int(&exc_ValueError,
                             "file descriptor cannot be a negative integer (%d)", (int)n)
                 : (int)n;
}

int
fd_from_value(Value v)
{
    if ((v == TRUE_VALUE || v == FALSE_VALUE) &&
        warn_fmt(&exc_RuntimeWarning, 1, "bool is used as a file descriptor") < 0) {
        return -1;
    }
    if (is_int(v)) {
        return descriptor_number(v);
    }
    Own method;
    int found = object_lookup_attr_cstr(v, "fileno", &method);
    if (found <= 0) {
        return found < 0 ? -1
                         : raise_int(&exc_TypeError,
                                     "argument must be an int, or have a fileno() method.");
    }
    Own number = call0(method);
    drop(method);
    if (!number) {
        return -1;
    }
    int fd = is_int(number) ? descriptor_number(number)
                            : raise_int(&exc_TypeError, "fileno() returned a non-integer");
    drop(number);
    return fd;
}

/* -- times -- */

static int
time_out_of_range(void)
{
    return raise_int(&exc_OverflowError, "timestamp out of range for C PyTime_t");
}

int
time_from_value(Value v, int64_t unit_ns, int64_t *ns)
{
    if (is_float(v)) {
        double exact = float_value(v) * (double)unit_ns;
        if (exact != exact) {
            return raise_int(&exc_ValueError, "Invalid value NaN (not a number)");
        }
        exact = ceil(exact);
        if (float_value(v) < 0 && exact == 0) {
            exact = -1; /* still negative */
        }
        if (!(exact >= -0x1p63 && exact < 0x1p63)) {
            return time_out_of_range();
        }
        *ns = (int64_t)exact;
        return 0;
    }
    if (!is_int(v) && !object_has_index(v)) {
        return raise_int(&exc_TypeError,
                         "'%T' object cannot be interpreted as an integer or float", v);
    }
    Own i = object_index(v);
    if (!i) {
        return -1;
    }
    int64_t n;
    bool fits = int_as_i64(i, &n) && !__builtin_mul_overflow(n, unit_ns, ns);
    drop(i);
    return fits ? 0 : time_out_of_range();
}

/* -- users and groups -- */

static int
id_from_value(Value v, const char *what, uint32_t *id)
{
    if (!is_int(v) && !object_has_index(v)) {
        return raise_int(&exc_TypeError, "%s should be integer, not %T", what, v);
    }
    Own i = object_index(v);
    if (!i) {
        return -1;
    }
    int64_t n = 0;
    bool fits = int_as_i64(i, &n);
    bool negative = int_sign(i) < 0;
    drop(i);
    if (!fits || n < -1 || n > UINT32_MAX) {
        return raise_int(&exc_OverflowError, "%s is %s", what,
                         negative || fits ? "less than minimum" : "greater than maximum");
    }
    *id = (uint32_t)n;
    return 0;
}

int
uid_from_value(Value v, uid_t *uid)
{
    return id_from_value(v, "uid", uid);
}

int
gid_from_value(Value v, gid_t *gid)
{
    return id_from_value(v, "gid", gid);
}

int
unsigned_from_value(Value v, uint64_t most, const char *name, uint64_t *out)
{
    Own i = object_index(v);
    if (!i) {
        return -1;
    }
    int status = -1;
    if (int_sign(i) < 0) {
        raise_msg(&exc_ValueError, "Cannot convert negative int");
    } else if (int_bit_length(i) > 64 || (*out = object_as_uint64_mask(i)) > most) {
        raise_fmt(&exc_OverflowError, "Python int too large for C %s", name);
    } else {
        status = 0;
    }
    drop(i);
    return status;
}

/* -- modules -- */

int
module_add_constants(Value m, const SystemConstant *table)
{
    for (; table->name; table++) {
        if (module_add_int(m, table->name, table->value) < 0) {
            return -1;
        }
    }
    return 0;
}
