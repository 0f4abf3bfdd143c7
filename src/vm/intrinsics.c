/* INTRINSIC_1 and INTRINSIC_2: rare services of compiled code. */
#include "object/exception.h"
#include "object/hooks.h"
#include "object/typeparam.h"
#include "vm/asyncgen.h"
#include "vm/import.h"
#include "vm/ops.h"

/* The value of an interactive expression, through sys.displayhook. */
static Own
display(Value v)
{
    Own hook = object_hooks.sys_get("displayhook");
    if (!hook) {
        return raise_msg(&exc_RuntimeError, "lost sys.displayhook");
    }
    Own result = call1(hook, v);
    drop(hook);
    return result;
}

/* A StopIteration that would leave a generator becomes a RuntimeError. */
static Own
stop_iteration_error(Value exc, const Code *code)
{
    const char *what = NULL;
    if (is_instance_of(exc, &exc_StopIteration)) {
        what = code->flags & CO_ASYNC_GENERATOR ? "async generator raised StopIteration"
               : code->flags & CO_COROUTINE ? "coroutine raised StopIteration" : "generator raised StopIteration";
    } else if ((code->flags & CO_ASYNC_GENERATOR) && is_instance_of(exc, &exc_StopAsyncIteration)) {
        what = "async generator raised StopAsyncIteration";
    }
    if (!what) {
        return own(exc);
    }
    exc_restore(own(exc));
    raise_from_pending(&exc_RuntimeError, "%s", what);
    return exc_take();
}

int
vm_intrinsic_1(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Value v = regs[operand_ub(pc)];
    Frame *f = FRAME;
    Own result = NO_VALUE;
    switch (operand_uc(pc)) {
    case 1:
        result = display(v);
        break;
    case 2:
        result = import_star(v, f->locals) < 0 ? NO_VALUE : NONE;
        break;
    case 3:
        result = stop_iteration_error(v, f->code);
        break;
    case 4:
        result = asyncgen_wrap(v);
        break;
    case 5:
        result = typeparam_new(TYPEPARAM_VAR, v, NO_VALUE, false);
        break;
    case 6:
        result = typeparam_new(TYPEPARAM_SPEC, v, NO_VALUE, false);
        break;
    case 7:
        result = typeparam_new(TYPEPARAM_TUPLE, v, NO_VALUE, false);
        break;
    case 8:
        result = generic_subscript(v);
        break;
    default:
        result = typealias_new(tuple_item(v, 0), tuple_item(v, 1), tuple_item(v, 2));
        break;
    }
    Own b = source_end(pc, regs, operand_ub(pc), INST_KILL_B);
    if (result) {
        dst_write(pc, regs, reg_from(result));
    }
    reg_drop_opt(b);
    return result ? 0 : -1;
}

int
vm_intrinsic_2(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Own *w = regs + operand_ub(pc);
    Own result = NO_VALUE;
    switch (operand_uc(pc)) {
    case 1:
        result = exc_prepare_reraise_star(w[0], w[1]);
        break;
    case 2:
        result = typeparam_new(TYPEPARAM_VAR, w[0], w[1], false);
        break;
    case 3:
        result = typeparam_new(TYPEPARAM_VAR, w[0], w[1], true);
        break;
    case 4: {
        Function *f = (Function *)obj(w[0]);
        ref_store(&f->head, &f->type_params, own(w[1]));
        result = own(w[0]);
        break;
    }
    default:
        typeparam_set_default(w[0], w[1]);
        result = own(w[0]);
        break;
    }
    return finish_window(pc, regs, 2, result);
}

int
vm_build_interpolation(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Own *w = regs + operand_ub(pc);
    unsigned c = operand_uc(pc), n = c & 1 ? 3 : 2;
    static const char conversions[] = {0, 's', 'r', 'a'};
    Own result = NO_VALUE, conversion = c >> 2 ? str_from_char((uint32_t)conversions[c >> 2 & 3]) : NONE;
    Own module = conversion ? object_hooks.import_module("_interpolation") : NO_VALUE;
    Own class = module ? object_getattr_cstr(module, "Interpolation") : NO_VALUE;
    if (class) {
        Value args[] = {w[0], w[1], conversion, n == 3 ? (Value)w[2] : (Value)str_empty};
        result = object_call(class, args, 4, NO_VALUE);
    }
    drop_opt(class);
    drop_opt(module);
    drop_opt(conversion);
    return finish_window(pc, regs, n, result);
}

int
vm_build_template(const Inst *pc, Own *regs, Thread *t UNUSED)
{
    Own *w = regs + operand_ub(pc);
    Own module = object_hooks.import_module("_interpolation"), result = NO_VALUE;
    Own make = module ? object_getattr_cstr(module, "_make_template") : NO_VALUE;
    if (make) {
        result = object_call(make, (Value const *)w, 2, NO_VALUE);
    }
    drop_opt(make);
    drop_opt(module);
    return finish_window(pc, regs, 2, result);
}
