/* _json: the encoder, from objects to text.
 *
 * Threads: an encoder never changes; the text grows in a builder of the call. What is being encoded is remembered in a chain
 * on the C stack, to find circles; below the first CHAIN_MAX levels, where searching the chain would take long, in the dict
 * `markers`, which the caller gives to one encoder for one use. */
#include "base/number.h"
#include "module/_json/json.h"
#include "object/args.h"
#include "object/bool.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/float.h"
#include "object/int.h"
#include "object/list.h"
#include "object/tuple.h"
#include "object/type.h"

#define CHAIN_MAX 32

typedef struct Encoder {
    Object head;
    Own markers; /* dict or None */
    Own default_, encoder, indent, key_separator, item_separator;
    bool sort_keys, skipkeys, allow_nan;
    int string_kind; /* json_encoder_kind(encoder) */
} Encoder; /* immutable */

#include "encoder.spec.h"

typedef struct Link {
    Value v;
    int depth;
    const struct Link *outer;
} Link;

typedef struct Writer {
    const Encoder *e;
    StrBuilder out;
    bool flat;  /* no indentation */
    Own breaks; /* with it: list of the line breaks of each level, "\n" and spaces */
} Writer;

static int write_value(Writer *w, Value v, int64_t level, const Link *outer);

/* -- circles -- */

static int
raise_circle(void)
{
    return raise_int(&exc_ValueError, "Circular reference detected");
}

/* Is v being encoded already? If not it is from now on, until link_leave. fail: -1 */
static int
link_enter(const Writer *w, Link *link, Value v, const Link *outer)
{
    *link = (Link){v, outer ? outer->depth + 1 : 0, outer};
    if (w->e->markers == NONE) {
        return 0;
    }
    const Link *chain = outer;
    if (outer && outer->depth + 1 >= CHAIN_MAX) {
        Own id = int_from_u64(value_bits(v));
        int found = id ? dict_contains(w->e->markers, id) : -1;
        if (found == 0) {
            found = dict_set(w->e->markers, id, v);
        }
        drop_opt(id);
        if (found) {
            return found > 0 ? raise_circle() : -1;
        }
        while (chain->depth >= CHAIN_MAX) { /* those were looked up */
            chain = chain->outer;
        }
    }
    for (; chain; chain = chain->outer) {
        if (chain->v == v) {
            return raise_circle();
        }
    }
    return 0;
}

static int
link_leave(const Writer *w, const Link *link)
{
    if (link->depth < CHAIN_MAX || w->e->markers == NONE) {
        return 0;
    }
    Own id = int_from_u64(value_bits(link->v));
    int status = id ? dict_delete(w->e->markers, id) : -1;
    drop_opt(id);
    return status;
}

/* Adds a note to the pending exception: where in the data it happened. */
static void
add_note(const char *format, Value container, Value key, int64_t index)
{
    Own exc = exc_take();
    Own note = key ? str_fmt(format, container, key) : str_fmt(format, container, index);
    if (!note || exc_add_note(exc, note) < 0) {
        exc_clear();
    }
    drop_opt(note);
    exc_restore(exc);
}

/* -- pieces -- */

/* The line break of a level, made when first needed. borrow: lasts while w does. fail: 0 */
static Value
line_break(Writer *w, int64_t level)
{
    for (int64_t made = list_len(w->breaks); made <= level; made++) {
        StrBuilder b;
        if (!is_str(w->e->indent)) {
            raise_fmt(&exc_TypeError, "can only concatenate str (not \"%T\") to str", (Value)w->e->indent);
            return NO_VALUE;
        }
        str_builder_init(&b, 1 + made * as_str(w->e->indent)->length);
        str_builder_char(&b, '\n');
        for (int64_t i = 0; i < made; i++) {
            str_builder_str(&b, w->e->indent);
        }
        Own text = str_builder_finish(&b);
        if (!text || list_append_own(w->breaks, text) < 0) {
            return NO_VALUE;
        }
    }
    return as_list(w->breaks)->buffer->items[level];
}

static int
write_break(Writer *w, int64_t level)
{
    if (w->flat) {
        return 0;
    }
    Value text = line_break(w, level);
    if (!text) {
        return -1;
    }
    str_builder_str(&w->out, text);
    return 0;
}

static int
write_float(Writer *w, Value v)
{
    double d = float_value(v);
    if (d - d != 0) {
        if (!w->e->allow_nan) {
            return raise_int(&exc_ValueError, "Out of range float values are not JSON compliant: %R", v);
        }
        const char *word = d != d ? "NaN" : d > 0 ? "Infinity" : "-Infinity";
        str_builder_ascii(&w->out, word, strlen(word));
        return 0;
    }
    char text[DOUBLE_REPR_MAX + 1];
    str_builder_ascii(&w->out, text, (size_t)(double_repr(text, d) - text));
    return 0;
}

static int
write_int(Writer *w, Value v)
{
    int64_t i;
    if (int_as_i64(v, &i)) {
        char text[INT64_TEXT_MAX + 1];
        str_builder_ascii(&w->out, text, (size_t)(int64_text(text, i) - text));
        return 0;
    }
    Own text = int_to_text(v, 10, false);
    if (!text) {
        return -1;
    }
    str_builder_str(&w->out, text);
    drop(text);
    return 0;
}

static int
write_string(Writer *w, Value v)
{
    if (w->e->string_kind >= 0) {
        json_write_string(&w->out, v, w->e->string_kind);
        return 0;
    }
    Own text = call1(w->e->encoder, v);
    if (text && !is_str(text)) {
        raise_fmt(&exc_TypeError, "encoder() must return a string, not %T", (Value)text);
        drop(text);
        return -1;
    }
    if (!text) {
        return -1;
    }
    str_builder_str(&w->out, text);
    drop(text);
    return 0;
}

/* None, True, False: 1 written, 0 something else */
static int
write_constant(Writer *w, Value v)
{
    const char *word = v == NONE ? "null" : v == TRUE_VALUE ? "true" : v == FALSE_VALUE ? "false" : NULL;
    if (word) {
        str_builder_ascii(&w->out, word, strlen(word));
    }
    return word != NULL;
}

/* -- containers -- */

static int
write_sequence(Writer *w, Value v, int64_t level, const Link *outer)
{
    Own fast = sequence_fast(v, "_iterencode_list needs a sequence");
    bool is_exact_list = fast && is_list(fast);
    int64_t n = !fast ? 0 : is_exact_list ? list_len(fast) : as_tuple(fast)->length;
    Link link;
    if (!fast || n == 0) {
        if (fast) {
            str_builder_ascii(&w->out, "[]", 2);
        }
        drop_opt(fast);
        return fast ? 0 : -1;
    }
    int status = link_enter(w, &link, v, outer);
    if (status == 0) {
        str_builder_char(&w->out, '[');
        status = write_break(w, level + 1);
    }
    for (int64_t i = 0; status == 0; i++) {
        Own item = is_exact_list ? list_get(fast, i) : i < n ? own(tuple_item(fast, i)) : NO_VALUE;
        if (!item) {
            break;
        }
        if (i) {
            str_builder_str(&w->out, w->e->item_separator);
            status = write_break(w, level + 1);
        }
        if (status == 0 && (status = write_value(w, item, level + 1, &link)) < 0) {
            add_note("when serializing %T item %zd", v, NO_VALUE, i);
        }
        drop(item);
    }
    drop(fast);
    if (status < 0 || link_leave(w, &link) < 0 || write_break(w, level) < 0) {
        return -1;
    }
    str_builder_char(&w->out, ']');
    return 0;
}

/* A key as the str that stands for it: 1 (*text new), 0 left out, -1 */
static int
key_text(Writer *w, Value key, Own *text)
{
    if (is_str(key)) {
        *text = own(key);
        return 1;
    }
    bool number = is_float(key) || (is_int(key) && key != TRUE_VALUE && key != FALSE_VALUE);
    if (!number && key != NONE && key != TRUE_VALUE && key != FALSE_VALUE) {
        return w->e->skipkeys ? 0
                              : raise_int(&exc_TypeError, "keys must be str, int, float, bool or None, not %T", key);
    }
    Writer small = {.e = w->e};
    str_builder_init(&small.out, 24);
    int status = is_float(key) ? write_float(&small, key) : number ? write_int(&small, key) : write_constant(&small, key);
    *text = str_builder_finish(&small.out);
    return status < 0 || !*text ? -1 : 1;
}

static int
write_pair(Writer *w, Value dict, Value key, Value value, bool *first, int64_t level, const Link *link)
{
    Own text;
    int found = key_text(w, key, &text);
    if (found <= 0) {
        return found;
    }
    int status = 0;
    if (*first) {
        *first = false;
        status = write_break(w, level + 1);
    } else {
        str_builder_str(&w->out, w->e->item_separator);
        status = write_break(w, level + 1);
    }
    status = status < 0 ? -1 : write_string(w, text);
    drop(text);
    if (status < 0) {
        return -1;
    }
    str_builder_str(&w->out, w->e->key_separator);
    if (write_value(w, value, level + 1, link) < 0) {
        add_note("when serializing %T item %R", dict, key, 0);
        return -1;
    }
    return 0;
}

/* By dict.items(): of subclasses, and sorted. */
static int
write_items(Writer *w, Value v, bool *first, int64_t level, const Link *link)
{
    Own view = IS_EXACT(v, DICT) ? dict_items_list(v) : call_method0(v, "items"), items = NO_VALUE;
    if (view && IS_EXACT(view, LIST)) {
        items = own(view);
    } else if (view) {
        Own it = object_iter_all(view);
        if (!it && exc_swallow(&exc_TypeError)) {
            raise_fmt(&exc_TypeError, "%T.items() returned a non-iterable (type %T)", v, (Value)view);
        }
        items = it ? object_to_list(it) : NO_VALUE;
        drop_opt(it);
    }
    drop_opt(view);
    int status = items ? 0 : -1;
    if (status == 0 && w->e->sort_keys) {
        status = list_sort(items, NONE, false);
    }
    Own pair;
    for (int64_t i = 0; status == 0 && (pair = list_get(items, i)); i++) {
        if (!is_tuple(pair) || as_tuple(pair)->length != 2) {
            status = raise_int(&exc_ValueError, "items must return 2-tuples");
        } else {
            status = write_pair(w, v, tuple_item(pair, 0), tuple_item(pair, 1), first, level, link);
        }
        drop(pair);
    }
    drop_opt(items);
    return status;
}

static int
write_dict(Writer *w, Value v, int64_t level, const Link *outer)
{
    int64_t n = dict_len(v);
    if (n == 0) {
        str_builder_ascii(&w->out, "{}", 2);
        return 0;
    }
    Link link;
    if (link_enter(w, &link, v, outer) < 0) {
        return -1;
    }
    str_builder_char(&w->out, '{');
    bool first = true;
    int status = 0;
    if (w->e->sort_keys || !IS_EXACT(v, DICT)) {
        status = write_items(w, v, &first, level, &link);
    } else {
        int64_t position = 0;
        Own whole = dict_at_one_moment(v), key, value;
        status = whole ? 0 : -1;
        while (status == 0 && dict_next(whole, &position, &key, &value)) {
            status = write_pair(w, v, key, value, &first, level, &link);
            drop(key);
            drop(value);
        }
        drop_opt(whole);
    }
    if (status < 0 || link_leave(w, &link) < 0 || (!first && write_break(w, level) < 0)) {
        return -1;
    }
    str_builder_char(&w->out, '}');
    return 0;
}

static int
write_default(Writer *w, Value v, int64_t level, const Link *outer)
{
    Link link;
    if (link_enter(w, &link, v, outer) < 0) {
        return -1;
    }
    Own made = call1(w->e->default_, v);
    if (!made) {
        return -1;
    }
    int status = c_stack_ok() ? write_value(w, made, level, &link) : -1;
    drop(made);
    if (status < 0) {
        add_note("when serializing %T object", v, NO_VALUE, 0);
        return -1;
    }
    return link_leave(w, &link);
}

static int
write_value(Writer *w, Value v, int64_t level, const Link *outer)
{
    if (UNLIKELY(w->out.failed)) {
        str_builder_raise(&w->out);
        return -1;
    }
    if (write_constant(w, v)) {
        return 0;
    }
    if (is_str(v)) {
        return write_string(w, v);
    }
    if (is_int(v)) {
        return write_int(w, v);
    }
    if (is_float(v)) {
        return write_float(w, v);
    }
    if (is_list(v) || is_tuple(v)) {
        return c_stack_ok() ? write_sequence(w, v, level, outer) : -1;
    }
    if (is_dict(v)) {
        return c_stack_ok() ? write_dict(w, v, level, outer) : -1;
    }
    return write_default(w, v, level, outer);
}

/* -- the object -- */

static Own
encoder_call(Value self, Value const *args, size_t nargs, Value kwnames)
{
    static const char *const names[] = {"obj", "_current_indent_level"};
    static const ArgsSpec spec = {"_iterencode", names, 2, 0, 2, 3, false, false};
    Value slots[2];
    if (args_parse(&spec, args, nargs, kwnames, slots, NULL) < 0) {
        return NO_VALUE;
    }
    int64_t level = object_as_ssize(slots[1]);
    if (level == -1 && exc_pending()) {
        return NO_VALUE;
    }
    Writer w = {.e = (const Encoder *)obj(self)};
    w.flat = w.e->indent == NONE;
    w.breaks = w.flat ? NO_VALUE : list_new(0);
    if (!w.flat && !w.breaks) {
        return NO_VALUE;
    }
    str_builder_init(&w.out, 64);
    int status = write_value(&w, slots[0], level < 0 ? 0 : level, NULL);
    drop_opt(w.breaks);
    if (status < 0) {
        str_builder_discard(&w.out);
        return NO_VALUE;
    }
    Own text = str_builder_finish(&w.out);
    return text ? tuple_from_own(&text, 1) : NO_VALUE;
}

Own
json_encoder_make(Type *cls, Value markers, Value default_, Value encoder, Value indent, Value key_separator,
                  Value item_separator, bool sort_keys, bool skipkeys, bool allow_nan)
{
    if (!is_dict(markers) && markers != NONE) {
        return raise_fmt(&exc_TypeError, "make_encoder() argument 1 must be dict or None, not %T", markers);
    }
    Own v = type_alloc(cls, 0);
    if (v) {
        Encoder *e = (Encoder *)obj(v);
        ref_init(&e->head, &e->markers, own(markers));
        ref_init(&e->head, &e->default_, own(default_));
        ref_init(&e->head, &e->encoder, own(encoder));
        ref_init(&e->head, &e->indent, own(indent));
        ref_init(&e->head, &e->key_separator, own(key_separator));
        ref_init(&e->head, &e->item_separator, own(item_separator));
        e->sort_keys = sort_keys;
        e->skipkeys = skipkeys;
        e->allow_nan = allow_nan;
        e->string_kind = json_encoder_kind(encoder);
    }
    return v;
}

#define GETTER(name, expression)                                                                   \
    Own json_encoder_get_##name(Encoder *self)                                                     \
    {                                                                                              \
        return expression;                                                                         \
    }
GETTER(markers, own(self->markers))
GETTER(default, own(self->default_))
GETTER(encoder, own(self->encoder))
GETTER(indent, own(self->indent))
GETTER(key_separator, own(self->key_separator))
GETTER(item_separator, own(self->item_separator))
GETTER(sort_keys, bool_value(self->sort_keys))
GETTER(skipkeys, bool_value(self->skipkeys))

static int
encoder_traverse(Object *o, Visit visit, void *arg)
{
    Encoder *e = (Encoder *)o;
    VISIT(e->markers);
    VISIT(e->default_);
    VISIT(e->encoder);
    VISIT(e->indent);
    VISIT(e->key_separator);
    VISIT(e->item_separator);
    return 0;
}

static void
encoder_dealloc(Object *o)
{
    Encoder *e = (Encoder *)o;
    Own *fields[] = {&e->markers, &e->default_, &e->encoder, &e->indent, &e->key_separator, &e->item_separator};
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        ref_clear(fields[i]);
    }
    object_free(o);
}

static void
encoder_clear(Object *o)
{
    Encoder *e = (Encoder *)o;
    ref_store(o, &e->default_, NONE); /* a circle goes through one of these */
    ref_store(o, &e->encoder, NONE);
    ref_store(o, &e->markers, NONE);
}

Type json_encoder_type = {
    .name = "_json.Encoder",
    .flags = TYPE_GC | TYPE_BASE,
    .basic_size = sizeof(Encoder),
    .slots = {
        .traverse = encoder_traverse,
        .clear = encoder_clear,
        .dealloc = encoder_dealloc,
        .create = json_encoder_create_slot,
        .call = encoder_call,
    },
    .methods = json_encoder_methods,
    .getsets = json_encoder_getsets,
    .spec_doc = json_encoder_doc,
};
