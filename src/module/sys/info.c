/* The constant part of sys: versions, limits, flags. Made once, at start-up. */
#include <float.h>
#include <unistd.h>

#include "heap/world.h"
#include "object/bool.h"
#include "object/dict.h"
#include "object/float.h"
#include "object/int.h"
#include "object/list.h"
#include "object/str.h"
#include "object/structseq.h"
#include "object/tuple.h"
#include "object/type.h"
#include "sys_priv.h"

#define SEQ(variable, full_name, hidden, document, ...)                                            \
    static const StructSeqField variable##_fields[] = {__VA_ARGS__};                               \
    static const StructSeqDef variable = {full_name,   document, variable##_fields,                \
                                          ARRAY_LEN(variable##_fields), ARRAY_LEN(variable##_fields) - (hidden), true}

SEQ(flags_def, "sys.flags", 3, "What the command line and the environment asked for.", {"debug", "-d"}, {"inspect", "-i"},
    {"interactive", "-i"}, {"optimize", "-O or -OO"}, {"dont_write_bytecode", "-B"}, {"no_user_site", "-s"}, {"no_site", "-S"},
    {"ignore_environment", "-E"}, {"verbose", "-v"}, {"bytes_warning", "-b"}, {"quiet", "-q"}, {"hash_randomization", "-R"},
    {"isolated", "-I"}, {"dev_mode", "-X dev"}, {"utf8_mode", "-X utf8"}, {"warn_default_encoding", "-X warn_default_encoding"},
    {"safe_path", "-P"}, {"int_max_str_digits", "-X int_max_str_digits"}, {"gil", "-X gil"},
    {"thread_inherit_context", "-X thread_inherit_context"}, {"context_aware_warnings", "-X context_aware_warnings"});
SEQ(version_info_def, "sys.version_info", 0, "The version of the language.", {"major", "Major release number"},
    {"minor", "Minor release number"}, {"micro", "Patch release number"}, {"releaselevel", "'alpha', 'beta', 'candidate', or 'final'"},
    {"serial", "Serial release number"});
SEQ(float_info_def, "sys.float_info", 0, "The limits of floats.", {"max", "DBL_MAX"}, {"max_exp", "DBL_MAX_EXP"},
    {"max_10_exp", "DBL_MAX_10_EXP"}, {"min", "DBL_MIN"}, {"min_exp", "DBL_MIN_EXP"}, {"min_10_exp", "DBL_MIN_10_EXP"},
    {"dig", "DBL_DIG"}, {"mant_dig", "DBL_MANT_DIG"}, {"epsilon", "DBL_EPSILON"}, {"radix", "FLT_RADIX"}, {"rounds", "FLT_ROUNDS"});
SEQ(int_info_def, "sys.int_info", 0, "How ints are kept.", {"bits_per_digit", "bits in a digit"}, {"sizeof_digit", "bytes of a digit"},
    {"default_max_str_digits", "the limit at start-up"}, {"str_digits_check_threshold", "the least limit that can be set"});
SEQ(hash_info_def, "sys.hash_info", 0, "How hashes are made.", {"width", "bits"}, {"modulus", "prime modulus of numeric hashes"},
    {"inf", "hash of infinity"}, {"nan", "unused"}, {"imag", "multiplier of the imaginary part"}, {"algorithm", "of str and bytes"},
    {"hash_bits", "its internal size"}, {"seed_bits", "of its key"}, {"cutoff", "size of small strings hashed otherwise"});
SEQ(thread_info_def, "sys.thread_info", 0, "How threads are made.", {"name", "the implementation"}, {"lock", "of locks"},
    {"version", "of the library"});

/* A struct sequence of a type of its own; values are eaten. */
static Own
make_seq(const StructSeqDef *def, Own *values)
{
    Type *type = structseq_type(def);
    if (!type) {
        return NO_VALUE;
    }
    return structseq_new(type, values);
}

static Own
make_version_info(void)
{
    Own values[] = {small_int(WEFT_PYTHON_HEX >> 24), small_int(WEFT_PYTHON_HEX >> 16 & 0xFF), small_int(WEFT_PYTHON_HEX >> 8 & 0xFF),
                    str_from_cstr("final"), small_int(0)};
    return make_seq(&version_info_def, values);
}

static Own
make_flags(void)
{
    const RunConfig *c = &run_config;
    Own values[] = {
        small_int(c->debug), small_int(c->inspect), small_int(c->interactive), small_int(c->optimize),
        small_int(c->dont_write_bytecode), small_int(c->no_user_site), small_int(c->no_site), small_int(c->ignore_environment),
        small_int(c->verbose), small_int(c->bytes_warning), small_int(c->quiet), small_int(c->hash_randomization),
        small_int(c->isolated), bool_value(c->dev_mode), small_int(c->utf8_mode), small_int(c->warn_default_encoding),
        bool_value(c->safe_path), small_int(c->int_max_str_digits), c->gil_given ? small_int(c->gil) : NONE, small_int(c->thread_inherit_context),
        small_int(c->context_aware_warnings),
    };
    return make_seq(&flags_def, values);
}

static Own
make_float_info(void)
{
    Own values[] = {float_new(DBL_MAX), small_int(DBL_MAX_EXP), small_int(DBL_MAX_10_EXP), float_new(DBL_MIN), small_int(DBL_MIN_EXP),
                    small_int(DBL_MIN_10_EXP), small_int(DBL_DIG), small_int(DBL_MANT_DIG), float_new(DBL_EPSILON), small_int(2),
                    small_int(1)};
    return make_seq(&float_info_def, values);
}

static Own
make_int_info(void)
{
    Own values[] = {small_int(64), small_int(8), small_int(4300), small_int(640)};
    return make_seq(&int_info_def, values);
}

static Own
make_hash_info(void)
{
    Own values[] = {small_int(64), int_from_i64(((int64_t)1 << 61) - 1), small_int(314159), small_int(0), small_int(1000003),
                    str_from_cstr("siphash13"), small_int(64), small_int(128), small_int(0)};
    return make_seq(&hash_info_def, values);
}

static Own
make_thread_info(void)
{
    char version[64];
    size_t n = confstr(_CS_GNU_LIBPTHREAD_VERSION, version, sizeof version);
    Own values[] = {str_from_cstr("pthread"), NONE /* futexes */, n && n <= sizeof version ? str_from_cstr(version) : NONE};
    return make_seq(&thread_info_def, values);
}

/* types.SimpleNamespace(name='weft', ...) */
static Own
make_implementation(Value version_info)
{
    Own ns_type = sys_simple_namespace_type();
    Own names = tuple_pack(6, NAME(name), NAME(cache_tag), NAME(version), NAME(hexversion), NAME(_multiarch),
                           NAME(supports_isolated_interpreters));
    Own tag = str_from_cstr(SYS_CACHE_TAG), multiarch = str_from_cstr(WEFT_MULTIARCH);
    Own result = NO_VALUE;
    if (ns_type && names && tag && multiarch) {
        Value args[] = {NAME(weft), tag, version_info, small_int(WEFT_PYTHON_HEX), multiarch, FALSE_VALUE};
        result = object_call(ns_type, args, 0, names);
    }
    drop_opt(ns_type);
    drop_opt(names);
    drop_opt(tag);
    drop_opt(multiarch);
    return result;
}

static Own
make_builtin_names(void)
{
    Own names = list_new(0);
    for (size_t i = 0; names && builtin_module_defs[i]; i++) {
        if (list_append_own(names, str_intern_cstr(builtin_module_defs[i]->name)) < 0) {
            ref_clear(&names);
        }
    }
    if (names && list_sort(names, NONE, false) < 0) {
        ref_clear(&names);
    }
    Own tuple = names ? list_to_tuple(names) : NO_VALUE;
    drop_opt(names);
    return tuple;
}

int
sys_add_info(Value m)
{
    Own version_info = make_version_info();
    if (module_add(m, "version_info", own_opt(version_info)) < 0 ||
        module_add(m, "implementation", version_info ? make_implementation(version_info) : NO_VALUE) < 0) {
        drop_opt(version_info);
        return -1;
    }
    drop(version_info);
#if defined(__clang__)
#define COMPILER "Clang " __clang_version__
#else
#define COMPILER "GCC " __VERSION__
#endif
    return module_add_cstr(m, "version", WEFT_PYTHON_VERSION " free-threading build (Weft " WEFT_VERSION ") [" COMPILER "]") < 0 ||
                   module_add_int(m, "hexversion", WEFT_PYTHON_HEX) < 0 || module_add_int(m, "api_version", 1013) < 0 ||
                   module_add_cstr(m, "copyright", "Copyright (c) 2026 The Weft authors. Python is a trademark of the Python Software Foundation.") < 0 ||
                   module_add_cstr(m, "platform", "linux") < 0 || module_add_cstr(m, "byteorder", "little") < 0 ||
                   module_add_cstr(m, "abiflags", "t") < 0 || module_add_cstr(m, "float_repr_style", "short") < 0 ||
                   module_add_cstr(m, "platlibdir", "lib") < 0 || module_add(m, "maxsize", int_from_i64(INT64_MAX)) < 0 ||
                   module_add_int(m, "maxunicode", 0x10FFFF) < 0 || module_add(m, "flags", make_flags()) < 0 ||
                   module_add(m, "float_info", make_float_info()) < 0 || module_add(m, "int_info", make_int_info()) < 0 ||
                   module_add(m, "hash_info", make_hash_info()) < 0 || module_add(m, "thread_info", make_thread_info()) < 0 ||
                   module_add(m, "builtin_module_names", make_builtin_names()) < 0 ||
                   module_add(m, "stdlib_module_names", sys_library_names()) < 0
               ? -1
               : 0;
}
