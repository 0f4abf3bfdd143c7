/* The table of names.h: linear probing, at most three quarters full. */
#include "source/names.h"

#include "base/unicode.h"
#include "base/utf8.h"
#include <stdlib.h>

#define FIRST_SLOTS 64

static uint32_t
hash_text(const char *text, size_t len)
{
    uint64_t hash = len * 0x9E3779B97F4A7C15u;
    for (; len >= 8; text += 8, len -= 8) {
        uint64_t word;
        memcpy(&word, text, 8);
        hash = (hash ^ word) * 0xD6E8FEB86659FD93u;
        hash ^= hash >> 32;
    }
    uint64_t word = 0;
    memcpy(&word, text, len);
    hash = (hash ^ word) * 0xD6E8FEB86659FD93u;
    return (uint32_t)(hash ^ hash >> 32);
}

NameTable *
names_new(Arena *arena)
{
    NameTable *names = arena_alloc(arena, sizeof(*names));
    if (!names)
        return NULL;
    names->arena = arena;
    names->slots = arena_alloc(arena, FIRST_SLOTS * sizeof(*names->slots));
    names->mask = FIRST_SLOTS - 1;
    return names->slots ? names : NULL;
}

static bool
grow(NameTable *names)
{
    uint32_t mask = names->mask * 2 + 1;
    const Name **slots = arena_alloc(names->arena, (mask + (size_t)1) * sizeof(*slots));
    if (!slots)
        return false;
    for (uint32_t i = 0; i <= names->mask; i++) {
        const Name *name = names->slots[i];
        if (!name)
            continue;
        uint32_t at = name->hash & mask;
        while (slots[at])
            at = (at + 1) & mask;
        slots[at] = name;
    }
    names->slots = slots;
    names->mask = mask;
    return true;
}

const Name *
names_intern(NameTable *names, const char *text, size_t len)
{
    uint32_t hash = hash_text(text, len), at = hash & names->mask;
    for (const Name *name; (name = names->slots[at]); at = (at + 1) & names->mask)
        if (name->hash == hash && name->len == len && memcmp(name->text, text, len) == 0)
            return name;
    if (len >= UINT32_MAX)
        return NULL;
    Name *name = arena_alloc(names->arena, sizeof(*name) + len + 1);
    if (!name)
        return NULL;
    name->hash = hash;
    name->len = (uint32_t)len;
    memcpy(name->text, text, len);
    names->slots[at] = name;
    names->count++;
    if (names->count > (names->mask + 1) / 4 * 3 && !grow(names))
        return NULL;
    return name;
}

static const Name *
intern_chars(NameTable *names, const uint32_t *chars, size_t count)
{
    size_t surrogate, len = utf8_size(chars, 4, count, &surrogate);
    char *text = malloc(len + 1);
    if (!text)
        return NULL;
    utf8_encode((uint8_t *)text, chars, 4, count);
    const Name *name = names_intern(names, text, len);
    free(text);
    return name;
}

const Name *
names_intern_source(NameTable *names, const char *text, size_t len)
{
    const uint8_t *bytes = (const uint8_t *)text;
    if (LIKELY(ascii_run(bytes, len) == len))
        return names_intern(names, text, len);
    size_t count = utf8_count(bytes, len);
    CodePoints normal = {0};
    const Name *name = NULL;
    uint32_t *chars = malloc(count * sizeof(*chars));
    if (chars) {
        utf8_decode(chars, 4, bytes, len);
        if (unicode_quick_check(UNICODE_NFKC, chars, 4, count) == UNICODE_QUICK_YES)
            name = names_intern(names, text, len);
        else if (unicode_normalize(UNICODE_NFKC, chars, 4, count, false, &normal) == 0)
            name = intern_chars(names, normal.data, normal.len);
    }
    codepoints_free(&normal);
    free(chars);
    return name;
}
