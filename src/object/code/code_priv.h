/* What the files of object/code share. */
#ifndef WEFT_OBJECT_CODE_PRIV_H
#define WEFT_OBJECT_CODE_PRIV_H

#include "object/code.h"

/* From the bytes of code_line_table and code_exception_table; *out is mem_alloc'ed. fail: -1 +
 * ValueError, MemoryError */
NODISCARD int positions_decode(Value bytes, int32_t firstlineno, uint32_t ninst, Position **out,
                               uint32_t *count);
NODISCARD int handlers_decode(Value bytes, uint32_t ninst, HandlerRange **out, uint32_t *count);

/* Words as the compiler wrote them: a copy, mem_alloc'ed. */
NODISCARD Inst *code_plain_instructions(const Code *code);

/* code.replace(**changes): changes is a dict that only the caller has. */
NODISCARD Own code_replace(Code *self, Value changes);

/* Iterators. */
extern Type line_iterator_type, positions_iterator_type, branches_iterator_type;
NODISCARD Own line_iterator_new(Value code);
NODISCARD Own positions_iterator_new(Value code);
NODISCARD Own branches_iterator_new(Value code);

/* The run of words with one line that starts at *at: its end and line (0 = none); false at the end
 * of the code. */
bool code_line_run(const Code *code, uint32_t *at, uint32_t *end, int32_t *line);

#endif
