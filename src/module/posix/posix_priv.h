/* Prototypes of the functions that posix.pyi declares and other files than module.c define are in the generated header; here is the rest. */
#ifndef WEFT_MODULE_POSIX_PRIV_H
#define WEFT_MODULE_POSIX_PRIV_H

#include <sys/stat.h>

#include "object/object.h"

/* os.stat_result of st. own: ret new */
NODISCARD Own posix_stat_result(const struct stat *st);
NODISCARD Own posix_scan(Value path);
/* Around fork(): the functions of register_at_fork(), and the world stopped in between. */
void posix_fork_before(void);
void posix_fork_after_parent(void);
void posix_fork_after_child(void);
Own raise_errno_two_paths(int error, Value first, Value second) COLD;

#endif
