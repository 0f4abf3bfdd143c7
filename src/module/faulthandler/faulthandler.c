/* The module faulthandler: when stacks are written (dump.c has how).
 *
 * Threads: what signal handlers read (fatal, users) is written before the handler is installed and
 * after it was removed; enable(), register() and the rest are meant for one thread at a time, and
 * one mutex makes it so. */
#include "module/faulthandler/faulthandler.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "heap/world.h"
#include "module/faulthandler/dump.h"
#include "object/dict.h"
#include "object/hooks.h"
#include "object/int.h"
#include "object/module.h"
#include "sync/mutex.h"

#include "faulthandler.spec.h"

static Mutex setup_lock;

/* -- files -- */

/* sys.stderr where file is None. own: ret new · fail: 0 + RuntimeError */
static Own
file_or_stderr(Value file)
{
    if (file != NONE) {
        return own(file);
    }
    Own stderr_file = object_hooks.sys_get("stderr");
    if (!stderr_file) {
        return raise_msg(&exc_RuntimeError, "unable to get sys.stderr");
    }
    if (stderr_file == NONE) {
        drop(stderr_file);
        return raise_msg(&exc_RuntimeError, "sys.stderr is None");
    }
    return stderr_file;
}

static int
fd_of_int(Value v)
{
    if (v == TRUE_VALUE || v == FALSE_VALUE) {
        if (warn_fmt(&exc_RuntimeWarning, 1, "bool is used as a file descriptor") < 0) {
            return -1;
        }
    }
    int fd = object_as_int(v);
    if (fd == -1 && exc_pending()) {
        return -1;
    }
    return fd < 0 ? raise_int(&exc_ValueError, "file is not a valid file descripter") : fd;
}

static int
fd_of_file(Value file)
{
    Own number = call_method0(file, "fileno");
    if (!number) {
        return -1;
    }
    int64_t fd = -1;
    bool ok = is_int(number) && int_as_i64(number, &fd) && fd >= 0 && fd <= INT32_MAX;
    drop(number);
    if (!ok) {
        return raise_int(&exc_RuntimeError, "file.fileno() is not a valid file descriptor");
    }
    Own flushed = call_method0(file, "flush");
    if (!flushed) {
        exc_clear(); /* it is not for us to report */
    }
    drop_opt(flushed);
    return (int)fd;
}

/* The descriptor of a file argument, and what keeps it open (new). fail: -1 */
static int
open_file(Value file, Own *keep)
{
    *keep = file_or_stderr(file);
    if (!*keep) {
        return -1;
    }
    int fd = is_int(*keep) ? fd_of_int(*keep) : fd_of_file(*keep);
    if (fd < 0) {
        ref_clear(keep);
    }
    return fd;
}

/* -- crashes -- */

static struct {
    bool enabled;
    int fd;
    bool all_threads, c_stack;
    Own file;                  /* keeps fd open */
    Own sys_modules, sys_dict; /* for the list of extension modules */
    stack_t stack, old_stack;  /* the handler's own, for a stack overflow */
} fatal;

typedef struct FatalSignal {
    int number;
    const char *text;
    bool installed;
    struct sigaction previous;
} FatalSignal;

/* SIGSEGV last: it may be raised by what the handlers of the others do */
static FatalSignal fatal_signals[] = {
    {.number = SIGBUS, .text = "Bus error"},
    {.number = SIGILL, .text = "Illegal instruction"},
    {.number = SIGFPE, .text = "Floating-point exception"},
    {.number = SIGABRT, .text = "Aborted"},
    {.number = SIGSEGV, .text = "Segmentation fault"},
};

static void
restore_signal(FatalSignal *s)
{
    if (s->installed) {
        s->installed = false;
        (void)sigaction(s->number, &s->previous, NULL);
    }
}

/* Other threads cannot be trusted to be somewhere sensible now, except under the GIL. */
static void
dump_crash(void)
{
    const Thread *t = thread_current;
    if (fatal.all_threads && atomic_load(&gil_enabled)) {
        dump_all_by_signal(fatal.fd, t);
    } else {
        if (fatal.all_threads) {
            dump_text(fatal.fd, "<Cannot show all threads while the GIL is disabled>\n");
        }
        dump_stack(fatal.fd, t);
    }
    dump_extension_modules(fatal.fd, fatal.sys_modules, fatal.sys_dict);
    if (fatal.c_stack) {
        dump_text(fatal.fd, "\n");
        dump_c_stack(fatal.fd);
    }
}

static void
crash_handler(int number)
{
    static _Atomic bool dumping;
    int saved = errno;
    for (size_t i = 0; i < ARRAY_LEN(fatal_signals); i++) {
        FatalSignal *s = &fatal_signals[i];
        if (s->number == number) {
            restore_signal(s); /* a second fault, in here, kills */
            if (!atomic_exchange(&dumping, true)) {
                dump_text(fatal.fd, "Fatal Python error: ");
                dump_text(fatal.fd, s->text);
                dump_text(fatal.fd, "\n\n");
                dump_crash();
            }
        }
    }
    errno = saved;
    raise(number);
}

static void
make_signal_stack(void)
{
    fatal.stack.ss_size = (size_t)SIGSTKSZ * 4;
    fatal.stack.ss_sp = malloc(fatal.stack.ss_size);
    if (fatal.stack.ss_sp && sigaltstack(&fatal.stack, &fatal.old_stack) < 0) {
        free(fatal.stack.ss_sp);
        fatal.stack.ss_sp = NULL;
    }
}

static int
install_handlers(void)
{
    if (!fatal.stack.ss_sp) {
        make_signal_stack();
    }
    for (size_t i = 0; i < ARRAY_LEN(fatal_signals); i++) {
        FatalSignal *s = &fatal_signals[i];
        struct sigaction action = {.sa_handler = crash_handler, .sa_flags = SA_NODEFER};
        sigemptyset(&action.sa_mask);
        if (fatal.stack.ss_sp) {
            action.sa_flags |= SA_ONSTACK;
        }
        if (sigaction(s->number, &action, &s->previous) < 0) {
            raise_errno(errno);
            return -1;
        }
        s->installed = true;
    }
    return 0;
}

static void
remember_modules(void)
{
    fatal.sys_modules = object_hooks.sys_get("modules");
    Own sys = object_hooks.import_module("sys");
    fatal.sys_dict = sys ? own(module_dict(sys)) : NO_VALUE;
    drop_opt(sys);
    exc_clear();
}

int
faulthandler_start(Value file, bool all_threads, bool c_stack)
{
    Own keep;
    int fd = open_file(file, &keep);
    if (fd < 0) {
        return -1;
    }
    if (!fatal.sys_modules) {
        remember_modules();
    }
    if (dump_prepare() < 0) {
        drop(keep);
        raise_errno(errno);
        return -1;
    }
    publish(keep);
    mutex_lock(&setup_lock);
    Own old = fatal.file;
    fatal.file = keep;
    fatal.fd = fd;
    fatal.all_threads = all_threads;
    fatal.c_stack = c_stack;
    int status = fatal.enabled ? 0 : install_handlers();
    fatal.enabled = status == 0;
    mutex_unlock(&setup_lock);
    drop_opt(old);
    return status;
}

int
faulthandler_enable(Value module UNUSED, Value file, bool all_threads, bool c_stack)
{
    return faulthandler_start(file, all_threads, c_stack);
}

static bool
stop(void)
{
    mutex_lock(&setup_lock);
    bool was_enabled = fatal.enabled;
    Own file = fatal.file;
    fatal.file = NO_VALUE;
    fatal.enabled = false;
    for (size_t i = 0; i < ARRAY_LEN(fatal_signals); i++) {
        restore_signal(&fatal_signals[i]);
    }
    mutex_unlock(&setup_lock);
    drop_opt(file);
    return was_enabled;
}

Own
faulthandler_disable(Value module UNUSED)
{
    return bool_value(stop());
}

Own
faulthandler_is_enabled(Value module UNUSED)
{
    return bool_value(fatal.enabled);
}

/* -- now -- */

int
faulthandler_dump_traceback(Value module UNUSED, Value file, bool all_threads)
{
    Own keep;
    int fd = open_file(file, &keep);
    if (fd < 0) {
        return -1;
    }
    if (all_threads) {
        dump_all_stopped(fd);
    } else {
        dump_stack(fd, thread_self());
    }
    drop(keep);
    return 0;
}

int
faulthandler_dump_c_stack(Value module UNUSED, Value file)
{
    Own keep;
    int fd = open_file(file, &keep);
    if (fd < 0) {
        return -1;
    }
    dump_c_stack(fd);
    drop(keep);
    return 0;
}

/* -- later -- */

typedef struct Watchdog {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool cancelled;     /* guard: lock */
    int64_t timeout_ns; /* this and the rest: immutable while its thread runs */
    bool repeat, exit;
    int fd;
    Own file;
    char header[64];
} Watchdog;

static Watchdog *watchdog; /* the one that is not called off; guard: setup_lock */

/* Waits until the time is over (true) or the watchdog is called off. */
static bool
watchdog_wait(Watchdog *w)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += w->timeout_ns / 1000000000;
    until.tv_nsec += w->timeout_ns % 1000000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    int status = 0;
    pthread_mutex_lock(&w->lock);
    while (!w->cancelled && status != ETIMEDOUT) {
        status = pthread_cond_timedwait(&w->changed, &w->lock, &until);
    }
    bool over = !w->cancelled;
    pthread_mutex_unlock(&w->lock);
    return over;
}

static void *
watchdog_main(void *arg)
{
    Watchdog *w = arg;
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, NULL); /* signals are for the program's threads */
    while (watchdog_wait(w)) {
        dump_text(w->fd, w->header);
        dump_all_by_signal(w->fd, NULL);
        if (w->exit) {
            _exit(1);
        }
        if (!w->repeat) {
            break;
        }
    }
    return NULL;
}

static void
watchdog_free(Watchdog *w)
{
    pthread_cond_destroy(&w->changed);
    pthread_mutex_destroy(&w->lock);
    drop(w->file);
    free(w);
}

/* Puts `next` (may be null) in the place of the one that waits, and ends that.
 * pre: this thread is attached; it detaches meanwhile. */
static void
watchdog_replace(Watchdog *next)
{
    mutex_lock(&setup_lock);
    Watchdog *w = watchdog;
    watchdog = next;
    mutex_unlock(&setup_lock);
    if (!w) {
        return;
    }
    pthread_mutex_lock(&w->lock);
    w->cancelled = true;
    pthread_cond_signal(&w->changed);
    pthread_mutex_unlock(&w->lock);
    detach();
    pthread_join(w->thread, NULL);
    attach();
    watchdog_free(w);
}

/* pre: its time, its file and what is to be done are set. Eats it. */
static int
watchdog_start(Watchdog *w)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&w->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&w->lock, NULL);
    if (pthread_create(&w->thread, NULL, watchdog_main, w) != 0) {
        watchdog_free(w);
        return raise_int(&exc_RuntimeError, "unable to start watchdog thread");
    }
    watchdog_replace(w);
    return 0;
}

static void
format_timeout(char *text, size_t size, int64_t ns)
{
    int64_t us = (ns + 999) / 1000, seconds = us / 1000000, minutes = seconds / 60;
    us %= 1000000;
    int n = snprintf(text, size, "Timeout (%ld:%02ld:%02ld", (long)(minutes / 60),
                     (long)(minutes % 60), (long)(seconds % 60));
    snprintf(text + n, size - (size_t)n, us ? ".%06ld)!\n" : ")!\n", (long)us);
}

int
faulthandler_dump_traceback_later(Value module UNUSED, Value timeout, bool repeat, Value file,
                                  bool exit)
{
    double seconds = object_as_double(timeout);
    if (seconds == -1.0 && exc_pending()) {
        return -1;
    }
    if (!(seconds > 0)) {
        return raise_int(&exc_ValueError, "timeout must be greater than 0");
    }
    if (seconds > 9e9) {
        return raise_int(&exc_OverflowError, "timeout value is too large");
    }
    Own keep;
    int fd = open_file(file, &keep);
    if (fd < 0) {
        return -1;
    }
    if (dump_prepare() < 0) {
        drop(keep);
        raise_errno(errno);
        return -1;
    }
    watchdog_replace(NULL);
    Watchdog *w = calloc(1, sizeof *w);
    if (!w) {
        drop(keep);
        raise_no_memory();
        return -1;
    }
    publish(keep);
    w->timeout_ns = (int64_t)ceil(seconds * 1e9);
    w->repeat = repeat;
    w->exit = exit;
    w->fd = fd;
    w->file = keep;
    format_timeout(w->header, sizeof w->header, w->timeout_ns);
    return watchdog_start(w);
}

int
faulthandler_cancel_dump_traceback_later(Value module UNUSED)
{
    watchdog_replace(NULL);
    return 0;
}

/* -- on a signal -- */

typedef struct UserSignal {
    bool installed;
    bool all_threads, chain;
    int fd;
    Own file;
    struct sigaction previous;
} UserSignal;

static UserSignal users[NSIG]; /* guard: see the top */

static void user_handler(int number);

static int
user_install(UserSignal *user, int number, struct sigaction *previous)
{
    /* with chain, the signal is raised again inside the handler, and must come through */
    struct sigaction action = {.sa_handler = user_handler,
                               .sa_flags = user->chain ? SA_NODEFER : SA_RESTART};
    sigemptyset(&action.sa_mask);
    if (fatal.stack.ss_sp) {
        action.sa_flags |= SA_ONSTACK;
    }
    return sigaction(number, &action, previous);
}

static void
user_handler(int number)
{
    UserSignal *user = &users[number];
    if (!user->installed) {
        return;
    }
    int saved = errno;
    const Thread *t = thread_current;
    if (user->all_threads) {
        dump_all_by_signal(user->fd, t);
    } else {
        dump_stack(user->fd, t);
    }
    if (user->chain) {
        (void)sigaction(number, &user->previous, NULL);
        errno = saved;
        raise(number);
        saved = errno;
        (void)user_install(user, number, NULL);
    }
    errno = saved;
}

static int
check_signal(int number)
{
    for (size_t i = 0; i < ARRAY_LEN(fatal_signals); i++) {
        if (fatal_signals[i].number == number) {
            return raise_int(&exc_RuntimeError,
                             "signal %d cannot be registered, use enable() instead", number);
        }
    }
    if (number < 1 || number >= NSIG) {
        return raise_int(&exc_ValueError, "signal number out of range");
    }
    return 0;
}

int
faulthandler_register(Value module UNUSED, int signum, Value file, bool all_threads, bool chain)
{
    Own keep;
    int fd = check_signal(signum) < 0 ? -1 : open_file(file, &keep);
    if (fd < 0) {
        return -1;
    }
    if (dump_prepare() < 0) {
        drop(keep);
        raise_errno(errno);
        return -1;
    }
    publish(keep);
    UserSignal *user = &users[signum];
    mutex_lock(&setup_lock);
    Own old = user->file;
    user->file = keep;
    user->fd = fd;
    user->all_threads = all_threads;
    user->chain = chain;
    int status = user->installed ? 0 : user_install(user, signum, &user->previous);
    user->installed = status == 0;
    mutex_unlock(&setup_lock);
    drop_opt(old);
    if (status < 0) {
        raise_errno(errno);
    }
    return status;
}

static bool
user_remove(int number)
{
    UserSignal *user = &users[number];
    mutex_lock(&setup_lock);
    bool was_installed = user->installed;
    Own file = user->file;
    user->installed = false;
    user->file = NO_VALUE;
    if (was_installed) {
        (void)sigaction(number, &user->previous, NULL);
    }
    mutex_unlock(&setup_lock);
    drop_opt(file);
    return was_installed;
}

Own
faulthandler_unregister(Value module UNUSED, int signum)
{
    return check_signal(signum) < 0 ? NO_VALUE : bool_value(user_remove(signum));
}

void
faulthandler_end(void)
{
    watchdog_replace(NULL);
    for (int number = 1; number < NSIG; number++) {
        (void)user_remove(number);
    }
    (void)stop();
}

/* -- crashing on purpose -- */

static void
no_core_dump(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_CORE, &limit) == 0) {
        limit.rlim_cur = 0;
        (void)setrlimit(RLIMIT_CORE, &limit);
    }
}

int
faulthandler__read_null(Value module UNUSED)
{
    no_core_dump();
    volatile int *nowhere = NULL;
    return *nowhere;
}

int
faulthandler__sigsegv(Value module UNUSED, bool release_gil)
{
    no_core_dump();
    if (release_gil) {
        detach();
    }
    raise(SIGSEGV);
    if (release_gil) {
        attach();
    }
    return 0;
}

int
faulthandler__sigabrt(Value module UNUSED)
{
    no_core_dump();
    abort();
}

int
faulthandler__sigfpe(Value module UNUSED)
{
    no_core_dump();
    raise(SIGFPE);
    return 0;
}

/* Each call uses a page; volatile, so that no call is made a loop of. */
static uintptr_t
use_stack(uintptr_t lowest, uintptr_t highest, int *depth)
{
    volatile unsigned char page[4096];
    uintptr_t here = (uintptr_t)page;
    page[0] = 1;
    if (here < lowest || here > highest) {
        return here;
    }
    ++*depth;
    return use_stack(lowest, highest, depth) + page[0];
}

int
faulthandler__stack_overflow(Value module UNUSED)
{
    enum { FAR = 100 * 1024 * 1024 };
    no_core_dump();
    int depth = 0;
    uintptr_t here = (uintptr_t)&depth;
    uintptr_t size = use_stack(here > FAR ? here - FAR : 0, here + FAR, &depth);
    return raise_int(&exc_RuntimeError,
                     "unable to raise a stack overflow (allocated %zu bytes on the stack, %d "
                     "recursive calls)",
                     size, depth);
}

static void *
fail_in_thread(void *arg UNUSED)
{
    static const char *const lines[] = {
        "Fatal Python error: faulthandler_fatal_error_thread: in new thread\n",
        "Python runtime state: initialized\n\n",
    };
    dump_text(2, lines[0]);
    dump_text(2, lines[1]);
    dump_all_by_signal(2, NULL);
    abort();
}

int
faulthandler__fatal_error_c_thread(Value module UNUSED)
{
    no_core_dump();
    pthread_t thread;
    if (dump_prepare() < 0 || pthread_create(&thread, NULL, fail_in_thread, NULL) != 0) {
        return raise_int(&exc_RuntimeError, "unable to start the thread");
    }
    detach();
    pthread_join(thread, NULL);
    attach();
    return 0;
}

const ModuleDef module_faulthandler = {
    .name = "faulthandler",
    .doc = faulthandler_module_doc,
    .functions = faulthandler_functions,
};
