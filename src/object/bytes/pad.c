/* Filling up bytes and bytearray to a width: center, ljust, rjust, zfill, expandtabs. */
#include "bytes_priv.h"
#include "object/args.h"

/* The fill byte, ' ' when absent. fail: -1 + TypeError */
static int
fill_argument(const char *function, Value v)
{
    if (!v) {
        return ' ';
    }
    bool array = is_bytearray(v);
    if (!is_bytes(v) && !array) {
        args_type_error(function, 2, "", "a byte string of length 1", v);
        return -1;
    }
    SelfSpan s;
    Span fill = self_enter(&s, v);
    int64_t n = fill.length;
    int byte = n == 1 ? fill.data[0] : -1;
    self_leave(&s);
    return n == 1 ? byte
                  : raise_int(&exc_TypeError,
                              "%s(): argument 2 must be a byte string of length 1, not a %s object "
                              "of length %zd",
                              function, array ? "bytearray" : "bytes", n);
}

/* lock: between self_enter and self_leave */
static Own
padded(Value self, Span mine, int64_t left, int64_t right, uint8_t fill)
{
    int64_t total;
    uint8_t *to;
    left = left < 0 ? 0 : left;
    right = right < 0 ? 0 : right;
    if (left == 0 && right == 0) {
        return bytes_like_same(self, mine);
    }
    if (__builtin_add_overflow(left, right, &total) ||
        __builtin_add_overflow(total, mine.length, &total)) {
        return raise_no_memory();
    }
    Own result = bytes_like_new(self, total, &to);
    if (result) {
        memset(to, fill, (size_t)left);
        memcpy(to + left, mine.data, (size_t)mine.length);
        memset(to + left + mine.length, fill, (size_t)right);
    }
    return result;
}

/* sides: how much of the filling goes to the left. */
static Own
justify(Value self, const char *function, int64_t width, Value fillchar, int sides)
{
    int fill = fill_argument(function, fillchar);
    if (fill < 0) {
        return NO_VALUE;
    }
    SelfSpan s;
    Span mine = self_enter(&s, self);
    int64_t more = width > mine.length ? width - mine.length : 0;
    int64_t left = sides == STRIP_LEFT    ? more
                   : sides == STRIP_RIGHT ? 0
                                          : more / 2 + (more & width & 1);
    Own result = padded(self, mine, left, more - left, (uint8_t)fill);
    self_leave(&s);
    return result;
}

Own
bytelike_py_center(Value self, int64_t width, Value fillchar)
{
    return justify(self, "center", width, fillchar, STRIP_LEFT | STRIP_RIGHT);
}

Own
bytelike_py_ljust(Value self, int64_t width, Value fillchar)
{
    return justify(self, "ljust", width, fillchar, STRIP_RIGHT);
}

Own
bytelike_py_rjust(Value self, int64_t width, Value fillchar)
{
    return justify(self, "rjust", width, fillchar, STRIP_LEFT);
}

Own
bytelike_py_zfill(Value self, int64_t width)
{
    SelfSpan s;
    Span mine = self_enter(&s, self);
    int64_t more = width > mine.length ? width - mine.length : 0;
    Own result = padded(self, mine, more, 0, '0');
    if (result && more && mine.length &&
        (mine.data[0] == '+' || mine.data[0] == '-')) { /* the sign goes before the zeros */
        uint8_t *to = is_bytes(result) ? as_bytes(result)->data : ((ByteArray *)obj(result))->data;
        to[0] = mine.data[0];
        to[more] = '0';
    }
    self_leave(&s);
    return result;
}

static Own
expand_tabs(Value self, Span mine, int tabsize)
{
    ByteBuilder b;
    byte_builder_init(&b);
    int64_t column = 0;
    for (int64_t i = 0; i < mine.length && !b.failed; i++) {
        uint8_t c = mine.data[i];
        if (c != '\t') {
            column = c == '\n' || c == '\r' ? 0 : column + 1;
            byte_builder_byte(&b, c);
        } else if (tabsize > 0) {
            int64_t spaces = tabsize - column % tabsize;
            column += spaces;
            uint8_t *to = byte_builder_room(&b, spaces);
            if (to) {
                memset(to, ' ', (size_t)spaces);
                b.length += spaces;
            }
        }
    }
    return is_bytes(self) ? byte_builder_finish(&b) : byte_builder_finish_bytearray(&b);
}

Own
bytelike_py_expandtabs(Value self, int tabsize)
{
    SelfSpan s;
    Own result = expand_tabs(self, self_enter(&s, self), tabsize);
    self_leave(&s);
    return result;
}
