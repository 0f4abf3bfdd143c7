/* f-strings and t-strings. */
#include "compile/gen.h"
#include "object/tuple.h"

enum { MAX_PIECES = 200 }; /* joined at once */

/* A formatted value: conversion, then format(). */
Operand
gen_formatted_value(Gen *g, const Expr *e, Reg want)
{
    Reg mark = g->u->top;
    const Expr *spec = e->FormattedValue.format_spec;
    Operand value = operand_before(g, e->FormattedValue.value, spec);
    int conversion = e->FormattedValue.conversion;
    at(g, e->pos);
    if (conversion == 's' || conversion == 'r' || conversion == 'a') {
        Operand text = result_at(g, mark, ANYWHERE);
        emit(g, I_CONVERT, text.reg, value.reg, conversion == 's' ? 1 : conversion == 'r' ? 2 : 3, kill_b(value));
        value = text;
    } else if (conversion != -1 && gen_ok(g)) {
        (void)raise_fmt(&exc_SystemError, "Unrecognized conversion character %d", conversion);
        g->c->failed = true;
    }
    if (!spec) {
        Operand result = result_at(g, mark, want);
        emit(g, I_FORMAT, result.reg, value.reg, 0, kill_b(value));
        return result;
    }
    Operand how = gen_expr(g, spec, ANYWHERE);
    Operand result = result_at(g, mark, want);
    at(g, e->pos);
    emit(g, I_FORMAT_SPEC, result.reg, value.reg, how.reg, kill_b(value) | kill_c(how));
    return result;
}

Operand
gen_joined_str(Gen *g, const Expr *e, Reg want)
{
    const ExprSeq *values = &e->JoinedStr.values;
    Reg mark = g->u->top;
    if (values->count == 0) {
        Operand result = result_at(g, mark, want);
        emit_const(g, result.reg, own(str_empty));
        return result;
    }
    if (values->count == 1) {
        return gen_expr(g, values->items[0], want);
    }
    for (int i = 0; i < values->count && gen_ok(g); i++) {
        if (g->u->top - mark >= MAX_PIECES) {
            at(g, e->pos);
            emit(g, I_BUILD_STRING, mark, mark, g->u->top - mark, 0);
            pop_to(g, mark + 1);
        }
        push_expr(g, values->items[i]);
    }
    Reg n = g->u->top - mark;
    Operand result = result_at(g, mark, want);
    at(g, e->pos);
    emit(g, I_BUILD_STRING, result.reg, mark, n, 0);
    return result;
}

Operand
gen_interpolation(Gen *g, const Expr *e, Reg want)
{
    Reg mark = g->u->top;
    push_expr(g, e->Interpolation.value);
    at(g, e->pos);
    push_const(g, constant_value(&e->Interpolation.str));
    int conversion = e->Interpolation.conversion;
    unsigned how = conversion == 's' ? 1 : conversion == 'r' ? 2 : conversion == 'a' ? 3 : 0;
    if (e->Interpolation.format_spec) {
        push_expr(g, e->Interpolation.format_spec);
    }
    Operand result = result_at(g, mark, want);
    at(g, e->pos);
    emit(g, I_BUILD_INTERPOLATION, result.reg, mark, how << 2 | (e->Interpolation.format_spec != NULL), 0);
    return result;
}

/* The texts between interpolations: one more than there are of these. */
static Own
template_strings(Gen *g, const ExprSeq *values)
{
    int interpolations = 0;
    for (int i = 0; i < values->count; i++) {
        interpolations += values->items[i]->kind == EXPR_INTERPOLATION;
    }
    Own strings = tuple_new(interpolations + 1);
    Own text = own(str_empty);
    int filled = 0;
    for (int i = 0; strings && text && i < values->count; i++) {
        const Expr *e = values->items[i];
        if (e->kind == EXPR_INTERPOLATION) {
            tuple_init_item(strings, filled++, text);
            text = own(str_empty);
        } else {
            Own piece = fold(g, e);
            Own joined = piece && is_str(piece) ? str_concat(text, piece) : NO_VALUE;
            drop_opt(piece);
            drop(text);
            text = joined;
        }
    }
    if (!strings || !text) {
        g->c->failed = true;
        drop_opt(text);
        drop_opt(strings);
        return NO_VALUE;
    }
    tuple_init_item(strings, filled, text);
    return strings;
}

Operand
gen_template_str(Gen *g, const Expr *e, Reg want)
{
    const ExprSeq *values = &e->TemplateStr.values;
    Reg mark = g->u->top;
    push_const(g, template_strings(g, values));
    Reg list = push(g);
    int count = 0;
    pop_to(g, list);
    bool listed = values->count > MAX_PIECES;
    if (listed) {
        push(g);
        emit(g, I_BUILD_LIST, list, list, 0, 0);
    }
    for (int i = 0; i < values->count && gen_ok(g); i++) {
        if (values->items[i]->kind == EXPR_INTERPOLATION) {
            Reg r = push_expr(g, values->items[i]);
            count++;
            if (listed) {
                emit(g, I_LIST_APPEND, list, r, 0, INST_KILL_B);
                pop_to(g, list + 1);
            }
        }
    }
    at(g, e->pos);
    pop_to(g, list);
    push(g);
    if (listed) {
        emit(g, I_LIST_TO_TUPLE, list, list, 0, INST_KILL_B);
    } else {
        emit(g, I_BUILD_TUPLE, list, list, (Reg)count, 0);
    }
    Operand result = result_at(g, mark, want);
    emit(g, I_BUILD_TEMPLATE, result.reg, mark, 0, 0);
    return result;
}
