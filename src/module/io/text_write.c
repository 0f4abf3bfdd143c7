/* TextIOWrapper: writing. */
#include "module/io/text_priv.h"

#include "object/exception.h"

/* Writes the first n bytes of what is pending. */
static int
flush_part(TextObject *self, int64_t n)
{
    if (n == 0) {
        return 0;
    }
    Own bytes = bytes_new(self->pending, (size_t)n), done;
    if (!bytes) {
        return -1;
    }
    self->pending_used -= n;
    memmove(self->pending, self->pending + n, (size_t)self->pending_used);
    do {
        Own buffer = own(self->buffer);
        done = call_method(NAME(write), (Value[]){buffer, bytes}, 2, NO_VALUE);
        drop(buffer);
    } while (!done && exc_swallow(&exc_InterruptedError));
    drop(bytes);
    drop_opt(done);
    return done ? 0 : -1;
}

int
text_flush_pending(TextObject *self)
{
    return flush_part(self, self->pending_used);
}

/* The last n bytes pending are too long to be written together with what comes first: that
 * goes alone, and with it what a layer below writes here meanwhile. */
static int
flush_before(TextObject *self, int64_t n)
{
    int64_t before = self->pending_used - n;
    Own rest = bytes_new(self->pending + before, (size_t)n);
    if (!rest) {
        return -1;
    }
    self->pending_used = before;
    int status = 0;
    while (status == 0 && self->pending_used && self->pending_used + n > self->chunk_size) {
        status = text_flush_pending(self);
    }
    uint8_t *to = status == 0 ? text_pending_room(self, n) : NULL;
    if (to) {
        memcpy(to, as_bytes(rest)->data, (size_t)n);
        self->pending_used += n;
    }
    drop(rest);
    return to ? 0 : -1;
}

static bool
has_char(Value text, char c)
{
    const Str *s = as_str(text);
    if (s->width == 1) {
        return memchr(s->data, c, (size_t)s->length) != NULL;
    }
    return str_find(text, str_from_char((uint8_t)c), 0, s->length, 1) >= 0;
}

/* The text with its newlines as they are to be written. own: ret new */
static Own
translated(TextObject *self, Value text)
{
    Own to = str_from_cstr(self->write_newline);
    Own result = to ? str_replace(text, str_from_char('\n'), to, -1) : NO_VALUE;
    drop_opt(to);
    return result;
}

static int
write_locked(TextObject *self, Value text)
{
    if (!self->writable || (self->encode_kind == BY_CODEC && !self->encoder)) {
        io_raise_unsupported("not writable");
        return -1;
    }
    bool translate = self->write_translate && self->write_newline[0];
    bool newline = (translate || self->line_buffering) && has_char(text, '\n');
    bool flush_line = self->line_buffering && (newline || has_char(text, '\r'));
    Own out = newline && translate ? translated(self, text) : own(text);
    int64_t n = out ? text_encode(self, out) : -1, before = self->pending_used - n;
    drop_opt(out);
    if (n < 0) {
        return -1;
    }
    int status = 0;
    if (before && self->pending_used > self->chunk_size) {
        status = flush_before(self, n);
    }
    if (status == 0 &&
        (self->pending_used >= self->chunk_size || flush_line || self->write_through)) {
        status = text_flush_pending(self);
    }
    if (status == 0 && flush_line) {
        Own done = text_call0(self->buffer, "flush");
        drop_opt(done);
        status = done ? 0 : -1;
    }
    if (self->chunk) { /* reading goes on where the file stands; where it has no position, with what
                          was read */
        text_set_decoded(self, NO_VALUE);
        text_set_chunk(self, NO_VALUE, 0);
        ref_clear(&self->left);
    }
    if (self->decoder && status == 0) {
        uint8_t seen = self->newlines.seen;
        status = text_reset_decoder(self);
        self->newlines.seen = seen;
    }
    return status;
}

Own
io_text_py_write(TextObject *self, Value text)
{
    if (text_begin(self) < 0) {
        return NO_VALUE;
    }
    int status = write_locked(self, text);
    text_end(self);
    return status < 0 ? NO_VALUE : int_from_i64(as_str(text)->length);
}

int
io_text_py_flush(TextObject *self)
{
    if (text_begin(self) < 0) {
        return -1;
    }
    self->telling = self->seekable;
    Own done = text_flush_pending(self) < 0 ? NO_VALUE : text_call0(self->buffer, "flush");
    drop_opt(done);
    text_end(self);
    return done ? 0 : -1;
}

int
io_text_write_out(Value file)
{
    TextObject *self = as_text(file);
    if (type_of(file) != &io_text_type || io_lock(&self->lock, file) < 0) {
        exc_clear();
        return -1;
    }
    int status = self->ready ? io_writer_write_out(self->buffer, self->pending, self->pending_used) : -1;
    self->pending_used = status < 0 ? self->pending_used : 0;
    call_unlock(&self->lock);
    return status;
}
