/* Prototypes of the functions that posix.pyi declares and other files than module.c define are in the generated header; here is the rest. */
#ifndef WEFT_MODULE_POSIX_PRIV_H
#define WEFT_MODULE_POSIX_PRIV_H

#include <dirent.h>
#include <sys/stat.h>

#include "object/object.h"
#include "path.h"

/* os.stat_result of st. own: ret new */
NODISCARD Own posix_stat_result(const struct stat *st);
/* The directory of a descriptor, which is closed where that is none. fail: null + errno */
NODISCARD DIR *directory_of(int fd);
/* Around fork(): the functions of register_at_fork(), and the world stopped in between. */
NODISCARD int posix_check_fork(void); /* -1 + PythonFinalizationError at the end of the program */
void posix_fork_before(void);
void posix_fork_after_parent(void);
void posix_fork_after_child(void);
/* DeprecationWarning where other threads ran at the fork; function: "fork". In the parent. */
void posix_warn_fork(const char *function);

/* A null-terminated array of the bytes of paths or other texts, and what keeps them alive. */
typedef struct PathStrings {
    char **items;
    Path *holders;
    int64_t count;
} PathStrings;
NODISCARD int path_strings_of(PathStrings *s, Value sequence);
NODISCARD int path_strings_of_environment(PathStrings *s, Value mapping); /* NAME=VALUE */
void path_strings_free(PathStrings *s);

/* The environment of the system: changed by one thread at a time (value null: removed), read in a copy, which mem_free gives back. errno is kept.
 * fail: 0 + MemoryError */
int environment_change(const char *name, const char *value);
NODISCARD char **environment_copy(void);

struct rusage;
NODISCARD Own resource_usage(const struct rusage *r); /* resource.struct_rusage. own: ret new */
struct sched_param;
/* fail: -1 + TypeError "must have a sched_param object" */
NODISCARD int posix_sched_param(Value v, struct sched_param *param);
Own raise_errno_two_paths(int error, Value first, Value second) COLD;

#endif
