/* The module _io: open() and what belongs to no class. */
#include "io_priv.h"
#include "module/sys/config.h"
#include "object/args.h"
#include "object/dict.h"

#include "_io.spec.h"

typedef struct OpenMode {
    bool creating, reading, writing, appending, updating, text, binary;
    char raw[8]; /* for FileIO */
} OpenMode;

static int
parse_mode(OpenMode *m, const char *mode)
{
    *m = (OpenMode){0};
    for (const char *c = mode; *c; c++) {
        bool *flag = *c == 'x' ? &m->creating : *c == 'r' ? &m->reading : *c == 'w' ? &m->writing : *c == 'a' ? &m->appending
                     : *c == '+' ? &m->updating : *c == 't' ? &m->text : *c == 'b' ? &m->binary : NULL;
        if (!flag || *flag) {
            return raise_int(&exc_ValueError, "invalid mode: '%s'", mode);
        }
        *flag = true;
    }
    if (m->text && m->binary) {
        return raise_int(&exc_ValueError, "can't have text and binary mode at once");
    }
    if (m->creating + m->reading + m->writing + m->appending > 1) {
        return raise_int(&exc_ValueError, "must have exactly one of create/read/write/append mode");
    }
    if (m->creating + m->reading + m->writing + m->appending == 0) {
        return raise_int(&exc_ValueError, "Must have exactly one of create/read/write/append mode and at most one plus");
    }
    char *at = m->raw;
    *at++ = m->creating ? 'x' : m->reading ? 'r' : m->writing ? 'w' : 'a';
    if (m->updating) {
        *at++ = '+';
    }
    return 0;
}

static int
check_binary(const OpenMode *m, Value encoding, Value errors, Value newline, int buffering)
{
    if (!m->binary) {
        return 0;
    }
    if (encoding != NONE) {
        return raise_int(&exc_ValueError, "binary mode doesn't take an encoding argument");
    }
    if (errors != NONE) {
        return raise_int(&exc_ValueError, "binary mode doesn't take an errors argument");
    }
    if (newline != NONE) {
        return raise_int(&exc_ValueError, "binary mode doesn't take a newline argument");
    }
    return buffering == 1 ? warn_fmt(&exc_RuntimeWarning, 1, "line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used") : 0;
}

static Own
open_raw(Value file, const OpenMode *m, bool closefd, Value opener)
{
    Own mode = str_from_cstr(m->raw);
    Value args[] = {file, mode, bool_value(closefd), opener};
    Own raw = mode ? object_call(VALUE(&io_fileio_type), args, 4, NO_VALUE) : NO_VALUE;
    drop_opt(mode);
    return raw;
}

/* The size of the buffer, and whether lines are flushed. fail: -1 */
static int
choose_buffering(Value raw, int *buffering, bool *lines)
{
    Own tty = *buffering < 0 ? call_method0(raw, "_isatty_open_only") : FALSE_VALUE;
    int is_tty = tty ? object_truth(tty) : -1;
    drop_opt(tty);
    *lines = *buffering == 1 || is_tty > 0;
    if (*buffering < 0 || *buffering == 1) {
        *buffering = IO_BUFFER_SIZE;
        Own block = object_getattr_cstr(raw, "_blksize");
        int64_t n = block ? object_as_ssize(block) : -1;
        drop_opt(block);
        if (n > IO_BUFFER_SIZE) {
            *buffering = n > 8 << 20 ? 8 << 20 : (int)n;
        }
    }
    return is_tty < 0 || exc_pending() ? -1 : 0;
}

/* Closes what was opened when a later step fails. Returns 0. */
static Own
abandon(Own file)
{
    Own pending = exc_take();
    Own done = call_method0(file, "close");
    drop_opt(done);
    exc_clear();
    exc_restore(pending);
    drop(file);
    return NO_VALUE;
}

Own
io_open_file(Value file, const char *mode, int buffering, Value encoding, Value errors, Value newline, bool closefd, Value opener)
{
    OpenMode m;
    bool lines;
    if (parse_mode(&m, mode) < 0 || check_binary(&m, encoding, errors, newline, buffering) < 0) {
        return NO_VALUE;
    }
    Own raw = open_raw(file, &m, closefd, opener);
    if (!raw) {
        return NO_VALUE;
    }
    if (buffering == 0) {
        return m.binary ? raw : (raise_msg(&exc_ValueError, "can't have unbuffered text I/O"), abandon(raw));
    }
    if (choose_buffering(raw, &buffering, &lines) < 0) {
        return abandon(raw);
    }
    Type *type = m.updating ? &io_random_type : m.reading ? &io_reader_type : &io_writer_type;
    Own buffer = call2(VALUE(type), raw, small_int(buffering));
    if (!buffer) {
        return abandon(raw);
    }
    drop(raw);
    if (m.binary) {
        return buffer;
    }
    Value args[] = {buffer, encoding, errors, newline, bool_value(lines)};
    Own text = object_call(VALUE(&io_text_type), args, 5, NO_VALUE);
    if (!text) {
        return abandon(buffer);
    }
    Own shown = str_from_cstr(mode);
    int status = shown ? object_setattr(text, NAME(mode), shown) : -1;
    drop_opt(shown);
    drop(buffer);
    return status < 0 ? abandon(text) : text;
}

Own
io_open(Value module UNUSED, Value file, const char *mode, int buffering, Value encoding, Value errors, Value newline, bool closefd, Value opener)
{
    return io_open_file(file, mode, buffering, encoding, errors, newline, closefd, opener);
}

Own
io_open_code(Value module UNUSED, Value path)
{
    return io_open_file(path, "rb", -1, NONE, NONE, NONE, true, NONE);
}

Own
io_text_encoding(Value module UNUSED, Value encoding, int stacklevel)
{
    if (encoding != NONE) {
        return own(encoding);
    }
    if (run_config.warn_default_encoding && warn_fmt(&exc_EncodingWarning, stacklevel, "'encoding' argument not specified") < 0) {
        return NO_VALUE;
    }
    return str_from_cstr(run_config.utf8_mode ? "utf-8" : "locale");
}

static int
io_exec(Value m)
{
    static Type *const types[] = {&io_iobase_type, &io_rawiobase_type, &io_bufferediobase_type, &io_textiobase_type, &io_fileio_type,
                                  &io_bytesio_type, &io_stringio_type, &io_reader_type, &io_writer_type, &io_random_type, &io_rwpair_type,
                                  &io_text_type, &io_newline_type, &io_bytes_buffer_type};
    /* class UnsupportedOperation(OSError, ValueError) */
    Own bases = tuple_pack(2, VALUE(&exc_OSError), VALUE(&exc_ValueError));
    Own ns = dict_new(), name = str_from_cstr("UnsupportedOperation"), module = str_from_cstr("io");
    if (bases && ns && name && module && dict_set(ns, NAME(__module__), module) == 0) {
        Value args[] = {name, bases, ns};
        io_unsupported = object_call(VALUE(&type_type), args, 3, NO_VALUE);
    }
    drop_opt(bases);
    drop_opt(ns);
    drop_opt(name);
    drop_opt(module);
    if (!io_unsupported || module_add(m, "UnsupportedOperation", own(io_unsupported)) < 0 ||
        module_add(m, "BlockingIOError", own(VALUE(&exc_BlockingIOError))) < 0 || module_add_int(m, "DEFAULT_BUFFER_SIZE", IO_BUFFER_SIZE) < 0) {
        return -1;
    }
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (module_add_type(m, types[i]) < 0) {
            return -1;
        }
    }
    return 0;
}

const ModuleDef module__io = {
    .name = "_io",
    .doc = io_module_doc,
    .functions = io_functions,
    .exec = io_exec,
};
