/* Attributes of any object: getattr, setattr, delattr, and the defaults that types inherit from
 * object.
 *
 * Names reach the slots interned. The order of the language reference: a data descriptor of the
 * type, the instance's own attribute, any other attribute of the type.
 *
 * Threads: classes and instances are read without locks (object/type/lookup.c, attrs.c). */
#include "heap/critical.h"
#include "object/exception.h"
#include "object/function.h"
#include "object/list.h"
#include "object/module.h"
#include "object/module_facts.h"
#include "object/type/slotdefs.h"

static int
check_name(Value name)
{
    return LIKELY(is_str(name))
               ? 0
               : raise_int(&exc_TypeError, "attribute name must be string, not '%T'", name);
}

/* name, a str, as it is to be looked up: interned if anybody has it so. Otherwise no class and no
 * shape has it. */
static inline Value
lookup_key(Value name)
{
    Value key = str_find_interned(name);
    return key ? key : name;
}

/* Where a module or function keeps its dict; null for other objects. */
static inline Own *
dict_field(Value v, const Type *t)
{
    if (LIKELY(!(type_flags(t) & TYPE_DICT_FIELD))) {
        return NULL;
    }
    return (t->native ? t->native : t) == &module_type ? &as_module(v)->dict : &((Function *)obj(v))->dict;
}

/* Did `found`, a descriptor in C of class t, fail just because v has got another class meanwhile? Then there is no error, and v is asked again. */
static bool
class_was_assigned(Value v, const Type *t, Value found)
{
    return UNLIKELY(type_of(v) != t) && (IS_EXACT(found, MEMBER_DESCRIPTOR) || IS_EXACT(found, GETSET_DESCRIPTOR)) && exc_swallow(&exc_TypeError);
}

int
generic_lookup_in(Value v, Value name, Own const *dict, Own *result)
{
restart:;
    Type *t = type_of(v);
    uint32_t kind;
    Own found = type_find_kind(t, name, &kind);
    Own (*get)(Value, Value, Value) = NULL;
    if (kind != ENTRY_PLAIN && kind != ENTRY_ABSENT) {
        get = type_of(found)->slots.descr_get;
        if (kind == ENTRY_DATA && get) {
            *result = get(found, v, VALUE(t));
            bool again = !*result && class_was_assigned(v, t, found);
            drop(found);
            if (UNLIKELY(again)) {
                goto restart;
            }
            return *result ? 1 : -1;
        }
    }
    int own_status = 0;
    if (!dict) {
        dict = dict_field(v, t);
    }
    if (dict) {
        Own d = ref_load(obj(v), dict);
        if (d) {
            own_status = dict_lookup(d, name, result);
            drop(d);
        }
    } else if ((type_flags(t) & TYPE_HAS_DICT) && is_object(v)) {
        own_status = instance_lookup(obj(v), name, result);
    }
    if (own_status != 0) {
        drop_opt(found);
        return own_status;
    }
    if (get) {
        *result = get(found, v, VALUE(type_of(v))); /* t may be gone: keys of the dict may have been compared, by Python code */
        drop(found);
        return *result ? 1 : -1;
    }
    *result = found;
    return found != NO_VALUE;
}

int
generic_lookup(Value v, Value name, Own *result)
{
    return generic_lookup_in(v, name, NULL, result);
}

Own
object_generic_getattr(Value v, Value name)
{
    Own result;
    int found = generic_lookup_in(v, name, NULL, &result);
    if (UNLIKELY(found == 0)) {
        return raise_attribute_error(v, name);
    }
    return found < 0 ? NO_VALUE : result;
}

Own
object_getattr_in(Value v, Value name, Own const *dict)
{
    Own result;
    int found = generic_lookup_in(v, name, dict, &result);
    if (found == 0) {
        return raise_attribute_error(v, name);
    }
    return found < 0 ? NO_VALUE : result;
}

/* A read-only attribute of the type, or nothing at all. */
static int
raise_not_settable(Value v, Value name, Value found)
{
    if (found) {
        return raise_int(&exc_AttributeError, "'%T' object attribute '%U' is read-only", v, name);
    }
    raise_attribute_error_fmt(
        v, name, "'%T' object has no attribute '%U' and no __dict__ for setting new attributes", v,
        name);
    return -1;
}

/* The dict in *field of v, made if it is empty. */
static Own
dict_in_field(Value v, Own *field)
{
    Own dict = ref_load(obj(v), field);
    if (dict) {
        return dict;
    }
    Own made = dict_new();
    if (!made) {
        return NO_VALUE;
    }
    CriticalSection section;
    critical_enter(&section, obj(v));
    if (!*field) {
        ref_init(obj(v), field, own(made));
    }
    dict = own(*field);
    critical_leave(&section);
    drop(made);
    return dict;
}

static int
set_in_dict_field(Value v, Value name, Value value, Own *field)
{
    if (!value && !__atomic_load_n(field, __ATOMIC_ACQUIRE)) {
        return 0;
    }
    Own dict = dict_in_field(v, field);
    if (!dict) {
        return -1;
    }
    int status;
    if (value) {
        status = dict_set(dict, name, value) < 0 ? -1 : 1;
    } else {
        Own old = NO_VALUE;
        status = dict_pop(dict, name, &old);
        drop_opt(old);
    }
    drop(dict);
    return status;
}

int
object_setattr_in(Value v, Value name, Value value, Own *dict)
{
restart:;
    Type *t = type_of(v);
    uint32_t kind;
    Own found = type_find_kind(t, name, &kind);
    if (kind == ENTRY_DATA) {
        int (*set)(Value, Value, Value) = type_of(found)->slots.descr_set;
        int status = set ? set(found, v, value) : raise_not_settable(v, name, found);
        bool again = status < 0 && class_was_assigned(v, t, found);
        drop(found);
        if (UNLIKELY(again)) {
            goto restart;
        }
        return status;
    }
    int status;
    if (!dict) {
        dict = dict_field(v, t);
    }
    if (dict) {
        status = set_in_dict_field(v, name, value, dict);
    } else if ((type_flags(t) & TYPE_HAS_DICT) && is_object(v)) {
        status = value ? (instance_set(obj(v), name, own(value)) < 0 ? -1 : 1)
                       : instance_delete(obj(v), name);
    } else {
        status = raise_not_settable(v, name, found);
    }
    drop_opt(found);
    if (status == 0) {
        raise_attribute_error(v, name);
    }
    return status > 0 ? 0 : -1;
}

int
object_generic_setattr(Value v, Value name, Value value)
{
    return object_setattr_in(v, name, value, NULL);
}

/* -- for everybody -- */

/* The pending AttributeError learns whose and which attribute it is about, for suggestions, unless it knows. */
static void COLD
complete_error(Value v, Value name)
{
    if (!exc_matches(&exc_AttributeError)) {
        return;
    }
    NameException *e = (NameException *)obj(thread_self()->exc);
    CriticalSection section;
    critical_enter(&section, &e->base.head);
    if (!e->name && !e->obj) {
        ref_init(&e->base.head, &e->name, own(name));
        ref_init(&e->base.head, &e->obj, own(v));
    }
    critical_leave(&section);
}

Own
object_getattr(Value v, Value name)
{
    Own (*get)(Value, Value) = type_of(v)->slots.getattr;
    if (check_name(name) < 0) {
        return NO_VALUE;
    }
    Own result = get(v, lookup_key(name));
    if (UNLIKELY(!result)) {
        complete_error(v, name);
    }
    return result;
}

int
object_lookup_attr(Value v, Value name, Own *result)
{
    *result = NO_VALUE;
    if (check_name(name) < 0) {
        return -1;
    }
    Value key = lookup_key(name);
    Own (*get)(Value, Value) = type_of(v)->slots.getattr;
    int found;
    if (get == object_generic_getattr) {
        found = generic_lookup_in(v, key, NULL, result);
    } else if (get == type_getattr) {
        found = type_lookup_attr((Type *)obj(v), key, result);
    } else if (get == module_getattr) {
        found = module_lookup_attr(v, key, result);
    } else {
        *result = get(v, key);
        found = *result ? 1 : -1;
    }
    if (found < 0) {
        *result = NO_VALUE;
        return exc_swallow(&exc_AttributeError) ? 0 : -1;
    }
    return found;
}

int
object_setattr(Value v, Value name, Value value)
{
    Own key = check_name(name) < 0 ? NO_VALUE : str_intern(own(name));
    if (!key) {
        return -1;
    }
    int status = type_of(v)->slots.setattr(v, key, value);
    drop(key);
    return status;
}

Own
object_getattr_cstr(Value v, const char *name)
{
    Own key = str_from_cstr(name);
    Own result = key ? object_getattr(v, key) : NO_VALUE;
    drop_opt(key);
    return result;
}

int
object_lookup_attr_cstr(Value v, const char *name, Own *result)
{
    Own key = str_from_cstr(name);
    *result = NO_VALUE;
    int found = key ? object_lookup_attr(v, key, result) : -1;
    drop_opt(key);
    return found;
}

int
object_setattr_cstr(Value v, const char *name, Value value)
{
    Own key = str_from_cstr(name);
    int status = key ? object_setattr(v, key, value) : -1;
    drop_opt(key);
    return status;
}

int
object_lookup_special(Value v, Value name, Own *result)
{
    Type *t = type_of(v);
    uint32_t kind;
    Own found = type_find_kind(t, name, &kind);
    *result = found;
    if (!found) {
        return 0;
    }
    Own (*get)(Value, Value, Value) = type_of(found)->slots.descr_get;
    if (kind != ENTRY_PLAIN && get) {
        *result = get(found, v, VALUE(t));
        drop(found);
    }
    return *result ? 1 : -1;
}

Own
object_dict(Value v)
{
    return object_getattr(v, NAME(__dict__));
}

/* The names in the scope of the caller are not an object's business: dir() without argument is in
 * builtins. */
Own
object_dir(Value v)
{
    Own method;
    int found = object_lookup_special(v, NAME(__dir__), &method);
    if (found <= 0) {
        return found < 0 ? NO_VALUE : raise_fmt(&exc_TypeError, "object does not provide __dir__");
    }
    Own names = call0(method);
    drop(method);
    if (!names) {
        return NO_VALUE;
    }
    Own list = object_to_list(names);
    drop(names);
    if (list && list_sort(list, NONE, false) < 0) {
        ref_clear(&list);
    }
    return list;
}
