/* The module select, for its own files. */
#ifndef WEFT_MODULE_SELECT_PRIV_H
#define WEFT_MODULE_SELECT_PRIV_H

#include "object/object.h"

extern Type poll_type, epoll_type;

/* The timeout of poll() or epoll.poll() in nanoseconds; -1 = none. fail: -1 + exception, else 0 */
NODISCARD int poll_timeout(Value timeout, int64_t unit_ns, int64_t *ns);
/* Milliseconds left until a deadline of the monotonic clock, rounded up; -1 when there is none. */
int poll_milliseconds(int64_t deadline);

#endif
