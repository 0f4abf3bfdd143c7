/* Exception instances. Every field's guard is the object's lock; readers use ref_load. */
#ifndef WEFT_OBJECT_EXCEPTION_H
#define WEFT_OBJECT_EXCEPTION_H

#include "object/object.h"

/* The head of every exception. Types with more fields embed it first. Instances also have
 * attributes (`__notes__` is one of them). */
typedef struct Exception {
    Object head;
    Own args;           /* tuple */
    Own traceback;      /* traceback or NO_VALUE */
    Own context, cause; /* exceptions or NO_VALUE */
    _Atomic uint8_t suppress_context;
} Exception;

static ALWAYS_INLINE Exception *
as_exception(Value v)
{
    return (Exception *)obj(v);
}

/* StopIteration, SystemExit. */
typedef struct ValueException {
    Exception base;
    Own value; /* NO_VALUE reads as None, as in the fields below */
} ValueException;

typedef struct NameException { /* NameError, UnboundLocalError, AttributeError */
    Exception base;
    Own name;
    Own obj; /* AttributeError's; unused in the others */
} NameException;

typedef struct ImportException {
    Exception base;
    Own msg, name, path, name_from;
} ImportException;

typedef struct OsException {
    Exception base;
    Own myerrno, strerror, filename, filename2;
    int64_t written; /* BlockingIOError.characters_written; -1 = unset */
} OsException;

typedef struct SyntaxException {
    Exception base;
    Own msg, filename, lineno, offset, text, end_lineno, end_offset;
    Own print_file_and_line, metadata;
} SyntaxException;

typedef struct UnicodeException {
    Exception base;
    Own encoding, object, reason;
    int64_t start, end; /* as given; see unicode_error_range */
} UnicodeException;

typedef struct GroupException {
    Exception base;
    Own message;    /* str; immutable */
    Own exceptions; /* tuple, never empty; immutable */
    Own shown;      /* text of the exceptions as given, unless a list or tuple; immutable */
} GroupException;

/* -- making */
/* Makes every built-in exception type ready, and what MemoryError needs. fail: -1 */
NODISCARD int exceptions_ready(void);
/* All of them, bases first; 0-terminated. (EnvironmentError and IOError are other names of
 * OSError.) */
extern Type *const builtin_exceptions[];
/* type(*args), without asking type.__call__. own: ret new · may: runpy (classes) */
NODISCARD Own exc_new(Type *type, Value const *args, size_t nargs);

/* -- raising */
/* Raises an instance (eaten): the exception being handled becomes its __context__. Returns 0. */
Own raise_instance(Own exc);
/* The __context__ that `exc` gets when raised while `handled` is being handled; breaks the cycle
 * that would make. */
void exc_chain_context(Value exc, Value handled);
/* AttributeError and NameError of C code. */
Own raise_name_error(Type *type, Value name, const char *format, ...) COLD;
Own raise_import_error(Type *type, Value name, Value path, const char *format,
                       ...) COLD; /* name, path may be NO_VALUE */

/* -- fields */
void exc_set_context(Value exc, Own context);     /* eats; NO_VALUE = none */
void exc_set_cause(Value exc, Own cause);         /* eats; sets suppress_context */
void exc_set_traceback(Value exc, Own traceback); /* eats */
NODISCARD Own exc_get_traceback(Value exc);       /* new or NO_VALUE */
NODISCARD Own exc_get_context(Value exc);
NODISCARD Own exc_get_cause(Value exc);
NODISCARD Own exc_get_args(Value exc);             /* a tuple */
NODISCARD int exc_add_note(Value exc, Value note); /* note is a str */

/* StopIteration.value, and that of the pending exception when it is a StopIteration: taken and
 * cleared. */
NODISCARD Own stop_iteration_value(Value exc);
/* 1: *value is the StopIteration's value or None if nothing was pending; 0: another exception is
 * pending */
NODISCARD int exc_take_stop_iteration(Own *value);

/* -- Unicode errors, for codecs */
NODISCARD Own unicode_decode_error_new(const char *encoding, const void *data, int64_t length,
                                       int64_t start, int64_t end, const char *reason);
NODISCARD Own unicode_encode_error_new(const char *encoding, Value text, int64_t start, int64_t end,
                                       const char *reason);
NODISCARD Own unicode_translate_error_new(Value text, int64_t start, int64_t end,
                                          const char *reason);
/* The object (str, or bytes for decoding; new) of a UnicodeError, with start and end brought into
 * its range. fail: 0 + TypeError */
NODISCARD Own unicode_error_range(Value exc, int64_t *start, int64_t *end);
NODISCARD int unicode_error_set(Value exc, int64_t start, int64_t end, const char *reason);

/* -- groups, for except* */
/* Splits exc by the types: *match gets the part that matches (a naked exception is wrapped in an
 * ExceptionGroup) or None, *rest the other part or None. TypeError when types is no exception type,
 * or a group type. fail: -1 */
NODISCARD int exc_group_match(Value exc, Value types, Own *match, Own *rest);
/* What a try-except* statement raises at its end: `orig` is what was caught, `raised` the list of
 * what the handlers raised and the rest that no handler took (NONE items are skipped). An
 * exception, or None when there is nothing to raise. */
NODISCARD Own exc_prepare_reraise_star(Value orig, Value raised);

#endif
