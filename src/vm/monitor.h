/* Events of running code for tools (sys.monitoring, PEP 669).
 *
 * Nothing of it costs anything until a tool asks: then every thread is switched, with the world stopped, to the dispatch table that asks
 * vm/trace.c before each instruction, and this looks up which tools want what.
 *
 * Threads: masks are atomic bytes, one bit a tool; callbacks are read without a lock and replaced by atomic exchange; tools and their names
 * change under monitor_lock. What a code object has (CodeEvents) is made once and lives as long as it. */
#ifndef WEFT_VM_MONITOR_H
#define WEFT_VM_MONITOR_H

#include "vm/frame.h"

#define MONITOR_TOOLS 6

/* In the order of sys.monitoring.events: bit i is 1 << i. The first EVENT_LOCAL ones belong to places in code: they can be asked for by code
 * object, and disabled by place. */
#define EVENTS(X)                                                                                  \
    X(PY_START) X(PY_RESUME) X(PY_RETURN) X(PY_YIELD) X(CALL) X(LINE) X(INSTRUCTION) X(JUMP)       \
    X(BRANCH_LEFT) X(BRANCH_RIGHT) X(STOP_ITERATION) X(RAISE) X(EXCEPTION_HANDLED) X(PY_UNWIND)    \
    X(PY_THROW) X(RERAISE) X(C_RETURN) X(C_RAISE) X(BRANCH)
enum {
#define X(name) EVENT_##name,
    EVENTS(X)
#undef X
    EVENT_COUNT,
    EVENT_LOCAL = EVENT_RAISE,
};

extern const char *const event_names[EVENT_COUNT];
extern Own monitor_disable, monitor_missing; /* sys.monitoring.DISABLE, MISSING: immortal, made at start-up */

/* What an instruction is to tools. */
enum {
    PLACE_START = 1, /* RESUME at the start of a function */
    PLACE_RESUME,    /* RESUME after a yield */
    PLACE_RETURN,
    PLACE_YIELD,
    PLACE_CALL,
    PLACE_BRANCH,
    PLACE_JUMP,
    PLACE_KIND = 15,
    PLACE_LINE = 16, /* a line starts here */
};

typedef struct CodeEvents {
    _Atomic uint8_t local[EVENT_LOCAL];  /* which tools asked for each event in this code */
    _Atomic(_Atomic uint8_t *) disabled[4]; /* by DISABLED_*: a byte of tools for each word; made when first needed */
    _Atomic uint32_t restarts;           /* of the program when these were last emptied */
    uint8_t places[];                    /* PLACE_* of each word; immutable */
} CodeEvents;

/* The events of a code object, made on demand; null without memory (nothing is pending). */
CodeEvents *code_events(Code *code);
void code_events_free(CodeEvents *events, const Code *code); /* the code is dying */
int code_line(const Code *code, uint32_t at);                /* -1 = none */

/* Does any tool want this event of this code? */
bool monitor_wants(const CodeEvents *events, int event);
/* Calls the tools that want it: args[0] is the code object. pre: the caller has turned events off for this thread.
 * fail: -1 · may: runpy */
NODISCARD int monitor_fire(Code *code, CodeEvents *events, uint32_t at, int event, Value const *args, size_t nargs);

/* Is any tool active? Then all threads run traced. */
bool monitor_is_active(void);

/* -- for the module sys.monitoring. Tools are 0 ... MONITOR_TOOLS - 1 -- */
NODISCARD int monitor_use_tool(int tool, Value name); /* ValueError: in use */
void monitor_clear_tool(int tool);
void monitor_free_tool(int tool);
Own monitor_tool_name(int tool); /* NO_VALUE: free. own: ret new */
NODISCARD Own monitor_register(int tool, int event, Own callback); /* eats; the one before, NO_VALUE = none */
NODISCARD int monitor_set_events(int tool, uint32_t events);
uint32_t monitor_get_events(int tool);
NODISCARD int monitor_set_local_events(int tool, Code *code, uint32_t events);
uint32_t monitor_get_local_events(int tool, Code *code);
void monitor_restart(void);
/* fail: -1 */
NODISCARD int monitor_start(void);

#endif
