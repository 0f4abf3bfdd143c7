/* print, input, breakpoint. */
#include "object/audit.h"
#include "object/args.h"
#include "object/error.h"
#include "object/hooks.h"
#include "object/str.h"
#include "object/type.h"

/* sys.NAME, which a program may have deleted. own: ret new */
static Own
sys_stream(const char *name)
{
    Own stream = object_hooks.sys_get(name);
    return stream ? stream : raise_fmt(&exc_RuntimeError, "lost sys.%s", name);
}

/* An optional text argument: NO_VALUE for None and the default. */
static int
text_argument(const char *name, Value *v)
{
    if (*v == NONE) {
        *v = NO_VALUE;
    }
    if (*v && !is_str(*v)) {
        return raise_int(&exc_TypeError, "%s must be None or a string, not %T", name, *v);
    }
    return 0;
}

static int
write_text(Value write, Value text)
{
    Own result = call1(write, text);
    drop_opt(result);
    return result ? 0 : -1;
}

static int
write_values(Value write, Value const *values, size_t n, Value sep, Value end)
{
    for (size_t i = 0; i < n; i++) {
        if (i && write_text(write, sep ? sep : str_from_char(' ')) < 0) {
            return -1;
        }
        Own text = is_str(values[i]) && IS_EXACT(values[i], STR) ? own(values[i]) : object_str(values[i]);
        int status = text ? write_text(write, text) : -1;
        drop_opt(text);
        if (status < 0) {
            return -1;
        }
    }
    return write_text(write, end ? end : str_from_char('\n'));
}

static int
flush_stream(Value stream)
{
    Own result = call_method0(stream, "flush");
    drop_opt(result);
    return result ? 0 : -1;
}

int
builtins_print(Value module UNUSED, Value sep, Value end, Value file, bool flush, Value const *args, size_t nargs)
{
    if (text_argument("sep", &sep) < 0 || text_argument("end", &end) < 0) {
        return -1;
    }
    Own stream = file == NONE ? sys_stream("stdout") : own(file);
    if (!stream) {
        return -1;
    }
    if (stream == NONE) {
        return 0;
    }
    Own write = object_getattr(stream, NAME(write));
    int status = write ? write_values(write, args, nargs, sep, end) : -1;
    drop_opt(write);
    if (status == 0 && flush) {
        status = flush_stream(stream);
    }
    drop(stream);
    return status;
}

/* The stream's line, without its end. own: ret new */
static Own
read_line(Value in)
{
    Own line = call_method0(in, "readline");
    if (!line) {
        return NO_VALUE;
    }
    if (!is_str(line)) {
        drop(line);
        return raise_msg(&exc_TypeError, "object.readline() returned non-string");
    }
    int64_t length = as_str(line)->length;
    if (length == 0) {
        drop(line);
        return raise_msg(&exc_EOFError, "EOF when reading a line");
    }
    if (str_char_at(as_str(line), length - 1) != '\n') {
        return line;
    }
    Own text = str_substring(line, 0, length - 1);
    drop(line);
    return text;
}

Own
builtins_input(Value module UNUSED, Value prompt)
{
    if (audit_wanted() && audit_event("builtins.input", "O", prompt) < 0) {
        return NO_VALUE;
    }
    Own in = sys_stream("stdin"), out = in ? sys_stream("stdout") : NO_VALUE, err = out ? sys_stream("stderr") : NO_VALUE;
    Own result = NO_VALUE;
    if (err) {
        Own flushed = err == NONE ? own(NONE) : call_method0(err, "flush");
        if (!flushed) {
            exc_clear();
        }
        drop_opt(flushed);
        Own text = prompt ? object_str(prompt) : NO_VALUE;
        int status = prompt && !text ? -1 : 0;
        if (text) {
            Own written = call_method1(out, "write", text);
            status = written ? 0 : -1;
            drop_opt(written);
            drop(text);
        }
        if (status == 0 && flush_stream(out) < 0) { /* not worth an error either */
            exc_clear();
        }
        result = status == 0 ? read_line(in) : NO_VALUE;
    }
    drop_opt(in);
    drop_opt(out);
    drop_opt(err);
    return result;
}

Own
builtins_breakpoint(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    Own hook = object_hooks.sys_get("breakpointhook");
    if (!hook) {
        return raise_msg(&exc_RuntimeError, "lost sys.breakpointhook");
    }
    Own result = object_call(hook, args, nargs, kwnames);
    drop(hook);
    return result;
}
