/* The module _interpolation: Template and Interpolation. Immutable: no locks. */
#include "object/args.h"
#include "object/dict.h"
#include "object/hooks.h"
#include "object/list.h"
#include "object/module.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

typedef struct Interpolation {
    Object head;
    Own value, expression, conversion, format_spec;
} Interpolation;

typedef struct Template {
    Object head;
    Own strings, interpolations; /* tuples; one string more */
} Template;

#include "_interpolation.spec.h"

static Type interpolation_type, template_type;

Own
interpolation_make(Type *cls, Value value, Value expression, Value conversion, Value format_spec)
{
    if (conversion != NONE && !(is_str(conversion) && (str_equals_cstr(conversion, "s") || str_equals_cstr(conversion, "r") || str_equals_cstr(conversion, "a")))) {
        return is_str(conversion) ? raise_msg(&exc_ValueError, "Interpolation() argument 'conversion' must be one of 's', 'a' or 'r'")
                                  : raise_fmt(&exc_TypeError, "Interpolation() argument 'conversion' must be str, not %T", conversion);
    }
    Own v = type_alloc(cls, 0);
    if (v) {
        Interpolation *self = (Interpolation *)obj(v);
        ref_init(obj(v), &self->value, own(value));
        ref_init(obj(v), &self->expression, own(expression ? expression : (Value)str_empty));
        ref_init(obj(v), &self->conversion, own(conversion));
        ref_init(obj(v), &self->format_spec, own(format_spec ? format_spec : (Value)str_empty));
    }
    return v;
}

#define FIELD(type, name, prefix)                                                                  \
    Own prefix##_get_##name(type *self)                                                            \
    {                                                                                              \
        return own(self->name);                                                                    \
    }
FIELD(Interpolation, value, interpolation)
FIELD(Interpolation, expression, interpolation)
FIELD(Interpolation, conversion, interpolation)
FIELD(Interpolation, format_spec, interpolation)
FIELD(Template, strings, template)
FIELD(Template, interpolations, template)

Own
interpolation_py___reduce__(Interpolation *self)
{
    Own args = tuple_pack(4, (Value)self->value, (Value)self->expression, (Value)self->conversion, (Value)self->format_spec);
    Own result = args ? tuple_pack(2, VALUE(obj_type(&self->head)), (Value)args) : NO_VALUE;
    drop_opt(args);
    return result;
}

static Own
interpolation_repr(Value v)
{
    const Interpolation *self = (const Interpolation *)obj(v);
    return str_fmt("Interpolation(%R, %R, %R, %R)", (Value)self->value, (Value)self->expression, (Value)self->conversion, (Value)self->format_spec);
}

static int
interpolation_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((Interpolation *)o)->value);
    VISIT(((Interpolation *)o)->expression);
    VISIT(((Interpolation *)o)->conversion);
    VISIT(((Interpolation *)o)->format_spec);
    return 0;
}

static void
interpolation_dealloc(Object *o)
{
    ref_clear(&((Interpolation *)o)->value);
    ref_clear(&((Interpolation *)o)->expression);
    ref_clear(&((Interpolation *)o)->conversion);
    ref_clear(&((Interpolation *)o)->format_spec);
    object_free(o);
}

static Type interpolation_type = {
    .name = "string.templatelib.Interpolation",
    .flags = TYPE_GC,
    .basic_size = sizeof(Interpolation),
    .slots = {.traverse = interpolation_traverse, .dealloc = interpolation_dealloc, .create = interpolation_create_slot, .repr = interpolation_repr},
    .methods = interpolation_methods,
    .getsets = interpolation_getsets,
    .spec_doc = interpolation_doc,
};

/* -- Template -- */

static Own
template_of(Value strings, Value interpolations)
{
    Own v = type_alloc(&template_type, 0);
    if (v) {
        ref_init(obj(v), &((Template *)obj(v))->strings, own(strings));
        ref_init(obj(v), &((Template *)obj(v))->interpolations, own(interpolations));
    }
    return v;
}

Own
interpolation_module__make_template(Value self UNUSED, Value const *args, size_t nargs, Value kwnames UNUSED)
{
    if (nargs != 2 || !is_tuple(args[0]) || !is_tuple(args[1])) {
        return raise_msg(&exc_TypeError, "_make_template() takes two tuples");
    }
    return template_of(args[0], args[1]);
}

/* Parts in any order: neighbouring texts are joined, and an empty one stands between interpolations. */
static Own
template_from_parts(Value const *parts, size_t n)
{
    Own strings = list_new(0), interpolations = list_new(0), text = str_empty, result = NO_VALUE;
    bool ok = strings && interpolations;
    for (size_t i = 0; ok && i < n; i++) {
        if (is_str(parts[i])) {
            Own joined = str_concat(text, parts[i]);
            drop(text);
            text = joined;
            ok = text != NO_VALUE;
        } else if (type_of(parts[i]) == &interpolation_type) {
            ok = list_append_own(strings, text) == 0 && list_append(interpolations, parts[i]) == 0;
            text = str_empty;
        } else {
            raise_fmt(&exc_TypeError, "Template.__new__ *args need to be of type 'str' or 'Interpolation', got %T", parts[i]);
            ok = false;
        }
    }
    if (ok && list_append_own(strings, text) == 0) {
        Own s = list_to_tuple(strings), p = s ? list_to_tuple(interpolations) : NO_VALUE;
        result = p ? template_of(s, p) : NO_VALUE;
        drop_opt(s);
        drop_opt(p);
    }
    drop_opt(strings);
    drop_opt(interpolations);
    return result;
}

static Own
template_create(Type *cls UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    return kwnames ? raise_msg(&exc_TypeError, "Template.__new__ only accepts *args arguments") : template_from_parts(args, nargs);
}

Own
template_get_values(Template *self)
{
    int64_t n = as_tuple(self->interpolations)->length;
    Own values = tuple_new(n);
    for (int64_t i = 0; values && i < n; i++) {
        tuple_init_item(values, i, own(((Interpolation *)obj(tuple_item(self->interpolations, i)))->value));
    }
    return values;
}

Own
template_py___reduce__(Template *self)
{
    Own module = object_hooks.import_module("string.templatelib"), f = module ? object_getattr_cstr(module, "_template_unpickle") : NO_VALUE;
    Own state = f ? tuple_pack(2, (Value)self->strings, (Value)self->interpolations) : NO_VALUE;
    Own result = state ? tuple_pack(2, (Value)f, (Value)state) : NO_VALUE;
    drop_opt(module);
    drop_opt(f);
    drop_opt(state);
    return result;
}

/* The parts in order, without empty texts. own: ret new list */
static Own
template_parts(const Template *t)
{
    int64_t n = as_tuple(t->interpolations)->length;
    Own list = list_new(2 * n + 1);
    for (int64_t i = 0; list && i <= n; i++) {
        Value text = tuple_item(t->strings, i);
        if ((as_str(text)->length && list_append(list, text) < 0) || (i < n && list_append(list, tuple_item(t->interpolations, i)) < 0)) {
            ref_clear(&list);
        }
    }
    return list;
}

static Own
template_iter(Value v)
{
    Own list = template_parts((const Template *)obj(v)), it = list ? object_iter(list) : NO_VALUE;
    drop_opt(list);
    return it;
}

static Own
template_concat(Value a, Value b)
{
    if (type_of(a) != &template_type || type_of(b) != &template_type) {
        return raise_fmt(&exc_TypeError, "can only concatenate string.templatelib.Template (not \"%T\") to string.templatelib.Template",
                         type_of(a) != &template_type ? a : b);
    }
    Own x = template_parts((const Template *)obj(a)), y = x ? template_parts((const Template *)obj(b)) : NO_VALUE;
    Own both = y ? object_binary(x, y, OP_ADD) : NO_VALUE, parts = both ? list_to_tuple(both) : NO_VALUE;
    Own result = parts ? template_from_parts((Value const *)as_tuple(parts)->items, (size_t)as_tuple(parts)->length) : NO_VALUE;
    drop_opt(x);
    drop_opt(y);
    drop_opt(both);
    drop_opt(parts);
    return result;
}

static Own
template_repr(Value v)
{
    const Template *t = (const Template *)obj(v);
    return str_fmt("Template(strings=%R, interpolations=%R)", (Value)t->strings, (Value)t->interpolations);
}

static int
template_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((Template *)o)->strings);
    VISIT(((Template *)o)->interpolations);
    return 0;
}

static void
template_dealloc(Object *o)
{
    ref_clear(&((Template *)o)->strings);
    ref_clear(&((Template *)o)->interpolations);
    object_free(o);
}

static Type template_type = {
    .name = "string.templatelib.Template",
    .flags = TYPE_GC,
    .basic_size = sizeof(Template),
    .slots = {.traverse = template_traverse, .dealloc = template_dealloc, .create = template_create, .repr = template_repr, .iter = template_iter,
              .concat = template_concat},
    .methods = template_methods,
    .getsets = template_getsets,
    .spec_doc = template_doc,
};

static int
interpolation_exec(Value m)
{
    Own fields = tuple_pack(4, NAME(value), NAME(expression), NAME(conversion), NAME(format_spec));
    int status = fields && module_add_type(m, &interpolation_type) == 0
                     ? dict_set_cstr(interpolation_type.dict, "__match_args__", fields)
                     : -1;
    drop_opt(fields);
    return status < 0 ? -1 : module_add_type(m, &template_type);
}

const ModuleDef module__interpolation = {
    .name = "_interpolation",
    .doc = interpolation_module_module_doc,
    .functions = interpolation_module_functions,
    .exec = interpolation_exec,
};
