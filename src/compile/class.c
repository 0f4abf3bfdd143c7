/* Class statements. */
#include "compile/gen.h"
#include "object/tuple.h"

static void
store_const(Gen *g, Value name, Own v)
{
    Operand o = push_const(g, v);
    store_name(g, name, o);
    pop_to(g, o.reg);
}

/* The names that methods assign to on self, sorted. */
static int
compare_attributes(const void *a, const void *b)
{
    return str_compare(as_str(*(const Own *)a), as_str(*(const Own *)b));
}

static Own
static_attributes(Gen *g)
{
    OwnVec *names = &g->u->attributes.values;
    if (names->len > 1) {
        qsort(names->data, names->len, sizeof(Own), compare_attributes);
    }
    Own tuple = tuple_from_array((Value const *)names->data, (int64_t)names->len);
    g->c->failed |= !tuple;
    return tuple;
}

/* What every class body sets before its first statement. */
static void
gen_class_start(Gen *g, const Stmt *s, Pos first)
{
    Scope *scope = g->u->scope;
    at(g, first);
    Operand module = load_name(g, NAME(__name__), ANYWHERE);
    store_name(g, NAME(__module__), module);
    pop_to(g, module.reg);
    store_const(g, NAME(__qualname__), own_opt(g->u->qualname));
    store_const(g, NAME(__firstlineno__), small_int(g->u->firstlineno));
    if (s->ClassDef.type_params.count > 0) {
        Operand params = load_name(g, str_intern_cstr(".type_params"), ANYWHERE);
        store_name(g, NAME(__type_params__), params);
        pop_to(g, params.reg);
    }
    if (scope->class_dict) {
        Reg locals = push(g);
        emit(g, I_LOAD_LOCALS, locals, 0, 0, 0);
        emit(g, I_STORE_CELL, (Reg)scope->class_dict->reg, locals, 0, INST_KILL_B);
        pop_to(g, locals);
    }
    gen_annotation_setup(g);
    Own doc = docstring_value(g, &s->ClassDef.body);
    if (doc) {
        at(g, s->ClassDef.body.items[0]->Expr.value->pos);
        store_const(g, NAME(__doc__), doc);
    }
}

/* The value that a class body gives to __build_class__: its __class__ cell or None. */
static void
gen_class_end(Gen *g, Pos first)
{
    Scope *scope = g->u->scope;
    Reg mark = g->u->top;
    if (g->u->deferred.len > 0) {
        at(g, first);
        Reg f = push_annotate(g);
        at(g, first);
        store_name(g, NAME(__annotate_func__), (Operand){f, true});
        pop_to(g, mark);
    }
    at(g, no_position);
    store_const(g, NAME(__static_attributes__), static_attributes(g));
    if (scope->class_dict) {
        Reg cell = push(g);
        emit(g, I_LOAD_CLOSURE, cell, (Reg)scope->class_dict->reg, 0, 0);
        store_name(g, NAME(__classdictcell__), (Operand){cell, true});
        pop_to(g, mark);
    }
    if (scope->class_cell) {
        Reg cell = push(g);
        emit(g, I_LOAD_CLOSURE, cell, (Reg)scope->class_cell->reg, 0, 0);
        store_name(g, NAME(__classcell__), (Operand){cell, false});
        emit(g, I_RETURN, cell, 0, 0, INST_KILL_A);
        pop_to(g, mark);
    } else {
        emit(g, I_RETURN_NONE, 0, 0, 0, 0);
    }
}

static Own
class_code(Gen *g, const Stmt *s, int firstlineno)
{
    if (!unit_enter(g, scope_of(g->c, s), gen_name(g, s->ClassDef.name), firstlineno)) {
        return NO_VALUE;
    }
    Pos first = {firstlineno, 0, firstlineno, 0};
    gen_class_start(g, s, first);
    StmtSeq rest = s->ClassDef.body;
    if (body_docstring(&rest)) {
        rest.items++;
        rest.count--;
    }
    gen_body(g, &rest);
    gen_class_end(g, first);
    return unit_leave(g);
}

/* __build_class__(body, name, bases..., keywords...) into a new temporary. `generic`: Generic[...] comes last among the bases. */
static Reg
push_build_class(Gen *g, const Stmt *s, Own code, const Operand *generic)
{
    Reg window = push_many(g, 2);
    CallArgs call = {2, &s->ClassDef.bases, &s->ClassDef.keywords, generic, false};
    at(g, s->pos);
    emit(g, I_LOAD_BUILD_CLASS, window, 0, 0, 0);
    push_function(g, code, scope_of(g->c, s));
    Value name = gen_name(g, s->ClassDef.name);
    push_const(g, name ? own(name) : NO_VALUE);
    return gen_call_window(g, window, &call, window, ANYWHERE).reg;
}

/* The class is made inside the function of its type parameters. */
static void
gen_generic_class(Gen *g, const Stmt *s, int firstlineno)
{
    Reg window = push_many(g, 2);
    const TypeParamSeq *params = &s->ClassDef.type_params;
    Own outer = NO_VALUE;
    if (unit_enter_generic(g, params, (Pos){firstlineno, 0, firstlineno, 0})) {
        Operand tuple = {push_type_params(g, params), true};
        at(g, s->pos);
        store_name(g, str_intern_cstr(".type_params"), tuple);
        pop_to(g, tuple.reg);
        Own code = class_code(g, s, firstlineno);
        at(g, s->pos);
        Ref base = resolve_name(g, str_intern_cstr(".generic_base"));
        Operand loaded = load_name(g, str_intern_cstr(".type_params"), ANYWHERE);
        emit(g, I_INTRINSIC_1, base.reg, loaded.reg, 8, kill_b(loaded));
        pop_to(g, tuple.reg);
        Operand generic = {base.reg, false};
        Reg made = push_build_class(g, s, code, &generic);
        at(g, s->pos);
        emit(g, I_RETURN, made, 0, 0, INST_KILL_A);
        pop_to(g, made);
        outer = unit_leave(g);
    }
    at(g, s->pos);
    call_generic(g, window, outer, scope_of(g->c, params), 0);
}

void
gen_class_def(Gen *g, const Stmt *s)
{
    Reg mark = g->u->top;
    const ExprSeq *decorators = &s->ClassDef.decorator_list;
    int firstlineno = decorators->count > 0 ? decorators->items[0]->lineno : s->lineno;
    push_decorators(g, decorators);
    Reg made = g->u->top;
    if (s->ClassDef.type_params.count > 0) {
        gen_generic_class(g, s, firstlineno);
    } else {
        Own code = class_code(g, s, firstlineno);
        push_build_class(g, s, code, NULL);
    }
    made = apply_decorators(g, decorators, made);
    at(g, s->pos);
    store_name(g, gen_mangled(g, s->ClassDef.name), (Operand){made, true});
    pop_to(g, mark);
}
