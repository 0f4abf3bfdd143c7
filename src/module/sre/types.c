/* Pattern, Match, Scanner, Template: the types over the matcher. All are immutable but the scanner, whose position is guarded by its lock. */
#include "heap/critical.h"
#include "object/args.h"
#include "object/bytes.h"
#include "object/descriptor.h"
#include "object/dict.h"
#include "object/genericalias.h"
#include "object/hooks.h"
#include "object/int.h"
#include "object/list.h"
#include "object/module.h"
#include "object/tuple.h"
#include "object/type.h"
#include "sre.h"

typedef struct Match {
    Object head;
    Own string, pattern, regs; /* regs: made when asked for; guard: lock */
    int64_t pos, endpos;
    int lastindex, groups;     /* groups: with group 0 */
    int64_t marks[];           /* start and end of each */
} Match;

typedef struct Scanner {
    Object head;
    Own pattern, string;
    Buffer held;                /* of a string that is none: it must not change its size meanwhile */
    bool holds;
    int64_t pos, begin, endpos; /* begin: guard, for the two below too: lock */
    bool must_advance, done;
} Scanner;

/* parts[0], group, part, group, part... */
typedef struct Template {
    Object head;
    Own parts; /* a tuple: str or bytes, then pairs of int and str or bytes */
} Template;

#include "_sre.spec.h"

static Pattern *
as_pattern(Value v)
{
    return (Pattern *)obj(v);
}

static Match *
as_match(Value v)
{
    return (Match *)obj(v);
}

/* -- subjects -- */

static int
subject_get(Subject *s, const Pattern *p, Value string)
{
    *s = (Subject){.string = string};
    if (is_str(string)) {
        s->data = as_str(string)->data;
        s->width = as_str(string)->width;
        s->length = as_str(string)->length;
    } else {
        if (!is_object(string) || !object_has_buffer(string)) {
            return raise_int(&exc_TypeError, "expected string or bytes-like object, got '%T'", string);
        }
        if (buffer_get(string, &s->buffer, BUFFER_SIMPLE) < 0) {
            return -1;
        }
        s->is_bytes = true;
        s->data = s->buffer.data;
        s->width = 1;
        s->length = s->buffer.length;
    }
    if (p->pattern != NONE && p->is_bytes != s->is_bytes) {
        if (s->is_bytes) {
            buffer_release(&s->buffer);
        }
        return raise_int(&exc_TypeError, p->is_bytes ? "cannot use a bytes pattern on a string-like object" : "cannot use a string pattern on a bytes-like object");
    }
    return 0;
}

static void
subject_release(Subject *s)
{
    if (s->is_bytes) {
        buffer_release(&s->buffer);
    }
}

/* Part of a subject, as its own kind of text. own: ret new */
static Own
subject_part(const Subject *s, int64_t from, int64_t to)
{
    if (s->is_bytes) {
        if (from == 0 && to == s->length && IS_EXACT(s->string, BYTES)) {
            return own(s->string);
        }
        return bytes_of_lent(s->data + from, to - from);
    }
    return str_substring(s->string, from, to);
}

static void
clip(const Subject *s, int64_t *pos, int64_t *endpos)
{
    *pos = *pos < 0 ? 0 : *pos > s->length ? s->length : *pos;
    *endpos = *endpos < 0 ? 0 : *endpos > s->length ? s->length : *endpos;
}

#define MARKS_INLINE 40

/* A search under way: the matcher, its marks and its subject. */
typedef struct Search {
    Matcher m;
    Subject s;
    int64_t inline_marks[MARKS_INLINE], *marks;
    const Pattern *p;
    int64_t pos, endpos;
} Search;

static int
search_begin(Search *x, const Pattern *p, Value string, int64_t pos, int64_t endpos)
{
    if (subject_get(&x->s, p, string) < 0) {
        return -1;
    }
    x->p = p;
    x->marks = 2 * p->groups <= MARKS_INLINE ? x->inline_marks : mem_alloc((size_t)(2 * p->groups) * sizeof *x->marks);
    if (!x->marks) {
        subject_release(&x->s);
        return -1;
    }
    clip(&x->s, &pos, &endpos);
    x->pos = pos;
    x->endpos = endpos;
    matcher_init(&x->m, p, &x->s, pos, endpos, x->marks);
    return 0;
}

static void
search_end(Search *x)
{
    matcher_free(&x->m);
    if (x->marks != x->inline_marks) {
        mem_free(x->marks);
    }
    subject_release(&x->s);
}

/* The next match from m.begin on; marks start unset. 1, 0, -1 */
static int
search_next(Search *x, int64_t *start, int64_t *end)
{
    for (int i = 0; i < 2 * x->p->groups; i++) {
        x->marks[i] = -1;
    }
    return matcher_search(&x->m, start, end);
}

/* After a match: where to look on, and whether an empty match there counts. */
static void
search_advance(Search *x, int64_t start, int64_t end)
{
    x->m.must_advance = start == end;
    x->m.begin = end;
}

static Own
match_new(const Search *x, int64_t start, int64_t end)
{
    int groups = x->p->groups + 1;
    Match *match = (Match *)object_alloc(sre_match_type.root_shape, sizeof(Match) + (size_t)groups * 2 * sizeof(int64_t), OBJ_TRACKED);
    if (!match) {
        return NO_VALUE;
    }
    match->groups = groups;
    match->pos = x->pos;
    match->endpos = x->endpos;
    match->lastindex = x->m.lastindex;
    match->marks[0] = start;
    match->marks[1] = end;
    for (int i = 0; i < 2 * x->p->groups; i += 2) {
        bool set = x->marks[i] >= 0 && x->marks[i + 1] >= x->marks[i];
        match->marks[2 + i] = set ? x->marks[i] : -1;
        match->marks[3 + i] = set ? x->marks[i + 1] : -1;
    }
    ref_init(&match->head, &match->string, own(x->s.string));
    ref_init(&match->head, &match->pattern, own(VALUE(x->p)));
    return OWN(match);
}

/* -- Pattern -- */

static Own
match_once(Pattern *self, Value string, int64_t pos, int64_t endpos, bool full)
{
    Search x;
    int64_t end;
    if (search_begin(&x, self, string, pos, endpos) < 0) {
        return NO_VALUE;
    }
    x.m.full = full;
    int status = matcher_match(&x.m, x.pos, &end);
    Own result = status < 0 ? NO_VALUE : status ? match_new(&x, x.pos, end) : NONE;
    search_end(&x);
    return result;
}

Own
sre_pattern_py_match(Pattern *self, Value string, int64_t pos, int64_t endpos)
{
    return match_once(self, string, pos, endpos, false);
}

Own
sre_pattern_py_fullmatch(Pattern *self, Value string, int64_t pos, int64_t endpos)
{
    return match_once(self, string, pos, endpos, true);
}

Own
sre_pattern_py_search(Pattern *self, Value string, int64_t pos, int64_t endpos)
{
    Search x;
    int64_t start, end;
    if (search_begin(&x, self, string, pos, endpos) < 0) {
        return NO_VALUE;
    }
    int status = search_next(&x, &start, &end);
    Own result = status < 0 ? NO_VALUE : status ? match_new(&x, start, end) : NONE;
    search_end(&x);
    return result;
}

/* The number of a group from the pattern's dict of them, which others fill as they like; also of a template. fail: -1 + IndexError */
static int
group_checked(Value number, int64_t groups)
{
    int64_t n;
    return is_int(number) && int_as_i64(number, &n) && n >= 0 && n < groups ? (int)n : raise_int(&exc_IndexError, "no such group");
}

/* The text of group g of the match just found; `otherwise` (borrowed) when it is unset. */
static Own
found_group(const Search *x, int g, Value otherwise)
{
    int64_t from = x->marks[2 * g], to = x->marks[2 * g + 1];
    return from < 0 || to < from ? own(otherwise) : subject_part(&x->s, from, to);
}

static Own
empty_text(const Search *x)
{
    return x->s.is_bytes ? bytes_empty : str_empty;
}

Own
sre_pattern_py_findall(Pattern *self, Value string, int64_t pos, int64_t endpos)
{
    Search x;
    int64_t start, end;
    int status;
    if (search_begin(&x, self, string, pos, endpos) < 0) {
        return NO_VALUE;
    }
    Own list = list_new(0);
    while (list && (status = search_next(&x, &start, &end)) != 0) {
        Own item = NO_VALUE;
        if (status > 0 && self->groups <= 1) {
            item = self->groups ? found_group(&x, 0, empty_text(&x)) : subject_part(&x.s, start, end);
        } else if (status > 0 && (item = tuple_new(self->groups))) {
            for (int g = 0; g < self->groups; g++) {
                Own text = found_group(&x, g, empty_text(&x));
                if (!text) {
                    ref_clear(&item);
                    break;
                }
                tuple_init_item(item, g, text);
            }
        }
        if (!item || list_append_own(list, item) < 0) {
            ref_clear(&list);
            break;
        }
        search_advance(&x, start, end);
    }
    search_end(&x);
    return list;
}

static Own
scanner_new(Pattern *p, Value string, int64_t pos, int64_t endpos)
{
    Subject s;
    if (subject_get(&s, p, string) < 0) {
        return NO_VALUE;
    }
    clip(&s, &pos, &endpos);
    Own v = type_alloc(&sre_scanner_type, 0);
    if (!v) {
        subject_release(&s);
    } else {
        Scanner *scanner = (Scanner *)obj(v);
        scanner->held = s.buffer;
        scanner->holds = s.is_bytes;
        ref_init(obj(v), &scanner->pattern, own(VALUE(p)));
        ref_init(obj(v), &scanner->string, own(string));
        scanner->pos = scanner->begin = pos;
        scanner->endpos = endpos;
    }
    return v;
}

Own
sre_pattern_py_scanner(Pattern *self, Value string, int64_t pos, int64_t endpos)
{
    return scanner_new(self, string, pos, endpos);
}

Own
sre_pattern_py_finditer(Pattern *self, Value string, int64_t pos, int64_t endpos)
{
    Own scanner = scanner_new(self, string, pos, endpos);
    Own search = scanner ? object_getattr_cstr(scanner, "search") : NO_VALUE;
    Own builtins = search ? object_hooks.import_module("builtins") : NO_VALUE;
    Own it = builtins ? call_method2(builtins, "iter", search, NONE) : NO_VALUE;
    drop_opt(scanner);
    drop_opt(search);
    drop_opt(builtins);
    return it;
}

Own
sre_pattern_py_split(Pattern *self, Value string, int64_t maxsplit)
{
    Search x;
    int64_t start, end, last = 0, count = 0;
    int status = 0;
    if (search_begin(&x, self, string, 0, INT64_MAX) < 0) {
        return NO_VALUE;
    }
    Own list = list_new(0);
    while (list && (maxsplit == 0 || count < maxsplit) && (status = search_next(&x, &start, &end)) > 0) {
        if (list_append_own(list, subject_part(&x.s, last, start)) < 0) {
            ref_clear(&list);
        }
        for (int g = 0; list && g < self->groups; g++) {
            if (list_append_own(list, found_group(&x, g, NONE)) < 0) {
                ref_clear(&list);
            }
        }
        last = end;
        count++;
        search_advance(&x, start, end);
    }
    if (list && (status < 0 || list_append_own(list, subject_part(&x.s, last, x.s.length)) < 0)) {
        ref_clear(&list);
    }
    search_end(&x);
    return list;
}

/* re._compile_template(), which remembers by what can be hashed: other bytes-like objects are given as bytes. */
static Own
compile_template(Value pattern, Value text)
{
    Own re = object_hooks.import_module("re");
    Own result = re ? call_method2(re, "_compile_template", pattern, text) : NO_VALUE;
    if (re && !result && !is_str(text) && !is_bytes(text) && object_has_buffer(text) && exc_swallow(&exc_TypeError)) {
        Own bytes = call1(VALUE(&bytes_type), text);
        result = bytes ? call_method2(re, "_compile_template", pattern, bytes) : NO_VALUE;
        drop_opt(bytes);
    }
    drop_opt(re);
    return result;
}

/* What repl is: text to be put in as it is (the same object), a template, or a function. */
static Own
prepare_replacement(Pattern *self, Value repl)
{
    if (object_is_callable(repl)) {
        return own(repl);
    }
    bool plain = false;
    if (is_str(repl)) {
        Own backslash = str_from_char('\\');
        plain = str_find(repl, backslash, 0, as_str(repl)->length, 1) < 0;
    } else if (is_bytes(repl)) {
        plain = !memchr(as_bytes(repl)->data, '\\', (size_t)as_bytes(repl)->length);
    }
    if (plain) {
        return own(repl);
    }
    return compile_template(VALUE(self), repl);
}

/* What a template asks for. It may have been made for another pattern: re._compile_template() can be replaced. */
static Own
template_group(const Search *x, Value number, int64_t start, int64_t end)
{
    int g = group_checked(number, (int64_t)x->p->groups + 1);
    return g < 0 ? NO_VALUE : g == 0 ? subject_part(&x->s, start, end) : found_group(x, g - 1, empty_text(x));
}

static Own
substitute(Pattern *self, Value repl, Value string, int64_t count, int64_t *replaced)
{
    Search x;
    int64_t start, end, last = 0;
    int status = 0;
    *replaced = 0;
    Own prepared = prepare_replacement(self, repl);
    if (!prepared) {
        return NO_VALUE;
    }
    if (search_begin(&x, self, string, 0, INT64_MAX) < 0) {
        drop(prepared);
        return NO_VALUE;
    }
    bool callable = object_is_callable(prepared), is_template = type_of(prepared) == &sre_template_type;
    Own parts = list_new(0);
    while (parts && (count <= 0 || *replaced < count) && (status = search_next(&x, &start, &end)) > 0) {
        bool ok = last == start || list_append_own(parts, subject_part(&x.s, last, start)) == 0;
        if (ok && is_template) {
            const Tuple *items = as_tuple(((Template *)obj(prepared))->parts);
            for (int64_t i = 0; ok && i < items->length; i++) {
                Own text = i % 2 ? template_group(&x, items->items[i], start, end) : own(items->items[i]);
                ok = text && list_append_own(parts, text) == 0;
            }
        } else if (ok && callable) {
            Own match = match_new(&x, start, end);
            Own text = match ? call1(prepared, match) : NO_VALUE;
            drop_opt(match);
            ok = text && (text == NONE ? (drop(text), true) : list_append_own(parts, text) == 0);
        } else if (ok) {
            ok = list_append(parts, prepared) == 0;
        }
        if (!ok) {
            ref_clear(&parts);
            break;
        }
        last = end;
        ++*replaced;
        search_advance(&x, start, end);
    }
    Own result = NO_VALUE;
    if (parts && status >= 0) {
        if (*replaced == 0) {
            result = subject_part(&x.s, 0, x.s.length);
        } else if (last == x.s.length || list_append_own(parts, subject_part(&x.s, last, x.s.length)) == 0) {
            result = x.s.is_bytes ? call_method1(bytes_empty, "join", parts) : str_join(str_empty, parts);
        }
    }
    drop_opt(parts);
    drop(prepared);
    search_end(&x);
    return result;
}

Own
sre_pattern_py_sub(Pattern *self, Value repl, Value string, int64_t count)
{
    int64_t replaced;
    return substitute(self, repl, string, count, &replaced);
}

Own
sre_pattern_py_subn(Pattern *self, Value repl, Value string, int64_t count)
{
    int64_t replaced;
    Own text = substitute(self, repl, string, count, &replaced);
    if (!text) {
        return NO_VALUE;
    }
    Own pair[] = {text, small_int(replaced)};
    return tuple_from_own(pair, 2);
}

Own
sre_pattern_py___copy__(Pattern *self)
{
    return own(VALUE(self));
}

Own
sre_pattern_py___deepcopy__(Pattern *self, Value memo UNUSED)
{
    return own(VALUE(self));
}

Own
sre_pattern_py___class_getitem__(Type *cls, Value item)
{
    return generic_alias_new(VALUE(cls), item);
}

Own
sre_pattern_get_pattern(Pattern *self)
{
    return own(self->pattern);
}

Own
sre_pattern_get_flags(Pattern *self)
{
    return small_int(self->flags);
}

Own
sre_pattern_get_groups(Pattern *self)
{
    return small_int(self->groups);
}

Own
sre_pattern_get_groupindex(Pattern *self)
{
    return mappingproxy_new(self->groupindex);
}

static Own
pattern_repr(Value v)
{
    static const struct {
        const char *name;
        int flag;
    } names[] = {{"re.IGNORECASE", 2}, {"re.LOCALE", 4}, {"re.MULTILINE", 8}, {"re.DOTALL", 16}, {"re.VERBOSE", 64}, {"re.DEBUG", 128}, {"re.ASCII", 256}};
    const Pattern *p = as_pattern(v);
    int flags = p->flags;
    if (is_str(p->pattern) && (flags & (4 | 32 | 256)) == 32) {
        flags &= ~32;
    }
    Own shown = object_repr(p->pattern);
    if (!shown) {
        return NO_VALUE;
    }
    StrBuilder b;
    str_builder_init(&b, 64);
    str_builder_ascii(&b, "re.compile(", 11);
    str_builder_sub(&b, shown, 0, as_str(shown)->length < 200 ? as_str(shown)->length : 200);
    drop(shown);
    const char *separator = ", ";
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (flags & names[i].flag) {
            str_builder_fmt(&b, "%s%s", separator, names[i].name);
            separator = "|";
            flags &= ~names[i].flag;
        }
    }
    if (flags) {
        str_builder_fmt(&b, "%s0x%x", separator, flags);
    }
    str_builder_char(&b, ')');
    return str_builder_finish(&b);
}

static int64_t
pattern_hash(Value v)
{
    const Pattern *p = as_pattern(v);
    int64_t hash = object_hash(p->pattern);
    if (hash == -1) {
        return -1;
    }
    uint64_t h = (uint64_t)hash ^ (uint64_t)p->flags * 31 ^ (uint64_t)p->groups;
    for (int64_t i = 0; i < p->ncodes; i++) {
        h = (h ^ p->codes[i]) * 0x100000001B3;
    }
    return (int64_t)h == -1 ? -2 : (int64_t)h;
}

static Own
pattern_compare(Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || type_of(b) != &sre_pattern_type) {
        return own(NOTIMPLEMENTED);
    }
    const Pattern *x = as_pattern(a), *y = as_pattern(b);
    int same = x == y;
    if (!same && x->flags == y->flags && x->is_bytes == y->is_bytes && x->ncodes == y->ncodes &&
        memcmp(x->codes, y->codes, (size_t)x->ncodes * 4) == 0) {
        same = object_equal(x->pattern, y->pattern);
    }
    return same < 0 ? NO_VALUE : bool_value(same == (op == CMP_EQ));
}

static int
pattern_traverse(Object *o, Visit visit, void *arg)
{
    Pattern *p = (Pattern *)o;
    VISIT(p->pattern);
    VISIT(p->groupindex);
    VISIT(p->indexgroup);
    return 0;
}

static void
pattern_dealloc(Object *o)
{
    Pattern *p = (Pattern *)o;
    ref_clear(&p->pattern);
    ref_clear(&p->groupindex);
    ref_clear(&p->indexgroup);
    object_free(o);
}

Type sre_pattern_type = {
    .name = "re.Pattern",
    .flags = TYPE_NO_INSTANTIATE | TYPE_HAS_WEAKREFS,
    .basic_size = sizeof(Pattern),
    .item_size = sizeof(uint32_t),
    .slots = {.traverse = pattern_traverse, .dealloc = pattern_dealloc, .repr = pattern_repr, .hash = pattern_hash, .compare = pattern_compare},
    .methods = sre_pattern_methods,
    .getsets = sre_pattern_getsets,
    .spec_doc = sre_pattern_doc,
};

/* -- Match -- */

/* The number of a group given by number or name. fail: -1 + IndexError "no such group" */
static int
group_number(const Match *m, Value group)
{
    int64_t n = -1;
    if (is_int(group) || object_has_index(group)) {
        n = object_as_ssize(group);
        if (n == -1 && exc_pending()) {
            exc_clear();
        }
    } else {
        Own number = NO_VALUE;
        int found = dict_lookup(as_pattern(m->pattern)->groupindex, group, &number);
        if (found < 0) {
            exc_clear();
        }
        if (found > 0 && (!is_int(number) || !int_as_i64(number, &n))) {
            n = -1;
        }
        drop_opt(number);
    }
    if (n < 0 || n >= m->groups) {
        return raise_int(&exc_IndexError, "no such group");
    }
    return (int)n;
}

static Own
match_text(const Match *m, int g, Value otherwise)
{
    int64_t from = m->marks[2 * g], to = m->marks[2 * g + 1];
    if (from < 0) {
        return own(otherwise);
    }
    if (is_str(m->string)) {
        return str_substring(m->string, from, to);
    }
    Buffer b;
    if (buffer_get(m->string, &b, BUFFER_SIMPLE) < 0) {
        return NO_VALUE;
    }
    to = to > b.length ? b.length : to;
    from = from > to ? to : from;
    Own text = bytes_of_lent(b.data + from, to - from);
    buffer_release(&b);
    return text;
}

static Own
match_group(const Match *m, Value group)
{
    int g = group_number(m, group);
    return g < 0 ? NO_VALUE : match_text(m, g, NONE);
}

Own
sre_match_py_group(Value self, Value const *args, size_t nargs, Value kwnames UNUSED)
{
    const Match *m = as_match(self);
    if (nargs <= 1) {
        return nargs ? match_group(m, args[0]) : match_text(m, 0, NONE);
    }
    Own tuple = tuple_new((int64_t)nargs);
    for (size_t i = 0; i < nargs && tuple; i++) {
        Own text = match_group(m, args[i]);
        if (!text) {
            ref_clear(&tuple);
            break;
        }
        tuple_init_item(tuple, (int64_t)i, text);
    }
    return tuple;
}

Own
sre_match_py_groups(Match *self, Value otherwise)
{
    Own tuple = tuple_new(self->groups - 1);
    for (int g = 1; g < self->groups && tuple; g++) {
        Own text = match_text(self, g, otherwise);
        if (!text) {
            ref_clear(&tuple);
            break;
        }
        tuple_init_item(tuple, g - 1, text);
    }
    return tuple;
}

Own
sre_match_py_groupdict(Match *self, Value otherwise)
{
    Own result = dict_new();
    int64_t at = 0;
    Own name, number;
    while (result && dict_next(as_pattern(self->pattern)->groupindex, &at, &name, &number)) {
        int g = group_checked(number, self->groups);
        Own text = g < 0 ? NO_VALUE : match_text(self, g, otherwise);
        drop(number);
        if (dict_set_own(result, name, text) < 0) {
            ref_clear(&result);
        }
    }
    return result;
}

int64_t
sre_match_py_start(Match *self, Value group)
{
    int g = group_number(self, group);
    return g < 0 ? -1 : self->marks[2 * g];
}

int64_t
sre_match_py_end(Match *self, Value group)
{
    int g = group_number(self, group);
    return g < 0 ? -1 : self->marks[2 * g + 1];
}

static Own
span_of(const Match *m, int g)
{
    Own pair[] = {small_int(m->marks[2 * g]), small_int(m->marks[2 * g + 1])};
    return tuple_from_own(pair, 2);
}

Own
sre_match_py_span(Match *self, Value group)
{
    int g = group_number(self, group);
    return g < 0 ? NO_VALUE : span_of(self, g);
}

Own
sre_match_py_expand(Match *self, Value template)
{
    Own t = compile_template(self->pattern, template);
    if (!t || type_of(t) != &sre_template_type) {
        return t;
    }
    const Tuple *items = as_tuple(((Template *)obj(t))->parts);
    Own parts = list_new(items->length);
    bool bytes = !is_str(self->string);
    for (int64_t i = 0; i < items->length && parts; i++) {
        int g = i % 2 ? group_checked(items->items[i], self->groups) : 0; /* of a template that re._compile_template() made for another pattern */
        Own text = g < 0 ? NO_VALUE : i % 2 ? match_text(self, g, bytes ? bytes_empty : str_empty) : own(items->items[i]);
        if (!text || list_append_own(parts, text) < 0) {
            ref_clear(&parts);
        }
    }
    Own result = !parts ? NO_VALUE : bytes ? call_method1(bytes_empty, "join", parts) : str_join(str_empty, parts);
    drop_opt(parts);
    drop(t);
    return result;
}

Own
sre_match_py___copy__(Match *self)
{
    return own(VALUE(self));
}

Own
sre_match_py___deepcopy__(Match *self, Value memo UNUSED)
{
    return own(VALUE(self));
}

Own
sre_match_py___class_getitem__(Type *cls, Value item)
{
    return generic_alias_new(VALUE(cls), item);
}

Own
sre_match_get_string(Match *self)
{
    return own(self->string);
}

Own
sre_match_get_re(Match *self)
{
    return own(self->pattern);
}

Own
sre_match_get_pos(Match *self)
{
    return int_from_i64(self->pos);
}

Own
sre_match_get_endpos(Match *self)
{
    return int_from_i64(self->endpos);
}

Own
sre_match_get_lastindex(Match *self)
{
    return self->lastindex >= 0 ? small_int(self->lastindex) : NONE;
}

Own
sre_match_get_lastgroup(Match *self)
{
    const Tuple *names = as_tuple(as_pattern(self->pattern)->indexgroup);
    return self->lastindex >= 0 && self->lastindex < names->length ? own(names->items[self->lastindex]) : NONE;
}

Own
sre_match_get_regs(Match *self)
{
    Own tuple = tuple_new(self->groups);
    for (int g = 0; g < self->groups && tuple; g++) {
        Own span = span_of(self, g);
        if (!span) {
            ref_clear(&tuple);
            break;
        }
        tuple_init_item(tuple, g, span);
    }
    return tuple;
}

static Own
match_getitem(Value v, Value key)
{
    return match_group(as_match(v), key);
}

static Own
match_repr(Value v)
{
    Match *m = as_match(v);
    Own text = match_text(m, 0, NONE);
    Own shown = text ? str_fmt("<%T object; span=(%zd, %zd), match=%.50R>", v, m->marks[0], m->marks[1], (Value)text) : NO_VALUE;
    drop_opt(text);
    return shown;
}

static int
match_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((Match *)o)->string);
    VISIT(((Match *)o)->pattern);
    return 0;
}

static void
match_dealloc(Object *o)
{
    ref_clear(&((Match *)o)->string);
    ref_clear(&((Match *)o)->pattern);
    object_free(o);
}

Type sre_match_type = {
    .name = "re.Match",
    .flags = TYPE_NO_INSTANTIATE | TYPE_GC,
    .basic_size = sizeof(Match),
    .item_size = 2 * sizeof(int64_t),
    .slots = {.traverse = match_traverse, .dealloc = match_dealloc, .repr = match_repr, .getitem = match_getitem},
    .methods = sre_match_methods,
    .getsets = sre_match_getsets,
    .spec_doc = sre_match_doc,
};

/* -- Scanner -- */

/* One try: NO_VALUE with nothing pending where others have moved the scanner on meanwhile. lock: self held, by this section, which
 * a long search lets go of now and then */
static Own
scan_locked(Scanner *self, bool anywhere, CriticalSection *section)
{
    Search x;
    int64_t begin = self->begin, start, end;
    bool must_advance = self->must_advance;
    if (self->done) {
        return NONE;
    }
    if (search_begin(&x, as_pattern(self->pattern), self->string, begin, self->endpos) < 0) {
        return NO_VALUE;
    }
    x.pos = self->pos;
    x.m.must_advance = must_advance;
    start = x.m.begin;
    int status = anywhere ? search_next(&x, &start, &end) : matcher_match(&x.m, start, &end);
    critical_renew(section);
    Own result = NO_VALUE;
    if (status >= 0 && !self->done && self->begin == begin && self->must_advance == must_advance) {
        result = status ? match_new(&x, start, end) : NONE;
        self->begin = status ? end : begin;
        self->must_advance = status ? start == end : must_advance;
        self->done = !status;
    }
    search_end(&x);
    return result;
}

static Own
scan(Scanner *self, bool anywhere)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    Own result;
    while (!(result = scan_locked(self, anywhere, &section)) && !exc_pending()) {
    }
    critical_leave(&section);
    return result;
}

Own
sre_scanner_py_match(Scanner *self)
{
    return scan(self, false);
}

Own
sre_scanner_py_search(Scanner *self)
{
    return scan(self, true);
}

Own
sre_scanner_get_pattern(Scanner *self)
{
    return own(self->pattern);
}

static int
scanner_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((Scanner *)o)->pattern);
    VISIT(((Scanner *)o)->string);
    return 0;
}

static void
scanner_dealloc(Object *o)
{
    if (((Scanner *)o)->holds) {
        buffer_release(&((Scanner *)o)->held);
    }
    ref_clear(&((Scanner *)o)->pattern);
    ref_clear(&((Scanner *)o)->string);
    object_free(o);
}

Type sre_scanner_type = {
    .name = "_sre.SRE_Scanner",
    .flags = TYPE_NO_INSTANTIATE | TYPE_GC,
    .basic_size = sizeof(Scanner),
    .slots = {.traverse = scanner_traverse, .dealloc = scanner_dealloc},
    .methods = sre_scanner_methods,
    .getsets = sre_scanner_getsets,
    .spec_doc = sre_scanner_doc,
};

/* -- Template -- */

static int
template_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((Template *)o)->parts);
    return 0;
}

static void
template_dealloc(Object *o)
{
    ref_clear(&((Template *)o)->parts);
    object_free(o);
}

Type sre_template_type = {
    .name = "_sre.SRE_Template",
    .flags = TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(Template),
    .slots = {.traverse = template_traverse, .dealloc = template_dealloc},
    .spec_doc = "A replacement with back references.",
};

Own
sre_template(Value module UNUSED, Value pattern, Value template)
{
    Own parts = list_to_tuple(template);
    int64_t n = parts ? as_tuple(parts)->length : 0;
    bool ok = type_of(pattern) == &sre_pattern_type && n % 2 == 1;
    for (int64_t i = 1; parts && ok && i < n; i += 2) {
        Value g = tuple_item(parts, i);
        ok = is_small_int(g) && small_int_value(g) >= 0 && small_int_value(g) <= as_pattern(pattern)->groups;
    }
    if (!parts || !ok) {
        drop_opt(parts);
        return parts ? raise_msg(&exc_TypeError, "invalid template") : NO_VALUE;
    }
    Own v = type_alloc(&sre_template_type, 0);
    if (!v) {
        drop(parts);
        return NO_VALUE;
    }
    ref_init(obj(v), &((Template *)obj(v))->parts, parts);
    return v;
}

/* -- the module -- */

/* An item of the code. fail: -1 + TypeError, OverflowError */
static int
code_word(Value v, uint32_t *word)
{
    int64_t c;
    if (!is_int(v)) {
        return raise_int(&exc_TypeError, "an integer is required");
    }
    if (int_sign(v) < 0) {
        return raise_int(&exc_OverflowError, "can't convert negative value to unsigned int");
    }
    if (!int_as_i64(v, &c) || c > UINT32_MAX) {
        return raise_int(&exc_OverflowError, "regular expression code size limit exceeded");
    }
    *word = (uint32_t)c;
    return 0;
}

Own
sre_compile(Value module UNUSED, Value pattern, int flags, Value code, int64_t groups, Value groupindex, Value indexgroup)
{
    int64_t n = list_len(code);
    if (pattern != NONE && !is_str(pattern) && !(is_object(pattern) && object_has_buffer(pattern))) {
        return raise_fmt(&exc_TypeError, "expected string or bytes-like object, got '%T'", pattern);
    }
    Pattern *p = (Pattern *)object_alloc(sre_pattern_type.root_shape, sizeof(Pattern) + (size_t)n * sizeof(uint32_t), 0);
    if (!p) {
        return NO_VALUE;
    }
    p->flags = flags;
    p->groups = (int)groups; /* fits, if sre_validate() lets it pass */
    p->ncodes = n;
    p->is_bytes = pattern != NONE && !is_str(pattern);
    ref_init(&p->head, &p->pattern, own(pattern));
    ref_init(&p->head, &p->groupindex, own(groupindex));
    ref_init(&p->head, &p->indexgroup, own(indexgroup));
    for (int64_t i = 0; i < n; i++) {
        Own v = list_get(code, i);
        int status = v ? code_word(v, &p->codes[i]) : raise_int(&exc_RuntimeError, "invalid SRE code"); /* others have shortened the list */
        drop_opt(v);
        if (status < 0) {
            drop(OWN(p));
            return NO_VALUE;
        }
    }
    if (sre_validate(p->codes, n, groups) < 0) {
        drop(OWN(p));
        return NO_VALUE;
    }
    return OWN(p);
}

/* What is no character stays what it is, and has no case. */
static bool
is_character(int c)
{
    return c >= 0 && c <= 0x10FFFF;
}

int64_t
sre_getlower(Value module, int character, int flags)
{
    return flags & 32 ? sre_unicode_tolower(module, character) : sre_ascii_tolower(module, character);
}

int
sre_ascii_iscased(Value module UNUSED, int character)
{
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}

int
sre_unicode_iscased(Value module UNUSED, int character)
{
    return is_character(character) && sre_has_case((uint32_t)character);
}

int64_t
sre_ascii_tolower(Value module UNUSED, int character)
{
    return is_character(character) ? (int64_t)sre_lower_ascii((uint32_t)character) : character;
}

int64_t
sre_unicode_tolower(Value module UNUSED, int character)
{
    return is_character(character) ? (int64_t)sre_lower_unicode((uint32_t)character) : character;
}

static int
sre_exec(Value m)
{
    static Type *const types[] = {&sre_pattern_type, &sre_match_type, &sre_scanner_type, &sre_template_type};
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (type_ready(types[i]) < 0) {
            return -1;
        }
    }
    return module_add_int(m, "MAGIC", SRE_MAGIC) < 0 || module_add_int(m, "CODESIZE", 4) < 0 || module_add_int(m, "MAXREPEAT", SRE_MAXREPEAT) < 0 ||
                   module_add_int(m, "MAXGROUPS", SRE_MAXGROUPS) < 0
               ? -1
               : 0;
}

const ModuleDef module__sre = {
    .name = "_sre",
    .doc = sre_module_doc,
    .functions = sre_functions,
    .exec = sre_exec,
};
