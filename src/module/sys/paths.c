/* What sys says of the command line and of where things are. */
#include <string.h>

#include "base/utf8.h"
#include "object/bool.h"
#include "object/dict.h"
#include "object/list.h"
#include "object/str.h"
#include "object/tuple.h"
#include "sys_priv.h"

/* Text of the operating system: UTF-8, other bytes as lone surrogates (PEP 383). */
Own
sys_decode(const char *bytes)
{
    size_t n = strlen(bytes);
    if (ascii_run((const uint8_t *)bytes, n) == n) {
        return str_from_latin1((const uint8_t *)bytes, n);
    }
    StrBuilder b;
    str_builder_init(&b, (int64_t)n);
    const uint8_t *p = (const uint8_t *)bytes, *end = p + n;
    while (p < end) {
        Utf8Scan scan = utf8_scan(p, (size_t)(end - p), false);
        str_builder_utf8(&b, (const char *)p, scan.valid);
        p += scan.valid;
        if (p < end) {
            str_builder_char(&b, 0xDC00u + *p++);
        }
    }
    return str_builder_finish(&b);
}

static Own
decode_list(char *const *texts, int count)
{
    Own list = list_new(count);
    for (int i = 0; list && i < count; i++) {
        Own text = sys_decode(texts[i]);
        if (!text || list_append_own(list, text) < 0) {
            ref_clear(&list);
        }
    }
    return list;
}

/* sys.argv: what runs, then its arguments. */
static Own
make_argv(void)
{
    const RunConfig *c = &run_config;
    const char *first = c->command ? "-c" : c->module ? "-m" : c->first ? c->first : "";
    Own list = decode_list(c->argv, c->argc), name = list ? sys_decode(first) : NO_VALUE;
    if (!name || list_insert(list, 0, name) < 0) {
        drop_opt(list);
        list = NO_VALUE;
    }
    drop_opt(name);
    return list;
}

static int
append_path(Value list, const char *text, size_t n)
{
    char copy[4096];
    if (n >= sizeof copy) {
        return 0;
    }
    memcpy(copy, text, n);
    copy[n] = 0;
    Own path = sys_decode(copy);
    return path ? list_append_own(list, path) : -1;
}

/* sys.path without the program's own directory: PYTHONPATH, Weft's own Python modules, and the library. */
static Own
make_path(void)
{
    Own list = list_new(4);
    const char *p = run_config.path;
    while (list && p && *p) {
        const char *end = strchrnul(p, ':');
        if (append_path(list, p, (size_t)(end - p)) < 0) {
            ref_clear(&list);
        }
        p = *end ? end + 1 : end;
    }
    const char *const folders[] = {run_config.own_library, run_config.library};
    for (size_t i = 0; list && i < ARRAY_LEN(folders); i++) {
        if (folders[i][0] && append_path(list, folders[i], strlen(folders[i])) < 0) {
            ref_clear(&list);
        }
    }
    return list;
}

/* -X a=b -X c: {'a': 'b', 'c': True} */
static Own
make_xoptions(void)
{
    Own dict = dict_new();
    for (int i = 0; dict && i < run_config.x_count; i++) {
        const char *text = run_config.x_options[i], *equals = strchr(text, '=');
        Own key = equals ? str_from_wtf8(text, (size_t)(equals - text)) : sys_decode(text);
        Own value = equals ? sys_decode(equals + 1) : TRUE_VALUE;
        if (dict_set_own(dict, key, value) < 0) {
            ref_clear(&dict);
        }
    }
    return dict;
}

static Own
make_warnoptions(void)
{
    return decode_list((char *const *)run_config.warn_options, run_config.warn_count);
}

int
sys_add_paths(Value m)
{
    const RunConfig *c = &run_config;
    static const char *const prefixes[] = {"prefix", "exec_prefix", "base_prefix", "base_exec_prefix"};
    for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
        if (module_add(m, prefixes[i], sys_decode(c->prefix)) < 0) {
            return -1;
        }
    }
    return module_add(m, "executable", sys_decode(c->executable)) < 0 || module_add(m, "_base_executable", sys_decode(c->executable)) < 0 ||
                   module_add(m, "_stdlib_dir", sys_decode(c->library)) < 0 || module_add(m, "stdlib_module_names", sys_stdlib_names()) < 0 ||
                   module_add(m, "argv", make_argv()) < 0 ||
                   module_add(m, "orig_argv", decode_list(c->orig_argv, c->orig_argc)) < 0 || module_add(m, "path", make_path()) < 0 ||
                   module_add(m, "_xoptions", make_xoptions()) < 0 || module_add(m, "warnoptions", make_warnoptions()) < 0 ||
                   module_add(m, "dont_write_bytecode", bool_value(c->dont_write_bytecode)) < 0 ||
                   module_add(m, "pycache_prefix", c->pycache_prefix ? sys_decode(c->pycache_prefix) : NONE) < 0 ||
                   module_add(m, "meta_path", list_new(4)) < 0 || module_add(m, "path_hooks", list_new(4)) < 0 ||
                   module_add(m, "path_importer_cache", dict_new()) < 0 || module_add_cstr(m, "_framework", "") < 0 ||
                   module_add(m, "_git", tuple_pack(3, NAME(Weft), (Value)str_empty, (Value)str_empty)) < 0
               ? -1
               : 0;
}
