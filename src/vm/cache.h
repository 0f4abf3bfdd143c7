/* Inline caches: the word after an instruction, and the specialised forms that read it.
 *
 * A cache word is written whole and read whole. Any thread may rewrite an opcode or a word at any time, so a specialised body can meet the
 * word of another form: each form's words carry a mark that no other form's test lets pass.
 *
 *   attributes   bits 0-20 the shape id of the receiver, 21-31 the form's CACHE_* mark; bits 32-63 an index: of a slot, of an entry of
 *                type_entries, of a dict entry
 *   globals      bits 0-31 the version of the module dict's keys; for builtins, all ones are added above (see below)
 *
 * Specialising is guessing: a wrong guess costs a little time, never the result. An instruction whose guesses keep failing goes back to its
 * general form for good: its word counts misses (CACHE_MISSES...) before that. */
#ifndef WEFT_VM_CACHE_H
#define WEFT_VM_CACHE_H

#include "vm/body.h"

void specialize_load_global(const Inst *pc, const Frame *f, Value name);
void specialize_load_attr(const Inst *pc, Value v, Value name);
void specialize_store_attr(const Inst *pc, Value v, Value name);
void specialize_load_method(const Inst *pc, Value v, Value name);

static inline void
cache_store(const Inst *pc, unsigned n, uint64_t word)
{
    __atomic_store_n((Inst *)(uintptr_t)(pc + 1 + n), word, __ATOMIC_RELAXED);
}

/* Writes another opcode over the instruction at pc; operands and flags stay. */
static inline void
inst_rewrite(const Inst *pc, unsigned opcode)
{
    Inst old = __atomic_load_n(pc, __ATOMIC_RELAXED);
    __atomic_store_n((Inst *)(uintptr_t)pc, (old & ~(Inst)INST_OPCODE_MASK) | opcode, __ATOMIC_RELAXED);
}

#endif
