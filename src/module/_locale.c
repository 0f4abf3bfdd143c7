/* The module _locale.
 *
 * Threads: the locale is the process's, and the C library's functions that read it give pointers into it; all of them are called with
 * locale_lock held, and what they give is copied before it is let go. */
#include <errno.h>
#include <langinfo.h>
#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "heap/world.h"
#include "module/exception_class.h"
#include "module/source_arg.h"
#include "module/sys/sys_priv.h"
#include "object/bytes.h"
#include "object/codec.h"
#include "object/dict.h"
#include "object/list.h"
#include "object/module.h"
#include "object/str.h"

#include "_locale.spec.h"

static Mutex locale_lock;
static Own locale_error; /* the class; immutable once the module is made */

/* A copy of text, to be freed; null for null, or without memory. */
static char *
copy_text(const char *text)
{
    return text ? strdup(text) : NULL;
}

/* The str of a copy, which is freed; null is None. own: ret new */
static Own
take_text(char *text)
{
    Own v = text ? sys_decode(text) : NONE;
    free(text);
    return v;
}

static Own
raise_locale(const char *message)
{
    Own text = str_from_cstr(message), exc = text ? call1(locale_error, text) : NO_VALUE;
    drop_opt(text);
    if (exc) {
        raise_object(exc, NO_VALUE);
        drop(exc);
    }
    return NO_VALUE;
}

Own
locale_setlocale(Value module UNUSED, int category, const char *locale)
{
    detach();
    mutex_lock(&locale_lock);
    char *result = copy_text(setlocale(category, locale));
    mutex_unlock(&locale_lock);
    attach();
    if (!result) {
        return raise_locale(locale ? "unsupported locale setting" : "locale query failed");
    }
    return take_text(result);
}

/* -- localeconv -- */

/* [3, 3, 0]: the sizes of groups of digits. own: ret new */
static Own
grouping_list(const char *sizes)
{
    Own list = list_new(0);
    if (!*sizes) {
        return list;
    }
    for (;; sizes++) { /* the last one repeats (0), or says to stop (CHAR_MAX) */
        if (!list || list_append_own(list, small_int(*sizes)) < 0) {
            drop_opt(list);
            return NO_VALUE;
        }
        if (*sizes == 0 || *sizes == CHAR_MAX) {
            return list;
        }
    }
}

enum { TEXTS = 8, GROUPINGS = 2, NUMBERS = 14 };

Own
locale_localeconv(Value module UNUSED)
{
    static const char *const text_names[TEXTS] = {"decimal_point",     "thousands_sep", "int_curr_symbol", "currency_symbol",
                                                  "mon_decimal_point", "mon_thousands_sep", "positive_sign", "negative_sign"};
    static const char *const grouping_names[GROUPINGS] = {"grouping", "mon_grouping"};
    static const char *const number_names[NUMBERS] = {
        "int_frac_digits", "frac_digits", "p_cs_precedes", "p_sep_by_space", "n_cs_precedes", "n_sep_by_space", "p_sign_posn",
        "n_sign_posn"};
    detach();
    mutex_lock(&locale_lock);
    const struct lconv *l = localeconv();
    char *texts[TEXTS] = {copy_text(l->decimal_point),     copy_text(l->thousands_sep), copy_text(l->int_curr_symbol),
                          copy_text(l->currency_symbol),   copy_text(l->mon_decimal_point), copy_text(l->mon_thousands_sep),
                          copy_text(l->positive_sign),     copy_text(l->negative_sign)};
    char *groupings[GROUPINGS] = {copy_text(l->grouping), copy_text(l->mon_grouping)};
    char numbers[NUMBERS] = {l->int_frac_digits, l->frac_digits,    l->p_cs_precedes, l->p_sep_by_space,
                             l->n_cs_precedes,   l->n_sep_by_space, l->p_sign_posn,   l->n_sign_posn};
    mutex_unlock(&locale_lock);
    attach();
    Own d = dict_new();
    bool ok = d != NO_VALUE;
    for (int i = 0; i < TEXTS; i++) {
        Own text = take_text(texts[i]);
        ok = (ok && text ? dict_set_cstr(d, text_names[i], text) : -1) == 0;
        drop_opt(text);
    }
    for (int i = 0; i < GROUPINGS; i++) {
        Own list = ok && groupings[i] ? grouping_list(groupings[i]) : NO_VALUE;
        ok = (list ? dict_set_cstr(d, grouping_names[i], list) : -1) == 0;
        drop_opt(list);
        free(groupings[i]);
    }
    for (int i = 0; ok && i < NUMBERS && number_names[i]; i++) {
        ok = dict_set_cstr(d, number_names[i], small_int(numbers[i])) == 0;
    }
    if (!ok) {
        ref_clear(&d);
    }
    return d;
}

/* -- collation -- */

/* The str as wide characters, to be freed. fail: null + ValueError, MemoryError */
static wchar_t *
wide_text(Value v, size_t *length)
{
    const Str *s = as_str(v);
    wchar_t *wide = malloc(((size_t)s->length + 1) * sizeof *wide);
    if (!wide) {
        raise_no_memory();
        return NULL;
    }
    for (int64_t i = 0; i < s->length; i++) {
        wide[i] = (wchar_t)str_char_at(s, i);
        if (!wide[i]) {
            free(wide);
            raise_msg(&exc_ValueError, "embedded null character");
            return NULL;
        }
    }
    wide[s->length] = 0;
    if (length) {
        *length = (size_t)s->length;
    }
    return wide;
}

Own
locale_strcoll(Value module UNUSED, Value os1, Value os2)
{
    wchar_t *a = wide_text(os1, NULL), *b = a ? wide_text(os2, NULL) : NULL;
    Own result = NO_VALUE;
    if (b) {
        mutex_lock(&locale_lock);
        int order = wcscoll(a, b);
        mutex_unlock(&locale_lock);
        result = small_int(order);
    }
    free(a);
    free(b);
    return result;
}

Own
locale_strxfrm(Value module UNUSED, Value string)
{
    size_t length;
    wchar_t *wide = wide_text(string, &length);
    if (!wide) {
        return NO_VALUE;
    }
    mutex_lock(&locale_lock);
    errno = 0;
    size_t size = wcsxfrm(NULL, wide, 0);
    wchar_t *key = errno && errno != ERANGE ? NULL : malloc((size + 1) * sizeof *key);
    int error = errno;
    if (key) {
        size = wcsxfrm(key, wide, size + 1);
    }
    mutex_unlock(&locale_lock);
    free(wide);
    if (!key) {
        return error ? raise_errno(error) : raise_no_memory();
    }
    /* The C library's keys may have words that are no characters: what counts is their order. */
    for (size_t i = 0; i < size; i++) {
        if ((uint32_t)key[i] > 0x10FFFF) {
            free(key);
            return raise_msg(&exc_ValueError, "character is not in range [U+0000; U+10ffff]");
        }
    }
    Own result = str_from_ucs4((const uint32_t *)key, size);
    free(key);
    return result;
}

/* -- langinfo -- */

#define ITEM(name) {#name, name}
static const struct {
    const char *name;
    int key;
} items[] = {
    ITEM(DAY_1),    ITEM(DAY_2),    ITEM(DAY_3),    ITEM(DAY_4),     ITEM(DAY_5),   ITEM(DAY_6),   ITEM(DAY_7),     ITEM(ABDAY_1),
    ITEM(ABDAY_2),  ITEM(ABDAY_3),  ITEM(ABDAY_4),  ITEM(ABDAY_5),   ITEM(ABDAY_6), ITEM(ABDAY_7), ITEM(MON_1),     ITEM(MON_2),
    ITEM(MON_3),    ITEM(MON_4),    ITEM(MON_5),    ITEM(MON_6),     ITEM(MON_7),   ITEM(MON_8),   ITEM(MON_9),     ITEM(MON_10),
    ITEM(MON_11),   ITEM(MON_12),   ITEM(ABMON_1),  ITEM(ABMON_2),   ITEM(ABMON_3), ITEM(ABMON_4), ITEM(ABMON_5),   ITEM(ABMON_6),
    ITEM(ABMON_7),  ITEM(ABMON_8),  ITEM(ABMON_9),  ITEM(ABMON_10),  ITEM(ABMON_11), ITEM(ABMON_12), ITEM(RADIXCHAR), ITEM(THOUSEP),
    ITEM(CRNCYSTR), ITEM(D_FMT),    ITEM(D_T_FMT),  ITEM(T_FMT),     ITEM(AM_STR),  ITEM(PM_STR),  ITEM(CODESET),   ITEM(T_FMT_AMPM),
    ITEM(ERA),      ITEM(ERA_D_FMT), ITEM(ERA_D_T_FMT), ITEM(ERA_T_FMT), ITEM(ALT_DIGITS), ITEM(YESEXPR), ITEM(NOEXPR), ITEM(_DATE_FMT),
};

/* ALT_DIGITS is up to a hundred texts one after the other, ERA any number with an empty one at the end; ';' goes between them. */
static char *
copy_list(const char *text, int most)
{
    size_t size = 0;
    const char *p = text;
    for (int i = 0; i < most && *p; i++) {
        p += strlen(p) + 1;
    }
    size = (size_t)(p - text);
    char *copy = malloc(size + 1);
    if (copy) {
        memcpy(copy, text, size);
        copy[size] = 0;
        for (size_t i = 0; i + 1 < size; i++) {
            copy[i] = copy[i] ? copy[i] : ';';
        }
    }
    return copy;
}

Own
locale_nl_langinfo(Value module UNUSED, int key)
{
    size_t i = 0;
    while (i < ARRAY_LEN(items) && items[i].key != key) {
        i++;
    }
    if (i == ARRAY_LEN(items)) {
        return raise_msg(&exc_ValueError, "unsupported langinfo constant");
    }
    detach();
    mutex_lock(&locale_lock);
    const char *text = nl_langinfo(key);
    char *copy = key == ALT_DIGITS ? copy_list(text, 100) : key == ERA ? copy_list(text, INT_MAX) : copy_text(text ? text : "");
    mutex_unlock(&locale_lock);
    attach();
    return copy ? take_text(copy) : raise_no_memory();
}

Own
locale_getencoding(Value module UNUSED)
{
    detach();
    mutex_lock(&locale_lock);
    char *text = copy_text(nl_langinfo(CODESET));
    mutex_unlock(&locale_lock);
    attach();
    if (!text || !*text) {
        free(text);
        return str_from_cstr("utf-8");
    }
    return take_text(text);
}

/* -- translations -- */

Own
locale_gettext(Value module UNUSED, const char *msg)
{
    return sys_decode(gettext(msg));
}

Own
locale_dgettext(Value module UNUSED, const char *domain, const char *msg)
{
    return sys_decode(dgettext(domain, msg));
}

Own
locale_dcgettext(Value module UNUSED, const char *domain, const char *msg, int category)
{
    return sys_decode(dcgettext(domain, msg, category));
}

Own
locale_textdomain(Value module UNUSED, const char *domain)
{
    errno = 0;
    const char *current = textdomain(domain);
    return current ? sys_decode(current) : raise_errno(errno);
}

Own
locale_bindtextdomain(Value module UNUSED, const char *domain, Value dir)
{
    if (!*domain) {
        return raise_locale("domain must be a non-empty string");
    }
    Own path = NO_VALUE, bytes = NO_VALUE;
    if (dir != NONE) {
        path = fs_decode(dir);
        bytes = path ? codec_encode(path, "utf-8", "surrogateescape") : NO_VALUE;
        drop_opt(path);
        if (!bytes) {
            return NO_VALUE;
        }
    }
    errno = 0;
    const char *current = bindtextdomain(domain, bytes ? (const char *)as_bytes(bytes)->data : NULL);
    Own result = current ? sys_decode(current) : raise_errno(errno);
    drop_opt(bytes);
    return result;
}

Own
locale_bind_textdomain_codeset(Value module UNUSED, const char *domain, const char *codeset)
{
    const char *current = bind_textdomain_codeset(domain, codeset);
    return current ? sys_decode(current) : NONE;
}

static int
locale_exec(Value module)
{
    static const struct {
        const char *name;
        int value;
    } categories[] = {ITEM(LC_CTYPE),    ITEM(LC_TIME), ITEM(LC_COLLATE), ITEM(LC_MONETARY),
                      ITEM(LC_MESSAGES), ITEM(LC_NUMERIC), ITEM(LC_ALL), ITEM(CHAR_MAX)};
    for (size_t i = 0; i < ARRAY_LEN(categories); i++) {
        if (module_add_int(module, categories[i].name, categories[i].value) < 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(items); i++) {
        if (module_add_int(module, items[i].name, items[i].key) < 0) {
            return -1;
        }
    }
    if (!locale_error) {
        locale_error = exception_class_new("locale", "Error", VALUE(&exc_Exception), NULL);
    }
    return locale_error ? module_add(module, "Error", own(locale_error)) : -1;
}

const ModuleDef module__locale = {
    .name = "_locale",
    .doc = locale_module_doc,
    .functions = locale_functions,
    .exec = locale_exec,
};
