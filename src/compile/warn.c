/* Warnings about code that is surely not what was meant. */
#include "compile/gen.h"

/* The type of what a display or literal gives; null for other expressions. */
static const char *
literal_type(const Expr *e)
{
    switch (e->kind) {
    case EXPR_CONSTANT:
        switch (e->Constant.value.kind) {
        case CONST_NONE:
            return "NoneType";
        case CONST_TRUE:
        case CONST_FALSE:
            return "bool";
        case CONST_ELLIPSIS:
            return "ellipsis";
        case CONST_INT:
            return "int";
        case CONST_FLOAT:
            return "float";
        case CONST_COMPLEX:
            return "complex";
        case CONST_STR:
            return "str";
        case CONST_BYTES:
            return "bytes";
        default:
            return type_of(VALUE(e->Constant.value.object))->name;
        }
    case EXPR_TUPLE:
        return "tuple";
    case EXPR_LIST:
    case EXPR_LIST_COMP:
        return "list";
    case EXPR_DICT:
    case EXPR_DICT_COMP:
        return "dict";
    case EXPR_SET:
    case EXPR_SET_COMP:
        return "set";
    case EXPR_GENERATOR_EXP:
        return "generator";
    case EXPR_LAMBDA:
        return "function";
    case EXPR_JOINED_STR:
    case EXPR_FORMATTED_VALUE:
        return "str";
    case EXPR_TEMPLATE_STR:
        return "string.templatelib.Template";
    case EXPR_INTERPOLATION:
        return "string.templatelib.Interpolation";
    default:
        return NULL;
    }
}

static bool
is_constant(const Expr *e, int kind)
{
    return e->kind == EXPR_CONSTANT && e->Constant.value.kind == kind;
}

static bool
may_warn(const Gen *g)
{
    return gen_ok(g) && g->silent == 0;
}

void
warn_call(Gen *g, const Expr *func)
{
    const char *type = may_warn(g) && func->kind != EXPR_LAMBDA ? literal_type(func) : NULL;
    if (type) {
        syntax_warning(g->c, func->pos, str_fmt("'%s' object is not callable; perhaps you missed a comma?", type));
    }
}

/* Has no items at all. */
static bool
is_not_subscriptable(const Expr *e)
{
    switch (e->kind) {
    case EXPR_CONSTANT:
        return e->Constant.value.kind != CONST_STR && e->Constant.value.kind != CONST_BYTES &&
               e->Constant.value.kind != CONST_OBJECT;
    case EXPR_SET:
    case EXPR_SET_COMP:
    case EXPR_GENERATOR_EXP:
    case EXPR_TEMPLATE_STR:
    case EXPR_INTERPOLATION:
    case EXPR_LAMBDA:
        return true;
    default:
        return false;
    }
}

static bool
is_sequence(const Expr *e)
{
    return is_constant(e, CONST_STR) || is_constant(e, CONST_BYTES) || e->kind == EXPR_TUPLE || e->kind == EXPR_LIST ||
           e->kind == EXPR_LIST_COMP || e->kind == EXPR_JOINED_STR || e->kind == EXPR_FORMATTED_VALUE;
}

void
warn_subscript(Gen *g, const Expr *e)
{
    if (!may_warn(g) || e->Subscript.ctx != CTX_LOAD) {
        return;
    }
    const Expr *value = e->Subscript.value, *index = e->Subscript.slice;
    if (is_not_subscriptable(value)) {
        syntax_warning(g->c, value->pos,
                       str_fmt("'%s' object is not subscriptable; perhaps you missed a comma?", literal_type(value)));
        return;
    }
    const char *type = is_sequence(value) ? literal_type(index) : NULL;
    if (type && !is_constant(index, CONST_INT) && !is_constant(index, CONST_TRUE) && !is_constant(index, CONST_FALSE)) {
        syntax_warning(g->c, value->pos,
                       str_fmt("%s indices must be integers or slices, not %s; perhaps you missed a comma?", literal_type(value),
                               type));
    }
}

/* A literal whose identity nobody should ask for. */
static bool
is_odd_identity(Gen *g, const Expr *e)
{
    if (e->kind == EXPR_TUPLE) {
        Own constant = fold(g, e);
        drop_opt(constant);
        return constant != NO_VALUE;
    }
    return e->kind == EXPR_CONSTANT && e->Constant.value.kind >= CONST_INT;
}

void
warn_compare(Gen *g, const Expr *e)
{
    const Expr *left = e->Compare.left;
    for (int i = 0; i < e->Compare.ops.count && may_warn(g); i++) {
        const Expr *right = e->Compare.comparators.items[i];
        CmpOp op = e->Compare.ops.items[i];
        const Expr *odd = is_odd_identity(g, left) ? left : is_odd_identity(g, right) ? right : NULL;
        if ((op == CMPOP_IS || op == CMPOP_IS_NOT) && odd) {
            const char *format = op == CMPOP_IS ? "\"is\" with '%s' literal. Did you mean \"==\"?"
                                                : "\"is not\" with '%s' literal. Did you mean \"!=\"?";
            syntax_warning(g->c, e->pos, str_fmt(format, literal_type(odd)));
            return;
        }
        left = right;
    }
}
