/* Context variables (PEP 567), for other modules of C. */
#ifndef WEFT_MODULE_CONTEXTVARS_H
#define WEFT_MODULE_CONTEXTVARS_H

#include "object/object.h"

extern Type context_type, context_var_type, context_token_type;

/* Makes the types ready: at start-up, or when the module is imported; twice does no harm. fail: -1
 */
NODISCARD int contextvars_ready(void);

/* own: ret new. otherwise may be NO_VALUE: no default */
NODISCARD Own context_var_new(Value name, Value otherwise);
/* 1: *value is what var is in the current context, or its default; 0: neither; -1 never. (no runpy)
 */
NODISCARD int context_var_get(Value var, Own *value);
/* Sets it in the current context. own: ret a new token */
NODISCARD Own context_var_set(Value var, Value value);
NODISCARD int context_var_reset(Value var, Value token);

/* A new empty context; a copy of the current one. own: ret new */
NODISCARD Own context_new(void);
NODISCARD Own context_copy_current(void);
/* Makes context the current one, and what was current before again. fail: -1 + RuntimeError when it
 * is entered already */
NODISCARD int context_enter(Value context);
void context_leave(Value context); /* pre: it is the current one */

#endif
