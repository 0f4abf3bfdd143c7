/* The program `weft`: runs a file, a command, a module, standard input, or a prompt, and ends with its exit code. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/os.h"
#include "base/stats.h"
#include "compile/compile.h"
#include "heap/world.h"
#include "main/command.h"
#include "main/config.h"
#include "main/start.h"
#include "module/posix/path.h"
#include "module/sys/config.h"
#include "module/sys/sys.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/hooks.h"
#include "object/int.h"
#include "object/list.h"
#include "object/module.h"
#include "object/str.h"
#include "object/tuple.h"
#include "vm/vm.h"

/* The exit code of the pending SystemExit, which is shown if it is text. */
static int
exit_code(void)
{
    Own exc = exc_take();
    Own code = object_getattr_cstr(exc, "code");
    int result = 0;
    drop(exc);
    if (!code) {
        exc_clear();
        return 1;
    }
    if (is_int(code)) {
        int64_t n;
        result = int_as_i64(code, &n) ? (int)n : -1;
    } else if (code != NONE) {
        sys_write_stderr("%S\n", (Value)code);
        result = 1;
    }
    drop(code);
    return result;
}

/* What the program's end with a pending exception means: the exit code. */
static int
report_exception(bool *interrupted)
{
    if (exc_matches(&exc_SystemExit)) {
        return exit_code();
    }
    *interrupted = exc_matches(&exc_KeyboardInterrupt);
    sys_print_exception();
    if (exc_pending() && exc_matches(&exc_SystemExit)) {
        return exit_code();
    }
    exc_clear();
    return 1;
}

static int
set_main(const char *name, Own v)
{
    int status = v ? dict_set_cstr(module_dict(runtime_main_module()), name, v) : -1;
    drop_opt(v);
    return status;
}

static Own
run_text(const char *text, size_t length, Value filename, bool is_file)
{
    CompileOptions options = {.filename = filename, .is_file = is_file, .optimize = run_config.optimize};
    Value globals = module_dict(runtime_main_module());
    Own code = compile_source(text, length, SOURCE_EXEC, &options);
    if (code && !is_file) {
        command_register(code, text, filename);
    }
    Own result = code ? vm_run_code(code, globals, globals, NO_VALUE) : NO_VALUE;
    drop_opt(code);
    return result;
}

static Own start_folder; /* what insert_path put there; guard: none, set before the program runs */

static Own
start_directory(void)
{
    return own_opt(start_folder);
}

/* sys.path[0]: the folder of what runs. */
static int
insert_path(const char *text)
{
    if (run_config.safe_path) {
        return 0;
    }
    Own path = sys_get("path"), folder = path_text(text, strlen(text), false);
    if (folder && !start_folder) {
        start_folder = own(folder);
        object_hooks.start_directory = start_directory;
    }
    int status = path && is_list(path) && folder ? list_insert(path, 0, folder) : 0;
    drop_opt(path);
    drop_opt(folder);
    return status;
}

/* runpy._run_module_as_main(name, alter_argv) */
static Own
run_module(Value name, bool alter_argv)
{
    Own runpy = object_hooks.import_module("runpy");
    Own run = runpy ? object_getattr_cstr(runpy, "_run_module_as_main") : NO_VALUE;
    Own result = run ? call2(run, name, bool_value(alter_argv)) : NO_VALUE;
    drop_opt(runpy);
    drop_opt(run);
    return result;
}

/* Is it an archive that can be imported from? It ends in a zip's directory. */
static bool
is_zip(const char *path)
{
    uint8_t tail[22 + 65535];
    FILE *f = fopen(path, "rbe");
    if (!f) {
        return false;
    }
    long end = fseek(f, 0, SEEK_END) == 0 ? ftell(f) : -1;
    long start = end > (long)sizeof tail ? end - (long)sizeof tail : 0;
    size_t n = end >= 22 && fseek(f, start, SEEK_SET) == 0 ? fread(tail, 1, sizeof tail, f) : 0;
    fclose(f);
    for (size_t i = n >= 22 ? n - 22 : 0; n >= 22; i--) {
        if (memcmp(tail + i, "PK\5\6", 4) == 0) {
            return true;
        }
        if (i == 0) {
            break;
        }
    }
    return false;
}

/* Is it below a zip file, as its path has it: FILE.zip/folder? */
static bool
is_inside_zip(const char *script)
{
    char path[PATH_MAX];
    struct stat st;
    if (snprintf(path, sizeof path, "%s", script) >= (int)sizeof path) {
        return false;
    }
    for (char *slash = strrchr(path, '/'); slash && slash > path; slash = strrchr(path, '/')) {
        *slash = 0;
        if (stat(path, &st) == 0) {
            return S_ISREG(st.st_mode) && is_zip(path);
        }
    }
    return false;
}

static bool
is_importable(const char *script)
{
    struct stat st;
    return stat(script, &st) == 0 ? S_ISDIR(st.st_mode) || (S_ISREG(st.st_mode) && is_zip(script)) : errno == ENOTDIR && is_inside_zip(script);
}

/* Folders and zip files with a __main__ are put on sys.path and run as modules. 1 run, 0 it is no such thing */
static int
run_importable(const char *script, Own *result)
{
    if (!is_importable(script)) {
        return 0;
    }
    Own path = sys_get("path"), first = path_text(script, strlen(script), false);
    if (path && first && list_insert(path, 0, first) == 0) {
        Own name = str_from_cstr("__main__");
        *result = name ? run_module(name, false) : NO_VALUE;
        drop_opt(name);
    }
    drop_opt(path);
    drop_opt(first);
    return 1;
}

/* __main__.__loader__ = CLASS("__main__", path). own: ret new, the loader */
static Own
set_loader(const char *class_name, Value path)
{
    Own external = object_hooks.import_module("_frozen_importlib_external");
    Own cls = external ? object_getattr_cstr(external, class_name) : NO_VALUE, name = str_from_cstr("__main__");
    Own loader = cls && name ? call2(cls, name, path) : NO_VALUE;
    drop_opt(external);
    drop_opt(cls);
    drop_opt(name);
    if (loader && set_main("__loader__", own(loader)) < 0) {
        ref_clear(&loader);
    }
    return loader;
}

static bool
ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

/* A compiled file. own: ret new */
static Own
run_compiled(Value path)
{
    Own loader = set_loader("SourcelessFileLoader", path), name = str_from_cstr("__main__");
    Own code = loader && name ? call_method1(loader, "get_code", name) : NO_VALUE;
    Value globals = module_dict(runtime_main_module());
    Own result = code ? vm_run_code(code, globals, globals, NO_VALUE) : NO_VALUE;
    drop_opt(loader);
    drop_opt(name);
    drop_opt(code);
    return result;
}

static Own
run_source(const char *script, Value path, int *code)
{
    size_t length;
    char *text = os_read_file(script, &length);
    if (!text) {
        fprintf(stderr, "%s: can't open file '%s': [Errno %d] %s\n", run_config.executable, script, errno, strerror(errno));
        *code = 2;
        return NO_VALUE;
    }
    size_t skip = 0;
    if (run_config.skip_first_line) {
        char *newline = memchr(text, '\n', length);
        skip = newline ? (size_t)(newline - text) : length; /* the newline stays: line numbers do too */
    }
    Own loader = set_loader("SourceFileLoader", path), result = loader ? run_text(text + skip, length - skip, path, true) : NO_VALUE;
    drop_opt(loader);
    free(text);
    return result;
}

static Own
run_script(const char *script, int *code)
{
    Own result = NO_VALUE;
    if (run_importable(script, &result)) {
        return result;
    }
    char folder[PATH_MAX];
    if (!realpath(script, folder)) {
        snprintf(folder, sizeof folder, "%s", script);
    }
    char *slash = strrchr(folder, '/');
    *(slash ? slash + (slash == folder) : folder) = 0;
    if (access(script, F_OK) != 0) {
        return run_source(script, NO_VALUE, code); /* says so */
    }
    Own path = path_text(script, strlen(script), false);
    if (insert_path(folder) == 0 && path && set_main("__file__", own(path)) == 0 && set_main("__cached__", NONE) == 0) {
        result = ends_with(script, ".pyc") ? run_compiled(path) : run_source(script, path, code);
    }
    drop_opt(path);
    return result;
}

static Own
run_command(void)
{
    size_t length;
    char *text = command_text(run_config.command, &length);
    if (!text || insert_path("") < 0) {
        free(text);
        return NO_VALUE;
    }
    Own name = str_from_cstr("<string>");
    Own result = name ? run_text(text, length, name, false) : NO_VALUE;
    drop_opt(name);
    free(text);
    return result;
}

/* -- the prompt -- */

/* _weft_console.NAME() */
static Own
console_call(const char *name)
{
    Own console = object_hooks.import_module("_weft_console");
    Own done = console ? call_method0(console, name) : NO_VALUE;
    drop_opt(console);
    return done;
}

/* The library's prompt where the terminal is good for it, else the basic one. */
static Own
run_prompt(bool startup)
{
    const char *basic = run_config.ignore_environment ? NULL : getenv("PYTHON_BASIC_REPL");
    const char *term = getenv("TERM");
    bool terminal = isatty(0) && isatty(1) && term && strcmp(term, "dumb") != 0;
    if (!terminal || (basic && *basic)) {
        Own done = startup ? console_call("startup") : NONE;
        return done ? console_call("main") : NO_VALUE;
    }
    Own main = object_hooks.import_module("_pyrepl.main"), result = NO_VALUE;
    Own run = main ? object_getattr_cstr(main, "interactive_console") : NO_VALUE, names = NO_VALUE;
    Own a = str_from_cstr("mainmodule"), b = str_from_cstr("quiet"), c = str_from_cstr("pythonstartup");
    if (run && a && b && c && (names = tuple_pack(3, (Value)a, (Value)b, (Value)c))) {
        Value args[] = {runtime_main_module(), bool_value(run_config.quiet), bool_value(startup)};
        result = object_call(run, args, 0, names);
    }
    Own all[] = {main, run, a, b, c, names};
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        drop_opt(all[i]);
    }
    return result;
}

static Own
run_stdin(void)
{
    if (insert_path("") < 0) {
        return NO_VALUE;
    }
    if (isatty(0) || run_config.interactive) {
        if (!run_config.quiet) {
            Own version = sys_get("version"), platform = sys_get("platform");
            if (version && platform) {
                sys_write_stderr("Python %S on %S\n", (Value)version, (Value)platform);
            }
            drop_opt(version);
            drop_opt(platform);
            if (!run_config.no_site) {
                sys_write_stderr("Type \"help\", \"copyright\", \"credits\" or \"license\" for more information.\n");
            }
        }
        return run_prompt(true);
    }
    size_t length;
    char *text = os_read_file("/dev/stdin", &length);
    Own name = str_from_cstr("<stdin>");
    Own result = text && name ? run_text(text, length, name, true) : text ? NO_VALUE : raise_errno(errno);
    drop_opt(name);
    free(text);
    return result;
}

/* -i, and PYTHONINSPECT, which the program itself may have set: a prompt after the program. */
static bool
wants_inspection(void)
{
    const RunConfig *c = &run_config;
    const char *now = c->ignore_environment ? NULL : getenv("PYTHONINSPECT");
    bool has_program = c->command || c->module || c->script;
    return (c->inspect || (now && *now)) && (isatty(0) || c->interactive) && has_program;
}

static int
run_program(bool *interrupted)
{
    const RunConfig *c = &run_config;
    int code = 0;
    Own result;
    if (c->command) {
        result = run_command();
    } else if (c->module) {
        char folder[PATH_MAX];
        Own name = insert_path(getcwd(folder, sizeof folder) ? folder : "") == 0 ? str_from_cstr(c->module) : NO_VALUE;
        result = name ? run_module(name, true) : NO_VALUE;
        drop_opt(name);
    } else if (c->script) {
        result = run_script(c->script_path, &code);
    } else {
        result = run_stdin();
    }
    bool inspect = wants_inspection();
    if (!result && exc_pending()) {
        if (inspect && exc_matches(&exc_SystemExit)) {
            sys_print_exception();
            exc_clear();
        } else {
            code = report_exception(interrupted);
        }
    }
    drop_opt(result);
    if (inspect) {
        *interrupted = false;
        result = run_prompt(false);
        code = result || !exc_pending() ? 0 : report_exception(interrupted);
        drop_opt(result);
    }
    return code;
}

int
main(int argc, char **argv)
{
    int status = config_read(argc, argv);
    if (status >= 0) {
        return status;
    }
    bool interrupted = false;
    int code;
    if (runtime_start() < 0) {
        if (!thread_self()) {
            fputs("weft: cannot start: out of memory\n", stderr);
            return 1;
        }
        fputs("weft: cannot start\n", stderr);
        code = exc_pending() ? report_exception(&interrupted) : 1;
        return code ? code : 1;
    }
    if (run_config.gil) {
        gil_enable();
    }
    world_give_way(run_config.thread_granularity, run_config.thread_seed);
    code = run_program(&interrupted);
    if (runtime_end() < 0) {
        code = 120;
    }
    if (run_config.show_stats) {
        stats_print();
    }
    if (interrupted) { /* die of the signal, so that a shell sees it */
        signal(SIGINT, SIG_DFL);
        kill(getpid(), SIGINT);
    }
    return code & 0xFF;
}
