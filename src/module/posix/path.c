/* Path arguments and system calls: see path.h. */
#include "path.h"

#include <string.h>

#include <errno.h>

#include "base/utf8.h"
#include "heap/world.h"
#include "object/bytes.h"
#include "object/int.h"
#include "object/hooks.h"
#include "object/str.h"
#include "object/tuple.h"
#include "posix_priv.h"

Own
path_text(const char *text, size_t n, bool as_bytes)
{
    if (as_bytes) {
        return bytes_new(text, n);
    }
    StrBuilder b;
    str_builder_init(&b, (int64_t)n);
    const uint8_t *p = (const uint8_t *)text, *end = p + n;
    while (p < end) {
        Utf8Scan scan = utf8_scan(p, (size_t)(end - p), false);
        str_builder_utf8(&b, (const char *)p, scan.valid);
        p += scan.valid;
        if (p < end) {
            str_builder_char(&b, 0xDC00u + *p++);
        }
    }
    return str_builder_finish(&b);
}

/* UTF-8 of a str, with the lone surrogates of PEP 383 as the bytes that they stand for. own: ret new bytes */
static Own
encode_path(Value v)
{
    const Str *s = as_str(v);
    if (s->ascii) {
        return bytes_new(s->data, (size_t)s->length);
    }
    uint8_t *text = mem_alloc((size_t)s->length * 4 + 1);
    if (!text) {
        return NO_VALUE;
    }
    size_t n = 0;
    Own result = NO_VALUE;
    for (int64_t i = 0; i < s->length; i++) {
        uint32_t c = str_char_at(s, i);
        if (c >= 0xDC80 && c <= 0xDCFF) {
            text[n++] = (uint8_t)(c - 0xDC00);
        } else if (char_is_surrogate(c)) {
            result = call_method2(v, "encode", NAME(utf8), NAME(surrogateescape)); /* raises UnicodeEncodeError */
            goto fail;
        } else {
            n += utf8_put(text + n, c);
        }
    }
    result = bytes_new(text, n);
fail:
    mem_free(text);
    return result;
}

Own
path_fspath(Value v)
{
    if (is_str(v) || is_bytes(v)) {
        return own(v);
    }
    Own method;
    int found = object_lookup_special(v, NAME(__fspath__), &method);
    if (found > 0 && method == NONE) {
        found = 0;
    }
    if (found <= 0) {
        return found < 0 ? NO_VALUE : raise_fmt(&exc_TypeError, "expected str, bytes or os.PathLike object, not %T", v);
    }
    Own path = call0(method);
    drop(method);
    if (path && !is_str(path) && !is_bytes(path)) {
        raise_fmt(&exc_TypeError, "expected %T.__fspath__() to return str or bytes, not %T", v, (Value)path);
        ref_clear(&path);
    }
    return path;
}

static int
fd_value(Value v, int *fd)
{
    if ((v == TRUE_VALUE || v == FALSE_VALUE) && warn_fmt(&exc_RuntimeWarning, 1, "bool is used as a file descriptor") < 0) {
        return -1;
    }
    Own i = object_index(v);
    int64_t n;
    if (!i) {
        return -1;
    }
    bool fits = int_as_i64(i, &n);
    int sign = int_sign(i);
    drop(i);
    if (!fits || n > INT32_MAX || n < INT32_MIN) {
        return raise_int(&exc_OverflowError, sign > 0 ? "fd is greater than maximum" : "fd is less than minimum");
    }
    *fd = (int)n;
    return 0;
}

/* text and holder, from given, which is released where they cannot be had. function: null for the plain message. fail: -1 */
static int
path_take(Path *path, const char *function, const char *argument)
{
    path->is_bytes = is_bytes(path->given);
    path->holder = path->is_bytes ? own(path->given) : encode_path(path->given);
    if (!path->holder) {
        path_release(path);
        return -1;
    }
    path->text = (const char *)as_bytes(path->holder)->data;
    if (memchr(path->text, 0, (size_t)as_bytes(path->holder)->length)) {
        path_release(path);
        return function ? raise_int(&exc_ValueError, "%s: embedded null character in %s", function, argument)
                        : raise_int(&exc_ValueError, "embedded null byte");
    }
    return 0;
}

int
path_get(Path *path, const char *function, const char *argument, Value v, int allow)
{
    *path = (Path){.fd = -1};
    if ((allow & PATH_NONE) && (v == NO_VALUE || v == NONE)) {
        path->text = ".";
        return 0;
    }
    if ((allow & PATH_FD) && (is_int(v) || object_has_index(v))) {
        if (fd_value(v, &path->fd) < 0) {
            return -1;
        }
        path->given = own(v);
        return 0;
    }
    if (!is_str(v) && !is_bytes(v)) {
        Own method = NO_VALUE;
        int found = object_lookup_special(v, NAME(__fspath__), &method);
        found = found > 0 && method == NONE ? 0 : found;
        drop_opt(method);
        if (found < 0) {
            return -1;
        }
        if (!found) {
            const char *allowed = (allow & PATH_FD) && (allow & PATH_NONE) ? "string, bytes, os.PathLike, integer or None"
                                  : (allow & PATH_FD)                       ? "string, bytes, os.PathLike or integer"
                                  : (allow & PATH_NONE)                     ? "string, bytes, os.PathLike or None"
                                                                            : "string, bytes or os.PathLike";
            return raise_int(&exc_TypeError, "%s: %s should be %s, not %T", function, argument, allowed, v);
        }
    }
    path->given = path_fspath(v);
    return path->given ? path_take(path, function, argument) : -1;
}

int
path_convert(Path *path, Value v)
{
    *path = (Path){.fd = -1, .given = path_fspath(v)};
    return path->given ? path_take(path, NULL, NULL) : -1;
}

void
path_release(Path *path)
{
    ref_clear(&path->holder);
    ref_clear(&path->given);
}

Own
raise_path(const Path *path)
{
    if (errno == 0) {
        return NO_VALUE; /* a signal handler raised */
    }
    return path->given ? raise_errno_path(errno, path->given) : raise_errno(errno);
}

int
raise_path_int(const Path *path)
{
    raise_path(path);
    return -1;
}

int
dir_fd_get(Value v, int *fd)
{
    *fd = AT_FDCWD;
    if (v == NO_VALUE || v == NONE) {
        return 0;
    }
    if (!is_int(v) && !object_has_index(v)) {
        return raise_int(&exc_TypeError, "argument should be integer or None, not %T", v);
    }
    return fd_value(v, fd);
}

bool
posix_retry(void)
{
    if (safepoint(thread_self()) < 0) {
        errno = 0;
        return false;
    }
    return true;
}

int
posix_status(int64_t result)
{
    if (result == -1) {
        if (errno) {
            raise_errno(errno);
        }
        return -1;
    }
    return 0;
}

/* OSError with two file names. Returns 0. */
Own
raise_errno_two_paths(int error, Value first, Value second)
{
    Own text = str_from_cstr(strerror(error));
    Value args[] = {small_int(error), text, first, NONE, second};
    Own exc = text ? object_call(VALUE(&exc_OSError), args, 5, NO_VALUE) : NO_VALUE;
    drop_opt(text);
    if (exc) {
        raise_object(exc, NO_VALUE);
        drop(exc);
    }
    return NO_VALUE;
}
