/* Loading, storing and deleting names, by where scopes say they live. */
#include "compile/gen.h"

Value
gen_name(Gen *g, const Name *id)
{
    return name_value(g->c, id);
}

Value
gen_mangled(Gen *g, const Name *id)
{
    Value name = name_value(g->c, id);
    return name ? scope_mangle(g->c, g->scope, name) : NO_VALUE;
}

/* The symbol behind a name: an inlined comprehension's free variable is its host's. */
static Symbol *
find_symbol(const Scope *s, Value name, const Scope **owner)
{
    Symbol *symbol = scope_find(s, name);
    while (symbol && symbol->home == HOME_FREE && s->inlined) {
        s = s->parent;
        symbol = scope_find(s, name);
    }
    *owner = s;
    return symbol;
}

Ref
resolve_name(Gen *g, Value mangled)
{
    const Scope *s;
    const Symbol *symbol = find_symbol(g->scope, mangled, &s);
    bool registers = s->inlined || scope_is_function_like(s);
    Ref ref = {scope_is_function_like(g->u->scope) ? REF_GLOBAL : REF_NAME, 0, mangled};
    switch (symbol ? symbol->home : HOME_NONE) {
    case HOME_GLOBAL_EXPLICIT:
        ref.kind = REF_GLOBAL;
        break;
    case HOME_LOCAL:
        if (registers) {
            ref.kind = REF_FAST;
            ref.reg = (Reg)symbol->reg;
        } else if (g->scope != s && (symbol->flags & DEF_FREE_CLASS)) {
            ref.kind = REF_CELL; /* a comprehension in a class: it sees the function around, not the class */
            ref.reg = (Reg)symbol->reg;
        }
        break;
    case HOME_CELL:
        ref.kind = REF_CELL;
        ref.reg = (Reg)symbol->reg;
        break;
    case HOME_FREE:
        ref.kind = g->scope == s && s->kind == SCOPE_CLASS ? REF_CLASS_CELL : s->can_see_class ? REF_DICT_CELL : REF_CELL;
        ref.reg = (Reg)symbol->reg;
        break;
    default:
        if (g->scope->inlined && g->u->scope->kind == SCOPE_CLASS) {
            ref.kind = REF_GLOBAL;
        } else if (s->can_see_class) {
            ref.kind = REF_DICT_GLOBAL;
        }
        break;
    }
    return ref;
}

Reg
closure_register(Gen *g, Value name)
{
    const Scope *s;
    const Symbol *symbol = find_symbol(g->scope, name, &s);
    if (s->kind == SCOPE_CLASS) {
        if (s->class_cell && name == NAME(__class__)) {
            return (Reg)s->class_cell->reg;
        }
        if (s->class_dict && name == NAME(__classdict__)) {
            return (Reg)s->class_dict->reg;
        }
        if (s->conditional_cell && name == NAME(__conditional_annotations__)) {
            return (Reg)s->conditional_cell->reg;
        }
    }
    if (!symbol || symbol->reg < 0) {
        if (gen_ok(g)) {
            (void)raise_fmt(&exc_SystemError, "compiler: no cell for '%U' in '%U'", name, g->u->name);
            g->c->failed = true;
        }
        return 0;
    }
    return (Reg)symbol->reg;
}

/* The mapping in which class names are looked up first: f_locals of the class body, or its __classdict__. */
static Operand
push_class_mapping(Gen *g, RefKind kind)
{
    Reg r = push(g);
    if (kind == REF_CLASS_CELL) {
        emit(g, I_LOAD_LOCALS, r, 0, 0, 0);
    } else {
        Symbol *dict = scope_find(g->scope, NAME(__classdict__));
        emit(g, I_LOAD_CELL, r, dict ? (Reg)dict->reg : 0, 0, 0);
    }
    return (Operand){r, true};
}

Operand
load_ref(Gen *g, Ref ref, Reg want)
{
    Reg mark = g->u->top;
    Operand result;
    switch (ref.kind) {
    case REF_FAST:
        emit(g, I_CHECK_LOCAL, ref.reg, 0, 0, 0);
        result = (Operand){ref.reg, false};
        if (want != ANYWHERE) {
            emit_move(g, want, result);
            result = (Operand){want, is_temp(g, want)};
        }
        return result;
    case REF_CELL:
        result = result_at(g, mark, want);
        emit(g, I_LOAD_CELL, result.reg, ref.reg, 0, 0);
        return result;
    case REF_GLOBAL:
    case REF_NAME:
        result = result_at(g, mark, want);
        emit_wide(g, ref.kind == REF_GLOBAL ? I_LOAD_GLOBAL : I_LOAD_NAME, result.reg, name_index(g, ref.name), 0);
        return result;
    case REF_CLASS_CELL:
    case REF_DICT_CELL: {
        Operand mapping = push_class_mapping(g, ref.kind);
        result = result_at(g, mark, want);
        emit(g, I_LOAD_FROM_DICT_OR_CELL, result.reg, mapping.reg, ref.reg, kill_b(mapping));
        return result;
    }
    case REF_DICT_GLOBAL: {
        Operand mapping = push_class_mapping(g, ref.kind);
        result = result_at(g, mark, want);
        emit(g, I_LOAD_FROM_DICT_OR_GLOBALS, result.reg, mapping.reg, name_index(g, ref.name), kill_b(mapping));
        return result;
    }
    }
    UNREACHABLE();
}

void
store_ref(Gen *g, Ref ref, Operand value)
{
    switch (ref.kind) {
    case REF_FAST:
        emit_move(g, ref.reg, value);
        break;
    case REF_CELL:
    case REF_DICT_CELL:
        emit(g, I_STORE_CELL, ref.reg, value.reg, 0, kill_b(value));
        break;
    case REF_CLASS_CELL: /* declared nonlocal */
        emit(g, I_STORE_CELL, ref.reg, value.reg, 0, kill_b(value));
        break;
    case REF_GLOBAL:
    case REF_DICT_GLOBAL:
        emit_wide(g, I_STORE_GLOBAL, value.reg, name_index(g, ref.name), kill_a(value));
        break;
    case REF_NAME:
        emit_wide(g, I_STORE_NAME, value.reg, name_index(g, ref.name), kill_a(value));
        break;
    }
}

void
delete_ref(Gen *g, Ref ref)
{
    switch (ref.kind) {
    case REF_FAST:
        emit(g, I_DELETE_LOCAL, ref.reg, 0, 0, 0);
        break;
    case REF_CELL:
    case REF_DICT_CELL:
    case REF_CLASS_CELL:
        emit(g, I_DELETE_CELL, ref.reg, 0, 0, 0);
        break;
    case REF_GLOBAL:
    case REF_DICT_GLOBAL:
        emit_wide(g, I_DELETE_GLOBAL, 0, name_index(g, ref.name), 0);
        break;
    case REF_NAME:
        emit_wide(g, I_DELETE_NAME, 0, name_index(g, ref.name), 0);
        break;
    }
}

Operand
load_name(Gen *g, Value mangled, Reg want)
{
    return load_ref(g, resolve_name(g, mangled), want);
}

void
store_name(Gen *g, Value mangled, Operand value)
{
    store_ref(g, resolve_name(g, mangled), value);
}

void
delete_name(Gen *g, Value mangled)
{
    delete_ref(g, resolve_name(g, mangled));
}
