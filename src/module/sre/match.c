/* The matcher: a loop over codes with an explicit stack of choices.
 *
 * A choice says where to go on when what follows fails. Marks that were changed since are set back from the trail. Repeats with a body keep an immutable
 * chain of Repeat records (one an iteration), so going back to a choice restores them by a pointer. Look-around and atomic groups run the same
 * loop on the same stack above a floor, and drop what they left. */
#include <ctype.h>
#include <stdlib.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "heap/world.h"
#include "sre.h"

typedef struct Repeat {
    const uint32_t *code; /* the REPEAT: code[1] skip, code[2] least, code[3] most */
    int64_t count;        /* iterations begun */
    int64_t last;         /* where the last one began; -1 none */
    struct Repeat *outer;
} Repeat;

typedef struct RepeatBlock {
    struct RepeatBlock *next;
    int used;
    Repeat items[128];
} RepeatBlock;

typedef struct Undo {
    int mark;
    int lastindex;
    int64_t old;
} Undo;

enum { CHOICE_GO, CHOICE_BRANCH, CHOICE_GREEDY, CHOICE_LAZY, CHOICE_LAZY_BODY };

typedef struct Choice {
    int kind;
    const uint32_t *code;
    int64_t pos;
    int64_t count;   /* GREEDY: characters taken; LAZY: items matched */
    Repeat *repeat;
    int64_t trail;
} Choice;

uint32_t
sre_lower_ascii(uint32_t c)
{
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

uint32_t
sre_lower_unicode(uint32_t c)
{
    return c < 128 ? sre_lower_ascii(c) : (uint32_t)((int32_t)c + unicode_record(c)->lower);
}

static uint32_t
upper_unicode(uint32_t c)
{
    uint32_t to[UNICODE_CASE_MAX];
    return c < 128 ? unicode_upper(c) : unicode_upper_full(c, to) > 0 ? to[0] : c; /* of several the first, as in CPython */
}

bool
sre_has_case(uint32_t c)
{
    return sre_lower_unicode(c) != c || upper_unicode(c) != c;
}

static uint32_t
lower_locale(uint32_t c)
{
    return c < 256 ? (uint32_t)tolower((int)c) : c;
}

static inline uint32_t
at(const Matcher *m, int64_t pos)
{
    return m->width == 1 ? lent_byte(m->data + pos) : m->width == 2 ? ((const uint16_t *)(const void *)m->data)[pos] : ((const uint32_t *)(const void *)m->data)[pos];
}

/* -- classes of characters -- */

static bool
is_ascii_word(uint32_t c)
{
    return c < 128 && (isalnum((int)c) || c == '_');
}

static bool
is_unicode_word(uint32_t c)
{
    double number;
    return c < 128 ? is_ascii_word(c) : unicode_is(c, UNICODE_ALPHA) || unicode_decimal(c) >= 0 || unicode_digit(c) >= 0 || unicode_numeric(c, &number);
}

static bool
in_category(uint32_t category, uint32_t c)
{
    bool negate = category & 1;
    bool is;
    switch (category >> 1) {
    case 0: /* digit */
        is = c >= '0' && c <= '9';
        break;
    case 1: /* space */
        is = c == ' ' || (c >= '\t' && c <= '\r');
        break;
    case 2:
        is = is_ascii_word(c);
        break;
    case 3: /* line break */
    case 8:
        is = category >> 1 == 3 ? c == '\n' : unicode_is(c, UNICODE_LINE_BREAK);
        break;
    case 4: /* word of the locale */
        is = c < 256 && (isalnum((int)c) || c == '_');
        break;
    case 5:
        is = unicode_decimal(c) >= 0;
        break;
    case 6:
        is = unicode_is(c, UNICODE_SPACE);
        break;
    default:
        is = is_unicode_word(c);
        break;
    }
    return is != negate;
}

static bool
in_charset(const uint32_t *set, uint32_t c)
{
    bool result = true;
    for (;;) {
        switch (*set++) {
        case OP_FAILURE:
            return !result;
        case OP_NEGATE:
            result = !result;
            break;
        case OP_LITERAL:
            if (c == *set++) {
                return result;
            }
            break;
        case OP_CATEGORY:
            if (in_category(*set++, c)) {
                return result;
            }
            break;
        case OP_CHARSET:
            if (c < 256 && (set[c >> 5] >> (c & 31) & 1)) {
                return result;
            }
            set += 8;
            break;
        case OP_BIGCHARSET: {
            uint32_t blocks = *set++;
            if (c < 65536) {
                uint32_t block = ((const uint8_t *)set)[c >> 8];
                const uint32_t *bits = set + 64 + block * 8;
                if (bits[(c & 255) >> 5] >> (c & 31) & 1) {
                    return result;
                }
            }
            set += 64 + blocks * 8;
            break;
        }
        case OP_RANGE:
            if (c >= set[0] && c <= set[1]) {
                return result;
            }
            set += 2;
            break;
        case OP_RANGE_UNI_IGNORE: {
            uint32_t upper = upper_unicode(c);
            if ((c >= set[0] && c <= set[1]) || (upper >= set[0] && upper <= set[1])) {
                return result;
            }
            set += 2;
            break;
        }
        default:
            return false;
        }
    }
}

static bool
in_locale_charset(const uint32_t *set, uint32_t c)
{
    bool negated = set[0] == OP_NEGATE; /* neither case of c may be in what follows */
    set += negated;
    return (in_charset(set, lower_locale(c)) || (c < 256 && in_charset(set, (uint32_t)toupper((int)c)))) != negated;
}

static bool
at_boundary(const Matcher *m, int64_t pos, bool (*word)(uint32_t))
{
    bool before = pos > m->start && word(at(m, pos - 1)), after = pos < m->end && word(at(m, pos));
    return before != after;
}

static bool
is_locale_word(uint32_t c)
{
    return c < 256 && (isalnum((int)c) || c == '_');
}

static bool
at_place(const Matcher *m, int64_t pos, uint32_t place)
{
    switch (place) {
    case 0: /* beginning */
    case 2:
        return pos == m->start;
    case 1:
        return pos == m->start || at(m, pos - 1) == '\n';
    case 3:
        return at_boundary(m, pos, is_ascii_word);
    case 4:
        return !at_boundary(m, pos, is_ascii_word);
    case 5: /* end, or before a last newline */
        return pos == m->end || (pos == m->end - 1 && at(m, pos) == '\n');
    case 6:
        return pos == m->end || at(m, pos) == '\n';
    case 7:
        return pos == m->end;
    case 8:
        return at_boundary(m, pos, is_locale_word);
    case 9:
        return !at_boundary(m, pos, is_locale_word);
    case 10:
        return at_boundary(m, pos, is_unicode_word);
    default:
        return !at_boundary(m, pos, is_unicode_word);
    }
}

/* Does the one-character code at `code` accept c? */
static inline bool
accepts(const uint32_t *code, uint32_t c)
{
    switch (code[0]) {
    case OP_ANY:
        return c != '\n';
    case OP_ANY_ALL:
        return true;
    case OP_LITERAL:
        return c == code[1];
    case OP_NOT_LITERAL:
        return c != code[1];
    case OP_IN:
        return in_charset(code + 2, c);
    case OP_IN_IGNORE:
        return in_charset(code + 2, sre_lower_ascii(c));
    case OP_IN_UNI_IGNORE:
        return in_charset(code + 2, sre_lower_unicode(c));
    case OP_IN_LOC_IGNORE:
        return in_locale_charset(code + 2, c);
    case OP_LITERAL_IGNORE:
        return sre_lower_ascii(c) == code[1];
    case OP_NOT_LITERAL_IGNORE:
        return sre_lower_ascii(c) != code[1];
    case OP_LITERAL_UNI_IGNORE:
        return sre_lower_unicode(c) == code[1];
    case OP_NOT_LITERAL_UNI_IGNORE:
        return sre_lower_unicode(c) != code[1];
    case OP_LITERAL_LOC_IGNORE:
        return lower_locale(c) == lower_locale(code[1]);
    case OP_NOT_LITERAL_LOC_IGNORE:
        return lower_locale(c) != lower_locale(code[1]);
    case OP_CATEGORY:
        return in_category(code[1], c);
    default:
        return false;
    }
}

/* How many characters from pos on the item accepts, at most `most`. */
static int64_t
count_items(const Matcher *m, const uint32_t *item, int64_t pos, int64_t most)
{
    int64_t left = m->end - pos, stop = pos + (most < left ? most : left), i = pos;
    if (item[0] == OP_ANY_ALL) {
        return stop - pos;
    }
    if (item[0] == OP_ANY && m->width == 1) {
        const uint8_t *newline = lent_find(m->data + pos, '\n', (size_t)(stop - pos));
        return newline ? newline - (m->data + pos) : stop - pos;
    }
    while (i < stop && accepts(item, at(m, i))) {
        i++;
    }
    return i - pos;
}

/* -- the stack -- */

static Choice *
choice_push(Matcher *m, int kind, const uint32_t *code, int64_t pos, Repeat *repeat)
{
    if (UNLIKELY(m->nchoices == m->capacity)) {
        int64_t capacity = m->capacity * 2 + 64;
        Choice *choices = realloc(m->choices, (size_t)capacity * sizeof *choices);
        if (!choices) {
            raise_no_memory();
            return NULL;
        }
        m->choices = choices;
        m->capacity = capacity;
    }
    Choice *c = &m->choices[m->nchoices++];
    *c = (Choice){kind, code, pos, 0, repeat, m->ntrail};
    return c;
}

static int
mark_set(Matcher *m, int mark, int64_t pos)
{
    if (UNLIKELY(m->ntrail == m->trail_capacity)) {
        int64_t capacity = m->trail_capacity * 2 + 64;
        Undo *trail = realloc(m->trail, (size_t)capacity * sizeof *trail);
        if (!trail) {
            raise_no_memory();
            return -1;
        }
        m->trail = trail;
        m->trail_capacity = capacity;
    }
    m->trail[m->ntrail++] = (Undo){mark, m->lastindex, m->marks[mark]};
    m->marks[mark] = pos;
    if (mark & 1) {
        m->lastindex = mark / 2 + 1;
    }
    return 0;
}

static void
trail_undo(Matcher *m, int64_t to)
{
    while (m->ntrail > to) {
        Undo *u = &m->trail[--m->ntrail];
        m->marks[u->mark] = u->old;
        m->lastindex = u->lastindex;
    }
}

static Repeat *
repeat_new(Matcher *m, const uint32_t *code, int64_t count, int64_t last, Repeat *outer)
{
    if (!m->blocks || m->blocks->used == (int)ARRAY_LEN(m->blocks->items)) {
        RepeatBlock *b = malloc(sizeof *b);
        if (!b) {
            raise_no_memory();
            return NULL;
        }
        b->next = m->blocks;
        b->used = 0;
        m->blocks = b;
    }
    Repeat *r = &m->blocks->items[m->blocks->used++];
    *r = (Repeat){code, count, last, outer};
    return r;
}

void
matcher_init(Matcher *m, const Pattern *p, const Subject *s, int64_t pos, int64_t endpos, int64_t *marks)
{
    *m = (Matcher){.data = s->data, .width = s->width, .start = 0, .end = endpos, .length = s->length, .pattern = p, .marks = marks, .begin = pos, .steps = 100000};
    for (int i = 0; i < 2 * p->groups; i++) {
        marks[i] = -1;
    }
}

void
matcher_free(Matcher *m)
{
    free(m->choices);
    free(m->trail);
    while (m->blocks) {
        RepeatBlock *next = m->blocks->next;
        free(m->blocks);
        m->blocks = next;
    }
}

/* A back reference: the length of the group's text where it stands again at pos; -1 where it does not or the group is unset. */
static int64_t
group_again(const Matcher *m, uint32_t group, int64_t pos, uint32_t (*lower)(uint32_t))
{
    int64_t from = m->marks[2 * group], to = m->marks[2 * group + 1];
    if (from < 0 || to < from || to - from > m->end - pos) {
        return -1;
    }
    for (int64_t i = 0; i < to - from; i++) {
        uint32_t a = at(m, from + i), b = at(m, pos + i);
        if (a != b && (!lower || lower(a) != lower(b))) {
            return -1;
        }
    }
    return to - from;
}

static int
poll_signals(Matcher *m)
{
    m->steps = 100000;
    return safepoint(thread_self());
}

/* Runs from code at pos. *end_at: where it succeeded. Leaves the stack as high as it was; marks set on success stay, with their trail. */
static int
run(Matcher *m, const uint32_t *code, int64_t pos, bool top, int64_t *end_at)
{
    int64_t floor = m->nchoices, trail_floor = m->ntrail, sub_end;
    Repeat *repeat = NULL;
    Choice *c;
    int status;
    if (!c_stack_ok()) {
        return -1;
    }
    for (;;) {
        if (UNLIKELY(--m->steps < 0) && poll_signals(m) < 0) {
            goto error;
        }
        switch (code[0]) {
        case OP_SUCCESS:
            if (top && ((m->full && pos != m->end) || (m->must_advance && pos == m->begin))) {
                goto fail;
            }
            *end_at = pos;
            m->nchoices = floor;
            return 1;
        case OP_FAILURE:
            goto fail;
        case OP_AT:
            if (!at_place(m, pos, code[1])) {
                goto fail;
            }
            code += 2;
            continue;
        case OP_ANY:
        case OP_ANY_ALL:
            if (pos >= m->end || !accepts(code, at(m, pos))) {
                goto fail;
            }
            pos++;
            code++;
            continue;
        case OP_LITERAL:
            if (pos >= m->end || at(m, pos) != code[1]) {
                goto fail;
            }
            pos++;
            code += 2;
            continue;
        case OP_NOT_LITERAL:
        case OP_CATEGORY:
        case OP_LITERAL_IGNORE:
        case OP_NOT_LITERAL_IGNORE:
        case OP_LITERAL_UNI_IGNORE:
        case OP_NOT_LITERAL_UNI_IGNORE:
        case OP_LITERAL_LOC_IGNORE:
        case OP_NOT_LITERAL_LOC_IGNORE:
            if (pos >= m->end || !accepts(code, at(m, pos))) {
                goto fail;
            }
            pos++;
            code += 2;
            continue;
        case OP_IN:
        case OP_IN_IGNORE:
        case OP_IN_UNI_IGNORE:
        case OP_IN_LOC_IGNORE:
            if (pos >= m->end || !accepts(code, at(m, pos))) {
                goto fail;
            }
            pos++;
            code += 1 + code[1];
            continue;
        case OP_MARK:
            if (mark_set(m, (int)code[1], pos) < 0) {
                goto error;
            }
            code += 2;
            continue;
        case OP_JUMP:
        case OP_INFO:
            code += 1 + code[1];
            continue;
        case OP_BRANCH:
            if (code[1 + code[1]] != 0 && !choice_push(m, CHOICE_BRANCH, code + 1 + code[1], pos, repeat)) {
                goto error;
            }
            code += 2;
            continue;
        case OP_REPEAT_ONE: {
            int64_t n = count_items(m, code + 4, pos, code[3] == SRE_MAXREPEAT ? INT64_MAX : (int64_t)code[3]);
            if (n < (int64_t)code[2]) {
                goto fail;
            }
            if (n > (int64_t)code[2]) {
                if (!(c = choice_push(m, CHOICE_GREEDY, code, pos, repeat))) {
                    goto error;
                }
                c->count = n;
                goto fail; /* the choice itself goes on, from its longest */
            }
            pos += n;
            code += 1 + code[1];
            continue;
        }
        case OP_MIN_REPEAT_ONE: {
            int64_t n = count_items(m, code + 4, pos, (int64_t)code[2]);
            if (n < (int64_t)code[2]) {
                goto fail;
            }
            pos += n;
            if (n < (int64_t)code[3]) {
                if (!(c = choice_push(m, CHOICE_LAZY, code, pos, repeat))) {
                    goto error;
                }
                c->count = n;
            }
            code += 1 + code[1];
            continue;
        }
        case OP_POSSESSIVE_REPEAT_ONE: {
            int64_t n = count_items(m, code + 4, pos, code[3] == SRE_MAXREPEAT ? INT64_MAX : (int64_t)code[3]);
            if (n < (int64_t)code[2]) {
                goto fail;
            }
            pos += n;
            code += 1 + code[1];
            continue;
        }
        case OP_POSSESSIVE_REPEAT: {
            int64_t n = 0;
            while (code[3] == SRE_MAXREPEAT || n < (int64_t)code[3]) {
                int64_t trail = m->ntrail;
                status = run(m, code + 4, pos, false, &sub_end);
                if (status < 0) {
                    goto error;
                }
                if (!status) {
                    trail_undo(m, trail);
                    break;
                }
                n++;
                if (sub_end == pos && n >= (int64_t)code[2]) {
                    break;
                }
                pos = sub_end;
            }
            if (n < (int64_t)code[2]) {
                goto fail;
            }
            code += 1 + code[1] + 1;
            continue;
        }
        case OP_REPEAT:
            if (!(repeat = repeat_new(m, code, 0, -1, repeat))) {
                goto error;
            }
            code += 1 + code[1];
            continue;
        case OP_MAX_UNTIL: {
            Repeat *r = repeat;
            bool more = r->code[3] == SRE_MAXREPEAT || r->count < (int64_t)r->code[3];
            if (r->count >= (int64_t)r->code[2]) {
                if (!more || pos == r->last) {
                    repeat = r->outer;
                    code++;
                    continue;
                }
                if (!choice_push(m, CHOICE_GO, code + 1, pos, r->outer)) {
                    goto error;
                }
            }
            if (!(repeat = repeat_new(m, r->code, r->count + 1, pos, r->outer))) {
                goto error;
            }
            code = r->code + 4;
            continue;
        }
        case OP_MIN_UNTIL: {
            Repeat *r = repeat;
            if (r->count < (int64_t)r->code[2]) {
                if (!(repeat = repeat_new(m, r->code, r->count + 1, pos, r->outer))) {
                    goto error;
                }
                code = r->code + 4;
                continue;
            }
            if ((r->code[3] == SRE_MAXREPEAT || r->count < (int64_t)r->code[3]) && pos != r->last &&
                !choice_push(m, CHOICE_LAZY_BODY, code, pos, r)) {
                goto error;
            }
            repeat = r->outer;
            code++;
            continue;
        }
        case OP_GROUPREF:
        case OP_GROUPREF_IGNORE:
        case OP_GROUPREF_UNI_IGNORE:
        case OP_GROUPREF_LOC_IGNORE: {
            int64_t n = group_again(m, code[1], pos, code[0] == OP_GROUPREF ? NULL : code[0] == OP_GROUPREF_IGNORE ? sre_lower_ascii
                                    : code[0] == OP_GROUPREF_UNI_IGNORE ? sre_lower_unicode : lower_locale);
            if (n < 0) {
                goto fail;
            }
            pos += n;
            code += 2;
            continue;
        }
        case OP_GROUPREF_EXISTS: {
            bool set = m->marks[2 * code[1]] >= 0 && m->marks[2 * code[1] + 1] >= m->marks[2 * code[1]];
            code += set ? 3 : 1 + code[2];
            continue;
        }
        case OP_ASSERT:
        case OP_ASSERT_NOT: {
            bool positive = code[0] == OP_ASSERT;
            int64_t from = pos - (int64_t)code[2], trail = m->ntrail;
            status = from < m->start ? 0 : run(m, code + 3, from, false, &sub_end);
            if (status < 0) {
                goto error;
            }
            if (!positive) {
                trail_undo(m, trail);
            }
            if ((status == 1) != positive) {
                goto fail;
            }
            code += 1 + code[1];
            continue;
        }
        case OP_ATOMIC_GROUP:
            status = run(m, code + 2, pos, false, &sub_end);
            if (status < 0) {
                goto error;
            }
            if (!status) {
                goto fail;
            }
            pos = sub_end;
            code += 1 + code[1];
            continue;
        default:
            raise_fmt(&exc_RuntimeError, "invalid SRE code");
            goto error;
        }

    fail:
        if (m->nchoices == floor) {
            trail_undo(m, trail_floor);
            return 0;
        }
        c = &m->choices[m->nchoices - 1];
        trail_undo(m, c->trail);
        repeat = c->repeat;
        switch (c->kind) {
        case CHOICE_GO:
            code = c->code;
            pos = c->pos;
            m->nchoices--;
            break;
        case CHOICE_BRANCH: {
            const uint32_t *alternative = c->code; /* at its skip */
            pos = c->pos;
            if (alternative[alternative[0]] != 0) {
                c->code = alternative + alternative[0];
            } else {
                m->nchoices--;
            }
            code = alternative + 1;
            break;
        }
        case CHOICE_GREEDY: {
            const uint32_t *next = c->code + 1 + c->code[1];
            int64_t n = c->count, least = (int64_t)c->code[2];
            if (next[0] == OP_LITERAL) { /* only where the literal stands can what follows match */
                while (n >= least && (c->pos + n >= m->end || at(m, c->pos + n) != next[1])) {
                    n--;
                }
            }
            if (n < least) {
                m->nchoices--;
                goto fail;
            }
            pos = c->pos + n;
            code = next;
            if (n == least) {
                m->nchoices--;
            } else {
                c->count = n - 1;
            }
            break;
        }
        case CHOICE_LAZY:
            if (c->pos >= m->end || !accepts(c->code + 4, at(m, c->pos))) {
                m->nchoices--;
                goto fail;
            }
            pos = ++c->pos;
            code = c->code + 1 + c->code[1];
            if (c->code[3] != SRE_MAXREPEAT && ++c->count >= (int64_t)c->code[3]) {
                m->nchoices--;
            }
            break;
        default: { /* CHOICE_LAZY_BODY: one more iteration */
            Repeat *r = c->repeat;
            pos = c->pos;
            m->nchoices--;
            if (!(repeat = repeat_new(m, r->code, r->count + 1, pos, r->outer))) {
                goto error;
            }
            code = r->code + 4;
            break;
        }
        }
    }
error:
    m->nchoices = floor;
    return -1;
}

int
matcher_match(Matcher *m, int64_t start, int64_t *end_at)
{
    m->ntrail = m->nchoices = 0;
    m->lastindex = -1;
    while (m->blocks && m->blocks->next) {
        RepeatBlock *next = m->blocks->next;
        free(m->blocks);
        m->blocks = next;
    }
    if (m->blocks) {
        m->blocks->used = 0;
    }
    if (start > m->end) {
        return 0;
    }
    return run(m, m->pattern->codes, start, true, end_at);
}

/* What a match must begin with, from the INFO block: a literal character, or a set. */
typedef struct Opening {
    bool has_literal;
    uint32_t literal;
    const uint32_t *set;
    int64_t least;
} Opening;

static Opening
opening_of(const Pattern *p)
{
    Opening o = {0};
    const uint32_t *code = p->codes;
    if (code[0] == OP_INFO) {
        o.least = code[3];
        if (code[2] & SRE_INFO_PREFIX) { /* length, skip, characters */
            o.has_literal = code[5] > 0;
            o.literal = o.has_literal ? code[7] : 0;
        } else if (code[2] & SRE_INFO_CHARSET) {
            o.set = code + 5;
        }
        code += 1 + code[1];
    }
    if (!o.has_literal && !o.set && code[0] == OP_LITERAL) {
        o.has_literal = true;
        o.literal = code[1];
    }
    return o;
}

int
matcher_search(Matcher *m, int64_t *start_at, int64_t *end_at)
{
    Opening o = opening_of(m->pattern);
    int64_t last = m->end - o.least;
    for (int64_t i = m->begin; i <= last; i++) {
        if (o.has_literal) {
            if (m->width == 1) {
                const uint8_t *found = o.literal > 255 || i >= m->end ? NULL : lent_find(m->data + i, (int)o.literal, (size_t)(m->end - i));
                if (!found) {
                    return 0;
                }
                i = found - m->data;
            } else {
                while (i < m->end && at(m, i) != o.literal) {
                    i++;
                }
            }
            if (i > last) {
                return 0;
            }
        } else if (o.set) {
            while (i < m->end && !in_charset(o.set, at(m, i))) {
                i++;
            }
            if (i > last || i >= m->end) {
                return 0;
            }
        }
        int status = matcher_match(m, i, end_at);
        if (status) {
            *start_at = i;
            return status;
        }
    }
    return 0;
}
