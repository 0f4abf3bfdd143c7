/* sys.monitoring: arguments for vm/monitor.h. */
#include "vm/monitor.h"

#include "object/dict.h"
#include "object/hooks.h"
#include "object/module.h"
#include "object/namespace.h"
#include "object/str.h"
#include "sys_priv.h"

#include "monitoring.spec.h"

#define BIT(event) (1u << EVENT_##event)
#define EVENTS_KNOWN ((1u << EVENT_COUNT) - 1)
#define EVENTS_OF_CALLS (BIT(C_RETURN) | BIT(C_RAISE))

static int
check_tool(int tool)
{
    if (tool < 0 || tool >= MONITOR_TOOLS) {
        return raise_int(&exc_ValueError, "invalid tool %d (must be between 0 and 5)", tool);
    }
    return 0;
}

int
monitoring_use_tool_id(Value module UNUSED, int tool_id, Value name)
{
    if (check_tool(tool_id) < 0) {
        return -1;
    }
    if (!is_str(name)) {
        return raise_int(&exc_ValueError, "tool name must be a str");
    }
    return monitor_use_tool(tool_id, name);
}

int
monitoring_clear_tool_id(Value module UNUSED, int tool_id)
{
    if (check_tool(tool_id) < 0) {
        return -1;
    }
    Own name = monitor_tool_name(tool_id);
    if (name) {
        monitor_clear_tool(tool_id);
        drop(name);
    }
    return 0;
}

int
monitoring_free_tool_id(Value module UNUSED, int tool_id)
{
    if (check_tool(tool_id) < 0) {
        return -1;
    }
    monitor_free_tool(tool_id);
    return 0;
}

Own
monitoring_get_tool(Value module UNUSED, int tool_id)
{
    if (check_tool(tool_id) < 0) {
        return NO_VALUE;
    }
    Own name = monitor_tool_name(tool_id);
    return name ? name : NONE;
}

static Own
audit_register(Value func)
{
    Own event = str_from_cstr("sys.monitoring.register_callback");
    Value args[] = {event, func};
    Own done = event ? sys_audit(NO_VALUE, args, 2, NO_VALUE) : NO_VALUE;
    drop_opt(event);
    return done;
}

Own
monitoring_register_callback(Value module UNUSED, int tool_id, int event, Value func)
{
    if (check_tool(tool_id) < 0) {
        return NO_VALUE;
    }
    if (event <= 0 || (event & (event - 1))) {
        return raise_msg(&exc_ValueError, "The callback can only be set for one event at a time");
    }
    int which = __builtin_ctz((unsigned)event);
    if (which >= EVENT_COUNT) {
        return raise_fmt(&exc_ValueError, "invalid event %d", event);
    }
    if (!audit_register(func)) {
        return NO_VALUE;
    }
    Own old = monitor_register(tool_id, which, func == NONE ? NO_VALUE : own(func));
    return old ? old : NONE;
}

/* The events of a set as they are kept. fail: -1 */
static int
check_events(int event_set, uint32_t *events)
{
    uint32_t set = (uint32_t)event_set;
    if (event_set < 0 || (set & ~EVENTS_KNOWN)) {
        return raise_int(&exc_ValueError, "invalid event set 0x%x", set);
    }
    if ((set & EVENTS_OF_CALLS) && (set & (EVENTS_OF_CALLS | BIT(CALL))) == (EVENTS_OF_CALLS | BIT(CALL))) {
        set &= ~EVENTS_OF_CALLS; /* they come with CALL */
    }
    if (set & EVENTS_OF_CALLS) {
        return raise_int(&exc_ValueError, "cannot set C_RETURN or C_RAISE events independently");
    }
    if (set & BIT(BRANCH)) {
        set = (set & ~BIT(BRANCH)) | BIT(BRANCH_LEFT) | BIT(BRANCH_RIGHT);
    }
    *events = set;
    return 0;
}

int64_t
monitoring_get_events(Value module UNUSED, int tool_id)
{
    return check_tool(tool_id) < 0 ? -1 : (int64_t)monitor_get_events(tool_id);
}

int
monitoring_set_events(Value module UNUSED, int tool_id, int event_set)
{
    uint32_t events;
    return check_tool(tool_id) < 0 || check_events(event_set, &events) < 0 ? -1 : monitor_set_events(tool_id, events);
}

static int
check_code(Value code)
{
    return IS_EXACT(code, CODE) ? 0 : raise_int(&exc_TypeError, "code must be a code object");
}

int64_t
monitoring_get_local_events(Value module UNUSED, int tool_id, Value code)
{
    return check_code(code) < 0 || check_tool(tool_id) < 0 ? -1 : (int64_t)monitor_get_local_events(tool_id, as_code(code));
}

int
monitoring_set_local_events(Value module UNUSED, int tool_id, Value code, int event_set)
{
    uint32_t events;
    if (check_code(code) < 0 || check_tool(tool_id) < 0 || check_events(event_set, &events) < 0) {
        return -1;
    }
    if (events >> EVENT_LOCAL) {
        return raise_int(&exc_ValueError, "invalid local event set 0x%x", events);
    }
    return monitor_set_local_events(tool_id, as_code(code), events);
}

int
monitoring_restart_events(Value module UNUSED)
{
    monitor_restart();
    return 0;
}

Own
monitoring__all_events(Value module UNUSED)
{
    Own all = dict_new();
    for (int event = 0; all && event < EVENT_COUNT; event++) {
        int tools = 0;
        for (int tool = 0; tool < MONITOR_TOOLS; tool++) {
            tools |= (int)(monitor_get_events(tool) >> event & 1) << tool;
        }
        if (tools && dict_set_cstr(all, event_names[event], small_int(tools)) < 0) {
            ref_clear(&all);
        }
    }
    return all;
}

/* types.SimpleNamespace(PY_START=1, ...) */
static Own
make_events(void)
{
    Own names = dict_new();
    for (int event = 0; names && event < EVENT_COUNT; event++) {
        if (dict_set_cstr(names, event_names[event], small_int(1 << event)) < 0) {
            ref_clear(&names);
        }
    }
    if (names && dict_set_cstr(names, "NO_EVENTS", small_int(0)) < 0) {
        ref_clear(&names);
    }
    Own events = names ? namespace_new(names) : NO_VALUE;
    drop_opt(names);
    return events;
}

static int
monitoring_exec(Value m)
{
    static const struct {
        const char *name;
        int id;
    } tools[] = {{"DEBUGGER_ID", 0}, {"COVERAGE_ID", 1}, {"PROFILER_ID", 2}, {"OPTIMIZER_ID", 5}};
    for (size_t i = 0; i < ARRAY_LEN(tools); i++) {
        if (module_add_int(m, tools[i].name, tools[i].id) < 0) {
            return -1;
        }
    }
    return module_add(m, "DISABLE", own(monitor_disable)) < 0 || module_add(m, "MISSING", own(monitor_missing)) < 0 ||
                   module_add(m, "events", make_events()) < 0
               ? -1
               : 0;
}

static const ModuleDef monitoring_def = {
    .name = "sys.monitoring",
    .functions = monitoring_functions,
    .exec = monitoring_exec,
};

int
sys_add_monitoring(Value m)
{
    return module_add(m, "monitoring", module_create(&monitoring_def));
}
