/* Issuing warnings: from a place in the program, through the filters, to being shown, ignored or
 * raised.
 *
 * The filters are a list of (action, message, category, module, line): that of the current context
 * (warnings.catch_warnings with context-aware warnings), else warnings.filters, else the list of
 * this module. A registry remembers what was shown at a place: it is a dict in the module that is
 * warned, which starts afresh when the filters change (its item 'version').
 *
 * Threads: one lock, which a thread may take more than once, guards `state` and the decision about
 * a warning, so that one of two threads at the same place shows it. Python code (matching, __eq__)
 * may run under it. Showing is done without. */
#include "compile/compile.h"
#include "module/warnings/warnings.h"

#include "heap/world.h"
#include "module/contextvars/contextvars.h"
#include "module/warnings/warnings_priv.h"
#include "module/work_lock.h"
#include "object/dict.h"
#include "object/hooks.h"
#include "object/int.h"
#include "object/list.h"
#include "object/module.h"
#include "object/str.h"
#include "object/tuple.h"

#include "_warnings.spec.h"

/* What the library's module has replaced is kept here: it may be deleted there. guard: the lock */
static struct {
    Own filters, once_registry, default_action;
    Own context; /* the ContextVar; immutable */
    int64_t version;
} state;

/* -- the lock -- */

static OwnerLock lock;

static void
lock_acquire(void)
{
    owner_lock_enter(&lock);
}

/* False when this thread does not hold it. */
static bool
lock_release(void)
{
    if (!call_lock_is_mine(&lock.lock)) {
        return false;
    }
    owner_lock_leave(&lock);
    return true;
}

int
warnings_py__acquire_lock(Value module UNUSED)
{
    lock_acquire();
    return 0;
}

int
warnings_py__release_lock(Value module UNUSED)
{
    return lock_release() ? 0 : raise_int(&exc_RuntimeError, "cannot release un-acquired lock");
}

int
warnings_py__filters_mutated_lock_held(Value module UNUSED)
{
    if (!call_lock_is_mine(&lock.lock)) {
        return raise_int(&exc_RuntimeError, "warnings lock is not held");
    }
    state.version++;
    return 0;
}

/* -- filters -- */

/* *kept becomes warnings.NAME where that is to be had. own: ret new · fail: 0 · lock: held */
static Own
current_locked(const char *name, Own *kept)
{
    Own value;
    int found = warnings_attribute(name, false, &value);
    if (found < 0) {
        return NO_VALUE;
    }
    if (found > 0) {
        publish(value);
        Own old = *kept;
        *kept = value;
        drop_opt(old);
    }
    return own(*kept);
}

static Own
filters_locked(void)
{
    Own context, filters;
    if (context_var_get(state.context, &context) > 0) {
        filters = object_getattr_cstr(context, "_filters");
        drop(context);
        if (filters && !is_list(filters)) {
            drop(filters);
            return raise_msg(&exc_ValueError,
                             "_filters of warnings._warnings_context must be a list");
        }
        return filters;
    }
    filters = current_locked("filters", &state.filters);
    if (filters && !is_list(filters)) {
        drop(filters);
        return raise_msg(&exc_ValueError, "_warnings.filters must be a list");
    }
    return filters;
}

/* The second or fourth item of a filter against a text: None fits all, a str itself, else match()
 * decides. 1, 0, -1 */
static int
item_matches(Value item, Value text)
{
    if (item == NONE) {
        return 1;
    }
    if (is_object(item) && IS_EXACT(item, STR)) {
        if (!is_str(text)) {
            return raise_int(&exc_TypeError, "Can't compare str and %T", text);
        }
        return str_equal(as_str(item), as_str(text));
    }
    Own result = call_method1(item, "match", text);
    int truth = result ? object_truth(result) : -1;
    drop_opt(result);
    return truth;
}

static int
line_matches(Value item, int lineno)
{
    int64_t line;
    if (!is_int(item)) {
        return raise_int(&exc_TypeError, "an integer is required");
    }
    return int_as_i64(item, &line) && (line == 0 || line == lineno);
}

/* 1, 0, -1 */
static int
filter_matches(Value filter, const Warning *w, Value text, Value module)
{
    int fits = item_matches(tuple_item(filter, 1), text);
    fits = fits > 0 ? object_issubclass(w->category, tuple_item(filter, 2)) : fits;
    fits = fits > 0 ? item_matches(tuple_item(filter, 3), module) : fits;
    return fits > 0 ? line_matches(tuple_item(filter, 4), w->lineno) : fits;
}

/* The action for w, a str; *filter is what decided, or NO_VALUE. own: both new · fail: 0 */
static Own
find_action_locked(const Warning *w, Value text, Value module, Own *filter)
{
    *filter = NO_VALUE;
    Own filters = filters_locked();
    if (!filters) {
        return NO_VALUE;
    }
    int fits = 0;
    Own item;
    for (int64_t i = 0; fits == 0 && (item = list_get(filters, i)); i++) {
        if (!is_tuple(item) || as_tuple(item)->length != 5) {
            fits = raise_int(&exc_ValueError, "warnings.filters item %zd isn't a 5-tuple", i);
        } else if (!is_str(tuple_item(item, 0))) {
            fits =
                raise_int(&exc_TypeError, "action must be a string, not '%T'", tuple_item(item, 0));
        } else {
            fits = filter_matches(item, w, text, module);
        }
        if (fits > 0) {
            *filter = item;
        } else {
            drop(item);
        }
    }
    drop(filters);
    if (fits != 0) {
        return fits > 0 ? own(tuple_item(*filter, 0)) : NO_VALUE;
    }
    Own action = current_locked("defaultaction", &state.default_action);
    if (action && !is_str(action)) {
        raise_fmt(&exc_TypeError, "_warnings.defaultaction must be a string, not '%T'",
                  (Value)action);
        drop(action);
        return NO_VALUE;
    }
    return action;
}

/* -- registries -- */

static bool
is_given(Value v)
{
    return v && v != NONE;
}

/* Empties a registry that is older than the filters. fail: -1 */
static int
refresh_registry_locked(Value registry)
{
    Own version;
    int64_t number;
    if (dict_lookup(registry, NAME(version), &version) < 0) {
        return -1;
    }
    bool current =
        version && is_int(version) && int_as_i64(version, &number) && number == state.version;
    drop_opt(version);
    if (current) {
        return 0;
    }
    dict_clear(registry);
    return dict_set(registry, NAME(version), small_int(state.version));
}

/* Is key in the registry? With `remember`, it is from now on. 1, 0, -1 */
static int
registry_has_locked(Value registry, Value key, bool remember)
{
    Own seen;
    if (refresh_registry_locked(registry) < 0) {
        return -1;
    }
    int found = dict_lookup(registry, key, &seen);
    if (found > 0) {
        found = object_truth(seen);
        drop(seen);
    }
    return found == 0 && remember ? dict_set(registry, key, TRUE_VALUE) : found;
}

/* Has this text of this category been shown anywhere under this registry? 1, 0 (but now it has), -1
 */
static int
shown_before_locked(Value registry, Value text, Value category)
{
    Own key = tuple_pack(2, text, category);
    int found = key ? registry_has_locked(registry, key, true) : -1;
    drop_opt(key);
    return found;
}

static int
shown_once_locked(const Warning *w, Value text)
{
    if (is_given(w->registry)) {
        return shown_before_locked(w->registry, text, w->category);
    }
    Own registry = current_locked("onceregistry", &state.once_registry);
    if (!registry) {
        return -1;
    }
    int found = is_dict(registry)
                    ? shown_before_locked(registry, text, w->category)
                    : raise_int(&exc_TypeError, "_warnings.onceregistry must be a dict, not '%T'",
                                (Value)registry);
    drop(registry);
    return found;
}

/* -- the decision -- */

enum { DECIDED_SHOW = 1, DECIDED_IGNORE = 0 }; /* or -1 */

static int
act_locked(const Warning *w, Value text, Value key, Value action, Value filter)
{
    if (str_equals_cstr(action, "error")) {
        raise_object(w->message, NO_VALUE);
        return -1;
    }
    if (str_equals_cstr(action, "ignore")) {
        return DECIDED_IGNORE;
    }
    if (str_equals_cstr(action, "always") || str_equals_cstr(action, "all")) {
        return DECIDED_SHOW;
    }
    if (is_given(w->registry) && dict_set(w->registry, key, TRUE_VALUE) < 0) {
        return -1;
    }
    int before;
    if (str_equals_cstr(action, "once")) {
        before = shown_once_locked(w, text);
    } else if (str_equals_cstr(action, "module")) {
        before = is_given(w->registry) ? shown_before_locked(w->registry, text, w->category) : 0;
    } else if (str_equals_cstr(action, "default")) {
        before = 0;
    } else {
        return raise_int(&exc_RuntimeError, "Unrecognized action (%R) in warnings.filters:\n %R",
                         action, filter ? filter : (Value)NONE);
    }
    return before < 0 ? -1 : before ? DECIDED_IGNORE : DECIDED_SHOW;
}

static int
decide_locked(const Warning *w, Value text, Value module)
{
    Own key = tuple_pack(3, text, w->category, (Value)small_int(w->lineno)), filter = NO_VALUE,
        action = NO_VALUE;
    int decision = -1;
    int before = !key                    ? -1
                 : is_given(w->registry) ? registry_has_locked(w->registry, key, false)
                                         : 0;
    if (before > 0) {
        decision = DECIDED_IGNORE;
    } else if (before == 0 && (action = find_action_locked(w, text, module, &filter))) {
        decision = act_locked(w, text, key, action, filter);
    }
    drop_opt(action);
    drop_opt(filter);
    drop_opt(key);
    return decision;
}

/* "a/b.py" -> "a/b". own: ret new */
static Own
module_of_file(Value filename)
{
    int64_t n = as_str(filename)->length;
    if (n == 0) {
        return str_from_cstr("<unknown>");
    }
    Own end = n >= 3 ? str_substring(filename, n - 3, n) : NO_VALUE;
    bool is_source = end && str_equals_cstr(end, ".py");
    drop_opt(end);
    return is_source ? str_substring(filename, 0, n - 3) : own(filename);
}

/* pre: w->message is an instance of Warning. fail: -1 */
static int
decide_and_show(const Warning *w, Value text)
{
    Own module = is_given(w->module) ? own(w->module) : module_of_file(w->filename);
    if (!module) {
        return -1;
    }
    lock_acquire();
    int decision = decide_locked(w, text, module);
    lock_release();
    drop(module);
    return decision == DECIDED_SHOW ? warning_show(w, text) : decision;
}

static int
issue(Warning w)
{
    if (is_given(w.registry) && !is_dict(w.registry)) {
        return raise_int(&exc_TypeError, "'registry' must be a dict or None");
    }
    Own text, message;
    if (is_instance_of(w.message, &exc_Warning)) {
        message = own(w.message);
        text = object_str(message);
        w.category = VALUE(type_of(message));
    } else {
        text = own(w.message);
        message = call1(w.category, text);
    }
    int status = -1;
    if (text && message) {
        w.message = message;
        status = decide_and_show(&w, text);
    }
    drop_opt(text);
    drop_opt(message);
    return status;
}

/* -- where warn() was called -- */

/* The file of a frame. own: ret new · fail: 0 */
static Own
frame_filename(Value frame)
{
    Own code = object_hooks.frame_code(frame);
    Own filename = ref_load(obj(code), &as_code(code)->filename);
    drop(code);
    return filename;
}

static bool
has_text(Value text, const char *part)
{
    Own needle = str_from_cstr(part);
    bool found = needle && str_find(text, needle, 0, as_str(text)->length, 1) >= 0;
    drop_opt(needle);
    exc_clear();
    return found;
}

/* Frames of the import system are nobody's: a warning about a module's code goes to who imports it.
 */
static bool
is_internal(Value filename)
{
    return has_text(filename, "importlib") && has_text(filename, "_bootstrap");
}

static bool
is_skipped(Value filename, Value prefixes)
{
    for (int64_t i = 0; i < as_tuple(prefixes)->length; i++) {
        Value prefix = tuple_item(prefixes, i);
        int64_t n = as_str(prefix)->length;
        if (n <= as_str(filename)->length && str_find(filename, prefix, 0, n, 1) == 0) {
            return true;
        }
    }
    return false;
}

/* own: frame eaten, ret the frame outside it or None · fail: 0 */
static Own
outer_frame(Own frame)
{
    Own outer = object_getattr_cstr(frame, "f_back");
    drop(frame);
    return outer;
}

static Own
outer_external_frame(Own frame, Value prefixes)
{
    for (;;) {
        frame = outer_frame(frame);
        if (!frame || frame == NONE) {
            return frame;
        }
        Own filename = frame_filename(frame);
        bool wanted = !is_internal(filename) && !is_skipped(filename, prefixes);
        drop(filename);
        if (wanted) {
            return frame;
        }
    }
}

/* The frame that stacklevel means, or None. own: ret new · fail: 0 */
static Own
frame_at(int stacklevel, Value prefixes)
{
    Own frame = object_hooks.caller_frame(0);
    if (!frame) {
        return exc_pending() ? NO_VALUE : own(NONE);
    }
    Own filename = frame_filename(frame);
    bool plain = stacklevel <= 0 || is_internal(filename);
    drop(filename);
    while (--stacklevel > 0 && frame && frame != NONE) {
        frame = plain ? outer_frame(frame) : outer_external_frame(frame, prefixes);
    }
    return frame;
}

/* What warn() finds out about its caller. All new references; line 0 when there is no such frame.
 */
typedef struct Place {
    Own globals, filename, module, registry;
    int lineno;
} Place;

static void
place_drop(Place *p)
{
    drop_opt(p->globals);
    drop_opt(p->filename);
    drop_opt(p->module);
    drop_opt(p->registry);
}

static int
place_of_frame(Place *p, Value frame)
{
    Own line = object_getattr_cstr(frame, "f_lineno");
    int64_t number;
    p->globals = line ? object_getattr_cstr(frame, "f_globals") : NO_VALUE;
    p->lineno = line && is_int(line) && int_as_i64(line, &number) ? (int)number : 0;
    drop_opt(line);
    p->filename = p->globals ? frame_filename(frame) : NO_VALUE;
    return p->filename ? 0 : -1;
}

/* The whole stack is too short: the warning is about sys. */
static int
place_of_sys(Place *p)
{
    Own sys = object_hooks.import_module("sys");
    p->globals = sys ? own(module_dict(sys)) : NO_VALUE;
    p->filename = p->globals ? str_from_cstr("<sys>") : NO_VALUE;
    drop_opt(sys);
    return p->filename ? 0 : -1;
}

/* fail: -1; p is then to be dropped all the same */
static int
find_place(Place *p, int stacklevel, Value prefixes)
{
    *p = (Place){0};
    Own frame = frame_at(stacklevel, prefixes);
    if (!frame) {
        return -1;
    }
    int status = frame == NONE ? place_of_sys(p) : place_of_frame(p, frame);
    drop(frame);
    if (status < 0 || dict_lookup(p->globals, NAME(__name__), &p->module) < 0) {
        return -1;
    }
    if (!p->module || (p->module != NONE && !is_str(p->module))) {
        drop_opt(p->module);
        p->module = str_from_cstr("<string>");
    }
    Own fresh = p->module ? dict_new() : NO_VALUE;
    bool was_present;
    p->registry = fresh
                      ? dict_setdefault(p->globals, NAME(__warningregistry__), fresh, &was_present)
                      : NO_VALUE;
    drop_opt(fresh);
    return p->registry ? 0 : -1;
}

static int
warn_from(Value category, Value message, int stacklevel, Value source, Value prefixes)
{
    Place p;
    int status = find_place(&p, stacklevel, prefixes);
    if (status == 0) {
        status = issue((Warning){
            .category = category,
            .message = message,
            .filename = p.filename,
            .lineno = p.lineno,
            .module = p.module,
            .registry = p.registry,
            .source = source,
        });
    }
    place_drop(&p);
    return status;
}

/* -- for Python and for C -- */

static int
check_category(Value category)
{
    int is_warning = is_type(category) ? object_issubclass(category, VALUE(&exc_Warning)) : 0;
    if (is_warning == 0) {
        return raise_int(&exc_TypeError, "category must be a Warning subclass, not '%T'", category);
    }
    return is_warning < 0 ? -1 : 0;
}

int
warnings_py_warn(Value module UNUSED, Value message, Value category, int stacklevel, Value source,
                 Value skip_file_prefixes)
{
    Value prefixes = skip_file_prefixes ? skip_file_prefixes : tuple_empty;
    for (int64_t i = 0; i < as_tuple(prefixes)->length; i++) {
        if (!is_str(tuple_item(prefixes, i))) {
            return raise_int(&exc_TypeError, "Found non-str '%T' in skip_file_prefixes.",
                             tuple_item(prefixes, i));
        }
    }
    if (is_instance_of(message, &exc_Warning)) {
        category = VALUE(type_of(message));
    } else if (category == NONE) {
        category = VALUE(&exc_UserWarning);
    }
    if (check_category(category) < 0) {
        return -1;
    }
    if (as_tuple(prefixes)->length && stacklevel < 2) {
        stacklevel = 2;
    }
    return warn_from(category, message, stacklevel, source == NONE ? NO_VALUE : source, prefixes);
}

int
warnings_py_warn_explicit(Value module UNUSED, Value message, Value category, Value filename,
                          int lineno, Value in_module, Value registry, Value module_globals,
                          Value source)
{
    if (is_given(module_globals) && !is_dict(module_globals)) {
        return raise_int(&exc_TypeError, "module_globals must be a dict, not '%T'", module_globals);
    }
    Own line = NO_VALUE;
    if (is_given(module_globals) && warning_line_from_loader(module_globals, lineno, &line) < 0) {
        return -1;
    }
    int status = issue((Warning){
        .category = category,
        .message = message,
        .filename = filename,
        .lineno = lineno,
        .module = in_module,
        .registry = registry,
        .line = line,
        .source = is_given(source) ? source : NO_VALUE,
    });
    drop_opt(line);
    return status;
}

int
warnings_warn(Type *category, Value message, int stacklevel, Value source)
{
    return warn_from(VALUE(category), message, stacklevel, source, tuple_empty);
}

int
warnings_warn_explicit(Type *category, Value message, Value filename, int lineno, Value module,
                       Value registry)
{
    return issue((Warning){
        .category = VALUE(category),
        .message = message,
        .filename = filename,
        .lineno = lineno,
        .module = module,
        .registry = registry,
    });
}

/* -- start-up -- */

static int
add_filter(const char *action, Type *category, const char *module)
{
    Own act = str_from_cstr(action), where = module ? str_from_cstr(module) : own(NONE);
    Own filter = act && where ? tuple_pack(5, (Value)act, (Value)NONE, VALUE(category),
                                           (Value)where, (Value)small_int(0))
                              : NO_VALUE;
    drop_opt(act);
    drop_opt(where);
    return filter ? list_append_own(state.filters, filter) : -1;
}

/* What the parser and the compiler find odd. */
static int
warn_of_source(Type *category, Value message, Value filename, int lineno, Value module)
{
    return warnings_warn_explicit(category, message, filename, lineno, module, NO_VALUE);
}

int
warnings_start(void)
{
    state.version = 1;
    state.filters = list_new(8);
    state.once_registry = dict_new();
    state.default_action = str_from_cstr("default");
    Own name = str_from_cstr("_warnings_context");
    state.context = name && contextvars_ready() == 0 ? context_var_new(name, NO_VALUE) : NO_VALUE;
    drop_opt(name);
    if (!state.filters || !state.once_registry || !state.default_action || !state.context ||
        add_filter("default", &exc_DeprecationWarning, "__main__") < 0 ||
        add_filter("ignore", &exc_DeprecationWarning, NULL) < 0 ||
        add_filter("ignore", &exc_PendingDeprecationWarning, NULL) < 0 ||
        add_filter("ignore", &exc_ImportWarning, NULL) < 0 ||
        add_filter("ignore", &exc_ResourceWarning, NULL) < 0) {
        return -1;
    }
    object_hooks.warn = warnings_warn;
    compile_hooks.warn = warn_of_source;
    return 0;
}

static int
warnings_exec(Value module)
{
    if (!state.filters && warnings_start() < 0) {
        return -1;
    }
    if (module_add(module, "filters", own(state.filters)) < 0 ||
        module_add(module, "_onceregistry", own(state.once_registry)) < 0 ||
        module_add(module, "_defaultaction", own(state.default_action)) < 0) {
        return -1;
    }
    return module_add(module, "_warnings_context", own(state.context));
}

const ModuleDef module__warnings = {
    .name = "_warnings",
    .doc = warnings_py_module_doc,
    .functions = warnings_py_functions,
    .exec = warnings_exec,
};
