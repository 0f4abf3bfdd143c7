/* Parameters of functions and lambdas. */
#include "source/parser_priv.h"

/* What has been read of a list of parameters. */
typedef struct Params {
    bool lambda;
    int close;         /* the token behind the list: ")" or ":" */
    Arguments *args;   /* vararg, kwarg; the sequences are filled at the end */
    int slash;         /* parameters before "/"; -1 if there was none yet */
    int star;          /* positional parameters, once a "*" came; else -1 */
    int first_default; /* index of the first positional parameter that has a default; -1 */
    bool bare_star;    /* "*" alone came last: a name must follow */
    bool trailing;     /* a comma came last */
    int base;          /* on the scratch stack: pairs of an Arg and its default or NULL */
} Params;

const Text *
parse_type_comment(Parser *p)
{
    if (peek(p) != TOK_TYPE_COMMENT)
        return NULL;
    Token token = next_token(p);
    p->mark++;
    Text *text = arena_alloc(p->arena, sizeof(*text));
    if (!text)
        return NULL;
    text->len = token.len;
    text->text = arena_strndup(p->arena, token_start(p, &token), token.len);
    return text->text ? text : NULL;
}

/* Name and annotation; the annotation of `*args` may be starred. */
static Arg *
parse_arg(Parser *p, bool lambda, bool star_annotation)
{
    Expr *annotation = NULL;
    Start start = start_here(p);
    const Name *name = parse_identifier(p);
    if (!name)
        return NULL;
    if (!lambda && peek(p) == TOK_COLON) {
        int at = p->mark++;
        annotation = star_annotation ? parse_star_expression(p) : parse_expression(p);
        if (!annotation && !parser_retreat(p, at))
            return NULL;
    }
    return new_arg(p->arena, pos_from(p, start), name, annotation, NULL);
}

/* What ends a parameter: a comma (with a type comment behind it) or the end of the list. */
static bool
end_of_param(Parser *p, Params *params, Arg *arg)
{
    params->trailing = accept(p, TOK_COMMA);
    const Text *comment = params->lambda ? NULL : parse_type_comment(p);
    if (arg)
        arg->type_comment = comment;
    return params->trailing || peek(p) == params->close;
}

static bool
parse_param(Parser *p, Params *params)
{
    int index = (p->scratch_len - params->base) / 2;
    Expr *value = NULL;
    Arg *arg = parse_arg(p, params->lambda, false);
    if (!arg)
        return false;
    if (accept(p, TOK_EQUAL)) {
        if (p->checks && !check_default(p))
            return false;
        value = parse_expression(p);
        if (!value)
            return false;
    }
    params->bare_star = false;
    if (!end_of_param(p, params, arg))
        return false;
    if (params->star < 0 && !value && params->first_default >= 0) {
        /* CPython finds no words for it when there are defaults on both sides of a "/". */
        if (p->checks && !(params->first_default < params->slash && index > params->slash))
            fail_pos(p, arg->pos, "parameter without a default follows parameter with a default");
        return false;
    }
    if (params->star < 0 && value && params->first_default < 0)
        params->first_default = index;
    scratch_push(p, arg);
    scratch_push(p, value);
    return true;
}

static bool
parse_slash(Parser *p, Params *params)
{
    int count = (p->scratch_len - params->base) / 2;
    if (p->checks && !check_slash(p, params->slash >= 0, count, params->star >= 0))
        return false;
    if (params->slash >= 0 || params->star >= 0 || count == 0)
        return false;
    p->mark++;
    params->slash = count;
    return end_of_param(p, params, NULL);
}

static bool
parse_star_param(Parser *p, Params *params)
{
    if (p->checks && !check_star_param(p, params->star >= 0, params->lambda))
        return false;
    if (params->star >= 0)
        return false;
    p->mark++;
    params->star = (p->scratch_len - params->base) / 2;
    if (peek(p) == TOK_COMMA) {
        p->mark++;
        params->trailing = true;
        params->bare_star = true;
        return peek(p) == TOK_NAME;
    }
    Arg *arg = parse_arg(p, params->lambda, true);
    if (!arg)
        return false;
    bool starred = arg->annotation && arg->annotation->kind == EXPR_STARRED;
    if (p->checks && !starred && peek(p) == TOK_EQUAL) {
        Token token = next_token(p);
        fail_token(p, &token, "var-positional argument cannot have default value");
        return false;
    }
    params->args->vararg = arg;
    return end_of_param(p, params, arg);
}

static bool
parse_kwarg(Parser *p, Params *params)
{
    if (params->bare_star)
        return false;
    p->mark++;
    Arg *arg = parse_arg(p, params->lambda, false);
    if (!arg)
        return false;
    params->args->kwarg = arg;
    bool good = end_of_param(p, params, arg);
    return (!p->checks || check_behind_kwarg(p, params->trailing)) && good &&
           peek(p) == params->close;
}

/* Divides what was read among the sequences. */
static Arguments *
finish(Parser *p, Params *params)
{
    int count = (p->scratch_len - params->base) / 2;
    int slash = params->slash >= 0 ? params->slash : 0;
    int star = params->star >= 0 ? params->star : count;
    int defaults = params->first_default >= 0 ? star - params->first_default : 0;
    Arguments *a = params->args;
    Arg **args = arena_alloc(p->arena, (size_t)count * sizeof(Arg *));
    Expr **values = arena_alloc(p->arena, (size_t)count * sizeof(Expr *));
    if (!args || !values)
        return NULL;
    for (int i = 0; i < count; i++) {
        args[i] = p->scratch[params->base + 2 * i];
        values[i] = p->scratch[params->base + 2 * i + 1];
    }
    p->scratch_len = params->base;
    a->posonlyargs = (ArgSeq){args, slash};
    a->args = (ArgSeq){args + slash, star - slash};
    a->kwonlyargs = (ArgSeq){args + star, count - star};
    a->kw_defaults = (ExprSeq){values + star, count - star};
    a->defaults = (ExprSeq){values + star - defaults, defaults};
    return a;
}

Arguments *
parse_params(Parser *p, bool lambda)
{
    Params params = {
        .lambda = lambda,
        .close = lambda ? TOK_COLON : TOK_RPAR,
        .slash = -1,
        .star = -1,
        .first_default = -1,
        .base = p->scratch_len,
        .args = arena_alloc(p->arena, sizeof(Arguments)),
    };
    if (!params.args)
        return NULL;
    while (peek(p) != params.close) {
        int kind = peek(p);
        bool good = kind == TOK_NAME         ? parse_param(p, &params)
                    : kind == TOK_SLASH      ? parse_slash(p, &params)
                    : kind == TOK_STAR       ? parse_star_param(p, &params)
                    : kind == TOK_DOUBLESTAR ? parse_kwarg(p, &params)
                                             : false;
        if (!good) {
            if (p->checks && !parser_stopped(p))
                check_params_end(p, lambda,
                                 params.first_default < 0 && params.slash < 0 && params.star < 0);
            return NULL;
        }
        if (!params.trailing)
            break;
    }
    if (parser_stopped(p) || peek(p) != params.close)
        return NULL;
    if (params.slash >= 0 && !feature(p, "Positional-only parameters are", 8))
        return NULL;
    return finish(p, &params);
}

Expr *
parse_lambda(Parser *p)
{
    Start start = start_here(p);
    int at = p->mark++;
    Arguments *args = parse_params(p, true);
    if (args && p->checks && !check_lambda(p, at))
        return NULL;
    if (!args || !accept(p, TOK_COLON))
        return NULL;
    Expr *body = parse_expression(p);
    return body ? expr_lambda(p->arena, pos_from(p, start), args, body) : NULL;
}
