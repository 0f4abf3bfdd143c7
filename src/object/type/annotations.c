/* __annotations__, __annotate__ and __type_params__ of classes (PEP 649, 749, 695): kept in the
 * class's dict, annotations made by calling __annotate__ when first asked for. */
#include "object/audit.h"
#include "object/type/annotations.h"

#include "object/list.h"

/* What the class's own dict has under name, read as an attribute of the class: 1, 0, -1 */
static int
own_attribute(Type *t, Value name, Own *value)
{
    Own found = class_dict_get(t, name);
    *value = found;
    if (!found) {
        return 0;
    }
    Own (*get)(Value, Value, Value) = type_of(found)->slots.descr_get;
    if (get) {
        *value = get(found, NO_VALUE, VALUE(t));
        drop(found);
    }
    return *value ? 1 : -1;
}

/* The first of two names that the class's own dict has. */
static int
own_attribute_of(Type *t, Value first, Value second, Own *value)
{
    int found = own_attribute(t, first, value);
    return found ? found : own_attribute(t, second, value);
}

static Own
no_such_attribute(Type *t, Value name)
{
    return raise_attribute_error_fmt(VALUE(t), name, "type object '%N' has no attribute '%U'", t,
                                     name);
}

Own
type_get_annotate(Type *t)
{
    if (!(type_flags(t) & TYPE_HEAP)) {
        return no_such_attribute(t, NAME(__annotate__));
    }
    Own annotate;
    int found = own_attribute_of(t, NAME(__annotate__), NAME(__annotate_func__), &annotate);
    if (found != 0) {
        return annotate;
    }
    return type_default_own(t, NAME(__annotate_func__), NONE);
}

int
type_set_annotate(Type *t, Value value)
{
    if (!value) {
        return raise_int(&exc_TypeError, "cannot delete __annotate__ attribute");
    }
    if (type_check_mutable(t, "set", NAME(__annotate__)) < 0) {
        return -1;
    }
    if (value != NONE && !object_is_callable(value)) {
        return raise_int(&exc_TypeError, "__annotate__ must be callable or None");
    }
    if (type_forget_own(t, NAME(__annotate__)) < 0 || type_set_own(t, NAME(__annotate_func__), value) < 0) {
        return -1;
    }
    return value == NONE ? 0 : type_forget_own(t, NAME(__annotations_cache__));
}

/* Calls __annotate__ with the format VALUE. */
static Own
make_annotations(Type *t)
{
    Own annotate = type_get_annotate(t);
    if (!annotate) {
        return NO_VALUE;
    }
    if (annotate == NONE || !object_is_callable(annotate)) {
        drop(annotate);
        return dict_new();
    }
    Own made = call1(annotate, small_int(1));
    drop(annotate);
    if (made && !is_dict(made)) {
        raise_fmt(&exc_TypeError, "__annotate__ returned non-dict of type '%T'", (Value)made);
        ref_clear(&made);
    }
    return made;
}

Own
type_get_annotations(Type *t)
{
    if (!(type_flags(t) & TYPE_HEAP)) {
        return no_such_attribute(t, NAME(__annotations__));
    }
    Own annotations;
    int found =
        own_attribute_of(t, NAME(__annotations__), NAME(__annotations_cache__), &annotations);
    if (found != 0) {
        return annotations;
    }
    annotations = make_annotations(t);
    return annotations ? type_default_own(t, NAME(__annotations_cache__), annotations) : NO_VALUE;
}

int
type_set_annotations(Type *t, Value value)
{
    if (type_check_mutable(t, value ? "set" : "delete", NAME(__annotations__)) < 0) {
        return -1;
    }
    Own present = class_dict_get(t, NAME(__annotations__)),
        cached = class_dict_get(t, NAME(__annotations_cache__));
    Value name = present ? NAME(__annotations__) : NAME(__annotations_cache__);
    bool some = present || cached;
    drop_opt(present);
    drop_opt(cached);
    if (!value && !some) {
        raise_value(&exc_AttributeError, NAME(__annotations__));
        return -1;
    }
    if (type_set_own(t, name, value) < 0) {
        return -1;
    }
    return type_forget_own(t, NAME(__annotate_func__)) < 0 ? -1 : type_forget_own(t, NAME(__annotate__));
}

Own
type_get_type_params(Type *t)
{
    Own params = type_flags(t) & TYPE_HEAP ? class_dict_get(t, NAME(__type_params__)) : NO_VALUE;
    return params ? params : tuple_new(0);
}

int
type_set_type_params(Type *t, Value value)
{
    if (type_check_mutable(t, value ? "set" : "delete", NAME(__type_params__)) < 0) {
        return -1;
    }
    if (!value) {
        return raise_int(&exc_TypeError, "cannot delete '__type_params__' attribute of type '%N'", t);
    }
    return audit_write(VALUE(t), "__type_params__", value) < 0 ? -1 : type_set_own(t, NAME(__type_params__), value);
}
