/* str: compact text. One, two or four bytes a character, whichever holds the largest; immutable
 * once published, so it is read without locks. The hash is cached (atomic, relaxed: every thread
 * computes the same). */
#ifndef WEFT_OBJECT_STR_H
#define WEFT_OBJECT_STR_H

#include <stddef.h>

#include "object/object.h"

enum { STR_INTERNED = 1, STR_HAS_UTF8 = 2 /* str_utf8 keeps its UTF-8 beside it */ };

typedef struct Str {
    Object head;
    int64_t length;       /* characters */
    _Atomic int64_t hash; /* -1 = not yet computed */
    uint8_t width;        /* bytes a character: 1, 2 or 4, the least that holds every character */
    uint8_t ascii;        /* all characters < 128 (then data is UTF-8, NUL-terminated) */
    _Atomic uint8_t interned; /* STR_*; STR_INTERNED: the only one with its text in the interned
                                 table, immortal: equality is identity; STR_HAS_UTF8 */
    _Alignas(4) uint8_t data[]; /* length characters and a NUL character; from STR_HEAD on, so that ten fit into 48 bytes */
} Str;

#define STR_HEAD offsetof(Str, data)

static ALWAYS_INLINE Str *
as_str(Value v)
{
    return (Str *)obj(v);
}

static ALWAYS_INLINE uint32_t
str_char_at(const Str *s, int64_t i)
{
    return s->width == 1   ? s->data[i]
           : s->width == 2 ? ((const uint16_t *)s->data)[i]
                           : ((const uint32_t *)s->data)[i];
}

extern Own str_empty; /* immortal "" */
/* Makes "", the single characters and the table of interned strs. Once, at start-up. fail: -1 */
int str_start(void);

NODISCARD Own str_from_utf8(const char *text, size_t bytes); /* fail: 0 + UnicodeDecodeError */
NODISCARD Own str_from_cstr(const char *text);
NODISCARD Own str_from_wtf8(
    const char *text, size_t bytes); /* lone surrogates allowed: names and constants of source */
NODISCARD Own str_from_latin1(const uint8_t *text, size_t length);
NODISCARD Own str_from_ucs4(const uint32_t *text, size_t length); /* narrowed */
NODISCARD Own str_from_char(uint32_t c);        /* single characters below 256 are immortal */
NODISCARD Own str_fmt(const char *format, ...); /* formats of object/error.h */
/* An uninitialised str to fill before anyone sees it. max_char decides the width. */
NODISCARD Str *str_new(int64_t length, uint32_t max_char);
/* The str itself, or the interned one of the same text; eats v. Names in code and attribute keys
 * are interned. */
NODISCARD Own str_intern(Own v);
int64_t str_interned_count(void);
static ALWAYS_INLINE bool
str_is_interned(Value v) /* (no runpy) */
{
    return (atomic_load_explicit(&as_str(v)->interned, memory_order_relaxed) & STR_INTERNED) != 0;
}
/* The interned str of v's text, or NO_VALUE (nothing pending) when nobody has interned it. borrow:
 * it is immortal (no runpy) */
Value str_find_interned(Value v);
/* An immortal interned str of a C string: for names known at compile time, see NAME below. */
NODISCARD Own str_intern_cstr(const char *text);

/* UTF-8 of v, NUL-terminated, valid while v lives (cached beside v where it is not ASCII). fail: 0
 * + UnicodeEncodeError for lone surrogates. length may be null; then a NUL inside raises ValueError
 * "embedded null character". */
NODISCARD const char *str_utf8(Value v, size_t *length);
bool str_equals_cstr(Value v, const char *ascii); /* (no runpy) */
bool str_equal(const Str *a, const Str *b);       /* (no runpy) */
int str_compare(const Str *a, const Str *b);      /* <0, 0, >0 by code points (no runpy) */
int64_t str_hash(Value v);                        /* (no runpy); never -1 */
NODISCARD Own str_concat(Value a, Value b);       /* both str */
/* a + b where a's only reference is the caller's: grows in place when it can. Eats a. */
NODISCARD Own str_append(Own a, Value b);
NODISCARD Own str_join(Value separator, Value iterable);
NODISCARD Own str_substring(Value v, int64_t start, int64_t stop);
int64_t str_find(Value v, Value needle, int64_t start, int64_t stop,
                 int direction); /* -1 = absent; direction 1 or -1 (no runpy) */
NODISCARD Own str_replace(Value v, Value from, Value to, int64_t count);
NODISCARD Own str_translate(Value v, Value table);
bool str_is_identifier(const Str *s);                /* (no runpy) */
NODISCARD Own str_format_value(Value v, Value spec); /* str.__format__ */
NODISCARD Own str_percent(Value format, Value args); /* "%d" % args */

/* Building text piece by piece. All but finish may be ignored: failure sticks until
 * str_builder_finish (or discard), and so does its exception, which is not pending meanwhile. */
typedef struct StrBuilder {
    Str *str; /* being filled; private */
    int64_t used, capacity;
    uint32_t max_char;
    bool failed;
    Own exc; /* why, or NO_VALUE while it is pending */
} StrBuilder;
void str_builder_init(StrBuilder *b, int64_t capacity_hint);
void str_builder_char(StrBuilder *b, uint32_t c);
void str_builder_fill(StrBuilder *b, uint32_t c, int64_t n); /* n times c */
void str_builder_ascii(StrBuilder *b, const char *text, size_t length);
void str_builder_latin1(StrBuilder *b, const uint8_t *text, int64_t length);
void str_builder_ucs4(StrBuilder *b, const uint32_t *chars, size_t n);
void str_builder_utf8(StrBuilder *b, const char *text, size_t bytes);
void str_builder_str(StrBuilder *b, Value v);
void str_builder_sub(StrBuilder *b, Value v, int64_t start, int64_t stop);
void str_builder_fmt(StrBuilder *b, const char *format, ...);
void str_builder_repr(StrBuilder *b, Value v); /* runpy */
NODISCARD Own str_builder_finish(StrBuilder *b);
void str_builder_discard(StrBuilder *b);
void str_builder_raise(StrBuilder *b); /* it failed: why is pending again, unless something else is */

/* NAME(append): the immortal interned str "append", made at the first use and kept in a static of
 * the place that asks. Borrowed; never fails: these need no memory but what is set aside for them. */
Own name_init(Own *cache, const char *text) COLD;
#define NAME(x)                                                                                    \
    ({                                                                                             \
        static Own name_cache_;                                                                    \
        Own name_ = __atomic_load_n(&name_cache_, __ATOMIC_ACQUIRE);                               \
        (Value)(LIKELY(name_ != NO_VALUE) ? name_ : name_init(&name_cache_, #x));                  \
    })

#endif
