/* str.format() and str.format_map(). */
#include "format_priv.h"

#include "object/int.h"
#include "object/str_priv.h"

typedef enum Numbering { NUMBERS_UNKNOWN, NUMBERS_AUTOMATIC, NUMBERS_MANUAL } Numbering;

typedef struct Formatting {
    Value template;
    Value const *args; /* null for format_map() */
    size_t nargs;
    Value kwargs; /* a mapping, or NO_VALUE */
    Numbering numbering;
    int64_t next_number;
} Formatting;

static int put_template(Formatting *f, StrBuilder *out, Value text, int64_t start, int64_t end,
                        int depth);

/* The number of a positional field; -1 = it has a name. fail: -2 */
static int64_t
field_number(Formatting *f, int64_t index, bool empty)
{
    if (index < 0 && !empty) {
        return -1;
    }
    Numbering mine = empty ? NUMBERS_AUTOMATIC : NUMBERS_MANUAL;
    if (f->numbering != NUMBERS_UNKNOWN && f->numbering != mine) {
        raise_msg(
            &exc_ValueError,
            mine == NUMBERS_MANUAL
                ? "cannot switch from automatic field numbering to manual field specification"
                : "cannot switch from manual field specification to automatic field numbering");
        return -2;
    }
    f->numbering = mine;
    return empty ? f->next_number++ : index;
}

/* What the first part of a field's name means. own: ret new */
static Own
first_value(Formatting *f, Value text, int64_t start, int64_t end, int64_t index)
{
    int64_t number = field_number(f, index, start == end);
    if (number == -2) {
        return NO_VALUE;
    }
    if (number == -1) {
        Own key = str_substring(text, start, end);
        Own value = !key        ? NO_VALUE
                    : f->kwargs ? object_getitem(f->kwargs, key)
                                : raise_key_error(key);
        drop_opt(key);
        return value;
    }
    if (!f->args) {
        return raise_msg(&exc_ValueError, "Format string contains positional fields");
    }
    if ((size_t)number >= f->nargs) {
        return raise_fmt(&exc_IndexError,
                         "Replacement index %zd out of range for positional args tuple", number);
    }
    return own(f->args[number]);
}

static Own
step_value(Value from, Value text, const FieldStep *step)
{
    if (step->index >= 0) {
        Own key = int_from_i64(step->index);
        Own item = key ? object_getitem(from, key) : NO_VALUE;
        drop_opt(key);
        return item;
    }
    Own name = str_substring(text, step->name, step->name_end);
    Own value = !name                ? NO_VALUE
                : step->is_attribute ? object_getattr(from, name)
                                     : object_getitem(from, name);
    drop_opt(name);
    return value;
}

/* The object that a field names. own: ret new */
static Own
field_value(Formatting *f, Value text, int64_t start, int64_t stop)
{
    int64_t at, index;
    if (field_name_first(text, start, stop, &at, &index) < 0) {
        return NO_VALUE;
    }
    Own value = first_value(f, text, start, at, index);
    FieldStep step;
    int status = 0;
    while (value && (status = field_name_next(text, &at, stop, &step)) > 0) {
        Own next = step_value(value, text, &step);
        drop(value);
        value = next;
    }
    if (value && status < 0) {
        drop(value);
        return NO_VALUE;
    }
    return value;
}

/* Eats v. */
static Own
converted(Own v, uint32_t conversion)
{
    Own text;
    switch (conversion) {
    case 0:
        return v;
    case 'r':
        text = object_repr(v);
        break;
    case 's':
        text = object_str(v);
        break;
    case 'a':
        text = object_ascii(v);
        break;
    default:
        if (conversion > 32 && conversion < 127) {
            text = raise_fmt(&exc_ValueError, "Unknown conversion specifier %c", (int)conversion);
        } else {
            text = raise_fmt(&exc_ValueError, "Unknown conversion specifier \\x%x", conversion);
        }
    }
    drop(v);
    return text;
}

/* The specification of a field, with its own fields filled in. own: ret new */
static Own
field_spec(Formatting *f, Value text, const TemplateField *field, int depth)
{
    if (!field->nested) {
        return str_substring(text, field->spec, field->spec_end);
    }
    StrBuilder spec;
    str_builder_init(&spec, 0);
    if (put_template(f, &spec, text, field->spec, field->spec_end, depth - 1) < 0) {
        spec.failed = true;
    }
    return str_builder_finish(&spec);
}

static int
put_field(Formatting *f, StrBuilder *out, Value text, const TemplateField *field, int depth)
{
    Own value = field_value(f, text, field->name, field->name_end);
    value = value ? converted(value, field->conversion) : NO_VALUE;
    if (!value) {
        return -1;
    }
    Own spec = field_spec(f, text, field, depth);
    Own shown = spec ? object_format(value, spec) : NO_VALUE;
    if (shown) {
        str_builder_str(out, shown);
        drop(shown);
    }
    drop_opt(spec);
    drop(value);
    return shown ? 0 : -1;
}

/* depth: how deep specifications may still be nested. */
static int
put_template(Formatting *f, StrBuilder *out, Value text, int64_t start, int64_t end, int depth)
{
    if (depth < 0) {
        return raise_int(&exc_ValueError, "Max string recursion exceeded");
    }
    TemplateField field;
    int status;
    while ((status = template_next(text, &start, end, &field)) > 0) {
        str_builder_sub(out, text, field.literal, field.literal_end);
        if (field.present && put_field(f, out, text, &field, depth) < 0) {
            return -1;
        }
    }
    return status;
}

static Own
format_with(Formatting *f)
{
    StrBuilder out;
    int64_t n = as_str(f->template)->length;
    str_builder_init(&out, n + 32);
    if (put_template(f, &out, f->template, 0, n, 1) < 0) {
        out.failed = true;
    }
    return str_builder_finish(&out);
}

Own
str_format(Value template, Value const *args, size_t nargs, Value kwargs)
{
    Value none[1];
    Formatting f = {
        .template = template, .args = args ? args : none, .nargs = nargs, .kwargs = kwargs};
    return format_with(&f);
}

Own
str_format_map(Value template, Value mapping)
{
    Formatting f = {.template = template, .kwargs = mapping};
    return format_with(&f);
}

Own
str_py_format(Str *self, Value const *args, size_t nargs, Value kwargs)
{
    return str_format(VALUE(self), args, nargs, kwargs);
}

Own
str_py_format_map(Str *self, Value mapping)
{
    return str_format_map(VALUE(self), mapping);
}
