/* What compile() with PyCF_OPTIMIZED_AST does to a tree: __debug__ becomes its value, docstrings go at level 2, numbers with signs in
 * patterns are computed, and 'text %s' % (value,) becomes an f-string. */
#include "module/ast/ast_priv.h"
#include "object/list.h"

typedef struct Optimizer {
    Arena *arena;
    int level;
    Value kept;
    bool failed;
} Optimizer;

static void visit(Optimizer *o, int type, void *node);

static void
visit_field(Optimizer *o, const AstField *field, char *base)
{
    const AstTypeInfo *info = &ast_types[field->type];
    if (info->form != AST_SUM && info->form != AST_RECORD) {
        return;
    }
    if (field->card == AST_ONE || field->card == AST_OPT) {
        void *child = *(void **)(base + field->offset);
        if (child) {
            visit(o, field->type, child);
        }
        return;
    }
    const AstSeq *seq = (const AstSeq *)(base + field->offset);
    for (int i = 0; i < seq->count && !o->failed; i++) {
        if (((void **)seq->items)[i]) {
            visit(o, field->type, ((void **)seq->items)[i]);
        }
    }
}

/* -- docstrings ------------------------------------------------------------------------------------ */

static void
drop_docstring(Optimizer *o, StmtSeq *body)
{
    const Stmt *first = body->count > 0 ? body->items[0] : NULL;
    if (o->level < 2 || !first || first->kind != STMT_EXPR || first->Expr.value->kind != EXPR_CONSTANT ||
        first->Expr.value->Constant.value.kind != CONST_STR) {
        return;
    }
    if (body->count > 1) {
        body->items++;
        body->count--;
        return;
    }
    Pos pos = first->pos; /* `pass` in its place */
    pos.end_lineno = pos.lineno;
    pos.end_col_offset = pos.col_offset + 4;
    Stmt *pass = stmt_pass(o->arena, pos);
    o->failed |= !pass;
    if (pass) {
        body->items[0] = pass;
    }
}

/* -- patterns -------------------------------------------------------------------------------------- */

/* -1, 1 + 2j: a constant. */
static Own
pattern_number(const Expr *e)
{
    if (e->kind == EXPR_CONSTANT) {
        return constant_value(&e->Constant.value);
    }
    if (e->kind == EXPR_UNARY_OP && e->UnaryOp.op == UNARYOP_U_SUB) {
        Own operand = pattern_number(e->UnaryOp.operand);
        Own result = operand ? object_unary(operand, OP_NEG) : NO_VALUE;
        drop_opt(operand);
        return result;
    }
    if (e->kind != EXPR_BIN_OP || (e->BinOp.op != OPERATOR_ADD && e->BinOp.op != OPERATOR_SUB)) {
        return NO_VALUE;
    }
    Own left = pattern_number(e->BinOp.left), right = left ? pattern_number(e->BinOp.right) : NO_VALUE;
    Own result = right ? object_binary(left, right, e->BinOp.op == OPERATOR_ADD ? OP_ADD : OP_SUB) : NO_VALUE;
    drop_opt(left);
    drop_opt(right);
    return result;
}

static void
fold_pattern_value(Optimizer *o, Expr *e)
{
    if (!e || (e->kind != EXPR_UNARY_OP && e->kind != EXPR_BIN_OP)) {
        return;
    }
    Own value = pattern_number(e);
    if (value && list_append(o->kept, value) == 0) {
        e->kind = EXPR_CONSTANT;
        memset(&e->Constant, 0, sizeof e->Constant);
        e->Constant.value = (Const){.kind = CONST_OBJECT, .object = (void *)value};
    }
    o->failed |= exc_pending();
    drop_opt(value);
}

/* -- '%s' % (value,) ------------------------------------------------------------------------------- */

static Expr *
text_constant(Optimizer *o, Pos pos, const char *text, size_t length)
{
    Const c = {.kind = CONST_STR, .text = arena_strndup(o->arena, text, length), .len = (uint32_t)length};
    Expr *e = c.text ? expr_constant(o->arena, pos, c, NULL) : NULL;
    o->failed |= !e;
    return e;
}

typedef struct Format {
    const char *at, *end;
} Format;

/* Flags, width and precision before the conversion, as a format spec. false: not one of the simple forms. */
static bool
read_spec(Format *f, char *spec, size_t room)
{
    size_t n = 0;
    bool left = false;
    while (f->at < f->end && *f->at == '-') {
        left = true;
        f->at++;
    }
    const char *start = f->at;
    while (f->at < f->end && *f->at >= '0' && *f->at <= '9' && f->at - start < 3) {
        f->at++;
    }
    if (f->at > start) {
        if (*start == '0') {
            return false;
        }
        spec[n++] = left ? '<' : '>';
        for (const char *p = start; p < f->at; p++) {
            spec[n++] = *p;
        }
    }
    if (f->at < f->end && *f->at == '.') {
        spec[n++] = *f->at++;
        start = f->at;
        while (f->at < f->end && *f->at >= '0' && *f->at <= '9' && f->at - start < 2) {
            spec[n++] = *f->at++;
        }
        if (f->at == start) {
            spec[n++] = '0';
        }
    }
    spec[n] = 0;
    return n < room;
}

/* The value that a conversion shows. NULL: not one of the simple forms. */
static Expr *
read_conversion(Optimizer *o, Format *f, Expr *value)
{
    char spec[16];
    if (!read_spec(f, spec, sizeof spec) || f->at >= f->end || (*f->at != 's' && *f->at != 'r' && *f->at != 'a') ||
        value->kind == EXPR_STARRED) {
        return NULL;
    }
    int conversion = *f->at++;
    Expr *format = NULL;
    if (spec[0]) {
        Expr **part = arena_alloc(o->arena, sizeof(*part));
        if (part) {
            *part = text_constant(o, value->pos, spec, strlen(spec));
            format = expr_joined_str(o->arena, value->pos, (ExprSeq){part, 1});
        }
        if (!format) {
            return NULL;
        }
    }
    return expr_formatted_value(o->arena, value->pos, value, conversion, format);
}

static void
optimize_format(Optimizer *o, Expr *e)
{
    const Const *c = &e->BinOp.left->Constant.value;
    const ExprSeq *values = &e->BinOp.right->Tuple.elts;
    Format f = {c->text, c->text + c->len};
    Expr **parts = arena_alloc(o->arena, ((size_t)values->count * 2 + 1) * sizeof(*parts));
    char *text = arena_alloc(o->arena, c->len + 1);
    int n = 0, used = 0;
    size_t length = 0;
    if (!parts || !text) {
        return;
    }
    for (;;) {
        bool at_end = f.at >= f.end;
        if (!at_end && (*f.at != '%' || (f.at + 1 < f.end && f.at[1] == '%'))) {
            f.at += *f.at == '%';
            text[length++] = *f.at++;
            continue;
        }
        if (length > 0) {
            parts[n++] = text_constant(o, e->BinOp.left->pos, text, length);
            length = 0;
        }
        if (at_end) {
            break;
        }
        f.at++;
        Expr *part = used < values->count ? read_conversion(o, &f, values->items[used]) : NULL;
        if (!part) {
            return;
        }
        parts[n++] = part;
        used++;
    }
    if (used == values->count && !o->failed) {
        e->kind = EXPR_JOINED_STR;
        e->JoinedStr.values = (ExprSeq){parts, n};
    }
}

/* -- the walk -------------------------------------------------------------------------------------- */

static void
visit_expr(Optimizer *o, Expr *e)
{
    if (e->kind == EXPR_NAME && e->Name.ctx == CTX_LOAD && strcmp(e->Name.id->text, "__debug__") == 0) {
        e->kind = EXPR_CONSTANT;
        memset(&e->Constant, 0, sizeof e->Constant);
        e->Constant.value.kind = o->level > 0 ? CONST_FALSE : CONST_TRUE;
    } else if (e->kind == EXPR_BIN_OP && e->BinOp.op == OPERATOR_MOD && e->BinOp.left->kind == EXPR_CONSTANT &&
               e->BinOp.left->Constant.value.kind == CONST_STR && e->BinOp.right->kind == EXPR_TUPLE) {
        optimize_format(o, e);
    }
}

static void
visit(Optimizer *o, int type, void *node)
{
    if (o->failed || !c_stack_ok()) {
        o->failed = true;
        return;
    }
    const AstTypeInfo *info = &ast_types[type];
    int kind = info->form == AST_SUM ? *(const int *)node : 1;
    const AstNode *shape = &ast_nodes[info->first_node + kind - 1];
    for (int i = 0; i < shape->count; i++) {
        visit_field(o, &shape->fields[i], node);
    }
    if (type == AST_TYPE_EXPR) {
        visit_expr(o, node);
    } else if (type == AST_TYPE_MOD && kind == MOD_MODULE) {
        drop_docstring(o, &((Mod *)node)->Module.body);
    } else if (type == AST_TYPE_STMT && (kind == STMT_FUNCTION_DEF || kind == STMT_ASYNC_FUNCTION_DEF)) {
        drop_docstring(o, &((Stmt *)node)->FunctionDef.body);
    } else if (type == AST_TYPE_STMT && kind == STMT_CLASS_DEF) {
        drop_docstring(o, &((Stmt *)node)->ClassDef.body);
    } else if (type == AST_TYPE_PATTERN && kind == PATTERN_MATCH_VALUE) {
        fold_pattern_value(o, ((Pattern *)node)->MatchValue.value);
    } else if (type == AST_TYPE_PATTERN && kind == PATTERN_MATCH_MAPPING) {
        const ExprSeq *keys = &((Pattern *)node)->MatchMapping.keys;
        for (int i = 0; i < keys->count; i++) {
            fold_pattern_value(o, keys->items[i]);
        }
    }
}

bool
ast_optimize(Arena *arena, Mod *tree, int optimize, Own *kept)
{
    if (!*kept) {
        *kept = list_new(0);
    }
    Optimizer o = {arena, optimize, *kept, !*kept};
    visit(&o, AST_TYPE_MOD, tree);
    if (o.failed && !exc_pending()) {
        (void)raise_no_memory();
    }
    return !o.failed;
}
