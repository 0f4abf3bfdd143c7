/* match statements.
 *
 * The values that a pattern takes apart stay in temporaries from `base` up until the whole pattern has matched; then the captured ones are
 * stored and the others cleared. A test that fails jumps to the label of its depth: a chain of CLEARs from there down to the next case. */
#include "compile/gen.h"
#include "object/dict.h"
#include "object/tuple.h"

typedef struct Capture {
    Value name; /* mangled */
    Reg reg;
} Capture;

VEC_DEFINE(CaptureVec, capturevec, Capture);
VEC_DEFINE(LabelVec, labelvec, Label);
VEC_DEFINE(FlagVec, flagvec, uint8_t);

typedef struct Match {
    Reg base;
    LabelVec fails;      /* by depth: where a failure with that many temporaries goes */
    FlagVec live;        /* by depth: the temporary holds a value now */
    CaptureVec captures; /* in order */
    bool may_be_irrefutable;
} Match;

static void
match_free(Match *m)
{
    labelvec_free(&m->fails);
    flagvec_free(&m->live);
    capturevec_free(&m->captures);
}

static void
set_live(Gen *g, Match *m, Reg r, bool live)
{
    if (r < m->base) {
        return; /* the subject: it outlives the pattern */
    }
    size_t at = r - m->base;
    if (at >= m->live.len && flagvec_resize(&m->live, at + 1) < 0) {
        fail_memory(g->c);
        return;
    }
    m->live.data[at] = live;
}

static bool
is_live(const Match *m, Reg r)
{
    return r >= m->base && r - m->base < m->live.len && m->live.data[r - m->base];
}

static Reg
push_live(Gen *g, Match *m)
{
    Reg r = push(g);
    set_live(g, m, r, true);
    return r;
}

static Label
fail_label(Gen *g, Match *m)
{
    size_t depth = g->u->top - m->base;
    while (m->fails.len <= depth) {
        if (labelvec_push(&m->fails, NO_LABEL) < 0) {
            fail_memory(g->c);
            return 0;
        }
    }
    if (m->fails.data[depth] == NO_LABEL) {
        m->fails.data[depth] = new_label(g);
    }
    return m->fails.data[depth];
}

/* The chain behind a case: control arrives only through its labels. */
static void
put_fail_labels(Gen *g, Match *m)
{
    for (size_t depth = m->fails.len; depth-- > 0;) {
        if (m->fails.data[depth] != NO_LABEL) {
            put_label(g, m->fails.data[depth]);
        }
        if (depth > 0) {
            emit_clear(g, m->base + (Reg)depth - 1);
        }
    }
}

/* A truth in a new temporary that is needed for one jump only. */
static void
fail_unless(Gen *g, Match *m, Reg truth)
{
    pop_to(g, truth);
    emit_jump(g, I_JUMP_IF, truth, 0, fail_label(g, m), INST_KILL_A);
}

static void
fail_if_none(Gen *g, Match *m, Reg value)
{
    emit_jump(g, I_JUMP_IF_NONE, value, 0, fail_label(g, m), INST_SENSE);
}

/* Compares the length of the subject. */
static void
test_length(Gen *g, Match *m, Reg subject, bool exact, int64_t length)
{
    Reg n = push(g);
    emit(g, I_GET_LEN, n, subject, 0, 0);
    if (length <= INT16_MAX) {
        pop_to(g, n);
        emit_jump(g, exact ? I_JUMP_IF_EQ_IMM : I_JUMP_IF_GE_IMM, n, (uint16_t)length, fail_label(g, m), INST_KILL_A);
    } else {
        Operand wanted = push_const(g, small_int(length));
        pop_to(g, n);
        emit_jump(g, exact ? I_JUMP_IF_EQ : I_JUMP_IF_GE, n, wanted.reg, fail_label(g, m), INST_KILL_A | INST_KILL_B);
    }
}

static void
capture(Gen *g, Match *m, const Name *id, Reg reg, Pos pos)
{
    Value name = gen_mangled(g, id);
    for (size_t i = 0; i < m->captures.len; i++) {
        if (m->captures.data[i].name == name && gen_ok(g)) {
            syntax_error(g->c, pos, str_fmt("multiple assignments to name %R in pattern", name));
            return;
        }
    }
    if (capturevec_push(&m->captures, (Capture){name, reg}) < 0) {
        fail_memory(g->c);
    }
}

static bool
is_wildcard(const Pattern *p)
{
    return p->kind == PATTERN_MATCH_AS && !p->MatchAs.name && !p->MatchAs.pattern;
}

static bool
is_wildcard_star(const Pattern *p)
{
    return p->kind == PATTERN_MATCH_STAR && !p->MatchStar.name;
}

/* keep: the subject is needed after the pattern (or is not the pattern's own). */
static void gen_pattern(Gen *g, Match *m, const Pattern *p, Reg subject, bool keep);

static void
gen_subpattern(Gen *g, Match *m, const Pattern *p, Reg subject)
{
    bool outer = m->may_be_irrefutable;
    m->may_be_irrefutable = true;
    gen_pattern(g, m, p, subject, false);
    m->may_be_irrefutable = outer;
}

/* The subject as a source that is given up unless it is kept. */
static unsigned
give_up(Gen *g, Match *m, Reg subject, bool keep, unsigned kill)
{
    if (keep || !is_live(m, subject)) {
        return 0;
    }
    set_live(g, m, subject, false);
    return kill;
}

/* n items of a tuple or sequence into new temporaries. star: which of them takes the rest; -1: none. */
static Reg
push_items(Gen *g, Match *m, Reg from, unsigned flags, int n, int star)
{
    Reg window = push_many(g, (size_t)n);
    for (int i = 0; i < n; i++) {
        set_live(g, m, window + (Reg)i, true);
    }
    if (star >= 0) {
        emit(g, I_UNPACK_STAR, window, from, (Reg)star, flags)->extra = (uint32_t)(n - star - 1);
    } else {
        emit(g, I_UNPACK, window, from, (Reg)n, flags);
    }
    return window;
}

/* -- sequences ------------------------------------------------------------------------------------- */

/* [a, *_, b]: only the items that matter are looked at. */
static void
gen_sequence_by_index(Gen *g, Match *m, const Pattern *p, Reg subject, int star)
{
    const PatternSeq *patterns = &p->MatchSequence.patterns;
    for (int i = 0; i < patterns->count; i++) {
        const Pattern *item = patterns->items[i];
        if (i == star || is_wildcard(item)) {
            continue;
        }
        at(g, p->pos);
        Reg r = push(g);
        if (i < star) {
            emit_const(g, r, small_int(i));
        } else {
            emit(g, I_GET_LEN, r, subject, 0, 0);
            Operand back = push_const(g, small_int(patterns->count - i));
            emit(g, I_SUB, r, r, back.reg, INST_KILL_B | INST_KILL_C);
            pop_to(g, r + 1);
        }
        emit(g, I_LOAD_ITEM, r, subject, r, INST_KILL_C);
        set_live(g, m, r, true);
        gen_subpattern(g, m, item, r);
    }
}

static void
gen_sequence(Gen *g, Match *m, const Pattern *p, Reg subject, bool keep)
{
    const PatternSeq *patterns = &p->MatchSequence.patterns;
    int star = -1;
    bool only_wildcards = true, star_wildcard = false;
    for (int i = 0; i < patterns->count; i++) {
        const Pattern *item = patterns->items[i];
        if (item->kind == PATTERN_MATCH_STAR) {
            if (star >= 0) {
                syntax_error(g->c, p->pos, str_fmt("multiple starred names in sequence pattern"));
                return;
            }
            star = i;
            star_wildcard = is_wildcard_star(item);
            only_wildcards &= star_wildcard;
        } else {
            only_wildcards &= is_wildcard(item);
        }
    }
    if (star >= 256) {
        syntax_error(g->c, p->pos, str_fmt("too many expressions in star-unpacking sequence pattern"));
        return;
    }
    Reg truth = push(g);
    emit(g, I_MATCH_SEQUENCE, truth, subject, 0, 0);
    fail_unless(g, m, truth);
    if (star < 0) {
        test_length(g, m, subject, true, patterns->count);
    } else if (patterns->count > 1) {
        test_length(g, m, subject, false, patterns->count - 1);
    }
    if (only_wildcards) {
        return;
    }
    if (star_wildcard) {
        gen_sequence_by_index(g, m, p, subject, star);
        return;
    }
    unsigned kill = give_up(g, m, subject, keep, INST_KILL_B);
    Reg window = push_items(g, m, subject, kill, patterns->count, star);
    for (int i = 0; i < patterns->count; i++) {
        const Pattern *item = patterns->items[i];
        if (i == star) {
            capture(g, m, item->MatchStar.name, window + (Reg)i, item->pos);
        } else {
            gen_subpattern(g, m, item, window + (Reg)i);
        }
    }
}

/* -- mappings -------------------------------------------------------------------------------------- */

/* The tuple of the keys, in a new temporary. */
static Reg
push_keys(Gen *g, Match *m, const Pattern *p)
{
    const ExprSeq *keys = &p->MatchMapping.keys;
    Own seen = dict_new();
    Reg window = g->u->top;
    for (int i = 0; i < keys->count && gen_ok(g) && seen; i++) {
        const Expr *key = keys->items[i];
        Own constant = fold(g, key);
        if (constant) {
            int known = dict_contains(seen, constant);
            if (known > 0) {
                syntax_error(g->c, p->pos, str_fmt("mapping pattern checks duplicate key (%R)", (Value)constant));
            } else if (known < 0 || dict_set(seen, constant, NONE) < 0) {
                g->c->failed = true;
            }
            drop(constant);
        } else if (key->kind != EXPR_ATTRIBUTE) {
            syntax_error(g->c, p->pos, str_fmt("mapping pattern keys may only match literals and attribute lookups"));
        }
        push_expr(g, key);
    }
    if (!seen) {
        g->c->failed = true;
        return window;
    }
    drop(seen);
    pop_to(g, window);
    at(g, p->pos);
    Reg r = push_live(g, m);
    emit(g, I_BUILD_TUPLE, r, r, (Reg)keys->count, 0);
    return r;
}

/* **rest: a dict of what the keys did not take. */
static Reg
push_mapping_rest(Gen *g, Match *m, const Pattern *p, Reg subject, Reg keys)
{
    Reg rest = push_live(g, m);
    int n = p->MatchMapping.keys.count;
    emit(g, I_BUILD_MAP, rest, rest, 0, 0);
    emit(g, I_DICT_UPDATE, rest, subject, 0, 0);
    if (n > 0) {
        set_live(g, m, keys, false);
        Reg window = push_many(g, (size_t)n);
        emit(g, I_UNPACK, window, keys, (Reg)n, INST_KILL_B);
        for (int i = 0; i < n; i++) {
            emit(g, I_DELETE_ITEM, rest, window + (Reg)i, 0, INST_KILL_B);
        }
        pop_to(g, window);
    }
    return rest;
}

static void
gen_mapping(Gen *g, Match *m, const Pattern *p, Reg subject)
{
    const PatternSeq *patterns = &p->MatchMapping.patterns;
    int n = p->MatchMapping.keys.count;
    Reg truth = push(g);
    emit(g, I_MATCH_MAPPING, truth, subject, 0, 0);
    fail_unless(g, m, truth);
    if (n > 0) {
        test_length(g, m, subject, false, n);
    }
    Reg keys = 0, window = 0, rest = 0;
    if (n > 0) {
        keys = push_keys(g, m, p);
        Reg values = push_live(g, m);
        emit(g, I_MATCH_KEYS, values, subject, keys, 0);
        fail_if_none(g, m, values);
        set_live(g, m, values, false);
        window = push_items(g, m, values, INST_KILL_B, n, -1);
    }
    if (p->MatchMapping.rest) {
        rest = push_mapping_rest(g, m, p, subject, keys);
    }
    for (int i = 0; i < patterns->count; i++) {
        gen_subpattern(g, m, patterns->items[i], window + (Reg)i);
    }
    if (p->MatchMapping.rest) {
        capture(g, m, p->MatchMapping.rest, rest, p->pos);
    }
}

/* -- classes --------------------------------------------------------------------------------------- */

static Own
keyword_names(Gen *g, const Pattern *p)
{
    const NameSeq *attrs = &p->MatchClass.kwd_attrs;
    Own names = gen_ok(g) ? tuple_new(attrs->count) : NO_VALUE;
    for (int i = 0; names && i < attrs->count; i++) {
        Value name = gen_name(g, attrs->items[i]);
        for (int j = 0; name && j < i; j++) {
            if (tuple_item(names, j) == name) {
                syntax_error(g->c, p->MatchClass.kwd_patterns.items[i]->pos,
                             str_fmt("attribute name repeated in class pattern: %U", name));
                name = NO_VALUE;
            }
        }
        if (!name) {
            drop(names);
            return NO_VALUE;
        }
        tuple_init_item(names, i, own(name));
    }
    return names;
}

static void
gen_class_pattern(Gen *g, Match *m, const Pattern *p, Reg subject, bool keep)
{
    const PatternSeq *positional = &p->MatchClass.patterns, *keyword = &p->MatchClass.kwd_patterns;
    int n = positional->count + keyword->count;
    Own names = keyword_names(g, p);
    Reg window = push(g);
    emit(g, I_MOVE, window, subject, 0, give_up(g, m, subject, keep, INST_KILL_B));
    push_expr(g, p->MatchClass.cls);
    at(g, p->pos);
    push_const(g, names);
    pop_to(g, window);
    Reg values = push_live(g, m);
    emit(g, I_MATCH_CLASS, values, window, (Reg)positional->count, 0);
    fail_if_none(g, m, values);
    if (n == 0) {
        return;
    }
    set_live(g, m, values, false);
    Reg items = push_items(g, m, values, INST_KILL_B, n, -1);
    for (int i = 0; i < n; i++) {
        const Pattern *item =
            i < positional->count ? positional->items[i] : keyword->items[i - positional->count];
        gen_subpattern(g, m, item, items + (Reg)i);
    }
}

/* -- alternatives ---------------------------------------------------------------------------------- */

static const Capture *
find_capture(const Match *m, Value name)
{
    for (size_t i = 0; i < m->captures.len; i++) {
        if (m->captures.data[i].name == name) {
            return &m->captures.data[i];
        }
    }
    return NULL;
}

static void
clear_live(Gen *g, Match *m)
{
    for (size_t i = 0; i < m->live.len; i++) {
        if (m->live.data[i]) {
            emit_clear(g, m->base + (Reg)i);
        }
    }
}

/* The captured values of one alternative into the registers that all alternatives share. */
static void
deliver_captures(Gen *g, Match *alt, const CaptureVec *shared, Reg first, Pos pos)
{
    if (alt->captures.len != shared->len) {
        syntax_error(g->c, pos, str_fmt("alternative patterns bind different names"));
        return;
    }
    for (size_t i = 0; i < shared->len && gen_ok(g); i++) {
        const Capture *c = find_capture(alt, shared->data[i].name);
        if (!c) {
            syntax_error(g->c, pos, str_fmt("alternative patterns bind different names"));
            return;
        }
        emit(g, I_MOVE, first + (Reg)i, c->reg, 0, 0);
    }
    clear_live(g, alt);
}

static int
count_captures(Gen *g, const Pattern *p)
{
    int n = 0;
    const PatternSeq *parts = NULL;
    if (!compiler_enter(g->c)) {
        return 0;
    }
    switch (p->kind) {
    case PATTERN_MATCH_SEQUENCE:
        parts = &p->MatchSequence.patterns;
        break;
    case PATTERN_MATCH_MAPPING:
        parts = &p->MatchMapping.patterns;
        n += p->MatchMapping.rest != NULL;
        break;
    case PATTERN_MATCH_CLASS:
        parts = &p->MatchClass.kwd_patterns;
        for (int i = 0; i < p->MatchClass.patterns.count; i++) {
            n += count_captures(g, p->MatchClass.patterns.items[i]);
        }
        break;
    case PATTERN_MATCH_STAR:
        return p->MatchStar.name != NULL;
    case PATTERN_MATCH_AS:
        return (p->MatchAs.name != NULL) + (p->MatchAs.pattern ? count_captures(g, p->MatchAs.pattern) : 0);
    case PATTERN_MATCH_OR:
        return count_captures(g, p->MatchOr.patterns.items[0]);
    default:
        return 0;
    }
    for (int i = 0; i < parts->count; i++) {
        n += count_captures(g, parts->items[i]);
    }
    return n;
}

static void
gen_alternatives(Gen *g, Match *m, const Pattern *p, Reg subject)
{
    const PatternSeq *patterns = &p->MatchOr.patterns;
    int n = count_captures(g, patterns->items[0]);
    Label end = new_label(g);
    Reg first = push_many(g, (size_t)n);
    CaptureVec shared = {0};
    for (int i = 0; i < patterns->count && gen_ok(g); i++) {
        bool last = i == patterns->count - 1;
        Match alt = {.base = g->u->top, .may_be_irrefutable = last && m->may_be_irrefutable};
        gen_pattern(g, &alt, patterns->items[i], subject, true);
        if (i == 0 && gen_ok(g) && capturevec_extend(&shared, alt.captures.data, alt.captures.len) < 0) {
            fail_memory(g->c);
        }
        at(g, p->pos);
        if (gen_ok(g)) {
            deliver_captures(g, &alt, &shared, first, p->pos);
        }
        pop_to(g, first + (Reg)n);
        emit_goto(g, end);
        put_fail_labels(g, &alt);
        match_free(&alt);
    }
    emit_goto(g, fail_label(g, m));
    put_label(g, end);
    for (size_t i = 0; i < shared.len && gen_ok(g); i++) {
        Value name = shared.data[i].name;
        if (find_capture(m, name)) {
            syntax_error(g->c, p->pos, str_fmt("multiple assignments to name %R in pattern", name));
        } else if (capturevec_push(&m->captures, (Capture){name, first + (Reg)i}) < 0) {
            fail_memory(g->c);
        }
        set_live(g, m, first + (Reg)i, true);
    }
    capturevec_free(&shared);
}

/* -- any pattern ----------------------------------------------------------------------------------- */

static void
gen_value_pattern(Gen *g, Match *m, const Pattern *p, Reg subject)
{
    const Expr *value = p->MatchValue.value;
    int64_t small;
    if (fold_small(g, value, &small)) {
        emit_jump(g, I_JUMP_IF_EQ_IMM, subject, (uint16_t)small, fail_label(g, m), 0);
        return;
    }
    Own constant = fold(g, value);
    if (!constant && value->kind != EXPR_ATTRIBUTE) {
        syntax_error(g->c, p->pos, str_fmt("patterns may only match literals and attribute lookups"));
    }
    drop_opt(constant);
    Reg mark = g->u->top;
    Operand o = gen_expr(g, value, ANYWHERE);
    pop_to(g, mark);
    at(g, p->pos);
    emit_jump(g, I_JUMP_IF_EQ, subject, o.reg, fail_label(g, m), kill_b(o));
}

static void
gen_singleton(Gen *g, Match *m, const Pattern *p, Reg subject)
{
    Own value = gen_ok(g) ? constant_value(&p->MatchSingleton.value) : NO_VALUE;
    if (value == NONE) {
        emit_jump(g, I_JUMP_IF_NONE, subject, 0, fail_label(g, m), 0);
        return;
    }
    Operand o = push_const(g, value);
    pop_to(g, o.reg);
    emit_jump(g, I_JUMP_IF_IS, subject, o.reg, fail_label(g, m), kill_b(o));
}

static void
gen_as(Gen *g, Match *m, const Pattern *p, Reg subject, bool keep)
{
    const Name *name = p->MatchAs.name;
    if (p->MatchAs.pattern) {
        gen_pattern(g, m, p->MatchAs.pattern, subject, true);
        capture(g, m, name, subject, p->pos);
        return;
    }
    if (!m->may_be_irrefutable) {
        if (name) {
            syntax_error(g->c, p->pos, str_fmt("name capture %R makes remaining patterns unreachable", gen_name(g, name)));
        } else {
            syntax_error(g->c, p->pos, str_fmt("wildcard makes remaining patterns unreachable"));
        }
    } else if (name) {
        capture(g, m, name, subject, p->pos);
    } else {
        (void)keep;
        emit(g, I_NOP, 0, 0, 0, 0);
    }
}

static void
gen_pattern(Gen *g, Match *m, const Pattern *p, Reg subject, bool keep)
{
    if (!compiler_enter(g->c)) {
        return;
    }
    at(g, p->pos);
    switch (p->kind) {
    case PATTERN_MATCH_VALUE:
        gen_value_pattern(g, m, p, subject);
        break;
    case PATTERN_MATCH_SINGLETON:
        gen_singleton(g, m, p, subject);
        break;
    case PATTERN_MATCH_SEQUENCE:
        gen_sequence(g, m, p, subject, keep);
        break;
    case PATTERN_MATCH_MAPPING:
        gen_mapping(g, m, p, subject);
        break;
    case PATTERN_MATCH_CLASS:
        gen_class_pattern(g, m, p, subject, keep);
        break;
    case PATTERN_MATCH_STAR: /* only in sequences */
        break;
    case PATTERN_MATCH_AS:
        gen_as(g, m, p, subject, keep);
        break;
    case PATTERN_MATCH_OR:
        gen_alternatives(g, m, p, subject);
        break;
    }
}

/* The pattern has matched: stores what it captured, clears the rest. */
static void
store_captures(Gen *g, Match *m)
{
    for (size_t i = 0; i < m->captures.len && gen_ok(g); i++) {
        Capture c = m->captures.data[i];
        bool again = false;
        for (size_t j = i + 1; j < m->captures.len; j++) {
            again |= m->captures.data[j].reg == c.reg;
        }
        bool kill = !again && is_live(m, c.reg);
        store_name(g, c.name, (Operand){c.reg, kill});
        if (kill) {
            set_live(g, m, c.reg, false);
        }
    }
    clear_live(g, m);
}

void
gen_match(Gen *g, const Stmt *s)
{
    Reg subject = push_expr(g, s->Match.subject);
    Label end = new_label(g);
    for (int i = 0; i < s->Match.cases.count && gen_ok(g); i++) {
        const MatchCase *c = s->Match.cases.items[i];
        bool last = i == s->Match.cases.count - 1;
        Match m = {.base = subject + 1, .may_be_irrefutable = last || c->guard};
        gen_pattern(g, &m, c->pattern, subject, true);
        at(g, c->pattern->pos);
        store_captures(g, &m);
        pop_to(g, m.base);
        if (c->guard) {
            gen_jump_if(g, c->guard, false, fail_label(g, &m));
        }
        at(g, c->pattern->pos);
        emit_clear(g, subject);
        pop_to(g, subject);
        gen_body(g, &c->body);
        at(g, no_position);
        emit_goto(g, end);
        push(g);
        put_fail_labels(g, &m);
        match_free(&m);
    }
    at(g, no_position);
    emit_clear(g, subject);
    put_label(g, end);
    pop_to(g, subject);
}
