/* Pass one over expressions: uses of names, lambdas, comprehensions, assignment expressions. */
#include "compile/scope_collect.h"

/* False, with a SyntaxError, where an expression is evaluated late: in annotations and the like. */
static bool
check_late_scope(Collector *k, const Expr *e, const char *what)
{
    Own message;
    switch (k->scope->kind) {
    case SCOPE_ANNOTATION:
        message = str_fmt("%s cannot be used within an annotation", what);
        break;
    case SCOPE_TYPE_VARIABLE:
        message = str_fmt("%s cannot be used within %s", what, k->scope->type_variable_what);
        break;
    case SCOPE_TYPE_ALIAS:
        message = str_fmt("%s cannot be used within a type alias", what);
        break;
    case SCOPE_TYPE_PARAMS:
        message = str_fmt("%s cannot be used within the definition of a generic", what);
        break;
    default:
        return true;
    }
    scope_error(k->c, e->pos, message);
    return false;
}

static void
collect_name(Collector *k, const Expr *e)
{
    Value name = name_value(k->c, e->Name.id);
    if (!name) {
        return;
    }
    bool load = e->Name.ctx == CTX_LOAD;
    if (!load && !collect_check_name(k, name, e->pos, e->Name.ctx == CTX_DEL)) {
        return;
    }
    if (!k->scope->unevaluated) {
        collect_define(k, name, load ? NAME_USE : DEF_LOCAL, e->pos);
        if (load && name == NAME(super) && scope_is_function_like(k->scope)) {
            collect_define(k, NAME(__class__), NAME_USE, e->pos);
        }
    }
}

/* -- assignment expressions ------------------------------------------------------------------------ */

/* The target of a := inside a comprehension belongs to the scope around all comprehensions. */
static void
collect_walrus_in_comprehension(Collector *k, const Expr *target)
{
    Value name = name_value(k->c, target->Name.id);
    if (!name) {
        return;
    }
    for (Scope *s = k->scope; s; s = s->parent) {
        const Symbol *known = scope_find(s, scope_mangle(k->c, s, name));
        uint32_t flags = known ? known->flags : 0;
        if (s->comp != COMP_NONE) {
            if ((flags & DEF_COMP_ITER) && (flags & (DEF_LOCAL | DEF_GLOBAL))) {
                scope_error(k->c, target->pos,
                             str_fmt("assignment expression cannot rebind comprehension iteration variable '%U'", name));
                return;
            }
            s->has_walrus = true;
            continue;
        }
        const char *where = NULL;
        switch (s->kind) {
        case SCOPE_FUNCTION:
        case SCOPE_MODULE: {
            bool global = s->kind == SCOPE_MODULE || (flags & DEF_GLOBAL);
            Symbol *symbol = collect_define(k, name, global ? DEF_GLOBAL : DEF_NONLOCAL, target->pos);
            if (symbol) {
                symbol->declared = &target->pos;
            }
            s->has_walrus = true;
            collect_define_in(k, s, name, s->kind == SCOPE_MODULE ? DEF_GLOBAL : DEF_LOCAL, target->pos);
            return;
        }
        case SCOPE_CLASS:
            where = "in a class body";
            break;
        case SCOPE_TYPE_VARIABLE:
            where = "in a TypeVar bound";
            break;
        case SCOPE_TYPE_ALIAS:
            where = "in a type alias";
            break;
        case SCOPE_TYPE_PARAMS:
            where = "within the definition of a generic";
            break;
        case SCOPE_ANNOTATION:
            where = "within an annotation";
            break;
        }
        scope_error(k->c, target->pos, str_fmt("assignment expression within a comprehension cannot be used %s", where));
        return;
    }
}

static void
collect_named_expr(Collector *k, const Expr *e)
{
    if (!check_late_scope(k, e, "named expression")) {
        return;
    }
    if (k->scope->iter_expr > 0) {
        scope_error(k->c, e->pos, str_fmt("assignment expression cannot be used in a comprehension iterable expression"));
        return;
    }
    k->scope->has_walrus = true;
    if (k->scope->comp != COMP_NONE) {
        collect_walrus_in_comprehension(k, e->NamedExpr.target);
    }
    collect_expr(k, e->NamedExpr.value);
    collect_expr(k, e->NamedExpr.target);
}

/* -- lambdas and comprehensions -------------------------------------------------------------------- */

static void
collect_lambda(Collector *k, const Expr *e)
{
    collect_defaults(k, e->Lambda.args);
    if (k->c->failed || !collect_enter(k, SCOPE_FUNCTION, str_intern_cstr("<lambda>"), e, e->pos)) {
        return;
    }
    collect_arguments(k, e->Lambda.args);
    collect_expr(k, e->Lambda.body);
    collect_leave(k);
}

static void
collect_generator(Collector *k, const Comprehension *g, bool outermost)
{
    Scope *s = k->scope;
    s->iter_target = true;
    collect_expr(k, g->target);
    s->iter_target = false;
    if (!outermost) {
        s->iter_expr++;
        collect_expr(k, g->iter);
        s->iter_expr--;
    }
    collect_exprs(k, &g->ifs);
    if (g->is_async) {
        s->coroutine = true;
    }
}

static bool
may_await(const Collector *k)
{
    const Scope *s = k->scope;
    return (s->kind == SCOPE_FUNCTION && s->coroutine) || s->comp != COMP_NONE ||
           (s->kind == SCOPE_MODULE && (k->c->flags & COMPILE_TOP_LEVEL_AWAIT));
}

static void
collect_comprehension(Collector *k, const Expr *e, CompKind kind, const ComprehensionSeq *generators, const Expr *elt,
                      const Expr *value)
{
    static const char *const names[] = {
        [COMP_LIST] = "<listcomp>", [COMP_DICT] = "<dictcomp>", [COMP_SET] = "<setcomp>", [COMP_GENERATOR] = "<genexpr>"};
    k->scope->iter_expr++;
    collect_expr(k, generators->items[0]->iter);
    k->scope->iter_expr--;
    Scope *outer = k->scope;
    if (k->c->failed || !collect_enter(k, SCOPE_FUNCTION, str_intern_cstr(names[kind]), e, e->pos)) {
        return;
    }
    Scope *s = k->scope;
    s->comp = kind;
    s->inlined = kind != COMP_GENERATOR && !outer->can_see_class;
    collect_define(k, str_intern_cstr(".0"), DEF_PARAM, e->pos);
    for (int i = 0; i < generators->count && !k->c->failed; i++) {
        collect_generator(k, generators->items[i], i == 0);
    }
    if (value) {
        collect_expr(k, value);
    }
    collect_expr(k, elt);
    s->generator = kind == COMP_GENERATOR;
    bool is_async = s->coroutine && !s->generator;
    collect_leave(k);
    if (is_async && !k->c->failed) {
        if (!may_await(k)) {
            scope_error(k->c, e->pos, str_fmt("asynchronous comprehension outside of an asynchronous function"));
            return;
        }
        k->scope->coroutine = true;
    }
}

static void
collect_yield(Collector *k, const Expr *e)
{
    static const char *const names[] = {[COMP_LIST] = "list comprehension",
                                        [COMP_DICT] = "dict comprehension",
                                        [COMP_SET] = "set comprehension",
                                        [COMP_GENERATOR] = "generator expression"};
    if (!check_late_scope(k, e, "yield expression")) {
        return;
    }
    const Expr *value = e->kind == EXPR_YIELD ? e->Yield.value : e->YieldFrom.value;
    if (value) {
        collect_expr(k, value);
    }
    k->scope->generator = true;
    if (k->scope->comp != COMP_NONE) {
        scope_error(k->c, e->pos, str_fmt("'yield' inside %s", names[k->scope->comp]));
    }
}

bool
collect_check_async(Collector *k, Pos pos, const char *what)
{
    const Scope *s = k->scope;
    if ((s->kind == SCOPE_MODULE && (k->c->flags & COMPILE_TOP_LEVEL_AWAIT)) || s->async_def) {
        return true;
    }
    scope_error(k->c, pos, str_fmt("'%s' outside async function", what));
    return false;
}

static void
collect_await(Collector *k, const Expr *e)
{
    const Scope *s = k->scope;
    if (!check_late_scope(k, e, "await expression")) {
        return;
    }
    if (!scope_is_function_like(s) && !(s->kind == SCOPE_MODULE && (k->c->flags & COMPILE_TOP_LEVEL_AWAIT))) {
        scope_error(k->c, e->pos, str_fmt("'await' outside function"));
        return;
    }
    if (s->comp == COMP_NONE && !collect_check_async(k, e->pos, "await")) {
        return;
    }
    collect_expr(k, e->Await.value);
    k->scope->coroutine = true;
}

/* -- all the others -------------------------------------------------------------------------------- */

void
collect_exprs(Collector *k, const ExprSeq *list)
{
    for (int i = 0; i < list->count && !k->c->failed; i++) {
        if (list->items[i]) { /* no key: ** in a dict display */
            collect_expr(k, list->items[i]);
        }
    }
}

void
collect_keywords(Collector *k, const KeywordSeq *list)
{
    for (int i = 0; i < list->count && !k->c->failed; i++) {
        const Keyword *keyword = list->items[i];
        Value name = keyword->arg ? name_value(k->c, keyword->arg) : NO_VALUE;
        if (name && !collect_check_name(k, name, keyword->pos, false)) {
            return;
        }
        collect_expr(k, keyword->value);
    }
}

static void
collect_attribute(Collector *k, const Expr *e)
{
    Value name = name_value(k->c, e->Attribute.attr);
    if (e->Attribute.ctx != CTX_LOAD && name && !collect_check_name(k, name, e->pos, e->Attribute.ctx == CTX_DEL)) {
        return;
    }
    collect_expr(k, e->Attribute.value);
}

static void
collect_optional(Collector *k, const Expr *e)
{
    if (e) {
        collect_expr(k, e);
    }
}

void
collect_expr(Collector *k, const Expr *e)
{
    if (!compiler_enter(k->c)) {
        return;
    }
    switch (e->kind) {
    case EXPR_BOOL_OP:
        collect_exprs(k, &e->BoolOp.values);
        break;
    case EXPR_NAMED_EXPR:
        collect_named_expr(k, e);
        break;
    case EXPR_BIN_OP:
        collect_expr(k, e->BinOp.left);
        collect_expr(k, e->BinOp.right);
        break;
    case EXPR_UNARY_OP:
        collect_expr(k, e->UnaryOp.operand);
        break;
    case EXPR_LAMBDA:
        collect_lambda(k, e);
        break;
    case EXPR_IF_EXP:
        collect_expr(k, e->IfExp.test);
        collect_expr(k, e->IfExp.body);
        collect_expr(k, e->IfExp.orelse);
        break;
    case EXPR_DICT:
        collect_exprs(k, &e->Dict.keys);
        collect_exprs(k, &e->Dict.values);
        break;
    case EXPR_SET:
        collect_exprs(k, &e->Set.elts);
        break;
    case EXPR_LIST_COMP:
        collect_comprehension(k, e, COMP_LIST, &e->ListComp.generators, e->ListComp.elt, NULL);
        break;
    case EXPR_SET_COMP:
        collect_comprehension(k, e, COMP_SET, &e->SetComp.generators, e->SetComp.elt, NULL);
        break;
    case EXPR_DICT_COMP:
        collect_comprehension(k, e, COMP_DICT, &e->DictComp.generators, e->DictComp.key, e->DictComp.value);
        break;
    case EXPR_GENERATOR_EXP:
        collect_comprehension(k, e, COMP_GENERATOR, &e->GeneratorExp.generators, e->GeneratorExp.elt, NULL);
        break;
    case EXPR_AWAIT:
        collect_await(k, e);
        break;
    case EXPR_YIELD:
    case EXPR_YIELD_FROM:
        collect_yield(k, e);
        break;
    case EXPR_COMPARE:
        collect_expr(k, e->Compare.left);
        collect_exprs(k, &e->Compare.comparators);
        break;
    case EXPR_CALL:
        collect_expr(k, e->Call.func);
        collect_exprs(k, &e->Call.args);
        collect_keywords(k, &e->Call.keywords);
        break;
    case EXPR_FORMATTED_VALUE:
        collect_expr(k, e->FormattedValue.value);
        collect_optional(k, e->FormattedValue.format_spec);
        break;
    case EXPR_INTERPOLATION:
        collect_expr(k, e->Interpolation.value);
        collect_optional(k, e->Interpolation.format_spec);
        break;
    case EXPR_JOINED_STR:
    case EXPR_TEMPLATE_STR:
        collect_exprs(k, e->kind == EXPR_JOINED_STR ? &e->JoinedStr.values : &e->TemplateStr.values);
        break;
    case EXPR_CONSTANT:
        break;
    case EXPR_ATTRIBUTE:
        collect_attribute(k, e);
        break;
    case EXPR_SUBSCRIPT:
        collect_expr(k, e->Subscript.value);
        collect_expr(k, e->Subscript.slice);
        break;
    case EXPR_STARRED:
        collect_expr(k, e->Starred.value);
        break;
    case EXPR_NAME:
        collect_name(k, e);
        break;
    case EXPR_LIST:
    case EXPR_TUPLE:
        collect_exprs(k, e->kind == EXPR_LIST ? &e->List.elts : &e->Tuple.elts);
        break;
    case EXPR_SLICE:
        collect_optional(k, e->Slice.lower);
        collect_optional(k, e->Slice.upper);
        collect_optional(k, e->Slice.step);
        break;
    }
}
