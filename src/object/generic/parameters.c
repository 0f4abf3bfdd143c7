/* Type variables in the arguments of generic aliases and unions: finding them and putting other
 * types in their place, by the protocol of the typing module (__parameters__, __typing_subst__,
 * __typing_prepare_subst__).
 *
 * Threads: works on tuples and new lists. */
#include "object/generic/generic_priv.h"

/* -- text -- */

static int
list_repr(StrBuilder *b, Value list)
{
    str_builder_char(b, '[');
    for (int64_t i = 0; i < list_len(list); i++) {
        Own item = list_get(list, i);
        if (!item) {
            break;
        }
        if (i) {
            str_builder_ascii(b, ", ", 2);
        }
        int status = type_argument_repr(b, item);
        drop(item);
        if (status < 0) {
            return -1;
        }
    }
    str_builder_char(b, ']');
    return 0;
}

/* 1 when v has both names, so that it is shown by its own repr (a generic alias of any kind). */
static int
has_origin_and_args(Value v)
{
    Own part;
    int found = object_lookup_attr(v, NAME(__origin__), &part);
    drop_opt(part);
    if (found > 0) {
        found = object_lookup_attr(v, NAME(__args__), &part);
        drop_opt(part);
    }
    return found;
}

/* "module.qualname" of a class, without builtins: NO_VALUE with nothing pending when v is none.
 * fail: -1 */
static int
class_text(Value v, Own *text)
{
    Own qualname, module = NO_VALUE;
    *text = NO_VALUE;
    int found = object_lookup_attr(v, NAME(__qualname__), &qualname);
    if (found > 0) {
        found = object_lookup_attr(v, NAME(__module__), &module);
    }
    if (found > 0 && module != NONE && is_str(qualname)) {
        bool builtin = is_str(module) && str_equals_cstr(module, "builtins");
        *text = builtin ? own(qualname) : str_fmt("%S.%U", (Value)module, (Value)qualname);
        found = *text ? 1 : -1;
    }
    drop_opt(module);
    drop_opt(qualname);
    return found < 0 ? -1 : 0;
}

int
type_argument_repr(StrBuilder *b, Value v)
{
    if (v == ELLIPSIS) {
        str_builder_ascii(b, "...", 3);
        return 0;
    }
    if (v == VALUE(&none_type)) {
        str_builder_ascii(b, "None", 4);
        return 0;
    }
    if (is_list(v)) {
        return list_repr(b, v);
    }
    Own text = NO_VALUE;
    int generic = has_origin_and_args(v);
    if (generic < 0 || (generic == 0 && class_text(v, &text) < 0)) {
        return -1;
    }
    if (!text) {
        text = object_repr(v);
        if (!text) {
            return -1;
        }
    }
    str_builder_str(b, text);
    drop(text);
    return 0;
}

/* -- finding -- */

static int
add_once(Own list, Value v)
{
    for (int64_t i = 0; i < list_len(list); i++) {
        if (as_list(list)->buffer->items[i] == v) {
            return 0;
        }
    }
    return list_append(list, v);
}

static int
add_all_once(Own list, Value tuple)
{
    for (int64_t i = 0; i < as_tuple(tuple)->length; i++) {
        if (add_once(list, tuple_item(tuple, i)) < 0) {
            return -1;
        }
    }
    return 0;
}

/* v.__parameters__ if it is a tuple: 1, 0, -1 */
static int
parameters_attribute(Value v, Own *parameters)
{
    int found = object_lookup_attr(v, NAME(__parameters__), parameters);
    if (found > 0 && !is_tuple(*parameters)) {
        ref_clear(parameters);
        return 0;
    }
    return found;
}

static int
collect_one(Own list, Value v)
{
    if (is_type(v)) { /* classes have parameters of their own, which are not the alias's */
        return 0;
    }
    Own part;
    int found = object_lookup_attr(v, NAME(__typing_subst__), &part);
    if (found != 0) {
        drop_opt(part);
        return found < 0 ? -1 : add_once(list, v);
    }
    if (is_tuple(v) || is_list(v)) {
        Own args = object_to_tuple(v);
        part = args ? type_parameters_of(args) : NO_VALUE;
        drop_opt(args);
        found = part ? 1 : -1;
    } else {
        found = parameters_attribute(v, &part);
    }
    if (found > 0 && add_all_once(list, part) < 0) {
        found = -1;
    }
    drop_opt(part);
    return found < 0 ? -1 : 0;
}

Own
type_parameters_of(Value args)
{
    if (!c_stack_ok()) {
        return NO_VALUE;
    }
    Own list = list_new(0);
    for (int64_t i = 0; list && i < as_tuple(args)->length; i++) {
        if (collect_one(list, tuple_item(args, i)) < 0) {
            ref_clear(&list);
        }
    }
    Own tuple = list ? list_to_tuple(list) : NO_VALUE;
    drop_opt(list);
    return tuple;
}

/* -- replacing -- */

static int64_t
index_of(Value tuple, Value v)
{
    for (int64_t i = 0; i < as_tuple(tuple)->length; i++) {
        if (tuple_item(tuple, i) == v) {
            return i;
        }
    }
    return -1;
}

/* The given items as a tuple: those that are unpacked tuples of fixed length (*tuple[int, str])
 * spread out. */
static Own
spread_items(Value item)
{
    Own items = is_tuple(item) ? own(item) : tuple_pack(1, item);
    Own list = items ? list_new(0) : NO_VALUE;
    for (int64_t i = 0; list && i < as_tuple(items)->length; i++) {
        Value v = tuple_item(items, i);
        Own inner = NO_VALUE;
        int found =
            is_type(v) ? 0 : object_lookup_attr(v, NAME(__typing_unpacked_tuple_args__), &inner);
        if (found > 0 && is_tuple(inner)) {
            int64_t n = as_tuple(inner)->length;
            found = n == 0 || tuple_item(inner, n - 1) != ELLIPSIS;
        } else if (found > 0) {
            found = 0;
        }
        if (found > 0) {
            found = list_extend(list, inner);
        } else if (found == 0) {
            found = list_append(list, v);
        }
        drop_opt(inner);
        if (found < 0) {
            ref_clear(&list);
        }
    }
    Own result = list ? list_to_tuple(list) : NO_VALUE;
    drop_opt(list);
    drop_opt(items);
    return result;
}

/* Lets each parameter rearrange the items (a TypeVarTuple takes several, a default fills in). Eats
 * items. */
static Own
prepare_items(Value alias, Value parameters, Own items)
{
    for (int64_t i = 0; items && i < as_tuple(parameters)->length; i++) {
        Own prepare;
        int found =
            object_lookup_attr(tuple_item(parameters, i), NAME(__typing_prepare_subst__), &prepare);
        if (found > 0 && prepare != NONE) {
            Own prepared = call2(prepare, alias, items);
            drop(items);
            items = prepared && !is_tuple(prepared) ? tuple_pack(1, (Value)prepared) : own_opt(prepared);
            drop_opt(prepared);
        } else if (found < 0) {
            ref_clear(&items);
        }
        drop_opt(prepare);
    }
    return items;
}

/* alias[...] inside an argument: its own variables replaced by what they stand for now. */
static Own
replace_inside(Value v, Value parameters, Value items)
{
    Own inner;
    int found = parameters_attribute(v, &inner);
    if (found <= 0 || as_tuple(inner)->length == 0) {
        drop_opt(inner);
        return found < 0 ? NO_VALUE : own(v);
    }
    Own list = list_new(0);
    for (int64_t i = 0; list && i < as_tuple(inner)->length; i++) {
        Value parameter = tuple_item(inner, i);
        int64_t at = index_of(parameters, parameter);
        int status;
        if (at < 0) {
            status = list_append(list, parameter);
        } else if (type_of(parameter)->slots.iter && is_tuple(tuple_item(items, at))) {
            status = list_extend(list, tuple_item(items, at)); /* a TypeVarTuple */
        } else {
            status = list_append(list, tuple_item(items, at));
        }
        if (status < 0) {
            ref_clear(&list);
        }
    }
    Own args = list ? list_to_tuple(list) : NO_VALUE;
    Own result = args ? object_getitem(v, args) : NO_VALUE;
    drop_opt(args);
    drop_opt(list);
    drop(inner);
    return result;
}

static Own replace_all(Value args, Value parameters, Value items);

/* One argument with the variables in it replaced. *spread: the result is a tuple of arguments. */
static Own
replace_one(Value v, Value parameters, Value items, bool *spread)
{
    *spread = false;
    if (is_type(v)) {
        return own(v);
    }
    if (is_tuple(v) || is_list(v)) {
        Own args = object_to_tuple(v);
        Own replaced = args ? replace_all(args, parameters, items) : NO_VALUE;
        drop_opt(args);
        Own result = replaced && is_list(v) ? object_to_list(replaced) : own_opt(replaced);
        drop_opt(replaced);
        return result;
    }
    Own unpacked, subst;
    int found = object_lookup_attr(v, NAME(__typing_is_unpacked_typevartuple__), &unpacked);
    if (found > 0) {
        found = object_truth(unpacked);
        drop(unpacked);
    }
    if (found < 0) {
        return NO_VALUE;
    }
    *spread = found > 0;
    found = object_lookup_attr(v, NAME(__typing_subst__), &subst);
    if (found < 0) {
        return NO_VALUE;
    }
    Own result;
    if (found) {
        int64_t at = index_of(parameters, v);
        result = at < 0 ? raise_fmt(&exc_TypeError,
                                    "argument %R with __typing_subst__ was not found in __parameters__", v)
                        : call1(subst, tuple_item(items, at));
        drop(subst);
    } else {
        result = replace_inside(v, parameters, items);
    }
    if (result && *spread && !is_tuple(result)) {
        raise_fmt(&exc_TypeError,
                  "expected __typing_subst__ of %T objects to return a tuple, not %T", v,
                  (Value)result);
        ref_clear(&result);
    }
    return result;
}

static Own
replace_all(Value args, Value parameters, Value items)
{
    if (!c_stack_ok()) {
        return NO_VALUE;
    }
    Own list = list_new(as_tuple(args)->length);
    for (int64_t i = 0; list && i < as_tuple(args)->length; i++) {
        bool spread;
        Own replaced = replace_one(tuple_item(args, i), parameters, items, &spread);
        int status = !replaced ? -1
                     : spread  ? list_extend(list, replaced)
                               : list_append(list, replaced);
        drop_opt(replaced);
        if (status < 0) {
            ref_clear(&list);
        }
    }
    Own result = list ? list_to_tuple(list) : NO_VALUE;
    drop_opt(list);
    return result;
}

Own
type_arguments_replaced(Value alias, Value args, Value parameters, Value item)
{
    int64_t expected = as_tuple(parameters)->length;
    if (expected == 0) {
        return raise_fmt(&exc_TypeError, "%R is not a generic class", alias);
    }
    Own items = spread_items(item);
    if (items) {
        items = prepare_items(alias, parameters, items);
    }
    if (!items) {
        return NO_VALUE;
    }
    Own result = NO_VALUE;
    int64_t given = as_tuple(items)->length;
    if (given != expected) {
        raise_fmt(&exc_TypeError, "Too %s arguments for %R; actual %zd, expected %zd",
                  given > expected ? "many" : "few", alias, given, expected);
    } else {
        result = replace_all(args, parameters, items);
    }
    drop(items);
    return result;
}
