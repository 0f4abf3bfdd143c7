/* What the files of the module sys share. */
#ifndef WEFT_MODULE_SYS_PRIV_H
#define WEFT_MODULE_SYS_PRIV_H

#include "module/sys/config.h"
#include "module/sys/sys.h"
#include "object/module.h"

extern const ModuleDef *const builtin_module_defs[];

int sys_add_info(Value m);  /* versions, limits, flags */
int sys_add_paths(Value m); /* argv, path, executable, prefixes, options */
NODISCARD Own sys_library_names(void);
int sys_add_jit(Value m);        /* sys._jit */
int sys_add_monitoring(Value m); /* sys.monitoring */
Own sys_audit(Value self, Value const *args, size_t nargs, Value kwnames);
int sys_add_hooks(Value m); /* the originals under their dunder names, UnraisableHookArgs */
/* An exception as it is printed without the library: a str, or NO_VALUE without memory. Nothing is pending afterwards. */
Own sys_plain_traceback(Value exc);
NODISCARD Own sys_stdlib_names(void);
NODISCARD Own sys_simple_namespace_type(void);
NODISCARD Own sys_decode(const char *bytes); /* text of the operating system (PEP 383) */

NODISCARD int sys_add_jit(Value m); /* sys._jit */

#endif
