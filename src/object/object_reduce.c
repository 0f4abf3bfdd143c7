/* object.__reduce_ex__ and __getstate__: how copy and pickle take an object apart (PEP 307, and its
 * keyword extension). */
#include "object/hooks.h"
#include "object/list.h"
#include "object/object_priv.h"

static Own
copyreg_function(Value name)
{
    Own copyreg = object_hooks.import_module("copyreg");
    Own function = copyreg ? object_getattr(copyreg, name) : NO_VALUE;
    drop_opt(copyreg);
    return function;
}

/* -- state -- */

/* The names in __slots__ of the class and its bases: a list, or None. The class keeps it. */
static Own
slot_names_of(Type *t)
{
    Own names = class_dict_get(t, NAME(__slotnames__));
    if (names) {
        if (names != NONE && !is_list(names)) {
            raise_fmt(&exc_TypeError, "%N.__slotnames__ should be a list or None, not %T", t,
                      (Value)names);
            ref_clear(&names);
        }
        return names;
    }
    Own function = copyreg_function(NAME(_slotnames));
    names = function ? call1(function, VALUE(t)) : NO_VALUE;
    drop_opt(function);
    if (names && names != NONE && !is_list(names)) {
        raise_msg(&exc_TypeError, "copyreg._slotnames didn't return a list or None");
        ref_clear(&names);
    }
    return names;
}

/* The values of the slots that are set: a dict. */
static Own
slot_values(Value v, Value names)
{
    Own values = dict_new();
    for (int64_t i = 0; values && i < list_len(names); i++) {
        Own name = list_get(names, i), value = NO_VALUE;
        int found = name ? object_lookup_attr(v, name, &value) : 0;
        if (found < 0 || (found > 0 && dict_set(values, name, value) < 0)) {
            ref_clear(&values);
        }
        drop_opt(value);
        drop_opt(name);
    }
    return values;
}

/* Instances of t hold something beyond attributes and slots, which only their type knows. */
static bool
has_native_state(const Type *t)
{
    for (const Type *base; (type_flags(t) & TYPE_HEAP) && (base = type_base(t));) {
        t = base;
    }
    return t->basic_size != sizeof(Object) || t->item_size;
}

static Own
default_state(Value v, bool required)
{
    if (required && has_native_state(type_of(v))) {
        return raise_fmt(&exc_TypeError, "cannot pickle '%T' object", v);
    }
    Own state = object_instance_state(v);
    Own t = own(VALUE(type_of(v))); /* which Python code may take from v */
    Own names = state ? slot_names_of((Type *)obj(t)) : NO_VALUE;
    drop(t);
    if (!names) {
        drop_opt(state);
        return NO_VALUE;
    }
    if (state != NONE && is_dict(state) && dict_len(state) == 0) {
        drop(state);
        state = NONE;
    }
    if (names != NONE && list_len(names) > 0) {
        Own values = slot_values(v, names);
        if (!values) {
            ref_clear(&state);
        } else if (dict_len(values) > 0) {
            Own pair = tuple_pack(2, (Value)state, (Value)values);
            drop(state);
            state = pair;
        }
        drop_opt(values);
    }
    drop(names);
    return state;
}

Own
object_py___getstate__(Value self)
{
    return default_state(self, false);
}

/* v.__getstate__(), the default one knowing whether the state must be complete. */
static Own
state_of(Value v, bool required)
{
    Own mine = type_find(type_of(v), NAME(__getstate__)),
        inherited = type_find(&object_type, NAME(__getstate__));
    bool overridden = mine != inherited;
    drop_opt(mine);
    drop_opt(inherited);
    if (!overridden) {
        Own attribute; /* an instance may have one of its own */
        int found = object_lookup_attr(v, NAME(__getstate__), &attribute);
        if (found < 0) {
            return NO_VALUE;
        }
        bool standard =
            found == 0 || (IS_EXACT(attribute, BUILTIN) && ((Builtin *)obj(attribute))->self == v);
        if (standard) {
            drop_opt(attribute);
            return default_state(v, required);
        }
        Own state = call0(attribute);
        drop(attribute);
        return state;
    }
    return call_method(NAME(__getstate__), &v, 1, NO_VALUE);
}

/* -- arguments of __new__ -- */

static int
check_kind(Own *v, bool ok, const char *method, const char *kind)
{
    if (!ok) {
        raise_fmt(&exc_TypeError, "%s should return a %s, not '%T'", method, kind, (Value)*v);
        ref_clear(v);
        return -1;
    }
    return 0;
}

static int
arguments_ex(Own method, Own *args, Own *kwargs)
{
    Own pair = call0(method);
    drop(method);
    if (!pair || check_kind(&pair, is_tuple(pair), "__getnewargs_ex__", "tuple") < 0) {
        return -1;
    }
    int status = 0;
    if (as_tuple(pair)->length != 2) {
        status = raise_int(&exc_ValueError,
                           "__getnewargs_ex__ should return a tuple of length 2, not %zd",
                           as_tuple(pair)->length);
    } else if (!is_tuple(tuple_item(pair, 0))) {
        status = raise_int(
            &exc_TypeError,
            "first item of the tuple returned by __getnewargs_ex__ must be a tuple, not '%T'",
            tuple_item(pair, 0));
    } else if (!is_dict(tuple_item(pair, 1))) {
        status = raise_int(
            &exc_TypeError,
            "second item of the tuple returned by __getnewargs_ex__ must be a dict, not '%T'",
            tuple_item(pair, 1));
    } else {
        *args = own(tuple_item(pair, 0));
        *kwargs = own(tuple_item(pair, 1));
    }
    drop(pair);
    return status;
}

/* What __getnewargs_ex__ or __getnewargs__ gives; NO_VALUE both when v has neither. fail: -1 */
static int
arguments_of(Value v, Own *args, Own *kwargs)
{
    Own method;
    *args = *kwargs = NO_VALUE;
    int found = object_lookup_special(v, NAME(__getnewargs_ex__), &method);
    if (found != 0) {
        return found < 0 ? -1 : arguments_ex(method, args, kwargs);
    }
    found = object_lookup_special(v, NAME(__getnewargs__), &method);
    if (found <= 0) {
        return found;
    }
    *args = call0(method);
    drop(method);
    return *args ? check_kind(args, is_tuple(*args), "__getnewargs__", "tuple") : -1;
}

/* (cls, *args) */
static Own
prepend(Value first, Value args)
{
    int64_t n = args ? as_tuple(args)->length : 0;
    Own t = tuple_new(n + 1);
    if (t) {
        tuple_init_item(t, 0, own(first));
        for (int64_t i = 0; i < n; i++) {
            tuple_init_item(t, i + 1, own(tuple_item(args, i)));
        }
    }
    return t;
}

static Own
items_iterator(Value v)
{
    if (is_list(v)) {
        return object_iter(v);
    }
    Own items = call_method0(v, "items");
    Own it = items ? object_iter(items) : NO_VALUE;
    drop_opt(items);
    return it;
}

/* -- reduction -- */

/* Protocols 2 and up: (copyreg.__newobj__, (cls, *args), state, list items, dict items) */
static Own
reduce_newobj(Value v)
{
    if (!type_of(v)->slots.create) {
        return raise_fmt(&exc_TypeError, "cannot pickle '%T' object", v);
    }
    Own args, kwargs;
    if (arguments_of(v, &args, &kwargs) < 0) {
        return NO_VALUE;
    }
    bool keywords = kwargs && dict_len(kwargs) > 0;
    Own function = copyreg_function(keywords ? NAME(__newobj_ex__) : NAME(__newobj__));
    Value t = VALUE(type_of(v)); /* after the Python code that may assign another one */
    Own call_args = keywords ? tuple_pack(3, t, (Value)args, (Value)kwargs) : prepend(t, args);
    Own state = function && call_args ? state_of(v, !args && !is_list(v) && !is_dict(v)) : NO_VALUE;
    Own list_items = state && is_list(v) ? items_iterator(v) : NONE;
    Own dict_items = state && list_items && is_dict(v) ? items_iterator(v) : NONE;
    Own result = NO_VALUE;
    if (state && list_items && dict_items) {
        result = tuple_pack(5, (Value)function, (Value)call_args, (Value)state, (Value)list_items,
                            (Value)dict_items);
    }
    drop_opt(dict_items);
    drop_opt(list_items);
    drop_opt(state);
    drop_opt(call_args);
    drop_opt(function);
    drop_opt(kwargs);
    drop_opt(args);
    return result;
}

static Own
reduce(Value v, int protocol)
{
    if (protocol >= 2) {
        return reduce_newobj(v);
    }
    Own function = copyreg_function(NAME(_reduce_ex));
    Own result = function ? call2(function, v, small_int(protocol)) : NO_VALUE;
    drop_opt(function);
    return result;
}

Own
object_py___reduce__(Value self)
{
    return reduce(self, 0);
}

Own
object_py___reduce_ex__(Value self, int protocol)
{
    Own method;
    int found = object_lookup_attr(self, NAME(__reduce__), &method);
    if (found < 0) {
        return NO_VALUE;
    }
    if (found > 0) {
        Own mine = type_find(type_of(self), NAME(__reduce__)),
            inherited = type_find(&object_type, NAME(__reduce__));
        bool overridden = mine != inherited;
        drop_opt(mine);
        drop_opt(inherited);
        if (overridden) {
            Own result = call0(method);
            drop(method);
            return result;
        }
        drop(method);
    }
    return reduce(self, protocol);
}
