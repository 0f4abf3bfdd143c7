/* How the program was started: what the command line and the environment say. Filled by src/main before the first module, immutable after. */
#ifndef WEFT_MODULE_SYS_CONFIG_H
#define WEFT_MODULE_SYS_CONFIG_H

#include "base/attr.h"

#define SYS_CACHE_TAG "weft-314" /* in the names of .pyc files: sys.implementation.cache_tag */

typedef struct RunConfig {
    /* sys.flags */
    int debug, inspect, interactive, optimize, dont_write_bytecode, no_user_site, no_site, ignore_environment, verbose,
        bytes_warning, quiet, hash_randomization, isolated, dev_mode, utf8_mode, warn_default_encoding, safe_path;
    int int_max_str_digits;
    int thread_inherit_context, context_aware_warnings;
    bool gil;       /* -X gil=1 */
    bool gil_given; /* -X gil=0 or 1 */
    bool show_stats; /* -X stats: a counting build says at the end what it counted */
    uint32_t thread_granularity; /* PYTHON_THREAD_GRANULARITY: world_give_way(); 0: off */
    uint64_t thread_seed;
    int cpu_count;  /* -X cpu_count; -1 = the system's */
    int tracemalloc; /* -X tracemalloc: frames of a traceback; 0 = off */
    int import_time; /* -X importtime: 1, 2 = cached modules, too */
    bool no_debug_ranges;
    bool no_remote_debug; /* -X disable-remote-debug: no scripts of other processes */
    bool faulthandler; /* -X faulthandler, or dev */
    bool stdio_surrogates; /* bytes that are not UTF-8 pass through the standard files */
    bool c_locale; /* the environment asked for the C locale: UTF-8 is used all the same */
    bool unbuffered, skip_first_line, frozen_modules;
    bool random_hashes;          /* -R: whatever PYTHONHASHSEED says */
    const char *check_hash_pycs; /* --check-hash-based-pycs */
    /* what to run: one of them, or standard input */
    const char *command, *module, *script;
    const char *first;       /* the word for the script, "-" too: sys.argv[0] */
    char script_path[4096];  /* of the script, absolute */
    /* lists; null-terminated */
    char **argv;       /* sys.argv[1:] */
    int argc;
    char **orig_argv;
    int orig_argc;
    const char *warn_options[64]; /* -W and PYTHONWARNINGS, in their order */
    int warn_count;
    const char *x_options[64];    /* -X texts */
    int x_count;
    /* paths, absolute, UTF-8 (surrogateescape); empty when unknown */
    char executable[4096], prefix[4096], library[4096], own_library[4096];
    const char *pycache_prefix;
    const char *stdio_encoding; /* PYTHONIOENCODING */
    const char *path;           /* PYTHONPATH */
    const char *startup;        /* PYTHONSTARTUP */
} RunConfig;

extern RunConfig run_config;

#define WEFT_PYTHON_VERSION "3.14.8"
#define WEFT_PYTHON_HEX 0x030E08F0
#if defined(__x86_64__)
#define WEFT_MULTIARCH "x86_64-linux-gnu"
#elif defined(__aarch64__)
#define WEFT_MULTIARCH "aarch64-linux-gnu"
#else
#error "unknown processor: what does Debian call it?"
#endif
#define WEFT_SOABI "weft-314t-" WEFT_MULTIARCH /* of extension modules, in the names of their files */

#endif
