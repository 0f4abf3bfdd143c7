/* Checks of trees that did not come from the parser: what the compiler relies on, with CPython's messages. */
#include "module/ast/ast_priv.h"
#include "object/tuple.h"

static bool check_expr(const Expr *e, ExprContext ctx);
static bool check_pattern(const Pattern *p, bool star_ok);
static bool check_body(const StmtSeq *body, const char *owner);
static bool check_stmts(const StmtSeq *body);

static bool
refuse(Type *type, const char *message)
{
    (void)raise_msg(type, message);
    return false;
}

static bool
need(bool fine, const char *message)
{
    return fine || refuse(&exc_ValueError, message);
}

static bool
not_empty(int count, const char *what, const char *owner)
{
    if (count == 0) {
        (void)raise_fmt(&exc_ValueError, "empty %s on %s", what, owner);
    }
    return count > 0;
}

static bool
check_position(const Pos *p)
{
    if (p->lineno > p->end_lineno) {
        (void)raise_fmt(&exc_ValueError, "AST node line range (%d, %d) is not valid", p->lineno, p->end_lineno);
        return false;
    }
    if ((p->lineno < 0 && p->end_lineno != p->lineno) || (p->col_offset < 0 && p->col_offset != p->end_col_offset)) {
        (void)raise_fmt(&exc_ValueError, "AST node column range (%d, %d) for line range (%d, %d) is not valid", p->col_offset,
                        p->end_col_offset, p->lineno, p->end_lineno);
        return false;
    }
    if (p->lineno == p->end_lineno && p->col_offset > p->end_col_offset) {
        (void)raise_fmt(&exc_ValueError, "line %d, column %d-%d is not a valid range", p->lineno, p->col_offset, p->end_col_offset);
        return false;
    }
    return true;
}

/* None, True and False are no names. */
static bool
check_name(const Name *name)
{
    static const char *const forbidden[] = {"None", "True", "False"};
    for (size_t i = 0; name && i < ARRAY_LEN(forbidden); i++) {
        if (strcmp(name->text, forbidden[i]) == 0) {
            (void)raise_fmt(&exc_ValueError, "identifier field can't represent '%s' constant", forbidden[i]);
            return false;
        }
    }
    return true;
}

static bool
check_names(const NameSeq *names)
{
    for (int i = 0; i < names->count; i++) {
        if (!check_name(names->items[i])) {
            return false;
        }
    }
    return true;
}

static bool
check_exprs(const ExprSeq *list, ExprContext ctx, bool null_ok)
{
    for (int i = 0; i < list->count; i++) {
        if (!list->items[i]) {
            if (!null_ok) {
                return refuse(&exc_ValueError, "None disallowed in expression list");
            }
        } else if (!check_expr(list->items[i], ctx)) {
            return false;
        }
    }
    return true;
}

static bool
check_optional(const Expr *e)
{
    return !e || check_expr(e, CTX_LOAD);
}

/* -- constants ------------------------------------------------------------------------------------- */

static bool
check_constant_value(Value v)
{
    if (!is_object(v) || v == NONE || v == ELLIPSIS || v == TRUE_VALUE || v == FALSE_VALUE) {
        return true;
    }
    ShapeId shape = obj_shape(obj(v));
    if (shape == SHAPE_INT || shape == SHAPE_FLOAT || shape == SHAPE_COMPLEX || shape == SHAPE_STR || shape == SHAPE_BYTES) {
        return true;
    }
    if (shape == SHAPE_TUPLE || shape == SHAPE_FROZENSET) {
        Own items = c_stack_ok() ? object_to_tuple(v) : NO_VALUE;
        bool fine = items != NO_VALUE;
        for (int64_t i = 0; fine && i < as_tuple(items)->length; i++) {
            fine = check_constant_value(tuple_item(items, i));
        }
        drop_opt(items);
        return fine;
    }
    (void)raise_fmt(&exc_TypeError, "got an invalid type in Constant: %T", v);
    return false;
}

static bool
check_constant(const Const *c)
{
    return c->kind != CONST_OBJECT || check_constant_value(VALUE(c->object));
}

/* -- parts of expressions -------------------------------------------------------------------------- */

static bool
check_args(const ArgSeq *args)
{
    for (int i = 0; i < args->count; i++) {
        const Arg *arg = args->items[i];
        if (!arg) {
            return refuse(&exc_ValueError, "None disallowed in argument list");
        }
        if (!check_position(&arg->pos) || !check_optional(arg->annotation)) {
            return false;
        }
    }
    return true;
}

static bool
check_arguments(const Arguments *a)
{
    if (!check_args(&a->posonlyargs) || !check_args(&a->args) || (a->vararg && !check_optional(a->vararg->annotation)) ||
        !check_args(&a->kwonlyargs) || (a->kwarg && !check_optional(a->kwarg->annotation))) {
        return false;
    }
    return need(a->defaults.count <= a->posonlyargs.count + a->args.count, "more positional defaults than args on arguments") &&
           need(a->kw_defaults.count == a->kwonlyargs.count,
                "length of kwonlyargs is not the same as kw_defaults on arguments") &&
           check_exprs(&a->defaults, CTX_LOAD, false) && check_exprs(&a->kw_defaults, CTX_LOAD, true);
}

static bool
check_keywords(const KeywordSeq *keywords)
{
    for (int i = 0; i < keywords->count; i++) {
        if (!need(keywords->items[i] != NULL, "None disallowed in keyword list") || !check_expr(keywords->items[i]->value, CTX_LOAD)) {
            return false;
        }
    }
    return true;
}

static bool
check_comprehension(const ComprehensionSeq *generators)
{
    if (!need(generators->count > 0, "comprehension with no generators")) {
        return false;
    }
    for (int i = 0; i < generators->count; i++) {
        const Comprehension *g = generators->items[i];
        if (!need(g != NULL, "None disallowed in comprehension list") || !check_expr(g->target, CTX_STORE) ||
            !check_expr(g->iter, CTX_LOAD) || !check_exprs(&g->ifs, CTX_LOAD, false)) {
            return false;
        }
    }
    return true;
}

static bool
check_compare(const Expr *e)
{
    return need(e->Compare.comparators.count > 0, "Compare with no comparators") &&
           need(e->Compare.comparators.count == e->Compare.ops.count,
                "Compare has a different number of comparators and operands") &&
           check_exprs(&e->Compare.comparators, CTX_LOAD, false) && check_expr(e->Compare.left, CTX_LOAD);
}

static bool
check_dict(const Expr *e)
{
    return need(e->Dict.keys.count == e->Dict.values.count, "Dict doesn't have the same number of keys as values") &&
           check_exprs(&e->Dict.keys, CTX_LOAD, true) && check_exprs(&e->Dict.values, CTX_LOAD, false);
}

static const char *
context_name(ExprContext ctx)
{
    return ctx == CTX_LOAD ? "Load" : ctx == CTX_STORE ? "Store" : "Del";
}

/* The context that an expression has, and whether it can have another than Load. */
static bool
check_context(const Expr *e, ExprContext ctx)
{
    ExprContext actual = CTX_LOAD;
    bool any = true;
    switch (e->kind) {
    case EXPR_ATTRIBUTE:
        actual = e->Attribute.ctx;
        break;
    case EXPR_SUBSCRIPT:
        actual = e->Subscript.ctx;
        break;
    case EXPR_STARRED:
        actual = e->Starred.ctx;
        break;
    case EXPR_NAME:
        actual = e->Name.ctx;
        break;
    case EXPR_LIST:
        actual = e->List.ctx;
        break;
    case EXPR_TUPLE:
        actual = e->Tuple.ctx;
        break;
    default:
        any = false;
        break;
    }
    if (!any && ctx != CTX_LOAD) {
        (void)raise_fmt(&exc_ValueError, "expression which can't be assigned to in %s context", context_name(ctx));
        return false;
    }
    if (any && actual != ctx) {
        (void)raise_fmt(&exc_ValueError, "expression must have %s context but has %s instead", context_name(ctx),
                        context_name(actual));
        return false;
    }
    return true;
}

static bool
check_compound_expr(const Expr *e)
{
    switch (e->kind) {
    case EXPR_LAMBDA:
        return check_arguments(e->Lambda.args) && check_expr(e->Lambda.body, CTX_LOAD);
    case EXPR_IF_EXP:
        return check_expr(e->IfExp.test, CTX_LOAD) && check_expr(e->IfExp.body, CTX_LOAD) && check_expr(e->IfExp.orelse, CTX_LOAD);
    case EXPR_DICT:
        return check_dict(e);
    case EXPR_SET:
        return check_exprs(&e->Set.elts, CTX_LOAD, false);
    case EXPR_LIST_COMP:
    case EXPR_SET_COMP:
    case EXPR_GENERATOR_EXP:
        return check_comprehension(&e->ListComp.generators) && check_expr(e->ListComp.elt, CTX_LOAD);
    case EXPR_DICT_COMP:
        return check_comprehension(&e->DictComp.generators) && check_expr(e->DictComp.key, CTX_LOAD) &&
               check_expr(e->DictComp.value, CTX_LOAD);
    case EXPR_YIELD:
        return check_optional(e->Yield.value);
    case EXPR_YIELD_FROM:
        return check_expr(e->YieldFrom.value, CTX_LOAD);
    case EXPR_AWAIT:
        return check_expr(e->Await.value, CTX_LOAD);
    case EXPR_COMPARE:
        return check_compare(e);
    case EXPR_CALL:
        return check_expr(e->Call.func, CTX_LOAD) && check_exprs(&e->Call.args, CTX_LOAD, false) &&
               check_keywords(&e->Call.keywords);
    case EXPR_FORMATTED_VALUE:
        return check_expr(e->FormattedValue.value, CTX_LOAD) && check_optional(e->FormattedValue.format_spec);
    case EXPR_INTERPOLATION:
        return check_constant(&e->Interpolation.str) && check_expr(e->Interpolation.value, CTX_LOAD) &&
               check_optional(e->Interpolation.format_spec);
    case EXPR_JOINED_STR:
        return check_exprs(&e->JoinedStr.values, CTX_LOAD, false);
    default:
        return check_exprs(&e->TemplateStr.values, CTX_LOAD, false);
    }
}

static bool
check_expr(const Expr *e, ExprContext ctx)
{
    if (!c_stack_ok() || !check_position(&e->pos) || !check_context(e, ctx)) {
        return false;
    }
    switch (e->kind) {
    case EXPR_BOOL_OP:
        return need(e->BoolOp.values.count >= 2, "BoolOp with less than 2 values") &&
               check_exprs(&e->BoolOp.values, CTX_LOAD, false);
    case EXPR_NAMED_EXPR:
        if (e->NamedExpr.target->kind != EXPR_NAME) {
            return refuse(&exc_TypeError, "NamedExpr target must be a Name");
        }
        return check_expr(e->NamedExpr.value, CTX_LOAD);
    case EXPR_BIN_OP:
        return check_expr(e->BinOp.left, CTX_LOAD) && check_expr(e->BinOp.right, CTX_LOAD);
    case EXPR_UNARY_OP:
        return check_expr(e->UnaryOp.operand, CTX_LOAD);
    case EXPR_CONSTANT:
        return check_constant(&e->Constant.value);
    case EXPR_ATTRIBUTE:
        return check_expr(e->Attribute.value, CTX_LOAD);
    case EXPR_SUBSCRIPT:
        return check_expr(e->Subscript.slice, CTX_LOAD) && check_expr(e->Subscript.value, CTX_LOAD);
    case EXPR_STARRED:
        return check_expr(e->Starred.value, ctx);
    case EXPR_NAME:
        return check_name(e->Name.id);
    case EXPR_LIST:
        return check_exprs(&e->List.elts, ctx, false);
    case EXPR_TUPLE:
        return check_exprs(&e->Tuple.elts, ctx, false);
    case EXPR_SLICE:
        return check_optional(e->Slice.lower) && check_optional(e->Slice.upper) && check_optional(e->Slice.step);
    default:
        return check_compound_expr(e);
    }
}

/* -- patterns -------------------------------------------------------------------------------------- */

static bool
check_patterns(const PatternSeq *patterns, bool star_ok)
{
    for (int i = 0; i < patterns->count; i++) {
        if (!need(patterns->items[i] != NULL, "None disallowed in pattern list") || !check_pattern(patterns->items[i], star_ok)) {
            return false;
        }
    }
    return true;
}

static bool
check_capture(const Name *name)
{
    if (strcmp(name->text, "_") == 0) {
        return refuse(&exc_ValueError, "can't capture name '_' in patterns");
    }
    return check_name(name);
}

static bool
is_number(const Expr *e, bool *is_complex)
{
    if (e->kind != EXPR_CONSTANT) {
        return false;
    }
    const Const *c = &e->Constant.value;
    *is_complex = c->kind == CONST_COMPLEX || (c->kind == CONST_OBJECT && IS_EXACT(VALUE(c->object), COMPLEX));
    return *is_complex || c->kind == CONST_INT || c->kind == CONST_FLOAT ||
           (c->kind == CONST_OBJECT && (is_small_int(VALUE(c->object)) || is_small_float(VALUE(c->object)) ||
                                        IS_EXACT(VALUE(c->object), INT) || IS_EXACT(VALUE(c->object), FLOAT)));
}

static bool
is_signed_number(const Expr *e, bool *is_complex)
{
    if (e->kind == EXPR_UNARY_OP && e->UnaryOp.op == UNARYOP_U_SUB) {
        e = e->UnaryOp.operand;
    }
    return is_number(e, is_complex);
}

/* What a value pattern, or the key of a mapping pattern, may be. */
static bool
check_pattern_value(const Expr *e)
{
    bool complex, right;
    if (!check_expr(e, CTX_LOAD)) {
        return false;
    }
    switch (e->kind) {
    case EXPR_CONSTANT: {
        const Const *c = &e->Constant.value;
        bool number = is_number(e, &complex);
        if (number || c->kind == CONST_STR || c->kind == CONST_BYTES) {
            return true;
        }
        return refuse(&exc_ValueError, "unexpected constant inside of a literal pattern");
    }
    case EXPR_ATTRIBUTE:
    case EXPR_JOINED_STR:
    case EXPR_TEMPLATE_STR:
        return true;
    case EXPR_UNARY_OP:
        if (is_signed_number(e, &complex)) {
            return true;
        }
        break;
    case EXPR_BIN_OP:
        if ((e->BinOp.op == OPERATOR_ADD || e->BinOp.op == OPERATOR_SUB) && is_signed_number(e->BinOp.left, &complex) && !complex &&
            is_number(e->BinOp.right, &right) && right) {
            return true;
        }
        break;
    default:
        break;
    }
    return refuse(&exc_ValueError, "patterns may only match literals and attribute lookups");
}

static bool
check_mapping_pattern(const Pattern *p)
{
    const ExprSeq *keys = &p->MatchMapping.keys;
    if (!need(keys->count == p->MatchMapping.patterns.count, "MatchMapping doesn't have the same number of keys as patterns") ||
        (p->MatchMapping.rest && !check_capture(p->MatchMapping.rest))) {
        return false;
    }
    for (int i = 0; i < keys->count; i++) {
        const Expr *key = keys->items[i];
        if (!need(key != NULL, "None disallowed in expression list")) {
            return false;
        }
        int kind = key->kind == EXPR_CONSTANT ? key->Constant.value.kind : 0;
        if (kind == CONST_NONE || kind == CONST_TRUE || kind == CONST_FALSE) {
            continue;
        }
        if (!check_pattern_value(key)) {
            return false;
        }
    }
    return check_patterns(&p->MatchMapping.patterns, false);
}

static bool
check_class_pattern(const Pattern *p)
{
    if (!need(p->MatchClass.kwd_attrs.count == p->MatchClass.kwd_patterns.count,
              "MatchClass doesn't have the same number of keyword attributes as patterns") ||
        !check_expr(p->MatchClass.cls, CTX_LOAD)) {
        return false;
    }
    const Expr *cls = p->MatchClass.cls;
    while (cls->kind == EXPR_ATTRIBUTE) {
        cls = cls->Attribute.value;
    }
    return need(cls->kind == EXPR_NAME, "MatchClass cls field can only contain Name or Attribute nodes.") &&
           check_names(&p->MatchClass.kwd_attrs) && check_patterns(&p->MatchClass.patterns, false) &&
           check_patterns(&p->MatchClass.kwd_patterns, false);
}

static bool
check_as_pattern(const Pattern *p)
{
    if (p->MatchAs.name && !check_capture(p->MatchAs.name)) {
        return false;
    }
    if (!p->MatchAs.pattern) {
        return true;
    }
    return need(p->MatchAs.name != NULL, "MatchAs must specify a target name if a pattern is given") &&
           check_pattern(p->MatchAs.pattern, false);
}

static bool
check_pattern(const Pattern *p, bool star_ok)
{
    if (!c_stack_ok() || !check_position(&p->pos)) {
        return false;
    }
    switch (p->kind) {
    case PATTERN_MATCH_VALUE:
        return check_pattern_value(p->MatchValue.value);
    case PATTERN_MATCH_SINGLETON: {
        int kind = p->MatchSingleton.value.kind;
        return need(kind == CONST_NONE || kind == CONST_TRUE || kind == CONST_FALSE,
                    "MatchSingleton can only contain True, False and None");
    }
    case PATTERN_MATCH_SEQUENCE:
        return check_patterns(&p->MatchSequence.patterns, true);
    case PATTERN_MATCH_MAPPING:
        return check_mapping_pattern(p);
    case PATTERN_MATCH_CLASS:
        return check_class_pattern(p);
    case PATTERN_MATCH_STAR:
        return need(star_ok, "can't use MatchStar here") && (!p->MatchStar.name || check_capture(p->MatchStar.name));
    case PATTERN_MATCH_AS:
        return check_as_pattern(p);
    case PATTERN_MATCH_OR:
        return need(p->MatchOr.patterns.count >= 2, "MatchOr requires at least 2 patterns") &&
               check_patterns(&p->MatchOr.patterns, false);
    }
    return true;
}

/* -- statements ------------------------------------------------------------------------------------ */

static bool
check_type_params(const TypeParamSeq *params)
{
    for (int i = 0; i < params->count; i++) {
        const TypeParam *p = params->items[i];
        if (!need(p != NULL, "None disallowed in type parameter list") || !check_position(&p->pos)) {
            return false;
        }
        bool fine = true;
        switch (p->kind) {
        case TYPE_PARAM_TYPE_VAR:
            fine = check_name(p->TypeVar.name) && check_optional(p->TypeVar.bound) && check_optional(p->TypeVar.default_value);
            break;
        case TYPE_PARAM_PARAM_SPEC:
            fine = check_name(p->ParamSpec.name) && check_optional(p->ParamSpec.default_value);
            break;
        case TYPE_PARAM_TYPE_VAR_TUPLE:
            fine = check_name(p->TypeVarTuple.name) && check_optional(p->TypeVarTuple.default_value);
            break;
        }
        if (!fine) {
            return false;
        }
    }
    return true;
}

static bool
check_try(const Stmt *s)
{
    const char *owner = s->kind == STMT_TRY ? "Try" : "TryStar";
    if (!check_body(&s->Try.body, owner)) {
        return false;
    }
    if (s->Try.handlers.count == 0 && s->Try.finalbody.count == 0) {
        (void)raise_fmt(&exc_ValueError, "%s has neither except handlers nor finalbody", owner);
        return false;
    }
    if (s->Try.handlers.count == 0 && s->Try.orelse.count > 0) {
        (void)raise_fmt(&exc_ValueError, "%s has orelse but no except handlers", owner);
        return false;
    }
    for (int i = 0; i < s->Try.handlers.count; i++) {
        const ExceptHandler *h = s->Try.handlers.items[i];
        if (!need(h != NULL, "None disallowed in except handler list") || !check_position(&h->pos) ||
            !check_optional(h->ExceptHandler.type) || !check_name(h->ExceptHandler.name) || !check_body(&h->ExceptHandler.body, "ExceptHandler")) {
            return false;
        }
    }
    return check_stmts(&s->Try.finalbody) && check_stmts(&s->Try.orelse);
}

static bool
check_with(const Stmt *s)
{
    const char *owner = s->kind == STMT_WITH ? "With" : "AsyncWith";
    if (!not_empty(s->With.items.count, "items", owner)) {
        return false;
    }
    for (int i = 0; i < s->With.items.count; i++) {
        const WithItem *item = s->With.items.items[i];
        if (!need(item != NULL, "None disallowed in with item list") || !check_expr(item->context_expr, CTX_LOAD) ||
            (item->optional_vars && !check_expr(item->optional_vars, CTX_STORE))) {
            return false;
        }
    }
    return check_body(&s->With.body, owner);
}

static bool
check_match(const Stmt *s)
{
    if (!check_expr(s->Match.subject, CTX_LOAD) || !not_empty(s->Match.cases.count, "cases", "Match")) {
        return false;
    }
    for (int i = 0; i < s->Match.cases.count; i++) {
        const MatchCase *m = s->Match.cases.items[i];
        if (!need(m != NULL, "None disallowed in match case list") || !check_pattern(m->pattern, false) ||
            !check_optional(m->guard) || !check_body(&m->body, "match_case")) {
            return false;
        }
    }
    return true;
}

static bool
check_aliases(const AliasSeq *names, const char *owner)
{
    if (!not_empty(names->count, "names", owner)) {
        return false;
    }
    for (int i = 0; i < names->count; i++) {
        if (!need(names->items[i] != NULL, "None disallowed in alias list") || !check_name(names->items[i]->name) ||
            !check_name(names->items[i]->asname)) {
            return false;
        }
    }
    return true;
}

static bool
check_function(const Stmt *s)
{
    const char *owner = s->kind == STMT_FUNCTION_DEF ? "FunctionDef" : "AsyncFunctionDef";
    return check_name(s->FunctionDef.name) && check_body(&s->FunctionDef.body, owner) && check_type_params(&s->FunctionDef.type_params) &&
           check_arguments(s->FunctionDef.args) && check_exprs(&s->FunctionDef.decorator_list, CTX_LOAD, false) &&
           check_optional(s->FunctionDef.returns);
}

static bool
check_compound(const Stmt *s)
{
    switch (s->kind) {
    case STMT_FUNCTION_DEF:
    case STMT_ASYNC_FUNCTION_DEF:
        return check_function(s);
    case STMT_CLASS_DEF:
        return check_name(s->ClassDef.name) && check_body(&s->ClassDef.body, "ClassDef") && check_type_params(&s->ClassDef.type_params) &&
               check_exprs(&s->ClassDef.bases, CTX_LOAD, false) && check_keywords(&s->ClassDef.keywords) &&
               check_exprs(&s->ClassDef.decorator_list, CTX_LOAD, false);
    case STMT_FOR:
    case STMT_ASYNC_FOR:
        return check_expr(s->For.target, CTX_STORE) && check_expr(s->For.iter, CTX_LOAD) &&
               check_body(&s->For.body, s->kind == STMT_FOR ? "For" : "AsyncFor") && check_stmts(&s->For.orelse);
    case STMT_WHILE:
        return check_expr(s->While.test, CTX_LOAD) && check_body(&s->While.body, "While") && check_stmts(&s->While.orelse);
    case STMT_IF:
        return check_expr(s->If.test, CTX_LOAD) && check_body(&s->If.body, "If") && check_stmts(&s->If.orelse);
    case STMT_WITH:
    case STMT_ASYNC_WITH:
        return check_with(s);
    case STMT_MATCH:
        return check_match(s);
    default:
        return check_try(s);
    }
}

static bool
check_ann_assign(const Stmt *s)
{
    if (s->AnnAssign.target->kind != EXPR_NAME && s->AnnAssign.simple) {
        return refuse(&exc_TypeError, "AnnAssign with simple non-Name target");
    }
    return check_expr(s->AnnAssign.target, CTX_STORE) && check_optional(s->AnnAssign.value) &&
           check_expr(s->AnnAssign.annotation, CTX_LOAD);
}

static bool
check_raise(const Stmt *s)
{
    if (!s->Raise.exc) {
        return need(!s->Raise.cause, "Raise with cause but no exception");
    }
    return check_expr(s->Raise.exc, CTX_LOAD) && check_optional(s->Raise.cause);
}

static bool
check_stmt(const Stmt *s)
{
    if (!c_stack_ok() || !check_position(&s->pos)) {
        return false;
    }
    switch (s->kind) {
    case STMT_RETURN:
        return check_optional(s->Return.value);
    case STMT_DELETE:
        return not_empty(s->Delete.targets.count, "targets", "Delete") && check_exprs(&s->Delete.targets, CTX_DEL, false);
    case STMT_ASSIGN:
        return not_empty(s->Assign.targets.count, "targets", "Assign") && check_exprs(&s->Assign.targets, CTX_STORE, false) &&
               check_expr(s->Assign.value, CTX_LOAD);
    case STMT_TYPE_ALIAS:
        if (s->TypeAlias.name->kind != EXPR_NAME) {
            return refuse(&exc_TypeError, "TypeAlias with non-Name name");
        }
        return check_expr(s->TypeAlias.name, CTX_STORE) && check_type_params(&s->TypeAlias.type_params) &&
               check_expr(s->TypeAlias.value, CTX_LOAD);
    case STMT_AUG_ASSIGN:
        return check_expr(s->AugAssign.target, CTX_STORE) && check_expr(s->AugAssign.value, CTX_LOAD);
    case STMT_ANN_ASSIGN:
        return check_ann_assign(s);
    case STMT_RAISE:
        return check_raise(s);
    case STMT_ASSERT:
        return check_expr(s->Assert.test, CTX_LOAD) && check_optional(s->Assert.msg);
    case STMT_IMPORT:
        return check_aliases(&s->Import.names, "Import");
    case STMT_IMPORT_FROM:
        return need(s->ImportFrom.level >= 0, "Negative ImportFrom level") && check_aliases(&s->ImportFrom.names, "ImportFrom");
    case STMT_GLOBAL:
        return not_empty(s->Global.names.count, "names", "Global");
    case STMT_NONLOCAL:
        return not_empty(s->Nonlocal.names.count, "names", "Nonlocal");
    case STMT_EXPR:
        return check_expr(s->Expr.value, CTX_LOAD);
    case STMT_PASS:
    case STMT_BREAK:
    case STMT_CONTINUE:
        return true;
    default:
        return check_compound(s);
    }
}

static bool
check_stmts(const StmtSeq *body)
{
    for (int i = 0; i < body->count; i++) {
        if (!need(body->items[i] != NULL, "None disallowed in statement list") || !check_stmt(body->items[i])) {
            return false;
        }
    }
    return true;
}

static bool
check_body(const StmtSeq *body, const char *owner)
{
    return not_empty(body->count, "body", owner) && check_stmts(body);
}

bool
ast_validate(const Mod *tree)
{
    switch (tree->kind) {
    case MOD_MODULE:
        return check_stmts(&tree->Module.body);
    case MOD_INTERACTIVE:
        return check_stmts(&tree->Interactive.body);
    case MOD_EXPRESSION:
        return check_expr(tree->Expression.body, CTX_LOAD);
    default:
        return check_exprs(&tree->FunctionType.argtypes, CTX_LOAD, false) && check_expr(tree->FunctionType.returns, CTX_LOAD);
    }
}
