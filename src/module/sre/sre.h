/* Regular expressions: the machine that runs what the library's re package compiles.
 *
 * A pattern is a list of 32-bit codes (re/_constants.py names them). The matcher keeps its choices on a stack of its own, so the depth of a match
 * is bounded by memory, not by the C stack. Patterns and matches are immutable: threads share them without locks. Anyone can call _sre.compile(),
 * so validate.c looks at the code before there is a Pattern of it; the matcher does not check what it runs. */
#ifndef WEFT_MODULE_SRE_H
#define WEFT_MODULE_SRE_H

#include "object/buffer.h"
#include "object/object.h"
#include "object/str.h"

#define SRE_MAGIC 20230612
#define SRE_MAXREPEAT UINT32_MAX
#define SRE_MAXGROUPS 1073741823
#define SRE_PLACES 12     /* operands of AT */
#define SRE_CATEGORIES 18 /* operands of CATEGORY */

enum { SRE_INFO_PREFIX = 1, SRE_INFO_LITERAL = 2, SRE_INFO_CHARSET = 4 };

enum {
    OP_FAILURE, OP_SUCCESS, OP_ANY, OP_ANY_ALL, OP_ASSERT, OP_ASSERT_NOT, OP_AT, OP_BRANCH, OP_CATEGORY, OP_CHARSET, OP_BIGCHARSET,
    OP_GROUPREF, OP_GROUPREF_EXISTS, OP_IN, OP_INFO, OP_JUMP, OP_LITERAL, OP_MARK, OP_MAX_UNTIL, OP_MIN_UNTIL, OP_NOT_LITERAL,
    OP_NEGATE, OP_RANGE, OP_REPEAT, OP_REPEAT_ONE, OP_SUBPATTERN, OP_MIN_REPEAT_ONE, OP_ATOMIC_GROUP, OP_POSSESSIVE_REPEAT,
    OP_POSSESSIVE_REPEAT_ONE, OP_GROUPREF_IGNORE, OP_IN_IGNORE, OP_LITERAL_IGNORE, OP_NOT_LITERAL_IGNORE, OP_GROUPREF_LOC_IGNORE,
    OP_IN_LOC_IGNORE, OP_LITERAL_LOC_IGNORE, OP_NOT_LITERAL_LOC_IGNORE, OP_GROUPREF_UNI_IGNORE, OP_IN_UNI_IGNORE, OP_LITERAL_UNI_IGNORE,
    OP_NOT_LITERAL_UNI_IGNORE, OP_RANGE_UNI_IGNORE, OP_COUNT
};

typedef struct Pattern {
    Object head;
    Own pattern;     /* str, bytes or None */
    Own groupindex;  /* dict of names to numbers; shown as a mappingproxy */
    Own indexgroup;  /* tuple: name of each group, or None */
    int flags, groups;
    bool is_bytes;   /* pattern is bytes-like */
    int64_t ncodes;
    uint32_t codes[];
} Pattern;

/* What is searched: characters of a str or bytes of a buffer. */
typedef struct Subject {
    const uint8_t *data;
    unsigned width;
    int64_t length;
    Value string;   /* borrowed */
    bool is_bytes;
    Buffer buffer;  /* when is_bytes */
} Subject;

struct Choice;
struct Repeat;

typedef struct Matcher {
    const uint8_t *data;
    unsigned width;
    int64_t start, end;       /* bounds: pos and endpos */
    int64_t length;           /* of the whole subject (look-behind may not pass `start`) */
    const Pattern *pattern;
    int64_t *marks;           /* 2 * groups; -1 = unset */
    int lastindex;
    struct Choice *choices;   /* the stack */
    int64_t nchoices, capacity;
    struct Undo *trail;       /* marks to be set back */
    int64_t ntrail, trail_capacity;
    struct RepeatBlock *blocks; /* arena of repeat states */
    bool full;                /* fullmatch */
    bool must_advance;        /* an empty match at `begin` does not count */
    int64_t begin;
    int64_t steps;            /* until signals are looked at */
} Matcher;

extern Type sre_pattern_type, sre_match_type, sre_template_type, sre_scanner_type;

/* May code of so many words be run, with so many groups? lock: code private · fail: -1 + RuntimeError (invalid code), RecursionError */
NODISCARD int sre_validate(const uint32_t *code, int64_t length, int64_t groups);

void matcher_init(Matcher *m, const Pattern *p, const Subject *s, int64_t pos, int64_t endpos, int64_t *marks);
void matcher_free(Matcher *m);
/* 1 matched (m->marks, *end_at), 0 not, -1 MemoryError, RecursionError, or a signal handler's exception */
int matcher_match(Matcher *m, int64_t at, int64_t *end_at);
int matcher_search(Matcher *m, int64_t *start_at, int64_t *end_at);

uint32_t sre_lower_ascii(uint32_t c);
uint32_t sre_lower_unicode(uint32_t c);
bool sre_has_case(uint32_t c);

#endif
