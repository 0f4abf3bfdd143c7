/* The module _lsprof, behind cProfile: a profiler over the events of sys.monitoring.
 *
 * One profiler at a time is enabled, for all threads; each thread counts for itself (calls.h), and getstats() adds up. A thread's table
 * is found through its own note of the profiler's serial, which changes when the tables go.
 *
 * Before a table is touched, whatever may run Python code (the timer, the name of a function) has been run: the tables may have gone
 * meanwhile, with the world stopped. */
#include <stdlib.h>

#include "base/os.h"
#include "heap/world.h"
#include "module/_lsprof/calls.h"
#include "object/bool.h"
#include "object/dict.h"
#include "object/descriptor.h"
#include "object/float.h"
#include "object/function.h"
#include "object/int.h"
#include "object/list.h"
#include "object/module.h"
#include "object/str.h"
#include "object/structseq.h"
#include "object/tuple.h"
#include "object/type.h"
#include "vm/monitor.h"

enum { TOOL = 2 }; /* sys.monitoring.PROFILER_ID */

typedef struct Profiler {
    Object head;
    Own timer;             /* guard: changed by __init__ while not enabled; NO_VALUE = the clock */
    double unit;           /* seconds of a tick of the timer; 0: it gives seconds. the same */
    _Atomic bool enabled, subcalls, builtins;
    _Atomic uint64_t serial; /* of the tables */
    CallData *threads;     /* guard: lists_lock to add, the world stopped to take out */
} Profiler;

#include "_lsprof.spec.h"

static Mutex lists_lock;
static _Atomic uint64_t serials;      /* of tables, and of threads */
static Type *entry_type, *subentry_type; /* set when the module is made, immutable after */
static __thread struct {
    uint64_t thread; /* this thread's number; 0 until used */
    uint64_t serial; /* whose table `data` is */
    CallData *data;
    const Profiler *timing; /* whose timer is being called, or null */
} mine;

/* -- time -- */

static int64_t
ticks(Profiler *p)
{
    Own timer = ref_load(&p->head, &p->timer);
    if (!timer) {
        return os_clock_monotonic();
    }
    const Profiler *outer = mine.timing;
    mine.timing = p;
    Own pending = exc_take(), v = call0(timer);
    mine.timing = outer;
    int64_t t = 0;
    if (v && p->unit > 0.0) {
        t = object_as_int64(v);
    } else if (v) {
        t = (int64_t)(object_as_double(v) * 1e9);
    }
    if (exc_pending()) {
        exc_write_unraisable(NULL, timer);
        t = 0;
    }
    drop_opt(v);
    drop(timer);
    exc_restore(pending);
    return t;
}

static double
seconds(const Profiler *p, int64_t t)
{
    return (double)t * (p->timer && p->unit > 0.0 ? p->unit : 1e-9);
}

/* -- this thread's table -- */

/* null without memory (nothing pending) */
static CallData *
my_data(Profiler *p)
{
    uint64_t serial = atomic_load(&p->serial);
    if (mine.serial == serial && mine.data) {
        return mine.data;
    }
    if (!mine.thread) {
        mine.thread = atomic_fetch_add(&serials, 1) + 1;
    }
    mutex_lock(&lists_lock);
    CallData *d = p->threads;
    while (d && d->thread != mine.thread) {
        d = d->next;
    }
    if (!d && (d = calloc(1, sizeof *d))) {
        d->thread = mine.thread;
        d->next = p->threads;
        p->threads = d;
    }
    mutex_unlock(&lists_lock);
    mine.serial = serial;
    mine.data = d;
    return d;
}

/* Takes all tables out: to be freed by the caller. */
static CallData *
tables_take(Profiler *p)
{
    world_stop();
    CallData *all = p->threads;
    p->threads = NULL;
    atomic_store(&p->serial, atomic_fetch_add(&serials, 1) + 1);
    world_start();
    return all;
}

static void
tables_free(CallData *d)
{
    for (CallData *next; d; d = next) {
        next = d->next;
        calls_free(d);
    }
}

/* -- events -- */

/* Text for a built-in function, as the profile shows it. own: ret new */
static Own
builtin_text(Value f)
{
    const Builtin *b = (const Builtin *)obj(f);
    Own name = str_from_cstr(b->def->name), found = NO_VALUE;
    if (name && b->self && !is_instance_of(b->self, &module_type)) {
        found = type_find(type_of(b->self), name);
    }
    Own text = found ? object_repr(found) : NO_VALUE;
    exc_clear();
    if (!text) {
        text = b->module && is_str(b->module) ? str_fmt("<built-in method %U.%s>", (Value)b->module, b->def->name)
                                              : str_fmt("<built-in method %s>", b->def->name);
    }
    drop_opt(name);
    drop_opt(found);
    return text;
}

/* key: what the entry is found by; f: a code object, or the built-in function */
static void
begin(Profiler *p, const void *key, Value f)
{
    CallData *d = my_data(p);
    Entry *e = d ? calls_find(d, key) : NULL;
    Own shown = e || !d ? NO_VALUE : IS_EXACT(f, CODE) ? own(f) : builtin_text(f);
    int64_t now = ticks(p);
    d = my_data(p); /* the timer may have done anything */
    e = d ? calls_find(d, key) : NULL;
    if (e || !d || !shown) {
        drop_opt(shown);
        exc_clear();
    } else {
        e = calls_add(d, key, shown);
    }
    if (e) {
        calls_begin(d, e, now, atomic_load(&p->subcalls));
    }
}

static void
end(Profiler *p, const void *key)
{
    int64_t now = ticks(p);
    CallData *d = my_data(p);
    if (d && d->current && d->current->entry->key == key) {
        calls_end(d, now);
    }
}

/* The built-in function that a call is of, or NO_VALUE. own: ret new */
static Own
builtin_called(Value callable, Value first)
{
    if (!is_object(callable)) {
        return NO_VALUE;
    }
    if (IS_EXACT(callable, BUILTIN)) {
        return own(callable);
    }
    if (IS_EXACT(callable, METHOD_DESCRIPTOR) && first != monitor_missing) {
        Own bound = type_of(callable)->slots.descr_get(callable, first, VALUE(type_of(first)));
        exc_clear();
        if (bound && !IS_EXACT(bound, BUILTIN)) {
            ref_clear(&bound);
        }
        return bound;
    }
    return NO_VALUE;
}

Own
profiler_py__pystart_callback(Profiler *self, Value code, Value offset UNUSED)
{
    if (atomic_load(&self->enabled) && is_object(code) && IS_EXACT(code, CODE)) {
        begin(self, obj(code), code);
    }
    return NONE;
}

Own
profiler_py__pythrow_callback(Profiler *self, Value code, Value offset, Value exception UNUSED)
{
    return profiler_py__pystart_callback(self, code, offset);
}

Own
profiler_py__pyreturn_callback(Profiler *self, Value code, Value offset UNUSED, Value retval UNUSED)
{
    if (atomic_load(&self->enabled) && is_object(code)) {
        end(self, obj(code));
    }
    return NONE;
}

static void
builtin_event(Profiler *self, Value callable, Value first, bool starts)
{
    if (!atomic_load(&self->enabled) || !atomic_load(&self->builtins)) {
        return;
    }
    Own f = builtin_called(callable, first);
    if (f && starts) {
        begin(self, ((const Builtin *)obj(f))->def, f);
    } else if (f) {
        end(self, ((const Builtin *)obj(f))->def);
    }
    drop_opt(f);
}

Own
profiler_py__ccall_callback(Profiler *self, Value code UNUSED, Value offset UNUSED, Value callable, Value self_arg)
{
    builtin_event(self, callable, self_arg, true);
    return NONE;
}

Own
profiler_py__creturn_callback(Profiler *self, Value code UNUSED, Value offset UNUSED, Value callable, Value self_arg)
{
    builtin_event(self, callable, self_arg, false);
    return NONE;
}

/* -- on and off -- */

static const struct {
    int event;
    const char *method;
} callbacks[] = {
    {EVENT_PY_START, "_pystart_callback"},   {EVENT_PY_RESUME, "_pystart_callback"}, {EVENT_PY_THROW, "_pythrow_callback"},
    {EVENT_PY_RETURN, "_pyreturn_callback"}, {EVENT_PY_YIELD, "_pyreturn_callback"}, {EVENT_PY_UNWIND, "_pyreturn_callback"},
    {EVENT_CALL, "_ccall_callback"},         {EVENT_C_RETURN, "_creturn_callback"},  {EVENT_C_RAISE, "_creturn_callback"},
};

int
profiler_py_enable(Profiler *self, bool subcalls, bool builtins)
{
    Own name = str_from_cstr("cProfile");
    int status = name ? monitor_use_tool(TOOL, name) : -1;
    drop_opt(name);
    if (status < 0) {
        return -1;
    }
    uint32_t events = 0;
    for (size_t i = 0; i < ARRAY_LEN(callbacks); i++) {
        Own method = object_getattr_cstr(VALUE(self), callbacks[i].method);
        if (!method) {
            monitor_free_tool(TOOL);
            return -1;
        }
        Own before = monitor_register(TOOL, callbacks[i].event, method);
        drop_opt(before);
        int event = callbacks[i].event;
        events |= event == EVENT_C_RETURN || event == EVENT_C_RAISE ? 0 : 1u << event;
    }
    atomic_store(&self->subcalls, subcalls);
    atomic_store(&self->builtins, builtins);
    atomic_store(&self->enabled, true);
    return monitor_set_events(TOOL, events);
}

int
profiler_py_disable(Profiler *self)
{
    if (mine.timing == self) {
        return raise_int(&exc_RuntimeError, "cannot disable profiler in external timer");
    }
    if (!atomic_exchange(&self->enabled, false)) {
        return 0;
    }
    monitor_free_tool(TOOL);
    int64_t now = ticks(self);
    world_stop();
    bool no_memory = false;
    for (CallData *d = self->threads; d; d = d->next) {
        while (d->current) {
            calls_end(d, now);
        }
        no_memory |= d->no_memory;
        d->no_memory = false;
    }
    world_start();
    return no_memory ? raise_int(&exc_MemoryError, "memory was exhausted while profiling") : 0;
}

int
profiler_py_clear(Profiler *self)
{
    if (mine.timing == self) {
        return raise_int(&exc_RuntimeError, "cannot clear profiler in external timer");
    }
    tables_free(tables_take(self));
    return 0;
}

int
profiler_init(Profiler *self, Value timer, double timeunit, bool subcalls, bool builtins)
{
    tables_free(tables_take(self));
    Own given = timer == NONE ? NO_VALUE : own(timer);
    CriticalSection section;
    critical_enter(&section, &self->head);
    Own before = ref_swap(&self->head, &self->timer, given);
    critical_leave(&section);
    drop_opt(before);
    self->unit = timeunit;
    atomic_store(&self->subcalls, subcalls);
    atomic_store(&self->builtins, builtins);
    return 0;
}

/* -- what was counted -- */

static Own
stats_item(const Profiler *p, Type *type, Value shown, const Counts *c, Own calls)
{
    Own values[] = {own(shown), int_from_i64(c->calls), int_from_i64(c->recursive), float_new(seconds(p, c->total)),
                    float_new(seconds(p, c->own)), calls};
    return structseq_new(type, values);
}

/* What an entry called: a list, or None. */
static Own
stats_calls(const Profiler *p, const Entry *e)
{
    if (!e->calls) {
        return NONE;
    }
    Own list = list_new(0);
    for (const SubEntry *s = e->calls; list && s; s = s->next) {
        Own item = s->counts.calls ? stats_item(p, subentry_type, s->entry->shown, &s->counts, NO_VALUE) : NO_VALUE;
        if (s->counts.calls && (!item || list_append(list, item) < 0)) {
            ref_clear(&list);
        }
        drop_opt(item);
    }
    return list;
}

Own
profiler_py_getstats(Profiler *self)
{
    CallData *sum = calloc(1, sizeof *sum);
    world_stop();
    bool merged = sum != NULL;
    for (const CallData *d = self->threads; d && merged; d = d->next) {
        merged = calls_merge(sum, d);
    }
    world_start();
    Own list = merged ? list_new(0) : raise_no_memory();
    for (size_t i = 0; list && i < CALL_BUCKETS; i++) {
        for (const Entry *e = sum->buckets[i]; list && e; e = e->next) {
            if (e->counts.calls == 0) {
                continue;
            }
            Own calls = stats_calls(self, e);
            Own item = calls ? stats_item(self, entry_type, e->shown, &e->counts, calls) : NO_VALUE;
            if (!item || list_append(list, item) < 0) {
                ref_clear(&list);
            }
            drop_opt(item);
        }
    }
    if (sum) {
        calls_free(sum);
    }
    return list;
}

/* -- the type and the module -- */

static Own
profiler_create(Type *cls, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    Own v = type_alloc(cls, 0);
    if (v) {
        atomic_store(&((Profiler *)obj(v))->serial, atomic_fetch_add(&serials, 1) + 1);
    }
    return v;
}

static int
profiler_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((Profiler *)o)->timer);
    return 0;
}

static void
profiler_clear(Object *o)
{
    ref_clear(&((Profiler *)o)->timer);
}

static void
profiler_dealloc(Object *o)
{
    CallData *tables = ((Profiler *)o)->threads; /* not enabled: the callbacks would hold it */
    ((Profiler *)o)->threads = NULL;
    tables_free(tables);
    profiler_clear(o);
    object_free(o);
}

static Type profiler_type = {
    .name = "_lsprof.Profiler",
    .flags = TYPE_GC | TYPE_BASE,
    .basic_size = sizeof(Profiler),
    .slots = {
        .traverse = profiler_traverse,
        .clear = profiler_clear,
        .dealloc = profiler_dealloc,
        .create = profiler_create,
        .init = profiler_init_slot,
    },
    .methods = profiler_methods,
    .spec_doc = profiler_doc,
};

static const StructSeqField fields[] = {
    {"code", "a code object, or text for a built-in function"},
    {"callcount", "how often it was called"},
    {"reccallcount", "how often it was called while it was being called"},
    {"totaltime", "seconds in it and in what it called"},
    {"inlinetime", "seconds in it alone"},
    {"calls", "what it called: a list of profiler_subentry objects, or None"},
};
static const StructSeqDef entry_def = {"_lsprof.profiler_entry", NULL, fields, 6, 6, false};
static const StructSeqDef subentry_def = {"_lsprof.profiler_subentry", NULL, fields, 5, 5, false};

static int
lsprof_exec(Value m)
{
    entry_type = entry_type ? entry_type : structseq_type(&entry_def);
    subentry_type = subentry_type ? subentry_type : structseq_type(&subentry_def);
    return !entry_type || !subentry_type || module_add_type(m, &profiler_type) < 0 ||
                   module_add(m, "profiler_entry", own(VALUE(entry_type))) < 0 ||
                   module_add(m, "profiler_subentry", own(VALUE(subentry_type))) < 0
               ? -1
               : 0;
}

const ModuleDef module__lsprof = {
    .name = "_lsprof",
    .doc = "Counts and times calls, for cProfile.",
    .exec = lsprof_exec,
};
