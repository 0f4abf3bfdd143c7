/* Leaving a script in another process, and running what others left: heap/remote.h has how the two
 * meet. */
#include "module/_remote_debugging/script.h"

#include <string.h>
#include <unistd.h>

#include "compile/compile.h"
#include "heap/hooks.h"
#include "heap/remote.h"
#include "heap/world.h"
#include "module/_remote_debugging/look.h"
#include "module/io/io_priv.h"
#include "module/posix/path.h"
#include "module/sys/config.h"
#include "module/sys/sys.h"
#include "object/audit.h"
#include "object/bytes.h"
#include "object/dict.h"
#include "object/str.h"
#include "vm/call.h"

/* -- leaving one -- */

/* own: *main the record of the main thread */
static int
main_thread_find(Look *l, Address *main)
{
    SeenThreads threads = {0};
    int status = look_threads(l, &threads);
    *main = 0;
    for (size_t i = 0; i < threads.len && status == LOOK_GOOD; i++) {
        if (threads.data[i].thread.is_main) {
            *main = threads.data[i].address;
        }
    }
    seen_threads_free(&threads);
    return status == LOOK_GOOD && !*main
               ? raise_int(&exc_RuntimeError, "process %d has no main thread", l->process.pid)
               : status;
}

/* Writes, where what was read a moment ago lies. fail: -1 */
static int
leave_bytes(const Process *p, Address at, const void *bytes, size_t n)
{
    int status = process_write(p, at, bytes, n);
    return status > 0 ? raise_int(&exc_RuntimeError, "process %d cannot be written to", p->pid)
                      : status;
}

static int
script_leave(Look *l, const char *path)
{
    static const uint8_t one = 1;
    const Process *p = &l->process;
    Address root = process_address(p, &remote_root), main;
    uint8_t takes;
    int status = look_read(l, root + offsetof(RemoteRoot, takes_scripts), &takes, sizeof takes);
    if (status == LOOK_TORN) {
        return look_give_up(l);
    }
    if (status == LOOK_GOOD && !takes) {
        return raise_int(&exc_RuntimeError,
                         "Remote debugging is not enabled in the remote process");
    }
    if (status < 0 || main_thread_find(l, &main) < 0 ||
        leave_bytes(p, root + offsetof(RemoteRoot, script), path, strlen(path) + 1) < 0 ||
        leave_bytes(p, root + offsetof(RemoteRoot, asked), &one, 1) < 0) {
        return -1;
    }
    return leave_bytes(p, main + REMOTE_BREAKER_OFFSET, &one, 1);
}

int
remote_script_leave(int pid, const char *path)
{
    Look l;
    Process process;
    if (strlen(path) >= REMOTE_PATH_MAX) {
        return raise_int(&exc_ValueError, "Script path is too long");
    }
    if (process_open(&process, pid) < 0 || look_begin(&l, &process) < 0) {
        return -1;
    }
    int status = script_leave(&l, path);
    look_end(&l);
    return status < 0 ? -1 : safepoint(thread_self()); /* it may be for this thread */
}

/* -- running one -- */

/* What is in the file: own: ret new bytes · may: runpy */
static Own
script_read(Value path)
{
    Own file = io_open_file(path, "rb", -1, NONE, NONE, NONE, true, NONE);
    Own text = file ? call_method0(file, "read") : NO_VALUE, pending = exc_take();
    Own closed = file ? call_method0(file, "close") : NO_VALUE;
    if (pending) {
        exc_restore(pending);
    }
    if (!closed) {
        ref_clear(&text);
    }
    drop_opt(closed);
    drop_opt(file);
    return text;
}

/* In a namespace of its own. own: ret new */
static Own
script_run(Value text)
{
    Own name = str_from_cstr("<string>"), globals = dict_new();
    Own builtins = globals ? vm_builtins_of(globals) : NO_VALUE, code = NO_VALUE, result = NO_VALUE;
    if (name && builtins) {
        CompileOptions options = {.filename = name, .optimize = run_config.optimize};
        const Bytes *bytes = as_bytes(text);
        code = compile_source((const char *)bytes->data, (size_t)bytes->length, SOURCE_EXEC,
                              &options);
    }
    if (code && (!audit_wanted() || audit_event("exec", "O", (Value)code) == 0)) {
        result = vm_run_code(code, globals, globals, NO_VALUE);
    }
    drop_opt(code);
    drop_opt(builtins);
    drop_opt(globals);
    drop_opt(name);
    return result;
}

static void
run_left_script(void)
{
    char left[REMOTE_PATH_MAX];
    if (!atomic_load(&remote_root.takes_scripts) || !atomic_exchange(&remote_root.asked, 0) ||
        atomic_load(&sys_finalizing)) {
        return;
    }
    memcpy(left, remote_root.script, sizeof left);
    left[sizeof left - 1] = 0;
    Own path = path_text(left, strlen(left), false), text = NO_VALUE, result = NO_VALUE;
    bool heard = path && (!audit_wanted() ||
                          audit_event("cpython.remote_debugger_script", "O", (Value)path) == 0);
    if (!heard) {
        exc_write_unraisable("Error when auditing remote debugger script", path);
    } else if (!(text = script_read(path))) {
        exc_write_unraisable_fmt("Can't open debugger script %U", (Value)path);
    } else if (!(result = script_run(text))) {
        exc_write_unraisable_fmt("Error executing debugger script %U", (Value)path);
    }
    drop_opt(result);
    drop_opt(text);
    drop_opt(path);
}

void
remote_scripts_start(bool take)
{
    heap_hooks.run_remote_script = run_left_script;
    atomic_store(&remote_root.takes_scripts, take);
}
