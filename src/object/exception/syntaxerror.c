/* SyntaxError(msg, (filename, lineno, offset, text[, end_lineno, end_offset[, metadata]])).
 *
 * Threads: as in baseexception.c. */
#include "object/exception/exception_priv.h"
#include "object/int.h"
#include "object/str.h"
#include "object/tuple.h"

#include "syntaxerror.spec.h"

/* The fields that the second argument gives, in its order. */
enum { LEAST_DETAILS = 4, MOST_DETAILS = 7 };

static int
set_details(SyntaxException *e, Value details)
{
    int64_t n = as_tuple(details)->length;
    if (n < LEAST_DETAILS || n > MOST_DETAILS) {
        return raise_int(&exc_TypeError, "function takes at %s %d arguments (%zd given)",
                         n < LEAST_DETAILS ? "least" : "most",
                         n < LEAST_DETAILS ? LEAST_DETAILS : MOST_DETAILS, n);
    }
    Own *fields[MOST_DETAILS] = {&e->filename,   &e->lineno,     &e->offset,  &e->text,
                                 &e->end_lineno, &e->end_offset, &e->metadata};
    for (int i = 0; i < MOST_DETAILS; i++) {
        exception_store(&e->base, fields[i], i < n ? own(tuple_item(details, i)) : NO_VALUE);
    }
    if (n == 5) {
        return raise_int(&exc_TypeError, "end_offset must be provided when end_lineno is provided");
    }
    return 0;
}

static int
syntax_error_init(Value self, Value const *args, size_t nargs, Value kwnames)
{
    SyntaxException *e = (SyntaxException *)obj(self);
    if (exception_init(self, args, nargs, kwnames) < 0) {
        return -1;
    }
    if (nargs >= 1) {
        exception_store(&e->base, &e->msg, own(args[0]));
    }
    if (nargs != 2) {
        return 0;
    }
    Own details = object_to_tuple(args[1]);
    int status = details ? set_details(e, details) : -1;
    drop_opt(details);
    return status;
}

/* The part of a path after its last '/'. own: ret new */
static Own
base_name(Value path)
{
    int64_t length = as_str(path)->length, at = length;
    while (at > 0 && str_char_at(as_str(path), at - 1) != '/') {
        at--;
    }
    return str_substring(path, at, length);
}

static Own
syntax_error_str(Value v)
{
    SyntaxException *e = (SyntaxException *)obj(v);
    Own msg = exception_field_get(&e->base, &e->msg);
    Own filename = ref_load(&e->base.head, &e->filename),
        lineno = ref_load(&e->base.head, &e->lineno);
    Own file = filename && is_str(filename) ? base_name(filename) : NO_VALUE;
    bool has_line = lineno && (is_small_int(lineno) || IS_EXACT(lineno, INT));
    int64_t line = -1;
    if (has_line && !int_as_i64(lineno, &line)) {
        line = -1;
    }
    Own text = NO_VALUE;
    if (!exc_pending()) {
        text = file && has_line ? str_fmt("%S (%U, line %zd)", (Value)msg, (Value)file, line)
               : file           ? str_fmt("%S (%U)", (Value)msg, (Value)file)
               : has_line       ? str_fmt("%S (line %zd)", (Value)msg, line)
                                : object_str(msg);
    }
    drop(msg);
    drop_opt(filename);
    drop_opt(lineno);
    drop_opt(file);
    return text;
}

EXCEPTION_FIELD(syntax_error, SyntaxException, msg)
EXCEPTION_FIELD(syntax_error, SyntaxException, filename)
EXCEPTION_FIELD(syntax_error, SyntaxException, lineno)
EXCEPTION_FIELD(syntax_error, SyntaxException, offset)
EXCEPTION_FIELD(syntax_error, SyntaxException, text)
EXCEPTION_FIELD(syntax_error, SyntaxException, end_lineno)
EXCEPTION_FIELD(syntax_error, SyntaxException, end_offset)
EXCEPTION_FIELD(syntax_error, SyntaxException, print_file_and_line)

Own
syntax_error_get__metadata(SyntaxException *self)
{
    return exception_field_get(&self->base, &self->metadata);
}

int
syntax_error_set__metadata(SyntaxException *self, Value value)
{
    return exception_field_set(&self->base, &self->metadata, value);
}

EXCEPTION_LIFE(syntax_exception, 9)

Type exc_SyntaxError = {
    .name = "SyntaxError",
    .base = &exc_Exception,
    .flags = EXCEPTION_FLAGS,
    .basic_size = sizeof(SyntaxException),
    .dict_offset = sizeof(SyntaxException),
    .slots = {EXCEPTION_LIFE_SLOTS(syntax_exception), .init = syntax_error_init,
              .str = syntax_error_str},
    .methods = syntax_error_methods,
    .getsets = syntax_error_getsets,
    .spec_doc = syntax_error_doc,
};
