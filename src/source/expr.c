/* Expressions: operators by precedence climbing, conditionals, `:=`, lists with commas, yield; and
   the chain of attributes, calls and subscripts behind an atom. */
#include "source/parser_priv.h"

/* ---- operators ---- */

typedef struct OperatorInfo {
    uint8_t prec;
    uint8_t op; /* an Operator or a CmpOp */
} OperatorInfo;

static const OperatorInfo operators[TOK_ALL] = {
    [KW_OR] = {PREC_OR, 0},
    [KW_AND] = {PREC_AND, 0},
    [KW_NOT] = {PREC_COMPARE, CMPOP_NOT_IN},
    [KW_IN] = {PREC_COMPARE, CMPOP_IN},
    [KW_IS] = {PREC_COMPARE, CMPOP_IS},
    [TOK_EQEQUAL] = {PREC_COMPARE, CMPOP_EQ},
    [TOK_NOTEQUAL] = {PREC_COMPARE, CMPOP_NOT_EQ},
    [TOK_LESS] = {PREC_COMPARE, CMPOP_LT},
    [TOK_LESSEQUAL] = {PREC_COMPARE, CMPOP_LT_E},
    [TOK_GREATER] = {PREC_COMPARE, CMPOP_GT},
    [TOK_GREATEREQUAL] = {PREC_COMPARE, CMPOP_GT_E},
    [TOK_VBAR] = {PREC_BITOR, OPERATOR_BIT_OR},
    [TOK_CIRCUMFLEX] = {PREC_BITXOR, OPERATOR_BIT_XOR},
    [TOK_AMPER] = {PREC_BITAND, OPERATOR_BIT_AND},
    [TOK_LEFTSHIFT] = {PREC_SHIFT, OPERATOR_L_SHIFT},
    [TOK_RIGHTSHIFT] = {PREC_SHIFT, OPERATOR_R_SHIFT},
    [TOK_PLUS] = {PREC_ADD, OPERATOR_ADD},
    [TOK_MINUS] = {PREC_ADD, OPERATOR_SUB},
    [TOK_STAR] = {PREC_MUL, OPERATOR_MULT},
    [TOK_SLASH] = {PREC_MUL, OPERATOR_DIV},
    [TOK_DOUBLESLASH] = {PREC_MUL, OPERATOR_FLOOR_DIV},
    [TOK_PERCENT] = {PREC_MUL, OPERATOR_MOD},
    [TOK_AT] = {PREC_MUL, OPERATOR_MAT_MULT},
};

static Expr *parse_factor(Parser *p);

/* `a or b or c` is one node. */
static Expr *
parse_bool_op(Parser *p, Start start, Expr *left, int prec)
{
    int kind = peek(p), base = p->scratch_len;
    scratch_push(p, left);
    while (peek(p) == kind) {
        int at = p->mark++;
        Expr *right = parse_binary(p, prec + 1);
        if (!right) {
            if (!parser_retreat(p, at))
                return NULL;
            break;
        }
        scratch_push(p, right);
    }
    if (p->scratch_len == base + 1) {
        p->scratch_len = base;
        return left;
    }
    Pos pos = pos_from(p, start);
    return expr_bool_op(p->arena, pos, prec == PREC_OR ? BOOLOP_OR : BOOLOP_AND,
                        TAKE(ExprSeq, p, base));
}

/* At "<" and ">" in one: not Python's any more. */
static CmpOp
check_old_not_equal(Parser *p)
{
    fail_pos(p, pos_join(pos_of_token(&p->tokens[p->mark]), pos_of_token(&p->tokens[p->mark + 1])),
             "invalid syntax.  Maybe you meant '!=' instead of '<>'?");
    return 0;
}

/* The comparison operator at the mark, going behind it; 0 if there is none. */
static CmpOp
parse_cmpop(Parser *p)
{
    int kind = peek(p);
    CmpOp op = operators[kind].prec == PREC_COMPARE ? (CmpOp)operators[kind].op : 0;
    if (!op)
        return 0;
    if (op == CMPOP_NOT_IN) {
        if (peek_at(p, 1) != KW_IN)
            return 0;
        p->mark++;
    } else if (kind == TOK_NOTEQUAL && p->barry) {
        fail_last(p, PROBLEM_SYNTAX, "with Barry as BDFL, use '<>' instead of '!='");
        return 0;
    } else if (kind == TOK_LESS && peek_at(p, 1) == TOK_GREATER &&
               p->tokens[p->mark + 1].start == p->tokens[p->mark].start + 1) {
        if (p->barry) {
            p->mark += 2;
            return CMPOP_NOT_EQ;
        }
        if (p->checks)
            return check_old_not_equal(p);
    }
    p->mark++;
    if (op == CMPOP_IS && accept(p, KW_NOT))
        op = CMPOP_IS_NOT;
    return op;
}

static Expr *
parse_comparison(Parser *p, Start start, Expr *left)
{
    int base = p->scratch_len, count = 0;
    CmpOp op;
    /* Operators and operands alternate on the scratch stack. */
    for (int at = p->mark; (op = parse_cmpop(p)); at = p->mark) {
        Expr *right = parse_binary(p, PREC_BITOR);
        if (!right) {
            if (!parser_retreat(p, at))
                return NULL;
            break;
        }
        scratch_push(p, (void *)(intptr_t)op);
        scratch_push(p, right);
        count++;
    }
    if (parser_stopped(p))
        return NULL;
    if (!count)
        return left;
    CmpOpSeq ops = {arena_alloc(p->arena, (size_t)count * sizeof(CmpOp)), count};
    ExprSeq rights = {arena_alloc(p->arena, (size_t)count * sizeof(Expr *)), count};
    if (!ops.items || !rights.items)
        return NULL;
    for (int i = 0; i < count; i++) {
        ops.items[i] = (CmpOp)(intptr_t)p->scratch[base + 2 * i];
        rights.items[i] = p->scratch[base + 2 * i + 1];
    }
    p->scratch_len = base;
    return expr_compare(p->arena, pos_from(p, start), left, ops, rights);
}

/* Everything from `or` to `*`: operators that bind at least as tightly as `min`. */
Expr *
parse_binary(Parser *p, int min)
{
    Expr *left;
    bool loose = false;
    Start start = start_here(p);
    if (peek(p) == KW_NOT && min <= PREC_NOT) {
        if (!enter(p))
            return NULL;
        p->mark++;
        Expr *operand = parse_binary(p, PREC_NOT);
        left = operand ? expr_unary_op(p->arena, pos_from(p, start), UNARYOP_NOT, operand) : NULL;
        loose = true;
    } else {
        int at = p->mark;
        left = parse_factor(p);
        if (UNLIKELY(!left && p->checks))
            check_not_behind_sign(p, at);
    }
    while (left) {
        OperatorInfo info = operators[peek(p)];
        if (info.prec < min || info.prec == PREC_NONE)
            break;
        int at = p->mark;
        if (info.prec >= PREC_BITOR) {
            p->mark++;
            Expr *right = parse_binary(p, info.prec + 1);
            if (!right) {
                if (p->checks && info.prec >= PREC_ADD)
                    check_not_operand(p, at + 1);
                if (!parser_retreat(p, at))
                    return NULL;
                break;
            }
            if (info.op == OPERATOR_MAT_MULT && !feature(p, "The '@' operator is", 5))
                return NULL;
            left = expr_bin_op(p->arena, pos_from(p, start), left, (Operator)info.op, right);
            continue;
        }
        left = info.prec == PREC_COMPARE ? parse_comparison(p, start, left)
                                         : parse_bool_op(p, start, left, info.prec);
        if (p->mark == at) /* not an operator after all */
            break;
        loose = true;
    }
    p->loose = loose;
    return left;
}

static Expr *
parse_await_primary(Parser *p)
{
    if (LIKELY(peek(p) != KW_AWAIT))
        return parse_primary(p);
    Start start = start_here(p);
    p->mark++;
    Expr *value = parse_primary(p);
    if (!value || !feature(p, "Await expressions are", 5))
        return NULL;
    return expr_await(p->arena, pos_from(p, start), value);
}

/* Unary + - ~, and the power operator, which binds more tightly on its left and less on its right.
 */
static Expr *
parse_factor(Parser *p)
{
    int kind = peek(p);
    Start start = start_here(p);
    if (kind == TOK_PLUS || kind == TOK_MINUS || kind == TOK_TILDE) {
        if (!enter(p))
            return NULL;
        p->mark++;
        Expr *operand = parse_factor(p);
        if (!operand)
            return NULL;
        UnaryOperator op = kind == TOK_PLUS    ? UNARYOP_U_ADD
                           : kind == TOK_MINUS ? UNARYOP_U_SUB
                                               : UNARYOP_INVERT;
        return expr_unary_op(p->arena, pos_from(p, start), op, operand);
    }
    Expr *base = parse_await_primary(p);
    if (!base || peek(p) != TOK_DOUBLESTAR)
        return base;
    if (!enter(p))
        return NULL;
    int at = p->mark++;
    Expr *power = parse_factor(p);
    if (!power)
        return parser_retreat(p, at) ? base : NULL;
    return expr_bin_op(p->arena, pos_from(p, start), base, OPERATOR_POW, power);
}

/* ---- behind an atom ---- */

static Expr *
parse_call(Parser *p, Start start, Expr *func)
{
    CallArgs args;
    p->mark++;
    if (!parse_arguments(p, true, &args) || !accept(p, TOK_RPAR))
        return NULL;
    return expr_call(p->arena, pos_from(p, start), func, args.args, args.keywords);
}

static Expr *
parse_subscript(Parser *p, Start start, Expr *value)
{
    p->mark++;
    Expr *slice = parse_slices(p);
    if (!slice || !accept(p, TOK_RSQB))
        return NULL;
    return expr_subscript(p->arena, pos_from(p, start), value, slice, CTX_LOAD);
}

static Expr *
parse_attribute(Parser *p, Start start, Expr *value)
{
    p->mark++;
    const Name *attr = parse_identifier(p);
    return attr ? expr_attribute(p->arena, pos_from(p, start), value, attr, CTX_LOAD) : NULL;
}

/* Looks a part up that the second pass may have read before. False: not known yet. */
static bool
recall(Parser *p, int which, Expr **e)
{
    peek(p);
    if (p->mark >= p->fill)
        return false;
    if (!p->memo[p->mark].entries[which].known)
        return false;
    *e = p->memo[p->mark].entries[which].e;
    p->loose = p->memo[p->mark].entries[which].loose;
    p->mark = p->memo[p->mark].entries[which].mark;
    return true;
}

static void
remember(Parser *p, int which, int at, Expr *e)
{
    if (parser_stopped(p) || at >= p->fill)
        return;
    p->memo[at].entries[which].known = true;
    p->memo[at].entries[which].e = e;
    p->memo[at].entries[which].mark = p->mark;
    p->memo[at].entries[which].loose = p->loose;
}

static Expr *
parse_primary_new(Parser *p)
{
    Start start = start_here(p);
    Expr *e = parse_atom(p);
    while (e) {
        int at = p->mark;
        Expr *longer;
        if (UNLIKELY(p->checks) && !check_behind_primary(p))
            return NULL;
        switch (peek(p)) {
        case TOK_DOT:
            longer = parse_attribute(p, start, e);
            break;
        case TOK_LPAR:
            longer = parse_call(p, start, e);
            break;
        case TOK_LSQB:
            longer = parse_subscript(p, start, e);
            break;
        default:
            return e;
        }
        if (!longer)
            return parser_retreat(p, at) ? e : NULL;
        e = longer;
    }
    return NULL;
}

Expr *
parse_primary(Parser *p)
{
    Expr *e;
    if (LIKELY(!p->second_pass))
        return parse_primary_new(p);
    int at = p->mark;
    if (!recall(p, MEMO_PRIMARY, &e)) {
        e = parse_primary_new(p);
        remember(p, MEMO_PRIMARY, at, e);
    }
    return e;
}

/* ---- whole expressions ---- */

/* Behind `body`: "if" test "else" orelse. */
static Expr *
parse_conditional(Parser *p, Start start, Expr *body)
{
    int at = p->mark++;
    Expr *test = parse_disjunction(p);
    Expr *orelse = test && accept(p, KW_ELSE) ? parse_expression(p) : NULL;
    if (!orelse)
        return parser_retreat(p, at) ? body : NULL;
    p->loose = true;
    return expr_if_exp(p->arena, pos_from(p, start), test, body, orelse);
}

/* What a conditional is made of. */
Expr *
parse_disjunction(Parser *p)
{
    Expr *e;
    if (LIKELY(!p->second_pass))
        return parse_binary(p, PREC_OR);
    int at = p->mark;
    if (!recall(p, MEMO_DISJUNCTION, &e)) {
        e = parse_binary(p, PREC_OR);
        remember(p, MEMO_DISJUNCTION, at, e);
    }
    return e;
}

static Expr *
parse_expression_new(Parser *p)
{
    if (!enter(p))
        return NULL;
    Start begin = start_here(p);
    int start = p->mark;
    if (UNLIKELY(p->checks) && !check_before_expression(p))
        return NULL;
    if (peek(p) == KW_LAMBDA) {
        Expr *lambda = parse_lambda(p);
        p->loose = true;
        return lambda;
    }
    Expr *e = parse_disjunction(p);
    if (!e)
        return NULL;
    if (UNLIKELY(p->checks)) {
        bool loose = p->loose;
        if (!check_expression(p, start, e))
            return NULL;
        p->loose = loose;
    }
    return peek(p) == KW_IF ? parse_conditional(p, begin, e) : e;
}

Expr *
parse_expression_unchecked(Parser *p)
{
    p->checks = false;
    return parse_expression_new(p);
}

Expr *
parse_expression(Parser *p)
{
    Expr *e;
    if (LIKELY(!p->second_pass))
        return parse_expression_new(p);
    int at = p->mark;
    if (!recall(p, MEMO_EXPRESSION, &e)) {
        e = parse_expression_new(p);
        remember(p, MEMO_EXPRESSION, at, e);
    }
    return e;
}

Expr *
parse_named_expression(Parser *p)
{
    if (peek(p) == TOK_NAME && peek_at(p, 1) == TOK_COLONEQUAL) {
        Token token = next_token(p);
        p->mark += 2;
        Expr *value = parse_expression(p);
        const Name *id = token_name(p, &token);
        if (!value || !id || !feature(p, "Assignment expressions are", 8))
            return NULL;
        Expr *target = expr_name(p->arena, pos_of_token(&token), id, CTX_STORE);
        return expr_named_expr(p->arena, pos_since(p, pos_of_token(&token)), target, value);
    }
    int start = p->mark;
    Expr *e = parse_expression(p);
    if (!e || (UNLIKELY(p->checks) && !check_named_expression(p, start, e)))
        return NULL;
    return peek(p) == TOK_COLONEQUAL ? NULL : e;
}

static Expr *
parse_starred(Parser *p, int min)
{
    Start start = start_here(p);
    p->mark++;
    Expr *value = parse_binary(p, min);
    return value ? expr_starred(p->arena, pos_from(p, start), value, CTX_LOAD) : NULL;
}

Expr *
parse_star_expression(Parser *p)
{
    return peek(p) == TOK_STAR ? parse_starred(p, PREC_BITOR) : parse_expression(p);
}

Expr *
parse_star_named_expression(Parser *p)
{
    return peek(p) == TOK_STAR ? parse_starred(p, PREC_BITOR) : parse_named_expression(p);
}

/* One item, or several with commas as a tuple. */
static Expr *
parse_tuple(Parser *p, Expr *(*parse_item)(Parser *))
{
    Start start = start_here(p);
    Expr *first = parse_item(p);
    if (!first || peek(p) != TOK_COMMA)
        return first;
    int base = p->scratch_len;
    scratch_push(p, first);
    while (accept(p, TOK_COMMA)) {
        int at = p->mark;
        Expr *item = p->checks || starts_expression(peek(p)) ? parse_item(p) : NULL;
        if (!item) {
            if (p->mark != at && !parser_retreat(p, at))
                return NULL;
            break;
        }
        scratch_push(p, item);
    }
    if (parser_stopped(p))
        return NULL;
    return expr_tuple(p->arena, pos_from(p, start), TAKE(ExprSeq, p, base), CTX_LOAD);
}

Expr *
parse_star_expressions(Parser *p)
{
    return parse_tuple(p, parse_star_expression);
}

Expr *
parse_expressions(Parser *p)
{
    return parse_tuple(p, parse_expression);
}

Expr *
parse_yield(Parser *p)
{
    Start start = start_here(p);
    p->mark++;
    if (peek(p) == KW_FROM) {
        int at = p->mark++;
        Expr *value = parse_expression(p);
        if (value)
            return expr_yield_from(p->arena, pos_from(p, start), value);
        if (!parser_retreat(p, at))
            return NULL;
    }
    Expr *value = NULL;
    if (starts_expression(peek(p))) {
        int at = p->mark;
        value = parse_star_expressions(p);
        if (!value && !parser_retreat(p, at))
            return NULL;
    }
    return parser_stopped(p) ? NULL : expr_yield(p->arena, pos_from(p, start), value);
}

Expr *
parse_rhs(Parser *p)
{
    return peek(p) == KW_YIELD ? parse_yield(p) : parse_star_expressions(p);
}
