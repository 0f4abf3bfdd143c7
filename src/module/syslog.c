/* The module syslog.
 *
 * Threads: the C library's log is one for the process, and guards itself; the text of `ident` must stay where it is, so it is copied and
 * changed under ident_lock. */
#include <syslog.h>

#include <stdlib.h>
#include <string.h>

#include "heap/world.h"
#include "object/audit.h"
#include "object/hooks.h"
#include "object/list.h"
#include "object/module.h"
#include "object/str.h"
#include "object/tuple.h"

#include "syslog.spec.h"

static Mutex ident_lock;
static char *ident_text; /* guard: ident_lock */
static bool is_open;     /* guard: ident_lock */

/* What the program is called: the last part of sys.argv[0]; NO_VALUE without one. own: ret new */
static Own
program_name(void)
{
    Own argv = object_hooks.sys_get("argv");
    Own script = argv && is_list(argv) && list_len(argv) ? list_get(argv, 0) : NO_VALUE;
    drop_opt(argv);
    exc_clear();
    Own name = NO_VALUE;
    if (script && is_str(script)) {
        int64_t start = as_str(script)->length;
        while (start > 0 && str_char_at(as_str(script), start - 1) != '/') {
            start--;
        }
        name = start < as_str(script)->length ? str_substring(script, start, as_str(script)->length) : NO_VALUE;
    }
    drop_opt(script);
    return name;
}

static int
open_log(const char *ident, int option, int facility)
{
    char *copy = *ident ? strdup(ident) : NULL;
    if (*ident && !copy) {
        raise_no_memory();
        return -1;
    }
    detach();
    mutex_lock(&ident_lock);
    openlog(copy, option, facility);
    free(ident_text);
    ident_text = copy;
    is_open = true;
    mutex_unlock(&ident_lock);
    attach();
    return 0;
}

/* ident: NO_VALUE = none */
static int
open_audited(Value ident, int option, int facility)
{
    const char *text = ident ? str_utf8(ident, NULL) : "";
    if (!text || (audit_wanted() && audit_event("syslog.openlog", "Oii", ident, option, facility) < 0)) {
        return -1;
    }
    return open_log(text, option, facility);
}

int
syslog_openlog(Value module UNUSED, Value ident, int64_t logoption, int64_t facility)
{
    Own name = ident ? own(ident) : program_name();
    int status = open_audited(name, (int)logoption, (int)facility);
    drop_opt(name);
    return status;
}

Own
syslog_syslog(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    if (kwnames && as_tuple(kwnames)->length) {
        return raise_msg(&exc_TypeError, "syslog.syslog() takes no keyword arguments");
    }
    if (nargs < 1 || nargs > 2) {
        return raise_msg(&exc_TypeError, "syslog.syslog requires 1 to 2 arguments");
    }
    int priority = LOG_INFO;
    if (nargs == 2) {
        priority = object_as_int(args[0]);
        if (priority == -1 && exc_pending()) {
            return NO_VALUE;
        }
    }
    const char *message;
    if (args_cstr("syslog", (int)nargs, "message", args[nargs - 1], &message) < 0 ||
        (audit_wanted() && audit_event("syslog.syslog", "iO", priority, args[nargs - 1]) < 0)) {
        return NO_VALUE;
    }
    detach();
    mutex_lock(&ident_lock);
    bool open = is_open;
    mutex_unlock(&ident_lock);
    attach();
    if (!open && syslog_openlog(NO_VALUE, NO_VALUE, 0, LOG_USER) < 0) {
        return NO_VALUE;
    }
    detach();
    syslog(priority, "%s", message);
    attach();
    return NONE;
}

int
syslog_closelog(Value module UNUSED)
{
    if (audit_wanted() && audit_event("syslog.closelog", "") < 0) {
        return -1;
    }
    detach();
    mutex_lock(&ident_lock);
    if (is_open) {
        closelog();
        free(ident_text);
        ident_text = NULL;
        is_open = false;
    }
    mutex_unlock(&ident_lock);
    attach();
    return 0;
}

int64_t
syslog_setlogmask(Value module UNUSED, int64_t maskpri)
{
    return audit_wanted() && audit_event("syslog.setlogmask", "i", (int)maskpri) < 0 ? -1 : setlogmask((int)maskpri);
}

int64_t
syslog_LOG_UPTO(Value module UNUSED, int64_t pri)
{
    return (int)((1u << (((unsigned)pri + 1) & 31)) - 1);
}

int64_t
syslog_LOG_MASK(Value module UNUSED, int64_t pri)
{
    return (int)(1u << ((unsigned)pri & 31));
}

#define NUMBER(name) {#name, name}
static const struct {
    const char *name;
    int value;
} numbers[] = {
    NUMBER(LOG_EMERG),  NUMBER(LOG_ALERT),  NUMBER(LOG_CRIT),   NUMBER(LOG_ERR),    NUMBER(LOG_WARNING), NUMBER(LOG_NOTICE),
    NUMBER(LOG_INFO),   NUMBER(LOG_DEBUG),  NUMBER(LOG_PID),    NUMBER(LOG_CONS),   NUMBER(LOG_NDELAY),  NUMBER(LOG_ODELAY),
    NUMBER(LOG_NOWAIT), NUMBER(LOG_PERROR), NUMBER(LOG_KERN),   NUMBER(LOG_USER),   NUMBER(LOG_MAIL),    NUMBER(LOG_DAEMON),
    NUMBER(LOG_AUTH),   NUMBER(LOG_LPR),    NUMBER(LOG_LOCAL0), NUMBER(LOG_LOCAL1), NUMBER(LOG_LOCAL2),  NUMBER(LOG_LOCAL3),
    NUMBER(LOG_LOCAL4), NUMBER(LOG_LOCAL5), NUMBER(LOG_LOCAL6), NUMBER(LOG_LOCAL7), NUMBER(LOG_SYSLOG),  NUMBER(LOG_CRON),
    NUMBER(LOG_UUCP),   NUMBER(LOG_NEWS),   NUMBER(LOG_AUTHPRIV), NUMBER(LOG_FTP),
};

static int
syslog_exec(Value module)
{
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        if (module_add_int(module, numbers[i].name, numbers[i].value) < 0) {
            return -1;
        }
    }
    return 0;
}

const ModuleDef module_syslog = {
    .name = "syslog",
    .doc = syslog_module_doc,
    .functions = syslog_functions,
    .exec = syslog_exec,
};
