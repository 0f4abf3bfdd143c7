/* Import statements. */
#include "compile/gen.h"
#include "object/tuple.h"

/* __import__(name, level, fromlist) into a new temporary; fromlist eaten. */
static Reg
push_import(Gen *g, Value name, int level, Own fromlist)
{
    Reg r = push_const(g, small_int(level)).reg;
    push_const(g, fromlist);
    pop_to(g, r);
    push(g);
    emit(g, I_IMPORT_NAME, r, r, name_index(g, name), 0);
    return r;
}

/* The part of a dotted name that starts at text; *end: the dot behind it, or the end. */
static Value
name_part(Gen *g, const char *text, const char **end)
{
    *end = strchrnul(text, '.');
    return keep_value(g->c, gen_ok(g) ? str_intern(str_from_utf8(text, (size_t)(*end - text))) : NO_VALUE);
}

static void
gen_import_alias(Gen *g, const Alias *alias)
{
    Value name = gen_name(g, alias->name);
    if (!name) {
        return;
    }
    Reg module = push_import(g, name, 0, own(NONE));
    const char *end;
    Value part = name_part(g, alias->name->text, &end);
    if (!alias->asname) {
        store_name(g, part ? scope_mangle(g->c, g->scope, part) : NO_VALUE, (Operand){module, true});
        pop_to(g, module);
        return;
    }
    while (*end == '.' && gen_ok(g)) { /* import a.b.c as d: d is the last */
        part = name_part(g, end + 1, &end);
        Reg inner = push(g);
        emit(g, I_IMPORT_FROM, inner, module, name_index(g, part), 0);
        emit(g, I_MOVE, module, inner, 0, INST_KILL_B | INST_LIVE_A);
        pop_to(g, inner);
    }
    store_name(g, gen_mangled(g, alias->asname), (Operand){module, true});
    pop_to(g, module);
}

void
gen_import(Gen *g, const Stmt *s)
{
    for (int i = 0; i < s->Import.names.count && gen_ok(g); i++) {
        at(g, s->pos);
        gen_import_alias(g, s->Import.names.items[i]);
    }
}

static bool
is_late_future(const Gen *g, const Stmt *s)
{
    const Pos *last = g->c->future_pos;
    return s->ImportFrom.module && s->ImportFrom.level == 0 && strcmp(s->ImportFrom.module->text, "__future__") == 0 &&
           (!last || s->lineno > last->lineno || (s->lineno == last->lineno && s->col_offset > last->col_offset));
}

void
gen_import_from(Gen *g, const Stmt *s)
{
    const AliasSeq *names = &s->ImportFrom.names;
    if (is_late_future(g, s)) {
        scope_error(g->c, s->pos, str_fmt("from __future__ imports must occur at the beginning of the file"));
        return;
    }
    Value module_name = s->ImportFrom.module ? gen_name(g, s->ImportFrom.module) : (Value)str_empty;
    Own fromlist = gen_ok(g) ? tuple_new(names->count) : NO_VALUE;
    for (int i = 0; fromlist && i < names->count; i++) {
        Value name = gen_name(g, names->items[i]->name);
        if (name) {
            tuple_init_item(fromlist, i, own(name));
        }
    }
    Reg module = push_import(g, module_name, s->ImportFrom.level, fromlist);
    if (names->count == 1 && strcmp(names->items[0]->name->text, "*") == 0) {
        emit(g, I_INTRINSIC_1, module, module, 2, INST_KILL_B);
    } else {
        for (int i = 0; i < names->count && gen_ok(g); i++) {
            const Alias *alias = names->items[i];
            Operand value = {push(g), true};
            at(g, s->pos);
            emit(g, I_IMPORT_FROM, value.reg, module, name_index(g, gen_name(g, alias->name)), 0);
            store_name(g, gen_mangled(g, alias->asname ? alias->asname : alias->name), value);
            pop_to(g, module + 1);
        }
    }
    emit_clear(g, module);
    pop_to(g, module);
}
