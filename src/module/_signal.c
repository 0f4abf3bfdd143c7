/* The module _signal.
 *
 * The C handler notes the signal (atomic), asks the main thread for a safepoint, writes the wake-up byte, and interrupts the main thread's parking. The
 * Python handlers run on the main thread at its next safepoint. `handlers` is changed by the main thread only; others read it under handlers_lock. */
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/os.h"
#include "heap/hooks.h"
#include "heap/world.h"
#include "module/exception_class.h"
#include "module/os/system.h"
#include "module/posix/path.h"
#include "object/audit.h"
#include "object/float.h"
#include "object/hooks.h"
#include "object/int.h"
#include "object/set.h"
#include "object/str.h"
#include "object/structseq.h"
#include "object/tuple.h"
#include "object/type.h"
#include "sync/mutex.h"

#include "_signal.spec.h"

#define SIGNALS 65

static _Atomic bool arrived[SIGNALS];
static _Atomic bool any_arrived;
static _Atomic bool sent_on[SIGNALS]; /* another thread has noted it and sends it on to the main thread, which is not to note it again */
static Own handlers[SIGNALS]; /* a callable, SIG_DFL or SIG_IGN as small ints, None; guard: handlers_lock */
static Mutex handlers_lock;
static _Atomic int wakeup_fd = -1, wakeup_error;
static _Atomic bool wakeup_warns = true;
static _Atomic(Thread *) main_thread;
static pthread_t main_id;     /* immutable once handlers are installed */
static Own itimer_error;

static Own
handler_get(int signum)
{
    mutex_lock(&handlers_lock);
    Own h = handlers[signum] ? own(handlers[signum]) : NONE;
    mutex_unlock(&handlers_lock);
    return h;
}

/* Async-signal-safe. */
static void
note(int signum)
{
    atomic_store(&arrived[signum], true);
    atomic_store(&any_arrived, true);
    Thread *t = atomic_load(&main_thread);
    if (t) {
        breaker_set(t, BREAK_SIGNAL);
    }
    int fd = atomic_load(&wakeup_fd);
    if (fd >= 0) {
        uint8_t byte = (uint8_t)signum;
        ssize_t n;
        do {
            n = write(fd, &byte, 1);
        } while (n < 0 && errno == EINTR);
        if (n < 0 && (atomic_load(&wakeup_warns) || (errno != EAGAIN && errno != EWOULDBLOCK))) {
            atomic_store(&wakeup_error, errno); /* shown at the safepoint */
        }
    }
}

static void
on_signal(int signum)
{
    int saved = errno;
    bool on_main = pthread_equal(pthread_self(), main_id);
    if (!on_main || !atomic_exchange(&sent_on[signum], false)) {
        note(signum);
    }
    if (on_main) {
        park_interrupt();
    } else if (!atomic_exchange(&sent_on[signum], true)) {
        pthread_kill(main_id, signum); /* so that a blocking call of the main thread ends */
    }
    errno = saved;
}

/* As if the signal had arrived, where it has a handler in Python. */
static void
simulate(int signum)
{
    Own h = handler_get(signum);
    if (!is_int(h)) {
        note(signum);
    }
    drop(h);
}

static int
run_handlers(void)
{
    if (!atomic_exchange(&any_arrived, false)) {
        return 0;
    }
    int error = atomic_exchange(&wakeup_error, 0);
    if (error) {
        raise_errno(error);
        exc_write_unraisable("Exception ignored when trying to write to the signal wakeup fd", NO_VALUE);
    }
    for (int i = 1; i < SIGNALS; i++) {
        if (!atomic_exchange(&arrived[i], false)) {
            continue;
        }
        Own h = handler_get(i);
        if (is_int(h) || h == NONE) { /* it was changed since the signal arrived */
            raise_fmt(&exc_OSError, "Signal %d ignored due to race condition", i);
            exc_write_unraisable(NULL, NONE);
            drop(h);
            continue;
        }
        Own frame = object_hooks.caller_frame(0);
        if (!frame) {
            exc_clear();
        }
        Own done = call2(h, small_int(i), frame ? (Value)frame : (Value)NONE);
        drop_opt(frame);
        drop(h);
        if (!done) { /* the rest is seen next time */
            atomic_store(&any_arrived, true);
            breaker_set(thread_self(), BREAK_SIGNAL);
            return -1;
        }
        drop(done);
    }
    return 0;
}

static int
check_number(int signum)
{
    return signum < 1 || signum >= SIGNALS ? raise_int(&exc_ValueError, "signal number out of range") : 0;
}

Own
signal_signal(Value module UNUSED, int signum, Value handler)
{
    void (*fn)(int) = on_signal;
    if (!thread_self()->is_main) {
        return raise_msg(&exc_ValueError, "signal only works in main thread of the main interpreter");
    }
    if (check_number(signum) < 0) {
        return NO_VALUE;
    }
    int64_t number;
    if (is_int(handler) && int_as_i64(handler, &number) && (number == 0 || number == 1)) {
        fn = number ? SIG_IGN : SIG_DFL;
        handler = small_int(number);
    } else if (!object_is_callable(handler)) {
        return raise_msg(&exc_TypeError, "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object");
    }
    if (safepoint(thread_self()) < 0) {
        return NO_VALUE;
    }
    struct sigaction action = {.sa_handler = fn};
    sigemptyset(&action.sa_mask);
    if (sigaction(signum, &action, NULL) < 0) {
        return raise_errno(errno);
    }
    atomic_store(&sent_on[signum], false); /* it may have been ignored */
    publish(handler);
    mutex_lock(&handlers_lock);
    Own old = handlers[signum];
    handlers[signum] = own(handler);
    mutex_unlock(&handlers_lock);
    return old ? old : NONE;
}

Own
signal_getsignal(Value module UNUSED, int signum)
{
    return check_number(signum) < 0 ? NO_VALUE : handler_get(signum);
}

Own
signal_default_int_handler(Value module UNUSED, int signalnum UNUSED, Value frame UNUSED)
{
    Own exc = call0(VALUE(&exc_KeyboardInterrupt));
    if (exc) {
        raise_object(exc, NO_VALUE);
        drop(exc);
    }
    return NO_VALUE;
}

int
signal_raise_signal(Value module UNUSED, int signum)
{
    if (posix_status(raise(signum) == 0 ? 0 : -1) < 0) {
        return -1;
    }
    return safepoint(thread_self());
}

Own
signal_strsignal(Value module UNUSED, int signum)
{
    if (check_number(signum) < 0) {
        return NO_VALUE;
    }
    const char *text = sigdescr_np(signum);
    return text ? str_from_cstr(text) : NONE;
}

/* The signals of a C set. own: ret new set */
static Own
set_of(const sigset_t *signals)
{
    Own set = set_new();
    for (int i = 1; i < SIGNALS && set; i++) {
        if (sigismember(signals, i) == 1 && set_add(set, small_int(i)) < 0) {
            ref_clear(&set);
        }
    }
    return set;
}

static int
signals_of(Value iterable, sigset_t *signals)
{
    sigemptyset(signals);
    Own it = object_iter_all(iterable), item;
    while (it && (item = object_next(it))) {
        int n = object_as_int(item);
        drop(item);
        if (n == -1 && exc_pending() && !exc_swallow(&exc_OverflowError)) {
            break;
        }
        if (n < 1 || n >= SIGNALS) {
            raise_fmt(&exc_ValueError, "signal number %d out of range [1; %d]", n, SIGNALS - 1);
            break;
        }
        if (sigaddset(signals, n) < 0 && /* the C library uses it itself */
            warn_fmt(&exc_RuntimeWarning, 1, "invalid signal number %d, please use valid_signals()", n) < 0) {
            break;
        }
    }
    drop_opt(it);
    return exc_pending() ? -1 : 0;
}

Own
signal_valid_signals(Value module UNUSED)
{
    sigset_t all;
    sigfillset(&all);
    return set_of(&all);
}

int
signal_pause(Value module UNUSED)
{
    detach();
    pause();
    attach();
    return safepoint(thread_self());
}

int64_t
signal_alarm(Value module UNUSED, int seconds)
{
    return alarm((unsigned)seconds);
}

static double
seconds_of(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static Own
timer_pair(const struct itimerval *t)
{
    Own values[] = {float_new(seconds_of(t->it_value)), float_new(seconds_of(t->it_interval))};
    return tuple_from_own(values, 2);
}

static Own
timer_error(void)
{
    Own text = str_from_cstr(strerror(errno));
    Value args[] = {small_int(errno), text};
    Own exc = text ? object_call(itimer_error, args, 2, NO_VALUE) : NO_VALUE;
    drop_opt(text);
    if (exc) {
        raise_object(exc, NO_VALUE);
        drop(exc);
    }
    return NO_VALUE;
}

/* Rounded up: a timer never goes off too early. */
static int
timeval_of(Value seconds, struct timeval *t)
{
    int64_t ns;
    if (time_from_value(seconds, 1000000000, &ns) < 0) {
        return -1;
    }
    int64_t us = ns / 1000 + (ns % 1000 > 0);
    *t = (struct timeval){us / 1000000, us % 1000000};
    if (t->tv_usec < 0) {
        t->tv_sec--;
        t->tv_usec += 1000000;
    }
    return 0;
}

Own
signal_setitimer(Value module UNUSED, int which, Value seconds, Value interval)
{
    struct itimerval t, old;
    if (timeval_of(seconds, &t.it_value) < 0 || timeval_of(interval ? interval : (Value)small_int(0), &t.it_interval) < 0) {
        return NO_VALUE;
    }
    return setitimer(which, &t, &old) < 0 ? timer_error() : timer_pair(&old);
}

Own
signal_getitimer(Value module UNUSED, int which)
{
    struct itimerval t;
    return getitimer(which, &t) < 0 ? timer_error() : timer_pair(&t);
}

int64_t
signal_set_wakeup_fd(Value module UNUSED, int fd, bool warn_on_full_buffer)
{
    if (!thread_self()->is_main) {
        return raise_int(&exc_ValueError, "set_wakeup_fd only works in main thread of the main interpreter");
    }
    if (fd != -1) {
        int flags = fcntl(fd, F_GETFL);
        if (flags < 0) {
            return posix_status(-1);
        }
        if (!(flags & O_NONBLOCK)) {
            return raise_int(&exc_ValueError, "the fd %d must be in non-blocking mode", fd);
        }
    }
    atomic_store(&wakeup_warns, warn_on_full_buffer);
    return atomic_exchange(&wakeup_fd, fd);
}

int
signal_siginterrupt(Value module UNUSED, int signum, bool flag)
{
    struct sigaction action;
    if (check_number(signum) < 0 || posix_status(sigaction(signum, NULL, &action)) < 0) {
        return -1;
    }
    action.sa_flags = flag ? action.sa_flags & ~SA_RESTART : action.sa_flags | SA_RESTART;
    return posix_status(sigaction(signum, &action, NULL));
}

int
signal_pthread_kill(Value module UNUSED, uint64_t thread_id, int signum)
{
    if (audit_wanted() && audit_event("signal.pthread_kill", "Ii", (int64_t)thread_id, signum) < 0) {
        return -1;
    }
    mutex_lock(&threads_lock);
    int error = thread_exists(thread_id) ? pthread_kill((pthread_t)thread_id, signum) : ESRCH;
    mutex_unlock(&threads_lock);
    if (error) {
        raise_errno(error);
        return -1;
    }
    return safepoint(thread_self());
}

Own
signal_pthread_sigmask(Value module UNUSED, int how, Value mask)
{
    sigset_t signals, old;
    if (signals_of(mask, &signals) < 0) {
        return NO_VALUE;
    }
    int error = pthread_sigmask(how, &signals, &old);
    if (error) {
        return raise_errno(error);
    }
    return safepoint(thread_self()) < 0 ? NO_VALUE : set_of(&old);
}

Own
signal_sigpending(Value module UNUSED)
{
    sigset_t signals;
    return posix_status(sigpending(&signals)) < 0 ? NO_VALUE : set_of(&signals);
}

int64_t
signal_sigwait(Value module UNUSED, Value sigset)
{
    sigset_t signals;
    int signum = 0, error;
    if (signals_of(sigset, &signals) < 0) {
        return -1;
    }
    do {
        detach();
        error = sigwait(&signals, &signum);
        attach();
    } while (error == EINTR && posix_retry());
    if (error) {
        if (!exc_pending()) {
            raise_errno(error);
        }
        return -1;
    }
    return signum;
}

static const StructSeqField siginfo_fields[] = {
    {"si_signo", "signal number"},     {"si_code", "signal code"},
    {"si_errno", "errno associated with this signal"},
    {"si_pid", "sending process ID"},  {"si_uid", "real user ID of sending process"},
    {"si_status", "exit value or signal"}, {"si_band", "band event for SIGPOLL"},
};
static const StructSeqDef siginfo_def = {"signal.struct_siginfo", "What is known of a signal.", siginfo_fields, 7, 7, false};
static Type *siginfo_type; /* immutable after the module is made */

static Own
siginfo_value(const siginfo_t *info)
{
    Own values[] = {small_int(info->si_signo), small_int(info->si_code), small_int(info->si_errno), small_int(info->si_pid),
                    small_int(info->si_uid), small_int(info->si_status), small_int(info->si_band)};
    return structseq_new(siginfo_type, values);
}

/* Waits for one of the signals until a deadline of the monotonic clock, -1 = for ever; None when time is up. own: ret new */
static Own
wait_for_info(const sigset_t *signals, int64_t deadline)
{
    siginfo_t info;
    for (;;) {
        int64_t left = deadline < 0 ? 0 : deadline - os_clock_monotonic();
        left = left < 0 ? 0 : left;
        struct timespec t = {left / 1000000000, left % 1000000000};
        detach();
        int result = deadline < 0 ? sigwaitinfo(signals, &info) : sigtimedwait(signals, &info, &t);
        attach();
        if (result >= 0) {
            return siginfo_value(&info);
        }
        if (errno == EAGAIN && deadline >= 0) {
            return NONE;
        }
        if (errno != EINTR) {
            return raise_errno(errno);
        }
        if (safepoint(thread_self()) < 0) {
            return NO_VALUE;
        }
    }
}

Own
signal_sigwaitinfo(Value module UNUSED, Value sigset)
{
    sigset_t signals;
    return signals_of(sigset, &signals) < 0 ? NO_VALUE : wait_for_info(&signals, -1);
}

Own
signal_sigtimedwait(Value module UNUSED, Value sigset, Value timeout)
{
    sigset_t signals;
    int64_t ns, now = os_clock_monotonic();
    if (time_from_value(timeout, 1000000000, &ns) < 0) {
        return NO_VALUE;
    }
    if (ns < 0) {
        return raise_msg(&exc_ValueError, "timeout must be non-negative");
    }
    return signals_of(sigset, &signals) < 0 ? NO_VALUE : wait_for_info(&signals, ns > INT64_MAX - now ? INT64_MAX : now + ns);
}

int
signal_pidfd_send_signal(Value module UNUSED, int pidfd, int signalnum, Value siginfo, int flags)
{
    if (siginfo != NONE) {
        return raise_int(&exc_TypeError, "siginfo must be None");
    }
    return posix_status(syscall(SYS_pidfd_send_signal, pidfd, signalnum, NULL, flags)) < 0 ? -1 : safepoint(thread_self());
}

/* The program ends: handlers run no more, and Ctrl-C does what it did before the program. */
void
signals_end(void)
{
    for (int i = 1; i < SIGNALS; i++) {
        mutex_lock(&handlers_lock);
        Own old = handlers[i];
        handlers[i] = old ? small_int(0) : NO_VALUE;
        mutex_unlock(&handlers_lock);
        if (old && !is_int(old) && old != NONE && i != SIGINT) {
            signal(i, SIG_DFL);
        }
        drop_opt(old);
    }
}

/* In the child of a fork: the thread that is left is the main one, and no signal has arrived. */
void
signals_after_fork(void)
{
    atomic_store(&main_thread, thread_self());
    main_id = pthread_self();
    atomic_store(&any_arrived, false);
    for (int i = 0; i < SIGNALS; i++) {
        atomic_store(&arrived[i], false);
        atomic_store(&sent_on[i], false);
    }
}

static const struct {
    const char *name;
    int number;
} numbers[] = {
#define N(name) {#name, name}
    N(SIGHUP), N(SIGINT), N(SIGQUIT), N(SIGILL), N(SIGTRAP), N(SIGABRT), N(SIGIOT), N(SIGBUS), N(SIGFPE), N(SIGKILL), N(SIGUSR1), N(SIGSEGV), N(SIGUSR2),
    N(SIGPIPE), N(SIGALRM), N(SIGTERM), N(SIGSTKFLT), N(SIGCHLD), {"SIGCLD", SIGCHLD}, N(SIGCONT), N(SIGSTOP), N(SIGTSTP), N(SIGTTIN),
    N(SIGTTOU), N(SIGURG), N(SIGXCPU), N(SIGXFSZ), N(SIGVTALRM), N(SIGPROF), N(SIGWINCH), N(SIGIO), N(SIGPOLL), N(SIGPWR), N(SIGSYS),
    N(SIG_BLOCK), N(SIG_UNBLOCK), N(SIG_SETMASK), N(ITIMER_REAL), N(ITIMER_VIRTUAL), N(ITIMER_PROF), {"NSIG", SIGNALS}, {"SIG_DFL", 0}, {"SIG_IGN", 1},
};

/* What each signal does now: Python's view starts from the process's. */
static void
read_dispositions(void)
{
    for (int i = 1; i < SIGNALS; i++) {
        struct sigaction action;
        if (sigaction(i, NULL, &action) == 0) {
            handlers[i] = action.sa_handler == SIG_DFL ? small_int(0) : action.sa_handler == SIG_IGN ? small_int(1) : NONE;
        }
    }
}

static int
signal_exec(Value m)
{
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        if (module_add_int(m, numbers[i].name, numbers[i].number) < 0) {
            return -1;
        }
    }
    if (module_add_int(m, "SIGRTMIN", SIGRTMIN) < 0 || module_add_int(m, "SIGRTMAX", SIGRTMAX) < 0) {
        return -1;
    }
    if (!itimer_error) {
        itimer_error = exception_class_new("signal", "ItimerError", VALUE(&exc_OSError), NULL);
        siginfo_type = structseq_type(&siginfo_def);
    }
    if (!itimer_error || !siginfo_type || module_add(m, "ItimerError", own(itimer_error)) < 0 ||
        module_add(m, "struct_siginfo", OWN(siginfo_type)) < 0) {
        return -1;
    }
    if (!atomic_load(&main_thread)) {
        atomic_store(&main_thread, thread_self());
        main_id = pthread_self();
        read_dispositions();
        heap_hooks.run_signal_handlers = run_handlers;
        object_hooks.signal_arrived = simulate;
        struct sigaction ignore = {.sa_handler = SIG_IGN};
        sigaction(SIGPIPE, &ignore, NULL);
        sigaction(SIGXFSZ, &ignore, NULL);
        handlers[SIGPIPE] = handlers[SIGXFSZ] = small_int(1);
        Own interrupt = object_getattr_cstr(m, "default_int_handler");
        Own old = interrupt && handlers[SIGINT] == small_int(0) ? signal_signal(m, SIGINT, interrupt) : NONE;
        drop_opt(interrupt);
        drop_opt(old);
        if (!old) {
            return -1;
        }
    }
    return 0;
}

const ModuleDef module__signal = {
    .name = "_signal",
    .doc = signal_module_doc,
    .functions = signal_functions,
    .exec = signal_exec,
};
