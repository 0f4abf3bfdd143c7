/* Pass one over the tree: finds every scope, and in each every definition and use of a name.
 *
 * This is also where CPython reports most misuses of names: a global declaration after a use, a yield in an annotation, a walrus
 * that would rebind a comprehension's variable. What belongs to expressions is in scope_expr.c. */
#include "compile/scope_collect.h"

/* -- names ----------------------------------------------------------------------------------------- */

bool
collect_check_name(Collector *k, Value name, Pos pos, bool deleting)
{
    if (name != NAME(__debug__)) {
        return true;
    }
    scope_error(k->c, pos, str_fmt(deleting ? "cannot delete __debug__" : "cannot assign to __debug__"));
    return false;
}

/* Adds flags to a name (not yet mangled) of scope s. */
Symbol *
collect_define_in(Collector *k, Scope *s, Value name, uint32_t flags, Pos pos)
{
    if (k->c->failed || !name) {
        return NULL;
    }
    Value mangled = scope_mangle(k->c, s, name);
    Symbol *symbol = scope_symbol(k->c, s, mangled);
    if (!symbol) {
        return NULL;
    }
    if ((flags & DEF_PARAM) && (symbol->flags & DEF_PARAM)) {
        scope_error(k->c, pos, str_fmt("duplicate argument '%U' in function definition", name));
        return NULL;
    }
    if ((flags & DEF_TYPE_PARAM) && (symbol->flags & DEF_TYPE_PARAM)) {
        scope_error(k->c, pos, str_fmt("duplicate type parameter '%U'", name));
        return NULL;
    }
    symbol->flags |= flags;
    if (s->iter_target) {
        if (symbol->flags & (DEF_GLOBAL | DEF_NONLOCAL)) {
            scope_error(k->c, pos, str_fmt("comprehension inner loop cannot rebind assignment expression target '%U'", name));
            return NULL;
        }
        symbol->flags |= DEF_COMP_ITER;
    }
    if (flags & DEF_PARAM) {
        if (symbolvec_push(&s->params, symbol) < 0) {
            fail_memory(k->c);
        }
    } else if ((flags & DEF_GLOBAL) && s != k->top) {
        Symbol *global = scope_symbol(k->c, k->top, mangled);
        if (global) {
            global->flags |= DEF_GLOBAL;
        }
    }
    return symbol;
}

Symbol *
collect_define(Collector *k, Value name, uint32_t flags, Pos pos)
{
    return collect_define_in(k, k->scope, name, flags, pos);
}

static void
collect_store_name(Collector *k, const Name *id, uint32_t flags, Pos pos)
{
    Value name = name_value(k->c, id);
    if (name && collect_check_name(k, name, pos, false)) {
        collect_define(k, name, flags, pos);
    }
}

/* -- scopes ---------------------------------------------------------------------------------------- */

Scope *
collect_enter(Collector *k, ScopeKind kind, Value name, const void *key, Pos pos)
{
    Scope *s = scope_new(k->c, k->scope, kind, name, key, pos);
    if (s) {
        k->scope = s;
        if (kind == SCOPE_ANNOTATION || kind == SCOPE_TYPE_VARIABLE || kind == SCOPE_TYPE_ALIAS) {
            /* No name that could be written: the annotations may mean another `format`. */
            collect_define(k, str_intern_cstr(".format"), DEF_PARAM | NAME_USE, pos);
        }
    }
    return s;
}

void
collect_leave(Collector *k)
{
    k->scope = k->scope->parent;
}

/* The names of the class around are visible here: through its __classdict__. */
static void
collect_see_class(Collector *k, Pos pos)
{
    k->scope->can_see_class = true;
    collect_define(k, NAME(__classdict__), NAME_USE, pos);
}

static bool
is_in_class(const Scope *s)
{
    return s->kind == SCOPE_CLASS || s->can_see_class;
}

/* -- definitions ----------------------------------------------------------------------------------- */

static void
collect_type_variable(Collector *k, const TypeParam *p, Value name, Expr *const *field, const char *what)
{
    if (!*field || k->c->failed) {
        return;
    }
    bool in_class = k->scope->can_see_class;
    if (!collect_enter(k, SCOPE_TYPE_VARIABLE, name, field, (*field)->pos)) {
        return;
    }
    k->scope->type_variable_what = what;
    if (in_class) {
        collect_see_class(k, p->pos);
    }
    collect_expr(k, *field);
    collect_leave(k);
}

static void
collect_type_param(Collector *k, const TypeParam *p)
{
    const Name *id = p->kind == TYPE_PARAM_TYPE_VAR     ? p->TypeVar.name
                     : p->kind == TYPE_PARAM_PARAM_SPEC ? p->ParamSpec.name
                                                        : p->TypeVarTuple.name;
    Value name = name_value(k->c, id);
    if (!name) {
        return;
    }
    if (name == NAME(__classdict__)) {
        scope_error(k->c, p->pos, str_fmt("reserved name '%U' cannot be used for type parameter", name));
        return;
    }
    if (!collect_check_name(k, name, p->pos, false)) {
        return;
    }
    collect_define(k, name, DEF_TYPE_PARAM | DEF_LOCAL, p->pos);
    switch (p->kind) {
    case TYPE_PARAM_TYPE_VAR: {
        const Expr *bound = p->TypeVar.bound;
        collect_type_variable(k, p, name, &p->TypeVar.bound,
                              bound && bound->kind == EXPR_TUPLE ? "a TypeVar constraint" : "a TypeVar bound");
        collect_type_variable(k, p, name, &p->TypeVar.default_value, "a TypeVar default");
        break;
    }
    case TYPE_PARAM_PARAM_SPEC:
        collect_type_variable(k, p, name, &p->ParamSpec.default_value, "a ParamSpec default");
        break;
    case TYPE_PARAM_TYPE_VAR_TUPLE:
        collect_type_variable(k, p, name, &p->TypeVarTuple.default_value, "a TypeVarTuple default");
        break;
    }
}

/* The implicit function around a generic definition, and its parameters. False when there are no type parameters. */
static bool
collect_type_params(Collector *k, const TypeParamSeq *params, Value owner, Pos pos, const Arguments *args, bool is_class)
{
    if (params->count == 0 || k->c->failed) {
        return false;
    }
    bool in_class = k->scope->kind == SCOPE_CLASS;
    Value name = keep_value(k->c, str_intern(str_fmt("<generic parameters of %U>", owner)));
    if (!name || !collect_enter(k, SCOPE_TYPE_PARAMS, name, params, pos)) {
        return false;
    }
    if (in_class) {
        collect_see_class(k, pos);
    }
    if (is_class) {
        collect_define(k, str_intern_cstr(".type_params"), DEF_LOCAL | NAME_USE, pos);
        k->scope->private = owner;
        k->scope->generic = params;
        collect_define(k, str_intern_cstr(".generic_base"), DEF_LOCAL | NAME_USE, pos);
    }
    if (args && args->defaults.count > 0) {
        collect_define(k, str_intern_cstr(".defaults"), DEF_PARAM, pos);
    }
    if (args) {
        for (int i = 0; i < args->kw_defaults.count; i++) {
            if (args->kw_defaults.items[i]) {
                collect_define(k, str_intern_cstr(".kwdefaults"), DEF_PARAM, pos);
                break;
            }
        }
    }
    for (int i = 0; i < params->count; i++) {
        collect_type_param(k, params->items[i]);
    }
    return true;
}

static void
collect_arg_annotations(Collector *k, const ArgSeq *args)
{
    for (int i = 0; i < args->count; i++) {
        if (args->items[i]->annotation) {
            collect_expr(k, args->items[i]->annotation);
        }
    }
}

static bool
has_annotations(const ArgSeq *args)
{
    for (int i = 0; i < args->count; i++) {
        if (args->items[i]->annotation) {
            return true;
        }
    }
    return false;
}

bool
arguments_have_annotations(const Arguments *a, const Expr *returns)
{
    return returns || has_annotations(&a->posonlyargs) || has_annotations(&a->args) || has_annotations(&a->kwonlyargs) ||
           (a->vararg && a->vararg->annotation) || (a->kwarg && a->kwarg->annotation);
}

/* The annotations of a function: their scope belongs to its Arguments. */
static void
collect_function_annotations(Collector *k, const Arguments *a, Expr *returns, Value owner, Pos pos)
{
    if (!arguments_have_annotations(a, returns)) {
        return;
    }
    bool in_class = is_in_class(k->scope);
    if (!collect_enter(k, SCOPE_ANNOTATION, NAME(__annotate__), a, pos)) {
        return;
    }
    k->scope->owner = owner;
    k->scope->unevaluated = (k->c->flags & CO_FUTURE_ANNOTATIONS) != 0;
    if (in_class) {
        collect_see_class(k, pos);
    }
    collect_arg_annotations(k, &a->posonlyargs);
    collect_arg_annotations(k, &a->args);
    if (a->vararg && a->vararg->annotation) {
        collect_expr(k, a->vararg->annotation);
    }
    if (a->kwarg && a->kwarg->annotation) {
        collect_expr(k, a->kwarg->annotation);
    }
    collect_arg_annotations(k, &a->kwonlyargs);
    if (returns) {
        collect_expr(k, returns);
    }
    collect_leave(k);
}

static void
collect_params(Collector *k, const ArgSeq *args)
{
    for (int i = 0; i < args->count; i++) {
        collect_store_name(k, args->items[i]->arg, DEF_PARAM, args->items[i]->pos);
    }
}

void
collect_arguments(Collector *k, const Arguments *a)
{
    collect_params(k, &a->posonlyargs);
    collect_params(k, &a->args);
    collect_params(k, &a->kwonlyargs);
    if (a->vararg) {
        collect_store_name(k, a->vararg->arg, DEF_PARAM, a->vararg->pos);
        k->scope->varargs = true;
    }
    if (a->kwarg) {
        collect_store_name(k, a->kwarg->arg, DEF_PARAM, a->kwarg->pos);
        k->scope->varkeywords = true;
    }
}

void
collect_defaults(Collector *k, const Arguments *a)
{
    collect_exprs(k, &a->defaults);
    for (int i = 0; i < a->kw_defaults.count; i++) {
        if (a->kw_defaults.items[i]) {
            collect_expr(k, a->kw_defaults.items[i]);
        }
    }
}

static void
collect_function(Collector *k, const Stmt *s)
{
    const Arguments *args = s->FunctionDef.args;
    Value name = name_value(k->c, s->FunctionDef.name);
    if (!name || !collect_check_name(k, name, s->pos, false)) {
        return;
    }
    collect_define(k, name, DEF_LOCAL, s->pos);
    collect_defaults(k, args);
    collect_exprs(k, &s->FunctionDef.decorator_list);
    bool generic = collect_type_params(k, &s->FunctionDef.type_params, name, s->pos, args, false);
    collect_function_annotations(k, args, s->FunctionDef.returns, name, s->pos);
    if (k->c->failed || !collect_enter(k, SCOPE_FUNCTION, name, s, s->pos)) {
        return;
    }
    k->scope->coroutine = k->scope->async_def = s->kind == STMT_ASYNC_FUNCTION_DEF;
    k->scope->has_docstring = body_docstring(&s->FunctionDef.body) != NULL;
    collect_arguments(k, args);
    collect_body(k, &s->FunctionDef.body);
    collect_leave(k);
    if (generic) {
        collect_leave(k);
    }
}

static void
collect_class(Collector *k, const Stmt *s)
{
    Value name = name_value(k->c, s->ClassDef.name);
    if (!name || !collect_check_name(k, name, s->pos, false)) {
        return;
    }
    collect_define(k, name, DEF_LOCAL, s->pos);
    collect_exprs(k, &s->ClassDef.decorator_list);
    bool generic = collect_type_params(k, &s->ClassDef.type_params, name, s->pos, NULL, true);
    collect_exprs(k, &s->ClassDef.bases);
    collect_keywords(k, &s->ClassDef.keywords);
    if (k->c->failed || !collect_enter(k, SCOPE_CLASS, name, s, s->pos)) {
        return;
    }
    k->scope->private = name;
    k->scope->generic = NULL;
    if (generic) {
        collect_define(k, NAME(__type_params__), DEF_LOCAL, s->pos);
        collect_define(k, str_intern_cstr(".type_params"), NAME_USE, s->pos);
    }
    collect_body(k, &s->ClassDef.body);
    collect_leave(k);
    if (generic) {
        collect_leave(k);
    }
}

static void
collect_type_alias(Collector *k, const Stmt *s)
{
    const Expr *target = s->TypeAlias.name;
    collect_expr(k, target);
    Value name = k->c->failed ? NO_VALUE : name_value(k->c, target->Name.id);
    if (!name) {
        return;
    }
    bool in_class = is_in_class(k->scope);
    bool generic = collect_type_params(k, &s->TypeAlias.type_params, name, s->pos, NULL, false);
    if (k->c->failed || !collect_enter(k, SCOPE_TYPE_ALIAS, name, s, s->pos)) {
        return;
    }
    if (in_class) {
        collect_see_class(k, s->pos);
    }
    collect_expr(k, s->TypeAlias.value);
    collect_leave(k);
    if (generic) {
        collect_leave(k);
    }
}

/* -- annotations of variables ---------------------------------------------------------------------- */

static void
collect_annotation(Collector *k, const Stmt *s)
{
    Scope *owner = k->scope;
    bool evaluated = owner->kind == SCOPE_MODULE || owner->kind == SCOPE_CLASS;
    if (evaluated && (owner->kind == SCOPE_MODULE || owner->in_conditional) && !(k->c->flags & CO_FUTURE_ANNOTATIONS)) {
        owner->conditional_annotations = true;
    }
    if (!owner->annotations) {
        bool in_class = is_in_class(owner);
        owner->annotations = collect_enter(k, SCOPE_ANNOTATION, NAME(__annotate__), &owner->annotations, owner->pos);
        if (!owner->annotations) {
            return;
        }
        owner->annotations->unevaluated = !evaluated || (k->c->flags & CO_FUTURE_ANNOTATIONS);
        if (in_class) {
            collect_see_class(k, s->pos);
        }
    } else {
        k->scope = owner->annotations;
    }
    collect_expr(k, s->AnnAssign.annotation);
    k->scope = owner;
}

static void
collect_ann_assign(Collector *k, const Stmt *s)
{
    const Expr *target = s->AnnAssign.target;
    if (target->kind == EXPR_NAME) {
        Value name = name_value(k->c, target->Name.id);
        if (!name) {
            return;
        }
        const Symbol *known = scope_find(k->scope, scope_mangle(k->c, k->scope, name));
        if (s->AnnAssign.simple && k->scope != k->top && known && (known->flags & (DEF_GLOBAL | DEF_NONLOCAL))) {
            const char *what = known->flags & DEF_GLOBAL ? "global" : "nonlocal";
            scope_error(k->c, s->pos, str_fmt("annotated name '%U' can't be %s", name, what));
            return;
        }
        if (!collect_check_name(k, name, target->pos, false)) {
            return;
        }
        if (s->AnnAssign.simple) {
            collect_define(k, name, DEF_ANNOT | DEF_LOCAL, target->pos);
        } else if (s->AnnAssign.value) {
            collect_define(k, name, DEF_LOCAL, target->pos);
        }
    } else {
        collect_expr(k, target);
    }
    if (!k->c->failed) {
        collect_annotation(k, s);
    }
    if (s->AnnAssign.value) {
        collect_expr(k, s->AnnAssign.value);
    }
}

/* -- global, nonlocal, import ---------------------------------------------------------------------- */

static void
collect_declaration(Collector *k, const NameSeq *names, uint32_t flag, const Stmt *s)
{
    const char *what = flag == DEF_GLOBAL ? "global" : "nonlocal";
    if (flag == DEF_NONLOCAL && k->scope == k->top) {
        scope_error(k->c, s->pos, str_fmt("nonlocal declaration not allowed at module level"));
        return;
    }
    for (int i = 0; i < names->count && !k->c->failed; i++) {
        Value name = name_value(k->c, names->items[i]);
        if (!name) {
            return;
        }
        const Symbol *known = scope_find(k->scope, scope_mangle(k->c, k->scope, name));
        uint32_t flags = known ? known->flags : 0;
        if (flags & (DEF_PARAM | DEF_LOCAL | NAME_USE | DEF_ANNOT)) {
            const char *format = flags & DEF_PARAM  ? "name '%U' is parameter and %s"
                                 : flags & NAME_USE ? "name '%U' is used prior to %s declaration"
                                 : flags & DEF_ANNOT ? "annotated name '%U' can't be %s"
                                                     : "name '%U' is assigned to before %s declaration";
            scope_error(k->c, s->pos, str_fmt(format, name, what));
            return;
        }
        Symbol *symbol = collect_define(k, name, flag, s->pos);
        if (symbol && !symbol->declared) {
            symbol->declared = &s->pos;
        }
    }
}

static void
collect_imports(Collector *k, const AliasSeq *names)
{
    for (int i = 0; i < names->count && !k->c->failed; i++) {
        const Alias *alias = names->items[i];
        Value name = name_value(k->c, alias->asname ? alias->asname : alias->name);
        if (!name) {
            return;
        }
        if (str_equals_cstr(name, "*")) {
            if (k->scope->kind != SCOPE_MODULE) {
                scope_error(k->c, alias->pos, str_fmt("import * only allowed at module level"));
            }
            continue;
        }
        const char *dot = alias->asname ? NULL : memchr(alias->name->text, '.', alias->name->len);
        if (dot) {
            size_t head = (size_t)(dot - alias->name->text);
            name = keep_value(k->c, str_intern(str_from_utf8(alias->name->text, head)));
        }
        if (name && collect_check_name(k, name, alias->pos, false)) {
            collect_define(k, name, DEF_IMPORT, alias->pos);
        }
    }
}

/* -- patterns -------------------------------------------------------------------------------------- */

static void
collect_pattern(Collector *k, const Pattern *p)
{
    if (!compiler_enter(k->c)) {
        return;
    }
    const PatternSeq *parts = NULL;
    switch (p->kind) {
    case PATTERN_MATCH_VALUE:
        collect_expr(k, p->MatchValue.value);
        return;
    case PATTERN_MATCH_SINGLETON:
        return;
    case PATTERN_MATCH_SEQUENCE:
        parts = &p->MatchSequence.patterns;
        break;
    case PATTERN_MATCH_MAPPING:
        collect_exprs(k, &p->MatchMapping.keys);
        parts = &p->MatchMapping.patterns;
        break;
    case PATTERN_MATCH_CLASS:
        collect_expr(k, p->MatchClass.cls);
        for (int i = 0; i < p->MatchClass.patterns.count; i++) {
            collect_pattern(k, p->MatchClass.patterns.items[i]);
        }
        parts = &p->MatchClass.kwd_patterns;
        for (int i = 0; i < p->MatchClass.kwd_attrs.count; i++) {
            Value name = name_value(k->c, p->MatchClass.kwd_attrs.items[i]);
            if (name && !collect_check_name(k, name, parts->items[i]->pos, false)) {
                return;
            }
        }
        break;
    case PATTERN_MATCH_STAR:
        if (p->MatchStar.name) {
            collect_store_name(k, p->MatchStar.name, DEF_LOCAL, p->pos);
        }
        return;
    case PATTERN_MATCH_AS:
        if (p->MatchAs.pattern) {
            collect_pattern(k, p->MatchAs.pattern);
        }
        if (p->MatchAs.name) {
            collect_store_name(k, p->MatchAs.name, DEF_LOCAL, p->pos);
        }
        return;
    case PATTERN_MATCH_OR:
        parts = &p->MatchOr.patterns;
        break;
    }
    for (int i = 0; i < parts->count; i++) {
        collect_pattern(k, parts->items[i]);
    }
    if (p->kind == PATTERN_MATCH_MAPPING && p->MatchMapping.rest) {
        collect_store_name(k, p->MatchMapping.rest, DEF_LOCAL, p->pos);
    }
}

/* -- statements ------------------------------------------------------------------------------------ */

/* Statements that may not be executed: what they annotate may be missing at run time. */
static void
collect_conditional(Collector *k, const StmtSeq *body)
{
    bool outer = k->scope->in_conditional;
    k->scope->in_conditional = true;
    collect_body(k, body);
    k->scope->in_conditional = outer;
}

static void
collect_try(Collector *k, const Stmt *s)
{
    collect_conditional(k, &s->Try.body);
    for (int i = 0; i < s->Try.handlers.count && !k->c->failed; i++) {
        const ExceptHandler *h = s->Try.handlers.items[i];
        if (h->ExceptHandler.type) {
            collect_expr(k, h->ExceptHandler.type);
        }
        if (h->ExceptHandler.name) {
            collect_store_name(k, h->ExceptHandler.name, DEF_LOCAL, h->pos);
        }
        collect_conditional(k, &h->ExceptHandler.body);
    }
    collect_conditional(k, &s->Try.orelse);
    collect_conditional(k, &s->Try.finalbody);
}

static void
collect_match(Collector *k, const Stmt *s)
{
    collect_expr(k, s->Match.subject);
    for (int i = 0; i < s->Match.cases.count && !k->c->failed; i++) {
        const MatchCase *m = s->Match.cases.items[i];
        collect_pattern(k, m->pattern);
        if (m->guard) {
            collect_expr(k, m->guard);
        }
        collect_conditional(k, &m->body);
    }
}

static bool
collect_async_statement(Collector *k, const Stmt *s, const char *what)
{
    if (!collect_check_async(k, s->pos, what)) {
        return false;
    }
    k->scope->coroutine = true;
    return true;
}

static void
collect_compound(Collector *k, const Stmt *s)
{
    switch (s->kind) {
    case STMT_FOR:
    case STMT_ASYNC_FOR:
        if (s->kind == STMT_ASYNC_FOR && !collect_async_statement(k, s, "async for")) {
            return;
        }
        collect_expr(k, s->For.target);
        collect_expr(k, s->For.iter);
        collect_conditional(k, &s->For.body);
        collect_conditional(k, &s->For.orelse);
        break;
    case STMT_WHILE:
        collect_expr(k, s->While.test);
        collect_conditional(k, &s->While.body);
        collect_conditional(k, &s->While.orelse);
        break;
    case STMT_IF:
        /* A chain of elifs is a loop here, however long. */
        for (;;) {
            collect_expr(k, s->If.test);
            collect_conditional(k, &s->If.body);
            if (s->If.orelse.count != 1 || s->If.orelse.items[0]->kind != STMT_IF) {
                break;
            }
            s = s->If.orelse.items[0];
        }
        collect_conditional(k, &s->If.orelse);
        break;
    case STMT_WITH:
    case STMT_ASYNC_WITH:
        if (s->kind == STMT_ASYNC_WITH && !collect_async_statement(k, s, "async with")) {
            return;
        }
        for (int i = 0; i < s->With.items.count; i++) {
            collect_expr(k, s->With.items.items[i]->context_expr);
            if (s->With.items.items[i]->optional_vars) {
                collect_expr(k, s->With.items.items[i]->optional_vars);
            }
        }
        collect_conditional(k, &s->With.body);
        break;
    case STMT_MATCH:
        collect_match(k, s);
        break;
    default:
        collect_try(k, s);
        break;
    }
}

static void
collect_return(Collector *k, const Stmt *s)
{
    if (!s->Return.value) {
        return;
    }
    collect_expr(k, s->Return.value);
    if (!k->scope->returns_value) {
        k->scope->returns_value = true;
        k->scope->return_pos = s->pos;
    }
}

static void
collect_stmt(Collector *k, const Stmt *s)
{
    if (!compiler_enter(k->c)) {
        return;
    }
    switch (s->kind) {
    case STMT_FUNCTION_DEF:
    case STMT_ASYNC_FUNCTION_DEF:
        collect_function(k, s);
        break;
    case STMT_CLASS_DEF:
        collect_class(k, s);
        break;
    case STMT_TYPE_ALIAS:
        collect_type_alias(k, s);
        break;
    case STMT_RETURN:
        collect_return(k, s);
        break;
    case STMT_DELETE:
        collect_exprs(k, &s->Delete.targets);
        break;
    case STMT_ASSIGN:
        collect_exprs(k, &s->Assign.targets);
        collect_expr(k, s->Assign.value);
        break;
    case STMT_AUG_ASSIGN:
        collect_expr(k, s->AugAssign.target);
        collect_expr(k, s->AugAssign.value);
        break;
    case STMT_ANN_ASSIGN:
        collect_ann_assign(k, s);
        break;
    case STMT_RAISE:
        if (s->Raise.exc) {
            collect_expr(k, s->Raise.exc);
        }
        if (s->Raise.cause) {
            collect_expr(k, s->Raise.cause);
        }
        break;
    case STMT_ASSERT:
        collect_expr(k, s->Assert.test);
        if (s->Assert.msg) {
            collect_expr(k, s->Assert.msg);
        }
        break;
    case STMT_IMPORT:
        collect_imports(k, &s->Import.names);
        break;
    case STMT_IMPORT_FROM:
        collect_imports(k, &s->ImportFrom.names);
        break;
    case STMT_GLOBAL:
        collect_declaration(k, &s->Global.names, DEF_GLOBAL, s);
        break;
    case STMT_NONLOCAL:
        collect_declaration(k, &s->Nonlocal.names, DEF_NONLOCAL, s);
        break;
    case STMT_EXPR:
        collect_expr(k, s->Expr.value);
        break;
    case STMT_PASS:
    case STMT_BREAK:
    case STMT_CONTINUE:
        break;
    default:
        collect_compound(k, s);
        break;
    }
}

void
collect_body(Collector *k, const StmtSeq *body)
{
    for (int i = 0; i < body->count && !k->c->failed; i++) {
        collect_stmt(k, body->items[i]);
    }
}

void
scopes_build(Compiler *c, const Mod *tree)
{
    Scopes *scopes = compiler_alloc(c, sizeof(*scopes));
    if (!scopes) {
        return;
    }
    c->scopes = scopes;
    Collector k = {.c = c};
    Pos start = {0, 0, 0, 0};
    scopes->top = k.scope = k.top = scope_new(c, NULL, SCOPE_MODULE, str_intern_cstr("top"), tree, start);
    if (!scopes->top) {
        return;
    }
    switch (tree->kind) {
    case MOD_MODULE:
        collect_body(&k, &tree->Module.body);
        break;
    case MOD_INTERACTIVE:
        collect_body(&k, &tree->Interactive.body);
        break;
    case MOD_EXPRESSION:
        collect_expr(&k, tree->Expression.body);
        break;
    case MOD_FUNCTION_TYPE:
        (void)raise_msg(&exc_RuntimeError, "this compiler does not handle FunctionTypes");
        c->failed = true;
        break;
    }
    scopes_resolve(c);
}
