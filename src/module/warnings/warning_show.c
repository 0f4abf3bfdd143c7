/* How a warning is shown: by warnings._showwarnmsg where that module is loaded, else as two lines
 * on sys.stderr. No state. */
#include <stdio.h>

#include "module/warnings/warnings_priv.h"
#include "object/dict.h"
#include "object/hooks.h"
#include "object/int.h"
#include "object/list.h"
#include "object/str.h"

int
warnings_attribute(const char *name, bool load, Own *value)
{
    *value = NO_VALUE;
    Own module = NO_VALUE;
    if (load) {
        module = object_hooks.import_module("warnings");
        if (!module) { /* at the end of the program modules may be gone */
            return exc_swallow(&exc_ImportError) ? 0 : -1;
        }
    } else {
        Own modules = object_hooks.sys_get("modules");
        int found =
            modules && is_dict(modules) ? dict_lookup_cstr(modules, "warnings", &module) : 0;
        drop_opt(modules);
        if (found <= 0) {
            return found;
        }
    }
    int found = object_lookup_attr_cstr(module, name, value);
    drop(module);
    return found;
}

/* -- simply -- */

/* importlib's choice of the loader of a module with these globals, which may warn: new, or None. */
static Own
loader_of(Value globals)
{
    Own external = object_hooks.import_module("_frozen_importlib_external");
    Own choose = external ? object_getattr_cstr(external, "_bless_my_loader") : NO_VALUE;
    Own loader = choose ? call1(choose, globals) : NO_VALUE;
    drop_opt(external);
    drop_opt(choose);
    return loader;
}

/* The name that the loader knows: a module that runs as __main__ has it in its spec. 1, 0, -1 */
static int
name_for_loader(Value globals, Own *name)
{
    Own spec;
    int found = dict_lookup_cstr(globals, "__spec__", &spec);
    if (found > 0) {
        found = spec == NONE ? 0 : object_lookup_attr_cstr(spec, "name", name);
        drop(spec);
    }
    return found != 0 ? found : dict_lookup_cstr(globals, "__name__", name);
}

int
warning_line_from_loader(Value globals, int lineno, Own *line)
{
    Own name = NO_VALUE, get_source = NO_VALUE, source = NO_VALUE, lines = NO_VALUE, loader = loader_of(globals);
    *line = NO_VALUE;
    int status = !loader ? -1 : loader == NONE ? 0 : name_for_loader(globals, &name);
    status = status > 0 ? object_lookup_attr_cstr(loader, "get_source", &get_source) : status;
    if (status > 0) {
        source = call1(get_source, name);
        status = source ? is_str(source) : exc_swallow(&exc_ImportError) ? 0 : -1; /* the loader does not know it: __main__ */
    }
    if (status > 0) { /* whatever a subclass makes of splitlines() */
        Own split = object_getattr_cstr(VALUE(&str_type), "splitlines");
        lines = split ? call1(split, source) : NO_VALUE;
        drop_opt(split);
        status = lines ? is_list(lines) && lineno >= 1 : -1;
    }
    if (status > 0) {
        *line = list_get(lines, lineno - 1);
        status = *line != NO_VALUE;
    }
    drop_opt(loader);
    drop_opt(name);
    drop_opt(get_source);
    drop_opt(source);
    drop_opt(lines);
    return status;
}

/* The same from the file. No error: a line that cannot be read is not shown. */
static int
line_from_file(Value filename, int lineno, Own *line)
{
    char text[1024];
    const char *path = str_utf8(filename, NULL);
    FILE *f = path ? fopen(path, "re") : NULL;
    exc_clear();
    if (!f) {
        return 0;
    }
    int n = 0;
    bool starts = true; /* a line longer than the buffer comes in parts */
    while (n < lineno && fgets(text, sizeof text, f)) {
        n += starts;
        starts = strchr(text, '\n') != NULL;
    }
    fclose(f);
    *line = n == lineno ? str_from_utf8(text, strcspn(text, "\n")) : NO_VALUE;
    exc_clear();
    return *line != NO_VALUE;
}

/* own: ret new text · fail: 0 + exception */
static Own
format_simply(const Warning *w, Value text)
{
    Own name = object_getattr_cstr(w->category, "__name__");
    Own out =
        name ? str_fmt("%U:%d: %S: %S\n", w->filename, w->lineno, (Value)name, text) : NO_VALUE;
    drop_opt(name);
    Own line = NO_VALUE;
    int found = !out ? -1 : w->line != NO_VALUE;
    if (found > 0) {
        line = own(w->line);
    } else if (found == 0) {
        found = line_from_file(w->filename, w->lineno, &line);
    }
    if (found > 0) {
        Own stripped = call_method0(line, "strip");
        Own with_line = stripped ? str_fmt("%U  %S\n", (Value)out, (Value)stripped) : NO_VALUE;
        drop_opt(stripped);
        drop(line);
        drop(out);
        return with_line;
    }
    if (found < 0) {
        drop_opt(out);
        return NO_VALUE;
    }
    return out;
}

static int
show_simply(const Warning *w, Value text)
{
    Own file = object_hooks.sys_get("stderr");
    if (!file || file == NONE) {
        drop_opt(file);
        return 0;
    }
    Own shown = format_simply(w, text);
    Own result = shown ? call_method1(file, "write", shown) : NO_VALUE;
    if (!result) {
        exc_clear(); /* there is nowhere to say so */
    }
    drop_opt(result);
    drop_opt(shown);
    drop(file);
    return 0;
}

/* -- by the library -- */

static int
show_by(Value function, const Warning *w)
{
    Own make;
    int found = warnings_attribute("WarningMessage", false, &make);
    if (found <= 0) {
        return found < 0 ? -1
                         : raise_int(&exc_RuntimeError, "unable to get warnings.WarningMessage");
    }
    Value args[] = {w->message,
                    w->category,
                    w->filename,
                    small_int(w->lineno),
                    NONE,
                    w->line ? w->line : (Value)NONE,
                    w->source ? w->source : (Value)NONE};
    Own record = object_call(make, args, ARRAY_LEN(args), NO_VALUE);
    drop(make);
    Own result = record ? call1(function, record) : NO_VALUE;
    drop_opt(record);
    drop_opt(result);
    return result ? 0 : -1;
}

int
warning_show(const Warning *w, Value text)
{
    Own function;
    int found = warnings_attribute("_showwarnmsg", w->source != NO_VALUE, &function);
    if (found <= 0) {
        return found < 0 ? -1 : show_simply(w, text);
    }
    int status =
        object_is_callable(function)
            ? show_by(function, w)
            : raise_int(&exc_TypeError, "warnings._showwarnmsg() must be set to a callable");
    drop(function);
    return status;
}
