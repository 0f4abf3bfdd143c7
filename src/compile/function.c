/* def, lambda, decorators, docstrings. */
#include "compile/gen.h"
#include "object/tuple.h"

/* -- docstrings ------------------------------------------------------------------------------------ */

typedef struct DocLine {
    int64_t start, indent, end; /* end: past the last character, the newline excluded */
    bool blank;
} DocLine;

static DocLine
doc_line(const Str *s, int64_t at)
{
    DocLine line = {at, 0, at, true};
    while (line.end < s->length && str_char_at(s, line.end) != '\n') {
        if (line.blank && str_char_at(s, line.end) == ' ') {
            line.indent++;
        } else {
            line.blank = false;
        }
        line.end++;
    }
    return line;
}

/* Tabs expanded, the first line's indentation and what the others share removed. own: doc eaten, ret new */
static Own
clean_docstring(Own doc)
{
    Own expanded = doc ? call_method1(doc, "expandtabs", small_int(8)) : NO_VALUE;
    drop_opt(doc);
    if (!expanded || !is_str(expanded)) {
        return expanded;
    }
    const Str *s = as_str(expanded);
    int64_t margin = INT64_MAX;
    DocLine line = doc_line(s, 0);
    for (int64_t at = line.end + 1; at <= s->length; at = line.end + 1) {
        line = doc_line(s, at);
        if (!line.blank && line.indent < margin) {
            margin = line.indent;
        }
    }
    if (margin == INT64_MAX) {
        margin = 0;
    }
    StrBuilder out;
    str_builder_init(&out, s->length);
    line = doc_line(s, 0);
    str_builder_sub(&out, expanded, line.start + line.indent, line.end);
    for (int64_t at = line.end + 1; at <= s->length; at = line.end + 1) {
        line = doc_line(s, at);
        str_builder_char(&out, '\n');
        str_builder_sub(&out, expanded, line.start + (line.indent < margin ? line.indent : margin), line.end);
    }
    drop(expanded);
    return str_builder_finish(&out);
}

Own
docstring_value(Gen *g, const StmtSeq *body)
{
    const Expr *e = body_docstring(body);
    if (!e || g->c->optimize > 1 || !gen_ok(g)) {
        return NO_VALUE;
    }
    Own doc = clean_docstring(constant_value(&e->Constant.value));
    g->c->failed |= !doc;
    return doc;
}

/* -- decorators ------------------------------------------------------------------------------------ */

void
push_decorators(Gen *g, const ExprSeq *decorators)
{
    for (int i = 0; i < decorators->count; i++) {
        push_expr(g, decorators->items[i]);
        push(g); /* no self; the argument follows */
    }
}

Reg
apply_decorators(Gen *g, const ExprSeq *decorators, Reg value)
{
    for (int i = decorators->count - 1; i >= 0; i--) {
        Reg window = value - 2;
        at(g, decorators->items[i]->pos);
        emit(g, I_CALL, window, window, 1, 0);
        value = window;
        pop_to(g, value + 1);
    }
    return value;
}

/* -- functions ------------------------------------------------------------------------------------- */

/* Pushes the tuple of defaults and the dict of keyword-only defaults, where there are some. */
static unsigned
push_defaults(Gen *g, const Arguments *args)
{
    Pos pos = g->pos;
    unsigned have = 0;
    if (args->defaults.count > 0) {
        Own constant = fold_elements(g, &args->defaults);
        if (constant) {
            push_const(g, constant);
        } else {
            gen_tuple(g, &args->defaults, NULL, ANYWHERE);
        }
        have |= FUNCTION_DEFAULTS;
    }
    Reg map = g->u->top;
    for (int i = 0; i < args->kw_defaults.count && gen_ok(g); i++) {
        const Expr *e = args->kw_defaults.items[i];
        if (!e) {
            continue;
        }
        at(g, pos);
        if (!(have & FUNCTION_KWDEFAULTS)) {
            push(g);
            emit(g, I_BUILD_MAP, map, map, 0, 0);
            have |= FUNCTION_KWDEFAULTS;
        }
        Value name = gen_mangled(g, args->kwonlyargs.items[i]->arg);
        Operand key = push_const(g, name ? own(name) : NO_VALUE);
        Reg value = push_expr(g, e);
        at(g, pos);
        emit(g, I_MAP_ADD, map, key.reg, value, INST_KILL_B | INST_KILL_C);
        pop_to(g, map + 1);
    }
    at(g, pos);
    return have;
}

/* Gives function f what push_defaults and push_function_annotations left above it, and frees that. */
static void
set_attributes(Gen *g, Reg f, unsigned what)
{
    static const unsigned order[] = {FUNCTION_ANNOTATE, FUNCTION_ANNOTATIONS, FUNCTION_KWDEFAULTS, FUNCTION_DEFAULTS};
    for (size_t i = 0; i < ARRAY_LEN(order); i++) {
        if (what & order[i]) {
            Reg value = g->u->top - 1;
            emit_set_function(g, f, value, order[i]);
            pop_to(g, value);
        }
    }
}

static Own
function_code(Gen *g, const Stmt *s, int firstlineno)
{
    const StmtSeq *body = &s->FunctionDef.body;
    Unit *u = unit_enter(g, scope_of(g->c, s), gen_name(g, s->FunctionDef.name), firstlineno);
    if (!u) {
        return NO_VALUE;
    }
    unit_set_arguments(u, s->FunctionDef.args);
    u->is_async = s->kind == STMT_ASYNC_FUNCTION_DEF;
    Own doc = docstring_value(g, body);
    if (doc) {
        const_index(g, doc);
        u->flags |= CO_HAS_DOCSTRING;
    }
    StmtSeq rest = *body;
    if (body_docstring(body)) {
        rest.items++;
        rest.count--;
    }
    gen_body(g, &rest);
    return unit_leave(g);
}

/* The function, its defaults pushed already (behind its register f). */
static void
finish_function(Gen *g, const Stmt *s, Reg f, unsigned what, int firstlineno)
{
    what |= push_function_annotations(g, s->FunctionDef.args, s->FunctionDef.returns);
    Own code = function_code(g, s, firstlineno);
    at(g, s->pos);
    emit_function(g, f, code, scope_of(g->c, s));
    set_attributes(g, f, what);
}

static void
gen_generic_function(Gen *g, const Stmt *s, Reg window, int firstlineno)
{
    push(g);
    unsigned what = push_defaults(g, s->FunctionDef.args);
    int n = (what & FUNCTION_DEFAULTS ? 1 : 0) + (what & FUNCTION_KWDEFAULTS ? 1 : 0);
    const Scope *scope = scope_of(g->c, &s->FunctionDef.type_params);
    Own code = NO_VALUE;
    Unit *u = unit_enter_generic(g, &s->FunctionDef.type_params, (Pos){firstlineno, 0, firstlineno, 0});
    if (u) {
        Reg f = push(g);
        push_type_params(g, &s->FunctionDef.type_params);
        at(g, s->pos);
        finish_function(g, s, f, 0, firstlineno);
        Reg param = 0;
        for (unsigned bit = FUNCTION_DEFAULTS; bit <= FUNCTION_KWDEFAULTS; bit <<= 1) {
            if (what & bit) {
                emit(g, I_SET_FUNCTION, f, param++, bit, 0);
            }
        }
        emit(g, I_INTRINSIC_2, f, f, 4, 0);
        emit(g, I_RETURN, f, 0, 0, INST_KILL_A);
        pop_to(g, f);
        code = unit_leave(g);
    }
    at(g, s->pos);
    call_generic(g, window, code, scope, n);
}

void
gen_function_def(Gen *g, const Stmt *s)
{
    Reg mark = g->u->top;
    const ExprSeq *decorators = &s->FunctionDef.decorator_list;
    int firstlineno = decorators->count > 0 ? decorators->items[0]->lineno : s->lineno;
    push_decorators(g, decorators);
    at(g, s->pos);
    Reg f = push(g);
    if (s->FunctionDef.type_params.count > 0) {
        gen_generic_function(g, s, f, firstlineno);
    } else {
        unsigned what = push_defaults(g, s->FunctionDef.args);
        finish_function(g, s, f, what, firstlineno);
    }
    f = apply_decorators(g, decorators, f);
    at(g, s->pos);
    store_name(g, gen_mangled(g, s->FunctionDef.name), (Operand){f, true});
    pop_to(g, mark);
}

Operand
gen_lambda(Gen *g, const Expr *e, Reg want)
{
    Reg f = push(g);
    Scope *scope = scope_of(g->c, e);
    unsigned what = push_defaults(g, e->Lambda.args);
    Own code = NO_VALUE;
    Unit *u = unit_enter(g, scope, scope->name, e->lineno);
    if (u) {
        unit_set_arguments(u, e->Lambda.args);
        Operand value = gen_expr(g, e->Lambda.body, ANYWHERE);
        at(g, e->Lambda.body->pos);
        emit(g, I_RETURN, value.reg, 0, 0, kill_a(value));
        pop_to(g, u->nvars);
        code = unit_leave(g);
    }
    at(g, e->pos);
    emit_function(g, f, code, scope);
    set_attributes(g, f, what);
    if (want == ANYWHERE) {
        return (Operand){f, true};
    }
    emit_move(g, want, (Operand){f, true});
    return result_at(g, f, want);
}
