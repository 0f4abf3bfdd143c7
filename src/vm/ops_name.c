/* Names: locals, cells, globals, namespaces of class bodies and of exec.
 *
 * Threads: cells and dicts may be shared; they are read with ref_load and through dict functions, which need no lock here. */
#include "heap/critical.h"
#include "vm/cache.h"
#include "vm/ops.h"

void
raise_undefined(Value name)
{
    raise_name_error(&exc_NameError, name, "name '%U' is not defined", name);
}

static void COLD
raise_unbound_local(const Code *code, unsigned index)
{
    Value name = tuple_item(code->local_names, index);
    if (code->local_kinds[index] & LOCAL_FREE) {
        raise_name_error(&exc_NameError, name,
                         "cannot access free variable '%U' where it is not associated with a value in enclosing scope", name);
    } else {
        raise_fmt(&exc_UnboundLocalError, "cannot access local variable '%U' where it is not associated with a value", name);
    }
}

int
vm_raise_unbound(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    raise_unbound_local(CODE, operand_ua(pc));
    return -1;
}

/* -- cells */

static CellObject *
cell_in(Own v)
{
    return (CellObject *)obj(v);
}

int
vm_make_cell(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Own *a = &regs[operand_ua(pc)];
    Own contents = *a ? reg_take(*a) : NO_VALUE;
    *a = NO_VALUE;
    Own cell = cell_new(contents);
    *a = cell;
    return cell ? 0 : -1;
}

int
vm_copy_free_vars(const Inst *pc, Own *regs, Thread *t)
{
    const Code *code = CODE;
    unsigned n = (unsigned)operand_sa(pc);
    if (!FRAME->function) {
        return 0; /* code given to exec: its maker has put the cells there */
    }
    Value closure = ((const Function *)obj(FRAME->function))->closure;
    for (unsigned i = 0; i < n; i++) {
        regs[code->nlocals_plus - n + i] = reg_own(t, tuple_item(closure, i));
    }
    return 0;
}

int
vm_load_cell(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    CellObject *cell = cell_in(regs[operand_ub(pc)]);
    Own v = ref_load(&cell->head, &cell->contents);
    if (UNLIKELY(!v)) {
        raise_unbound_local(CODE, operand_ub(pc));
        return -1;
    }
    dst_write(pc, regs, reg_from(v));
    return 0;
}

static Own
cell_exchange(CellObject *cell, Own value)
{
    CriticalSection section;
    critical_enter(&section, &cell->head);
    Own old = ref_swap(&cell->head, &cell->contents, value);
    critical_leave(&section);
    return old;
}

int
vm_store_cell(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Own *b = &regs[operand_ub(pc)];
    Own v;
    if (inst_flag(pc, INST_KILL_B)) {
        v = reg_take(*b);
        *b = NO_VALUE;
    } else {
        v = own(*b);
    }
    drop_opt(cell_exchange(cell_in(regs[operand_ua(pc)]), v));
    return 0;
}

int
vm_delete_cell(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Own old = cell_exchange(cell_in(regs[operand_ua(pc)]), NO_VALUE);
    if (!old) {
        raise_unbound_local(CODE, operand_ua(pc));
        return -1;
    }
    drop(old);
    return 0;
}

int
vm_load_from_dict_or_cell(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    unsigned index = operand_uc(pc);
    Own v;
    int found = mapping_lookup(regs[operand_ub(pc)], tuple_item(CODE->local_names, index), &v);
    if (found == 0) {
        CellObject *cell = cell_in(regs[index]);
        v = ref_load(&cell->head, &cell->contents);
        if (!v) {
            raise_unbound_local(CODE, index);
        }
    }
    Own b = source_end(pc, regs, operand_ub(pc), INST_KILL_B);
    if (v) {
        dst_write(pc, regs, reg_from(v));
    }
    reg_drop_opt(b);
    return v ? 0 : -1;
}

/* -- namespaces */

int
mapping_lookup(Value m, Value key, Own *value)
{
    if (IS_EXACT(m, DICT)) {
        return dict_lookup(m, key, value);
    }
    *value = object_getitem(m, key);
    if (*value) {
        return 1;
    }
    return exc_swallow(&exc_KeyError) ? 0 : -1;
}

int
global_lookup(const Frame *f, Value name, Own *value)
{
    int found = mapping_lookup(f->globals, name, value);
    return found ? found : mapping_lookup(f->builtins, name, value);
}

/* Writes what a lookup found to operand a. */
static int
finish_name(const Inst *pc, Own *regs, int found, Own v, Value name)
{
    if (UNLIKELY(found <= 0)) {
        if (found == 0) {
            raise_undefined(name);
        }
        return -1;
    }
    dst_write(pc, regs, reg_from(v));
    return 0;
}

int
vm_load_global(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    const Frame *f = FRAME;
    Value name = name_operand(regs, operand_ubc(pc));
    Own v;
    int found = global_lookup(f, name, &v);
    if (found > 0) {
        specialize_load_global(pc, f, name);
    }
    return finish_name(pc, regs, found, v, name);
}

int
vm_store_global(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Value name = name_operand(regs, operand_ubc(pc)), v = regs[operand_ua(pc)], globals = FRAME->globals;
    int status = IS_EXACT(globals, DICT) ? dict_set(globals, name, v) : object_setitem(globals, name, v);
    reg_drop_opt(source_end(pc, regs, operand_ua(pc), INST_KILL_A));
    return status;
}

/* del m[name], a missing one being a NameError. */
static int
namespace_delete(Value m, Value name)
{
    if (object_delitem(m, name) == 0) {
        return 0;
    }
    if (exc_swallow(&exc_KeyError)) {
        raise_undefined(name);
    }
    return -1;
}

int
vm_delete_global(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    return namespace_delete(FRAME->globals, name_operand(regs, operand_ubc(pc)));
}

int
vm_load_name(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    const Frame *f = FRAME;
    Value name = name_operand(regs, operand_ubc(pc));
    Own v;
    if (!f->locals) {
        raise_fmt(&exc_SystemError, "no locals found");
        return -1;
    }
    int found = mapping_lookup(f->locals, name, &v);
    if (found == 0) {
        found = global_lookup(f, name, &v);
    }
    return finish_name(pc, regs, found, v, name);
}

int
vm_store_name(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Value name = name_operand(regs, operand_ubc(pc)), v = regs[operand_ua(pc)], locals = FRAME->locals;
    int status;
    if (!locals) {
        status = raise_int(&exc_SystemError, "no locals found when storing %R", name);
    } else if (IS_EXACT(locals, DICT)) {
        status = dict_set(locals, name, v);
    } else {
        status = object_setitem(locals, name, v);
    }
    reg_drop_opt(source_end(pc, regs, operand_ua(pc), INST_KILL_A));
    return status;
}

int
vm_delete_name(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Value name = name_operand(regs, operand_ubc(pc)), locals = FRAME->locals;
    if (!locals) {
        return raise_int(&exc_SystemError, "no locals when deleting %R", name);
    }
    return namespace_delete(locals, name);
}

int
vm_load_locals(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Value locals = FRAME->locals;
    if (!locals) {
        return raise_int(&exc_SystemError, "no locals");
    }
    dst_write(pc, regs, reg_from(own(locals)));
    return 0;
}

int
vm_load_from_dict_or_globals(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Value name = name_operand(regs, operand_uc(pc));
    Own v;
    int found = mapping_lookup(regs[operand_ub(pc)], name, &v);
    if (found == 0) {
        found = global_lookup(FRAME, name, &v);
    }
    Own b = source_end(pc, regs, operand_ub(pc), INST_KILL_B);
    int status = finish_name(pc, regs, found, v, name);
    reg_drop_opt(b);
    return status;
}

int
vm_setup_annotations(const Inst *pc UNUSED, Own *regs, Thread *t UNUSED)
{
    Value locals = FRAME->locals, name = NAME(__annotations__);
    if (!locals) {
        return raise_int(&exc_SystemError, "no locals found when setting up annotations");
    }
    Own old;
    int found = mapping_lookup(locals, name, &old);
    if (found != 0) {
        drop_opt(old);
        return found < 0 ? -1 : 0;
    }
    Own annotations = dict_new();
    if (!annotations) {
        return -1;
    }
    int status = object_setitem(locals, name, annotations);
    drop(annotations);
    return status;
}

/* builtins[name]: new, or 0 + NameError with this message */
static Own
builtin_lookup(const Frame *f, Value name, const char *missing)
{
    Own v;
    int found = mapping_lookup(f->builtins, name, &v);
    if (found == 0) {
        raise_msg(&exc_NameError, missing);
    }
    return v;
}

int
vm_load_build_class(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Own v = builtin_lookup(FRAME, NAME(__build_class__), "__build_class__ not found");
    if (v) {
        dst_write(pc, regs, reg_from(v));
    }
    return v ? 0 : -1;
}

int
vm_load_common(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Own v;
    switch (operand_ub(pc)) {
    case 0:
        v = own(VALUE(&exc_AssertionError));
        break;
    case 1:
        v = own(VALUE(&exc_NotImplementedError));
        break;
    case 2:
        v = own(VALUE(&tuple_type));
        break;
    case 3:
        v = builtin_lookup(FRAME, NAME(all), "name 'all' is not defined");
        break;
    case 4:
        v = builtin_lookup(FRAME, NAME(any), "name 'any' is not defined");
        break;
    case 5:
        v = own(VALUE(&list_type));
        break;
    case 6:
        v = own(VALUE(&set_type));
        break;
    case 7:
        v = own(ELLIPSIS);
        break;
    case 8:
        return vm_load_build_class(pc, regs, t);
    default:
        v = own(VALUE(&frozenset_type));
        break;
    }
    if (v) {
        dst_write(pc, regs, reg_from(v));
    }
    return v ? 0 : -1;
}
