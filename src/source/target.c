/* Targets: what can be assigned to or deleted, and the names that messages have for what cannot.
   Targets are read as expressions first; their context is set once it is known what they are for.
 */
#include "source/parser_priv.h"

const char *
expr_kind_name(const Expr *e)
{
    switch (e->kind) {
    case EXPR_ATTRIBUTE:
        return "attribute";
    case EXPR_SUBSCRIPT:
        return "subscript";
    case EXPR_STARRED:
        return "starred";
    case EXPR_NAME:
        return "name";
    case EXPR_LIST:
        return "list";
    case EXPR_TUPLE:
        return "tuple";
    case EXPR_LAMBDA:
        return "lambda";
    case EXPR_CALL:
        return "function call";
    case EXPR_BOOL_OP:
    case EXPR_BIN_OP:
    case EXPR_UNARY_OP:
        return "expression";
    case EXPR_GENERATOR_EXP:
        return "generator expression";
    case EXPR_YIELD:
    case EXPR_YIELD_FROM:
        return "yield expression";
    case EXPR_AWAIT:
        return "await expression";
    case EXPR_LIST_COMP:
        return "list comprehension";
    case EXPR_SET_COMP:
        return "set comprehension";
    case EXPR_DICT_COMP:
        return "dict comprehension";
    case EXPR_DICT:
        return "dict literal";
    case EXPR_SET:
        return "set display";
    case EXPR_JOINED_STR:
    case EXPR_FORMATTED_VALUE:
        return "f-string expression";
    case EXPR_TEMPLATE_STR:
    case EXPR_INTERPOLATION:
        return "t-string expression";
    case EXPR_CONSTANT:
        switch (e->Constant.value.kind) {
        case CONST_NONE:
            return "None";
        case CONST_TRUE:
            return "True";
        case CONST_FALSE:
            return "False";
        case CONST_ELLIPSIS:
            return "ellipsis";
        default:
            return "literal";
        }
    case EXPR_COMPARE:
        return "comparison";
    case EXPR_IF_EXP:
        return "conditional expression";
    case EXPR_NAMED_EXPR:
        return "named expression";
    case EXPR_SLICE:
        break;
    }
    return "expression";
}

static Expr *
invalid_element(ExprSeq elts, TargetUse use)
{
    for (int i = 0; i < elts.count; i++) {
        Expr *bad = invalid_target(elts.items[i], use);
        if (bad)
            return bad;
    }
    return NULL;
}

Expr *
invalid_target(Expr *e, TargetUse use)
{
    switch (e->kind) {
    case EXPR_NAME:
    case EXPR_ATTRIBUTE:
    case EXPR_SUBSCRIPT:
        return NULL;
    case EXPR_LIST:
        return invalid_element(e->List.elts, use);
    case EXPR_TUPLE:
        return invalid_element(e->Tuple.elts, use);
    case EXPR_STARRED:
        return use == TARGET_DELETE ? e : invalid_target(e->Starred.value, use);
    case EXPR_COMPARE:
        /* `for a in b` may have been read as a comparison. */
        if (use != TARGET_FOR)
            return e;
        if (e->Compare.ops.items[0] != CMPOP_IN)
            return NULL;
        return invalid_target(e->Compare.left, use);
    default:
        return e;
    }
}

void *
fail_target(Parser *p, Expr *e, TargetUse use)
{
    Expr *bad = invalid_target(e, use);
    if (!bad)
        return NULL;
    return fail_pos(p, bad->pos, "cannot %s %s", use == TARGET_DELETE ? "delete" : "assign to",
                    expr_kind_name(bad));
}

void
set_context(Expr *e, ExprContext ctx)
{
    ExprSeq elts = {0};
    switch (e->kind) {
    case EXPR_NAME:
        e->Name.ctx = ctx;
        return;
    case EXPR_ATTRIBUTE:
        e->Attribute.ctx = ctx;
        return;
    case EXPR_SUBSCRIPT:
        e->Subscript.ctx = ctx;
        return;
    case EXPR_STARRED:
        e->Starred.ctx = ctx;
        set_context(e->Starred.value, ctx);
        return;
    case EXPR_LIST:
        e->List.ctx = ctx;
        elts = e->List.elts;
        break;
    case EXPR_TUPLE:
        e->Tuple.ctx = ctx;
        elts = e->Tuple.elts;
        break;
    default:
        return;
    }
    for (int i = 0; i < elts.count; i++)
        set_context(elts.items[i], ctx);
}

bool
is_single_target(const Expr *e)
{
    return e->kind == EXPR_NAME || e->kind == EXPR_ATTRIBUTE || e->kind == EXPR_SUBSCRIPT;
}

/* One target, perhaps starred, not marked yet. */
static Expr *
parse_target(Parser *p)
{
    if (peek(p) != TOK_STAR) {
        Place at = place(p);
        Expr *e = parse_primary(p);
        if (!e || !invalid_target(e, TARGET_ASSIGN))
            return e;
        go_back(p, at);
        return NULL;
    }
    Start start = start_here(p);
    p->mark++;
    if (peek(p) == TOK_STAR)
        return NULL;
    Expr *value = parse_target(p);
    return value ? expr_starred(p->arena, pos_from(p, start), value, CTX_STORE) : NULL;
}

Expr *
parse_star_target(Parser *p)
{
    Expr *e = parse_target(p);
    if (e)
        set_context(e, CTX_STORE);
    return e;
}

Expr *
parse_star_targets(Parser *p)
{
    Start start = start_here(p);
    Expr *first = parse_target(p);
    if (!first)
        return NULL;
    if (peek(p) == TOK_COMMA) {
        int base = p->scratch_len;
        scratch_push(p, first);
        while (accept(p, TOK_COMMA)) {
            int at = p->mark;
            Expr *item = starts_expression(peek(p)) ? parse_target(p) : NULL;
            if (!item) {
                if (p->mark != at && !parser_retreat(p, at))
                    return NULL;
                break;
            }
            scratch_push(p, item);
        }
        if (parser_stopped(p))
            return NULL;
        first = expr_tuple(p->arena, pos_from(p, start), TAKE(ExprSeq, p, base), CTX_STORE);
    }
    if (first)
        set_context(first, CTX_STORE);
    return first;
}
