/* Arguments of calls and class definitions; subscripts. */
#include "source/parser_priv.h"

static Keyword *
parse_double_starred(Parser *p)
{
    Start start = start_here(p);
    p->mark++;
    Expr *value = parse_expression(p);
    return value ? new_keyword(p->arena, pos_from(p, start), NULL, value) : NULL;
}

static Keyword *
parse_keyword(Parser *p)
{
    Start start = start_here(p);
    const Name *arg = parse_identifier(p);
    p->mark++;
    Expr *value = parse_expression(p);
    return arg && value ? new_keyword(p->arena, pos_from(p, start), arg, value) : NULL;
}

static Expr *
parse_starred_argument(Parser *p)
{
    Start start = start_here(p);
    p->mark++;
    Expr *value = parse_expression(p);
    return value ? expr_starred(p->arena, pos_from(p, start), value, CTX_LOAD) : NULL;
}

/* A positional argument, which may be `name := value`. */
static Expr *
parse_positional(Parser *p)
{
    if (peek(p) == TOK_NAME && peek_at(p, 1) == TOK_COLONEQUAL)
        return parse_named_expression(p);
    Expr *e = parse_expression(p);
    return e && peek(p) != TOK_COLONEQUAL && peek(p) != TOK_EQUAL ? e : NULL;
}

/* What may come where: positional arguments; then keywords and starred ones; then keywords and
 * double-starred ones. */
typedef enum ArgStage { STAGE_POSITIONAL, STAGE_KEYWORD, STAGE_DOUBLE_STARRED } ArgStage;

/* One argument: `*arg` or `*keyword`. False: there is none here. */
static bool
parse_argument(Parser *p, ArgStage *stage, Expr **arg, Keyword **keyword)
{
    *arg = NULL;
    *keyword = NULL;
    int kind = peek(p);
    if (kind == TOK_DOUBLESTAR) {
        *stage = STAGE_DOUBLE_STARRED;
        return (*keyword = parse_double_starred(p));
    }
    if (kind == TOK_STAR)
        return *stage != STAGE_DOUBLE_STARRED && (*arg = parse_starred_argument(p));
    if (kind == TOK_NAME && peek_at(p, 1) == TOK_EQUAL) {
        if (*stage == STAGE_POSITIONAL)
            *stage = STAGE_KEYWORD;
        return (*keyword = parse_keyword(p));
    }
    return *stage == STAGE_POSITIONAL && (*arg = parse_positional(p));
}

/* A lone generator expression needs no parentheses of its own; it takes those of the call. */
static Expr *
parse_bare_generator(Parser *p, int open, Expr *e)
{
    Token token = p->tokens[open];
    int at = p->mark;
    ComprehensionSeq clauses = parse_for_if_clauses(p);
    if (!clauses.count || peek(p) != TOK_RPAR) {
        p->mark = at;
        return NULL;
    }
    p->mark++;
    Pos pos = pos_from(p, (Start){token.lineno, token.col});
    p->mark--;
    return expr_generator_exp(p->arena, pos, e, clauses);
}

/* Arguments as far as they go, on the scratch stack in pairs: an argument and NULL, or a keyword
   and itself. False, and all is as before: the first of them failed, or the parse is over. */
static bool
push_arguments(Parser *p, bool is_call, ArgList *list)
{
    ArgStage stage = STAGE_POSITIONAL;
    int open = p->mark - 1;
    *list = (ArgList){0};
    for (;;) {
        Expr *arg;
        Keyword *keyword;
        int at = p->mark;
        if (p->checks && !check_argument(p, stage != STAGE_DOUBLE_STARRED))
            return false;
        if (!parse_argument(p, &stage, &arg, &keyword)) {
            /* A comma in front of it is not part of the arguments. */
            return parser_retreat(p, list->count ? at - 1 : at) && list->count;
        }
        if (is_call && arg && !list->count && arg->kind != EXPR_STARRED && at_comprehension(p)) {
            Expr *generator = parse_bare_generator(p, open, arg);
            if (generator)
                arg = generator;
            else if (!p->second_pass || parser_stopped(p))
                return false;
        }
        scratch_push(p, arg ? (void *)arg : (void *)keyword);
        scratch_push(p, keyword);
        list->count++;
        list->double_starred |= keyword && !keyword->arg;
        if (arg) {
            list->positional++;
            list->last_positional = arg;
        }
        if (peek(p) != TOK_COMMA || peek_at(p, 1) == TOK_RPAR)
            return !parser_stopped(p);
        p->mark++;
    }
}

bool
read_arguments(Parser *p, ArgList *list)
{
    int base = p->scratch_len;
    bool any = push_arguments(p, false, list);
    p->scratch_len = base;
    return any;
}

/* Takes what push_arguments() left apart. */
static bool
divide_arguments(Parser *p, int base, const ArgList *list, CallArgs *out)
{
    int args = 0, keywords = 0, named = list->count - list->positional;
    out->args = (ExprSeq){arena_alloc(p->arena, (size_t)list->positional * sizeof(Expr *)),
                          list->positional};
    out->keywords = (KeywordSeq){arena_alloc(p->arena, (size_t)named * sizeof(Keyword *)), named};
    if (!out->args.items || !out->keywords.items)
        return false;
    for (int i = base; i < p->scratch_len; i += 2) {
        if (p->scratch[i + 1])
            out->keywords.items[keywords++] = p->scratch[i + 1];
        else
            out->args.items[args++] = p->scratch[i];
    }
    p->scratch_len = base;
    return true;
}

bool
parse_arguments(Parser *p, bool is_call, CallArgs *out)
{
    *out = (CallArgs){0};
    if (peek(p) == TOK_RPAR)
        return true;
    Place start = place(p);
    ArgList list;
    bool good = push_arguments(p, is_call, &list);
    if (good && peek(p) == TOK_COMMA && peek_at(p, 1) == TOK_RPAR)
        p->mark++;
    if (good && peek(p) == TOK_RPAR)
        return divide_arguments(p, start.scratch_len, &list, out);
    if (p->checks && !parser_stopped(p)) {
        go_back(p, start);
        check_arguments(p);
    }
    go_back(p, start);
    return false;
}

/* ---- subscripts ---- */

/* `lower:upper:step`, each of them optional; or a named expression. */
static Expr *
parse_slice(Parser *p)
{
    Start start = start_here(p);
    Expr *lower = NULL, *upper = NULL, *step = NULL;
    if (peek(p) != TOK_COLON) {
        bool named = peek(p) == TOK_NAME && peek_at(p, 1) == TOK_COLONEQUAL;
        lower = parse_named_expression(p);
        if (!lower || named || peek(p) != TOK_COLON)
            return lower;
    }
    p->mark++;
    if (starts_expression(peek(p)) && !(upper = parse_expression(p)))
        return NULL;
    if (accept(p, TOK_COLON) && starts_expression(peek(p)) && !(step = parse_expression(p)))
        return NULL;
    return expr_slice(p->arena, pos_from(p, start), lower, upper, step);
}

static Expr *
parse_subscript_item(Parser *p)
{
    if (peek(p) != TOK_STAR)
        return parse_slice(p);
    return p->checks && !check_starred(p) ? NULL : parse_starred_argument(p);
}

Expr *
parse_slices(Parser *p)
{
    Start start = start_here(p);
    bool starred = peek(p) == TOK_STAR;
    Expr *first = parse_subscript_item(p);
    if (!first || (peek(p) != TOK_COMMA && !starred))
        return first;
    int base = p->scratch_len;
    scratch_push(p, first);
    while (accept(p, TOK_COMMA) && peek(p) != TOK_RSQB) {
        int at = p->mark;
        Expr *item = parse_subscript_item(p);
        if (!item) {
            if (!parser_retreat(p, at))
                return NULL;
            break;
        }
        scratch_push(p, item);
    }
    return expr_tuple(p->arena, pos_from(p, start), TAKE(ExprSeq, p, base), CTX_LOAD);
}
