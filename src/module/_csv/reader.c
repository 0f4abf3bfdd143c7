/* _csv: the reader, a machine that is fed the characters of one line after the other.
 *
 * Threads: one thread at a time makes a row, of lines that follow each other; the others wait, detached. The iterator may ask for a
 * row of the very reader that asks it for a line. */
#include "module/_csv/csv.h"
#include "module/work_lock.h"
#include "object/float.h"
#include "object/int.h"
#include "object/list.h"
#include "object/type.h"

typedef enum ReaderState {
    START_RECORD, START_FIELD, ESCAPED_CHAR, IN_FIELD, IN_QUOTED_FIELD, ESCAPE_IN_QUOTED_FIELD, QUOTE_IN_QUOTED_FIELD,
    EAT_CRNL, AFTER_ESCAPED_CRNL,
} ReaderState;

typedef struct Reader {
    Object head;
    Own iterator, dialect; /* immutable */
    OwnerLock lock;
    Own fields;            /* list; NO_VALUE between records. guard, for all below: lock */
    ReaderState state;
    bool unquoted; /* the field has had no quotes */
    uint32_t *field;
    int64_t length, capacity; /* of field */
    int64_t line_num;
} Reader;

#include "reader.spec.h"

#define LINE_END 0xFFFFFFFEu

/* -- one character -- */

static int
add_char(Reader *r, uint32_t c)
{
    int64_t limit = atomic_load_explicit(&csv_field_limit, memory_order_relaxed);
    if (r->length >= limit) {
        return raise_int((Type *)obj(csv_error), "field larger than field limit (%zd)", limit);
    }
    if (r->length == r->capacity) {
        int64_t capacity = r->capacity ? r->capacity * 2 : 64;
        uint32_t *longer = mem_realloc(r->field, (size_t)capacity * sizeof *longer);
        if (!longer) {
            return -1;
        }
        r->field = longer;
        r->capacity = capacity;
    }
    r->field[r->length++] = c;
    return 0;
}

static int
save_field(Reader *r)
{
    int quoting = ((const Dialect *)obj(r->dialect))->quoting;
    Own v;
    if (r->unquoted && r->length == 0 && (quoting == QUOTE_NOTNULL || quoting == QUOTE_STRINGS)) {
        v = NONE;
    } else {
        v = str_from_ucs4(r->field, (size_t)r->length);
        if (v && r->unquoted && r->length && (quoting == QUOTE_NONNUMERIC || quoting == QUOTE_STRINGS)) {
            Own number = float_from_str(v);
            drop(v);
            v = number;
        }
    }
    r->length = 0;
    r->unquoted = true;
    return v ? list_append_own(r->fields, v) : -1;
}

/* The field and the record end, with c. */
static int
end_record(Reader *r, uint32_t c)
{
    r->state = c == LINE_END ? START_RECORD : EAT_CRNL;
    return save_field(r);
}

static bool
is_newline(uint32_t c)
{
    return c == '\n' || c == '\r';
}

static int
at_field_start(Reader *r, const Dialect *d, uint32_t c)
{
    if (is_newline(c) || c == LINE_END) {
        return end_record(r, c);
    }
    if (c == d->quotechar && d->quoting != QUOTE_NONE) {
        r->unquoted = false;
        r->state = IN_QUOTED_FIELD;
        return 0;
    }
    if (c == d->escapechar) {
        r->state = ESCAPED_CHAR;
        return 0;
    }
    if (c == ' ' && d->skipinitialspace) {
        r->state = START_FIELD;
        return 0;
    }
    if (c == d->delimiter) {
        r->state = START_FIELD;
        return save_field(r);
    }
    r->state = IN_FIELD;
    return add_char(r, c);
}

static int
in_field(Reader *r, const Dialect *d, uint32_t c)
{
    if (is_newline(c) || c == LINE_END) {
        return end_record(r, c);
    }
    if (c == d->escapechar) {
        r->state = ESCAPED_CHAR;
        return 0;
    }
    if (c == d->delimiter) {
        r->state = START_FIELD;
        return save_field(r);
    }
    r->state = IN_FIELD;
    return add_char(r, c);
}

static int
behind_quote(Reader *r, const Dialect *d, uint32_t c)
{
    if (c == d->quotechar && d->quoting != QUOTE_NONE) { /* "" */
        r->state = IN_QUOTED_FIELD;
        return add_char(r, c);
    }
    if (c == d->delimiter) {
        r->state = START_FIELD;
        return save_field(r);
    }
    if (is_newline(c) || c == LINE_END) {
        return end_record(r, c);
    }
    if (!d->strict) {
        r->state = IN_FIELD;
        return add_char(r, c);
    }
    Own delimiter = str_from_char(d->delimiter), quote = str_from_char(d->quotechar);
    if (delimiter && quote) {
        raise_fmt((Type *)obj(csv_error), "'%U' expected after '%U'", (Value)delimiter, (Value)quote);
    }
    drop_opt(delimiter);
    drop_opt(quote);
    return -1;
}

static int
process_char(Reader *r, const Dialect *d, uint32_t c)
{
    switch (r->state) {
    case START_RECORD:
        if (c == LINE_END) { /* an empty line: no fields */
            return 0;
        }
        if (is_newline(c)) {
            r->state = EAT_CRNL;
            return 0;
        }
        return at_field_start(r, d, c);
    case START_FIELD:
        return at_field_start(r, d, c);
    case ESCAPED_CHAR:
        r->state = is_newline(c) ? AFTER_ESCAPED_CRNL : IN_FIELD;
        return add_char(r, c == LINE_END ? '\n' : c);
    case AFTER_ESCAPED_CRNL:
        return c == LINE_END ? 0 : in_field(r, d, c);
    case IN_FIELD:
        return in_field(r, d, c);
    case IN_QUOTED_FIELD:
        if (c == LINE_END) {
            return 0;
        }
        if (c == d->escapechar) {
            r->state = ESCAPE_IN_QUOTED_FIELD;
            return 0;
        }
        if (c == d->quotechar && d->quoting != QUOTE_NONE) {
            r->state = d->doublequote ? QUOTE_IN_QUOTED_FIELD : IN_FIELD;
            return 0;
        }
        return add_char(r, c);
    case ESCAPE_IN_QUOTED_FIELD:
        r->state = IN_QUOTED_FIELD;
        return add_char(r, c == LINE_END ? '\n' : c);
    case QUOTE_IN_QUOTED_FIELD:
        return behind_quote(r, d, c);
    case EAT_CRNL:
        break;
    }
    if (is_newline(c)) {
        return 0;
    }
    if (c == LINE_END) {
        r->state = START_RECORD;
        return 0;
    }
    return raise_int((Type *)obj(csv_error), "new-line character seen in unquoted field - do you need to open the file with "
                                             "newline=''?");
}

/* -- lines -- */

static int
process_line_locked(Reader *r, Value line)
{
    const Dialect *d = (const Dialect *)obj(r->dialect);
    const Str *s = as_str(line);
    __atomic_store_n(&r->line_num, r->line_num + 1, __ATOMIC_RELAXED); /* the attribute is read without the lock */
    for (int64_t i = 0; i < s->length; i++) {
        if (process_char(r, d, str_char_at(s, i)) < 0) {
            return -1;
        }
    }
    return process_char(r, d, LINE_END);
}

/* Takes the record out. */
static Own
take_fields_locked(Reader *r)
{
    return ref_swap(&r->head, &r->fields, NO_VALUE);
}

/* The lines are over: what there is of a record. lock: held. own: ret new · NO_VALUE with nothing pending for none */
static Own
last_record(Reader *r)
{
    if (!r->fields || (r->length == 0 && r->state != IN_QUOTED_FIELD)) {
        return NO_VALUE;
    }
    if (((const Dialect *)obj(r->dialect))->strict) {
        return csv_raise("unexpected end of data");
    }
    return save_field(r) < 0 ? NO_VALUE : take_fields_locked(r);
}

/* own: ret new · NO_VALUE with nothing pending at the end */
static Own
next_row_locked(Reader *r)
{
    Own fresh = list_new(0);
    if (!fresh) {
        return NO_VALUE;
    }
    Own old = ref_swap(&r->head, &r->fields, fresh);
    r->state = START_RECORD;
    r->length = 0;
    r->unquoted = true;
    drop_opt(old);
    do {
        Own line = object_next(r->iterator);
        if (!line) {
            return exc_pending() ? NO_VALUE : last_record(r);
        }
        if (!is_str(line)) {
            raise_fmt((Type *)obj(csv_error),
                      "iterator should return strings, not %T (the file should be opened in text mode)", (Value)line);
            drop(line);
            return NO_VALUE;
        }
        int status = r->fields ? process_line_locked(r, line) : -1;
        if (!r->fields) {
            csv_raise("iterator has already advanced the reader");
        }
        drop(line);
        if (status < 0) {
            return NO_VALUE;
        }
    } while (r->state != START_RECORD);
    return take_fields_locked(r);
}

static Own
reader_next(Value v)
{
    Reader *r = (Reader *)obj(v);
    owner_lock_enter(&r->lock);
    Own row = next_row_locked(r);
    owner_lock_leave(&r->lock);
    return row;
}

/* -- the object -- */

Own
csv_reader_new(Value iterator, Value dialect)
{
    Own v = type_alloc(&csv_reader_type, 0);
    if (v) {
        Reader *r = (Reader *)obj(v);
        ref_init(&r->head, &r->iterator, own(iterator));
        ref_init(&r->head, &r->dialect, own(dialect));
    }
    return v;
}

Own
csv_reader_object_get_dialect(Reader *self)
{
    return own(self->dialect);
}

Own
csv_reader_object_get_line_num(Reader *self)
{
    return int_from_i64(__atomic_load_n(&self->line_num, __ATOMIC_RELAXED));
}

static int
reader_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((Reader *)o)->iterator);
    VISIT(((Reader *)o)->dialect);
    VISIT(((Reader *)o)->fields);
    return 0;
}

static void
reader_dealloc(Object *o)
{
    Reader *r = (Reader *)o;
    drop_opt(r->iterator);
    drop_opt(r->dialect);
    drop_opt(r->fields);
    mem_free(r->field);
    object_free(o);
}

static Own
iter_self(Value v)
{
    return own(v);
}

Type csv_reader_type = {
    .name = "_csv.reader",
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(Reader),
    .slots = {.traverse = reader_traverse, .dealloc = reader_dealloc, .iter = iter_self, .next = reader_next},
    .methods = csv_reader_object_methods,
    .getsets = csv_reader_object_getsets,
    .spec_doc = csv_reader_object_doc,
};
