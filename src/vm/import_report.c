/* What users see of imports that go wrong or take long. Threads: the clock's sums are each thread's own. */
#include "vm/import_report.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/os.h"
#include "object/bytes.h"
#include "object/code.h"
#include "object/codec.h"
#include "object/exception.h"
#include "object/hooks.h"
#include "object/module_facts.h"
#include "object/str.h"
#include "object/traceback.h"
#include "vm/import.h"

int import_time_level;
bool import_verbose;

/* -- messages -- */

/* An attribute, where it is there and its class is right. *v: new or NO_VALUE. fail: -1 */
static int
text_attribute(Value m, Value name, Own *v)
{
    if (object_lookup_attr(m, name, v) < 0) {
        return -1;
    }
    if (*v && !is_str(*v)) {
        drop(*v);
        *v = NO_VALUE;
    }
    return 0;
}

/* own: ret new text */
static Own
explain(const ModuleFacts *f, Value shown, Value location, Value name)
{
    if (f->stdlib) {
        return str_fmt("cannot import name %R from %R (consider renaming %R since it has the same name as the standard library module "
                       "named %R and prevents importing that standard library module)",
                       name, shown, (Value)f->origin, shown);
    }
    if (f->initializing && f->shadowing) {
        return str_fmt("cannot import name %R from %R (consider renaming %R if it has the same name as a library you intended to import)",
                       name, shown, (Value)f->origin);
    }
    const char *state = f->initializing ? "partially initialized module " : "";
    const char *reason = f->initializing ? " (most likely due to a circular import)" : "";
    if (location) {
        return str_fmt("cannot import name %R from %s%R%s (%U)", name, state, shown, reason, location);
    }
    return str_fmt("cannot import name %R from %s%R%s (unknown location)", name, state, shown, reason);
}

static void
raise_with_facts(Value text, Value module_name, Value location, Value name)
{
    raise_fmt(&exc_ImportError, "%U", text);
    Own exc = exc_take();
    if (object_setattr_cstr(exc, "name", module_name ? module_name : (Value)NONE) < 0 || object_setattr_cstr(exc, "name_from", name) < 0 ||
        (location && object_setattr_cstr(exc, "path", location) < 0)) {
        exc_clear();
    }
    exc_restore(exc);
}

Own
raise_cannot_import(Value m, Value name)
{
    ModuleFacts facts = {0};
    Own location = NO_VALUE, text = NO_VALUE;
    Own shown = NO_VALUE;
    if (text_attribute(m, NAME(__name__), &facts.name) < 0 || object_lookup_attr(m, NAME(__spec__), &facts.spec) < 0) {
        goto done;
    }
    module_find_facts(&facts, name);
    location = own_opt(facts.origin);
    if (!location && text_attribute(m, NAME(__file__), &location) < 0) {
        goto done;
    }
    shown = facts.name ? own(facts.name) : str_from_cstr("<unknown module name>");
    text = shown ? explain(&facts, shown, location, name) : NO_VALUE;
    if (text) {
        raise_with_facts(text, facts.name, location, name);
    }
done:
    drop_opt(facts.name);
    drop_opt(facts.spec);
    drop_opt(facts.origin);
    drop_opt(location);
    drop_opt(shown);
    drop_opt(text);
    return NO_VALUE;
}

/* -- tracebacks -- */

/* Is this frame importlib's? *runs_module: it is the one that importlib calls other code through. */
static bool
is_import_frame(Value frame, bool *runs_module)
{
    Own code = object_hooks.frame_code(frame);
    Value filename = as_code(code)->filename;
    bool ours = str_equals_cstr(filename, "<frozen importlib._bootstrap>") || str_equals_cstr(filename, "<frozen importlib._bootstrap_external>");
    *runs_module = ours && str_equals_cstr(as_code(code)->name, "_call_with_frames_removed");
    drop(code);
    return ours;
}

/* Makes `next` (may be NO_VALUE) follow `entry`, or lead the traceback of exc when there is no entry. */
static void
link_traceback(Value exc, Value entry, Value next)
{
    if (entry) {
        traceback_set_next(as_traceback(entry), own_opt(next));
    } else {
        exc_set_traceback(exc, own_opt(next));
    }
}

static void
trim(Value exc)
{
    bool always = is_instance_of(exc, &exc_ImportError), inside = false;
    Own entry = exc_get_traceback(exc), last = NO_VALUE, before = NO_VALUE; /* before: what the run of importlib's frames follows */
    while (entry) {
        bool runs_module, was_inside = inside;
        inside = is_import_frame(as_traceback(entry)->frame, &runs_module);
        if (inside && !was_inside) {
            drop_opt(before);
            before = own_opt(last);
        }
        Own next = ref_load(obj(entry), &as_traceback(entry)->next);
        if (inside && (always || runs_module)) {
            link_traceback(exc, before, next);
            drop_opt(last);
            last = own_opt(before);
        } else {
            drop_opt(last);
            last = own(entry);
        }
        drop(entry);
        entry = next;
    }
    drop_opt(last);
    drop_opt(before);
}

void
trim_import_frames(void)
{
    if (import_verbose) {
        return;
    }
    Own exc = exc_take();
    if (exc) {
        trim(exc);
        exc_restore(exc);
    }
}

/* -- -X importtime -- */

static __thread int64_t inner_time; /* of the imports that ended inside the running one */
static __thread int level;
static _Atomic bool headed;

static void
print_head(void)
{
    if (!atomic_exchange(&headed, true)) {
        fputs("import time: self [us] | cumulative | imported package\n", stderr);
    }
}

static void
print_name(Value name)
{
    Own text = encode_utf8(name, "backslashreplace");
    if (!text) {
        exc_clear();
    }
    fprintf(stderr, "%*s%s\n", 2 * level, "", text ? (const char *)as_bytes(text)->data : "?");
    drop_opt(text);
}

ImportClock
import_clock_start(void)
{
    ImportClock clock = {0, 0};
    if (LIKELY(!import_time_level)) {
        return clock;
    }
    print_head();
    clock.before = inner_time;
    inner_time = 0;
    level++;
    clock.began = os_clock_monotonic();
    return clock;
}

static long long
microseconds(int64_t ns)
{
    return (ns + 999) / 1000;
}

void
import_clock_end(const ImportClock *clock, Value name)
{
    if (LIKELY(!import_time_level)) {
        return;
    }
    int64_t took = os_clock_monotonic() - clock->began;
    level--;
    flockfile(stderr);
    fprintf(stderr, "import time: %9lld | %10lld | ", microseconds(took - inner_time), microseconds(took));
    print_name(name);
    funlockfile(stderr);
    inner_time = clock->before + took;
}

void
import_clock_cached(Value name)
{
    if (UNLIKELY(import_time_level > 1)) {
        print_head();
        flockfile(stderr);
        fputs("import time: cached    | cached     | ", stderr);
        print_name(name);
        funlockfile(stderr);
    }
}
