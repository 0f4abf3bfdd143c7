/* _pickle: writing objects of the built-in types. Guard: the Pickler's lock. */
#include "base/number.h"
#include "heap/critical.h"
#include "module/_pickle/pickle.h"
#include "object/bool.h"
#include "object/bytes.h"
#include "object/bytes/bytes_priv.h"
#include "object/codec.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/float.h"
#include "object/int.h"
#include "object/list.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

enum { BATCH = 1000, FAST_NESTING = 50 };

Own
pickle_type_name(Value v)
{
    Own name = type_qualified_name(type_of(v)), main = name ? str_from_cstr("__main__.") : NO_VALUE;
    if (main && str_find(name, main, 0, as_str(name)->length, 1) == 0) {
        Own rest = str_substring(name, as_str(main)->length, as_str(name)->length);
        drop(name);
        name = rest;
    }
    drop_opt(main);
    return name;
}

int
pickle_note(const char *format, Value v, Value key, int64_t index)
{
    Own exc = exc_take(), name = pickle_type_name(v);
    Own note = !name ? NO_VALUE : key ? str_fmt(format, (Value)name, key) : str_fmt(format, (Value)name, index);
    if (!note || exc_add_note(exc, note) < 0) {
        exc_clear();
    }
    drop_opt(name);
    drop_opt(note);
    exc_restore(exc);
    return -1;
}

int
pickle_type_error(const char *format, Value got)
{
    Own name = pickle_type_name(got);
    if (name) {
        raise_fmt(PICKLE_ERROR(pickling_error), format, (Value)name);
        drop(name);
    }
    return -1;
}

/* op and n as `size` bytes, lowest first. */
static int
write_op_number(Pickler *p, int op, uint64_t n, int size)
{
    uint8_t bytes[9] = {(uint8_t)op};
    for (int i = 0; i < size; i++) {
        bytes[1 + i] = (uint8_t)(n >> (8 * i));
    }
    return pickle_write(p, bytes, 1 + size);
}

/* op, the number in decimal, a line end. */
static int
write_op_line(Pickler *p, int op, int64_t n)
{
    char text[INT64_TEXT_MAX + 3] = {(char)op};
    char *end = int64_text(text + 1, n);
    *end++ = '\n';
    return pickle_write(p, text, end - text);
}

/* -- the memo -- */

int
pickle_get(Pickler *p, int64_t number)
{
    if (!p->bin) {
        return write_op_line(p, OP_GET, number);
    }
    return number < 256 ? write_op_number(p, OP_BINGET, (uint64_t)number, 1)
                        : write_op_number(p, OP_LONG_BINGET, (uint64_t)number, 4);
}

int
pickle_memoize(Pickler *p, Value v)
{
    if (p->fast) {
        return 0;
    }
    int64_t number = p->memo.length;
    CriticalSection section;
    critical_enter(&section, &p->head);
    publish(obj_flags(&p->head) & OBJ_SHARED ? v : NONE); /* before anybody finds it there */
    int status = pickle_memo_add(&p->memo, v);
    critical_leave(&section);
    if (status < 0) {
        return -1;
    }
    if (p->proto >= 4) {
        return pickle_op(p, OP_MEMOIZE);
    }
    if (!p->bin) {
        return write_op_line(p, OP_PUT, number);
    }
    return number < 256 ? write_op_number(p, OP_BINPUT, (uint64_t)number, 1)
                        : write_op_number(p, OP_LONG_BINPUT, (uint64_t)number, 4);
}

/* -- numbers -- */

static int
save_bool(Pickler *p, Value v)
{
    if (p->proto >= 2) {
        return pickle_op(p, v == TRUE_VALUE ? OP_NEWTRUE : OP_NEWFALSE);
    }
    return pickle_write(p, v == TRUE_VALUE ? "I01\n" : "I00\n", 4);
}

static int
save_long(Pickler *p, Value v)
{
    if (p->proto < 2) {
        Own text = int_to_text(v, 10, false);
        size_t n;
        const char *digits = text ? str_utf8(text, &n) : NULL;
        int status = digits && pickle_op(p, OP_LONG) == 0 && pickle_write(p, digits, (int64_t)n) == 0 &&
                             pickle_write(p, "L\n", 2) == 0
                         ? 0
                         : -1;
        drop_opt(text);
        return status;
    }
    int64_t n = int_bit_length(v) / 8 + 1;
    if (n > INT32_MAX) {
        return raise_int(&exc_OverflowError, "int too large to pickle");
    }
    uint8_t *bytes = mem_alloc((size_t)n);
    int status = bytes ? int_to_bytes(v, bytes, (size_t)n, true, true) : -1;
    if (status == 0 && n > 1 && int_sign(v) < 0 && bytes[n - 1] == 0xFF && bytes[n - 2] & 0x80) {
        n--; /* the sign is in the byte before */
    }
    if (status == 0) {
        status = n < 256 ? write_op_number(p, OP_LONG1, (uint64_t)n, 1) : write_op_number(p, OP_LONG4, (uint64_t)n, 4);
    }
    if (status == 0) {
        status = pickle_write(p, bytes, n);
    }
    mem_free(bytes);
    return status;
}

static int
save_int(Pickler *p, Value v)
{
    int64_t i;
    if (!int_as_i64(v, &i) || i > INT32_MAX || i < INT32_MIN) {
        return save_long(p, v);
    }
    if (!p->bin) {
        return write_op_line(p, OP_INT, i);
    }
    return i >= 0 && i < 256     ? write_op_number(p, OP_BININT1, (uint64_t)i, 1)
           : i >= 0 && i < 65536 ? write_op_number(p, OP_BININT2, (uint64_t)i, 2)
                                 : write_op_number(p, OP_BININT, (uint64_t)i, 4);
}

static int
save_float(Pickler *p, Value v)
{
    double d = float_value(v);
    if (p->bin) {
        uint64_t bits;
        memcpy(&bits, &d, 8);
        return write_op_number(p, OP_BINFLOAT, __builtin_bswap64(bits), 8);
    }
    char text[DOUBLE_REPR_MAX + 3] = {OP_FLOAT};
    char *end = double_repr(text + 1, d);
    *end++ = '\n';
    return pickle_write(p, text, end - text);
}

/* -- bytes, text -- */

/* The opcode, the length and the contents, by the length. */
static int
save_sized(Pickler *p, int op1, int op4, int op8, const uint8_t *data, int64_t n, const char *what)
{
    uint8_t header[9];
    int size;
    if (n < 256 && op1) {
        header[0] = (uint8_t)op1;
        size = 1;
    } else if (n <= UINT32_MAX && op4) {
        header[0] = (uint8_t)op4;
        size = 4;
    } else if (p->proto >= 4) {
        header[0] = (uint8_t)op8;
        size = 8;
    } else {
        return raise_int(&exc_OverflowError, "serializing a %s larger than 4 GiB requires pickle protocol 4 or higher", what);
    }
    for (int i = 0; i < size; i++) {
        header[1 + i] = (uint8_t)((uint64_t)n >> (8 * i));
    }
    return pickle_write_large(p, header, 1 + size, data, n);
}

int
pickle_save_bytes(Pickler *p, Value memo, const uint8_t *data, int64_t n)
{
    return save_sized(p, OP_SHORT_BINBYTES, OP_BINBYTES, OP_BINBYTES8, data, n, "bytes object") < 0 ? -1
                                                                                                   : pickle_memoize(p, memo);
}

int
pickle_save_bytearray(Pickler *p, Value memo, const uint8_t *data, int64_t n)
{
    return save_sized(p, 0, 0, OP_BYTEARRAY8, data, n, "bytearray") < 0 ? -1 : pickle_memoize(p, memo);
}

/* By (function, args): a tuple of args is eaten, NO_VALUE fails. */
static int
save_call(Pickler *p, Value function, Own args, Value v)
{
    Own rv = args ? tuple_pack(2, function, (Value)args) : NO_VALUE;
    int status = rv ? pickle_save_reduce(p, rv, v) : -1;
    drop_opt(args);
    drop_opt(rv);
    return status;
}

static int
save_bytes(Pickler *p, Value v)
{
    const Bytes *b = as_bytes(v);
    if (p->proto >= 3) {
        return pickle_save_bytes(p, v, b->data, b->length);
    }
    if (b->length == 0) {
        return save_call(p, VALUE(&bytes_type), own(tuple_empty), v);
    }
    Own text = str_from_latin1(b->data, (size_t)b->length), encoding = str_intern_cstr("latin1");
    int status = text && encoding
                     ? save_call(p, pickle_names.codecs_encode, tuple_pack(2, (Value)text, (Value)encoding), v)
                     : -1;
    drop_opt(text);
    return status;
}

static int
save_bytearray(Pickler *p, Value v)
{
    Own bytes = bytes_from_buffer(v);
    int status = -1;
    if (bytes && p->proto >= 5) {
        status = pickle_save_bytearray(p, v, as_bytes(bytes)->data, as_bytes(bytes)->length);
    } else if (bytes) {
        Own args = as_bytes(bytes)->length ? tuple_pack(1, (Value)bytes) : own(tuple_empty);
        status = save_call(p, VALUE(&bytearray_type), args, v);
    }
    drop_opt(bytes);
    return status;
}

/* Protocol 0: characters behind Latin-1, and those that would end the line, as escapes. */
static int
save_str_line(Pickler *p, Value v)
{
    const Str *s = as_str(v);
    ByteBuilder b;
    byte_builder_init(&b);
    for (int64_t i = 0; i < s->length; i++) {
        uint32_t c = str_char_at(s, i);
        char text[12];
        if (c > 0xFFFF) {
            byte_builder_add(&b, text, snprintf(text, sizeof text, "\\U%08x", c));
        } else if (c > 0xFF || c == '\\' || c == 0 || c == '\n' || c == '\r' || c == 0x1A) {
            byte_builder_add(&b, text, snprintf(text, sizeof text, "\\u%04x", c));
        } else {
            byte_builder_byte(&b, (uint8_t)c);
        }
    }
    byte_builder_byte(&b, '\n');
    Own bytes = byte_builder_finish(&b);
    int status = bytes && pickle_op(p, OP_UNICODE) == 0 ? pickle_write(p, as_bytes(bytes)->data, as_bytes(bytes)->length) : -1;
    drop_opt(bytes);
    return status < 0 ? -1 : pickle_memoize(p, v);
}

static int
save_str(Pickler *p, Value v)
{
    if (!p->bin) {
        return save_str_line(p, v);
    }
    Own encoded = NO_VALUE;
    const uint8_t *data = as_str(v)->data;
    int64_t n = as_str(v)->length;
    if (!as_str(v)->ascii) {
        encoded = codec_encode(v, "utf-8", "surrogatepass");
        if (!encoded) {
            return -1;
        }
        data = as_bytes(encoded)->data;
        n = as_bytes(encoded)->length;
    }
    int status = save_sized(p, p->proto >= 4 ? OP_SHORT_BINUNICODE : 0, OP_BINUNICODE, OP_BINUNICODE8, data, n, "string");
    drop_opt(encoded);
    return status < 0 ? -1 : pickle_memoize(p, v);
}

/* -- tuples and lists -- */

static int
save_items(Pickler *p, Value v)
{
    for (int64_t i = 0; i < as_tuple(v)->length; i++) {
        if (pickle_save(p, tuple_item(v, i)) < 0) {
            return pickle_note("when serializing %U item %zd", v, NO_VALUE, i);
        }
    }
    return 0;
}

static int
save_tuple(Pickler *p, Value v)
{
    int64_t n = as_tuple(v)->length;
    if (n == 0) {
        return p->bin ? pickle_op(p, OP_EMPTY_TUPLE) : pickle_write(p, "(t", 2);
    }
    bool small = n <= 3 && p->proto >= 2;
    if ((!small && pickle_op(p, OP_MARK) < 0) || save_items(p, v) < 0) {
        return -1;
    }
    int64_t number = p->fast ? -1 : pickle_memo_find(&p->memo, v);
    if (number < 0) {
        return pickle_op(p, small ? OP_TUPLE1 + (int)n - 1 : OP_TUPLE) < 0 ? -1 : pickle_memoize(p, v);
    }
    /* An item led back to the tuple, which is made by now: the items are taken away again. */
    if (!small && p->bin) {
        return pickle_op(p, OP_POP_MARK) < 0 ? -1 : pickle_get(p, number);
    }
    for (int64_t i = 0; i < n + !small; i++) {
        if (pickle_op(p, OP_POP) < 0) {
            return -1;
        }
    }
    return pickle_get(p, number);
}

static int
save_item_number(Pickler *p, Value item, Value v, int64_t i)
{
    return pickle_save(p, item) < 0 ? pickle_note("when serializing %U item %zd", v, NO_VALUE, i) : 0;
}

int
pickle_batch_list(Pickler *p, Value it, Value v)
{
    Own item = object_next(it);
    for (int64_t i = 0; item;) {
        Own second = p->proto ? object_next(it) : NO_VALUE;
        int status = exc_pending() ? -1 : second ? pickle_op(p, OP_MARK) : 0;
        if (status == 0) {
            status = save_item_number(p, item, v, i++);
        }
        drop(item);
        item = second;
        if (status == 0 && !second) {
            status = pickle_op(p, OP_APPEND);
        }
        for (int64_t k = 1; status == 0 && second && item && k < BATCH; k++) {
            status = save_item_number(p, item, v, i++);
            drop(item);
            item = status == 0 ? object_next(it) : NO_VALUE;
            status = status == 0 && exc_pending() ? -1 : status;
        }
        if (status == 0 && second) {
            status = pickle_op(p, OP_APPENDS);
        }
        if (status < 0) {
            drop_opt(item);
            return -1;
        }
        if (!p->proto) {
            item = object_next(it);
        }
    }
    return exc_pending() ? -1 : 0;
}

/* Exactly a list: it may change meanwhile. */
static int
save_list_items(Pickler *p, Value v)
{
    Own item;
    if (p->proto == 0 || list_len(v) == 1) {
        for (int64_t i = 0; (item = list_get(v, i)); i++) {
            int status = save_item_number(p, item, v, i);
            drop(item);
            if (status < 0 || pickle_op(p, OP_APPEND) < 0) {
                return -1;
            }
        }
        return 0;
    }
    for (int64_t i = 0; i < list_len(v);) {
        if (pickle_op(p, OP_MARK) < 0) {
            return -1;
        }
        for (int64_t stop = i + BATCH; i < stop && (item = list_get(v, i)); i++) {
            int status = save_item_number(p, item, v, i);
            drop(item);
            if (status < 0) {
                return -1;
            }
        }
        if (pickle_op(p, OP_APPENDS) < 0) {
            return -1;
        }
    }
    return 0;
}

/* -- fast mode remembers nothing; deep down it looks for circles -- */

static int
fast_enter(Pickler *p, FastLink *link, Value v)
{
    *link = (FastLink){v, p->fast_chain, p->fast};
    if (!link->linked) {
        return 0;
    }
    if (++p->fast_nesting >= FAST_NESTING) {
        for (const FastLink *l = p->fast_chain; l; l = l->outer) {
            if (l->v == v) {
                p->fast_nesting--;
                return raise_int(&exc_ValueError, "fast mode: can't pickle cyclic objects including object type %T at %p", v,
                                 obj(v));
            }
        }
    }
    p->fast_chain = link;
    return 0;
}

static int
fast_leave(Pickler *p, const FastLink *link, int status)
{
    if (link->linked) {
        p->fast_chain = link->outer;
        p->fast_nesting--;
    }
    return status;
}

static int
save_list(Pickler *p, Value v)
{
    FastLink link;
    if (fast_enter(p, &link, v) < 0) {
        return -1;
    }
    int status = p->bin ? pickle_op(p, OP_EMPTY_LIST) : pickle_write(p, "(l", 2);
    status = status < 0 || pickle_memoize(p, v) < 0 ? -1 : save_list_items(p, v);
    return fast_leave(p, &link, status);
}

/* -- dicts and sets -- */

/* value (borrowed) under key, of v. */
static int
save_pair(Pickler *p, Value key, Value value, Value v)
{
    if (pickle_save(p, key) < 0) {
        return -1;
    }
    return pickle_save(p, value) < 0 ? pickle_note("when serializing %U item %R", v, key, 0) : 0;
}

/* The next pair of an iterator: 1 (*pair new), 0 no more, -1 */
static int
next_pair(Value it, Own *pair)
{
    *pair = object_next(it);
    if (!*pair) {
        return exc_pending() ? -1 : 0;
    }
    if (!is_tuple(*pair) || as_tuple(*pair)->length != 2) {
        drop(*pair);
        *pair = NO_VALUE;
        return raise_int(&exc_TypeError, "dict items iterator must return 2-tuples");
    }
    return 1;
}

int
pickle_batch_dict(Pickler *p, Value it, Value v)
{
    Own pair, second = NO_VALUE;
    int status = next_pair(it, &pair);
    while (status > 0) {
        int more = p->proto ? next_pair(it, &second) : 0;
        status = more < 0 ? -1 : more ? pickle_op(p, OP_MARK) : 0;
        for (int64_t k = 0; status == 0 && pair && k < BATCH; k++) {
            status = save_pair(p, tuple_item(pair, 0), tuple_item(pair, 1), v);
            drop(pair);
            pair = second;
            second = NO_VALUE;
            if (status == 0 && more && pair && k + 1 < BATCH) {
                status = next_pair(it, &second) < 0 ? -1 : 0;
            }
        }
        if (status == 0) {
            status = pickle_op(p, more ? OP_SETITEMS : OP_SETITEM);
        }
        if (status < 0) {
            break;
        }
        if (!pair) { /* a batch is over, or all */
            status = next_pair(it, &pair);
        } else {
            status = 1;
        }
    }
    drop_opt(pair);
    drop_opt(second);
    return status < 0 ? -1 : 0;
}

/* whole: v itself, or a copy of it: then v may change meanwhile, as others use it. */
static int
save_dict_items(Pickler *p, Value v, Value whole)
{
    int64_t position = 0, n = dict_len(whole), done = 0;
    Own key, value;
    bool single = p->proto == 0 || n == 1;
    while (done < n) {
        if (!single && pickle_op(p, OP_MARK) < 0) {
            return -1;
        }
        bool more = true;
        for (int64_t k = 0; k < (single ? 1 : BATCH) && (more = dict_next(whole, &position, &key, &value)); k++) {
            int status = save_pair(p, key, value, v);
            drop(key);
            drop(value);
            if (status < 0) {
                return -1;
            }
            if (dict_len(whole) != n) {
                return raise_int(&exc_RuntimeError, "dictionary changed size during iteration");
            }
            done++;
        }
        if (single && !more) {
            break;
        }
        if (pickle_op(p, single ? OP_SETITEM : OP_SETITEMS) < 0) {
            return -1;
        }
        if (!more) {
            break;
        }
    }
    return 0;
}

static int
save_dict(Pickler *p, Value v)
{
    FastLink link;
    if (fast_enter(p, &link, v) < 0) {
        return -1;
    }
    int status = p->bin ? pickle_op(p, OP_EMPTY_DICT) : pickle_write(p, "(d", 2);
    status = status < 0 || pickle_memoize(p, v) < 0 ? -1 : 0;
    if (status == 0 && dict_len(v)) {
        Own whole = dict_at_one_moment(v);
        status = whole ? save_dict_items(p, v, whole) : -1;
        drop_opt(whole);
    }
    return fast_leave(p, &link, status);
}

/* As type([items]), below protocol 4. */
static int
save_set_call(Pickler *p, Value v, Type *type)
{
    Own items = object_to_list(v);
    int status = items ? save_call(p, VALUE(type), tuple_pack(1, (Value)items), v) : -1;
    drop_opt(items);
    return status;
}

static int
save_element(Pickler *p, Value item, Value v)
{
    return pickle_save(p, item) < 0 ? pickle_note("when serializing %U element", v, NO_VALUE, 0) : 0;
}

static int
save_set(Pickler *p, Value v)
{
    if (p->proto < 4) {
        return save_set_call(p, v, &set_type);
    }
    if (pickle_op(p, OP_EMPTY_SET) < 0 || pickle_memoize(p, v) < 0) {
        return -1;
    }
    if (object_len(v) == 0) {
        return 0;
    }
    Own it = object_iter_all(v), item = NO_VALUE;
    int status = it ? 0 : -1;
    for (bool more = true; status == 0 && more;) {
        status = pickle_op(p, OP_MARK);
        for (int64_t k = 0; status == 0 && k < BATCH; k++) {
            item = object_next(it);
            if (!item) {
                more = false;
                status = exc_pending() ? -1 : 0;
                break;
            }
            status = save_element(p, item, v);
            drop(item);
        }
        if (status == 0) {
            status = pickle_op(p, OP_ADDITEMS);
        }
        if (status == 0 && more) {
            more = object_length_hint(it, 0) > 0;
        }
    }
    drop_opt(it);
    return status;
}

static int
save_frozenset(Pickler *p, Value v)
{
    if (p->proto < 4) {
        return save_set_call(p, v, &frozenset_type);
    }
    Own it = object_iter_all(v), item;
    int status = it ? pickle_op(p, OP_MARK) : -1;
    while (status == 0 && (item = object_next(it))) {
        status = save_element(p, item, v);
        drop(item);
    }
    drop_opt(it);
    if (status < 0 || exc_pending()) {
        return -1;
    }
    int64_t number = p->fast ? -1 : pickle_memo_find(&p->memo, v);
    if (number >= 0) { /* an element led back to it */
        return pickle_op(p, OP_POP_MARK) < 0 ? -1 : pickle_get(p, number);
    }
    return pickle_op(p, OP_FROZENSET) < 0 ? -1 : pickle_memoize(p, v);
}

/* -- buffers -- */

static int
save_buffer(Pickler *p, Value v)
{
    Buffer b;
    if (p->proto < 5) {
        return raise_int(PICKLE_ERROR(pickling_error), "PickleBuffer can only be pickled with protocol >= 5");
    }
    if (buffer_get(v, &b, BUFFER_FULL_RO) < 0) {
        return -1;
    }
    int status = 0, in_band = 1;
    bool readonly = b.readonly;
    if (!buffer_is_contiguous(&b, 'A')) {
        status = raise_int(PICKLE_ERROR(pickling_error),
                           "PickleBuffer can not be pickled when pointing to a non-contiguous buffer");
    } else if (p->buffer_callback) {
        Own answer = call1(p->buffer_callback, v);
        in_band = answer ? object_truth(answer) : -1;
        drop_opt(answer);
        status = in_band < 0 ? -1 : 0;
    }
    if (status == 0 && in_band) {
        status = readonly ? pickle_save_bytes(p, v, b.data, b.length) : pickle_save_bytearray(p, v, b.data, b.length);
    } else if (status == 0) {
        status = pickle_op(p, OP_NEXT_BUFFER) < 0 || (readonly && pickle_op(p, OP_READONLY_BUFFER) < 0) ? -1 : 0;
    }
    buffer_release(&b);
    return status;
}

/* -- any object -- */

static int
save_persistent(Pickler *p, Value id)
{
    if (p->bin) {
        return pickle_save_plain(p, id) < 0 ? -1 : pickle_op(p, OP_BINPERSID);
    }
    Own text = object_str(id);
    if (!text) {
        return -1;
    }
    int status;
    if (!as_str(text)->ascii) {
        status = raise_int(PICKLE_ERROR(pickling_error), "persistent IDs in protocol 0 must be ASCII strings");
    } else {
        status = pickle_op(p, OP_PERSID) < 0 || pickle_write(p, as_str(text)->data, as_str(text)->length) < 0
                     ? -1
                     : pickle_op(p, '\n');
    }
    drop(text);
    return status;
}

int
pickle_save(Pickler *p, Value v)
{
    if (pickle_boundary(p) < 0) {
        return -1;
    }
    if (UNLIKELY(p->pers_func)) {
        Own id = call1(p->pers_func, v);
        if (!id) {
            return -1;
        }
        int status = id != NONE ? save_persistent(p, id) : 1;
        drop(id);
        if (status <= 0) {
            return status;
        }
    }
    return pickle_save_plain(p, v);
}

int
pickle_save_plain(Pickler *p, Value v)
{
    if (is_small_int(v)) {
        return save_int(p, v);
    }
    if (is_small_float(v)) {
        return save_float(p, v);
    }
    switch (obj_shape(obj(v))) {
    case SHAPE_NONE:
        return pickle_op(p, OP_NONE);
    case SHAPE_BOOL:
        return save_bool(p, v);
    case SHAPE_INT:
        return save_long(p, v);
    case SHAPE_FLOAT:
        return save_float(p, v);
    default:
        break;
    }
    int64_t number = pickle_memo_find(&p->memo, v);
    if (number >= 0) {
        return pickle_get(p, number);
    }
    switch (obj_shape(obj(v))) {
    case SHAPE_STR:
        return save_str(p, v);
    case SHAPE_BYTES:
        return save_bytes(p, v);
    default:
        break;
    }
    if (!c_stack_ok()) {
        return -1;
    }
    switch (obj_shape(obj(v))) {
    case SHAPE_DICT:
        return save_dict(p, v);
    case SHAPE_SET:
        return save_set(p, v);
    case SHAPE_FROZENSET:
        return save_frozenset(p, v);
    case SHAPE_LIST:
        return save_list(p, v);
    case SHAPE_TUPLE:
        return save_tuple(p, v);
    case SHAPE_BYTEARRAY:
        return save_bytearray(p, v);
    default:
        return type_of(v) == &pickle_buffer_type ? save_buffer(p, v) : pickle_save_other(p, v);
    }
}
