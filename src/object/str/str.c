/* The type str: making one from anything, and its slots. Methods are declared in str.pyi; they are
 * in find.c, split.c, case.c, ...
 *
 * A str never changes once others can see it, so nothing here takes a lock. Only str_append, whose
 * argument nobody else has, writes into a str that was finished. */
#include "base/unicode.h"
#include "base/utf8.h"
#include "object/codec.h"
#include "object/slice.h"
#include "object/str_iterator.h"
#include "object/str_priv.h"
#include "object/tuple.h"
#include "object/type.h"

#include "str.spec.h"

static const char str_type_doc[] =
    "str(object='') -> str\nstr(bytes_or_buffer[, encoding[, errors]]) -> str\n\n"
    "Text: an immutable sequence of characters, each a Unicode code point.\n\n"
    "With one argument, the text that the object itself gives (__str__), or its repr() where it "
    "gives none. With an encoding or errors\n"
    "given, the text that the bytes stand for; they are 'utf-8' and 'strict' where only the other "
    "one is given.";

/* -- making -- */

/* v as an exact str. own: ret new */
Own
str_exact(Value v)
{
    if (IS_EXACT(v, STR)) {
        return own(v);
    }
    const Str *s = as_str(v);
    return str_from_chars(s->data, s->width, s->length);
}

/* An instance of cls, a subclass of str, with this text (eaten; may be NO_VALUE after a
 * failure). */
static Own
str_subclass_new(Type *cls, Own text)
{
    if (!text) {
        return NO_VALUE;
    }
    const Str *from = as_str(text);
    size_t size = (size_t)(from->length + 1) * from->width;
    Own v = type_alloc(cls, (int64_t)size);
    if (v) {
        Str *s = as_str(v);
        s->length = from->length;
        s->width = from->width;
        s->ascii = from->ascii;
        atomic_store_explicit(&s->hash, atomic_load_explicit(&from->hash, memory_order_relaxed),
                              memory_order_relaxed);
        memcpy(s->data, from->data, size);
    }
    drop(text);
    return v;
}

static Own
str_decode_object(Value object, const char *encoding, const char *errors)
{
    if (is_str(object)) {
        return raise_msg(&exc_TypeError, "decoding str is not supported");
    }
    if (!object_has_buffer(object)) {
        return raise_fmt(&exc_TypeError, "decoding to str: need a bytes-like object, %T found",
                         object);
    }
    if (is_bytes(object) && as_bytes(object)->length == 0 && !codec_checks_names) { /* then no codec is asked for */
        return own(str_empty);
    }
    return codec_decode(object, encoding, errors);
}

Own
str_make(Type *cls, Value object, const char *encoding, const char *errors)
{
    Own text;
    if (!object) {
        text = str_empty;
    } else if (encoding || errors) {
        text = str_decode_object(object, encoding, errors);
    } else {
        text = object_str(object);
    }
    return cls == &str_type ? text : str_subclass_new(cls, text);
}

/* str(x) without keywords is the usual case, and counts its arguments with a message of its own. */
static Own
str_create(Type *cls, Value const *args, size_t nargs, Value kwnames)
{
    if (LIKELY(nargs == 1 && !kwnames)) {
        return str_make(cls, args[0], NULL, NULL);
    }
    if (cls == &str_type && nargs > 3) {
        return raise_fmt(&exc_TypeError, "str expected at most 3 arguments, got %zu", nargs);
    }
    for (size_t i = 1; i < nargs && !kwnames; i++) {
        if (!is_str(args[i])) {
            return raise_fmt(&exc_TypeError, "str() argument '%s' must be str, not %T", i == 1 ? "encoding" : "errors", args[i]);
        }
    }
    return str_create_slot(cls, args, nargs, kwnames);
}

/* -- repr -- */

/* How a character shows in a repr: itself, or an escape of at most 10 characters. Returns the
 * escape's length, 0 for itself. */
static int
repr_escape(uint32_t c, uint32_t quote, char out[12])
{
    static const char hex[] = "0123456789abcdef";
    char named = c == '\n'                 ? 'n'
                 : c == '\r'               ? 'r'
                 : c == '\t'               ? 't'
                 : c == '\\' || c == quote ? (char)c
                                           : 0;
    int digits = c < 0x100 ? 2 : c < 0x10000 ? 4 : 8;
    out[0] = '\\';
    if (named) {
        out[1] = named;
        return 2;
    }
    if (c >= ' ' && (c < 0x7F || (c > 0x7F && unicode_is(c, UNICODE_PRINTABLE)))) {
        return 0;
    }
    out[1] = digits == 2 ? 'x' : digits == 4 ? 'u' : 'U';
    for (int i = 0; i < digits; i++) {
        out[2 + i] = hex[c >> 4 * (digits - 1 - i) & 15];
    }
    return 2 + digits;
}

static Own
str_repr(Value v)
{
    const Str *s = as_str(v);
    bool single =
        text_find(str_text(v), (Text){(const uint8_t *)"'", 1, 1, false}, 0, s->length, 1) >= 0;
    bool both = single && text_find(str_text(v), (Text){(const uint8_t *)"\"", 1, 1, false}, 0,
                                    s->length, 1) >= 0;
    uint32_t quote = single && !both ? '"' : '\'';
    StrBuilder b;
    str_builder_init(&b, s->length + 2);
    str_builder_char(&b, quote);
    int64_t plain = 0; /* start of the run that shows as it is */
    for (int64_t i = 0; i < s->length; i++) {
        char escape[12];
        int n = repr_escape(str_char_at(s, i), quote, escape);
        if (n) {
            str_builder_sub(&b, v, plain, i);
            str_builder_ascii(&b, escape, (size_t)n);
            plain = i + 1;
        }
    }
    str_builder_sub(&b, v, plain, s->length);
    str_builder_char(&b, quote);
    return str_builder_finish(&b);
}

/* -- comparison and indexing -- */

static Own
str_richcompare(Value a, Value b, CompareOp op)
{
    if (!is_str(a) || !is_str(b)) {
        return own(NOTIMPLEMENTED);
    }
    if (op == CMP_EQ || op == CMP_NE) {
        return bool_value(str_equal(as_str(a), as_str(b)) == (op == CMP_EQ));
    }
    int c = str_compare(as_str(a), as_str(b));
    bool result = op == CMP_LT ? c < 0 : op == CMP_LE ? c <= 0 : op == CMP_GT ? c > 0 : c >= 0;
    return bool_value(result);
}

static int64_t
str_len(Value v)
{
    return as_str(v)->length;
}

static Own
str_seq_item(Value v, int64_t i)
{
    if (i < 0 || i >= as_str(v)->length) {
        return raise_msg(&exc_IndexError, "string index out of range");
    }
    return str_from_char(str_char_at(as_str(v), i));
}

static Own
str_slice(Value v, Value slice)
{
    int64_t start, stop, step;
    if (slice_unpack(slice, &start, &stop, &step) < 0) {
        return NO_VALUE;
    }
    const Str *s = as_str(v);
    int64_t n = slice_adjust(s->length, &start, &stop, step);
    if (step == 1) {
        return str_substring(v, start, start + n);
    }
    StrBuilder b;
    str_builder_init(&b, n);
    for (int64_t i = 0; i < n; i++, start = slice_next(start, step)) {
        str_builder_char(&b, str_char_at(s, start));
    }
    return str_builder_finish(&b);
}

static Own
str_getitem(Value v, Value key)
{
    int64_t i;
    if (IS_EXACT(key, SLICE)) {
        return str_slice(v, key);
    }
    if (!is_small_int(key) && !object_has_index(key)) {
        return raise_fmt(&exc_TypeError, "string indices must be integers, not '%T'", key);
    }
    if (index_value(key, &i) < 0) {
        return NO_VALUE;
    }
    return str_seq_item(v, i < 0 ? i + as_str(v)->length : i);
}

static int
str_contains(Value v, Value item)
{
    if (!is_str(item)) {
        return raise_int(&exc_TypeError, "'in <string>' requires string as left operand, not %T",
                         item);
    }
    return str_find(v, item, 0, as_str(v)->length, 1) >= 0;
}

/* -- + and * -- */

static Own
str_add(Value a, Value b)
{
    if (!is_str(b)) {
        return raise_fmt(&exc_TypeError, "can only concatenate str (not \"%T\") to str", b);
    }
    return str_concat(a, b);
}

static Own
str_repeat(Value v, int64_t n)
{
    const Str *s = as_str(v);
    if (n <= 0 || s->length == 0) {
        return str_empty;
    }
    if (n == 1) {
        return str_exact(v);
    }
    if (s->length > INT64_MAX / n) {
        return raise_msg(&exc_OverflowError, "repeated string is too long");
    }
    Str *r = str_new(s->length * n, str_max_bound(s));
    if (r) {
        size_t unit = (size_t)s->length * s->width, total = unit * (size_t)n, done = unit;
        memcpy(r->data, s->data, unit);
        while (done < total) { /* doubling what is there */
            size_t more = done < total - done ? done : total - done;
            memcpy(r->data + done, r->data, more);
            done += more;
        }
    }
    return OWN(r);
}

/* Characters that fit where s lies, the final NUL excluded. */
static int64_t
str_room(const Str *s)
{
    return (int64_t)((object_cell_size(&s->head) - STR_HEAD) / s->width) - 1;
}

/* Nobody else can have s, or ever get it. */
static bool
str_is_alone(const Str *s)
{
    return obj_is_mine(&s->head) && s->head.local == 1 &&
           atomic_load_explicit(&s->head.shared, memory_order_acquire) == 0 &&
           !(obj_flags(&s->head) & OBJ_IMMORTAL) &&
           !(atomic_load_explicit(&s->interned, memory_order_relaxed) & STR_HAS_UTF8);
}

/* Text that grows by appending has room for more after its end: an eighth of its length, so that n
 * appends copy O(n) characters. */
static Str *
str_new_roomy(const Str *from, int64_t length)
{
    int64_t spare = length > 64 ? length / 8 : 0;
    Str *s = str_new(length + spare, str_max_bound(from));
    if (s) {
        s->length = length;
        memcpy(s->data, from->data, (size_t)from->length * from->width);
    }
    return s;
}

Own
str_append(Own a, Value b)
{
    Str *s = as_str(a);
    const Str *more = as_str(b);
    if (s->length == 0 || more->length == 0 || !IS_EXACT(a, STR) || more->width > s->width ||
        !str_is_alone(s)) {
        Own joined = str_concat(a, b);
        drop(a);
        return joined;
    }
    int64_t length = s->length + more->length;
    if (length > str_room(s)) {
        Str *grown = str_new_roomy(s, length);
        if (!grown) {
            drop(a);
            return NO_VALUE;
        }
        chars_copy(grown->data + s->length * s->width, s->width, more->data, more->width,
                   (size_t)more->length);
        grown->ascii &= more->ascii;
        drop(a);
        return OWN(grown);
    }
    chars_copy(s->data + s->length * s->width, s->width, more->data, more->width,
               (size_t)more->length);
    memset(s->data + length * s->width, 0, s->width);
    s->length = length;
    s->ascii &= more->ascii;
    atomic_store_explicit(&s->hash, -1, memory_order_relaxed);
    return a;
}

static Own
str_mod(Value a, Value b)
{
    return is_str(a) ? str_percent(a, b) : own(NOTIMPLEMENTED);
}

/* -- the rest -- */

Own
str_py_encode(Str *self, const char *encoding, const char *errors)
{
    return codec_encode(VALUE(self), encoding, errors);
}

int64_t
str_py___sizeof__(Str *self)
{
    return (int64_t)object_cell_size(&self->head);
}

/* What copy and pickle call __new__ with: the text alone. */
Own
str_py___getnewargs__(Str *self)
{
    Own text = str_from_chars(self->data, self->width, self->length);
    return text ? tuple_from_own(&text, 1) : NO_VALUE;
}

static void
str_dealloc(Object *o)
{
    if (atomic_load_explicit(&((Str *)o)->interned, memory_order_relaxed) & STR_HAS_UTF8) {
        str_utf8_forget((Str *)o);
    }
    object_free(o);
}

Type str_type = {
    .name = "str",
    .root_shape = SHAPE_STR,
    .flags = TYPE_BASE | TYPE_STR_SUBCLASS | TYPE_MATCH_SELF,
    .basic_size = STR_HEAD,
    .item_size = 1,
    .slots =
        {
            .dealloc = str_dealloc,
            .create = str_create,
            .repr = str_repr,
            .str = str_exact,
            .hash = str_hash,
            .compare = str_richcompare,
            .iter = str_iter,
            .binary = {[OP_MOD] = str_mod},
            .len = str_len,
            .seq_item = str_seq_item,
            .getitem = str_getitem,
            .contains = str_contains,
            .concat = str_add,
            .repeat = str_repeat,
        },
    .methods = str_methods,
    .spec_doc = str_type_doc,
};
