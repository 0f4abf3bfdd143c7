/* Source text and file names as arguments. */
#include "module/source_arg.h"

#include "compile/compile.h"
#include "object/codec.h"
#include "object/str.h"

int
source_get(Value source, const char *function, const char *what, SourceText *s)
{
    memset(s, 0, sizeof *s);
    if (is_str(source)) {
        s->flags = COMPILE_IGNORE_COOKIE | COMPILE_SOURCE_IS_UTF8;
        s->text = str_utf8(source, &s->length);
        if (!s->text) {
            return -1;
        }
    } else {
        if (!object_has_buffer(source)) {
            return raise_int(&exc_TypeError, "%s() arg 1 must be a %s object", function, what);
        }
        if (buffer_get_still(source, &s->buffer) < 0) {
            return -1;
        }
        s->text = (const char *)s->buffer.data;
        s->length = (size_t)s->buffer.length;
    }
    if (memchr(s->text, 0, s->length)) {
        buffer_release(&s->buffer);
        return raise_int(&exc_SyntaxError, "source code string cannot contain null bytes");
    }
    return 0;
}

Own
fs_decode(Value path)
{
    Own name;
    if (is_str(path) || is_bytes(path)) {
        name = own(path);
    } else {
        Own method;
        int found = object_lookup_special(path, NAME(__fspath__), &method);
        if (found <= 0) {
            return found < 0 ? NO_VALUE : raise_fmt(&exc_TypeError, "expected str, bytes or os.PathLike object, not %T", path);
        }
        name = call0(method);
        drop(method);
        if (name && !is_str(name) && !is_bytes(name)) {
            raise_fmt(&exc_TypeError, "expected %T.__fspath__() to return str or bytes, not %T", path, (Value)name);
            drop(name);
            name = NO_VALUE;
        }
    }
    if (name && is_bytes(name)) {
        Own text = codec_decode(name, "utf-8", "surrogateescape");
        drop(name);
        name = text;
    }
    if (name && str_find(name, str_from_char(0), 0, as_str(name)->length, 1) >= 0) {
        drop(name);
        return raise_msg(&exc_ValueError, "embedded null character");
    }
    return name;
}
