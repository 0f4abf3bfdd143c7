/* The module sys as C code of other folders uses it. */
#ifndef WEFT_MODULE_SYS_H
#define WEFT_MODULE_SYS_H

#include "object/object.h"

/* The module, once it exists; immutable after start-up. */
extern Own sys_module;

/* sys.NAME: new, or NO_VALUE with nothing pending. (no runpy) */
NODISCARD Own sys_get(const char *name);
NODISCARD int sys_set(const char *name, Value v);

/* Prints the pending exception as the interpreter's top level does: SystemExit is the caller's to see to; sys.excepthook shows the others. Nothing is
 * left pending. */
void sys_print_exception(void);
/* Writes text to sys.stderr, or to file descriptor 2 when there is none. */
void sys_write_stderr(const char *format, ...);
/* Installs the hooks of lower layers that lead here. */
void sys_init_hooks(void);
extern _Atomic bool sys_finalizing;

#endif
