/* TextIOWrapper: reading, by size, by lines, to the end. */
#include "module/io/text_priv.h"

#include "object/exception.h"

void
text_set_decoded(TextObject *self, Own text)
{
    self->decoded_at = 0;
    if (text || self->decoded) {
        ref_store(&self->head, &self->decoded, text);
    }
}

void
text_set_chunk(TextObject *self, Own chunk, int64_t flags)
{
    self->chunk_flags = flags;
    if (chunk || self->chunk) {
        ref_store(&self->head, &self->chunk, chunk);
    }
}

/* What buffer.read1(size), or read(size), gives: bytes. own: ret new */
static Own
read_buffer(TextObject *self, int64_t size)
{
    Own read1, buffer = own(self->buffer), input = NO_VALUE;
    int found = object_lookup_attr(buffer, NAME(read1), &read1);
    if (found >= 0) {
        do {
            input = found ? call1(read1, small_int(size))
                          : call_method1(buffer, "read", small_int(size));
        } while (!input && exc_swallow(&exc_InterruptedError));
        drop_opt(read1);
    }
    drop(buffer);
    if (!input || is_bytes(input)) {
        return input;
    }
    Own plain = object_has_buffer(input) ? bytes_from_buffer(input) : NO_VALUE;
    if (!plain && !exc_pending()) {
        raise_fmt(&exc_TypeError,
                  "underlying %s() should have returned a bytes-like object, not '%T'",
                  found ? "read1" : "read", (Value)input);
    }
    drop(input);
    return plain;
}

/* Reads and decodes the next chunk. hint: characters wanted, 0 unknown. 1 some, 0 the end, -1 */
static int
read_chunk(TextObject *self, int64_t hint)
{
    Own kept = NO_VALUE;
    int64_t flags = 0, size = self->chunk_size;
    if (self->telling && text_state(self, &kept, &flags) < 0) {
        return -1;
    }
    if (hint > 0) {
        double guess = (self->bytes_per_char > 1 ? self->bytes_per_char : 1) * (double)hint;
        size = guess > (double)size && guess < 1e15 ? (int64_t)guess : size;
    }
    Own input = read_buffer(self, size);
    if (!input) {
        drop_opt(kept);
        return -1;
    }
    int64_t n = as_bytes(input)->length;
    bool end = n == 0;
    Own text = text_decode(self, input, end);
    if (!text) {
        drop(input);
        drop_opt(kept);
        return -1;
    }
    int64_t chars = as_str(text)->length;
    text_set_decoded(self, text);
    self->bytes_per_char = chars ? (double)n / (double)chars : 0.0;
    if (kept) {
        Own chunk = as_bytes(kept)->length ? text_join_bytes(kept, input) : own(input);
        drop(kept);
        if (!chunk) {
            drop(input);
            return -1;
        }
        text_set_chunk(self, chunk, flags);
    }
    drop(input);
    return chars > 0 || !end;
}

/* The next n characters, or as many as there are. own: ret new */
static Own
take(TextObject *self, int64_t n)
{
    int64_t ready = text_available(self);
    if (n > ready) {
        n = ready;
    }
    if (n == 0) {
        return own(str_empty);
    }
    if (self->decoded_at == 0 && n == ready) {
        self->decoded_at = n;
        return own(self->decoded);
    }
    Own text = str_substring(self->decoded, self->decoded_at, self->decoded_at + n);
    if (text) {
        self->decoded_at += n;
    }
    return text;
}

static Own
read_all_locked(TextObject *self)
{
    Own input = text_call0(self->buffer, "read");
    if (input == NONE) {
        return raise_msg(&exc_BlockingIOError, "Read returned None.");
    }
    if (input && !is_bytes(input)) {
        Own plain = object_has_buffer(input) ? bytes_from_buffer(input) : NO_VALUE;
        if (!plain && !exc_pending()) {
            raise_fmt(&exc_TypeError,
                      "underlying read() should have returned a bytes-like object, not '%T'",
                      (Value)input);
        }
        drop(input);
        input = plain;
    }
    Own rest = input ? text_decode(self, input, true) : NO_VALUE;
    drop_opt(input);
    if (!rest) {
        return NO_VALUE;
    }
    if (text_available(self)) {
        Own before = take(self, text_available(self));
        Own whole = before ? str_concat(before, rest) : NO_VALUE;
        drop_opt(before);
        drop(rest);
        rest = whole;
    }
    if (rest) {
        text_set_decoded(self, NO_VALUE);
        text_set_chunk(self, NO_VALUE, 0);
    }
    return rest;
}

static Own
read_n_locked(TextObject *self, int64_t n)
{
    if (text_available(self) >= n) {
        return take(self, n);
    }
    StrBuilder b;
    int64_t done = 0;
    str_builder_init(&b, n < 4096 ? n : 4096);
    while (done < n) {
        if (text_available(self) == 0) {
            int some = read_chunk(self, n - done);
            if (some < 0) {
                str_builder_discard(&b);
                return NO_VALUE;
            }
            if (!some) {
                break;
            }
        }
        Own text = take(self, n - done);
        if (!text) {
            str_builder_discard(&b);
            return NO_VALUE;
        }
        str_builder_str(&b, text);
        done += as_str(text)->length;
        drop(text);
    }
    return str_builder_finish(&b);
}

static int
ready_to_read(TextObject *self)
{
    return text_can_decode(self) < 0 ? -1 : text_flush_pending(self);
}

Own
io_text_py_read(TextObject *self, Value size)
{
    int64_t n = io_size(size);
    if (n == -2 || text_begin(self) < 0) {
        return NO_VALUE;
    }
    Own result = ready_to_read(self) < 0 ? NO_VALUE
                 : n < 0                 ? read_all_locked(self)
                                         : read_n_locked(self, n);
    text_end(self);
    return result;
}

/* -- lines -- */

/* Where in text[from:] a line ends (behind its newline), or -1. */
static int64_t
line_end(const TextObject *self, Value text, int64_t from)
{
    int64_t length = as_str(text)->length, at;
    if (!self->universal || self->newlines.translate) {
        const char *nl = self->universal ? "\n" : self->read_newline;
        if (nl[1] == 0) {
            at = str_find(text, str_from_char((uint8_t)nl[0]), from, length, 1);
            return at < 0 ? -1 : at + 1;
        }
        for (at = from; (at = str_find(text, str_from_char('\r'), at, length, 1)) >= 0; at++) {
            if (at + 1 < length && str_char_at(as_str(text), at + 1) == '\n') {
                return at + 2;
            }
        }
        return -1;
    }
    for (at = from; at < length; at++) {
        uint32_t c = str_char_at(as_str(text), at);
        if (c == '\n') {
            return at + 1;
        }
        if (c == '\r') {
            return at + 1 < length && str_char_at(as_str(text), at + 1) == '\n' ? at + 2 : at + 1;
        }
    }
    return -1;
}

/* The line began in earlier chunks with `before`: does its newline of two characters lie across? */
static bool
ends_across(const TextObject *self, Value before)
{
    int64_t n = as_str(before)->length;
    return !self->universal && self->read_newline[1] && n &&
           str_char_at(as_str(before), n - 1) == '\r' && text_available(self) &&
           str_char_at(as_str(self->decoded), self->decoded_at) == '\n';
}

/* A line, or at most `limit` characters of it unless that is negative. own: ret new */
static Own
readline_locked(TextObject *self, int64_t limit)
{
    Own line = NO_VALUE; /* what earlier chunks gave */
    for (;;) {
        if (text_available(self) == 0) {
            int some = read_chunk(self, 0);
            if (some <= 0) {
                if (some < 0) {
                    drop_opt(line);
                    return NO_VALUE;
                }
                text_set_decoded(self, NO_VALUE);
                text_set_chunk(self, NO_VALUE, 0);
                return line ? line : own(str_empty);
            }
            continue;
        }
        int64_t had = line ? as_str(line)->length : 0, from = self->decoded_at;
        int64_t stop =
            line && ends_across(self, line) ? from + 1 : line_end(self, self->decoded, from);
        int64_t n = stop < 0 ? text_available(self) : stop - from;
        bool done = stop >= 0;
        if (limit >= 0 && n >= limit - had) {
            n = limit - had;
            done = true;
        }
        Own part = take(self, n);
        if (line && part) {
            Own longer = str_append(line, part);
            drop(part);
            part = longer;
        } else if (line) {
            drop(line);
        }
        line = part;
        if (!line || done) {
            return line;
        }
    }
}

Own
io_text_py_readline(TextObject *self, Value size)
{
    int64_t limit = io_size(size);
    if (limit == -2 || text_begin(self) < 0) {
        return NO_VALUE;
    }
    Own line = ready_to_read(self) < 0 ? NO_VALUE : readline_locked(self, limit);
    text_end(self);
    return line;
}

/* The file's end: tell() works again. lock: held */
static void
iteration_over(TextObject *self)
{
    text_set_chunk(self, NO_VALUE, 0);
    self->telling = self->seekable;
}

static void
stop_telling(TextObject *self)
{
    if (atomic_load_explicit(&self->telling, memory_order_relaxed)) {
        self->telling = false;
    }
}

static Own
next_by_method(TextObject *self)
{
    stop_telling(self);
    Own line = call_method0(VALUE(self), "readline");
    if (line && !is_str(line)) {
        raise_fmt(&exc_OSError, "readline() should have returned a str object, not '%T'",
                  (Value)line);
        ref_clear(&line);
    }
    if (line && as_str(line)->length == 0) {
        ref_clear(&line);
        if (text_enter(self) == 0) {
            iteration_over(self);
            text_end(self);
        }
    }
    return line;
}

Own
text_next(Value v)
{
    TextObject *self = as_text(v);
    if (obj_shape(obj(v)) != io_text_type.root_shape) {
        return next_by_method(self);
    }
    if (text_begin(self) < 0) {
        return NO_VALUE;
    }
    stop_telling(self);
    Own line = ready_to_read(self) < 0 ? NO_VALUE : readline_locked(self, -1);
    if (line && as_str(line)->length == 0) {
        ref_clear(&line);
        iteration_over(self);
    }
    text_end(self);
    return line;
}
