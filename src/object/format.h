/* Formatting values by specification: the mini-language of format() and f-strings, "%" formatting,
 * and str.format().
 *
 * All of it is pure but for calls of __format__, __str__ and the like of values. */
#ifndef WEFT_OBJECT_FORMAT_H
#define WEFT_OBJECT_FORMAT_H

#include "object/str.h"

/* __format__ of each type: spec is a str. own: ret new · fail: 0 + ValueError, OverflowError */
NODISCARD Own format_int(Value v, Value spec); /* int and its subclasses */
NODISCARD Own format_float(Value v, Value spec);
NODISCARD Own format_complex(Value v, Value spec);

/* template.format(*args, **kwargs); kwargs is a mapping or NO_VALUE. own: ret new */
NODISCARD Own str_format(Value template, Value const *args, size_t nargs, Value kwargs);
/* template.format_map(mapping). own: ret new */
NODISCARD Own str_format_map(Value template, Value mapping);

/* -- the parts of a template, for str.format() and string.Formatter. Ranges are of characters of
 * the text. -- */

/* Literal text, and the replacement field after it if there is one: "text{name!c:spec}". */
typedef struct TemplateField {
    int64_t literal, literal_end;
    bool present; /* is there a field? */
    int64_t name, name_end;
    int64_t spec, spec_end;
    bool nested;         /* the specification has fields of its own */
    uint32_t conversion; /* 0 = none */
} TemplateField;

/* Reads on from *at, which moves, up to end. 1; 0 = nothing left; fail: -1 + ValueError (no
 * runpy) */
NODISCARD int template_next(Value text, int64_t *at, int64_t end, TemplateField *field);

/* A field's name: "first.attr[index]". The first part ends at *end; *index is its number, or -1.
 * fail: -1 + ValueError (no runpy) */
NODISCARD int field_name_first(Value text, int64_t start, int64_t stop, int64_t *end,
                               int64_t *index);

typedef struct FieldStep {
    bool is_attribute;
    int64_t name, name_end;
    int64_t index; /* of an item: a number, or -1 */
} FieldStep;

/* The next ".attr" or "[item]" from *at, which moves. 1; 0 = none left; fail: -1 + ValueError (no
 * runpy) */
NODISCARD int field_name_next(Value text, int64_t *at, int64_t stop, FieldStep *step);

#endif
