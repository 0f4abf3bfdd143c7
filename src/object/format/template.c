/* Reading templates of str.format(): where fields begin and end, and what their names are made
 * of. */
#include "base/unicode.h"
#include "object/format.h"

static uint32_t
at_char(Value text, int64_t i)
{
    return str_char_at(as_str(text), i);
}

/* "!c" and ":spec" up to the closing brace; *at is behind the name and its terminator. */
static int
read_after_name(Value text, int64_t *at, int64_t end, uint32_t terminator, TemplateField *f)
{
    if (terminator == '!') {
        if (*at >= end) {
            return raise_int(&exc_ValueError,
                             "end of string while looking for conversion specifier");
        }
        f->conversion = at_char(text, (*at)++);
        if (*at < end) {
            uint32_t c = at_char(text, (*at)++);
            if (c == '}') {
                return 1;
            }
            if (c != ':') {
                return raise_int(&exc_ValueError, "expected ':' after conversion specifier");
            }
        }
    }
    f->spec = *at;
    for (int64_t depth = 1; *at < end; (*at)++) {
        uint32_t c = at_char(text, *at);
        depth += (c == '{') - (c == '}');
        f->nested |= c == '{';
        if (depth == 0) {
            f->spec_end = (*at)++;
            return 1;
        }
    }
    return raise_int(&exc_ValueError, "unmatched '{' in format spec");
}

/* *at is behind the opening brace. */
static int
read_field(Value text, int64_t *at, int64_t end, TemplateField *f)
{
    bool brackets = false; /* inside [ ] */
    f->present = true;
    f->name = *at;
    while (*at < end) {
        uint32_t c = at_char(text, (*at)++);
        if (brackets) {
            brackets = c != ']';
        } else if (c == '[') {
            brackets = true;
        } else if (c == '{') {
            return raise_int(&exc_ValueError, "unexpected '{' in field name");
        } else if (c == '}' || c == ':' || c == '!') {
            f->name_end = *at - 1;
            return c == '}' ? 1 : read_after_name(text, at, end, c, f);
        }
    }
    return raise_int(&exc_ValueError, "expected '}' before end of string");
}

int
template_next(Value text, int64_t *at, int64_t end, TemplateField *f)
{
    *f = (TemplateField){.literal = *at};
    if (*at >= end) {
        return 0;
    }
    while (*at < end) {
        uint32_t c = at_char(text, (*at)++);
        if (c != '{' && c != '}') {
            continue;
        }
        bool doubled = *at < end && at_char(text, *at) == c;
        if (doubled) { /* one brace belongs to the text, the other goes */
            f->literal_end = (*at)++;
            return 1;
        }
        if (c == '}' || *at >= end) {
            return raise_int(&exc_ValueError, "Single '%c' encountered in format string", (int)c);
        }
        f->literal_end = *at - 1;
        return read_field(text, at, end, f);
    }
    f->literal_end = end;
    return 1;
}

/* -- names of fields -- */

/* text[start:stop] as a number; -1 where it is none. fail: -2 */
static int64_t
read_index(Value text, int64_t start, int64_t stop)
{
    int64_t n = 0;
    for (int64_t i = start; i < stop; i++) {
        int digit = unicode_decimal(at_char(text, i));
        if (digit < 0) {
            return -1;
        }
        if (n > (INT64_MAX - digit) / 10) {
            raise_msg(&exc_ValueError, "Too many decimal digits in format string");
            return -2;
        }
        n = n * 10 + digit;
    }
    return start < stop ? n : -1;
}

int
field_name_first(Value text, int64_t start, int64_t stop, int64_t *end, int64_t *index)
{
    int64_t i = start;
    while (i < stop && at_char(text, i) != '.' && at_char(text, i) != '[') {
        i++;
    }
    *end = i;
    *index = read_index(text, start, i);
    return *index == -2 ? -1 : 0;
}

int
field_name_next(Value text, int64_t *at, int64_t stop, FieldStep *step)
{
    if (*at >= stop) {
        return 0;
    }
    uint32_t c = at_char(text, (*at)++);
    *step = (FieldStep){.is_attribute = c == '.', .name = *at, .index = -1};
    if (c == '.') {
        while (*at < stop && at_char(text, *at) != '.' && at_char(text, *at) != '[') {
            (*at)++;
        }
        step->name_end = *at;
    } else if (c == '[') {
        while (*at < stop && at_char(text, *at) != ']') {
            (*at)++;
        }
        if (*at >= stop) {
            return raise_int(&exc_ValueError, "Missing ']' in format string");
        }
        step->name_end = (*at)++;
        step->index = read_index(text, step->name, step->name_end);
        if (step->index == -2) {
            return -1;
        }
    } else {
        return raise_int(&exc_ValueError,
                         "Only '.' or '[' may follow ']' in format field specifier");
    }
    return step->name == step->name_end
               ? raise_int(&exc_ValueError, "Empty attribute in format string")
               : 1;
}
