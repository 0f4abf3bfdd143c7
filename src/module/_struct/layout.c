/* Reading format strings into layouts (layout.h). No state. */
#include "module/_struct/layout.h"

#include <ctype.h>

#include "object/str.h"

typedef struct CodeInfo {
    char code;
    uint8_t native, align; /* bytes in native mode, and their alignment */
    uint8_t standard;      /* bytes in the other modes; 0 = only in native mode */
} CodeInfo;

static const CodeInfo code_infos[] = {
    {'x', 1, 1, 1}, {'b', 1, 1, 1}, {'B', 1, 1, 1}, {'c', 1, 1, 1}, {'s', 1, 1, 1}, {'p', 1, 1, 1}, {'?', 1, 1, 1},
    {'h', 2, 2, 2}, {'H', 2, 2, 2}, {'i', 4, 4, 4}, {'I', 4, 4, 4}, {'l', 8, 8, 4}, {'L', 8, 8, 4},
    {'q', 8, 8, 8}, {'Q', 8, 8, 8}, {'n', 8, 8, 0}, {'N', 8, 8, 0}, {'P', 8, 8, 0},
    {'e', 2, 2, 2}, {'f', 4, 4, 4}, {'d', 8, 8, 8}, {'F', 8, 4, 8}, {'D', 16, 8, 16},
};

_Static_assert(sizeof(long) == 8 && sizeof(void *) == 8 && sizeof(int) == 4, "the sizes above");

static const CodeInfo *
code_info(char code, bool native)
{
    for (size_t i = 0; i < ARRAY_LEN(code_infos); i++) {
        if (code_infos[i].code == code && (native || code_infos[i].standard)) {
            return &code_infos[i];
        }
    }
    return NULL;
}

typedef struct Reader {
    const char *at, *end;
    Value error;
    bool native, little;
} Reader;

/* One item, and where the next one begins. 1 read, 0 at the end, -1 failed. *size: bytes so far */
static int
read_item(Reader *r, LayoutItem *item, int64_t *size)
{
    while (r->at < r->end && isspace((unsigned char)*r->at)) {
        r->at++;
    }
    if (r->at == r->end) {
        return 0;
    }
    int64_t count = 1;
    if (*r->at >= '0' && *r->at <= '9') {
        for (count = 0; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++) {
            if (__builtin_mul_overflow(count, 10, &count) ||
                __builtin_add_overflow(count, *r->at - '0', &count)) {
                goto too_long;
            }
        }
        if (r->at == r->end) {
            return raise_int((Type *)obj(r->error), "repeat count given without format specifier");
        }
    }
    const CodeInfo *info = code_info(*r->at++, r->native);
    if (!info) {
        return raise_int((Type *)obj(r->error), "bad char in struct format");
    }
    int64_t one = r->native ? info->native : info->standard, start = *size, bytes;
    if (r->native) {
        if (start > INT64_MAX - info->align) {
            goto too_long;
        }
        start = (start + info->align - 1) / info->align * info->align;
    }
    if (__builtin_mul_overflow(one, count, &bytes) || __builtin_add_overflow(start, bytes, size)) {
        goto too_long;
    }
    bool text = info->code == 's' || info->code == 'p';
    *item = (LayoutItem){start, text ? 1 : count, text ? bytes : one, info->code};
    return 1;
too_long:
    return raise_int((Type *)obj(r->error), "total struct size too long");
}

Own
layout_new(Value error, const char *format, size_t length)
{
    Reader r = {format, format + length, error, true, __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__};
    if (memchr(format, 0, length)) {
        return raise_msg((Type *)obj(error), "embedded null character");
    }
    if (length && strchr("<>!=@", *format)) {
        r.native = *format == '@';
        r.little = *format == '<' || ((*format == '=' || *format == '@') && r.little);
        r.at++;
    }
    /* No more items than letters. */
    Own bytes = bytes_new(NULL, sizeof(Layout) + length * sizeof(LayoutItem));
    if (!bytes) {
        return NO_VALUE;
    }
    Layout *layout = (Layout *)as_bytes(bytes)->data;
    *layout = (Layout){.little = r.little};
    LayoutItem item;
    int status;
    while ((status = read_item(&r, &item, &layout->size)) > 0) {
        if (item.code == 'x') {
            continue;
        }
        if (__builtin_add_overflow(layout->values, item.count, &layout->values)) {
            status = raise_int((Type *)obj(error), "total struct size too long");
            break;
        }
        layout->items[layout->length++] = item;
    }
    if (status < 0) {
        drop(bytes);
        return NO_VALUE;
    }
    return bytes_shrink(bytes, (int64_t)sizeof(Layout) + layout->length * (int64_t)sizeof(LayoutItem));
}
