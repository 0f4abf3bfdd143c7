/* The module unicodedata, over base/unicode.h: functions for today's database, and the same as methods of the object ucd_3_2_0 for
 * that of Unicode 3.2. No state. */
#include "base/unicode.h"
#include "object/buffer.h"
#include "object/float.h"
#include "object/int.h"
#include "object/module.h"
#include "object/str.h"
#include "object/str_priv.h"
#include "object/type.h"

typedef struct Ucd {
    Object head;
} Ucd;

static Type ucd_old_type;

#include "unicodedata.spec.h"

/* The character that v is; first: it is the first of two parameters. -1 + TypeError */
static int64_t
take_char(const char *function, Value v, bool first)
{
    const char *number = first ? " 1" : "";
    if (!is_str(v)) {
        return raise_int(&exc_TypeError, "%s() argument%s must be a unicode character, not %T", function, number, v);
    }
    if (as_str(v)->length != 1) {
        return raise_int(&exc_TypeError, "%s(): argument%s must be a unicode character, not a string of length %zd", function,
                         number, as_str(v)->length);
    }
    return str_char_at(as_str(v), 0);
}

/* What the database in question says of a character that it does not know. */
static const UnicodeRecord unassigned = {.category = UNICODE_CN, .decimal = -1, .digit = -1};

static const UnicodeRecord *
record_of(bool old, uint32_t c)
{
    return old && !unicode_is(c, UNICODE_IN_3_2) ? &unassigned : unicode_record(c);
}

static bool
is_known(bool old, uint32_t c)
{
    return !old || unicode_is(c, UNICODE_IN_3_2);
}

/* -- properties -- */

static Own
get_bidirectional(bool old, Value chr)
{
    int64_t c = take_char("bidirectional", chr, false);
    return c < 0                           ? NO_VALUE
           : !is_known(old, (uint32_t)c) ? own(str_empty)
                                           : str_from_cstr(unicode_bidi_names[unicode_record((uint32_t)c)->bidi]);
}

static Own
get_category(bool old, Value chr)
{
    int64_t c = take_char("category", chr, false);
    return c < 0 ? NO_VALUE : str_from_cstr(unicode_category_names[record_of(old, (uint32_t)c)->category]);
}

static Own
get_combining(bool old, Value chr)
{
    int64_t c = take_char("combining", chr, false);
    return c < 0 ? NO_VALUE : small_int(record_of(old, (uint32_t)c)->combining);
}

static Own
get_mirrored(bool old, Value chr)
{
    int64_t c = take_char("mirrored", chr, false);
    return c < 0 ? NO_VALUE : small_int((record_of(old, (uint32_t)c)->flags & UNICODE_MIRRORED) != 0);
}

static Own
get_east_asian_width(bool old, Value chr)
{
    int64_t c = take_char("east_asian_width", chr, false);
    return c < 0                           ? NO_VALUE
           : !is_known(old, (uint32_t)c) ? str_from_cstr("N")
                                           : str_from_cstr(unicode_width_names[unicode_record((uint32_t)c)->width]);
}

/* A value, or the default, or ValueError. */
static Own
value_or(bool has, Own value, Value otherwise, const char *message)
{
    return has ? value : otherwise ? own(otherwise) : raise_msg(&exc_ValueError, message);
}

static Own
get_decimal(bool old, Value chr, Value otherwise)
{
    int64_t c = take_char("decimal", chr, true);
    int value = c < 0 ? -1 : record_of(old, (uint32_t)c)->decimal;
    return c < 0 ? NO_VALUE : value_or(value >= 0, small_int(value), otherwise, "not a decimal");
}

static Own
get_digit(bool old, Value chr, Value otherwise)
{
    int64_t c = take_char("digit", chr, true);
    int value = c < 0 ? -1 : record_of(old, (uint32_t)c)->digit;
    return c < 0 ? NO_VALUE : value_or(value >= 0, small_int(value), otherwise, "not a digit");
}

static Own
get_numeric(bool old, Value chr, Value otherwise)
{
    int64_t c = take_char("numeric", chr, true);
    if (c < 0) {
        return NO_VALUE;
    }
    unsigned number = record_of(old, (uint32_t)c)->number;
    return value_or(number != 0, number ? float_new(unicode_numbers[number]) : NO_VALUE, otherwise, "not a numeric character");
}

static Own
get_decomposition(bool old, Value chr)
{
    int64_t c = take_char("decomposition", chr, false);
    uint32_t to[UNICODE_DECOMPOSITION_MAX];
    const char *tag = "";
    if (c < 0) {
        return NO_VALUE;
    }
    unsigned n = is_known(old, (uint32_t)c) ? unicode_decomposition((uint32_t)c, to, &tag) : 0;
    if (c >= 0xAC00 && c <= 0xD7A3 && n == 3) { /* in one step: the syllable without its last consonant, and that */
        to[0] = (uint32_t)(c - (c - 0xAC00) % 28);
        to[1] = to[2];
        n = 2;
    }
    StrBuilder b;
    str_builder_init(&b, 8 * n);
    if (n && *tag) {
        str_builder_fmt(&b, "<%s>", tag);
    }
    for (unsigned i = 0; i < n; i++) {
        char text[12];
        int length = snprintf(text, sizeof text, "%s%04X", i || *tag ? " " : "", to[i]);
        str_builder_ascii(&b, text, (size_t)length);
    }
    return str_builder_finish(&b);
}

/* -- names -- */

static Own
get_name(bool old, Value chr, Value otherwise)
{
    char text[UNICODE_NAME_MAX];
    int64_t c = take_char("name", chr, true);
    if (c < 0) {
        return NO_VALUE;
    }
    size_t n = is_known(old, (uint32_t)c) ? unicode_name((uint32_t)c, text) : 0;
    return value_or(n != 0, n ? str_from_latin1((const uint8_t *)text, n) : NO_VALUE, otherwise, "no such name");
}

static Own
find_name(const char *text, size_t n)
{
    uint32_t to[UNICODE_SEQUENCE_MAX];
    if (n > 256) {
        Own message = str_from_cstr("name too long");
        if (message) {
            raise_key_error(message);
            drop(message);
        }
        return NO_VALUE;
    }
    unsigned count = unicode_lookup(text, n, to);
    if (count) {
        return str_from_ucs4(to, count);
    }
    Own name = str_from_utf8(text, n), message = name ? str_fmt("undefined character name '%U'", (Value)name) : NO_VALUE;
    if (message) {
        raise_key_error(message);
    }
    drop_opt(name);
    drop_opt(message);
    return NO_VALUE;
}

static Own
get_lookup(bool old UNUSED, Value name)
{
    if (is_str(name)) {
        size_t n;
        const char *text = str_utf8(name, &n);
        return text ? find_name(text, n) : NO_VALUE;
    }
    Buffer b;
    if (buffer_get_still(name, &b) < 0) {
        return NO_VALUE;
    }
    Own result = find_name((const char *)b.data, (size_t)b.length);
    buffer_release(&b);
    return result;
}

/* -- normal forms -- */

/* fail: -1 + ValueError */
static int
take_form(Value form)
{
    static const char *const names[] = {"NFC", "NFD", "NFKC", "NFKD"};
    static const UnicodeForm forms[] = {UNICODE_NFC, UNICODE_NFD, UNICODE_NFKC, UNICODE_NFKD};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (str_equals_cstr(form, names[i])) {
            return (int)forms[i];
        }
    }
    return raise_int(&exc_ValueError, "invalid normalization form");
}

static int
check_strs(const char *function, Value form, Value text)
{
    if (!is_str(form) || !is_str(text)) {
        return raise_int(&exc_TypeError, "%s() argument %d must be str, not %T", function, is_str(form) ? 2 : 1,
                         is_str(form) ? text : form);
    }
    return 0;
}

static Own
normalized(int form, bool old, Value text)
{
    const Str *s = as_str(text);
    CodePoints out = {0};
    if (unicode_normalize((UnicodeForm)form, s->data, s->width, (size_t)s->length, old, &out) < 0) {
        return raise_no_memory();
    }
    Own result = str_from_ucs4(out.data, out.len);
    codepoints_free(&out);
    return result;
}

static UnicodeQuick
quick_check(int form, bool old, Value text)
{
    const Str *s = as_str(text);
    return s->ascii ? UNICODE_QUICK_YES
           : old    ? UNICODE_QUICK_MAYBE
                    : unicode_quick_check((UnicodeForm)form, s->data, s->width, (size_t)s->length);
}

static Own
get_normalize(bool old, Value form_arg, Value text)
{
    if (check_strs("normalize", form_arg, text) < 0) {
        return NO_VALUE;
    }
    if (as_str(text)->length == 0) {
        return str_exact(text);
    }
    int form = take_form(form_arg);
    return form < 0                                                ? NO_VALUE
           : quick_check(form, old, text) == UNICODE_QUICK_YES ? str_exact(text)
                                                                   : normalized(form, old, text);
}

static Own
get_is_normalized(bool old, Value form_arg, Value text)
{
    if (check_strs("is_normalized", form_arg, text) < 0) {
        return NO_VALUE;
    }
    int form = take_form(form_arg);
    if (form < 0) {
        return NO_VALUE;
    }
    UnicodeQuick quick = quick_check(form, old, text);
    if (quick != UNICODE_QUICK_MAYBE) {
        return bool_value(quick == UNICODE_QUICK_YES);
    }
    Own other = normalized(form, old, text);
    if (!other) {
        return NO_VALUE;
    }
    bool same = str_equal(as_str(text), as_str(other));
    drop(other);
    return bool_value(same);
}

/* -- functions and methods -- */

#define ONE(name)                                                                                  \
    Own ucd_##name(Value module UNUSED, Value a) { return get_##name(false, a); }                  \
    Own ucd_old_py_##name(Ucd *self UNUSED, Value a) { return get_##name(true, a); }
#define TWO(name)                                                                                  \
    Own ucd_##name(Value module UNUSED, Value a, Value b) { return get_##name(false, a, b); }      \
    Own ucd_old_py_##name(Ucd *self UNUSED, Value a, Value b) { return get_##name(true, a, b); }
ONE(bidirectional)
ONE(category)
ONE(combining)
ONE(decomposition)
ONE(east_asian_width)
ONE(lookup)
ONE(mirrored)
TWO(decimal)
TWO(digit)
TWO(numeric)
TWO(name)
TWO(normalize)
TWO(is_normalized)

Own
ucd_old_get_unidata_version(Ucd *self UNUSED)
{
    return str_from_cstr("3.2.0");
}

static void
ucd_old_dealloc(Object *o)
{
    object_free(o);
}

static Type ucd_old_type = {
    .name = "unicodedata.UCD",
    .flags = TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(Ucd),
    .slots = {.dealloc = ucd_old_dealloc},
    .methods = ucd_old_methods,
    .getsets = ucd_old_getsets,
    .spec_doc = ucd_old_doc,
};

/* The library's stringprep, and with it the codec idna, works with this version alone. A build on older data, which has fewer characters,
 * says the same. */
static const char library_version[] = "16.0.0";

static int
ucd_exec(Value m)
{
    return module_add_type(m, &ucd_old_type) < 0 || module_add_cstr(m, "unidata_version", library_version) < 0
               ? -1
               : module_add(m, "ucd_3_2_0", type_alloc(&ucd_old_type, 0));
}

const ModuleDef module_unicodedata = {
    .name = "unicodedata",
    .doc = ucd_module_doc,
    .functions = ucd_functions,
    .exec = ucd_exec,
};
