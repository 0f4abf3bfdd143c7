/* Calls: of functions, of methods without making bound ones, of super(). */
#include "compile/gen.h"
#include "object/tuple.h"

enum { MAX_PLAIN_ARGS = 120 }; /* more go through a list */

static void
check_keywords(Gen *g, const KeywordSeq *keywords)
{
    ValueTable seen = {0};
    for (int i = 0; i < keywords->count && keywords->count > 1 && gen_ok(g); i++) {
        const Keyword *k = keywords->items[i];
        Value name = k->arg ? gen_name(g, k->arg) : NO_VALUE;
        size_t known = seen.values.len;
        if (name && value_table_add(g, &seen, own(name), false) < known) {
            syntax_error(g->c, k->pos, str_fmt("keyword argument repeated: %U", name));
        }
    }
    value_table_free(&seen);
}

static bool
is_plain(const CallArgs *call)
{
    if (call->given + call->args->count + call->keywords->count > MAX_PLAIN_ARGS) {
        return false;
    }
    for (int i = 0; i < call->args->count; i++) {
        if (call->args->items[i]->kind == EXPR_STARRED) {
            return false;
        }
    }
    for (int i = 0; i < call->keywords->count; i++) {
        if (!call->keywords->items[i]->arg) {
            return false;
        }
    }
    return true;
}

static Operand
gen_plain_call(Gen *g, Reg window, const CallArgs *call, Reg mark, Reg want)
{
    Pos pos = g->pos;
    const KeywordSeq *keywords = call->keywords;
    for (int i = 0; i < call->args->count; i++) {
        push_expr(g, call->args->items[i]);
    }
    if (call->last) {
        emit_move(g, push(g), *call->last);
    }
    for (int i = 0; i < keywords->count; i++) {
        push_expr(g, keywords->items[i]->value);
    }
    Reg n = gen_ok(g) ? g->u->top - window - 2 : 0;
    unsigned self = call->method ? INST_SELF : 0;
    Operand result = result_at(g, mark, want);
    at(g, pos);
    if (keywords->count == 0) {
        emit(g, I_CALL, result.reg, window, n, self);
        return result;
    }
    Own names = gen_ok(g) ? tuple_new(keywords->count) : NO_VALUE;
    for (int i = 0; names && i < keywords->count; i++) {
        Value name = gen_name(g, keywords->items[i]->arg);
        if (name) {
            tuple_init_item(names, i, own(name));
        }
    }
    uint32_t index = const_index(g, names);
    emit(g, I_CALL_KW, result.reg, window, n, self)->extra = index;
    return result;
}

/* The positional arguments into one iterable, in the third register of the window. */
static void
gen_star_args(Gen *g, Reg window, const CallArgs *call)
{
    const ExprSeq *args = call->args;
    Reg list = window + 2;
    if (call->given == 0 && !call->last && args->count == 1 && args->items[0]->kind == EXPR_STARRED) {
        push_expr(g, args->items[0]->Starred.value);
        return;
    }
    Pos pos = g->pos;
    if (call->given == 0 && args->count == 0 && !call->last) {
        push_const(g, own(tuple_empty));
        return;
    }
    if (call->given == 0) {
        push(g);
    }
    emit(g, I_BUILD_LIST, list, list, (Reg)call->given, 0);
    pop_to(g, list + 1);
    gen_extend_list(g, list, args, 0);
    at(g, pos);
    if (call->last) {
        emit(g, I_LIST_APPEND, list, call->last->reg, 0, kill_b(*call->last));
    }
    emit(g, I_LIST_TO_TUPLE, list, list, 0, INST_KILL_B);
}

/* keywords[from .. to-1], all with names, as a new dict in a new temporary. */
static void
push_keyword_map(Gen *g, const KeywordSeq *keywords, int from, int to)
{
    Pos pos = g->pos;
    Reg first = g->u->top;
    bool window = to - from <= MAX_PLAIN_ARGS / 2;
    Reg map = first;
    if (!window) {
        push(g);
        emit(g, I_BUILD_MAP, map, map, 0, 0);
    }
    for (int i = from; i < to && gen_ok(g); i++) {
        Value name = gen_name(g, keywords->items[i]->arg);
        Operand key = push_const(g, name ? own(name) : NO_VALUE);
        Reg value = push_expr(g, keywords->items[i]->value);
        if (!window) {
            at(g, pos);
            emit(g, I_MAP_ADD, map, key.reg, value, INST_KILL_B | INST_KILL_C);
            pop_to(g, map + 1);
        }
    }
    at(g, pos);
    if (window) {
        pop_to(g, first);
        push(g);
        emit(g, I_BUILD_MAP, map, map, (Reg)(to - from), 0);
    }
}

/* The keyword arguments into one dict, in the fourth register of the window. */
static void
gen_star_keywords(Gen *g, Reg window, const KeywordSeq *keywords)
{
    Pos pos = g->pos;
    Reg all = window + 3;
    bool have = false;
    for (int i = 0; i < keywords->count && gen_ok(g);) {
        int end = i;
        while (end < keywords->count && keywords->items[end]->arg) {
            end++;
        }
        if (end > i) {
            push_keyword_map(g, keywords, i, end);
            i = end;
        } else {
            if (!have) {
                push(g);
                emit(g, I_BUILD_MAP, all, all, 0, 0);
                have = true;
            }
            push_expr(g, keywords->items[i++]->value);
        }
        if (have) {
            at(g, pos);
            emit(g, I_DICT_MERGE, all, all + 1, window, INST_KILL_B);
            pop_to(g, all + 1);
        }
        have = true;
    }
}

Operand
gen_call_window(Gen *g, Reg window, const CallArgs *call, Reg mark, Reg want)
{
    check_keywords(g, call->keywords);
    if (is_plain(call)) {
        return gen_plain_call(g, window, call, mark, want);
    }
    Pos pos = g->pos;
    gen_star_args(g, window, call);
    if (call->keywords->count > 0) {
        gen_star_keywords(g, window, call->keywords);
    } else {
        push(g);
    }
    Operand result = result_at(g, mark, want);
    at(g, pos);
    emit(g, I_CALL_EX, result.reg, window, call->keywords->count > 0, call->method ? INST_SELF : 0);
    return result;
}

/* -- super ----------------------------------------------------------------------------------------- */

bool
push_super_window(Gen *g, const Expr *e, Value name)
{
    if (e->kind != EXPR_CALL || e->Call.func->kind != EXPR_NAME || e->Call.keywords.count > 0 || !gen_ok(g)) {
        return false;
    }
    const ExprSeq *args = &e->Call.args;
    const Name *id = e->Call.func->Name.id;
    if (strcmp(id->text, "super") != 0 || (args->count != 0 && args->count != 2) || name == NAME(__class__)) {
        return false;
    }
    const Symbol *here = scope_find(g->scope, NAME(super));
    const Symbol *global = scope_find(g->c->scopes->top, NAME(super));
    if (!here || here->home != HOME_GLOBAL_IMPLICIT || (global && (global->flags & (DEF_BOUND | DEF_GLOBAL)))) {
        return false;
    }
    for (int i = 0; i < args->count; i++) {
        if (args->items[i]->kind == EXPR_STARRED) {
            return false;
        }
    }
    const Scope *host = g->u->scope;
    const Symbol *cell = scope_find(host, NAME(__class__));
    if (args->count == 0 && (host->kind != SCOPE_FUNCTION || host->params.len == 0 || g->u->args + g->u->posonly == 0 || !cell ||
                             cell->home != HOME_FREE)) {
        return false;
    }
    at(g, e->Call.func->pos);
    load_name(g, NAME(super), push(g));
    if (args->count == 2) {
        push_expr(g, args->items[0]);
        push_expr(g, args->items[1]);
        return true;
    }
    at(g, e->pos);
    emit(g, I_LOAD_CELL, push(g), (Reg)cell->reg, 0, 0);
    const Symbol *self = host->frame.data[0];
    Ref ref = {self->home == HOME_CELL ? REF_CELL : REF_FAST, 0, self->name};
    load_ref(g, ref, push(g));
    return true;
}

/* -- calls ----------------------------------------------------------------------------------------- */

/* The function and its self of `value.name(...)` into a new window. */
static void
push_method(Gen *g, const Expr *func)
{
    Reg mark = g->u->top;
    Value name = gen_mangled(g, func->Attribute.attr);
    if (push_super_window(g, func->Attribute.value, name)) {
        pop_to(g, mark);
        push_many(g, 2);
        at(g, func->pos);
        emit(g, I_LOAD_SUPER_METHOD, mark, mark, name_index(g, name), super_flag(func->Attribute.value));
        at(g, attribute_position(func->pos, func));
        emit(g, I_NOP, 0, 0, 0, 0);
        return;
    }
    Operand receiver = gen_expr(g, func->Attribute.value, ANYWHERE);
    pop_to(g, mark);
    push_many(g, 2);
    at(g, attribute_position(func->pos, func));
    emit(g, I_LOAD_METHOD, mark, receiver.reg, name_index(g, name), kill_b(receiver));
}

Operand
gen_call(Gen *g, const Expr *e, Reg want)
{
    Reg mark = g->u->top;
    const Expr *func = e->Call.func;
    CallArgs call = {0, &e->Call.args, &e->Call.keywords, NULL, false};
    warn_call(g, func);
    Pos pos = e->pos;
    if (func->kind == EXPR_ATTRIBUTE) {
        push_method(g, func);
        call.method = true;
        pos = is_plain(&call) ? attribute_position(pos, func) : pos;
    } else {
        push_expr(g, func);
        push(g);
    }
    at(g, pos);
    return gen_call_window(g, mark, &call, mark, want);
}
