/* TextIOWrapper: the type, its life, attributes, and reconfigure(). text_priv.h says how it works.
 */
#include "module/io/text_priv.h"

#include <langinfo.h>

#include "module/sys/config.h"
#include "object/type.h"
#include "object/codec.h"
#include "object/exception.h"

#include "text.spec.h"

int
text_check_ready(TextObject *self)
{
    if (self->ready) {
        return 0;
    }
    return raise_int(&exc_ValueError, self->detached ? "underlying buffer has been detached"
                                                     : "I/O operation on uninitialized object");
}

static int
check_open(TextObject *self)
{
    Own buffer = text_buffer(self);
    int status = buffer ? io_check_open(buffer) : -1;
    drop_opt(buffer);
    return status;
}

/* Others may close the file before the lock is taken, and then nobody would write the text of this thread: so it is asked behind that, too, or, of a file
 * that nobody is at work on, only there. */
int
text_begin(TextObject *self)
{
    bool is_free = obj_is_contended(&self->head) && atomic_load(&self->lock.owner) == 0;
    if ((!is_free && check_open(self) < 0) || text_enter(self) < 0) {
        return -1;
    }
    if (obj_is_contended(&self->head) && check_open(self) < 0) {
        text_end(self);
        return -1;
    }
    return 0;
}

/* Takes the lock, ready or not. fail: -1 */
static int
text_lock(TextObject *self)
{
    if (call_lock_is_mine(&self->lock)) { /* a layer below calls back: as in a function */
        self->depth++;
        return 0;
    }
    if (io_lock(&self->lock, VALUE(self)) < 0) {
        return -1;
    }
    self->depth = 0; /* or that of a thread which a fork has left behind */
    return 0;
}

int
text_enter(TextObject *self)
{
    if (text_check_ready(self) < 0 || text_lock(self) < 0) {
        return -1;
    }
    if (text_check_ready(self) < 0) { /* another thread has detached the buffer */
        text_end(self);
        return -1;
    }
    return 0;
}

void
text_end(TextObject *self)
{
    if (self->depth) {
        self->depth--;
    } else {
        call_unlock(&self->lock);
    }
}

/* -- closing -- */

/* Another thread has closed the file since this one looked. */
static bool
closed_meanwhile(TextObject *self, Value buffer)
{
    int closed = obj_is_contended(&self->head) ? io_is_closed(buffer) : 0;
    if (closed < 0) {
        exc_clear();
    }
    return closed > 0;
}

static int
close_buffer(TextObject *self, Value buffer)
{
    if (self->finalizing) {
        Own warned = call_method1(buffer, "_dealloc_warn", VALUE(self));
        drop_opt(warned);
        exc_clear();
    }
    Own flushed = call_method0(VALUE(self), "flush");
    Own pending = flushed ? NO_VALUE : exc_take();
    drop_opt(flushed);
    bool locked = text_lock(self) == 0; /* so that nobody writes what would not be written out */
    if (locked && closed_meanwhile(self, buffer)) { /* flush() may have found it closed: closing twice is allowed */
        text_end(self);
        if (!pending || type_of(pending) == &exc_ValueError) {
            drop_opt(pending);
            return 0;
        }
        exc_restore(pending);
        return -1;
    }
    if (locked && !pending && self->ready && self->buffer == buffer && text_flush_pending(self) < 0) {
        pending = exc_take(); /* of what came since flush() */
    }
    Own done = locked ? call_method0(buffer, "close") : NO_VALUE;
    drop_opt(done);
    if (locked) {
        text_end(self);
    }
    if (!pending) {
        return done ? 0 : -1;
    }
    if (!done) { /* both failed: the first one is the context of the second */
        Own second = exc_take();
        if (!as_exception(second)->context) {
            exc_set_context(second, pending);
        } else {
            drop(pending);
        }
        pending = second;
    }
    exc_restore(pending);
    return -1;
}

int
io_text_py_close(TextObject *self)
{
    Own buffer = text_check_ready(self) < 0 ? NO_VALUE : ref_load(&self->head, &self->buffer);
    if (!buffer) { /* detached, maybe by another thread just now */
        return text_check_ready(self);
    }
    int status = io_is_closed(buffer);
    if (status == 0 && !self->detached) {
        status = close_buffer(self, buffer);
    }
    drop(buffer);
    return status < 0 ? -1 : 0;
}

Own
io_text_py_detach(TextObject *self)
{
    if (text_check_ready(self) < 0) {
        return NO_VALUE;
    }
    Own flushed = call_method0(VALUE(self), "flush");
    drop_opt(flushed);
    if (!flushed || text_enter(self) < 0) {
        return NO_VALUE;
    }
    if (text_flush_pending(self) < 0 || text_check_ready(self) < 0) { /* what came since flush() */
        text_end(self);
        return NO_VALUE;
    }
    self->ready = false;
    self->detached = true;
    bool inside = self->depth > 0; /* whoever is at work on the buffer goes on with it */
    Own buffer = inside ? own(self->buffer) : ref_swap(&self->head, &self->buffer, NO_VALUE);
    text_end(self);
    return buffer;
}

/* -- the buffer's own answers -- */

Own
text_buffer(TextObject *self)
{
    Own buffer = text_check_ready(self) < 0 ? NO_VALUE : ref_load(&self->head, &self->buffer);
    if (!buffer && !exc_pending()) { /* detached by another thread just now */
        (void)!text_check_ready(self);
    }
    return buffer;
}

static Own
buffer_attribute(TextObject *self, Value name)
{
    Own buffer = text_buffer(self), value = buffer ? object_getattr(buffer, name) : NO_VALUE;
    drop_opt(buffer);
    return value;
}

#define ASK_BUFFER(name)                                                                           \
    Own io_text_py_##name(TextObject *self)                                                        \
    {                                                                                              \
        Own buffer = text_buffer(self);                                                            \
        Own answer = buffer ? call_method0(buffer, #name) : NO_VALUE;                              \
        drop_opt(buffer);                                                                          \
        return answer;                                                                             \
    }
ASK_BUFFER(seekable)
ASK_BUFFER(readable)
ASK_BUFFER(writable)
ASK_BUFFER(fileno)
ASK_BUFFER(isatty)

Own
io_text_py___getstate__(TextObject *self)
{
    return raise_fmt(&exc_TypeError, "cannot pickle '%s' instances", type_short_name(type_of(VALUE(self))));
}

Own
io_text_get_encoding(TextObject *self)
{
    Own v = ref_load(&self->head, &self->encoding);
    return v ? v : NONE;
}

Own
io_text_get_errors(TextObject *self)
{
    Own v = ref_load(&self->head, &self->errors);
    return v || text_check_ready(self) < 0 ? v : NONE;
}

Own
io_text_get_buffer(TextObject *self)
{
    Own v = self->detached ? NO_VALUE : ref_load(&self->head, &self->buffer);
    return v ? v : NONE;
}

Own
io_text_get_newlines(TextObject *self)
{
    return newlines_seen(self->newlines.seen);
}

Own
io_text_get_line_buffering(TextObject *self)
{
    return bool_value(self->line_buffering);
}

Own
io_text_get_write_through(TextObject *self)
{
    return bool_value(self->write_through);
}

Own
io_text_get_closed(TextObject *self)
{
    return buffer_attribute(self, NAME(closed));
}

Own
io_text_get_name(TextObject *self)
{
    return buffer_attribute(self, NAME(name));
}

Own
io_text_get__CHUNK_SIZE(TextObject *self)
{
    if (text_enter(self) < 0) {
        return NO_VALUE;
    }
    int64_t n = self->chunk_size;
    text_end(self);
    return int_from_i64(n);
}

int
io_text_set__CHUNK_SIZE(TextObject *self, Value value)
{
    if (!value) {
        return raise_int(
            &exc_AttributeError,
            "attribute '_CHUNK_SIZE' of '_io.TextIOWrapper' objects cannot be deleted");
    }
    int64_t n = object_as_ssize(value);
    if (n <= 0) {
        if (exc_pending() && exc_swallow(&exc_OverflowError)) {
            return raise_int(&exc_ValueError, "cannot fit '%T' into an index-sized integer", value);
        }
        return exc_pending()
                   ? -1
                   : raise_int(&exc_ValueError, "a strictly positive integer is required");
    }
    if (text_enter(self) < 0) {
        return -1;
    }
    self->chunk_size = n;
    text_end(self);
    return 0;
}

Own
io_text_get__finalizing(TextObject *self)
{
    return bool_value(self->finalizing);
}

int
io_text_set__finalizing(TextObject *self, Value value)
{
    return io_set_finalizing(&self->finalizing, value);
}

/* -- making -- */

static int
set_newline(TextObject *self, Value newline, const char *function)
{
    if (newline != NONE && !is_str(newline)) {
        return raise_int(&exc_TypeError, "%s() argument 'newline' must be str or None, not %T",
                         function, newline);
    }
    const char *nl = newline == NONE ? NULL : str_utf8(newline, NULL);
    if (newline != NONE && !nl) {
        return -1;
    }
    if (nl && strcmp(nl, "") != 0 && strcmp(nl, "\n") != 0 && strcmp(nl, "\r") != 0 &&
        strcmp(nl, "\r\n") != 0) {
        return raise_int(&exc_ValueError, "illegal newline value: %S", newline);
    }
    self->universal = !nl || !*nl;
    self->newlines.translate = !nl;
    self->write_translate = !nl || *nl;
    strcpy(self->read_newline, nl ? nl : "");
    strcpy(self->write_newline, nl && strcmp(nl, "\n") != 0 ? nl : "");
    return 0;
}

static int
ask(Value v, const char *method)
{
    Own able = call_method0(v, method);
    int truth = able ? object_truth(able) : -1;
    drop_opt(able);
    return truth;
}

/* The encoding of the locale. own: ret new */
static Own
locale_encoding(void)
{
    const char *name = run_config.utf8_mode ? "utf-8" : nl_langinfo(CODESET);
    return str_from_cstr(name && *name ? name : "utf-8");
}

/* A position other than 0: no byte order mark is to be written. fail: -1 */
static int
fix_encoder(TextObject *self)
{
    if (!self->seekable || !self->encoder) {
        return 0;
    }
    Own at = text_call0(self->buffer, "tell");
    int same = at ? object_equal(at, small_int(0)) : -1;
    drop_opt(at);
    return same < 0 ? -1 : same ? 0 : text_reset_encoder(self, false);
}

static int
check_str_or_none(Value v, const char *function, const char *name)
{
    if (v != NONE && !is_str(v)) {
        return raise_int(&exc_TypeError, "%s() argument '%s' must be str or None, not %T", function,
                         name, v);
    }
    size_t length;
    return v == NONE || str_utf8(v, &length) ? 0 : -1;
}

static int
default_encoding_warning(void)
{
    return run_config.warn_default_encoding
               ? warn_fmt(&exc_EncodingWarning, 1, "'encoding' argument not specified")
               : 0;
}

static void
start_fresh(TextObject *self)
{
    text_set_decoded(self, NO_VALUE);
    text_set_chunk(self, NO_VALUE, 0);
    ref_clear(&self->left);
    ref_clear(&self->encoder);
    ref_clear(&self->decoder);
    self->pending_used = 0;
    self->newlines.seen = 0;
    self->newlines.pending_cr = false;
    self->bytes_per_char = 0;
    self->chunk_size = 8192;
}

/* lock: held */
static int
init_locked(TextObject *self, Value buffer, Value encoding, Value errors, Value newline,
            bool line_buffering, bool write_through)
{
    self->ready = self->detached = false;
    if (check_str_or_none(encoding, "TextIOWrapper", "encoding") < 0 ||
        check_str_or_none(errors, "TextIOWrapper", "errors") < 0 ||
        set_newline(self, newline, "TextIOWrapper") < 0 ||
        (encoding == NONE && default_encoding_warning() < 0)) {
        return -1;
    }
    if (UNLIKELY(codec_checks_names) && errors != NONE) {
        const char *mode = str_utf8(errors, NULL);
        if (!mode || codec_check_names(NULL, mode) < 0) {
            return -1;
        }
    }
    bool by_locale = encoding == NONE || str_equals_cstr(encoding, "locale");
    Own name = by_locale ? locale_encoding() : own(encoding);
    if (!name) {
        return -1;
    }
    start_fresh(self);
    ref_store(&self->head, &self->encoding, name);
    ref_store(&self->head, &self->errors, errors == NONE ? own(NAME(strict)) : own(errors));
    ref_store(&self->head, &self->buffer, own(buffer));
    self->line_buffering = line_buffering;
    self->write_through = write_through;
    int readable = ask(buffer, "readable"), writable = readable < 0 ? -1 : ask(buffer, "writable");
    if (writable < 0) {
        return -1;
    }
    self->readable = readable;
    self->writable = writable;
    if (text_choose_coding(self) < 0) {
        return -1;
    }
    int seekable = ask(buffer, "seekable");
    if (seekable < 0) {
        return -1;
    }
    self->seekable = seekable;
    self->telling = seekable;
    if (fix_encoder(self) < 0) {
        return -1;
    }
    self->ready = true;
    return 0;
}

int
io_text_init(TextObject *self, Value buffer, Value encoding, Value errors, Value newline,
             bool line_buffering, bool write_through)
{
    if (text_lock(self) < 0) {
        return -1;
    }
    int status = init_locked(self, buffer, encoding, errors, newline, line_buffering, write_through);
    text_end(self);
    return status;
}

/* An argument of reconfigure() that is a truth value or None. fail: -1 */
static int
flag_or(Value v, bool otherwise)
{
    if (v == NONE) {
        return otherwise;
    }
    int n = object_as_int(v);
    return n == -1 && exc_pending() ? -1 : n != 0;
}

static int
change_coding(TextObject *self, Value encoding, Value errors)
{
    if (encoding == NONE && errors == NONE) {
        return 0;
    }
    Own name = encoding == NONE                      ? own(self->encoding)
               : str_equals_cstr(encoding, "locale") ? locale_encoding()
                                                     : own(encoding);
    if (!name) {
        return -1;
    }
    Own mode = errors != NONE     ? own(errors)
               : encoding == NONE ? own(self->errors)
                                  : own(NAME(strict));
    Own old_name = ref_swap(&self->head, &self->encoding, name);
    Own old_mode = ref_swap(&self->head, &self->errors, mode);
    int status = text_choose_coding(self);
    if (status < 0) { /* as it was */
        if (exc_matches(&exc_ValueError) && !exc_matches(&exc_UnicodeError) &&
            !exc_matches(&exc_LookupError)) { /* a NUL */
            exc_clear();
            raise_fmt(&exc_LookupError, "unknown encoding: %U", (Value)self->encoding);
        }
        Own failure = exc_take();
        ref_store(&self->head, &self->encoding, old_name);
        ref_store(&self->head, &self->errors, old_mode);
        if (text_choose_coding(self) < 0) {
            exc_clear();
        }
        exc_restore(failure);
        return -1;
    }
    drop_opt(old_name);
    drop_opt(old_mode);
    return fix_encoder(self);
}

/* lock: held */
static int
reconfigure_locked(TextObject *self, Value encoding, Value errors, Value newline,
                   Value line_buffering, Value write_through)
{
    if (self->decoded && (encoding != NONE || errors != NONE || newline)) {
        io_raise_unsupported("It is not possible to set the encoding or newline of stream after "
                             "the first read");
        return -1;
    }
    if (check_str_or_none(encoding, "reconfigure", "encoding") < 0 ||
        check_str_or_none(errors, "reconfigure", "errors") < 0) {
        return -1;
    }
    int lines = flag_or(line_buffering, self->line_buffering);
    int through = lines < 0 ? -1 : flag_or(write_through, self->write_through);
    if (through < 0) {
        return -1;
    }
    Own flushed = call_method0(VALUE(self), "flush");
    drop_opt(flushed);
    if (!flushed || (newline && set_newline(self, newline, "reconfigure") < 0) ||
        change_coding(self, encoding, errors) < 0) {
        return -1;
    }
    self->line_buffering = lines;
    self->write_through = through;
    return 0;
}

int
io_text_py_reconfigure(TextObject *self, Value encoding, Value errors, Value newline,
                       Value line_buffering, Value write_through)
{
    if (text_enter(self) < 0) {
        return -1;
    }
    int status = reconfigure_locked(self, encoding, errors, newline, line_buffering, write_through);
    text_end(self);
    return status;
}

static Own
text_repr(Value v)
{
    TextObject *self = as_text(v);
    Own encoding = ref_load(&self->head, &self->encoding);
    if (!encoding && text_check_ready(self) < 0) {
        return NO_VALUE;
    }
    int status = repr_enter(v);
    if (status) {
        drop_opt(encoding);
        return status > 0 ? raise_fmt(&exc_RuntimeError, "reentrant call inside %T.__repr__", v)
                          : NO_VALUE;
    }
    StrBuilder b;
    str_builder_init(&b, 64);
    str_builder_fmt(&b, "<%T", v);
    static const char *const names[] = {"name", "mode"};
    for (int i = 0; i < 2; i++) {
        Own value;
        int found = object_lookup_attr_cstr(v, names[i], &value);
        if (found < 0) {
            exc_clear();
        } else if (found) {
            str_builder_fmt(&b, " %s=%R", names[i], (Value)value);
            drop(value);
        }
    }
    str_builder_fmt(&b, " encoding=%R>", encoding ? (Value)encoding : (Value)NONE);
    drop_opt(encoding);
    repr_leave(v);
    return str_builder_finish(&b);
}

static int
text_traverse(Object *o, Visit visit, void *arg)
{
    TextObject *self = (TextObject *)o;
    VISIT(self->buffer);
    VISIT(self->encoding);
    VISIT(self->errors);
    VISIT(self->encoder);
    VISIT(self->decoder);
    VISIT(self->decoded);
    VISIT(self->chunk);
    VISIT(self->left);
    return instance_attrs_traverse(o, visit, arg);
}

static void
text_clear(Object *o)
{
    TextObject *self = (TextObject *)o;
    self->ready = false;
    ref_clear(&self->buffer);
    ref_clear(&self->encoding);
    ref_clear(&self->errors);
    ref_clear(&self->encoder);
    ref_clear(&self->decoder);
    ref_clear(&self->decoded);
    ref_clear(&self->chunk);
    ref_clear(&self->left);
    instance_attrs_clear(o);
}

static void
text_dealloc(Object *o)
{
    text_clear(o);
    mem_free(((TextObject *)o)->pending);
    instance_attrs_free(o);
    object_free(o);
}

Type io_text_type = {
    .name = "_io.TextIOWrapper",
    .base = &io_textiobase_type,
    .flags = IO_FLAGS,
    .basic_size = sizeof(TextObject),
    .dict_offset = sizeof(TextObject),
    .slots =
        {
            .traverse = text_traverse,
            .clear = text_clear,
            .dealloc = text_dealloc,
            .init = io_text_init_slot,
            .repr = text_repr,
            .next = text_next,
        },
    .methods = io_text_methods,
    .getsets = io_text_getsets,
    .spec_doc = io_text_doc,
};
