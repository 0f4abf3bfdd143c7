/* _json: the scanner, from text to objects.
 *
 * Threads: a scanner never changes; all else of a scan is on its own stack. Keys that were seen before in the same text are
 * found in a table of the scan, so that equal keys are one str, mostly without making it first. */
#include "base/number.h"
#include "module/_json/json.h"
#include "object/args.h"
#include "object/dict.h"
#include "object/float.h"
#include "object/int.h"
#include "object/list.h"
#include "object/tuple.h"
#include "object/type.h"

typedef struct Scanner {
    Object head;
    bool strict;
    Own object_hook, object_pairs_hook, parse_float, parse_int, parse_constant;
} Scanner; /* immutable */

#include "scanner.spec.h"

#define KEYS_SEEN 256

typedef struct Scan {
    const Scanner *s;
    Value text; /* a str */
    const Str *str;
    Own keys[KEYS_SEEN]; /* by a hash of their characters; NO_VALUE = none */
} Scan;

static Own scan_value(Scan *scan, int64_t at, int64_t *end);

static inline uint32_t
char_at(const Scan *scan, int64_t at) /* 0 behind the end */
{
    return at < scan->str->length ? str_char_at(scan->str, at) : 0;
}

static inline int64_t
skip_spaces(const Scan *scan, int64_t at)
{
    uint32_t c;
    while ((c = char_at(scan, at)) == ' ' || c == '\n' || c == '\t' || c == '\r') {
        at++;
    }
    return at;
}

static Own
stop_at(int64_t at)
{
    Own where = int_from_i64(at);
    if (where) {
        raise_stop_iteration(where);
        drop(where);
    }
    return NO_VALUE;
}

/* -- keys -- */

static ALWAYS_INLINE size_t
key_slot(const uint8_t *text, int64_t n)
{
    uint64_t h = (uint64_t)n * 0x9E3779B97F4A7C15;
    for (int64_t i = 0; i < n; i++) {
        h = (h ^ text[i]) * 0x100000001B3;
    }
    return (h ^ h >> 29) % KEYS_SEEN;
}

/* The key that begins at `at`, behind its quote. own: ret new */
static Own
scan_key(Scan *scan, int64_t at, int64_t *end)
{
    const Str *str = scan->str;
    if (str->width == 1) {
        const uint8_t *from = str->data + at;
        int64_t most = str->length - at < 64 ? str->length - at : 64, n = 0;
        while (n < most && from[n] != '"' && from[n] != '\\' && from[n] >= ' ') {
            n++;
        }
        if (n < most && from[n] == '"') {
            Own *seen = &scan->keys[key_slot(from, n)];
            const Str *key = *seen ? as_str(*seen) : NULL;
            if (!key || key->length != n || memcmp(key->data, from, (size_t)n) != 0) {
                Own fresh = str_from_latin1(from, (size_t)n);
                if (!fresh) {
                    return NO_VALUE;
                }
                drop_opt(*seen);
                *seen = fresh;
            }
            *end = at + n + 1;
            return own(*seen);
        }
    }
    Own key = json_scan_string(scan->text, at, scan->s->strict, end);
    if (key) {
        const Str *k = as_str(key);
        Own *seen = &scan->keys[key_slot(k->data, k->length * k->width)];
        if (*seen && str_equal(as_str(*seen), k)) {
            drop(key);
            return own(*seen);
        }
        drop_opt(*seen);
        *seen = own(key);
    }
    return key;
}

/* -- numbers -- */

/* The text from start to end, ASCII, as C text in small or in fresh memory. */
static char *
number_text(const Scan *scan, int64_t start, int64_t end, char *small, size_t room)
{
    size_t n = (size_t)(end - start);
    char *text = n < room ? small : mem_alloc(n + 1);
    for (size_t i = 0; text && i < n; i++) {
        text[i] = (char)str_char_at(scan->str, start + (int64_t)i);
    }
    if (text) {
        text[n] = 0;
    }
    return text;
}

static Own
make_number(const Scan *scan, int64_t start, int64_t end, bool is_float_text)
{
    Value parse = is_float_text ? scan->s->parse_float : scan->s->parse_int;
    if (parse != VALUE(is_float_text ? &float_type : &int_type)) {
        Own text = str_substring(scan->text, start, end);
        Own v = text ? call1(parse, text) : NO_VALUE;
        drop_opt(text);
        return v;
    }
    char small[64];
    char *text = number_text(scan, start, end, small, sizeof small);
    Own v = NO_VALUE;
    double d;
    if (text && is_float_text) {
        double_parse(text, text + (end - start), &d);
        v = float_new(d);
    } else if (text) {
        v = int_from_text(text, (size_t)(end - start), 10);
    }
    if (text != small) {
        mem_free(text);
    }
    return v;
}

static inline bool
is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static Own
scan_number(const Scan *scan, int64_t start, int64_t *end)
{
    int64_t at = start + (char_at(scan, start) == '-');
    bool fraction = false;
    if (char_at(scan, at) == '0') {
        at++;
    } else if (is_digit(char_at(scan, at))) {
        int64_t value = 0, first = at;
        for (; is_digit(char_at(scan, at)); at++) {
            value = at - first < 18 ? value * 10 + (int64_t)(char_at(scan, at) - '0') : 0;
        }
        uint32_t c = char_at(scan, at);
        if (at - first <= 18 && c != '.' && c != 'e' && c != 'E' && scan->s->parse_int == VALUE(&int_type)) {
            *end = at;
            return small_int(first == start ? value : -value);
        }
    } else {
        return stop_at(start);
    }
    if (char_at(scan, at) == '.' && is_digit(char_at(scan, at + 1))) {
        fraction = true;
        for (at += 2; is_digit(char_at(scan, at)); at++) {
        }
    }
    if ((char_at(scan, at) | 0x20) == 'e') {
        int64_t digits = at + 1;
        digits += char_at(scan, digits) == '-' || char_at(scan, digits) == '+';
        if (is_digit(char_at(scan, digits))) {
            fraction = true;
            for (at = digits; is_digit(char_at(scan, at)); at++) {
            }
        }
    }
    *end = at;
    return make_number(scan, start, at, fraction);
}

/* -- the rest -- */

static bool
has_word(const Scan *scan, int64_t at, const char *word)
{
    for (; *word; word++, at++) {
        if (char_at(scan, at) != (uint8_t)*word) {
            return false;
        }
    }
    return true;
}

static Own
scan_array(Scan *scan, int64_t at, int64_t *end)
{
    Own list = list_new(0);
    if (!list) {
        return NO_VALUE;
    }
    at = skip_spaces(scan, at);
    if (char_at(scan, at) == ']') {
        *end = at + 1;
        return list;
    }
    for (;;) {
        Own item = scan_value(scan, at, &at);
        if (!item || list_append_own(list, item) < 0) {
            break;
        }
        at = skip_spaces(scan, at);
        uint32_t c = char_at(scan, at);
        if (c == ']') {
            *end = at + 1;
            return list;
        }
        if (c != ',') {
            json_raise("Expecting ',' delimiter", scan->text, at);
            break;
        }
        int64_t comma = at;
        at = skip_spaces(scan, at + 1);
        if (char_at(scan, at) == ']') {
            json_raise("Illegal trailing comma before end of array", scan->text, comma);
            break;
        }
    }
    drop(list);
    return NO_VALUE;
}

/* One pair, into a dict or a list of pairs. fail: -1 */
static int
scan_pair(Scan *scan, Value into, bool pairs, int64_t *at)
{
    Own key = scan_key(scan, *at + 1, at);
    if (!key) {
        return -1;
    }
    *at = skip_spaces(scan, *at);
    if (char_at(scan, *at) != ':') {
        drop(key);
        json_raise("Expecting ':' delimiter", scan->text, *at);
        return -1;
    }
    Own value = scan_value(scan, skip_spaces(scan, *at + 1), at);
    if (!value) {
        drop(key);
        return -1;
    }
    if (!pairs) {
        return dict_set_own(into, key, value);
    }
    Own both[] = {key, value};
    Own pair = tuple_from_own(both, 2);
    return pair ? list_append_own(into, pair) : -1;
}

static Own
scan_members(Scan *scan, Own into, bool pairs, int64_t at, int64_t *end)
{
    at = skip_spaces(scan, at);
    if (char_at(scan, at) == '}') {
        *end = at + 1;
        return into;
    }
    int64_t comma = -1;
    for (;;) {
        if (char_at(scan, at) != '"') {
            if (comma >= 0 && char_at(scan, at) == '}') {
                json_raise("Illegal trailing comma before end of object", scan->text, comma);
            } else {
                json_raise("Expecting property name enclosed in double quotes", scan->text, at);
            }
            break;
        }
        if (scan_pair(scan, into, pairs, &at) < 0) {
            break;
        }
        at = skip_spaces(scan, at);
        uint32_t c = char_at(scan, at);
        if (c == '}') {
            *end = at + 1;
            return into;
        }
        if (c != ',') {
            json_raise("Expecting ',' delimiter", scan->text, at);
            break;
        }
        comma = at;
        at = skip_spaces(scan, at + 1);
    }
    drop(into);
    return NO_VALUE;
}

static Own
scan_object(Scan *scan, int64_t at, int64_t *end)
{
    bool pairs = scan->s->object_pairs_hook != NONE;
    Value hook = pairs ? scan->s->object_pairs_hook : scan->s->object_hook;
    Own into = pairs ? list_new(0) : dict_new();
    into = into ? scan_members(scan, into, pairs, at, end) : NO_VALUE;
    if (!into || hook == NONE) {
        return into;
    }
    Own v = call1(hook, into);
    drop(into);
    return v;
}

static Own
scan_constant(const Scan *scan, const char *word, int64_t at, int64_t *end)
{
    Own text = str_from_cstr(word), v = text ? call1(scan->s->parse_constant, text) : NO_VALUE;
    drop_opt(text);
    *end = at + (int64_t)strlen(word);
    return v;
}

static Own
scan_value(Scan *scan, int64_t at, int64_t *end)
{
    if (at >= scan->str->length) {
        return stop_at(at);
    }
    uint32_t c = str_char_at(scan->str, at);
    switch (c) {
    case '"':
        return json_scan_string(scan->text, at + 1, scan->s->strict, end);
    case '{':
        return c_stack_ok() ? scan_object(scan, at + 1, end) : NO_VALUE;
    case '[':
        return c_stack_ok() ? scan_array(scan, at + 1, end) : NO_VALUE;
    case 'n':
        if (has_word(scan, at, "null")) {
            *end = at + 4;
            return NONE;
        }
        break;
    case 't':
        if (has_word(scan, at, "true")) {
            *end = at + 4;
            return TRUE_VALUE;
        }
        break;
    case 'f':
        if (has_word(scan, at, "false")) {
            *end = at + 5;
            return FALSE_VALUE;
        }
        break;
    case 'N':
        if (has_word(scan, at, "NaN")) {
            return scan_constant(scan, "NaN", at, end);
        }
        break;
    case 'I':
        if (has_word(scan, at, "Infinity")) {
            return scan_constant(scan, "Infinity", at, end);
        }
        break;
    case '-':
        if (has_word(scan, at, "-Infinity")) {
            return scan_constant(scan, "-Infinity", at, end);
        }
        break;
    default:
        break;
    }
    return scan_number(scan, at, end);
}

/* -- the object -- */

static Own
scanner_call(Value self, Value const *args, size_t nargs, Value kwnames)
{
    static const char *const names[] = {"string", "idx"};
    static const ArgsSpec spec = {"scan_once", names, 2, 0, 2, 3, false, false};
    Value slots[2];
    if (args_parse(&spec, args, nargs, kwnames, slots, NULL) < 0) {
        return NO_VALUE;
    }
    int64_t at = object_as_ssize(slots[1]), end;
    if (at == -1 && exc_pending()) {
        return NO_VALUE;
    }
    if (!is_str(slots[0])) {
        return raise_fmt(&exc_TypeError, "first argument must be a string, not %T", slots[0]);
    }
    if (at < 0) {
        return raise_msg(&exc_ValueError, "idx cannot be negative");
    }
    Scan scan;
    scan.s = (const Scanner *)obj(self);
    scan.text = slots[0];
    scan.str = as_str(slots[0]);
    memset(scan.keys, 0, sizeof scan.keys);
    Own v = scan_value(&scan, at, &end);
    for (size_t i = 0; i < KEYS_SEEN; i++) {
        drop_opt(scan.keys[i]);
    }
    if (!v) {
        return NO_VALUE;
    }
    Own both[] = {v, int_from_i64(end)};
    return tuple_from_own(both, 2);
}

Own
json_scanner_make(Type *cls, Value context)
{
    Own strict = object_getattr_cstr(context, "strict");
    int truth = strict ? object_truth(strict) : -1;
    drop_opt(strict);
    Own v = truth < 0 ? NO_VALUE : type_alloc(cls, 0);
    if (!v) {
        return NO_VALUE;
    }
    Scanner *s = (Scanner *)obj(v);
    s->strict = truth;
    static const char *const names[] = {"object_hook", "object_pairs_hook", "parse_float", "parse_int", "parse_constant"};
    Own *fields[] = {&s->object_hook, &s->object_pairs_hook, &s->parse_float, &s->parse_int, &s->parse_constant};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        Own part = object_getattr_cstr(context, names[i]);
        if (!part) {
            drop(v);
            return NO_VALUE;
        }
        ref_init(&s->head, fields[i], part);
    }
    return v;
}

Own
json_scanner_get_strict(Scanner *self)
{
    return bool_value(self->strict);
}

#define GETTER(name)                                                                               \
    Own json_scanner_get_##name(Scanner *self)                                                     \
    {                                                                                              \
        return own(self->name);                                                                    \
    }
GETTER(object_hook)
GETTER(object_pairs_hook)
GETTER(parse_float)
GETTER(parse_int)
GETTER(parse_constant)

static int
scanner_traverse(Object *o, Visit visit, void *arg)
{
    Scanner *s = (Scanner *)o;
    VISIT(s->object_hook);
    VISIT(s->object_pairs_hook);
    VISIT(s->parse_float);
    VISIT(s->parse_int);
    VISIT(s->parse_constant);
    return 0;
}

/* None in place of what a circle may go through: a scanner that is still called then raises TypeError. */
static void
scanner_clear(Object *o)
{
    Scanner *s = (Scanner *)o;
    Own *fields[] = {&s->object_hook, &s->object_pairs_hook, &s->parse_float, &s->parse_int, &s->parse_constant};
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        ref_store(o, fields[i], NONE);
    }
}

static void
scanner_dealloc(Object *o)
{
    Scanner *s = (Scanner *)o;
    Own *fields[] = {&s->object_hook, &s->object_pairs_hook, &s->parse_float, &s->parse_int, &s->parse_constant};
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        ref_clear(fields[i]);
    }
    object_free(o);
}

Type json_scanner_type = {
    .name = "_json.Scanner",
    .flags = TYPE_GC | TYPE_BASE,
    .basic_size = sizeof(Scanner),
    .slots = {
        .traverse = scanner_traverse,
        .clear = scanner_clear,
        .dealloc = scanner_dealloc,
        .create = json_scanner_create_slot,
        .call = scanner_call,
    },
    .methods = json_scanner_methods,
    .getsets = json_scanner_getsets,
    .spec_doc = json_scanner_doc,
};
