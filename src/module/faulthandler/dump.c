/* module/faulthandler/dump.h.
 *
 * A thread's frames are read by itself (in a signal handler, if need be) or while it is stopped:
 * then they describe themselves. What is read through them (code objects, str) is immutable. The
 * frame on top may be an instruction behind: the vm writes its place down before it calls anything.
 *
 * Asking another thread: the request is in static variables; the thread gets a signal, writes its
 * frames, and says so. One request at a time (`asking`). A thread that does not answer in time is
 * given up; its handler, when it runs at last, sees that the request is over. */
#include "module/faulthandler/dump.h"

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "heap/world.h"
#include "object/dict.h"
#include "object/list.h"
#include "object/module.h"
#include "object/set.h"
#include "object/str.h"
#include "vm/frame.h"

enum {
    MOST_FRAMES = 100,
    MOST_CHARACTERS = 500, /* of a name */
    MOST_C_FRAMES = 32,
    ANSWER_MS = 500,
};

/* -- text -- */

static void
dump_bytes(int fd, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t n = write(fd, text, length);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return;
        }
        text += n;
        length -= (size_t)n;
    }
}

void
dump_text(int fd, const char *text)
{
    dump_bytes(fd, text, strlen(text));
}

static void
dump_number(int fd, uint64_t n, unsigned base, int digits)
{
    char text[32];
    int at = sizeof text;
    do {
        text[--at] = "0123456789abcdef"[n % base];
        n /= base;
    } while (n || (int)sizeof text - at < digits);
    dump_bytes(fd, text + at, sizeof text - (size_t)at);
}

void
dump_decimal(int fd, uint64_t n)
{
    dump_number(fd, n, 10, 1);
}

void
dump_hex(int fd, uint64_t n, int digits)
{
    dump_number(fd, n, 16, digits);
}

/* ASCII, escapes for what is not. */
static void
dump_str(int fd, Value v)
{
    if (!v || !is_str(v)) {
        dump_text(fd, "???");
        return;
    }
    const Str *s = as_str(v);
    int64_t n = s->length < MOST_CHARACTERS ? s->length : MOST_CHARACTERS;
    for (int64_t i = 0; i < n; i++) {
        uint32_t c = str_char_at(s, i);
        if (c >= ' ' && c <= '~') {
            char ascii = (char)c;
            dump_bytes(fd, &ascii, 1);
        } else {
            dump_text(fd, c < 0x100 ? "\\x" : c < 0x10000 ? "\\u" : "\\U");
            dump_hex(fd, c, c < 0x100 ? 2 : c < 0x10000 ? 4 : 8);
        }
    }
    if (n < s->length) {
        dump_text(fd, "...");
    }
}

/* -- frames -- */

static void
dump_frame(int fd, const Frame *f)
{
    const Code *code = f->code;
    dump_text(fd, "  File ");
    dump_text(fd, "\"");
    dump_str(fd, code->filename);
    dump_text(fd, "\", line ");
    const Position *p = code_position(code, (uint32_t)(f->pc - code->instructions));
    if (p && p->line >= 0) {
        dump_decimal(fd, (uint64_t)p->line);
    } else {
        dump_text(fd, "???");
    }
    dump_text(fd, " in ");
    dump_str(fd, code->name);
    dump_text(fd, "\n");
}

static void
dump_frames(int fd, const Thread *t)
{
    if (!t || !t->frame) {
        dump_text(fd, "  <no Python frame>\n");
        return;
    }
    int n = 0;
    for (const Frame *f = frame_seen(t->frame); f; f = frame_seen(f->prev)) {
        if (n++ == MOST_FRAMES) {
            dump_text(fd, "  ...\n");
            return;
        }
        dump_frame(fd, f);
    }
}

void
dump_stack(int fd, const Thread *t)
{
    dump_text(fd, "Stack (most recent call first):\n");
    dump_frames(fd, t);
}

/* The name that the system knows a thread by. */
static void
dump_thread_name(int fd, const Thread *t)
{
    char name[32] = "";
    if (t->ident == (uint64_t)pthread_self()) {
        prctl(PR_GET_NAME, name, 0, 0, 0);
    } else if (pthread_getname_np((pthread_t)t->ident, name, sizeof name) != 0) {
        return;
    }
    if (name[0]) {
        dump_text(fd, " [");
        dump_text(fd, name);
        dump_text(fd, "]");
    }
}

static void
dump_thread_header(int fd, const Thread *t, bool is_current)
{
    dump_text(fd, is_current ? "Current thread 0x" : "Thread 0x");
    dump_hex(fd, t->ident, 16);
    dump_thread_name(fd, t);
    dump_text(fd, " (most recent call first):\n");
}

void
dump_thread(int fd, const Thread *t, bool is_current)
{
    dump_thread_header(fd, t, is_current);
    dump_frames(fd, t);
}

/* -- all threads -- */

void
dump_all_stopped(int fd)
{
    world_stop();
    for (const Thread *t = threads_first; t; t = t->next) {
        dump_thread(fd, t, t == thread_self());
        if (t->next) {
            dump_text(fd, "\n");
        }
    }
    world_start();
}

static atomic_flag asking = ATOMIC_FLAG_INIT;
static int request_fd;                /* guard: asking */
static _Atomic uint64_t request_open; /* the number of the request that may be answered, or 0 */
static _Atomic uint64_t request_done; /* the last that was answered */
static uint64_t request_number;       /* guard: asking */
static _Atomic int request_signal;    /* set by dump_prepare, to the same by all */

static void
answer(int signal_number, siginfo_t *info, void *context)
{
    (void)signal_number, (void)info, (void)context;
    int saved = errno;
    uint64_t open = atomic_load(&request_open);
    /* taking the request closes it: the asker waits from then on */
    if (open && atomic_compare_exchange_strong(&request_open, &open, 0)) {
        dump_frames(request_fd, thread_current);
        atomic_store(&request_done, open);
    }
    errno = saved;
}

int
dump_prepare(void)
{
    if (request_signal) {
        return 0;
    }
    void *first[1];
    (void)backtrace(first, 1); /* loads its library, which no signal handler may */
    struct sigaction action = {.sa_sigaction = answer, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigfillset(&action.sa_mask);
    int number = SIGRTMAX - 1;
    if (sigaction(number, &action, NULL) < 0) {
        return -1;
    }
    request_signal = number;
    return 0;
}

static void
sleep_ms(int ms)
{
    struct timespec time = {.tv_nsec = ms * 1000000L};
    nanosleep(&time, NULL);
}

/* Has t write its frames. */
static void
ask(int fd, const Thread *t)
{
    request_fd = fd;
    uint64_t number = ++request_number;
    atomic_store(&request_open, number);
    if (syscall(SYS_tgkill, getpid(), (pid_t)t->os_id, request_signal) == 0) {
        for (int waited = 0; waited < ANSWER_MS; waited++) {
            if (atomic_load(&request_done) == number) {
                return;
            }
            sleep_ms(1);
        }
    }
    uint64_t open = number;
    if (atomic_compare_exchange_strong(&request_open, &open, 0)) {
        dump_text(fd, "  <no answer>\n");
        return;
    }
    while (atomic_load(&request_done) != number) { /* it is writing */
        sleep_ms(1);
    }
}

/* The list's lock may be held by the very thread that a signal has interrupted. */
static bool
lock_threads(void)
{
    for (int waited = 0; waited < 100; waited++) {
        if (mutex_try_lock(&threads_lock)) {
            return true;
        }
        sleep_ms(1);
    }
    return false;
}

void
dump_all_by_signal(int fd, const Thread *current)
{
    if (atomic_flag_test_and_set(&asking)) {
        dump_text(fd, "<threads are being shown already>\n");
        return;
    }
    if (lock_threads()) {
        for (const Thread *t = threads_first; t; t = t->next) {
            dump_thread_header(fd, t, t == current);
            if (t == current) {
                dump_frames(fd, t);
            } else {
                ask(fd, t);
            }
            if (t->next) {
                dump_text(fd, "\n");
            }
        }
        mutex_unlock(&threads_lock);
    } else if (current) {
        dump_stack(fd, current);
    }
    atomic_flag_clear(&asking);
}

/* -- C stack -- */

static void
dump_c_frame(int fd, void *address)
{
    Dl_info info;
    dump_text(fd, "  Binary file \"");
    if (!dladdr(address, &info) || !info.dli_fname || !info.dli_fname[0]) {
        dump_text(fd, "<unknown>\" [0x");
    } else {
        const char *base = info.dli_sname ? info.dli_saddr : info.dli_fbase;
        dump_text(fd, info.dli_fname);
        dump_text(fd, "\", at ");
        dump_text(fd, info.dli_sname ? info.dli_sname : "");
        dump_text(fd, "+0x");
        dump_hex(fd, (uint64_t)((const char *)address - base), 1);
        dump_text(fd, " [0x");
    }
    dump_hex(fd, (uint64_t)(uintptr_t)address, 1);
    dump_text(fd, "]\n");
}

void
dump_c_stack(int fd)
{
    void *addresses[MOST_C_FRAMES + 1];
    int n = backtrace(addresses, MOST_C_FRAMES + 1);
    dump_text(fd, "Current thread's C stack trace (most recent call first):\n");
    if (n == 0) {
        dump_text(fd, "  <cannot get C stack on this system>\n");
    }
    for (int i = 0; i < n && i < MOST_C_FRAMES; i++) {
        dump_c_frame(fd, addresses[i]);
    }
    if (n > MOST_C_FRAMES) {
        dump_text(fd, "  <truncated rest of calls>\n");
    }
}

/* -- modules -- */

/* sys_dict["stdlib_module_names"]. own: ret new or NO_VALUE */
static Own
stdlib_names(Value sys_dict)
{
    int64_t position = 0;
    Own key, value, found = NO_VALUE;
    while (!found && sys_dict && dict_next(sys_dict, &position, &key, &value)) {
        if (is_str(key) && str_equals_cstr(key, "stdlib_module_names") && is_anyset(value)) {
            found = own(value);
        }
        drop(key);
        drop(value);
    }
    return found;
}

static bool
has_name(Value names, Value name)
{
    int64_t position = 0;
    Own item;
    bool found = false;
    while (!found && names && set_next(names, &position, &item)) {
        found = is_str(item) && str_equal(as_str(item), as_str(name));
        drop(item);
    }
    return found;
}

void
dump_extension_modules(int fd, Value sys_modules, Value sys_dict)
{
    if (!sys_modules || !is_dict(sys_modules)) {
        return;
    }
    Own names = stdlib_names(sys_dict), name, module;
    int64_t position = 0;
    uint64_t count = 0;
    while (dict_next(sys_modules, &position, &name, &module)) {
        bool extension =
            is_str(name) && is_object(module) && IS_EXACT(module, MODULE) && as_module(module)->def;
        if (extension && !has_name(names, name)) {
            dump_text(fd, count++ ? ", " : "\nExtension modules: ");
            dump_str(fd, name);
        }
        drop(name);
        drop(module);
    }
    if (count) {
        dump_text(fd, " (total: ");
        dump_decimal(fd, count);
        dump_text(fd, ")\n");
    }
    drop_opt(names);
}
