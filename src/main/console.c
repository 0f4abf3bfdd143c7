/* What sys.stdout and sys.stderr are before the module _io exists: what is written then is a message, and goes straight to file descriptor 2. */
#include "main/start.h"

#include <unistd.h>

#include "module/sys/sys.h"
#include "object/function.h"
#include "object/str.h"
#include "object/type.h"

static Own
console_write(Value self UNUSED, Value const *args, size_t nargs UNUSED, Value kwnames UNUSED)
{
    size_t length;
    const char *text = str_utf8(args[0], &length);
    if (!text || write(STDERR_FILENO, text, length) < 0) {
        return NO_VALUE;
    }
    return NONE;
}

static Own
console_flush(Value self UNUSED, Value const *args UNUSED, size_t nargs UNUSED, Value kwnames UNUSED)
{
    return NONE;
}

static const MethodDef console_methods[] = {
    {"write", "write($self, text, /)\n--\n\nWrites the text.", console_write, 0},
    {"flush", "flush($self, /)\n--\n\nDoes nothing.", console_flush, 0},
    {0, 0, 0, 0},
};

static void
console_dealloc(Object *o)
{
    object_free(o);
}

static Type console_type = {
    .name = "console",
    .basic_size = sizeof(Object),
    .slots = {.dealloc = console_dealloc},
    .methods = console_methods,
};

int
console_start(void)
{
    if (type_ready(&console_type) < 0) {
        return -1;
    }
    Own console = type_alloc(&console_type, 0);
    int status = !console || sys_set("stdout", console) < 0 || sys_set("stderr", console) < 0 ? -1 : 0;
    drop_opt(console);
    return status;
}
