/* posix: terminals and pseudo-terminals. */
#include <errno.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <utmp.h>

#include "heap/world.h"
#include "object/audit.h"
#include "object/int.h"
#include "object/str.h"
#include "object/tuple.h"
#include "path.h"
#include "posix_priv.h"

Own
posix_ctermid(Value module UNUSED)
{
    char name[L_ctermid + 1];
    ctermid(name);
    return path_text(name, strlen(name), false);
}

int64_t
posix_posix_openpt(Value module UNUSED, int oflag)
{
    int fd = posix_openpt(oflag);
    if (posix_status(fd) < 0) {
        return -1;
    }
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    return fd;
}

int
posix_grantpt(Value module UNUSED, int fd)
{
    return posix_status(grantpt(fd));
}

int
posix_unlockpt(Value module UNUSED, int fd)
{
    return posix_status(unlockpt(fd));
}

Own
posix_ptsname(Value module UNUSED, int fd)
{
    char name[256];
    int error = ptsname_r(fd, name, sizeof name);
    return error ? raise_errno(error) : path_text(name, strlen(name), false);
}

static Own
pair_of(int a, int b)
{
    Own pair[] = {small_int(a), small_int(b)};
    return tuple_from_own(pair, 2);
}

Own
posix_openpty(Value module UNUSED)
{
    int outer, inner;
    if (posix_status(openpty(&outer, &inner, NULL, NULL, NULL)) < 0) {
        return NO_VALUE;
    }
    fcntl(outer, F_SETFD, FD_CLOEXEC);
    fcntl(inner, F_SETFD, FD_CLOEXEC);
    return pair_of(outer, inner);
}

int
posix_login_tty(Value module UNUSED, int fd)
{
    return posix_status(login_tty(fd));
}

Own
posix_forkpty(Value module UNUSED)
{
    if (audit_wanted() && audit_event("os.forkpty", "") < 0) {
        return NO_VALUE;
    }
    int outer = -1;
    if (posix_check_fork() < 0) {
        return NO_VALUE;
    }
    posix_fork_before();
    int pid = forkpty(&outer, NULL, NULL, NULL);
    int error = errno;
    if (pid == 0) {
        posix_fork_after_child();
    } else {
        posix_fork_after_parent();
        if (pid > 0) {
            fcntl(outer, F_SETFD, FD_CLOEXEC);
            posix_warn_fork("forkpty");
        }
    }
    return pid < 0 ? raise_errno(error) : pair_of(pid, outer);
}

int64_t
posix_tcgetpgrp(Value module UNUSED, int fd)
{
    int pgid = tcgetpgrp(fd);
    return posix_status(pgid) < 0 ? -1 : pgid;
}

int
posix_tcsetpgrp(Value module UNUSED, int fd, int pgid)
{
    return posix_status(tcsetpgrp(fd, pgid));
}

int
posix__is_inputhook_installed(Value module UNUSED)
{
    return 0; /* the hooks that extensions may set do not exist yet */
}

Own
posix__inputhook(Value module UNUSED)
{
    return raise_msg(&exc_RuntimeError, "input hook is not set");
}
