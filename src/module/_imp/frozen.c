/* Frozen modules: those that can be had without the search for modules.
 *
 * Importlib itself has to be, or nothing else could be imported. The others exist because the library expects them to: they are
 * made of the library's own files at the time they are asked for, and only while -X frozen_modules=on (or a test) wants them.
 * Threads: the table is immutable, the override atomic. */
#include "compile/compile.h"
#include "module/_imp/frozen.h"
#include "module/marshal_priv.h"
#include "module/sys/config.h"
#include "object/buffer.h"
#include "object/code.h"
#include "object/dict.h"
#include "object/list.h"
#include "object/memoryview.h"
#include "object/module.h"
#include "object/str.h"
#include "object/tuple.h"
#include "vm/import.h"
#include "vm/vm.h"

#include "_imp.spec.h"

typedef struct FrozenModule {
    const char *name;
    const char *file;   /* below the library's folder; null: made of hello_text */
    const char *origin; /* the module that the file is of; "<name" says that it is the file of a package's __init__ */
    bool package, always;
} FrozenModule;

static const char hello_text[] = "initialized = True\nprint(\"Hello world!\")\n";

#define FILE_OF(name, path) {name, path, name, false, false}
static const FrozenModule frozen_modules[] = {
    {"_frozen_importlib", "importlib/_bootstrap.py", "importlib._bootstrap", false, true},
    {"_frozen_importlib_external", "importlib/_bootstrap_external.py", "importlib._bootstrap_external", false, true},
    FILE_OF("zipimport", "zipimport.py"),
    FILE_OF("abc", "abc.py"),
    FILE_OF("codecs", "codecs.py"),
    FILE_OF("io", "io.py"),
    FILE_OF("_collections_abc", "_collections_abc.py"),
    FILE_OF("_sitebuiltins", "_sitebuiltins.py"),
    FILE_OF("genericpath", "genericpath.py"),
    FILE_OF("ntpath", "ntpath.py"),
    FILE_OF("posixpath", "posixpath.py"),
    FILE_OF("os", "os.py"),
    FILE_OF("site", "site.py"),
    FILE_OF("stat", "stat.py"),
    FILE_OF("importlib.util", "importlib/util.py"),
    FILE_OF("importlib.machinery", "importlib/machinery.py"),
    FILE_OF("runpy", "runpy.py"),
    FILE_OF("__hello__", "__hello__.py"),
    {"__hello_alias__", "__hello__.py", "__hello__", false, false},
    {"__phello_alias__", "__hello__.py", "__hello__", true, false},
    {"__phello_alias__.spam", "__hello__.py", "__hello__", false, false},
    {"__phello__", "__phello__/__init__.py", "__phello__", true, false},
    {"__phello__.__init__", "__phello__/__init__.py", "<__phello__", false, false},
    {"__phello__.ham", "__phello__/ham/__init__.py", "__phello__.ham", true, false},
    {"__phello__.ham.__init__", "__phello__/ham/__init__.py", "<__phello__.ham", false, false},
    FILE_OF("__phello__.ham.eggs", "__phello__/ham/eggs.py"),
    FILE_OF("__phello__.spam", "__phello__/spam.py"),
    {"__hello_only__", NULL, NULL, false, false},
};

static _Atomic int override; /* as _override_frozen_modules_for_tests was told */

static const FrozenModule *
find(Value name)
{
    int wanted = atomic_load(&override);
    bool all = wanted ? wanted > 0 : run_config.frozen_modules;
    for (size_t i = 0; i < ARRAY_LEN(frozen_modules); i++) {
        const FrozenModule *m = &frozen_modules[i];
        if ((all || m->always) && str_equals_cstr(name, m->name)) {
            return m;
        }
    }
    return NULL;
}

/* own: ret 0 + ImportError */
static Own COLD
raise_frozen(const char *format, Value name)
{
    Own text = str_fmt(format, name), names = text ? tuple_pack(1, (Value)NAME(name)) : NO_VALUE;
    Value args[] = {text, name};
    Own exc = names ? object_call(VALUE(&exc_ImportError), args, 1, names) : NO_VALUE;
    drop_opt(text);
    drop_opt(names);
    if (exc) {
        raise_object(exc, NO_VALUE);
        drop(exc);
    }
    return NO_VALUE;
}

/* own: ret new */
static Own
code_of(const FrozenModule *m)
{
    Own filename = str_fmt("<frozen %s>", m->always ? m->origin : m->name), code = NO_VALUE;
    if (filename && m->file) {
        code = frozen_code(m->file, filename);
    } else if (filename) {
        CompileOptions options = {.filename = filename, .optimize = run_config.optimize};
        code = compile_source(hello_text, sizeof hello_text - 1, SOURCE_EXEC, &options);
    }
    drop_opt(filename);
    return code;
}

int
imp_is_frozen(Value module UNUSED, Value name)
{
    return find(name) != NULL;
}

int
imp_is_frozen_package(Value module UNUSED, Value name)
{
    const FrozenModule *m = find(name);
    if (!m) {
        raise_frozen("No such frozen object named %R", name);
        return -1;
    }
    return m->package;
}

/* own: ret new */
static Own
code_of_data(Value name, Value data)
{
    Buffer buffer;
    if (buffer_get_still(data, &buffer) < 0) {
        return NO_VALUE;
    }
    MarshalReader reader = {.at = buffer.data, .end = (const uint8_t *)buffer.data + buffer.length, .allow_code = true};
    Own code = buffer.length ? marshal_read(&reader) : NO_VALUE;
    bool none = buffer.length == 0;
    buffer_release(&buffer);
    if (none) {
        return raise_frozen("No such frozen object named %R", name);
    }
    if (!code) {
        exc_clear();
        return raise_frozen("Frozen object named %R is invalid", name);
    }
    if (!IS_EXACT(code, CODE)) {
        raise_fmt(&exc_TypeError, "frozen object %R is not a code object", name);
        drop(code);
        return NO_VALUE;
    }
    return code;
}

Own
imp_get_frozen_object(Value module UNUSED, Value name, Value data)
{
    if (data != NONE) {
        return code_of_data(name, data);
    }
    const FrozenModule *m = find(name);
    return m ? code_of(m) : raise_frozen("No such frozen object named %R", name);
}

/* own: ret new */
static Own
run_frozen(const FrozenModule *m, Value name)
{
    Own made = NO_VALUE, code = code_of(m), done = NO_VALUE, path = NO_VALUE, origin = NO_VALUE;
    if (code && dict_lookup(import_modules, name, &made) >= 0 && !made) {
        made = module_new(name);
        if (made && dict_set(import_modules, name, made) < 0) {
            ref_clear(&made);
        }
    }
    if (!made || exc_pending()) {
        goto done;
    }
    path = m->package ? list_new(0) : NO_VALUE;
    origin = m->origin ? str_from_cstr(m->origin) : own(NONE);
    if (exc_pending() || (path && object_setattr(made, NAME(__path__), path) < 0) || object_setattr_cstr(made, "__origname__", origin) < 0 ||
        object_setattr(made, NAME(__builtins__), vm_builtins_module) < 0) {
        goto done;
    }
    Own globals = object_dict(made);
    done = globals ? vm_run_code(code, globals, globals, NO_VALUE) : NO_VALUE;
    drop_opt(globals);
done:
    drop_opt(path);
    drop_opt(origin);
    drop_opt(code);
    if (!done) {
        drop_opt(made);
        return NO_VALUE;
    }
    drop(done);
    return made;
}

Own
frozen_run(const char *name)
{
    Own key = str_from_cstr(name);
    Own m = key ? imp_init_frozen(NO_VALUE, key) : NO_VALUE;
    drop_opt(key);
    return m;
}

Own
imp_init_frozen(Value module UNUSED, Value name)
{
    const FrozenModule *m = find(name);
    return m ? run_frozen(m, name) : NONE;
}

Own
imp_find_frozen(Value module UNUSED, Value name, bool withdata)
{
    const FrozenModule *m = find(name);
    if (!m) {
        return NONE;
    }
    Own data = NO_VALUE;
    if (withdata) {
        Own code = code_of(m), bytes = code ? marshal_to_bytes(code, MARSHAL_VERSION, true) : NO_VALUE;
        drop_opt(code);
        data = bytes ? memoryview_new(bytes) : NO_VALUE;
        drop_opt(bytes);
        if (!data) {
            return NO_VALUE;
        }
    }
    Own origin = m->origin ? str_from_cstr(m->origin) : NONE;
    Own parts[] = {data ? data : NONE, bool_value(m->package), origin};
    return tuple_from_own(parts, 3);
}

Own
imp__frozen_module_names(Value module UNUSED)
{
    Own names = list_new(ARRAY_LEN(frozen_modules));
    for (size_t i = 0; names && i < ARRAY_LEN(frozen_modules); i++) {
        if (list_append_own(names, str_intern_cstr(frozen_modules[i].name)) < 0) {
            ref_clear(&names);
        }
    }
    return names;
}

int
imp__override_frozen_modules_for_tests(Value module UNUSED, int value)
{
    atomic_store(&override, value);
    return 0;
}
