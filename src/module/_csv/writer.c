/* _csv: the writer. Threads: it never changes; a row grows in a builder of the call. */
#include "module/_csv/csv.h"
#include "object/complex.h"
#include "object/type.h"

typedef struct Writer {
    Object head;
    Own write, dialect; /* immutable */
} Writer;

#include "writer.spec.h"

typedef struct Row {
    const Dialect *d;
    StrBuilder text;
    int64_t fields;
} Row;

static bool
is_special(const Dialect *d, uint32_t c)
{
    if (c == d->delimiter || c == d->escapechar || c == d->quotechar || c == '\n' || c == '\r') {
        return true;
    }
    const Str *end = as_str(d->lineterminator);
    for (int64_t i = 0; i < end->length; i++) {
        if (str_char_at(end, i) == c) {
            return true;
        }
    }
    return false;
}

/* Does a special character of a field need an escape before it? 1, 0; where not it needs quotes around the field. */
static bool
needs_escape(const Dialect *d, uint32_t c)
{
    return d->quoting == QUOTE_NONE || (c == d->quotechar && !d->doublequote) || c == d->escapechar;
}

/* A field, with its delimiter before it. text may be NO_VALUE: None. fail: -1 */
static int
row_add(Row *row, Value text, bool quoted)
{
    const Dialect *d = row->d;
    int64_t n = text ? as_str(text)->length : 0;
    for (int64_t i = 0; i < n; i++) {
        uint32_t c = str_char_at(as_str(text), i);
        if (is_special(d, c)) {
            if (!needs_escape(d, c)) {
                quoted = true;
            } else if (d->escapechar == NOT_SET) {
                csv_raise("need to escape, but no escapechar set");
                return -1;
            }
        }
    }
    if (n == 0 && d->delimiter == ' ' && d->skipinitialspace) {
        if (d->quoting == QUOTE_NONE || (!text && (d->quoting == QUOTE_STRINGS || d->quoting == QUOTE_NOTNULL))) {
            csv_raise("empty field must be quoted if delimiter is a space and skipinitialspace is true");
            return -1;
        }
        quoted = true;
    }
    if (row->fields++) {
        str_builder_char(&row->text, d->delimiter);
    }
    if (quoted) {
        str_builder_char(&row->text, d->quotechar);
    }
    int64_t plain = 0;
    for (int64_t i = 0; i < n; i++) {
        uint32_t c = str_char_at(as_str(text), i);
        if (!is_special(d, c)) {
            continue;
        }
        str_builder_sub(&row->text, text, plain, i);
        plain = i;
        if (needs_escape(d, c)) {
            str_builder_char(&row->text, d->escapechar);
        } else if (c == d->quotechar) {
            str_builder_char(&row->text, d->quotechar);
        }
    }
    if (n) {
        str_builder_sub(&row->text, text, plain, n);
    }
    if (quoted) {
        str_builder_char(&row->text, d->quotechar);
    }
    return 0;
}

/* Is v what operator.index, int or float take, or complex? */
static bool
is_number(Value v)
{
    const Type *t = type_of(v);
    return t->slots.index || t->slots.to_int || t->slots.to_float || is_instance_of(v, &complex_type);
}

static int
row_add_value(Row *row, Value v)
{
    bool quoted = false;
    switch (row->d->quoting) {
    case QUOTE_NONNUMERIC:
        quoted = !is_number(v);
        break;
    case QUOTE_ALL:
        quoted = true;
        break;
    case QUOTE_STRINGS:
        quoted = is_str(v);
        break;
    case QUOTE_NOTNULL:
        quoted = v != NONE;
        break;
    default:
        break;
    }
    if (v == NONE) {
        return row_add(row, NO_VALUE, quoted);
    }
    Own text = is_str(v) ? own(v) : object_str(v);
    int status = text ? row_add(row, text, quoted) : -1;
    drop_opt(text);
    return status;
}

/* The text of a row, its line end too. own: ret new */
static Own
row_text(const Dialect *d, Value items)
{
    Own it = object_iter_all(items), item;
    if (!it) {
        if (exc_swallow(&exc_TypeError)) {
            raise_fmt((Type *)obj(csv_error), "iterable expected, not %T", items);
        }
        return NO_VALUE;
    }
    Row row = {.d = d};
    str_builder_init(&row.text, 64);
    bool null_field = false;
    int status = 0;
    while (status == 0 && (item = object_next(it))) {
        null_field = item == NONE;
        status = row_add_value(&row, item);
        drop(item);
    }
    drop(it);
    if (status == 0 && exc_pending()) {
        status = -1;
    }
    if (status == 0 && row.fields > 0 && row.text.used == 0 && !row.text.failed) { /* or it would read as a row of no fields */
        if (d->quoting == QUOTE_NONE || (null_field && (d->quoting == QUOTE_STRINGS || d->quoting == QUOTE_NOTNULL))) {
            csv_raise("single empty field record must be quoted");
            status = -1;
        } else {
            row.fields = 0;
            status = row_add(&row, NO_VALUE, true);
        }
    }
    if (status < 0) {
        str_builder_discard(&row.text);
        return NO_VALUE;
    }
    str_builder_str(&row.text, d->lineterminator);
    return str_builder_finish(&row.text);
}

Own
csv_writer_object_py_writerow(Writer *self, Value items)
{
    Own text = row_text((const Dialect *)obj(self->dialect), items), result = text ? call1(self->write, text) : NO_VALUE;
    drop_opt(text);
    return result;
}

int
csv_writer_object_py_writerows(Writer *self, Value rows)
{
    Own it = object_iter_all(rows), row;
    while (it && (row = object_next(it))) {
        Own result = csv_writer_object_py_writerow(self, row);
        drop(row);
        drop_opt(result);
        if (!result) {
            break;
        }
    }
    drop_opt(it);
    return exc_pending() ? -1 : 0;
}

Own
csv_writer_new(Value write, Value dialect)
{
    Own v = type_alloc(&csv_writer_type, 0);
    if (v) {
        ref_init(obj(v), &((Writer *)obj(v))->write, own(write));
        ref_init(obj(v), &((Writer *)obj(v))->dialect, own(dialect));
    }
    return v;
}

Own
csv_writer_object_get_dialect(Writer *self)
{
    return own(self->dialect);
}

static int
writer_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((Writer *)o)->write);
    VISIT(((Writer *)o)->dialect);
    return 0;
}

static void
writer_dealloc(Object *o)
{
    drop_opt(((Writer *)o)->write);
    drop_opt(((Writer *)o)->dialect);
    object_free(o);
}

Type csv_writer_type = {
    .name = "_csv.writer",
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(Writer),
    .slots = {.traverse = writer_traverse, .dealloc = writer_dealloc},
    .methods = csv_writer_object_methods,
    .getsets = csv_writer_object_getsets,
    .spec_doc = csv_writer_object_doc,
};
