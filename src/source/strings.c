/* Strings: adjacent literals become one node. Plain ones merge into a constant. With an f-string or
   t-string among them the result is a list of values, in which neighbouring texts merge and empty
   ones vanish. */
#include "source/literal.h"

static bool
is_text(const void *item)
{
    const Expr *e = item;
    return e->kind == EXPR_CONSTANT;
}

/* Merges items[from .. to), all constants of one kind, into one that spans them. */
static Expr *
merge_texts(Parser *p, void **items, int from, int to)
{
    Expr *first = items[from], *last = items[to - 1];
    if (to - from == 1)
        return first;
    size_t len = 0;
    for (int i = from; i < to; i++)
        len += ((Expr *)items[i])->Constant.value.len;
    char *text = len < UINT32_MAX ? arena_alloc(p->arena, len + 1) : NULL;
    if (!text)
        return NULL;
    Const value = {.kind = first->Constant.value.kind, .len = (uint32_t)len, .text = text};
    for (int i = from; i < to; i++) {
        const Const *part = &((Expr *)items[i])->Constant.value;
        memcpy(text, part->text, part->len);
        text += part->len;
    }
    return expr_constant(p->arena, pos_join(first->pos, last->pos), value, first->Constant.kind);
}

ExprSeq
merge_values(Parser *p, int base)
{
    int n = base;
    for (int i = base; i < p->scratch_len;) {
        if (!is_text(p->scratch[i])) {
            p->scratch[n++] = p->scratch[i++];
            continue;
        }
        int end = i;
        while (end < p->scratch_len && is_text(p->scratch[end]))
            end++;
        Expr *text = merge_texts(p, p->scratch, i, end);
        if (text && text->Constant.value.len)
            p->scratch[n++] = text;
        i = end;
    }
    p->scratch_len = n;
    return TAKE(ExprSeq, p, base);
}

/* A plain literal. */
static Expr *
parse_string(Parser *p)
{
    Token token = next_token(p);
    p->mark++;
    const char *text = token_start(p, &token), *start = text;
    LiteralText from = {.lineno = token.lineno};
    bool kind_u = false;
    for (; *text != '"' && *text != '\''; text++) {
        from.raw |= (*text | 0x20) == 'r';
        from.bytes |= (*text | 0x20) == 'b';
        kind_u |= *text == 'u';
    }
    size_t quotes =
        token.len - (size_t)(text - start) >= 6 && text[1] == text[0] && text[2] == text[0] ? 3 : 1;
    from.text = text + quotes;
    from.len = token.len - (size_t)(text - start) - 2 * quotes;
    from.col = token.col + (int)(from.text - start);
    if (from.bytes)
        for (size_t i = 0; i < from.len; i++)
            if ((uint8_t)from.text[i] >= 0x80)
                return fail_token(p, &token, "bytes can only contain ASCII literal characters");
    Const value;
    const char *error;
    if (!literal_decode(p, &from, &value, &error))
        return error ? fail_token(p, &token, "%s", error) : NULL;
    Text *kind = NULL;
    if (kind_u) {
        kind = arena_alloc(p->arena, sizeof(*kind));
        if (!kind)
            return NULL;
        *kind = (Text){"u", 1};
    }
    return expr_constant(p->arena, pos_of_token(&token), value, kind);
}

static bool
is_bytes(const Expr *e)
{
    return e->kind == EXPR_CONSTANT && e->Constant.value.kind == CONST_BYTES;
}

/* All parts are read: scratch items from `base` on, t-strings only or none. */
static Expr *
join_strings(Parser *p, int base)
{
    int bytes = 0, formats = 0, count = p->scratch_len - base;
    Expr *first = p->scratch[base], *last = p->scratch[p->scratch_len - 1];
    for (int i = base; i < p->scratch_len; i++) {
        Expr *part = p->scratch[i];
        bytes += is_bytes(part);
        formats += part->kind != EXPR_CONSTANT;
    }
    Pos pos = pos_join(first->pos, last->pos);
    if (bytes && bytes < count)
        return fail_last(p, PROBLEM_SYNTAX, "cannot mix bytes and nonbytes literals");
    if (!formats) {
        Expr *text = merge_texts(p, p->scratch, base, p->scratch_len);
        p->scratch_len = base;
        return text;
    }
    /* Spread the values of the f-strings. */
    int values = p->scratch_len;
    for (int i = base; i < base + count; i++) {
        Expr *part = p->scratch[i];
        if (part->kind == EXPR_CONSTANT) {
            scratch_push(p, part);
            continue;
        }
        ExprSeq parts =
            part->kind == EXPR_JOINED_STR ? part->JoinedStr.values : part->TemplateStr.values;
        for (int k = 0; k < parts.count; k++)
            scratch_push(p, parts.items[k]);
    }
    ExprSeq merged = merge_values(p, values);
    p->scratch_len = base;
    return first->kind == EXPR_TEMPLATE_STR ? expr_template_str(p->arena, pos, merged)
                                            : expr_joined_str(p->arena, pos, merged);
}

static bool
starts_string(int kind, bool template)
{
    return template ? kind == TOK_TSTRING_START : kind == TOK_STRING || kind == TOK_FSTRING_START;
}

/* Pushes strings as long as they are t-strings, or are none. False: the parse is over. */
static bool
push_strings(Parser *p, bool template)
{
    for (int kind = peek(p); starts_string(kind, template); kind = peek(p)) {
        int at = p->mark;
        Expr *part = kind == TOK_STRING ? parse_string(p) : parse_fstring(p);
        if (!part)
            return parser_retreat(p, at);
        scratch_push(p, part);
    }
    return !parser_stopped(p);
}

/* t-strings and others side by side. */
bool
check_mixed_strings(Parser *p)
{
    Place at = place(p);
    bool template = peek(p) == TOK_TSTRING_START;
    if (push_strings(p, template) && p->scratch_len > at.scratch_len) {
        Expr *first = p->scratch[at.scratch_len];
        p->scratch_len = at.scratch_len;
        if (push_strings(p, !template) && p->scratch_len > at.scratch_len) {
            Expr *last = p->scratch[p->scratch_len - 1];
            fail_pos(p, pos_join(first->pos, last->pos),
                     "cannot mix t-string literals with string or bytes literals");
        }
    }
    go_back(p, at);
    return !parser_stopped(p);
}

Expr *
parse_strings(Parser *p)
{
    int base = p->scratch_len, kind = peek(p);
    if (p->checks && !check_mixed_strings(p))
        return NULL;
    Expr *first = kind == TOK_STRING ? parse_string(p) : parse_fstring(p);
    bool template = kind == TOK_TSTRING_START;
    if (!first || LIKELY(!starts_string(peek(p), template)))
        return first;
    scratch_push(p, first);
    return push_strings(p, template) ? join_strings(p, base) : NULL;
}
