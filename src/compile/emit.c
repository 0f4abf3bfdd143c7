/* Instructions, registers and labels of the code object in the making. See gen.h. */
#include "compile/gen.h"

const Pos no_position = {-1, -1, -1, -1};

/* Where an emitter's caller may write when emitting failed. */
static Ins scratch;

Label
new_label(Gen *g)
{
    return g->u->nlabels++;
}

static uint32_t
position_index(Gen *g)
{
    PosVec *positions = &g->u->positions;
    if (positions->len == 0 || memcmp(posvec_last(positions), &g->pos, sizeof(Pos)) != 0) {
        if (posvec_push(positions, g->pos) < 0) {
            fail_memory(g->c);
            return 0;
        }
    }
    return (uint32_t)(positions->len - 1);
}

static Ins *
append(Gen *g, Ins ins)
{
    if (!gen_ok(g)) {
        return &scratch;
    }
    Unit *u = g->u;
    ins.pos = position_index(g);
    ins.handler = u->handler;
    InsVec *out = &u->streams.data[u->stream];
    if (insvec_push(out, ins) < 0) {
        fail_memory(g->c);
        return &scratch;
    }
    return insvec_last(out);
}

void
put_label(Gen *g, Label label)
{
    (void)append(g, (Ins){.op = PSEUDO_LABEL, .bc = label, .target = NO_LABEL});
}

Ins *
emit(Gen *g, Opcode op, Reg a, Reg b, Reg c, unsigned flags)
{
    return append(g, (Ins){.op = (uint16_t)op,
                           .flags = (uint16_t)flags,
                           .a = (uint16_t)a,
                           .b = (uint16_t)b,
                           .c = (uint16_t)c,
                           .target = NO_LABEL});
}

Ins *
emit_wide(Gen *g, Opcode op, Reg a, int64_t bc, unsigned flags)
{
    return append(
        g, (Ins){.op = (uint16_t)op, .flags = (uint16_t)flags, .a = (uint16_t)a, .bc = (int32_t)bc, .target = NO_LABEL});
}

void
emit_jump(Gen *g, Opcode op, Reg a, Reg b, Label target, unsigned flags)
{
    (void)append(
        g, (Ins){.op = (uint16_t)op, .flags = (uint16_t)flags, .a = (uint16_t)a, .b = (uint16_t)b, .target = target});
}

void
emit_goto(Gen *g, Label target)
{
    emit_jump(g, I_JUMP, 0, 0, target, 0);
}

/* -- registers ------------------------------------------------------------------------------------- */

Reg
push_many(Gen *g, size_t n)
{
    Unit *u = g->u;
    Reg first = u->top;
    if (u->top + n > MAX_REGISTERS) {
        syntax_error(g->c, g->pos, str_fmt("too complex: more than %d values at once", MAX_REGISTERS));
        return first;
    }
    u->top += (Reg)n;
    if (u->top > u->max_top) {
        u->max_top = u->top;
    }
    return first;
}

Reg
push(Gen *g)
{
    return push_many(g, 1);
}

void
pop_to(Gen *g, Reg top)
{
    assert(!gen_ok(g) || (top <= g->u->top && top >= g->u->nvars));
    g->u->top = top;
}

Operand
result_at(Gen *g, Reg mark, Reg wanted)
{
    pop_to(g, mark);
    return wanted == ANYWHERE ? (Operand){push(g), true} : (Operand){wanted, is_temp(g, wanted)};
}

void
emit_move(Gen *g, Reg to, Operand from)
{
    if (to != from.reg) {
        emit(g, I_MOVE, to, from.reg, 0, kill_b(from));
    }
}

void
emit_clear(Gen *g, Reg r)
{
    emit(g, I_CLEAR, r, 0, 0, 0);
}

/* -- streams and handlers -------------------------------------------------------------------------- */

size_t
cold_begin(Gen *g)
{
    Unit *u = g->u;
    size_t before = u->stream;
    if (streamvec_push(&u->streams, (InsVec){0}) < 0) {
        fail_memory(g->c);
        return before;
    }
    u->stream = u->streams.len - 1;
    return before;
}

void
cold_end(Gen *g, size_t section)
{
    g->u->stream = section;
}

uint32_t
handler_push(Gen *g, Label label)
{
    Unit *u = g->u;
    uint32_t outer = u->handler;
    if (handlervec_push(&u->handlers, (HandlerInfo){label, u->top}) < 0) {
        fail_memory(g->c);
        return outer;
    }
    u->handler = (uint32_t)u->handlers.len;
    return outer;
}

/* -- operands that stay in place ------------------------------------------------------------------- */

static bool rebinds(Gen *g, int type, const void *node, Value name);

static bool
field_rebinds(Gen *g, const AstField *field, const char *base, Value name)
{
    const AstTypeInfo *type = &ast_types[field->type];
    if (type->form != AST_SUM && type->form != AST_RECORD) {
        return false;
    }
    if (field->card == AST_ONE || field->card == AST_OPT) {
        const void *child = *(const void *const *)(base + field->offset);
        return child && rebinds(g, field->type, child, name);
    }
    const AstSeq *seq = (const AstSeq *)(base + field->offset);
    for (int i = 0; i < seq->count; i++) {
        const void *child = ((const void *const *)seq->items)[i];
        if (child && rebinds(g, field->type, child, name)) {
            return true;
        }
    }
    return false;
}

/* Is there a := to `name` in the node? A := in a lambda counts too: it costs a copy, no more. */
static bool
rebinds(Gen *g, int type, const void *node, Value name)
{
    if (!compiler_enter(g->c)) {
        return false;
    }
    const AstTypeInfo *info = &ast_types[type];
    int kind = info->form == AST_SUM ? *(const int *)node : 1;
    if (type == AST_TYPE_EXPR && kind == EXPR_NAMED_EXPR) {
        const Expr *e = node;
        if (gen_mangled(g, e->NamedExpr.target->Name.id) == name) {
            return true;
        }
    }
    const AstNode *shape = &ast_nodes[info->first_node + kind - 1];
    for (int i = 0; i < shape->count; i++) {
        if (field_rebinds(g, &shape->fields[i], node, name)) {
            return true;
        }
    }
    return false;
}

Operand
protect_operand(Gen *g, Operand o, const Expr *next)
{
    if (o.temp || !next || !g->u->scope->has_walrus || !gen_ok(g)) {
        return o;
    }
    if (!rebinds(g, AST_TYPE_EXPR, next, g->u->scope->frame.data[o.reg]->name)) {
        return o;
    }
    Reg copy = push(g);
    emit_move(g, copy, o);
    return (Operand){copy, true};
}

Operand
operand_before(Gen *g, const Expr *e, const Expr *next)
{
    return protect_operand(g, gen_expr(g, e, ANYWHERE), next);
}
