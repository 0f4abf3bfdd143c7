/* Scripts that a process runs for another one: sys.remote_exec (PEP 768). */
#ifndef WEFT_MODULE_REMOTE_SCRIPT_H
#define WEFT_MODULE_REMOTE_SCRIPT_H

#include "base/attr.h"

/* From now on the process runs the scripts that others leave, or refuses them. */
void remote_scripts_start(bool take);
/* Leaves a script for the main thread of a process to run; where that is this thread, it runs now.
 * may: runpy · fail: -1 + RuntimeError, PermissionError, ValueError */
NODISCARD int remote_script_leave(int pid, const char *path);

#endif
