/* The module _string. The reader of templates is object/format/template.c.
 *
 * Threads: an iterator that threads share gives each part once: its position changes under its
 * lock. */
#include "heap/critical.h"
#include "object/format.h"
#include "object/int.h"
#include "object/iterator.h"
#include "object/module.h"
#include "object/tuple.h"
#include "object/type.h"

#include "_string.spec.h"

/* Of both types: walks over a text. */
typedef struct TemplateIterator {
    Object head;
    Own text;   /* immutable */
    int64_t at; /* guard: lock */
} TemplateIterator;

static void
template_iterator_dealloc(Object *o)
{
    ref_clear(&((TemplateIterator *)o)->text);
    object_free(o);
}

static Own
template_iterator_new(Type *type, Value text, int64_t at)
{
    Own v = type_alloc(type, 0);
    if (v) {
        TemplateIterator *it = (TemplateIterator *)obj(v);
        ref_init(&it->head, &it->text, own(text));
        it->at = at;
    }
    return v;
}

static Own
tuple_of_four(Own a, Own b, Own c, Own d)
{
    Own items[] = {a, b, c, d};
    if (a && b && c && d) {
        return tuple_from_own(items, 4);
    }
    for (int i = 0; i < 4; i++) {
        drop_opt(items[i]);
    }
    return NO_VALUE;
}

static Own
formatter_next(Value v)
{
    TemplateIterator *it = (TemplateIterator *)obj(v);
    TemplateField f;
    CriticalSection section;
    critical_enter(&section, &it->head);
    int status = template_next(it->text, &it->at, as_str(it->text)->length, &f);
    critical_leave(&section);
    if (status <= 0) {
        return NO_VALUE;
    }
    Own literal = str_substring(it->text, f.literal, f.literal_end);
    if (!f.present) {
        return tuple_of_four(literal, NONE, NONE, NONE);
    }
    return tuple_of_four(literal, str_substring(it->text, f.name, f.name_end),
                         str_substring(it->text, f.spec, f.spec_end),
                         f.conversion ? str_from_char(f.conversion) : NONE);
}

static Own
field_name_iterator_next(Value v)
{
    TemplateIterator *it = (TemplateIterator *)obj(v);
    FieldStep step;
    CriticalSection section;
    critical_enter(&section, &it->head);
    int status = field_name_next(it->text, &it->at, as_str(it->text)->length, &step);
    critical_leave(&section);
    if (status <= 0) {
        return NO_VALUE;
    }
    Own items[] = {bool_value(step.is_attribute),
                   step.index >= 0 ? int_from_i64(step.index)
                                   : str_substring(it->text, step.name, step.name_end)};
    return items[1] ? tuple_from_own(items, 2) : NO_VALUE;
}

#define ITERATOR_TYPE(variable, python_name, next_function)                                        \
    static Type variable = {                                                                       \
        .name = python_name,                                                                       \
        .flags = TYPE_NO_INSTANTIATE,                                                              \
        .basic_size = sizeof(TemplateIterator),                                                    \
        .slots = {.dealloc = template_iterator_dealloc,                                            \
                  .iter = iterator_self,                                                           \
                  .next = next_function},                                                          \
    };
ITERATOR_TYPE(formatter_iterator_type, "formatteriterator", formatter_next)
ITERATOR_TYPE(field_name_iterator_type, "fieldnameiterator", field_name_iterator_next)

static int
check_str(Value v)
{
    return is_str(v) ? 0 : raise_int(&exc_TypeError, "expected str, got %T", v);
}

Own
string_module_formatter_parser(Value module UNUSED, Value format)
{
    return check_str(format) < 0 ? NO_VALUE
                                 : template_iterator_new(&formatter_iterator_type, format, 0);
}

Own
string_module_formatter_field_name_split(Value module UNUSED, Value field_name)
{
    int64_t at, index;
    if (check_str(field_name) < 0 ||
        field_name_first(field_name, 0, as_str(field_name)->length, &at, &index) < 0) {
        return NO_VALUE;
    }
    Own items[] = {index >= 0 ? int_from_i64(index) : str_substring(field_name, 0, at),
                   template_iterator_new(&field_name_iterator_type, field_name, at)};
    if (items[0] && items[1]) {
        return tuple_from_own(items, 2);
    }
    drop_opt(items[0]);
    drop_opt(items[1]);
    return NO_VALUE;
}

static int
string_module_exec(Value module UNUSED)
{
    return type_ready(&formatter_iterator_type) < 0 ? -1 : type_ready(&field_name_iterator_type);
}

const ModuleDef module__string = {
    .name = "_string",
    .doc = string_module_module_doc,
    .functions = string_module_functions,
    .exec = string_module_exec,
};
