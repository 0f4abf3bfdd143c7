/* Path arguments of the module posix: str, bytes, objects with __fspath__, and where allowed file descriptors. */
#ifndef WEFT_MODULE_POSIX_PATH_H
#define WEFT_MODULE_POSIX_PATH_H

#include <fcntl.h>

#include "object/module.h"

typedef struct Path {
    const char *text; /* NUL-terminated; null when fd is meant */
    int fd;           /* -1 unless an int was given */
    bool is_bytes;    /* results are bytes too */
    Own holder;       /* keeps text alive */
    Own given;        /* str, bytes or what stands for a descriptor: for error messages; NO_VALUE = none */
} Path;

enum { PATH_FD = 1, PATH_NONE = 2 /* None means "." */ };

/* fail: -1 + TypeError or ValueError (embedded null). path_release after success. */
NODISCARD int path_get(Path *path, const char *function, const char *argument, Value v, int allow);
/* The same for a plain argument: messages that name neither function nor argument. */
NODISCARD int path_convert(Path *path, Value v);
void path_release(Path *path);
/* OSError of errno with the path as filename. Returns 0. */
Own raise_path(const Path *path);
int raise_path_int(const Path *path);
/* Text of the operating system as str (PEP 383), or bytes. own: ret new */
NODISCARD Own path_text(const char *text, size_t n, bool as_bytes);
/* A dir_fd argument: NO_VALUE or None is AT_FDCWD. fail: -1 */
NODISCARD int dir_fd_get(Value v, int *fd);
/* fspath(v): str or bytes. own: ret new */
NODISCARD Own path_fspath(Value v);

/* Runs a system call detached, again after a signal whose handler did not raise. `failed` is an int that becomes 1 when it did. */
#define SYSCALL(result, call)                                                                      \
    do {                                                                                           \
        detach();                                                                                  \
        (result) = (call);                                                                         \
        attach();                                                                                  \
    } while ((result) == -1 && errno == EINTR && posix_retry())
/* After EINTR: true to try again; false, with errno 0 and the exception pending, when a signal handler raised. */
bool posix_retry(void);
/* -1 or 0 after a system call that returns -1: raises unless a handler already has. */
int posix_status(int64_t result);

int posix_add_constants(Value m);
int posix_add_terminal_size(Value m);
int posix_add_stat(Value m);
int posix_add_process(Value m);
int posix_add_scandir(Value m);
int posix_add_spawn(Value m);
int posix_add_configuration(Value m);
int posix_add_environ(Value m);

#endif
