/* Exceptions printed without the library: where its module traceback cannot be imported, or fails.
 *
 * Plain, but whole: the chain of exceptions, the frames with their lines of source, runs of the same line cut short. Nothing that
 * goes wrong here is pending afterwards. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "heap/world.h"
#include "object/exception.h"
#include "object/str.h"
#include "object/traceback.h"
#include "object/type.h"
#include "sys_priv.h"
#include "vm/frameobject.h"

enum { SHOWN_OF_RUN = 3, MOST_ENTRIES = 1000 };

/* Line `number` of a file without the white space around it; null without one. For the caller to free. */
static char *
source_line(Value filename, int number)
{
    const char *path = str_utf8(filename, NULL);
    if (!path) {
        exc_clear();
        return NULL;
    }
    char *line = NULL;
    size_t room = 0;
    bool found = false;
    detach(); /* the name is of a code object that the traceback holds */
    FILE *file = fopen(path, "re");
    if (file) {
        int at = 0;
        while (at < number && getline(&line, &room, file) >= 0) {
            at++;
        }
        found = at == number && line; /* none for the line 0, or without memory */
        (void)fclose(file);
    }
    attach();
    if (!found) {
        free(line);
        return NULL;
    }
    size_t end = strlen(line), start = strspn(line, " \t\f");
    while (end > start && strchr(" \t\f\r\n", line[end - 1])) {
        end--;
    }
    memmove(line, line + start, end - start);
    line[end - start] = 0;
    return line;
}

typedef struct Entry {
    const Code *code;
    int line;
} Entry;

static Entry
entry_of(const Traceback *tb)
{
    return (Entry){as_frame_object(tb->frame)->own.code, traceback_line(tb)};
}

static bool
is_same_entry(Entry a, Entry b)
{
    return a.line == b.line && (a.code == b.code || (str_equal(as_str(a.code->filename), as_str(b.code->filename)) &&
                                                     str_equal(as_str(a.code->name), as_str(b.code->name))));
}

static void
put_entry(StrBuilder *b, Entry e)
{
    str_builder_fmt(b, "  File \"%U\", line %d, in %U\n", (Value)e.code->filename, e.line, (Value)e.code->name);
    char *text = source_line(e.code->filename, e.line);
    if (text && *text) {
        str_builder_ascii(b, "    ", 4);
        str_builder_utf8(b, text, strlen(text));
        str_builder_char(b, '\n');
    }
    free(text);
}

static void
put_repeated(StrBuilder *b, int64_t count)
{
    int64_t more = count - SHOWN_OF_RUN;
    if (more > 0) {
        str_builder_fmt(b, more == 1 ? "  [Previous line repeated %zd more time]\n" : "  [Previous line repeated %zd more times]\n", more);
    }
}

/* How many entries sys.tracebacklimit allows. */
static int64_t
entry_limit(void)
{
    Own limit = sys_get("tracebacklimit");
    int64_t n = MOST_ENTRIES;
    if (limit && is_int(limit)) {
        n = object_as_ssize_clamped(limit);
    }
    drop_opt(limit);
    exc_clear();
    return n;
}

/* The entries, outermost first; of too many the innermost ones. */
static void
put_traceback(StrBuilder *b, Value first)
{
    int64_t total = 0, limit = entry_limit(), at = 0, run = 0;
    for (Own tb = own(first), next; tb; tb = next) {
        total++;
        next = ref_load(obj(tb), &as_traceback(tb)->next);
        drop(tb);
    }
    if (limit <= 0) {
        return;
    }
    str_builder_utf8(b, "Traceback (most recent call last):\n", 35);
    Entry before = {0};
    for (Own tb = own(first), next; tb; tb = next, at++) {
        Entry e = entry_of(as_traceback(tb));
        if (at >= total - limit) {
            if (run == 0 || !is_same_entry(before, e)) {
                put_repeated(b, run);
                run = 0;
            }
            if (++run <= SHOWN_OF_RUN) {
                put_entry(b, e);
            }
            before = e;
        }
        next = ref_load(obj(tb), &as_traceback(tb)->next);
        drop(tb);
    }
    put_repeated(b, run);
}

/* "module.Class: text" */
static void
put_exception(StrBuilder *b, Value exc)
{
    str_builder_fmt(b, "%Q", exc);
    Own text = object_str(exc);
    if (!text) {
        exc_clear();
        str_builder_utf8(b, ": <exception str() failed>", 26);
    } else if (as_str(text)->length) {
        str_builder_fmt(b, ": %U", (Value)text);
    }
    drop_opt(text);
    str_builder_char(b, '\n');
}

/* Exceptions are told apart by identity: their __eq__ and __hash__ are the program's. An entry of the chain that is being shown. */
typedef struct Shown {
    Value exc;
    const struct Shown *before;
} Shown;

static bool
is_shown(const Shown *s, Value exc)
{
    while (s && s->exc != exc) {
        s = s->before;
    }
    return s != NULL;
}

static void
put_chain(StrBuilder *b, Value exc, const Shown *before, int depth)
{
    Shown here = {exc, before};
    Own cause = exc_get_cause(exc), context = exc_get_context(exc);
    Value earlier = cause ? (Value)cause : as_exception(exc)->suppress_context ? NO_VALUE : (Value)context;
    if (earlier && is_exception(earlier) && !is_shown(&here, earlier) && depth < 200 && c_stack_ok()) {
        put_chain(b, earlier, &here, depth + 1);
        str_builder_fmt(b, "\n%s\n\n", cause ? "The above exception was the direct cause of the following exception:"
                                             : "During handling of the above exception, another exception occurred:");
    }
    exc_clear();
    drop_opt(cause);
    drop_opt(context);
    Own traceback = exc_get_traceback(exc);
    if (traceback) {
        put_traceback(b, traceback);
        drop(traceback);
    }
    put_exception(b, exc);
}

Own
sys_plain_traceback(Value exc)
{
    StrBuilder b;
    str_builder_init(&b, 256);
    put_chain(&b, exc, NULL, 0);
    Own text = str_builder_finish(&b);
    exc_clear();
    return text;
}
