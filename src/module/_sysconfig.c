/* The module _sysconfig: what the compiler knew. Weft's _sysconfigdata module (lib/) makes the rest of sysconfig's variables from it. Immutable. */
#include <stddef.h>
#include <sys/types.h>
#include <time.h>
#include <wchar.h>

#include "module/sys/config.h"
#include "object/dict.h"
#include "object/module.h"
#include "object/str.h"

#include "_sysconfig.spec.h"

#ifdef NDEBUG
#define IS_DEBUG 0
#else
#define IS_DEBUG 1
#endif
#ifdef __clang__
#define COMPILER "clang"
#else
#define COMPILER "gcc"
#endif

typedef struct ConfigVar {
    const char *name, *text; /* text null: a number */
    int64_t number;
} ConfigVar;

#define NUMBER(name, number) {name, NULL, number}
#define TEXT(name, text) {name, text, 0}
#define SIZE(name, type) NUMBER("SIZEOF_" name, sizeof(type)), NUMBER("ALIGNOF_" name, _Alignof(type))

static const ConfigVar config[] = {
    NUMBER("Py_GIL_DISABLED", 1), /* the GIL is off unless asked for: the free-threaded kind of interpreter */
    NUMBER("Py_DEBUG", IS_DEBUG),
    NUMBER("Py_TRACE_REFS", 0),
    NUMBER("Py_ENABLE_SHARED", 0),
    NUMBER("Py_REMOTE_DEBUG", 0),
    NUMBER("WITH_DOC_STRINGS", 1),
    NUMBER("WITH_PYMALLOC", 0),
    NUMBER("WITH_MIMALLOC", 1),
    NUMBER("WITH_DTRACE", 0),
    NUMBER("WITH_VALGRIND", 0),
    NUMBER("ENABLE_IPV6", 1),
    NUMBER("Py_HASH_ALGORITHM", 0),
    NUMBER("PY_COERCE_C_LOCALE", 0),
    NUMBER("HAVE_FORK", 1),
    NUMBER("HAVE_GETRANDOM", 1),
    NUMBER("HAVE_GETRANDOM_SYSCALL", 1),
    NUMBER("HAVE_GETENTROPY", 1),
    NUMBER("SIZEOF_PID_T", sizeof(pid_t)),
    NUMBER("SIZEOF_OFF_T", sizeof(off_t)),
    NUMBER("SIZEOF_TIME_T", sizeof(time_t)),
    NUMBER("SIZEOF_WCHAR_T", sizeof(wchar_t)),
    NUMBER("SIZEOF__BOOL", sizeof(_Bool)),
    NUMBER("SIZEOF_UINTPTR_T", sizeof(uintptr_t)),
    SIZE("SHORT", short),
    SIZE("INT", int),
    SIZE("LONG", long),
    SIZE("LONG_LONG", long long),
    SIZE("SIZE_T", size_t),
    SIZE("VOID_P", void *),
    SIZE("FLOAT", float),
    SIZE("DOUBLE", double),
    SIZE("LONG_DOUBLE", long double),
    SIZE("MAX_ALIGN_T", max_align_t),
    TEXT("CC", COMPILER),
    TEXT("CXX", COMPILER),
    TEXT("MULTIARCH", WEFT_MULTIARCH),
    TEXT("SOABI", WEFT_SOABI),
    TEXT("EXT_SUFFIX", "." WEFT_SOABI ".so"),
};

Own
sysconfig_config_vars(Value module UNUSED)
{
    Own vars = dict_new();
    for (size_t i = 0; vars && i < ARRAY_LEN(config); i++) {
        const ConfigVar *var = &config[i];
        if (dict_set_own(vars, str_from_cstr(var->name), var->text ? str_from_cstr(var->text) : small_int(var->number)) < 0) {
            ref_clear(&vars);
        }
    }
    return vars;
}

const ModuleDef module__sysconfig = {
    .name = "_sysconfig",
    .doc = sysconfig_module_doc,
    .functions = sysconfig_functions,
};
