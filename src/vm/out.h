/* Out-of-line instructions: what the bodies in compile/instructions.def call.
 *
 * Each does its whole instruction: reads the operands at pc, gives up killed sources, also on failure, writes the destination.
 * They return 0; -1 with an exception pending; conditional jumps and iteration 1 for "jump"; what may enter a frame 1 (vm_for_iter and vm_send:
 * 2) for "go on in t->frame". The caller has saved pc in the frame. All may run Python code. */
#ifndef WEFT_VM_OUT_H
#define WEFT_VM_OUT_H

#include "vm/frame.h"

/* ops_number.c: operators */
#define OPS_NUMBER(X) \
    X(add) X(sub) X(mul) X(matmul) X(truediv) X(floordiv) X(mod) X(pow) X(lshift) X(rshift) X(and) \
    X(or) X(xor) X(add_imm) X(sub_imm) X(inplace) X(inplace_add) X(inplace_sub) X(inplace_mul) \
    X(inplace_add_imm) X(inplace_sub_imm) X(neg) X(pos) X(invert)
/* ops_compare.c: comparisons, truth, conditional jumps */
#define OPS_COMPARE(X) \
    X(lt) X(le) X(eq) X(ne) X(gt) X(ge) X(in) X(not_in) X(not) X(to_bool) X(jump_if) X(jump_if_keep) \
    X(jump_if_none) X(jump_if_lt) X(jump_if_le) X(jump_if_eq) X(jump_if_ne) X(jump_if_gt) \
    X(jump_if_ge) X(jump_if_lt_imm) X(jump_if_le_imm) X(jump_if_eq_imm) X(jump_if_ne_imm) \
    X(jump_if_gt_imm) X(jump_if_ge_imm) X(jump_if_is) X(jump_if_in)
/* ops_name.c: locals, cells, names */
#define OPS_NAME(X) \
    X(raise_unbound) X(make_cell) X(copy_free_vars) X(load_cell) X(store_cell) X(delete_cell) \
    X(load_from_dict_or_cell) X(load_global) X(store_global) X(delete_global) X(load_name) \
    X(store_name) X(delete_name) X(load_locals) X(load_from_dict_or_globals) X(setup_annotations) \
    X(load_common) X(load_build_class)
/* ops_attr.c: attributes */
#define OPS_ATTR(X) \
    X(load_attr) X(store_attr) X(delete_attr) X(load_method) X(load_super_attr) X(load_super_method) \
    X(load_special) X(load_property) X(store_attr_slot) X(store_attr_member)
/* ops_item.c: subscripts, unpacking, building */
#define OPS_ITEM(X) \
    X(load_item) X(store_item) X(delete_item) X(build_slice) X(unpack) X(unpack_star) X(build_tuple) \
    X(build_list) X(build_set) X(build_map) X(build_string) X(list_append) X(set_add) X(map_add) \
    X(list_extend) X(set_update) X(dict_update) X(dict_merge) X(list_to_tuple) X(format) \
    X(format_spec) X(convert) X(build_interpolation) X(build_template)
/* ops_call.c: calls and functions */
#define OPS_CALL(X) \
    X(call) X(call_kw) X(call_ex) X(call_builtin) X(call_method) X(call_class) X(make_function) X(set_function) X(intrinsic_1) X(intrinsic_2)
/* ops_except.c: exceptions, with, safepoints */
#define OPS_EXCEPT(X) \
    X(safepoint) X(verify) X(enter_handler) X(leave_handler) X(match_exception) X(match_group) \
    X(end_async_for) X(cleanup_throw) X(with_except)
/* ops_iter.c: iteration, delegation */
#define OPS_ITER(X) \
    X(get_iter) X(for_iter) X(get_yield_from_iter) X(get_awaitable) X(get_aiter) X(get_anext) \
    X(send)
/* ops_import.c: imports */
#define OPS_IMPORT(X) \
    X(import_name) X(import_from)
/* ops_match.c: match statements */
#define OPS_MATCH(X) \
    X(get_len) X(match_sequence) X(match_mapping) X(match_keys) X(match_class)

#define X(name) NODISCARD int vm_##name(const Inst *pc, Own *regs, Thread *t);
OPS_NUMBER(X)
OPS_COMPARE(X)
OPS_NAME(X)
OPS_ATTR(X)
OPS_ITEM(X)
OPS_CALL(X)
OPS_EXCEPT(X)
OPS_ITER(X)
OPS_IMPORT(X)
OPS_MATCH(X)
#undef X

void vm_raise(const Inst *pc, Own *regs, Thread *t) COLD;   /* RAISE: always leaves an exception pending */
void vm_reraise(const Inst *pc, Own *regs, Thread *t) COLD; /* RERAISE */

/* unwind.c: finds the handler of the pending exception. True: go on in t->frame, at its pc. False: the exception left the entry frame of this
 * vm_run, which has been popped. */
NODISCARD bool vm_unwind(Thread *t);

/* call.c: gives up the killed sources of the instruction at pc and writes v, a register's value (eaten), to operand a. */
void vm_finish(const Inst *pc, Own *regs, Own v);
/* Pops the running frame with its result *v, a register's value. 1: it was an entry frame, vm_run returns *v, now an Own. 0: go on in t->frame,
 * at its pc. -1: the call failed after all, in t->frame. */
NODISCARD int vm_return(Thread *t, Own *v);

/* generator.c: RETURN_GENERATOR moves the running frame into a new generator, which it returns as a register's value. fail: 0 + exception */
NODISCARD Own vm_return_generator(Thread *t);
/* Suspends the running generator with *v; as vm_return. */
NODISCARD int vm_yield(Thread *t, Own *v);

#endif
