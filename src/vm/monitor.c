/* sys.monitoring: tools, their callbacks, and what they want of each code object. See vm/monitor.h. */
#include "vm/monitor.h"

#include "compile/inst.h"
#include "heap/world.h"
#include "object/error.h"
#include "object/str.h"
#include "object/type.h"
#include "sync/mutex.h"
#include "vm/cache.h"
#include "vm/trace.h"

const char *const event_names[EVENT_COUNT] = {
#define X(name) #name,
    EVENTS(X)
#undef X
};

Own monitor_disable, monitor_missing;

static Mutex monitor_lock;
static Own tool_names[MONITOR_TOOLS];                       /* guard: monitor_lock */
static Own callbacks[MONITOR_TOOLS][EVENT_COUNT];           /* guard: atomic; see callback_load */
static _Atomic uint8_t wanted[EVENT_COUNT];                 /* by which tools, everywhere */
static _Atomic uint8_t both_ways;                            /* tools that have one callback for both ways of a branch (BRANCH) */
static _Atomic int64_t local_wishes;                        /* bits set in all CodeEvents.local */
static _Atomic uint32_t restarts;                           /* of restart_events() */

enum { DISABLED_PLACE, DISABLED_LINE, DISABLED_INSTRUCTION, DISABLED_RIGHT };

/* -- code objects -- */

int
code_line(const Code *code, uint32_t at)
{
    const Position *p = code_position(code, at);
    return p ? p->line : -1;
}

static uint8_t
place_of(Inst word, const InstInfo *info)
{
    switch (info->general) {
    case I_RESUME:
        return inst_a(word) == 0 ? PLACE_START : PLACE_RESUME;
    case I_RETURN:
    case I_RETURN_NONE:
        return PLACE_RETURN;
    case I_YIELD:
        return PLACE_YIELD;
    case I_CALL:
    case I_CALL_KW:
    case I_CALL_EX:
    case I_LOAD_SUPER_ATTR: /* calls super */
    case I_LOAD_SUPER_METHOD:
        return PLACE_CALL;
    case I_JUMP: /* backward ones lead out of handlers, or around a SEND */
        return inst_bc(word) < 0 ? 0 : PLACE_JUMP;
    case I_JUMP_BACK:
        return PLACE_JUMP;
    case I_SEND:
        return 0;
    default:
        return info->jumps ? PLACE_BRANCH : 0;
    }
}

/* Where the jump at `at` goes; false when it is none. */
static bool
jump_target(const Code *code, uint32_t at, const InstInfo *info, uint32_t *target)
{
    Inst word = code->instructions[at];
    for (int i = 0; i < 3; i++) {
        const OperandInfo *operand = &info->operands[i];
        if (operand->kind == OPERAND_JUMP) {
            *target = at + 1 + info->cache + (uint32_t)(operand->wide ? inst_bc(word) : (int16_t)inst_c(word));
            return *target < code->ninst;
        }
    }
    return false;
}

static void
mark_line(uint8_t *places, const Code *code, uint32_t at, uint32_t first)
{
    if (at >= first && code_line(code, at) >= 0) {
        places[at] |= PLACE_LINE;
    }
}

/* A line starts where another line's instruction stands before, and where jumps and handlers come in. */
static void
find_places(uint8_t *places, const Code *code)
{
    uint32_t first = 0; /* what stands before the start of the function proper has no lines */
    int line = -1;
    for (uint32_t at = 0; at < code->ninst;) {
        Inst word = __atomic_load_n(&code->instructions[at], __ATOMIC_RELAXED);
        const InstInfo *info = &inst_info[inst_opcode(word)];
        places[at] = place_of(word, info);
        int here = code_line(code, at);
        if (places[at] == PLACE_START) {
            first = at + 1;
            for (uint32_t i = 0; i < at; i++) {
                places[i] &= (uint8_t)~PLACE_LINE;
            }
            here = -1;
        } else if (here >= 0 && here != line) {
            places[at] |= PLACE_LINE;
        }
        line = here;
        at += 1 + info->cache;
    }
    for (uint32_t at = 0, target; at < code->ninst;) {
        const InstInfo *info = &inst_info[inst_opcode(__atomic_load_n(&code->instructions[at], __ATOMIC_RELAXED))];
        if (jump_target(code, at, info, &target)) {
            mark_line(places, code, target, first);
        }
        at += 1 + info->cache;
    }
    for (uint32_t i = 0; i < code->nhandlers; i++) {
        mark_line(places, code, code->handlers[i].handler, first);
    }
}

CodeEvents *
code_events(Code *code)
{
    CodeEventsSlot *slot = code_events_slot(code);
    if (UNLIKELY(!slot)) {
        return NULL;
    }
    CodeEvents *events = atomic_load_explicit(slot, memory_order_acquire);
    if (LIKELY(events != NULL)) {
        return events;
    }
    size_t size = sizeof *events + code->ninst;
    CodeEvents *made = mem_try_alloc(size);
    if (!made) {
        return NULL;
    }
    memset(made, 0, size);
    atomic_store(&made->restarts, atomic_load(&restarts));
    find_places(made->places, code);
    if (!atomic_compare_exchange_strong(slot, &events, made)) {
        mem_free(made);
        return events;
    }
    return made;
}

void
code_events_free(CodeEvents *events, const Code *code UNUSED)
{
    int64_t wishes = 0;
    for (int i = 0; i < EVENT_LOCAL; i++) {
        wishes += __builtin_popcount(atomic_load(&events->local[i]));
    }
    atomic_fetch_sub(&local_wishes, wishes);
    for (int i = 0; i < 4; i++) {
        mem_free((void *)atomic_load(&events->disabled[i]));
    }
    mem_free(events);
}

/* -- disabled places -- */

static int
disabled_kind(int event)
{
    return event == EVENT_LINE ? DISABLED_LINE
           : event == EVENT_INSTRUCTION ? DISABLED_INSTRUCTION
           : event == EVENT_BRANCH_RIGHT ? DISABLED_RIGHT : DISABLED_PLACE;
}

/* restart_events() was called: empties what was disabled before. */
static COLD void
forget_disabled(CodeEvents *events, const Code *code, uint32_t now)
{
    mutex_lock(&monitor_lock);
    if (atomic_load(&events->restarts) != now) {
        for (int i = 0; i < 4; i++) {
            _Atomic uint8_t *bytes = atomic_load(&events->disabled[i]);
            for (uint32_t at = 0; bytes && at < code->ninst; at++) {
                atomic_store_explicit(&bytes[at], 0, memory_order_relaxed);
            }
        }
        atomic_store(&events->restarts, now);
    }
    mutex_unlock(&monitor_lock);
}

static unsigned
disabled_at(CodeEvents *events, const Code *code, uint32_t at, int event)
{
    uint32_t now = atomic_load_explicit(&restarts, memory_order_relaxed);
    if (UNLIKELY(atomic_load_explicit(&events->restarts, memory_order_relaxed) != now)) {
        forget_disabled(events, code, now);
    }
    _Atomic uint8_t *bytes = atomic_load_explicit(&events->disabled[disabled_kind(event)], memory_order_acquire);
    return bytes ? atomic_load_explicit(&bytes[at], memory_order_relaxed) : 0;
}

/* fail: -1 + MemoryError */
static int
disable_at(CodeEvents *events, const Code *code, uint32_t at, int event, int tool)
{
    _Atomic(_Atomic uint8_t *) *slot = &events->disabled[disabled_kind(event)];
    _Atomic uint8_t *bytes = atomic_load_explicit(slot, memory_order_acquire);
    if (!bytes) {
        _Atomic uint8_t *made = mem_zalloc(code->ninst);
        if (!made) {
            return -1;
        }
        if (atomic_compare_exchange_strong(slot, &bytes, made)) {
            bytes = made;
        } else {
            mem_free((void *)made);
        }
    }
    atomic_fetch_or_explicit(&bytes[at], (uint8_t)(1u << tool), memory_order_relaxed);
    return 0;
}

/* -- calling tools -- */

bool
monitor_wants(const CodeEvents *events, int event)
{
    return atomic_load_explicit(&wanted[event], memory_order_relaxed) ||
           (event < EVENT_LOCAL && atomic_load_explicit(&events->local[event], memory_order_relaxed));
}

/* A new reference to a callback, or NO_VALUE. It is shared, so its memory outlives the look (heap/object.h). */
static Own
callback_load(const Own *slot)
{
    for (;;) {
        Own v = __atomic_load_n(slot, __ATOMIC_ACQUIRE);
        if (!v) {
            return NO_VALUE;
        }
        if (try_own(v)) {
            if (LIKELY(__atomic_load_n(slot, __ATOMIC_ACQUIRE) == v)) {
                return v;
            }
            drop(v);
        }
    }
}

static int
cannot_disable(int tool, int event)
{
    Own old = monitor_register(tool, event, NO_VALUE);
    drop_opt(old);
    return raise_int(&exc_ValueError, "Cannot disable %s events. Callback removed.", event_names[event]);
}

static bool
is_loop_head(const Code *code, uint32_t at)
{
    return inst_info[inst_opcode(__atomic_load_n(&code->instructions[at], __ATOMIC_RELAXED))].general == I_FOR_ITER;
}

/* C_RETURN and C_RAISE come with CALL. */
static int
asked_event(int event)
{
    return event == EVENT_C_RETURN || event == EVENT_C_RAISE ? EVENT_CALL : event;
}

int
monitor_fire(Code *code, CodeEvents *events, uint32_t at, int event, Value const *args, size_t nargs)
{
    int asked = asked_event(event);
    unsigned tools = atomic_load_explicit(&wanted[asked], memory_order_relaxed);
    if (asked < EVENT_LOCAL) {
        tools |= atomic_load_explicit(&events->local[asked], memory_order_relaxed);
        tools &= ~disabled_at(events, code, at, asked);
    }
    for (; tools; tools &= tools - 1) {
        int tool = __builtin_ctz(tools);
        Own callback = callback_load(&callbacks[tool][event]);
        if (!callback) {
            continue;
        }
        Own result = object_call(callback, args, nargs, NO_VALUE);
        drop(callback);
        if (!result) {
            return -1;
        }
        int status = 0;
        if (result == monitor_disable) {
            status = event < EVENT_LOCAL ? disable_at(events, code, at, event, tool) : cannot_disable(tool, event);
            bool branch = event == EVENT_BRANCH_LEFT || event == EVENT_BRANCH_RIGHT;
            if (status == 0 && branch && (atomic_load(&both_ways) >> tool & 1) && is_loop_head(code, at)) {
                status = disable_at(events, code, at, event == EVENT_BRANCH_LEFT ? EVENT_BRANCH_RIGHT : EVENT_BRANCH_LEFT, tool);
            }
        }
        drop(result);
        if (status < 0) {
            return -1;
        }
    }
    return 0;
}

/* -- tools -- */

bool
monitor_is_active(void)
{
    if (atomic_load_explicit(&local_wishes, memory_order_relaxed) > 0) {
        return true;
    }
    for (int i = 0; i < EVENT_COUNT; i++) {
        if (atomic_load_explicit(&wanted[i], memory_order_relaxed)) {
            return true;
        }
    }
    return false;
}

/* Something may have become active, or nothing any more. */
static void
activity_changed(bool before)
{
    if (before != monitor_is_active()) {
        trace_switch_all();
    }
}

int
monitor_use_tool(int tool, Value name)
{
    Own kept = own(name);
    publish(kept);
    mutex_lock(&monitor_lock);
    bool taken = tool_names[tool] != NO_VALUE;
    if (!taken) {
        tool_names[tool] = kept;
    }
    mutex_unlock(&monitor_lock);
    if (taken) {
        drop(kept);
        return raise_int(&exc_ValueError, "tool %d is already in use", tool);
    }
    return 0;
}

Own
monitor_tool_name(int tool)
{
    mutex_lock(&monitor_lock);
    Own name = own_opt(tool_names[tool]);
    mutex_unlock(&monitor_lock);
    return name;
}

static void
set_bits(_Atomic uint8_t *masks, int count, uint32_t events, int tool, int64_t *change)
{
    uint8_t bit = (uint8_t)(1u << tool);
    for (int i = 0; i < count; i++) {
        bool on = events >> i & 1;
        uint8_t old = on ? atomic_fetch_or(&masks[i], bit) : atomic_fetch_and(&masks[i], (uint8_t)~bit);
        *change += on - ((old & bit) != 0);
    }
}

static void
clear_local(Code *code UNUSED, CodeEvents *events, void *arg)
{
    int64_t change = 0;
    set_bits(events->local, EVENT_LOCAL, 0, *(int *)arg, &change);
    atomic_fetch_add(&local_wishes, change);
}

void
monitor_clear_tool(int tool)
{
    bool before = monitor_is_active();
    int64_t change = 0;
    set_bits(wanted, EVENT_COUNT, 0, tool, &change);
    code_events_visit(clear_local, &tool);
    for (int i = 0; i < EVENT_COUNT; i++) {
        Own old = monitor_register(tool, i, NO_VALUE);
        drop_opt(old);
    }
    activity_changed(before);
}

void
monitor_free_tool(int tool)
{
    monitor_clear_tool(tool);
    mutex_lock(&monitor_lock);
    Own name = tool_names[tool];
    tool_names[tool] = NO_VALUE;
    mutex_unlock(&monitor_lock);
    drop_opt(name);
}

Own
monitor_register(int tool, int event, Own callback)
{
    if (callback) {
        publish(callback);
    }
    if (event == EVENT_BRANCH) {
        Own left = __atomic_exchange_n(&callbacks[tool][EVENT_BRANCH_LEFT], own_opt(callback), __ATOMIC_ACQ_REL);
        Own right = __atomic_exchange_n(&callbacks[tool][EVENT_BRANCH_RIGHT], callback, __ATOMIC_ACQ_REL);
        drop_opt(right);
        atomic_fetch_or(&both_ways, (uint8_t)(1u << tool));
        return left;
    }
    if (event == EVENT_BRANCH_LEFT || event == EVENT_BRANCH_RIGHT) {
        atomic_fetch_and(&both_ways, (uint8_t)~(1u << tool));
    }
    return __atomic_exchange_n(&callbacks[tool][event], callback, __ATOMIC_ACQ_REL);
}

static bool
is_in_use(int tool)
{
    mutex_lock(&monitor_lock);
    bool used = tool_names[tool] != NO_VALUE;
    mutex_unlock(&monitor_lock);
    return used;
}

int
monitor_set_events(int tool, uint32_t events)
{
    if (!is_in_use(tool)) {
        return raise_int(&exc_ValueError, "tool %d is not in use", tool);
    }
    bool before = monitor_is_active();
    int64_t change = 0;
    set_bits(wanted, EVENT_COUNT, events, tool, &change);
    activity_changed(before);
    return 0;
}

uint32_t
monitor_get_events(int tool)
{
    uint32_t events = 0;
    for (int i = 0; i < EVENT_COUNT; i++) {
        events |= (uint32_t)(atomic_load(&wanted[i]) >> tool & 1) << i;
    }
    return events;
}

int
monitor_set_local_events(int tool, Code *code, uint32_t events)
{
    if (!is_in_use(tool)) {
        return raise_int(&exc_ValueError, "tool %d is not in use", tool);
    }
    CodeEvents *of = code_events(code);
    if (!of) {
        raise_no_memory();
        return -1;
    }
    bool before = monitor_is_active();
    int64_t change = 0;
    set_bits(of->local, EVENT_LOCAL, events, tool, &change);
    atomic_fetch_add(&local_wishes, change);
    activity_changed(before);
    return 0;
}

uint32_t
monitor_get_local_events(int tool, Code *code)
{
    CodeEvents *of = code_events(code);
    uint32_t events = 0;
    for (int i = 0; of && i < EVENT_LOCAL; i++) {
        events |= (uint32_t)(atomic_load(&of->local[i]) >> tool & 1) << i;
    }
    return events;
}

void
monitor_restart(void)
{
    atomic_fetch_add(&restarts, 1);
}

int
monitor_start(void)
{
    monitor_disable = object_new_instance(&object_type);
    monitor_missing = monitor_disable ? object_new_instance(&object_type) : NO_VALUE;
    if (!monitor_missing) {
        return -1;
    }
    obj_make_immortal(obj(monitor_disable));
    obj_make_immortal(obj(monitor_missing));
    return 0;
}
