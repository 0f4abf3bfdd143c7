/* The identifiers of one tree: one Name for one spelling, so that names compare by pointer.

   The table and its names live in the tree's arena. Threading: none; it belongs to whoever owns the
   arena. */
#ifndef WEFT_SOURCE_NAMES_H
#define WEFT_SOURCE_NAMES_H

#include "source/ast.h"

typedef struct NameTable {
    Arena *arena;
    const Name **slots; /* open addressing; NULL: free */
    uint32_t mask;      /* slots - 1, a power of two less one */
    uint32_t count;
} NameTable;

/* A new, empty table in the arena; NULL without memory. */
NODISCARD NameTable *names_new(Arena *arena);

/* The name of `len` bytes of normalised UTF-8; NULL without memory. */
NODISCARD const Name *names_intern(NameTable *names, const char *text, size_t len);

NODISCARD static inline const Name *
names_intern_c(NameTable *names, const char *text)
{
    return names_intern(names, text, strlen(text));
}

/* The name as it stands in a source: NFKC-normalised first when it has characters above ASCII. NULL
 * without memory. */
NODISCARD const Name *names_intern_source(NameTable *names, const char *text, size_t len);

#endif
