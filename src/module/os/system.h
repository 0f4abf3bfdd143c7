/* What the modules over the operating system share: arguments that are descriptors, timeouts and
 * users, tables of constants. */
#ifndef WEFT_MODULE_OS_SYSTEM_H
#define WEFT_MODULE_OS_SYSTEM_H

#include <sys/types.h>

#include "object/module.h"
#include "object/object.h"

/* A file descriptor: an int, or what fileno() of an object gives; never negative. fail: -1 */
NODISCARD int fd_from_value(Value v);

/* A time in nanoseconds from a number of units of so many nanoseconds, rounded up. fail: -1 +
 * TypeError, ValueError (NaN), OverflowError */
NODISCARD int time_from_value(Value v, int64_t unit_ns, int64_t *ns);

/* A user or group number; -1 is allowed and means none. fail: -1 + TypeError "uid should be
 * integer", OverflowError */
NODISCARD int uid_from_value(Value v, uid_t *uid);
NODISCARD int gid_from_value(Value v, gid_t *gid);

/* An unsigned int of so many bits. fail: -1 + ValueError "Cannot convert negative int",
 * OverflowError "Python int too large for C NAME" */
NODISCARD int unsigned_from_value(Value v, uint64_t most, const char *name, uint64_t *out);

typedef struct SystemConstant {
    const char *name;
    int64_t value;
} SystemConstant;

/* The constants of a table that ends with a null name. fail: -1 */
NODISCARD int module_add_constants(Value m, const SystemConstant *table);

#endif
