/* IncrementalNewlineDecoder, and the work that it shares with TextIOWrapper. A decoder is guarded by its critical section. */
#include "newline.h"

#include "heap/critical.h"
#include "io_priv.h"
#include "object/args.h"

typedef struct NewlineDecoder {
    Object head;
    Own decoder; /* or None; NO_VALUE before __init__ */
    Newlines state;
} NewlineDecoder;

#include "newline.spec.h"

static void
newlines_note(Newlines *n, uint8_t what)
{
    if (!(atomic_load_explicit(&n->seen, memory_order_relaxed) & what)) {
        atomic_fetch_or_explicit(&n->seen, what, memory_order_relaxed);
    }
}

Own
newlines_apply(Newlines *n, Own text, bool final)
{
    if (!text) {
        return NO_VALUE;
    }
    const Str *s = as_str(text);
    int64_t length = s->length;
    bool held = n->pending_cr;
    Own cr = str_from_char('\r');
    if (!held && str_find(text, cr, 0, length, 1) < 0) { /* the common case */
        if (length && !(n->seen & SEEN_LF) && str_find(text, str_from_char('\n'), 0, length, 1) >= 0) {
            newlines_note(n, SEEN_LF);
        }
        return text;
    }
    if (held && length == 0 && !final) {
        return text;
    }
    StrBuilder b;
    str_builder_init(&b, length + 1);
    bool after_cr = held;
    for (int64_t i = 0; i < length; i++) {
        uint32_t c = str_char_at(s, i);
        if (after_cr) {
            after_cr = false;
            if (c == '\n') {
                newlines_note(n, SEEN_CRLF);
                if (!n->translate) {
                    str_builder_char(&b, '\r');
                }
                str_builder_char(&b, '\n');
                continue;
            }
            newlines_note(n, SEEN_CR);
            str_builder_char(&b, n->translate ? '\n' : '\r');
        }
        if (c == '\r') {
            after_cr = true;
            continue;
        }
        if (c == '\n') {
            newlines_note(n, SEEN_LF);
        }
        str_builder_char(&b, c);
    }
    n->pending_cr = after_cr && !final;
    if (after_cr && final) {
        newlines_note(n, SEEN_CR);
        str_builder_char(&b, n->translate ? '\n' : '\r');
    }
    drop(text);
    return str_builder_finish(&b);
}

Own
newlines_seen(uint8_t seen)
{
    static const char *const names[] = {"\r", "\n", "\r\n"};
    Own found[3];
    int n = 0;
    for (int i = 0; i < 3; i++) {
        if (seen & 1 << i) {
            found[n++] = str_from_cstr(names[i]);
        }
    }
    return n == 0 ? NONE : n == 1 ? found[0] : tuple_from_own(found, n);
}

int
io_newline_init(NewlineDecoder *self, Value decoder, bool translate, Value errors UNUSED)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    Own old = ref_swap(&self->head, &self->decoder, own(decoder));
    self->state.translate = translate;
    self->state.pending_cr = false;
    self->state.seen = 0;
    critical_leave(&section);
    drop_opt(old);
    return 0;
}

/* The decoder below, or None. own: ret new · fail: 0 + ValueError */
static Own
decoder_below(NewlineDecoder *self)
{
    Own decoder = ref_load(&self->head, &self->decoder);
    return decoder ? decoder : raise_msg(&exc_ValueError, "IncrementalNewlineDecoder.__init__() not called");
}

Own
io_newline_py_decode(NewlineDecoder *self, Value input, bool final)
{
    Own decoder = decoder_below(self);
    if (!decoder) {
        return NO_VALUE;
    }
    Own text = decoder == NONE ? own(input) : call_method2(decoder, "decode", input, bool_value(final));
    drop(decoder);
    if (text && !is_str(text)) {
        raise_fmt(&exc_TypeError, "decoder should return a string result, not '%T'", (Value)text);
        ref_clear(&text);
    }
    CriticalSection section;
    critical_enter(&section, &self->head);
    text = newlines_apply(&self->state, text, final);
    critical_leave(&section);
    return text;
}

Own
io_newline_py_getstate(NewlineDecoder *self)
{
    Own decoder = decoder_below(self);
    if (!decoder) {
        return NO_VALUE;
    }
    Own bytes = bytes_empty, flags = small_int(0);
    if (decoder != NONE) {
        Own state = call_method0(decoder, "getstate");
        drop(decoder);
        if (!state) {
            return NO_VALUE;
        }
        if (!is_tuple(state) || as_tuple(state)->length != 2 || !is_int(tuple_item(state, 1))) {
            drop(state);
            return raise_msg(&exc_TypeError, "illegal decoder state");
        }
        bytes = own(tuple_item(state, 0));
        flags = own(tuple_item(state, 1));
        drop(state);
    }
    Own moved = int_lshift(flags, small_int(1));
    drop(flags);
    CriticalSection section;
    critical_enter(&section, &self->head);
    bool pending_cr = self->state.pending_cr;
    critical_leave(&section);
    Own all = moved ? int_bitwise(moved, small_int(pending_cr), OP_OR) : NO_VALUE;
    drop_opt(moved);
    Own pair[] = {bytes, all};
    return all ? tuple_from_own(pair, 2) : (drop(bytes), NO_VALUE);
}

static void
set_pending_cr(NewlineDecoder *self, bool pending)
{
    CriticalSection section;
    critical_enter(&section, &self->head);
    self->state.pending_cr = pending;
    critical_leave(&section);
}

static int
set_state(NewlineDecoder *self, Value decoder, Value state)
{
    if (!is_tuple(state) || as_tuple(state)->length != 2 || !is_int(tuple_item(state, 1))) {
        return raise_int(&exc_TypeError, "state argument must be a tuple");
    }
    Own flags = int_rshift(tuple_item(state, 1), small_int(1));
    if (!flags) {
        return -1;
    }
    bool pending_cr = (object_as_uint64_mask(tuple_item(state, 1)) & 1) != 0;
    set_pending_cr(self, pending_cr);
    int status = 0;
    if (decoder != NONE) {
        Own inner = tuple_pack(2, tuple_item(state, 0), (Value)flags);
        Own done = inner ? call_method1(decoder, "setstate", inner) : NO_VALUE;
        status = done ? 0 : -1;
        drop_opt(inner);
        drop_opt(done);
    }
    drop(flags);
    return status;
}

int
io_newline_py_setstate(NewlineDecoder *self, Value state)
{
    Own decoder = decoder_below(self);
    if (!decoder) {
        return -1;
    }
    int status = set_state(self, decoder, state);
    drop(decoder);
    return status;
}

int
io_newline_py_reset(NewlineDecoder *self)
{
    Own decoder = decoder_below(self);
    if (!decoder) {
        return -1;
    }
    self->state.seen = 0;
    set_pending_cr(self, false);
    Own done = decoder == NONE ? NONE : call_method0(decoder, "reset");
    drop(decoder);
    drop_opt(done);
    return done ? 0 : -1;
}

Own
io_newline_get_newlines(NewlineDecoder *self)
{
    return newlines_seen(self->state.seen);
}

static int
newline_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((NewlineDecoder *)o)->decoder);
    return 0;
}

static void
newline_clear(Object *o)
{
    ref_clear(&((NewlineDecoder *)o)->decoder);
}

static void
newline_dealloc(Object *o)
{
    newline_clear(o);
    object_free(o);
}

Type io_newline_type = {
    .name = "_io.IncrementalNewlineDecoder",
    .flags = TYPE_BASE | TYPE_GC,
    .basic_size = sizeof(NewlineDecoder),
    .slots = {.traverse = newline_traverse, .clear = newline_clear, .dealloc = newline_dealloc, .init = io_newline_init_slot},
    .methods = io_newline_methods,
    .getsets = io_newline_getsets,
    .spec_doc = io_newline_doc,
};
