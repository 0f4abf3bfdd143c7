/* -X options and the environment variables that say the same. The option wins. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/stats.h"
#include "main/config_priv.h"
#include "module/_tracemalloc/traces.h"

/* What follows the = of an option, "" without one; null when it was not given. The last one counts. */
static const char *
x_option(const char *name)
{
    size_t n = strlen(name);
    for (int i = run_config.x_count; i-- > 0;) {
        const char *text = run_config.x_options[i];
        if (strncmp(text, name, n) == 0 && (text[n] == 0 || text[n] == '=')) {
            return text[n] ? text + n + 1 : "";
        }
    }
    return NULL;
}

/* -X name=0|1. -1: go on */
static int
zero_or_one(const char *name, const char *variable, int *value)
{
    const char *option = x_option(name), *given = option ? option : config_env(variable);
    if (!given) {
        return -1;
    }
    if (strcmp(given, "0") != 0 && strcmp(given, "1") != 0) {
        char where[80];
        snprintf(where, sizeof where, "config_init_%s", name);
        return option ? config_fatal(where, "-X %s=n: n is missing or invalid", name)
                      : config_fatal(where, "%s=N: N is missing or invalid", variable);
    }
    *value = given[0] == '1';
    return -1;
}

static int
read_gil(void)
{
    const char *option = x_option("gil"), *given = option ? option : config_env("PYTHON_GIL");
    if (given) {
        if (strcmp(given, "0") != 0 && strcmp(given, "1") != 0) {
            return config_fatal("config_read_gil", "PYTHON_GIL / -X gil must be \"0\" or \"1\"");
        }
        run_config.gil = given[0] == '1';
        run_config.gil_given = true;
    }
    return -1;
}

static int
read_utf8(void)
{
    const char *option = x_option("utf8"), *given = option ? option : config_env("PYTHONUTF8");
    if (given && *given && strcmp(given, "0") != 0 && strcmp(given, "1") != 0) {
        return config_fatal("preconfig_init_utf8_mode",
                            option ? "invalid -X utf8 option value"
                                   : "invalid PYTHONUTF8 environment variable value");
    }
    run_config.utf8_mode = given ? strcmp(given, "0") != 0 : run_config.c_locale;
    return -1;
}

/* A decimal number of the whole text within bounds, else false. */
static bool
read_number(const char *text, long least, long most, long *number)
{
    char *end;
    *number = strtol(text, &end, 10);
    return *text && !*end && *number >= least && *number <= most;
}

static int
read_granularity(void)
{
    const char *every = config_env("PYTHON_THREAD_GRANULARITY"), *seed = config_env("PYTHON_THREAD_SEED");
    long n = 0, s = 0;
    if (every && !read_number(every, 0, INT_MAX / 2, &n)) {
        return config_fatal("config_read_granularity", "PYTHON_THREAD_GRANULARITY must be a number of safepoints");
    }
    if (seed && !read_number(seed, 0, LONG_MAX, &s)) {
        return config_fatal("config_read_granularity", "PYTHON_THREAD_SEED must be an integer");
    }
    run_config.thread_granularity = (uint32_t)n;
    run_config.thread_seed = (uint64_t)s;
    return -1;
}

static int
read_digits(void)
{
    const char *option = x_option("int_max_str_digits");
    const char *given = option ? option : config_env("PYTHONINTMAXSTRDIGITS");
    long n;
    if (given && (!read_number(given, 0, INT_MAX, &n) || (n && n < 640))) {
        return config_fatal("config_init_int_max_str_digits",
                            "%s: invalid limit; must be >= 640 or 0 for unlimited.",
                            option ? "-X int_max_str_digits" : "PYTHONINTMAXSTRDIGITS");
    }
    if (given) {
        run_config.int_max_str_digits = (int)n;
    }
    return -1;
}

static int
read_cpu_count(void)
{
    const char *option = x_option("cpu_count"), *given = option ? option : config_env("PYTHON_CPU_COUNT");
    long n = -1;
    if (given && strcmp(given, "default") != 0 && !read_number(given, 1, INT_MAX, &n)) {
        return config_fatal("config_init_cpu_count", "-X cpu_count=n option: n is missing or an "
                                                     "invalid number, n must be greater than 0");
    }
    run_config.cpu_count = (int)n;
    return -1;
}

static int
read_tracemalloc(void)
{
    const char *option = x_option("tracemalloc");
    const char *given = option ? (*option ? option : "1") : config_env("PYTHONTRACEMALLOC");
    long n = 0;
    if (given && !read_number(given, 0, TRACES_MAX_FRAMES, &n)) {
        return config_fatal("config_init_tracemalloc", "%s: invalid number of frames",
                            option ? "-X tracemalloc=NFRAME" : "PYTHONTRACEMALLOC");
    }
    run_config.tracemalloc = (int)n;
    return -1;
}

static int
read_import_time(void)
{
    const char *option = x_option("importtime");
    const char *given = option ? (*option ? option : "1") : config_env("PYTHONPROFILEIMPORTTIME");
    if (!given) {
        return -1;
    }
    if (option && strcmp(given, "1") != 0 && strcmp(given, "2") != 0) {
        return config_fatal("config_init_import_time",
                            "-X importtime: values other than 1 and 2 are reserved for future use.");
    }
    run_config.import_time = strcmp(given, "2") == 0 ? 2 : 1;
    return -1;
}

static int
read_frozen_modules(void)
{
    const char *option = x_option("frozen_modules");
    if (option && *option && strcmp(option, "on") != 0 && strcmp(option, "off") != 0) {
        fprintf(stderr, "Fatal Python error: bad value for option -X frozen_modules (expected \"on\" "
                        "or \"off\")\nPython runtime state: preinitialized\n\n");
        return 1;
    }
    run_config.frozen_modules = option && strcmp(option, "off") != 0;
    return -1;
}

static int
read_stats(void)
{
    run_config.show_stats = x_option("stats") != NULL;
    if (run_config.show_stats && !WITH_STATS) {
        fputs("weft: -X stats needs a counting build (meson setup -Dstats=true)\n", stderr);
        return 1;
    }
    return -1;
}

int
xoptions_read(void)
{
    RunConfig *c = &run_config;
    const char *dev = config_env("PYTHONDEVMODE");
    c->dev_mode = x_option("dev") != NULL || (dev && strcmp(dev, "0") != 0);
    int status;
    if ((status = read_gil()) >= 0 || (status = read_granularity()) >= 0 || (status = read_utf8()) >= 0 ||
        (status = zero_or_one("thread_inherit_context", "PYTHON_THREAD_INHERIT_CONTEXT",
                              &c->thread_inherit_context)) >= 0 ||
        (status = zero_or_one("context_aware_warnings", "PYTHON_CONTEXT_AWARE_WARNINGS",
                              &c->context_aware_warnings)) >= 0) {
        return status;
    }
    if ((status = read_digits()) >= 0 || (status = read_cpu_count()) >= 0 ||
        (status = read_tracemalloc()) >= 0 || (status = read_import_time()) >= 0 ||
        (status = read_frozen_modules()) >= 0 || (status = read_stats()) >= 0) {
        return status;
    }
    c->faulthandler = x_option("faulthandler") != NULL || config_env("PYTHONFAULTHANDLER") != NULL || c->dev_mode;
    c->warn_default_encoding =
        x_option("warn_default_encoding") != NULL || config_env("PYTHONWARNDEFAULTENCODING") != NULL;
    c->no_debug_ranges = x_option("no_debug_ranges") != NULL || config_env("PYTHONNODEBUGRANGES") != NULL;
    c->no_remote_debug = x_option("disable-remote-debug") != NULL || config_env("PYTHON_DISABLE_REMOTE_DEBUG") != NULL;
    const char *prefix = x_option("pycache_prefix");
    c->pycache_prefix = prefix ? (*prefix ? prefix : NULL) : config_env("PYTHONPYCACHEPREFIX");
    return -1;
}
