/* The module gc, over heap/gc.h.
 *
 * Threads: the collector guards itself. `callbacks` and `garbage` are lists made with the module, which live as long as the program; a program
 * may bind the names to something else, the collector keeps to these. */
#include "heap/gc.h"

#include <stdlib.h>

#include "heap/alloc.h"
#include "heap/hooks.h"
#include "module/gc/hooks.h"
#include "module/sys/sys.h"
#include "object/audit.h"
#include "object/bool.h"
#include "object/dict.h"
#include "object/list.h"
#include "object/module.h"
#include "object/str.h"
#include "object/tuple.h"

#include "gc.spec.h"

static Own callbacks, garbage; /* lists; set once, atomically: acquire to read */

/* -- running it -- */

int
gc_module_enable(Value module UNUSED)
{
    gc_enable(true);
    return 0;
}

int
gc_module_disable(Value module UNUSED)
{
    gc_enable(false);
    return 0;
}

int
gc_module_isenabled(Value module UNUSED)
{
    return gc_is_enabled();
}

int64_t
gc_module_collect(Value module UNUSED, int generation)
{
    if (generation < 0 || generation > 2) {
        return raise_int(&exc_ValueError, "invalid generation");
    }
    int64_t found = gc_collect(generation);
    if (generation == 2) {
        mem_give_back();
    }
    return found;
}

static Own
three(int64_t (*of)(int generation))
{
    Own a = int_from_i64(of(0)), b = int_from_i64(of(1)), c = int_from_i64(of(2));
    Own result = a && b && c ? tuple_pack(3, (Value)a, (Value)b, (Value)c) : NO_VALUE;
    drop_opt(a);
    drop_opt(b);
    drop_opt(c);
    return result;
}

Own
gc_module_get_count(Value module UNUSED)
{
    return three(gc_count);
}

Own
gc_module_get_threshold(Value module UNUSED)
{
    return three(gc_get_threshold);
}

Own
gc_module_set_threshold(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    if (kwnames && as_tuple(kwnames)->length) {
        return raise_msg(&exc_TypeError, "set_threshold() takes no keyword arguments");
    }
    if (nargs < 1 || nargs > 3) {
        return raise_msg(&exc_TypeError, "gc.set_threshold requires 1 to 3 arguments");
    }
    int values[3];
    for (size_t i = 0; i < nargs; i++) {
        int64_t n = object_as_int64(args[i]);
        if (n == -1 && exc_pending()) {
            return NO_VALUE;
        }
        if (n != (int)n) {
            return raise_msg(&exc_OverflowError,
                             n > 0 ? "signed integer is greater than maximum" : "signed integer is less than minimum");
        }
        values[i] = (int)n;
    }
    for (size_t i = 0; i < nargs; i++) {
        gc_set_threshold((int)i, values[i]);
    }
    return NONE;
}

/* {'collections': ..., 'collected': ..., 'uncollectable': ...} */
static Own
stats_dict(const GcStats *stats)
{
    Own d = dict_new();
    if (d && (dict_set_own(d, own(NAME(collections)), int_from_i64(stats->collections)) < 0 ||
              dict_set_own(d, own(NAME(collected)), int_from_i64(stats->collected)) < 0 ||
              dict_set_own(d, own(NAME(uncollectable)), int_from_i64(stats->uncollectable)) < 0)) {
        ref_clear(&d);
    }
    return d;
}

Own
gc_module_get_stats(Value module UNUSED)
{
    Own list = list_new(3);
    for (int i = 0; list && i < 3; i++) {
        GcStats stats = gc_stats(i);
        Own d = stats_dict(&stats);
        if (!d || list_append_own(list, d) < 0) {
            ref_clear(&list);
        }
    }
    return list;
}

int
gc_module_set_debug(Value module UNUSED, int flags)
{
    gc_set_debug(flags);
    return 0;
}

int64_t
gc_module_get_debug(Value module UNUSED)
{
    return gc_get_debug();
}

/* -- looking -- */

/* A tuple still being filled; nobody is to see those. */
static bool
is_half_made(Value v)
{
    if (!is_tuple(v)) {
        return false;
    }
    for (int64_t i = 0; i < as_tuple(v)->length; i++) {
        if (!as_tuple(v)->items[i]) {
            return true;
        }
    }
    return false;
}

/* A list of what was found; eats items. */
static Own
list_of(Own *items, size_t count)
{
    if (!items) {
        return NO_VALUE;
    }
    Own list = list_new((int64_t)count);
    for (size_t i = 0; i < count; i++) {
        if (!list || is_half_made(items[i])) {
            drop(items[i]);
        } else if (list_append_own(list, items[i]) < 0) {
            ref_clear(&list);
        }
    }
    free(items);
    return list;
}

Own
gc_module_get_objects(Value module UNUSED, Value generation)
{
    int64_t which = -1;
    if (generation != NONE) {
        if (!object_has_index(generation)) {
            return raise_fmt(&exc_TypeError, "argument should be integer or None, not '%T'", generation);
        }
        which = object_as_ssize(generation);
        if (which == -1 && exc_pending()) {
            return NO_VALUE;
        }
        if (which >= 3) {
            return raise_msg(&exc_ValueError, "generation parameter must be less than the number of available generations (3)");
        }
        if (which < -1) {
            return raise_msg(&exc_ValueError, "generation parameter cannot be negative");
        }
    }
    if (audit_wanted() && audit_event("gc.get_objects", "I", which) < 0) {
        return NO_VALUE;
    }
    size_t count = 0;
    Own *items = gc_objects((int)which, &count);
    return list_of(items, count);
}

static int
audit_objects(const char *event, Value const *args, size_t nargs)
{
    if (!audit_wanted()) {
        return 0;
    }
    Own objects = tuple_from_array(args, (int64_t)nargs);
    int status = objects ? audit_event(event, "O", (Value)objects) : -1;
    drop_opt(objects);
    return status;
}

Own
gc_module_get_referrers(Value module UNUSED, Value const *args, size_t nargs)
{
    if (audit_objects("gc.get_referrers", args, nargs) < 0) {
        return NO_VALUE;
    }
    size_t count = 0;
    Own *items = gc_referrers(args, nargs, &count);
    return list_of(items, count);
}

Own
gc_module_get_referents(Value module UNUSED, Value const *args, size_t nargs)
{
    if (audit_objects("gc.get_referents", args, nargs) < 0) {
        return NO_VALUE;
    }
    size_t count = 0;
    Own *items = gc_referents(args, nargs, &count);
    return list_of(items, count);
}

int
gc_module_is_tracked(Value module UNUSED, Value object)
{
    /* instances that lead to nothing but their class say no, as if it were counted */
    return is_object(object) && gc_is_tracked(obj(object)) && (type_flags(type_of(object)) & (TYPE_HEAP | TYPE_GC)) != TYPE_HEAP;
}

int
gc_module_is_finalized(Value module UNUSED, Value object)
{
    return is_object(object) && (obj_flags(obj(object)) & OBJ_FINALIZED) != 0;
}

int
gc_module_freeze(Value module UNUSED)
{
    gc_freeze();
    return 0;
}

int
gc_module_unfreeze(Value module UNUSED)
{
    gc_unfreeze();
    return 0;
}

int64_t
gc_module_get_freeze_count(Value module UNUSED)
{
    return gc_freeze_count();
}

/* -- what the collector tells -- */

/* What a callback gets: {'generation': ..., 'collected': ..., 'uncollectable': ...} */
static Own
callback_info(int generation, int64_t collected, int64_t uncollectable)
{
    Own d = dict_new();
    if (d && (dict_set_own(d, own(NAME(generation)), small_int(generation)) < 0 ||
              dict_set_own(d, own(NAME(collected)), int_from_i64(collected)) < 0 ||
              dict_set_own(d, own(NAME(uncollectable)), int_from_i64(uncollectable)) < 0)) {
        ref_clear(&d);
    }
    return d;
}

static void
run_callbacks(bool start, int generation, int64_t collected, int64_t uncollectable)
{
    Value list = __atomic_load_n(&callbacks, __ATOMIC_ACQUIRE);
    if (!list || list_len(list) == 0) {
        return;
    }
    Own info = callback_info(generation, collected, uncollectable);
    if (!info) {
        exc_write_unraisable(NULL, NO_VALUE);
        return;
    }
    Own callback;
    for (int64_t i = 0; (callback = list_get(list, i)); i++) {
        Own done = call2(callback, start ? NAME(start) : NAME(stop), info);
        if (!done) {
            exc_write_unraisable_fmt("Exception ignored while calling GC callback %R", (Value)callback);
        }
        drop_opt(done);
        drop(callback);
    }
    drop(info);
}

static void
keep(Object *o)
{
    Value list = __atomic_load_n(&garbage, __ATOMIC_ACQUIRE);
    if (list && list_append(list, VALUE(o)) < 0) {
        exc_clear();
    }
}

static void
say(const char *text)
{
    sys_write_stderr("%s", text);
}

void
gc_module_init_hooks(void)
{
    gc_uncollectable = keep;
    gc_log = say;
    heap_hooks.gc_callback = run_callbacks;
}

static int
gc_module_exec(Value module)
{
    static const struct {
        const char *name;
        int value;
    } flags[] = {{"DEBUG_STATS", GC_DEBUG_STATS},
                 {"DEBUG_COLLECTABLE", GC_DEBUG_COLLECTABLE},
                 {"DEBUG_UNCOLLECTABLE", GC_DEBUG_UNCOLLECTABLE},
                 {"DEBUG_SAVEALL", GC_DEBUG_SAVEALL},
                 {"DEBUG_LEAK", GC_DEBUG_COLLECTABLE | GC_DEBUG_UNCOLLECTABLE | GC_DEBUG_SAVEALL}};
    for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
        if (module_add_int(module, flags[i].name, flags[i].value) < 0) {
            return -1;
        }
    }
    if (!callbacks) {
        Own called = list_new(0), kept = called ? list_new(0) : NO_VALUE;
        if (!kept) {
            drop_opt(called);
            return -1;
        }
        publish(called);
        publish(kept);
        __atomic_store_n(&garbage, kept, __ATOMIC_RELEASE);
        __atomic_store_n(&callbacks, called, __ATOMIC_RELEASE);
    }
    return module_add(module, "callbacks", own(callbacks)) < 0 ? -1 : module_add(module, "garbage", own(garbage));
}

const ModuleDef module_gc = {
    .name = "gc",
    .doc = gc_module_module_doc,
    .functions = gc_module_functions,
    .exec = gc_module_exec,
};
