/* OSError: OSError(errno, strerror, filename, winerror, filename2) picks the subclass by errno and
 * keeps the names of files out of args.
 *
 * Arguments are parsed in __new__, for the class depends on them; a subclass that defines __init__
 * but not __new__ has them parsed by OSError.__init__, so that it can change them first.
 *
 * Threads: as in baseexception.c; `written` is atomic. */
#include <errno.h>

#include "object/exception/exception_priv.h"
#include "object/str.h"
#include "object/tuple.h"

#include "oserror.spec.h"

static const struct {
    int error;
    Type *type;
} subclass_by_errno[] = {
    {EAGAIN, &exc_BlockingIOError},
    {EALREADY, &exc_BlockingIOError},
    {EINPROGRESS, &exc_BlockingIOError},
    {EWOULDBLOCK, &exc_BlockingIOError},
    {EPIPE, &exc_BrokenPipeError},
    {ESHUTDOWN, &exc_BrokenPipeError},
    {ECHILD, &exc_ChildProcessError},
    {ECONNABORTED, &exc_ConnectionAbortedError},
    {ECONNREFUSED, &exc_ConnectionRefusedError},
    {ECONNRESET, &exc_ConnectionResetError},
    {EEXIST, &exc_FileExistsError},
    {ENOENT, &exc_FileNotFoundError},
    {EISDIR, &exc_IsADirectoryError},
    {ENOTDIR, &exc_NotADirectoryError},
    {EINTR, &exc_InterruptedError},
    {EACCES, &exc_PermissionError},
    {EPERM, &exc_PermissionError},
    {ESRCH, &exc_ProcessLookupError},
    {ETIMEDOUT, &exc_TimeoutError},
};

static Type *
class_for_errno(Value error)
{
    int64_t number;
    if (is_int(error) && int_as_i64(error, &number)) {
        for (size_t i = 0; i < ARRAY_LEN(subclass_by_errno); i++) {
            if (subclass_by_errno[i].error == number) {
                return subclass_by_errno[i].type;
            }
        }
    }
    return &exc_OSError;
}

static int os_error_init(Value self, Value const *args, size_t nargs, Value kwnames);
static Own os_error_create(Type *type, Value const *args, size_t nargs, Value kwnames);

static bool
parsed_by_init(const Type *type)
{
    return type->slots.init != os_error_init && type->slots.create == os_error_create;
}

static int
refuse_keywords(const Type *type, Value kwnames)
{
    if (kwnames && as_tuple(kwnames)->length) {
        return raise_int(&exc_TypeError, "%N() takes no keyword arguments", type);
    }
    return 0;
}

/* object_as_ssize, with ValueError for what does not fit. */
static int
as_written(Value v, int64_t *out)
{
    *out = object_as_ssize(v);
    if (*out == -1 && exc_pending()) {
        if (exc_swallow(&exc_OverflowError)) {
            raise_fmt(&exc_ValueError, "cannot fit '%T' into an index-sized integer", v);
        }
        return -1;
    }
    return 0;
}

static void
set_written(OsException *e, int64_t n)
{
    __atomic_store_n(&e->written, n, __ATOMIC_RELAXED);
}

static bool
is_number(Value v)
{
    const TypeSlots *slots = &type_of(v)->slots;
    return is_immediate(v) || slots->index || slots->to_int || slots->to_float;
}

/* Fills the fields from the arguments. fail: -1 */
static int
os_error_parse(OsException *e, Value const *args, size_t nargs)
{
    size_t kept = nargs;
    if (nargs >= 2 && nargs <= 5) {
        exception_store(&e->base, &e->myerrno, own(args[0]));
        exception_store(&e->base, &e->strerror, own(args[1]));
        Value filename = nargs > 2 ? args[2] : NONE;
        if (filename != NONE && type_of(VALUE(e)) == &exc_BlockingIOError && is_number(filename)) {
            int64_t written;
            if (as_written(filename, &written) < 0) {
                return -1;
            }
            set_written(e, written);
        } else if (filename != NONE) {
            exception_store(&e->base, &e->filename, own(filename));
            if (nargs == 5 && args[4] != NONE) {
                exception_store(&e->base, &e->filename2, own(args[4]));
            }
            kept = 2;
        }
    }
    return exception_store_args(&e->base, args, kept);
}

static Own
os_error_create(Type *type, Value const *args, size_t nargs, Value kwnames)
{
    bool later = parsed_by_init(type);
    if (!later) {
        if (refuse_keywords(type, kwnames) < 0) {
            return NO_VALUE;
        }
        if (type == &exc_OSError && nargs >= 2 && nargs <= 5) {
            type = class_for_errno(args[0]);
        }
    }
    Own exc = type_alloc(type, 0);
    if (!exc) {
        return NO_VALUE;
    }
    OsException *e = (OsException *)obj(exc);
    e->written = -1;
    ref_init(&e->base.head, &e->base.args, own(tuple_empty));
    if (!later && os_error_parse(e, args, nargs) < 0) {
        drop(exc);
        return NO_VALUE;
    }
    return exc;
}

static int
os_error_init(Value self, Value const *args, size_t nargs, Value kwnames)
{
    Type *type = type_of(self);
    if (!parsed_by_init(type)) {
        return 0;
    }
    return refuse_keywords(type, kwnames) < 0
               ? -1
               : os_error_parse((OsException *)obj(self), args, nargs);
}

EXCEPTION_FIELD(os_error, OsException, strerror)
EXCEPTION_FIELD(os_error, OsException, filename)
EXCEPTION_FIELD(os_error, OsException, filename2)

#undef errno /* a macro of the C library; the attribute's functions need the plain name */
Own
os_error_get_errno(OsException *self)
{
    return exception_field_get(&self->base, &self->myerrno);
}

int
os_error_set_errno(OsException *self, Value value)
{
    return exception_field_set(&self->base, &self->myerrno, value);
}

Own
os_error_get_characters_written(OsException *self)
{
    int64_t n = __atomic_load_n(&self->written, __ATOMIC_RELAXED);
    return n == -1 ? raise_msg(&exc_AttributeError, "characters_written") : int_from_i64(n);
}

int
os_error_set_characters_written(OsException *self, Value value)
{
    int64_t n = -1;
    if (!value) {
        if (__atomic_load_n(&self->written, __ATOMIC_RELAXED) == -1) {
            return raise_int(&exc_AttributeError, "characters_written");
        }
    } else if (as_written(value, &n) < 0) {
        return -1;
    }
    set_written(self, n);
    return 0;
}

static Own
os_error_str(Value v)
{
    OsException *e = (OsException *)obj(v);
    Own number = ref_load(&e->base.head, &e->myerrno),
        reason = ref_load(&e->base.head, &e->strerror);
    Own filename = ref_load(&e->base.head, &e->filename),
        filename2 = ref_load(&e->base.head, &e->filename2);
    Value shown_number = number ? number : NONE, shown_reason = reason ? reason : NONE;
    Own text;
    if (filename && filename2) {
        text = str_fmt("[Errno %S] %S: %R -> %R", shown_number, shown_reason, (Value)filename,
                       (Value)filename2);
    } else if (filename) {
        text = str_fmt("[Errno %S] %S: %R", shown_number, shown_reason, (Value)filename);
    } else if (number && reason) {
        text = str_fmt("[Errno %S] %S", shown_number, shown_reason);
    } else {
        text = exception_str(v);
    }
    drop_opt(number);
    drop_opt(reason);
    drop_opt(filename);
    drop_opt(filename2);
    return text;
}

/* Puts the file names back where the constructor expects them. */
static Own
full_args(OsException *e)
{
    Own args = exc_get_args(VALUE(e));
    Own filename = ref_load(&e->base.head, &e->filename),
        filename2 = ref_load(&e->base.head, &e->filename2);
    if (as_tuple(args)->length == 2 && filename) {
        Value number = tuple_item(args, 0), reason = tuple_item(args, 1);
        Own full = filename2 ? tuple_pack(5, number, reason, (Value)filename, (Value)NONE,
                                          (Value)filename2)
                             : tuple_pack(3, number, reason, (Value)filename);
        drop(args);
        args = full;
    }
    drop_opt(filename);
    drop_opt(filename2);
    return args;
}

Own
os_error_py___reduce__(OsException *self)
{
    Own dict;
    if (exception_attributes(VALUE(self), &dict) < 0) {
        return NO_VALUE;
    }
    return exception_reduce(VALUE(self), full_args(self), dict);
}

EXCEPTION_LIFE(os_exception, 4)

Type exc_OSError = {
    .name = "OSError",
    .base = &exc_Exception,
    .flags = EXCEPTION_FLAGS,
    .basic_size = sizeof(OsException),
    .dict_offset = sizeof(OsException),
    .slots =
        {
            EXCEPTION_LIFE_SLOTS(os_exception),
            .create = os_error_create,
            .init = os_error_init,
            .str = os_error_str,
        },
    .methods = os_error_methods,
    .getsets = os_error_getsets,
    .spec_doc = os_error_doc,
};
