/* Starting the runtime, from the bottom up: objects, built-in modules, importlib, standard files, site; and ending it. Main thread only. */
#include "main/start.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/os.h"
#include "compile/compile.h"
#include "heap/gc.h"
#include "heap/hooks.h"
#include "heap/world.h"
#include "module/_imp/frozen.h"
#include "module/_remote_debugging/script.h"
#include "module/_tracemalloc/traces.h"
#include "module/asyncio/asyncio.h"
#include "module/atexit.h"
#include "module/gc/hooks.h"
#include "module/io/io_priv.h"
#include "module/sys/config.h"
#include "object/audit.h"
#include "object/bytes.h"
#include "object/codec.h"
#include "object/int.h"
#include "module/sys/sys.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/hooks.h"
#include "object/list.h"
#include "object/module.h"
#include "object/str.h"
#include "object/type.h"
#include "object/typeparam.h"
#include "object/weakref.h"
#include "vm/asyncgen.h"
#include "vm/framelocals.h"
#include "vm/generator.h"
#include "vm/import.h"
#include "vm/monitor.h"
#include "vm/trace.h"
#include "vm/vm.h"

void signals_end(void);

static Own main_module;

static void
seed_hashes(void)
{
    uint64_t key[2] = {0, 0};
    const char *seed = run_config.ignore_environment || run_config.random_hashes ? NULL : getenv("PYTHONHASHSEED");
    if (seed && *seed && strcmp(seed, "random") != 0) {
        uint32_t x = (uint32_t)strtoul(seed, NULL, 10);
        for (size_t i = 0; i < sizeof key && x | i; i++) { /* CPython's generator, so that a seed gives its hashes; 0 no key */
            x = x * 214013 + 2531011;
            ((uint8_t *)key)[i] = (uint8_t)(x >> 16);
        }
    } else {
        (void)!os_random(key, sizeof key);
    }
    hash_set_key(key[0], key[1]);
}

static void
thread_exiting(Thread *t)
{
    asyncio_thread_exiting(t);
    trace_thread_end(t);
}

static int
start_objects(void)
{
    seed_hashes();
    setlocale(LC_CTYPE, "");
    thread_start_main(0);
    if (!thread_self()) {
        return -1;
    }
    vm_init(thread_self());
    heap_hooks.thread_exiting = thread_exiting;
    types_init_heads();
    if (str_start() < 0 || types_init() < 0 || exceptions_ready() < 0 || weakrefs_ready() < 0 || code_types_ready() < 0) {
        return -1;
    }
    return coroutine_types_ready() < 0 || asyncgen_types_ready() < 0 || frame_types_ready() < 0 || typeparams_ready() < 0 || monitor_start() < 0 ? -1 : 0;
}

/* Makes a built-in module and enters it into sys.modules. own: ret new */
static Own
start_module(const char *name)
{
    const ModuleDef *def = module_find_builtin(name);
    Own m = def ? module_create(def) : NO_VALUE;
    if (!def && !exc_pending()) {
        raise_fmt(&exc_ImportError, "no built-in module named %s", name);
    }
    if (m && dict_set_cstr(import_modules, name, m) < 0) {
        drop(m);
        return NO_VALUE;
    }
    return m;
}

static int
start_main_module(void)
{
    Own name = str_from_cstr("__main__");
    main_module = name ? module_new(name) : NO_VALUE;
    drop_opt(name);
    if (!main_module || dict_set_cstr(import_modules, "__main__", main_module) < 0) {
        return -1;
    }
    return dict_set_cstr(module_dict(main_module), "__builtins__", vm_builtins_module);
}

/* -- importlib -- */

static int
start_importlib(void)
{
    Own imp = start_module("_imp"), thread = imp ? start_module("_thread") : NO_VALUE, weak = thread ? start_module("_weakref") : NO_VALUE;
    Own warnings = weak ? start_module("_warnings") : NO_VALUE;
    import_bootstrap = warnings ? frozen_run("_frozen_importlib") : NO_VALUE;
    Own installed = import_bootstrap ? call_method2(import_bootstrap, "_install", sys_module, imp) : NO_VALUE;
    Own done = installed ? call_method0(import_bootstrap, "_install_external_importers") : NO_VALUE;
    Own all[] = {imp, thread, weak, warnings, installed, done};
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        drop_opt(all[i]);
    }
    return done ? 0 : -1;
}

/* __main__.__loader__, until a file takes its place. */
static int
set_main_loader(void)
{
    Own loader = object_getattr_cstr(import_bootstrap, "BuiltinImporter");
    int status = loader ? dict_set_cstr(module_dict(main_module), "__loader__", loader) : -1;
    drop_opt(loader);
    return status;
}

/* sys.path_hooks gets the importer of zip files. */
static int
start_zipimport(void)
{
    Own zipimport = object_hooks.import_module("zipimport");
    Own importer = zipimport ? object_getattr_cstr(zipimport, "zipimporter") : NO_VALUE;
    Own hooks = importer ? sys_get("path_hooks") : NO_VALUE;
    int status = hooks && is_list(hooks) ? list_insert(hooks, 0, importer) : importer ? 0 : -1;
    Own cache = sys_get("path_importer_cache");
    if (cache && is_dict(cache)) {
        dict_clear(cache); /* zip files on the path have been asked for encodings, and refused */
    }
    drop_opt(cache);
    drop_opt(zipimport);
    drop_opt(importer);
    drop_opt(hooks);
    return status;
}

/* -- sys.stdin, stdout, stderr -- */

static int
start_file(int fd, const char *name, const char *original, const char *mode, const char *errors)
{
    if (fcntl(fd, F_GETFD) < 0) { /* the program was started without it */
        return sys_set(name, NONE) < 0 ? -1 : sys_set(original, NONE);
    }
    char setting[128] = "";
    const char *encoding = "utf-8", *handler = errors;
    if (run_config.stdio_encoding) { /* encoding[:errors] */
        snprintf(setting, sizeof setting, "%s", run_config.stdio_encoding);
        char *colon = strchr(setting, ':');
        if (colon) {
            *colon = 0;
        }
        if (fd != 2 && colon && colon[1]) {
            handler = colon + 1;
        } else if (fd != 2 && setting[0]) { /* the locale's way with errors is for its encoding */
            handler = "strict";
        }
        encoding = setting[0] ? setting : encoding;
    }
    bool write = fd != 0;
    Own raw = io_open_file(small_int(fd), mode, write && run_config.unbuffered ? 0 : -1, NONE, NONE, NONE, false, NONE);
    Own e = str_from_cstr(encoding), h = str_from_cstr(handler), nl = str_from_cstr("\n"), shown = str_fmt("<%s>", name);
    Own file = NO_VALUE;
    if (raw && e && h && nl && shown) {
        Own inner = NO_VALUE;
        int has_raw = object_lookup_attr_cstr(raw, "raw", &inner);
        int status = has_raw < 0 ? -1 : object_setattr_cstr(has_raw ? inner : raw, "name", shown);
        drop_opt(inner);
        Value args[] = {raw, e, h, (Value)(write ? nl : NONE), bool_value(fd == 2 || isatty(fd)), bool_value(write && run_config.unbuffered)};
        file = status < 0 ? NO_VALUE : object_call(VALUE(&io_text_type), args, 6, NO_VALUE);
    }
    Own shown_mode = str_from_cstr(write ? "w" : "r");
    int status = !file || !shown_mode || object_setattr_cstr(file, "mode", shown_mode) < 0 || sys_set(name, file) < 0 ? -1 : sys_set(original, file);
    Own all[] = {raw, e, h, nl, shown, file, shown_mode};
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        drop_opt(all[i]);
    }
    return status;
}

static int
start_files(void)
{
    Own io = object_hooks.import_module("_io");
    if (!io) {
        return -1;
    }
    Own open = object_getattr_cstr(io, "open");
    drop(io);
    if (!open || dict_set_cstr(vm_builtins, "open", open) < 0) {
        drop_opt(open);
        return -1;
    }
    drop(open);
    const char *errors = run_config.stdio_surrogates ? "surrogateescape" : "strict";
    return start_file(0, "stdin", "__stdin__", "rb", errors) < 0 || start_file(1, "stdout", "__stdout__", "wb", errors) < 0
               ? -1
               : start_file(2, "stderr", "__stderr__", "wb", "backslashreplace");
}

static int
start_site(void)
{
    if (run_config.no_site) {
        return 0;
    }
    Own site = object_hooks.import_module("site"); /* which does its work when it is imported */
    drop_opt(site);
    return site ? 0 : -1;
}

/* The library's warnings module applies sys.warnoptions when it is imported. */
static int
start_warnings(void)
{
    if (run_config.warn_count == 0) {
        return 0;
    }
    Own warnings = object_hooks.import_module("warnings");
    if (!warnings) {
        exc_clear(); /* as without the options */
    }
    drop_opt(warnings);
    return 0;
}

static int
start_faulthandler(void)
{
    if (!run_config.faulthandler) {
        return 0;
    }
    Own module = object_hooks.import_module("faulthandler");
    Own done = module ? call_method0(module, "enable") : NO_VALUE;
    drop_opt(module);
    drop_opt(done);
    return done ? 0 : -1;
}

int
runtime_start(void)
{
    traces_init_hooks();
    audit_pause_tracing = trace_pause;
    if (start_objects() < 0 || (run_config.tracemalloc > 0 && traces_start(run_config.tracemalloc) < 0)) {
        return -1;
    }
    sys_init_hooks();
    compile_hooks.no_columns = run_config.no_debug_ranges;
    gc_module_init_hooks();
    import_time_level = run_config.import_time;
    import_verbose = run_config.verbose > 0;
    import_modules = dict_new();
    vm_builtins_module = import_modules ? start_module("builtins") : NO_VALUE;
    if (!vm_builtins_module) {
        return -1;
    }
    vm_builtins = own(module_dict(vm_builtins_module));
    sys_module = start_module("sys");
    if (!sys_module || sys_set("modules", import_modules) < 0 || console_start() < 0 || start_main_module() < 0 || start_importlib() < 0 ||
        set_main_loader() < 0) {
        return -1;
    }
    Own signals = start_module("_signal"); /* Ctrl-C works from here on */
    if (!signals) {
        return -1;
    }
    drop(signals);
    Own encodings = object_hooks.import_module("encodings");
    if (!encodings) {
        return -1;
    }
    drop(encodings);
    atomic_store(&int_max_str_digits, run_config.int_max_str_digits);
    if (start_zipimport() < 0 || start_files() < 0 || start_faulthandler() < 0 || start_warnings() < 0 || start_site() < 0) {
        return -1;
    }
    bytes_warnings = run_config.bytes_warning > 0;
    codec_checks_names = run_config.dev_mode != 0;
    remote_scripts_start(!run_config.no_remote_debug);
    gc_start();
    return 0;
}

Value
runtime_main_module(void)
{
    return main_module;
}

/* -- ending -- */

static int
flush_file(Value name)
{
    Own file = NO_VALUE;
    int status = dict_lookup(module_dict(sys_module), name, &file) < 0 ? -1 : 0;
    if (file && file != NONE && io_is_closed(file) == 0) {
        Own done = call_method(NAME(flush), (Value[]){file}, 1, NO_VALUE);
        status = done ? 0 : -1;
        drop_opt(done);
        if (status < 0 && exc_matches(&exc_MemoryError)) {
            Own pending = exc_take();
            status = io_text_write_out(file);
            if (status < 0) {
                exc_restore(pending);
            } else {
                drop(pending);
            }
        }
    }
    drop_opt(file);
    return status;
}

#define SHUTDOWN_TRIES 4

static void
wait_for_threads(void)
{
    Own threading = NO_VALUE;
    bool again = dict_lookup(import_modules, NAME(threading), &threading) > 0;
    for (int tries = 0; again; tries++) { /* what it had no memory to do it does the next time */
        Own done = call_method(NAME(_shutdown), (Value[]){threading}, 1, NO_VALUE);
        again = !done && exc_matches(&exc_MemoryError) && tries < SHUTDOWN_TRIES;
        if (!done && !again) {
            exc_write_unraisable("Exception ignored on threading shutdown", threading);
        }
        exc_clear();
        drop_opt(done);
    }
    exc_clear();
    drop_opt(threading);
}

/* -- taking the modules down -- */

/* What sys holds of the program: it goes first, and the standard files are the first ones again. */
static void
sys_forget(void)
{
    static const char *const names[] = {"path", "argv", "ps1", "ps2", "last_exc", "last_type", "last_value", "last_traceback",
                                        "path_hooks", "path_importer_cache", "meta_path"};
    static const char *const files[][2] = {{"stdin", "__stdin__"}, {"stdout", "__stdout__"}, {"stderr", "__stderr__"}};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        (void)!sys_set(names[i], NONE);
    }
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        Own first = sys_get(files[i][1]);
        (void)!sys_set(files[i][0], first ? (Value)first : (Value)NONE);
        drop_opt(first);
    }
}

/* Drops the values of a module's dict: names with one underscore first, __builtins__ never. */
static void
module_empty(Value module)
{
    Own names = dict_keys_list(module_dict(module));
    for (int pass = 0; pass < 2 && names; pass++) {
        for (int64_t i = 0; i < list_len(names); i++) {
            Own name = list_get(names, i);
            const Str *s = name && is_str(name) ? as_str(name) : NULL;
            bool first = s && s->length > 0 && str_char_at(s, 0) == '_' && !(s->length > 1 && str_char_at(s, 1) == '_');
            if (s && (pass == 0 ? first : !str_equals_cstr(name, "__builtins__")) && dict_set(module_dict(module), name, NONE) < 0) {
                exc_clear();
            }
            drop_opt(name);
        }
    }
    drop_opt(names);
}

/* In CPython's order: sys forgets, sys.modules is emptied and what nobody holds dies, with its module whole; what is left is emptied, the
 * youngest module first; sys and builtins stay. */
static void
modules_end(void)
{
    Own modules = dict_values_list(import_modules), alive = list_new(0);
    sys_forget();
    for (int64_t i = 0; modules && alive && i < list_len(modules); i++) {
        Own module = list_get(modules, i);
        bool whole = module && is_instance_of(module, &module_type) && module != sys_module && module != vm_builtins_module;
        Own ref = whole ? weakref_new(module, NO_VALUE) : NO_VALUE;
        if (ref && list_append(alive, ref) < 0) {
            exc_clear();
        }
        drop_opt(ref);
        drop_opt(module);
    }
    exc_clear();
    drop_opt(modules);
    dict_clear(import_modules);
    Own mine = main_module;
    main_module = NO_VALUE;
    drop_opt(mine);
    gc_collect(2);
    for (int64_t i = alive ? list_len(alive) : 0; i-- > 0;) {
        Own ref = list_get(alive, i), module = ref ? weakref_get(ref) : NO_VALUE;
        if (module) {
            module_empty(module);
        }
        drop_opt(module);
        drop_opt(ref);
    }
    drop_opt(alive);
    gc_collect(2);
    exc_clear();
}

int
runtime_end(void)
{
    exc_clear();
    wait_for_threads();
    atexit_run();
    int status = flush_file(NAME(stdout));
    if (status < 0) {
        exc_write_unraisable("Exception ignored while flushing sys.stdout", NO_VALUE);
    }
    if (flush_file(NAME(stderr)) < 0) {
        exc_clear();
    }
    atomic_store(&sys_finalizing, true);
    (void)gc_wait_idle(1000000000); /* or a daemon would take its garbage with it */
    world_exit_daemons();
    codec_checks_names = bytes_warnings = false; /* what they need may be gone */
    signals_end();
    gc_collect(2); /* finalizers that still find the modules whole */
    modules_end();
    if (flush_file(NAME(stdout)) < 0) { /* what finalizers wrote */
        exc_clear();
        status = -1;
    }
    if (flush_file(NAME(stderr)) < 0) {
        exc_clear();
    }
    return status;
}
