/* The module atexit: a list of (function, arguments, keyword arguments).
 *
 * Threads: the list guards itself. It is made when the module is, and lives as long as the program.
 */
#include "module/atexit.h"

#include "heap/critical.h"
#include "object/dict.h"
#include "object/list.h"
#include "object/module.h"
#include "object/tuple.h"

#include "atexit.spec.h"

static Own callbacks; /* set once, before the module can be used */

enum { ENTRY_FUNCTION, ENTRY_ARGS, ENTRY_KWARGS /* a dict, or None */ };

static Own
keywords_dict(Value const *values, Value kwnames)
{
    int64_t n = kwnames ? as_tuple(kwnames)->length : 0;
    if (n == 0) {
        return own(NONE);
    }
    Own dict = dict_new();
    for (int64_t i = 0; dict && i < n; i++) {
        if (dict_set(dict, tuple_item(kwnames, i), values[i]) < 0) {
            drop(dict);
            return NO_VALUE;
        }
    }
    return dict;
}

Own
atexit_register(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    if (nargs == 0) {
        return raise_msg(&exc_TypeError, "register() takes at least 1 argument (0 given)");
    }
    if (!object_is_callable(args[0])) {
        return raise_msg(&exc_TypeError, "the first argument must be callable");
    }
    Own positional = tuple_from_array(args + 1, (int64_t)nargs - 1);
    Own keywords = positional ? keywords_dict(args + nargs, kwnames) : NO_VALUE;
    Own entry = keywords ? tuple_pack(3, args[0], (Value)positional, (Value)keywords) : NO_VALUE;
    drop_opt(positional);
    drop_opt(keywords);
    return entry && list_append_own(callbacks, entry) == 0 ? own(args[0]) : NO_VALUE;
}

static void
call_entry(Value entry)
{
    Value keywords = tuple_item(entry, ENTRY_KWARGS);
    Own result = call_tuple(tuple_item(entry, ENTRY_FUNCTION), tuple_item(entry, ENTRY_ARGS),
                            keywords == NONE ? NO_VALUE : keywords);
    if (!result) {
        exc_write_unraisable_fmt("Exception ignored in atexit callback %R",
                                 tuple_item(entry, ENTRY_FUNCTION));
    }
    drop_opt(result);
}

/* What is registered meanwhile is forgotten with the rest. */
void
atexit_run(void)
{
    if (!callbacks) {
        return;
    }
    Own snapshot = list_to_tuple(callbacks);
    exc_clear();
    for (int64_t i = snapshot ? as_tuple(snapshot)->length : list_len(callbacks); i-- > 0;) {
        Own entry = snapshot ? own(tuple_item(snapshot, i)) : list_get(callbacks, i); /* without memory for it: from the list as it is then */
        if (entry) {
            call_entry(entry);
            drop(entry);
        }
    }
    drop_opt(snapshot);
    list_clear(callbacks);
}

int
atexit__run_exitfuncs(Value module UNUSED)
{
    atexit_run();
    return 0;
}

int
atexit__clear(Value module UNUSED)
{
    list_clear(callbacks);
    return 0;
}

int64_t
atexit__ncallbacks(Value module UNUSED)
{
    return list_len(callbacks);
}

/* The list may have changed since entry was read from it: it is found and taken out in one step. fail: -1 */
static int
remove_entry(Value entry)
{
    Own removed = NO_VALUE;
    bool found = false;
    CriticalSection section;
    critical_enter(&section, obj(callbacks));
    for (int64_t i = list_len(callbacks); i-- > 0 && !found;) {
        Own there = list_get(callbacks, i);
        found = there == entry;
        drop_opt(there); /* the list has it still */
        if (found) {
            removed = list_pop_at(callbacks, i);
        }
    }
    critical_leave(&section);
    drop_opt(removed);
    return found && !removed ? -1 : 0;
}

int
atexit_unregister(Value module UNUSED, Value func)
{
    Own snapshot = list_to_tuple(callbacks);
    int status = snapshot ? 0 : -1;
    for (int64_t i = 0; status == 0 && i < as_tuple(snapshot)->length; i++) {
        Value entry = tuple_item(snapshot, i);
        int equal = object_equal(tuple_item(entry, ENTRY_FUNCTION), func);
        status = equal > 0 ? remove_entry(entry) : equal;
    }
    drop_opt(snapshot);
    return status;
}

static int
atexit_exec(Value module UNUSED)
{
    if (!callbacks) {
        callbacks = list_new(0);
        if (callbacks) {
            publish(callbacks); /* a thread may import the module first */
        }
    }
    return callbacks ? 0 : -1;
}

const ModuleDef module_atexit = {
    .name = "atexit",
    .doc = atexit_module_doc,
    .functions = atexit_functions,
    .exec = atexit_exec,
};
