/* Importing. The work is done by importlib, Python code of the library; here is what must be quick or comes before it. */
#include "vm/import.h"

#include "object/audit.h"
#include "object/hooks.h"
#include "object/dict.h"
#include "object/int.h"
#include "object/module.h"
#include "object/str.h"
#include "object/tuple.h"
#include "vm/import_report.h"
#include "vm/ops.h"

Own import_modules, import_bootstrap;

/* sys.modules[name]: new, NO_VALUE with nothing pending when it is not there. */
static int
loaded_module(Value name, Own *m)
{
    *m = NO_VALUE;
    return import_modules ? mapping_lookup(import_modules, name, m) : 0;
}

/* A module whose import is still running (another thread, or a cycle) has __spec__._initializing: importlib then waits for it.
 * 1 waited, 0 there was no need, -1 failed */
static int
wait_until_initialized(Value m, Value name)
{
    Own spec, initializing, result;
    int found = object_lookup_attr(m, NAME(__spec__), &spec);
    if (found <= 0 || spec == NONE) {
        drop_opt(spec);
        return found < 0 ? -1 : 0;
    }
    found = object_lookup_attr(spec, NAME(_initializing), &initializing);
    drop(spec);
    if (found <= 0) {
        return found;
    }
    int truth = object_truth(initializing);
    drop(initializing);
    if (truth <= 0) {
        return truth;
    }
    result = call_method1(import_bootstrap, "_lock_unlock_module", name);
    drop_opt(result);
    return result ? 1 : -1;
}

/* The module of this name if it is in sys.modules and ready, or as ready as a cycle lets it be. An import on another thread that failed while
 * this one waited for it has taken the module out again. 1, 0, -1 */
static int
ready_module(Value name, Own *m)
{
    Own waited_for = NO_VALUE;
    for (;;) {
        int found = loaded_module(name, m);
        if (found > 0 && *m != NONE && *m != waited_for) {
            found = wait_until_initialized(*m, name);
            if (found > 0) {
                drop_opt(waited_for);
                waited_for = *m;
                continue;
            }
            found = found < 0 ? -1 : 1;
        } else if (found > 0 && *m == NONE) {
            found = 0;
        }
        drop_opt(waited_for);
        if (found <= 0) {
            drop_opt(*m);
            *m = NO_VALUE;
        }
        return found;
    }
}

static int
audit_import(Value name)
{
    Own path = object_hooks.sys_get("path"), finders = object_hooks.sys_get("meta_path"), hooks = object_hooks.sys_get("path_hooks");
    exc_clear();
    int status = audit_event("import", "OOOOO", name, NONE, (Value)path, (Value)finders, (Value)hooks);
    drop_opt(path);
    drop_opt(finders);
    drop_opt(hooks);
    return status;
}

/* The module of this absolute name, imported if need be. own: ret new */
static Own
import_absolute(Value name)
{
    Own m;
    int found = ready_module(name, &m);
    if (found != 0) {
        if (found > 0) {
            import_clock_cached(name);
        }
        return m;
    }
    if (!import_bootstrap) {
        return raise_fmt(&exc_ImportError, "no import system yet, for %R", name);
    }
    if (audit_wanted() && audit_import(name) < 0) {
        return NO_VALUE;
    }
    ImportClock clock = import_clock_start();
    Own f = object_getattr(import_bootstrap, NAME(_find_and_load));
    Own gcd = f ? object_getattr(import_bootstrap, NAME(_gcd_import)) : NO_VALUE;
    Own result = gcd ? call2(f, name, gcd) : NO_VALUE;
    drop_opt(f);
    drop_opt(gcd);
    import_clock_end(&clock, name);
    return result;
}

/* globals[key], unless it is absent or None. *v: new or NO_VALUE. fail: -1 */
static int
global_fact(Value globals, Value key, Own *v)
{
    int found = dict_lookup(globals, key, v);
    if (found > 0 && *v == NONE) {
        drop(*v);
        *v = NO_VALUE;
    }
    return found < 0 ? -1 : 0;
}

/* The package by __package__ or __spec__, which should agree; NO_VALUE with nothing pending when neither says. own: ret new */
static Own
stated_package(Value package, Value spec)
{
    Own parent = NO_VALUE;
    if (package && !is_str(package)) {
        return raise_msg(&exc_TypeError, "package must be a string");
    }
    if (!spec) {
        return own_opt(package);
    }
    parent = object_getattr(spec, NAME(parent));
    if (!package) {
        if (parent && !is_str(parent)) {
            drop(parent);
            return raise_msg(&exc_TypeError, "__spec__.parent must be a string");
        }
        return parent;
    }
    int same = parent ? object_equal(package, parent) : -1;
    if (same == 0) {
        same = warn_fmt(&exc_DeprecationWarning, 1, "__package__ != __spec__.parent (%R != %R)", package, (Value)parent);
    }
    drop_opt(parent);
    return same < 0 ? NO_VALUE : own(package);
}

/* The package by __name__ and __path__. own: ret new */
static Own
guessed_package(Value globals)
{
    Own name, path;
    if (warn_fmt(&exc_ImportWarning, 1, "can't resolve package from __spec__ or __package__, falling back on __name__ and __path__") < 0) {
        return NO_VALUE;
    }
    int found = dict_lookup(globals, NAME(__name__), &name);
    if (found <= 0) {
        return found < 0 ? NO_VALUE : raise_msg(&exc_KeyError, "'__name__' not in globals");
    }
    if (!is_str(name)) {
        drop(name);
        return raise_msg(&exc_TypeError, "__name__ must be a string");
    }
    found = dict_lookup(globals, NAME(__path__), &path);
    if (found != 0) {
        drop_opt(path);
        if (found > 0) {
            return name;
        }
        drop(name);
        return NO_VALUE;
    }
    int64_t dot = str_find(name, str_from_char('.'), 0, as_str(name)->length, -1);
    Own package = dot < 0 ? NO_VALUE : str_substring(name, 0, dot);
    drop(name);
    return dot < 0 ? raise_msg(&exc_ImportError, "attempted relative import with no known parent package") : package;
}

/* The package that code with these globals belongs to. own: ret new */
static Own
package_of(Value globals)
{
    Own package = NO_VALUE, spec = NO_VALUE, result = NO_VALUE;
    if (global_fact(globals, NAME(__package__), &package) == 0 && global_fact(globals, NAME(__spec__), &spec) == 0) {
        result = stated_package(package, spec);
        if (!result && !exc_pending()) {
            result = guessed_package(globals);
        }
    }
    drop_opt(package);
    drop_opt(spec);
    return result;
}

/* The absolute name that name means at this level of relative import. own: ret new */
static Own
resolve_name(Value name, Value globals, int level)
{
    if (!globals) {
        return raise_msg(&exc_KeyError, "'__name__' not in globals");
    }
    if (!is_dict(globals)) {
        return raise_msg(&exc_TypeError, "globals must be a dict");
    }
    Own package = package_of(globals);
    if (!package) {
        return NO_VALUE;
    }
    int64_t end = as_str(package)->length;
    if (end == 0) {
        drop(package);
        return raise_msg(&exc_ImportError, "attempted relative import with no known parent package");
    }
    for (int up = 1; up < level; up++) {
        end = str_find(package, str_from_char('.'), 0, end, -1);
        if (end < 0) {
            drop(package);
            return raise_msg(&exc_ImportError, "attempted relative import beyond top-level package");
        }
    }
    Own base = str_substring(package, 0, end);
    drop(package);
    if (!base || as_str(name)->length == 0) {
        return base;
    }
    Own full = str_fmt("%U.%U", (Value)base, name);
    drop(base);
    return full;
}

/* What `import a.b` binds: the module a (of a relative import: the part that the written name begins with). */
static Own
first_part(Own m, Value name, Value absolute, int level)
{
    int64_t length = as_str(name)->length;
    int64_t dot = str_find(name, str_from_char('.'), 0, length, 1);
    if (length > 0 && dot < 0) {
        return m;
    }
    if (level > 0 && length == 0) {
        return m;
    }
    Own front;
    if (level == 0) {
        front = str_substring(name, 0, dot);
    } else {
        front = str_substring(absolute, 0, as_str(absolute)->length - (length - dot));
    }
    drop(m);
    if (!front) {
        return NO_VALUE;
    }
    Own result = NO_VALUE;
    if (level == 0) {
        result = import_absolute(front);
    } else if (loaded_module(front, &result) == 0) {
        raise_fmt(&exc_KeyError, "%R not in sys.modules as expected", (Value)front);
    }
    drop(front);
    return result;
}

Own
import_level(Value name, Value globals, Value fromlist, Value level_value)
{
    int level = level_value ? object_as_int(level_value) : 0;
    if (level < 0) {
        return exc_pending() ? NO_VALUE : raise_msg(&exc_ValueError, "level must be >= 0");
    }
    if (!is_str(name)) {
        return raise_msg(&exc_TypeError, "module name must be a string");
    }
    if (level == 0 && as_str(name)->length == 0) {
        return raise_msg(&exc_ValueError, "Empty module name");
    }
    Own absolute = level ? resolve_name(name, globals, level) : own(name);
    if (!absolute) {
        return NO_VALUE;
    }
    Own m = import_absolute(absolute);
    int has_from = m && fromlist && fromlist != NONE ? object_truth(fromlist) : 0;
    if (m && has_from < 0) {
        drop(m);
        m = NO_VALUE;
    }
    if (m && !has_from) {
        m = first_part(m, name, absolute, level);
    } else if (m) {
        Own path;
        int package = object_lookup_attr(m, NAME(__path__), &path);
        drop_opt(path);
        if (package < 0) {
            drop(m);
            m = NO_VALUE;
        } else if (package > 0) {
            Own handle = object_getattr(import_bootstrap, NAME(_handle_fromlist));
            Own gcd = object_getattr(import_bootstrap, NAME(_gcd_import));
            Own result = handle && gcd ? call3(handle, m, fromlist, gcd) : NO_VALUE;
            drop_opt(handle);
            drop_opt(gcd);
            drop(m);
            m = result;
        }
    }
    drop(absolute);
    if (!m) {
        trim_import_frames();
    }
    return m;
}

Own
import_module(const char *name)
{
    Own text = str_from_cstr(name);
    if (!text) {
        return NO_VALUE;
    }
    Own interned = str_intern(text);
    Own m = import_absolute(interned);
    drop(interned);
    if (!m) {
        trim_import_frames();
    }
    return m;
}

/* -- from m import ... */

Own
import_from(Value m, Value name)
{
    Own v;
    int found = object_lookup_attr(m, name, &v);
    if (found != 0) {
        return v;
    }
    Own package;
    if (object_lookup_attr(m, NAME(__name__), &package) < 0) {
        return NO_VALUE;
    }
    if (package && is_str(package)) {
        Own full = str_fmt("%U.%U", (Value)package, name);
        found = full ? loaded_module(full, &v) : -1;
        drop_opt(full);
    }
    drop_opt(package);
    if (found != 0) {
        return v;
    }
    return raise_cannot_import(m, name);
}

/* The names that import * takes: a sequence. *listed: they come from __all__. own: ret new */
static Own
star_names(Value m, bool *listed)
{
    Own names, dict;
    int found = object_lookup_attr(m, NAME(__all__), &names);
    *listed = found > 0;
    if (found != 0) {
        return names;
    }
    found = object_lookup_attr(m, NAME(__dict__), &dict);
    if (found <= 0) {
        return found < 0 ? NO_VALUE : raise_msg(&exc_ImportError, "from-import-* object has no __dict__ and no __all__");
    }
    Own keys = call_method0(dict, "keys");
    drop(dict);
    names = keys ? object_to_list(keys) : NO_VALUE;
    drop_opt(keys);
    return names;
}

/* names[i], for sequences only. own: ret new */
static Own
star_name(Value names, int64_t i)
{
    if (is_object(names) && type_of(names)->slots.getitem && !is_dict(names)) {
        return object_getitem_int(names, i);
    }
    if (is_dict(names)) {
        return raise_fmt(&exc_TypeError, "%T is not a sequence", names);
    }
    return raise_fmt(&exc_TypeError, "'%T' object does not support indexing", names);
}

int
import_star(Value m, Value into)
{
    bool listed;
    Own names = star_names(m, &listed);
    if (!names) {
        return -1;
    }
    int status = 0;
    for (int64_t i = 0; status == 0; i++) {
        Own name = star_name(names, i);
        if (!name) {
            status = exc_swallow(&exc_IndexError) ? 1 : -1;
            break;
        }
        if (!is_str(name)) {
            Own owner = object_getattr(m, NAME(__name__));
            if (owner) {
                raise_fmt(&exc_TypeError, listed ? "Item in %S.__all__ must be str, not %T" : "Key in %S.__dict__ must be str, not %T",
                          (Value)owner, (Value)name);
                drop(owner);
            }
            status = -1;
        } else if (listed || as_str(name)->length == 0 || str_char_at(as_str(name), 0) != '_') {
            Own v = object_getattr(m, name);
            status = v ? object_setitem(into, name, v) : -1;
            drop_opt(v);
        }
        drop(name);
    }
    drop(names);
    return status < 0 ? -1 : 0;
}
