/* The program `weft`: runs a file, a command, a module, standard input, or a prompt, and ends with its exit code. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/os.h"
#include "compile/compile.h"
#include "heap/world.h"
#include "main/command.h"
#include "main/config.h"
#include "main/start.h"
#include "module/sys/config.h"
#include "module/sys/sys.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/hooks.h"
#include "object/int.h"
#include "object/list.h"
#include "object/module.h"
#include "object/str.h"
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

/* sys.path[0]: the folder of what runs. */
static int
insert_path(const char *text)
{
    if (run_config.safe_path) {
        return 0;
    }
    Own path = sys_get("path"), folder = str_from_cstr(text);
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

/* As __file__ has it: from the root, otherwise as given. own: ret new */
static Own
absolute_name(const char *script)
{
    char here[4096];
    if (script[0] == '/' || !getcwd(here, sizeof here)) {
        return str_from_wtf8(script, strlen(script));
    }
    Own folder = str_from_wtf8(here, strlen(here)), file = str_from_wtf8(script, strlen(script));
    Own name = folder && file ? str_fmt(here[1] ? "%U/%U" : "%U%U", (Value)folder, (Value)file) : NO_VALUE;
    drop_opt(folder);
    drop_opt(file);
    return name;
}

/* Folders and zip files with a __main__ are put on sys.path and run as modules. 1 run, 0 it is no such thing */
static int
run_importable(const char *script, Own *result)
{
    struct stat st;
    bool folder = stat(script, &st) == 0 && S_ISDIR(st.st_mode);
    const char *dot = strrchr(script, '.');
    if (!folder && !(dot && (strcmp(dot, ".zip") == 0 || strcmp(dot, ".pyz") == 0))) {
        return 0;
    }
    Own path = sys_get("path"), first = absolute_name(script);
    if (path && first && list_insert(path, 0, first) == 0) {
        Own name = str_from_cstr("__main__");
        *result = name ? run_module(name, false) : NO_VALUE;
        drop_opt(name);
    }
    drop_opt(path);
    drop_opt(first);
    return 1;
}

/* SourceFileLoader("__main__", name): linecache and others ask it for the text. own: ret new */
static Own
file_loader(Value name)
{
    Own external = object_hooks.import_module("_frozen_importlib_external"), main_name = str_from_cstr("__main__");
    Own loader_type = external ? object_getattr_cstr(external, "SourceFileLoader") : NO_VALUE;
    Own loader = loader_type && main_name ? call2(loader_type, main_name, name) : NO_VALUE;
    drop_opt(external);
    drop_opt(main_name);
    drop_opt(loader_type);
    return loader;
}

static Own
run_script(const char *script, int *code)
{
    Own result = NO_VALUE;
    if (run_importable(script, &result)) {
        return result;
    }
    char folder[4096];
    snprintf(folder, sizeof folder, "%s", script);
    char real[4096];
    if (realpath(script, real)) {
        snprintf(folder, sizeof folder, "%s", real);
    }
    char *slash = strrchr(folder, '/');
    *(slash ? slash + (slash == folder) : folder) = 0;
    size_t length;
    char *text = os_read_file(script, &length);
    if (!text) {
        fprintf(stderr, "%s: can't open file '%s': [Errno %d] %s\n", run_config.executable, realpath(script, real) ? real : script, errno, strerror(errno));
        *code = 2;
        return NO_VALUE;
    }
    size_t skip = 0;
    if (run_config.skip_first_line) {
        char *newline = memchr(text, '\n', length);
        skip = newline ? (size_t)(newline - text) : length; /* the newline stays: line numbers do too */
    }
    Own name = absolute_name(script);
    if (insert_path(folder) == 0 && name && set_main("__file__", own(name)) == 0 && set_main("__cached__", NONE) == 0 &&
        set_main("__loader__", file_loader(name)) == 0) {
        result = run_text(text + skip, length - skip, name, true);
    }
    drop_opt(name);
    free(text);
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

static Own
run_stdin(void)
{
    if (insert_path("") < 0) {
        return NO_VALUE;
    }
    if (isatty(0) || run_config.interactive) { /* the prompt is the library's own */
        Own name = str_from_cstr("_pyrepl");
        Own result = name ? run_module(name, false) : NO_VALUE;
        drop_opt(name);
        return result;
    }
    size_t length;
    char *text = os_read_file("/dev/stdin", &length);
    Own name = str_from_cstr("<stdin>");
    Own result = text && name ? run_text(text, length, name, true) : text ? NO_VALUE : raise_errno(errno);
    drop_opt(name);
    free(text);
    return result;
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
        Own name = insert_path("") == 0 ? str_from_cstr(c->module) : NO_VALUE;
        result = name ? run_module(name, true) : NO_VALUE;
        drop_opt(name);
    } else if (c->script) {
        result = run_script(c->script, &code);
    } else {
        result = run_stdin();
    }
    if (!result && exc_pending()) {
        code = report_exception(interrupted);
    }
    drop_opt(result);
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
    code = run_program(&interrupted);
    if (runtime_end() < 0) {
        code = 120;
    }
    if (interrupted) { /* die of the signal, so that a shell sees it */
        signal(SIGINT, SIG_DFL);
        kill(getpid(), SIGINT);
    }
    return code & 0xFF;
}
