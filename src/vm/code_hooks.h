/* The hooks of the code type. */
#ifndef WEFT_VM_CODE_HOOKS_H
#define WEFT_VM_CODE_HOOKS_H

void code_hooks_set(void);

#endif
