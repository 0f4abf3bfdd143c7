/* isinstance and issubclass, with __instancecheck__ and __subclasscheck__. What has a tuple as
 * __bases__ counts as a class, too. */
#include "object/genericalias.h"
#include "object/type/slotdefs.h"

/* v.__bases__ if it is a tuple: new reference; else NO_VALUE, perhaps with an exception pending. */
static Own
abstract_bases(Value v)
{
    Own bases;
    if (object_lookup_attr(v, NAME(__bases__), &bases) <= 0) {
        return NO_VALUE;
    }
    if (!is_tuple(bases)) {
        ref_clear(&bases);
    }
    return bases;
}

static int
abstract_issubclass(Value derived, Value c)
{
    if (!c_stack_ok()) {
        return -1;
    }
    if (derived == c) {
        return 1;
    }
    Own bases = abstract_bases(derived);
    if (!bases) {
        return exc_pending() ? -1 : 0;
    }
    int found = 0;
    for (int64_t i = 0; found == 0 && i < as_tuple(bases)->length; i++) {
        found = abstract_issubclass(tuple_item(bases, i), c);
    }
    drop(bases);
    return found;
}

static int
check_class(Value c, const char *message)
{
    Own bases = abstract_bases(c);
    if (bases) {
        drop(bases);
        return 0;
    }
    return exc_pending() ? -1 : raise_int(&exc_TypeError, "%s", message);
}

int
default_isinstance(Value v, Value c)
{
    Own of_v = NO_VALUE;
    int result;
    if (is_type(c)) {
        if (is_instance_of(v, (Type *)obj(c))) {
            return 1;
        }
        result = object_lookup_attr(v, NAME(__class__), &of_v);
        if (result > 0) {
            result = of_v != OWN(type_of(v)) && is_type(of_v) &&
                     type_is_subtype((Type *)obj(of_v), (Type *)obj(c));
        }
    } else {
        if (check_class(c, "isinstance() arg 2 must be a type, a tuple of types, or a union") < 0) {
            return -1;
        }
        result = object_lookup_attr(v, NAME(__class__), &of_v);
        if (result > 0) {
            result = abstract_issubclass(of_v, c);
        }
    }
    drop_opt(of_v);
    return result;
}

int
default_issubclass(Value derived, Value c)
{
    if (is_type(derived) && is_type(c)) {
        return type_is_subtype((Type *)obj(derived), (Type *)obj(c));
    }
    if (check_class(derived, "issubclass() arg 1 must be a class") < 0 ||
        check_class(c, "issubclass() arg 2 must be a class, a tuple of classes, or a union") < 0) {
        return -1;
    }
    return abstract_issubclass(derived, c);
}

typedef int (*CheckFn)(Value v, Value c);

static int
check_any(Value v, Value tuple, CheckFn check)
{
    if (!c_stack_ok()) {
        return -1;
    }
    int result = 0;
    for (int64_t i = 0; result == 0 && i < as_tuple(tuple)->length; i++) {
        result = check(v, tuple_item(tuple, i));
    }
    return result;
}

/* By the special method of c's type, else by `otherwise`. */
static int
check_by_method(Value v, Value c, Value name, CheckFn otherwise)
{
    Own method;
    int found = object_lookup_special(c, name, &method);
    if (found <= 0) {
        return found < 0 ? -1 : otherwise(v, c);
    }
    Own answer = c_stack_ok() ? call1(method, v) : NO_VALUE;
    drop(method);
    if (!answer) {
        return -1;
    }
    int truth = object_truth(answer);
    drop(answer);
    return truth;
}

int
object_isinstance(Value v, Value c)
{
    if (c == VALUE(type_of(v))) {
        return 1;
    }
    if (IS_EXACT(c, TYPE)) {
        return default_isinstance(v, c);
    }
    if (is_tuple(c)) {
        return check_any(v, c, object_isinstance);
    }
    if (type_of(c) == &union_type) {
        return check_any(v, ((const Union *)obj(c))->args, object_isinstance);
    }
    return check_by_method(v, c, NAME(__instancecheck__), default_isinstance);
}

int
object_issubclass(Value derived, Value c)
{
    if (IS_EXACT(c, TYPE)) {
        return derived == c ? 1 : default_issubclass(derived, c);
    }
    if (is_tuple(c)) {
        return check_any(derived, c, object_issubclass);
    }
    if (type_of(c) == &union_type) {
        return check_any(derived, ((const Union *)obj(c))->args, object_issubclass);
    }
    return check_by_method(derived, c, NAME(__subclasscheck__), default_issubclass);
}
