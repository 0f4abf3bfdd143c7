/* The command line and the environment: CPython's options, their defaults and messages. */
#include "main/config.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "main/config_priv.h"
#include "main/help.h"

const char *
config_env(const char *name)
{
    const char *value = run_config.ignore_environment ? NULL : getenv(name);
    return value && *value ? value : NULL;
}

/* A variable that counts: a positive number is itself, any other text 1. */
static void
env_level(const char *name, int *level)
{
    const char *value = config_env(name);
    if (value) {
        char *end;
        long n = strtol(value, &end, 10);
        int given = *end || n <= 0 || n > INT_MAX ? (n == 0 && !*end ? 0 : 1) : (int)n;
        if (given > *level) {
            *level = given;
        }
    }
}

int
config_fatal(const char *where, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "Fatal Python error: %s: ", where);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, "\nPython runtime state: %s\n\n",
            strncmp(where, "pre", 3) == 0 ? "preinitializing" : "preinitialized");
    return 1;
}

/* -- paths -- */

/* Writes the folder start/rest to `to` (of PATH_MAX bytes) if it holds a file of this name. */
static bool
try_folder(char *to, const char *start, const char *rest, const char *file)
{
    char path[PATH_MAX], marker[PATH_MAX + 64], real[PATH_MAX];
    if (snprintf(path, sizeof path, "%s%s", start, rest) >= (int)sizeof path) {
        return false;
    }
    snprintf(marker, sizeof marker, "%s/%s", path, file);
    if (access(marker, R_OK) != 0 || !realpath(path, real)) {
        return false;
    }
    snprintf(to, PATH_MAX, "%s", real);
    return true;
}

static bool
try_library(const char *start, const char *rest)
{
    return try_folder(run_config.library, start, rest, "os.py");
}

static void
find_executable(const char *argv0)
{
    ssize_t n = readlink("/proc/self/exe", run_config.executable, sizeof run_config.executable - 1);
    if (n <= 0) {
        snprintf(run_config.executable, sizeof run_config.executable, "%s", argv0);
    }
}

/* The library, where WEFT_LIBRARY or PYTHONHOME says or beside the executable: PREFIX/bin/weft has PREFIX/lib/python3.14t. Weft's own Python
 * modules are in PREFIX/lib/weft, or in the sources' lib. */
static int
find_library(void)
{
    RunConfig *c = &run_config;
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s", c->executable);
    char *slash = strrchr(folder, '/');
    if (slash) {
        *slash = 0;
    }
    const char *home = config_env("PYTHONHOME"), *library = getenv("WEFT_LIBRARY");
    bool found = (library && try_library(library, "")) || (home && (try_library(home, "/lib/python3.14t") || try_library(home, "/lib/python3.14"))) ||
                 try_library(folder, "/../library/lib/python3.14") || try_library(folder, "/../lib/python3.14t") ||
                 try_library(folder, "/../lib/python3.14");
    (void)(try_folder(c->own_library, folder, "/../lib/weft", "_weft_sysconfig.py") ||
           try_folder(c->own_library, folder, "/../lib", "_weft_sysconfig.py"));
    if (!found) {
        fprintf(stderr,
                "weft: the Python 3.14 library was not found.\n"
                "Run `make library` beside Weft's sources, or set WEFT_LIBRARY to a folder that holds CPython 3.14's os.py\n"
                "(for example /usr/lib/python3.14).\n");
        return 1;
    }
    snprintf(c->prefix, sizeof c->prefix, "%s", c->library);
    for (int i = 0; i < 2; i++) { /* PREFIX/lib/python3.14 */
        slash = strrchr(c->prefix, '/');
        if (slash) {
            *slash = 0;
        }
    }
    return -1;
}

/* -- the command line -- */

static void
print_version(int level)
{
    if (level > 1) {
        printf("Python " WEFT_PYTHON_VERSION " free-threading build (Weft " WEFT_VERSION ")\n");
    } else {
        printf("Python " WEFT_PYTHON_VERSION "\n");
    }
}

static bool
add_option(const char **list, int *count, const char *text)
{
    if (*count >= 64) {
        return false;
    }
    list[(*count)++] = text;
    return true;
}

/* One letter; `rest` is what follows it in its word. -1: go on; -2: it took a value from the rest or the next word. */
static int
short_option(char letter, const char *rest, const char *next, int *version, bool *took_next)
{
    RunConfig *c = &run_config;
    int *counters[128] = {['b'] = &c->bytes_warning, ['B'] = &c->dont_write_bytecode, ['d'] = &c->debug, ['O'] = &c->optimize,
                          ['q'] = &c->quiet, ['S'] = &c->no_site, ['v'] = &c->verbose,
                          ['P'] = &c->safe_path, ['E'] = &c->ignore_environment, ['V'] = version};
    if ((unsigned char)letter < 128 && counters[(int)letter]) {
        ++*counters[(int)letter];
        return -1;
    }
    switch (letter) {
    case 'i':
        c->inspect++;
        c->interactive++;
        return -1;
    case 's':
        c->no_user_site = 1;
        return -1;
    case 'I':
        c->isolated = c->ignore_environment = c->no_user_site = c->safe_path = 1;
        return -1;
    case 'u':
        c->unbuffered = true;
        return -1;
    case 'x':
        c->skip_first_line = true;
        return -1;
    case 'R':
        c->random_hashes = true;
        return -1;
    case 't': /* of no meaning since Python 3 */
        return -1;
    case 'W':
    case 'X':
    case 'c':
    case 'm': {
        const char *value = *rest ? rest : next;
        if (!value) {
            fprintf(stderr, "Argument expected for the -%c option\n", letter);
            return 2;
        }
        *took_next = !*rest;
        if (letter == 'W') {
            add_option(c->warn_options, &c->warn_count, value);
        } else if (letter == 'X') {
            add_option(c->x_options, &c->x_count, value);
        } else if (letter == 'c') {
            c->command = value;
        } else {
            c->module = value;
        }
        return -2;
    }
    case 'h':
    case '?':
        return 0;
    default:
        fprintf(stderr, "Unknown option: -%c\n", letter);
        return 2;
    }
}

/* A whole word; `next` may be null. -1: it took next as its value, and reading goes on; else the exit code. */
static int
long_option(char **argv, const char *word, const char *next)
{
    static const struct {
        const char *word;
        int parts;
    } helps[] = {{"--help", HELP_USAGE}, {"--help-env", HELP_ENVIRONMENT}, {"--help-xoptions", HELP_X_OPTIONS}, {"--help-all", HELP_ALL}};
    for (size_t i = 0; i < ARRAY_LEN(helps); i++) {
        if (strcmp(word, helps[i].word) == 0) {
            help_print(argv[0], helps[i].parts);
            return 0;
        }
    }
    if (strcmp(word, "--check-hash-based-pycs") != 0) {
        fprintf(stderr, "Unknown option: %s\n", word);
    } else if (!next) {
        fprintf(stderr, "Argument expected for the %s options\n", word);
    } else if (strcmp(next, "always") != 0 && strcmp(next, "default") != 0 && strcmp(next, "never") != 0) {
        fprintf(stderr, "%s must be one of 'default', 'always', or 'never'\n", word);
    } else {
        run_config.check_hash_pycs = next;
        return -1;
    }
    return help_usage_error(argv[0]);
}

static int
read_options(int argc, char **argv, int *used)
{
    RunConfig *c = &run_config;
    int i = 1, version = 0;
    for (; i < argc && !c->command && !c->module; i++) {
        const char *word = argv[i];
        if (word[0] != '-' || !word[1]) {
            break;
        }
        if (strcmp(word, "--") == 0) {
            i++;
            break;
        }
        if (strcmp(word, "--version") == 0) {
            version++;
            continue;
        }
        if (word[1] == '-') {
            int status = long_option(argv, word, argv[i + 1]);
            if (status >= 0) {
                return status;
            }
            i++; /* it took a value */
            continue;
        }
        for (const char *letter = word + 1; *letter; letter++) {
            bool took_next = false;
            int status = short_option(*letter, letter + 1, i + 1 < argc ? argv[i + 1] : NULL, &version, &took_next);
            if (status == 0) {
                help_print(argv[0], HELP_USAGE);
                return 0;
            }
            if (status > 0) {
                return help_usage_error(argv[0]);
            }
            i += took_next;
            if (status == -2) {
                break;
            }
        }
    }
    if (version) {
        print_version(version);
        return 0;
    }
    *used = i;
    return -1;
}

/* PYTHONWARNINGS comes before -W. */
static void
read_warnings(void)
{
    RunConfig *c = &run_config;
    const char *given = config_env("PYTHONWARNINGS");
    const char *later[64];
    int count = c->warn_count;
    memcpy(later, c->warn_options, sizeof later);
    c->warn_count = 0;
    if (c->dev_mode) {
        add_option(c->warn_options, &c->warn_count, "default");
    }
    char *copy = given ? strdup(given) : NULL; /* lives as long as the program */
    for (char *part = copy ? strtok(copy, ",") : NULL; part; part = strtok(NULL, ",")) {
        add_option(c->warn_options, &c->warn_count, part);
    }
    for (int i = 0; i < count; i++) {
        add_option(c->warn_options, &c->warn_count, later[i]);
    }
    if (c->bytes_warning) {
        add_option(c->warn_options, &c->warn_count, c->bytes_warning > 1 ? "error::BytesWarning" : "default::BytesWarning");
    }
}

/* The script's path from the root, as __file__ and messages show it. */
static void
set_script_path(const char *script)
{
    char folder[PATH_MAX];
    char *to = run_config.script_path;
    if (script[0] == '/' || !getcwd(folder, sizeof folder) ||
        snprintf(to, PATH_MAX, strcmp(folder, "/") == 0 ? "%s%s" : "%s/%s", folder, script) >= PATH_MAX) {
        snprintf(to, PATH_MAX, "%s", script);
    }
}

int
config_read(int argc, char **argv)
{
    RunConfig *c = &run_config;
    int used = 1, status;
    c->orig_argv = argv;
    c->orig_argc = argc;
    c->int_max_str_digits = 4300;
    c->check_hash_pycs = "default";
    c->hash_randomization = 1;
    c->thread_inherit_context = c->context_aware_warnings = 1;
    if ((status = read_options(argc, argv, &used)) >= 0) {
        return status;
    }
    locale_start();
    env_level("PYTHONDEBUG", &c->debug);
    env_level("PYTHONVERBOSE", &c->verbose);
    env_level("PYTHONOPTIMIZE", &c->optimize);
    env_level("PYTHONDONTWRITEBYTECODE", &c->dont_write_bytecode);
    env_level("PYTHONNOUSERSITE", &c->no_user_site);
    if (config_env("PYTHONSAFEPATH")) {
        c->safe_path = 1;
    }
    if (config_env("PYTHONINSPECT")) {
        c->inspect = 1;
    }
    if (config_env("PYTHONUNBUFFERED")) {
        c->unbuffered = true;
    }
    const char *seed = config_env("PYTHONHASHSEED");
    if (seed && !c->random_hashes && strcmp(seed, "random") != 0) {
        char *end;
        unsigned long n = strtoul(seed, &end, 10);
        if (*end || n > UINT32_MAX || *seed == '-') {
            return config_fatal("config_init_hash_seed", "PYTHONHASHSEED must be \"random\" or an integer in range [0; 4294967295]");
        }
        c->hash_randomization = n != 0;
    }
    c->path = config_env("PYTHONPATH");
    c->stdio_encoding = config_env("PYTHONIOENCODING");
    c->startup = config_env("PYTHONSTARTUP");
    if ((status = xoptions_read()) >= 0) {
        return status;
    }
    read_warnings();
    if (!c->command && !c->module && used < argc) {
        if (strcmp(argv[used], "-") != 0) {
            c->script = argv[used];
            set_script_path(argv[used]);
        }
        c->first = argv[used++];
    }
    c->argv = argv + used;
    c->argc = argc - used;
    find_executable(argv[0]);
    return find_library();
}
