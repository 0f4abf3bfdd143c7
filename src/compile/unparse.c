/* Expressions back to text, in the spelling that CPython keeps for annotations under `from __future__ import annotations`. */
#include "compile/gen.h"

/* How tightly an expression binds: one is put in parentheses where a tighter one is wanted. */
typedef enum Level {
    LEVEL_TUPLE,
    LEVEL_TEST, /* lambda, if ... else */
    LEVEL_OR,
    LEVEL_AND,
    LEVEL_NOT,
    LEVEL_COMPARE,
    LEVEL_BIT_OR,
    LEVEL_BIT_XOR,
    LEVEL_BIT_AND,
    LEVEL_SHIFT,
    LEVEL_SUM,
    LEVEL_PRODUCT,
    LEVEL_SIGN,
    LEVEL_POWER,
    LEVEL_AWAIT,
    LEVEL_ATOM,
} Level;

typedef struct Unparser {
    StrBuilder *out;
    bool failed;
} Unparser;

static void put_expr(Unparser *p, const Expr *e, Level wanted);

static void
put(Unparser *p, const char *text)
{
    str_builder_ascii(p->out, text, strlen(text));
}

static void
put_name(Unparser *p, const Name *name)
{
    str_builder_utf8(p->out, name->text, name->len);
}

static void
open_if(Unparser *p, bool needed)
{
    if (needed) {
        put(p, "(");
    }
}

static void
close_if(Unparser *p, bool needed)
{
    if (needed) {
        put(p, ")");
    }
}

static void
put_list(Unparser *p, const ExprSeq *elts, Level level)
{
    for (int i = 0; i < elts->count; i++) {
        put(p, i > 0 ? ", " : "");
        put_expr(p, elts->items[i], level);
    }
}

/* -- constants and strings ------------------------------------------------------------------------- */

/* repr(v), where infinity is written as a number too large. own: v eaten */
static void
put_repr(Unparser *p, Own v)
{
    Own text = v ? object_repr(v) : NO_VALUE;
    bool number = v && (is_float(v) || IS_EXACT(v, COMPLEX));
    Own inf = number && text ? str_from_cstr("inf") : NO_VALUE, large = inf ? str_from_cstr("1e309") : NO_VALUE;
    if (large) {
        Own finite = str_replace(text, inf, large, -1);
        drop(text);
        text = finite;
    }
    drop_opt(inf);
    drop_opt(large);
    drop_opt(v);
    if (text) {
        str_builder_str(p->out, text);
        drop(text);
    } else {
        p->failed = true;
    }
}

static void
put_constant(Unparser *p, const Expr *e)
{
    if (e->Constant.value.kind == CONST_ELLIPSIS) {
        put(p, "...");
        return;
    }
    if (e->Constant.kind) {
        str_builder_utf8(p->out, e->Constant.kind->text, e->Constant.kind->len);
    }
    put_repr(p, constant_value(&e->Constant.value));
}

static void put_string_part(Unparser *p, const Expr *e, bool in_spec);

/* "{text!c:spec}". own: text eaten */
static void
put_field(Unparser *p, Own text, int conversion, const Expr *spec)
{
    if (!text || !is_str(text)) {
        p->failed = true;
        drop_opt(text);
        return;
    }
    bool brace = as_str(text)->length > 0 && str_char_at(as_str(text), 0) == '{';
    put(p, brace ? "{ " : "{");
    str_builder_str(p->out, text);
    drop(text);
    if (conversion > 0) {
        str_builder_char(p->out, '!');
        str_builder_char(p->out, (uint32_t)conversion);
    }
    if (spec) {
        put(p, ":");
        put_string_part(p, spec, true);
    }
    put(p, "}");
}

static void
put_replacement(Unparser *p, const Expr *value, int conversion, const Expr *spec)
{
    StrBuilder inner, *outer = p->out;
    str_builder_init(&inner, 20);
    p->out = &inner;
    put_expr(p, value, LEVEL_OR);
    p->out = outer;
    put_field(p, str_builder_finish(&inner), conversion, spec);
}

/* A part of an f-string or t-string, before it is quoted. */
static void
put_string_part(Unparser *p, const Expr *e, bool in_spec)
{
    if (!c_stack_ok()) {
        p->failed = true;
        return;
    }
    switch (e->kind) {
    case EXPR_JOINED_STR:
    case EXPR_TEMPLATE_STR: {
        const ExprSeq *values = e->kind == EXPR_JOINED_STR ? &e->JoinedStr.values : &e->TemplateStr.values;
        for (int i = 0; i < values->count; i++) {
            put_string_part(p, values->items[i], in_spec);
        }
        break;
    }
    case EXPR_FORMATTED_VALUE:
        put_replacement(p, e->FormattedValue.value, e->FormattedValue.conversion, e->FormattedValue.format_spec);
        break;
    case EXPR_INTERPOLATION:
        /* as it was written */
        put_field(p, constant_value(&e->Interpolation.str), e->Interpolation.conversion, e->Interpolation.format_spec);
        break;
    default: {
        Own text = constant_value(&e->Constant.value);
        if (!text || !is_str(text)) {
            p->failed = true;
            drop_opt(text);
            return;
        }
        for (int64_t i = 0; i < as_str(text)->length; i++) {
            uint32_t ch = str_char_at(as_str(text), i);
            str_builder_char(p->out, ch);
            if (ch == '{' || ch == '}') {
                str_builder_char(p->out, ch);
            }
        }
        drop(text);
        break;
    }
    }
}

static void
put_formatted_string(Unparser *p, const Expr *e)
{
    StrBuilder inner, *outer = p->out;
    str_builder_init(&inner, 40);
    p->out = &inner;
    put_string_part(p, e, false);
    p->out = outer;
    put(p, e->kind == EXPR_TEMPLATE_STR || e->kind == EXPR_INTERPOLATION ? "t" : "f");
    put_repr(p, str_builder_finish(&inner));
}

/* -- operators ------------------------------------------------------------------------------------- */

static void
put_bool_op(Unparser *p, const Expr *e, Level wanted)
{
    Level level = e->BoolOp.op == BOOLOP_AND ? LEVEL_AND : LEVEL_OR;
    open_if(p, wanted > level);
    for (int i = 0; i < e->BoolOp.values.count; i++) {
        put(p, i == 0 ? "" : level == LEVEL_AND ? " and " : " or ");
        put_expr(p, e->BoolOp.values.items[i], level + 1);
    }
    close_if(p, wanted > level);
}

static void
put_bin_op(Unparser *p, const Expr *e, Level wanted)
{
    static const struct {
        const char *text;
        Level level;
    } ops[] = {
        [OPERATOR_ADD] = {" + ", LEVEL_SUM},          [OPERATOR_SUB] = {" - ", LEVEL_SUM},
        [OPERATOR_MULT] = {" * ", LEVEL_PRODUCT},     [OPERATOR_MAT_MULT] = {" @ ", LEVEL_PRODUCT},
        [OPERATOR_DIV] = {" / ", LEVEL_PRODUCT},      [OPERATOR_MOD] = {" % ", LEVEL_PRODUCT},
        [OPERATOR_L_SHIFT] = {" << ", LEVEL_SHIFT},   [OPERATOR_R_SHIFT] = {" >> ", LEVEL_SHIFT},
        [OPERATOR_BIT_OR] = {" | ", LEVEL_BIT_OR},    [OPERATOR_BIT_XOR] = {" ^ ", LEVEL_BIT_XOR},
        [OPERATOR_BIT_AND] = {" & ", LEVEL_BIT_AND},  [OPERATOR_FLOOR_DIV] = {" // ", LEVEL_PRODUCT},
        [OPERATOR_POW] = {" ** ", LEVEL_POWER},
    };
    Level level = ops[e->BinOp.op].level;
    bool right_first = e->BinOp.op == OPERATOR_POW;
    open_if(p, wanted > level);
    put_expr(p, e->BinOp.left, level + right_first);
    put(p, ops[e->BinOp.op].text);
    put_expr(p, e->BinOp.right, level + !right_first);
    close_if(p, wanted > level);
}

static void
put_unary(Unparser *p, const Expr *e, Level wanted)
{
    bool is_not = e->UnaryOp.op == UNARYOP_NOT;
    Level level = is_not ? LEVEL_NOT : LEVEL_SIGN;
    open_if(p, wanted > level);
    put(p, is_not                            ? "not "
           : e->UnaryOp.op == UNARYOP_INVERT ? "~"
           : e->UnaryOp.op == UNARYOP_U_ADD  ? "+"
                                             : "-");
    put_expr(p, e->UnaryOp.operand, level);
    close_if(p, wanted > level);
}

static void
put_compare(Unparser *p, const Expr *e, Level wanted)
{
    static const char *const ops[] = {
        [CMPOP_EQ] = " == ",   [CMPOP_NOT_EQ] = " != ", [CMPOP_LT] = " < ",          [CMPOP_LT_E] = " <= ", [CMPOP_GT] = " > ",
        [CMPOP_GT_E] = " >= ", [CMPOP_IS] = " is ",     [CMPOP_IS_NOT] = " is not ", [CMPOP_IN] = " in ",   [CMPOP_NOT_IN] = " not in ",
    };
    open_if(p, wanted > LEVEL_COMPARE);
    put_expr(p, e->Compare.left, LEVEL_COMPARE + 1);
    for (int i = 0; i < e->Compare.ops.count; i++) {
        put(p, ops[e->Compare.ops.items[i]]);
        put_expr(p, e->Compare.comparators.items[i], LEVEL_COMPARE + 1);
    }
    close_if(p, wanted > LEVEL_COMPARE);
}

static void
put_if_exp(Unparser *p, const Expr *e, Level wanted)
{
    open_if(p, wanted > LEVEL_TEST);
    put_expr(p, e->IfExp.body, LEVEL_TEST + 1);
    put(p, " if ");
    put_expr(p, e->IfExp.test, LEVEL_TEST + 1);
    put(p, " else ");
    put_expr(p, e->IfExp.orelse, LEVEL_TEST);
    close_if(p, wanted > LEVEL_TEST);
}

/* -- lambdas, displays, comprehensions ------------------------------------------------------------- */

static void
put_parameter(Unparser *p, const Arg *arg, const Expr *default_value, bool *first)
{
    put(p, *first ? "" : ", ");
    *first = false;
    put_name(p, arg->arg);
    if (default_value) {
        put(p, "=");
        put_expr(p, default_value, LEVEL_TEST);
    }
}

static void
put_parameters(Unparser *p, const Arguments *a)
{
    bool first = true;
    int positional = a->posonlyargs.count + a->args.count, without = positional - a->defaults.count;
    for (int i = 0; i < positional; i++) {
        bool posonly = i < a->posonlyargs.count;
        const Arg *arg = posonly ? a->posonlyargs.items[i] : a->args.items[i - a->posonlyargs.count];
        put_parameter(p, arg, i >= without ? a->defaults.items[i - without] : NULL, &first);
        put(p, i + 1 == a->posonlyargs.count ? ", /" : "");
    }
    if (a->vararg || a->kwonlyargs.count > 0) {
        put(p, first ? "*" : ", *");
        first = false;
        if (a->vararg) {
            put_name(p, a->vararg->arg);
        }
    }
    for (int i = 0; i < a->kwonlyargs.count; i++) {
        put_parameter(p, a->kwonlyargs.items[i], a->kw_defaults.items[i], &first);
    }
    if (a->kwarg) {
        put(p, first ? "**" : ", **");
        put_name(p, a->kwarg->arg);
    }
}

static void
put_lambda(Unparser *p, const Expr *e, Level wanted)
{
    const Arguments *a = e->Lambda.args;
    bool none = a->posonlyargs.count + a->args.count + a->kwonlyargs.count == 0 && !a->vararg && !a->kwarg;
    open_if(p, wanted > LEVEL_TEST);
    put(p, none ? "lambda" : "lambda ");
    put_parameters(p, a);
    put(p, ": ");
    put_expr(p, e->Lambda.body, LEVEL_TEST);
    close_if(p, wanted > LEVEL_TEST);
}

static void
put_generators(Unparser *p, const ComprehensionSeq *generators)
{
    for (int i = 0; i < generators->count; i++) {
        const Comprehension *g = generators->items[i];
        put(p, g->is_async ? " async for " : " for ");
        put_expr(p, g->target, LEVEL_TUPLE);
        put(p, " in ");
        put_expr(p, g->iter, LEVEL_TEST + 1);
        for (int k = 0; k < g->ifs.count; k++) {
            put(p, " if ");
            put_expr(p, g->ifs.items[k], LEVEL_TEST + 1);
        }
    }
}

static void
put_comprehension(Unparser *p, const char *open, const Expr *elt, const Expr *value, const ComprehensionSeq *generators,
                  const char *close)
{
    put(p, open);
    put_expr(p, elt, LEVEL_TEST);
    if (value) {
        put(p, ": ");
        put_expr(p, value, LEVEL_TEST);
    }
    put_generators(p, generators);
    put(p, close);
}

static void
put_dict(Unparser *p, const Expr *e)
{
    put(p, "{");
    for (int i = 0; i < e->Dict.values.count; i++) {
        put(p, i > 0 ? ", " : "");
        if (e->Dict.keys.items[i]) {
            put_expr(p, e->Dict.keys.items[i], LEVEL_TEST);
            put(p, ": ");
            put_expr(p, e->Dict.values.items[i], LEVEL_TEST);
        } else {
            put(p, "**");
            put_expr(p, e->Dict.values.items[i], LEVEL_BIT_OR);
        }
    }
    put(p, "}");
}

static void
put_tuple(Unparser *p, const ExprSeq *elts, Level wanted)
{
    bool parentheses = elts->count == 0 || wanted > LEVEL_TUPLE;
    open_if(p, parentheses);
    put_list(p, elts, LEVEL_TEST);
    put(p, elts->count == 1 ? "," : "");
    close_if(p, parentheses);
}

/* -- calls, attributes, subscripts ----------------------------------------------------------------- */

static void
put_call(Unparser *p, const Expr *e)
{
    put_expr(p, e->Call.func, LEVEL_ATOM);
    const ExprSeq *args = &e->Call.args;
    if (args->count == 1 && e->Call.keywords.count == 0 && args->items[0]->kind == EXPR_GENERATOR_EXP) {
        put_expr(p, args->items[0], LEVEL_TEST);
        return;
    }
    put(p, "(");
    put_list(p, args, LEVEL_TEST);
    for (int i = 0; i < e->Call.keywords.count; i++) {
        const Keyword *k = e->Call.keywords.items[i];
        put(p, i + args->count > 0 ? ", " : "");
        if (k->arg) {
            put_name(p, k->arg);
            put(p, "=");
        } else {
            put(p, "**");
        }
        put_expr(p, k->value, LEVEL_TEST);
    }
    put(p, ")");
}

static void
put_attribute(Unparser *p, const Expr *e)
{
    const Expr *value = e->Attribute.value;
    put_expr(p, value, LEVEL_ATOM);
    bool is_int = value->kind == EXPR_CONSTANT && value->Constant.value.kind == CONST_INT;
    put(p, is_int ? " ." : ".");
    put_name(p, e->Attribute.attr);
}

static void
put_slice(Unparser *p, const Expr *e)
{
    if (e->Slice.lower) {
        put_expr(p, e->Slice.lower, LEVEL_TEST);
    }
    put(p, ":");
    if (e->Slice.upper) {
        put_expr(p, e->Slice.upper, LEVEL_TEST);
    }
    if (e->Slice.step) {
        put(p, ":");
        put_expr(p, e->Slice.step, LEVEL_TEST);
    }
}

static void
put_subscript(Unparser *p, const Expr *e)
{
    put_expr(p, e->Subscript.value, LEVEL_ATOM);
    put(p, "[");
    put_expr(p, e->Subscript.slice, LEVEL_TUPLE);
    put(p, "]");
}

static void
put_suspension(Unparser *p, const char *keyword, const Expr *value)
{
    put(p, "(");
    put(p, keyword);
    if (value) {
        put(p, " ");
        put_expr(p, value, LEVEL_TUPLE);
    }
    put(p, ")");
}

static void
put_await(Unparser *p, const Expr *e, Level wanted)
{
    open_if(p, wanted > LEVEL_AWAIT);
    put(p, "await ");
    put_expr(p, e->Await.value, LEVEL_ATOM);
    close_if(p, wanted > LEVEL_AWAIT);
}

static void
put_expr(Unparser *p, const Expr *e, Level wanted)
{
    if (p->failed || !c_stack_ok()) {
        p->failed = true;
        return;
    }
    switch (e->kind) {
    case EXPR_BOOL_OP:
        put_bool_op(p, e, wanted);
        break;
    case EXPR_NAMED_EXPR:
        put(p, "(");
        put_expr(p, e->NamedExpr.target, LEVEL_ATOM);
        put(p, " := ");
        put_expr(p, e->NamedExpr.value, LEVEL_ATOM);
        put(p, ")");
        break;
    case EXPR_BIN_OP:
        put_bin_op(p, e, wanted);
        break;
    case EXPR_UNARY_OP:
        put_unary(p, e, wanted);
        break;
    case EXPR_LAMBDA:
        put_lambda(p, e, wanted);
        break;
    case EXPR_IF_EXP:
        put_if_exp(p, e, wanted);
        break;
    case EXPR_DICT:
        put_dict(p, e);
        break;
    case EXPR_SET:
        put(p, "{");
        put_list(p, &e->Set.elts, LEVEL_TEST);
        put(p, "}");
        break;
    case EXPR_LIST_COMP:
        put_comprehension(p, "[", e->ListComp.elt, NULL, &e->ListComp.generators, "]");
        break;
    case EXPR_SET_COMP:
        put_comprehension(p, "{", e->SetComp.elt, NULL, &e->SetComp.generators, "}");
        break;
    case EXPR_DICT_COMP:
        put_comprehension(p, "{", e->DictComp.key, e->DictComp.value, &e->DictComp.generators, "}");
        break;
    case EXPR_GENERATOR_EXP:
        put_comprehension(p, "(", e->GeneratorExp.elt, NULL, &e->GeneratorExp.generators, ")");
        break;
    case EXPR_AWAIT:
        put_await(p, e, wanted);
        break;
    case EXPR_YIELD:
        put_suspension(p, "yield", e->Yield.value);
        break;
    case EXPR_YIELD_FROM:
        put_suspension(p, "yield from", e->YieldFrom.value);
        break;
    case EXPR_COMPARE:
        put_compare(p, e, wanted);
        break;
    case EXPR_CALL:
        put_call(p, e);
        break;
    case EXPR_FORMATTED_VALUE:
    case EXPR_INTERPOLATION:
    case EXPR_JOINED_STR:
    case EXPR_TEMPLATE_STR:
        put_formatted_string(p, e);
        break;
    case EXPR_CONSTANT:
        put_constant(p, e);
        break;
    case EXPR_ATTRIBUTE:
        put_attribute(p, e);
        break;
    case EXPR_SUBSCRIPT:
        put_subscript(p, e);
        break;
    case EXPR_STARRED:
        put(p, "*");
        put_expr(p, e->Starred.value, LEVEL_BIT_OR);
        break;
    case EXPR_NAME:
        put_name(p, e->Name.id);
        break;
    case EXPR_LIST:
        put(p, "[");
        put_list(p, &e->List.elts, LEVEL_TEST);
        put(p, "]");
        break;
    case EXPR_TUPLE:
        put_tuple(p, &e->Tuple.elts, wanted);
        break;
    case EXPR_SLICE:
        put_slice(p, e);
        break;
    }
}

Own
unparse_expression(const Expr *e)
{
    StrBuilder out;
    str_builder_init(&out, 40);
    Unparser p = {&out, false};
    put_expr(&p, e, LEVEL_TEST);
    if (p.failed) {
        str_builder_discard(&out);
        return exc_pending() ? NO_VALUE : raise_no_memory();
    }
    return str_builder_finish(&out);
}
