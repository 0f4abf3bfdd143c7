/* _pickle: reading opcodes. Guard: the Unpickler's lock. */
#include "base/number.h"
#include "module/_pickle/pickle.h"
#include "object/bytes.h"
#include "object/codec.h"
#include "object/dict.h"
#include "object/float.h"
#include "object/int.h"
#include "object/list.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

static uint64_t
number_at(const uint8_t *at, int size)
{
    uint64_t n = 0;
    for (int i = size; i-- > 0;) {
        n = n << 8 | at[i];
    }
    return n;
}

/* A length of `size` bytes. fail: -1 */
static int64_t
read_length(Unpickler *u, int size, const char *what)
{
    const uint8_t *at = unpickle_read(u, size);
    if (!at) {
        return -1;
    }
    uint64_t n = number_at(at, size);
    return n > INT64_MAX ? raise_int(&exc_OverflowError, "%s exceeds system's maximum size of %zd bytes", what, INT64_MAX)
                         : (int64_t)n;
}

/* -- numbers -- */

static Own
load_int_line(Unpickler *u)
{
    int64_t n;
    const uint8_t *line = unpickle_line(u, &n);
    if (!line) {
        return NO_VALUE;
    }
    if (n == 3 && line[0] == '0' && (line[1] == '0' || line[1] == '1')) {
        return bool_value(line[1] == '1');
    }
    Own v = int_from_text((const char *)line, (size_t)n, 10);
    if (!v && exc_swallow(&exc_ValueError)) {
        raise_msg(&exc_ValueError, "could not convert string to int");
    }
    return v;
}

static Own
load_long_line(Unpickler *u)
{
    int64_t n;
    const uint8_t *line = unpickle_line(u, &n);
    if (!line) {
        return NO_VALUE;
    }
    n--;
    n -= n > 0 && line[n - 1] == 'L';
    return int_from_text((const char *)line, (size_t)n, 10);
}

static Own
load_float_line(Unpickler *u)
{
    int64_t n;
    const uint8_t *line = unpickle_line(u, &n);
    if (!line) {
        return NO_VALUE;
    }
    double d;
    const char *end = double_parse((const char *)line, (const char *)line + n - 1, &d);
    if (n > 1 && end == (const char *)line + n - 1) {
        return float_new(d);
    }
    Own text = str_from_latin1(line, (size_t)n);
    if (text) {
        raise_fmt(&exc_ValueError, "could not convert string to float: %R", (Value)text);
        drop(text);
    }
    return NO_VALUE;
}

static Own
load_binfloat(Unpickler *u)
{
    const uint8_t *at = unpickle_read(u, 8);
    uint64_t bits;
    double d;
    if (!at) {
        return NO_VALUE;
    }
    memcpy(&bits, at, 8);
    bits = __builtin_bswap64(bits);
    memcpy(&d, &bits, 8);
    return float_new(d);
}

static Own
load_fixed_int(Unpickler *u, int size)
{
    const uint8_t *at = unpickle_read(u, size);
    return !at ? NO_VALUE : small_int(size == 4 ? (int32_t)number_at(at, 4) : (int64_t)number_at(at, size));
}

static Own
load_long(Unpickler *u, int size)
{
    const uint8_t *at = unpickle_read(u, size);
    if (!at) {
        return NO_VALUE;
    }
    int64_t n = size == 4 ? (int32_t)number_at(at, 4) : (int64_t)*at;
    if (n < 0) {
        return raise_msg(PICKLE_ERROR(unpickling_error), "LONG pickle has negative byte count");
    }
    at = n ? unpickle_read(u, n) : (const uint8_t *)"";
    return !at ? NO_VALUE : n ? int_from_bytes(at, (size_t)n, true, true) : small_int(0);
}

/* -- text, bytes -- */

/* What Python 2 called a str. */
static Own
old_str(Unpickler *u, const uint8_t *at, int64_t n)
{
    Own bytes = bytes_new(at, (size_t)n);
    if (!bytes || strcmp(u->encoding, "bytes") == 0) {
        return bytes;
    }
    Own text = codec_decode(bytes, u->encoding, u->errors);
    drop(bytes);
    return text;
}

static Own
load_string(Unpickler *u)
{
    int64_t n;
    const uint8_t *line = unpickle_line(u, &n);
    if (!line) {
        return NO_VALUE;
    }
    n--;
    n -= n > 0 && line[n - 1] == '\r';
    if (n < 2 || line[0] != line[n - 1] || (line[0] != '\'' && line[0] != '"')) {
        return raise_msg(PICKLE_ERROR(unpickling_error), "the STRING opcode argument must be quoted");
    }
    Own quoted = bytes_new(line + 1, (size_t)n - 2), decode = NO_VALUE, pair = NO_VALUE, result = NO_VALUE;
    if (quoted) {
        Own codecs = object_getattr_cstr(pickle_names.codecs_encode, "__self__"); /* the module _codecs */
        decode = codecs ? object_getattr_cstr(codecs, "escape_decode") : NO_VALUE;
        drop_opt(codecs);
        pair = decode ? call1(decode, quoted) : NO_VALUE;
    }
    if (pair) {
        Own bytes = object_getitem_int(pair, 0);
        result = bytes ? old_str(u, as_bytes(bytes)->data, as_bytes(bytes)->length) : NO_VALUE;
        drop_opt(bytes);
    }
    drop_opt(quoted);
    drop_opt(decode);
    drop_opt(pair);
    return result;
}

static Own
load_binstring(Unpickler *u, int size)
{
    const uint8_t *at = unpickle_read(u, size);
    if (!at) {
        return NO_VALUE;
    }
    int64_t n = size == 4 ? (int32_t)number_at(at, 4) : (int64_t)*at;
    if (n < 0) {
        return raise_msg(PICKLE_ERROR(unpickling_error), "BINSTRING pickle has negative byte count");
    }
    at = unpickle_read(u, n);
    return at ? old_str(u, at, n) : NO_VALUE;
}

static Own
load_unicode_line(Unpickler *u)
{
    int64_t n;
    const uint8_t *line = unpickle_line(u, &n);
    Own bytes = line ? bytes_new(line, (size_t)n - 1) : NO_VALUE;
    Own text = bytes ? codec_decode(bytes, "raw-unicode-escape", "strict") : NO_VALUE;
    drop_opt(bytes);
    return text;
}

static Own
load_binunicode(Unpickler *u, int size)
{
    int64_t n = read_length(u, size, "BINUNICODE");
    const uint8_t *at = n < 0 ? NULL : unpickle_read(u, n);
    if (!at) {
        return NO_VALUE;
    }
    Own text = str_from_utf8((const char *)at, (size_t)n);
    if (!text && exc_swallow(&exc_UnicodeDecodeError)) { /* lone surrogates */
        Own bytes = bytes_new(at, (size_t)n);
        text = bytes ? codec_decode(bytes, "utf-8", "surrogatepass") : NO_VALUE;
        drop_opt(bytes);
    }
    return text;
}

static Own
load_binbytes(Unpickler *u, int size)
{
    int64_t n = read_length(u, size, "BINBYTES");
    const uint8_t *at = n < 0 ? NULL : unpickle_read(u, n);
    return at ? bytes_new(at, (size_t)n) : NO_VALUE;
}

static Own
load_bytearray(Unpickler *u)
{
    int64_t n = read_length(u, 8, "BYTEARRAY8");
    const uint8_t *at = n < 0 ? NULL : unpickle_read(u, n);
    return at ? bytearray_new(at, (size_t)n) : NO_VALUE;
}

static Own
load_next_buffer(Unpickler *u)
{
    if (!u->buffers) {
        return raise_msg(PICKLE_ERROR(unpickling_error),
                         "pickle stream refers to out-of-band data but no *buffers* argument was given");
    }
    Own v = object_next(u->buffers);
    return v || exc_pending() ? v : raise_msg(PICKLE_ERROR(unpickling_error), "not enough out-of-band buffers");
}

static int
load_readonly_buffer(Unpickler *u)
{
    if (u->depth <= unpickle_fence(u)) {
        return unpickle_underflow(u);
    }
    Own top = unpickle_pop(u), view = call1(VALUE(&memoryview_type), top);
    Own readonly = view ? object_getattr_cstr(view, "readonly") : NO_VALUE;
    int truth = readonly ? object_truth(readonly) : -1;
    Own fixed = truth > 0 ? own(top) : truth == 0 ? call_method0(view, "toreadonly") : NO_VALUE;
    drop(top);
    drop_opt(view);
    drop_opt(readonly);
    return unpickle_push(u, fixed);
}

/* -- containers -- */

static int
load_tuple(Unpickler *u, int64_t n)
{
    return unpickle_push(u, unpickle_pop_tuple(u, u->depth - n));
}

static int
load_marked(Unpickler *u, int op)
{
    int64_t mark = unpickle_pop_mark(u);
    if (mark < 0) {
        return -1;
    }
    int64_t n = u->depth - mark;
    if (op == OP_TUPLE) {
        return unpickle_push(u, unpickle_pop_tuple(u, mark));
    }
    if (op == OP_LIST) {
        u->depth = mark;
        return unpickle_push(u, list_from_own(n ? u->stack + mark : u->stack, n));
    }
    if (op == OP_FROZENSET) {
        Own items = unpickle_pop_tuple(u, mark), set = items ? call1(VALUE(&frozenset_type), items) : NO_VALUE;
        drop_opt(items);
        return unpickle_push(u, set);
    }
    if (n % 2) {
        return raise_int(PICKLE_ERROR(unpickling_error), "odd number of items for DICT");
    }
    Own dict = dict_new();
    for (int64_t i = mark; dict && i < u->depth; i += 2) {
        if (dict_set(dict, u->stack[i], u->stack[i + 1]) < 0) {
            drop(dict);
            dict = NO_VALUE;
        }
    }
    unpickle_stack_clear(u, mark);
    return unpickle_push(u, dict);
}

/* list.append or extend of what lies behind `from`, which is then taken away. */
static int
append_from(Unpickler *u, int64_t from)
{
    int64_t n = u->depth - from;
    if (from <= unpickle_fence(u)) {
        return unpickle_underflow(u);
    }
    if (n == 0) {
        return 0;
    }
    Own list = own(u->stack[from - 1]), method = NO_VALUE;
    int status = 0;
    if (IS_EXACT(list, LIST)) {
        for (int64_t i = from; status == 0 && i < u->depth; i++) {
            status = list_append(list, u->stack[i]);
        }
    } else {
        int found = object_lookup_attr_cstr(list, "extend", &method);
        status = found < 0 ? -1 : 0;
        if (found > 0) {
            Own items = list_from_array((Value const *)u->stack + from, n), result = items ? call1(method, items) : NO_VALUE;
            drop_opt(items);
            drop_opt(result);
            status = result ? 0 : -1;
        } else if (found == 0) {
            method = object_getattr_cstr(list, "append");
            status = method ? 0 : -1;
            for (int64_t i = from; status == 0 && i < u->depth; i++) {
                Own result = call1(method, u->stack[i]);
                drop_opt(result);
                status = result ? 0 : -1;
            }
        }
    }
    drop_opt(method);
    drop(list);
    unpickle_stack_clear(u, from);
    return status;
}

static int
set_items_from(Unpickler *u, int64_t from)
{
    int64_t n = u->depth - from;
    if (from <= unpickle_fence(u)) {
        return unpickle_underflow(u);
    }
    if (n % 2) {
        return raise_int(PICKLE_ERROR(unpickling_error), "odd number of items for SETITEMS");
    }
    Own dict = own(u->stack[from - 1]);
    int status = 0;
    for (int64_t i = from; status == 0 && i < u->depth; i += 2) {
        status = IS_EXACT(dict, DICT) ? dict_set(dict, u->stack[i], u->stack[i + 1])
                                      : object_setitem(dict, u->stack[i], u->stack[i + 1]);
    }
    drop(dict);
    unpickle_stack_clear(u, from);
    return status;
}

static int
add_items(Unpickler *u)
{
    int64_t from = unpickle_pop_mark(u);
    if (from < 0) {
        return -1;
    }
    if (from <= unpickle_fence(u)) {
        return unpickle_underflow(u);
    }
    Own set = own(u->stack[from - 1]), add = NO_VALUE;
    int status = 0;
    if (u->depth > from) {
        add = object_getattr_cstr(set, "add");
        status = add ? 0 : -1;
    }
    for (int64_t i = from; status == 0 && i < u->depth; i++) {
        Own result = call1(add, u->stack[i]);
        drop_opt(result);
        status = result ? 0 : -1;
    }
    drop_opt(add);
    drop(set);
    unpickle_stack_clear(u, from);
    return status;
}

/* -- globals and instances -- */

static Own
find_class(Unpickler *u, Value module, Value name)
{
    return type_of(VALUE(u)) == &unpickler_type ? unpickler_find(u, module, name)
                                                : call_method2(VALUE(u), "find_class", module, name);
}

static Own
read_name(Unpickler *u)
{
    int64_t n;
    const uint8_t *line = unpickle_line(u, &n);
    if (line && n < 2) {
        return raise_msg(PICKLE_ERROR(unpickling_error), "pickle data was truncated");
    }
    return line ? str_from_utf8((const char *)line, (size_t)n - 1) : NO_VALUE;
}

/* The class or function that two lines name. own: ret new */
static Own
read_global(Unpickler *u)
{
    Own module = read_name(u), name = module ? read_name(u) : NO_VALUE;
    Own v = name ? find_class(u, module, name) : NO_VALUE;
    drop_opt(module);
    drop_opt(name);
    return v;
}

static int
load_stack_global(Unpickler *u)
{
    Own name = unpickle_pop(u), module = name ? unpickle_pop(u) : NO_VALUE, v = NO_VALUE;
    if (module) {
        v = is_str(name) && is_str(module) ? find_class(u, module, name)
                                           : raise_msg(PICKLE_ERROR(unpickling_error), "STACK_GLOBAL requires str");
    }
    drop_opt(name);
    drop_opt(module);
    return unpickle_push(u, v);
}

static int
load_reduce(Unpickler *u)
{
    Own args = unpickle_pop(u), function = args ? unpickle_pop(u) : NO_VALUE, v = NO_VALUE;
    if (function) {
        v = is_tuple(args) ? call_tuple(function, args, NO_VALUE) : raise_msg(&exc_TypeError, "argument list must be a tuple");
    }
    drop_opt(args);
    drop_opt(function);
    return unpickle_push(u, v);
}

/* cls.__new__(cls, *args, **kwargs) */
static Own
new_instance(Value cls, Value args, Value kwargs, const char *op)
{
    if (!is_type(cls)) {
        return raise_fmt(PICKLE_ERROR(unpickling_error), "%s class argument must be a type, not %T", op, cls);
    }
    if (!is_tuple(args)) {
        return raise_fmt(PICKLE_ERROR(unpickling_error), "%s args argument must be a tuple, not %T", op, args);
    }
    if (kwargs && !is_dict(kwargs)) {
        return raise_fmt(PICKLE_ERROR(unpickling_error), "%s kwargs argument must be a dict, not %T", op, kwargs);
    }
    int64_t n = as_tuple(args)->length;
    Own new_method = object_getattr_cstr(cls, "__new__"), all = new_method ? tuple_new(n + 1) : NO_VALUE, v = NO_VALUE;
    if (all) {
        tuple_init_item(all, 0, own(cls));
        for (int64_t i = 0; i < n; i++) {
            tuple_init_item(all, i + 1, own(tuple_item(args, i)));
        }
        v = call_tuple(new_method, all, kwargs);
    }
    drop_opt(new_method);
    drop_opt(all);
    return v;
}

static int
load_newobj(Unpickler *u, bool ex)
{
    Own kwargs = ex ? unpickle_pop(u) : NO_VALUE, args = !ex || kwargs ? unpickle_pop(u) : NO_VALUE;
    Own cls = args ? unpickle_pop(u) : NO_VALUE;
    Own v = cls ? new_instance(cls, args, kwargs, ex ? "NEWOBJ_EX" : "NEWOBJ") : NO_VALUE;
    drop_opt(kwargs);
    drop_opt(args);
    drop_opt(cls);
    return unpickle_push(u, v);
}

static int
load_instance(Unpickler *u, bool by_name)
{
    int64_t mark = unpickle_pop_mark(u);
    if (mark < 0) {
        return -1;
    }
    if (!by_name && u->depth - mark < 1) {
        return unpickle_underflow(u);
    }
    Own args = unpickle_pop_tuple(u, mark + !by_name), cls = NO_VALUE;
    if (args) {
        cls = by_name ? read_global(u) : unpickle_pop(u);
    }
    Own v = cls ? unpickle_instantiate(cls, args) : NO_VALUE;
    drop_opt(args);
    drop_opt(cls);
    return unpickle_push(u, v);
}

static int
load_extension(Unpickler *u, int size)
{
    const uint8_t *at = unpickle_read(u, size);
    if (!at) {
        return -1;
    }
    int64_t code = size == 4 ? (int32_t)number_at(at, 4) : (int64_t)number_at(at, size);
    if (code <= 0) {
        return raise_int(PICKLE_ERROR(unpickling_error), "EXT specifies code <= 0");
    }
    Own found;
    Value key = small_int(code);
    int status = dict_lookup(pickle_names.extension_cache, key, &found);
    if (status != 0) {
        return status < 0 ? -1 : unpickle_push(u, found);
    }
    status = dict_lookup(pickle_names.inverted_registry, key, &found);
    if (status <= 0) {
        return status < 0 ? -1 : raise_int(&exc_ValueError, "unregistered extension code %zd", code);
    }
    if (!is_tuple(found) || as_tuple(found)->length != 2 || !is_str(tuple_item(found, 0)) || !is_str(tuple_item(found, 1))) {
        drop(found);
        return raise_int(&exc_ValueError, "_inverted_registry[%zd] isn't a 2-tuple of strings", code);
    }
    Own v = find_class(u, tuple_item(found, 0), tuple_item(found, 1));
    drop(found);
    if (v && dict_set(pickle_names.extension_cache, key, v) < 0) {
        drop(v);
        return -1;
    }
    return unpickle_push(u, v);
}

static int
load_persistent(Unpickler *u, bool line)
{
    Own id = NO_VALUE;
    if (line) {
        int64_t n;
        const uint8_t *text = unpickle_line(u, &n);
        if (!text) {
            return -1;
        }
        for (int64_t i = 0; i < n; i++) {
            if (text[i] >= 128) {
                return raise_int(PICKLE_ERROR(unpickling_error), "persistent IDs in protocol 0 must be ASCII strings");
            }
        }
        id = str_from_latin1(text, (size_t)n - 1);
    } else {
        id = unpickle_pop(u);
    }
    Own v = id ? call_method1(VALUE(u), "persistent_load", id) : NO_VALUE;
    drop_opt(id);
    return unpickle_push(u, v);
}

/* -- the memo -- */

static int
memo_get(Unpickler *u, int64_t i)
{
    return i >= 0 && i < u->memo_size && u->memo[i]
               ? unpickle_push(u, own(u->memo[i]))
               : raise_int(PICKLE_ERROR(unpickling_error), "Memo value not found at index %zd", i);
}

/* The number on a line. -1 + exception; *negative: it was one below 0 */
static int64_t
read_memo_number(Unpickler *u)
{
    int64_t n, i;
    const uint8_t *line = unpickle_line(u, &n);
    Own text = line ? str_from_latin1(line, (size_t)n) : NO_VALUE, v = text ? int_from_str(text, 10) : NO_VALUE;
    bool fits = v && int_as_i64(v, &i);
    drop_opt(text);
    drop_opt(v);
    if (v && !fits) {
        raise_msg(&exc_OverflowError, "Python int too large to convert to C ssize_t");
    }
    return fits ? i : -1;
}

static int
memo_put(Unpickler *u, int64_t i)
{
    if (u->depth <= unpickle_fence(u)) {
        return unpickle_underflow(u);
    }
    return unpickle_memo_put(u, i, u->stack[u->depth - 1]);
}

static int
load_memo(Unpickler *u, int op)
{
    const uint8_t *at;
    int64_t i;
    switch (op) {
    case OP_GET:
    case OP_PUT:
        i = read_memo_number(u);
        if (i == -1 && exc_pending()) {
            return -1;
        }
        if (op == OP_PUT) {
            return u->depth <= unpickle_fence(u) ? unpickle_underflow(u)
                   : i < 0                       ? raise_int(&exc_ValueError, "negative PUT argument")
                                                 : memo_put(u, i);
        }
        return memo_get(u, i);
    case OP_BINGET:
    case OP_BINPUT:
        at = unpickle_read(u, 1);
        break;
    default:
        at = unpickle_read(u, 4);
        break;
    }
    if (!at) {
        return -1;
    }
    i = (int64_t)number_at(at, op == OP_BINGET || op == OP_BINPUT ? 1 : 4);
    return op == OP_BINGET || op == OP_LONG_BINGET ? memo_get(u, i) : memo_put(u, i);
}

static int64_t
memo_used(const Unpickler *u)
{
    int64_t n = u->memo_size;
    while (n > 0 && !u->memo[n - 1]) {
        n--;
    }
    return n;
}

/* -- opcodes -- */

static int
load_pop(Unpickler *u)
{
    if (u->mark_count && u->marks[u->mark_count - 1] == u->depth) {
        u->mark_count--;
        return 0;
    }
    Own v = unpickle_pop(u);
    drop_opt(v);
    return v ? 0 : -1;
}

static int
load_proto(Unpickler *u)
{
    const uint8_t *at = unpickle_read(u, 1);
    if (!at) {
        return -1;
    }
    if (*at > PROTOCOL_HIGHEST) {
        return raise_int(&exc_ValueError, "unsupported pickle protocol: %d", *at);
    }
    __atomic_store_n(&u->proto, *at, __ATOMIC_RELAXED);
    return 0;
}

static int
load_frame(Unpickler *u)
{
    const uint8_t *at = unpickle_read(u, 8);
    if (!at) {
        return -1;
    }
    uint64_t n = number_at(at, 8);
    return n > INT64_MAX ? raise_int(&exc_OverflowError, "FRAME length exceeds system's maximum of %zd bytes", INT64_MAX)
                         : unpickle_frame(u, (int64_t)n);
}

static int
bad_opcode(int op)
{
    char shown[8];
    if (op >= ' ' && op < 127 && op != '\'' && op != '\\') {
        snprintf(shown, sizeof shown, "%c", op);
    } else {
        snprintf(shown, sizeof shown, "\\x%02x", op);
    }
    return raise_int(PICKLE_ERROR(unpickling_error), "invalid load key, '%s'.", shown);
}

/* Those that change more than the top of the stack. */
static int
load_structure(Unpickler *u, int op, int64_t *memo_next)
{
    int64_t mark;
    switch (op) {
    case OP_MARK:
        return unpickle_mark(u);
    case OP_POP:
        return load_pop(u);
    case OP_POP_MARK:
        mark = unpickle_pop_mark(u);
        if (mark >= 0) {
            unpickle_stack_clear(u, mark);
        }
        return mark < 0 ? -1 : 0;
    case OP_DUP:
        return u->depth <= unpickle_fence(u) ? unpickle_underflow(u) : unpickle_push(u, own(u->stack[u->depth - 1]));
    case OP_TUPLE: case OP_LIST: case OP_DICT: case OP_FROZENSET:
        return load_marked(u, op);
    case OP_APPEND:
        return append_from(u, u->depth - 1);
    case OP_APPENDS:
        mark = unpickle_pop_mark(u);
        return mark < 0 ? -1 : append_from(u, mark);
    case OP_SETITEM:
        return set_items_from(u, u->depth - 2);
    case OP_SETITEMS:
        mark = unpickle_pop_mark(u);
        return mark < 0 ? -1 : set_items_from(u, mark);
    case OP_ADDITEMS:
        return add_items(u);
    case OP_TUPLE1: case OP_TUPLE2: case OP_TUPLE3:
        return load_tuple(u, op - OP_TUPLE1 + 1);
    case OP_BUILD:
        return unpickle_build(u);
    case OP_REDUCE:
        return load_reduce(u);
    case OP_NEWOBJ: case OP_NEWOBJ_EX:
        return load_newobj(u, op == OP_NEWOBJ_EX);
    case OP_INST: case OP_OBJ:
        return load_instance(u, op == OP_INST);
    case OP_STACK_GLOBAL:
        return load_stack_global(u);
    case OP_EXT1: case OP_EXT2: case OP_EXT4:
        return load_extension(u, op == OP_EXT1 ? 1 : op == OP_EXT2 ? 2 : 4);
    case OP_PERSID: case OP_BINPERSID:
        return load_persistent(u, op == OP_PERSID);
    case OP_PUT: case OP_BINPUT: case OP_LONG_BINPUT:
        if (load_memo(u, op) < 0) {
            return -1;
        }
        *memo_next = -1;
        return 0;
    case OP_GET: case OP_BINGET: case OP_LONG_BINGET:
        return load_memo(u, op);
    case OP_MEMOIZE:
        if (*memo_next < 0) {
            *memo_next = memo_used(u);
        }
        return memo_put(u, (*memo_next)++);
    case OP_PROTO:
        return load_proto(u);
    case OP_FRAME:
        return load_frame(u);
    case OP_READONLY_BUFFER:
        return load_readonly_buffer(u);
    default:
        return bad_opcode(op);
    }
}

static int
load_opcode(Unpickler *u, int op, int64_t *memo_next)
{
    switch (op) {
    case OP_NONE:
        return unpickle_push(u, NONE);
    case OP_NEWTRUE: case OP_NEWFALSE:
        return unpickle_push(u, bool_value(op == OP_NEWTRUE));
    case OP_BININT: case OP_BININT1: case OP_BININT2:
        return unpickle_push(u, load_fixed_int(u, op == OP_BININT ? 4 : op == OP_BININT1 ? 1 : 2));
    case OP_INT:
        return unpickle_push(u, load_int_line(u));
    case OP_LONG:
        return unpickle_push(u, load_long_line(u));
    case OP_LONG1: case OP_LONG4:
        return unpickle_push(u, load_long(u, op == OP_LONG1 ? 1 : 4));
    case OP_FLOAT:
        return unpickle_push(u, load_float_line(u));
    case OP_BINFLOAT:
        return unpickle_push(u, load_binfloat(u));
    case OP_STRING:
        return unpickle_push(u, load_string(u));
    case OP_BINSTRING: case OP_SHORT_BINSTRING:
        return unpickle_push(u, load_binstring(u, op == OP_BINSTRING ? 4 : 1));
    case OP_UNICODE:
        return unpickle_push(u, load_unicode_line(u));
    case OP_SHORT_BINUNICODE: case OP_BINUNICODE: case OP_BINUNICODE8:
        return unpickle_push(u, load_binunicode(u, op == OP_SHORT_BINUNICODE ? 1 : op == OP_BINUNICODE ? 4 : 8));
    case OP_SHORT_BINBYTES: case OP_BINBYTES: case OP_BINBYTES8:
        return unpickle_push(u, load_binbytes(u, op == OP_SHORT_BINBYTES ? 1 : op == OP_BINBYTES ? 4 : 8));
    case OP_BYTEARRAY8:
        return unpickle_push(u, load_bytearray(u));
    case OP_NEXT_BUFFER:
        return unpickle_push(u, load_next_buffer(u));
    case OP_EMPTY_TUPLE:
        return unpickle_push(u, own(tuple_empty));
    case OP_EMPTY_LIST:
        return unpickle_push(u, list_new(0));
    case OP_EMPTY_DICT:
        return unpickle_push(u, dict_new());
    case OP_EMPTY_SET:
        return unpickle_push(u, call0(VALUE(&set_type)));
    case OP_GLOBAL:
        return unpickle_push(u, read_global(u));
    default:
        return load_structure(u, op, memo_next);
    }
}

Own
unpickler_load(Unpickler *u)
{
    int64_t memo_next = -1;
    unpickle_stack_clear(u, 0);
    u->mark_count = 0;
    __atomic_store_n(&u->proto, 0, __ATOMIC_RELAXED); /* find_class reads it */
    u->frame_end = -1;
    for (;;) {
        const uint8_t *op = unpickle_read(u, 1);
        if (!op) {
            if (exc_swallow(PICKLE_ERROR(unpickling_error))) {
                raise_msg(&exc_EOFError, "Ran out of input");
            }
            return NO_VALUE;
        }
        if (*op == OP_STOP) {
            break;
        }
        if (load_opcode(u, *op, &memo_next) < 0) {
            return NO_VALUE;
        }
    }
    if (unpickle_skip_consumed(u) < 0) {
        return NO_VALUE;
    }
    return unpickle_pop(u);
}
