/* What cmp_to_key gives: called with an object it makes another one, which compares as the function
 * says.
 *
 * Threads: the function is immutable; the object changes under the lock, and is read with
 * ref_load. */
#include "heap/critical.h"
#include "module/_functools/functools_priv.h"
#include "object/str.h"
#include "object/tuple.h"

typedef struct KeyWrapper {
    Object head;
    Own compare; /* immutable */
    Own object;  /* NO_VALUE in the key function itself. guard: lock; ref_load */
} KeyWrapper;

#include "key_wrapper.spec.h"

Own
key_wrapper_new(Value compare, Value object)
{
    KeyWrapper *wrapper = (KeyWrapper *)object_alloc(key_wrapper_type.root_shape,
                                                     sizeof(KeyWrapper), OBJ_TRACKED);
    if (wrapper) {
        ref_init(&wrapper->head, &wrapper->compare, own(compare));
        ref_init(&wrapper->head, &wrapper->object, own_opt(object));
    }
    return OWN(wrapper);
}

static Own
key_wrapper_call(Value self, Value const *args, size_t nargs, Value kwnames)
{
    static const char *const names[] = {"obj"};
    static const ArgsSpec spec = {"K", names, 1, 0, 1, 1u, false, false};
    Value slots[1];
    if (args_parse(&spec, args, nargs, kwnames, slots, NULL) < 0) {
        return NO_VALUE;
    }
    return key_wrapper_new(((KeyWrapper *)obj(self))->compare, slots[0]);
}

static Own
key_wrapper_compare(Value a, Value b, CompareOp op)
{
    if (type_of(a) != type_of(b)) {
        return raise_msg(&exc_TypeError, "other argument must be K instance");
    }
    Own x = ref_load(obj(a), &((KeyWrapper *)obj(a))->object);
    Own y = ref_load(obj(b), &((KeyWrapper *)obj(b))->object);
    Own order = NO_VALUE, result = NO_VALUE;
    if (x && y) {
        order = call2(((KeyWrapper *)obj(a))->compare, x, y);
    } else {
        raise_msg(&exc_AttributeError, "object");
    }
    if (order) {
        result = object_compare(order, small_int(0), op);
        drop(order);
    }
    drop_opt(x);
    drop_opt(y);
    return result;
}

Own
key_wrapper_get_text_signature(KeyWrapper *self UNUSED)
{
    return str_from_cstr("(obj)");
}

Own
key_wrapper_get_obj(KeyWrapper *self)
{
    Own object = ref_load(&self->head, &self->object);
    return object ? object : NONE;
}

int
key_wrapper_set_obj(KeyWrapper *self, Value value)
{
    Own fresh = own_opt(value);
    CriticalSection section;
    critical_enter(&section, &self->head);
    Own old = ref_swap(&self->head, &self->object, fresh);
    critical_leave(&section);
    drop_opt(old);
    return 0;
}

static int
key_wrapper_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((KeyWrapper *)o)->compare);
    VISIT(((KeyWrapper *)o)->object);
    return 0;
}

static void
key_wrapper_clear(Object *o)
{
    ref_clear(&((KeyWrapper *)o)->object);
}

static void
key_wrapper_dealloc(Object *o)
{
    key_wrapper_clear(o);
    drop_opt(((KeyWrapper *)o)->compare);
    object_free(o);
}

Type key_wrapper_type = {
    .name = "functools.KeyWrapper",
    .flags = TYPE_GC | TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(KeyWrapper),
    .slots = {
        .traverse = key_wrapper_traverse,
        .clear = key_wrapper_clear,
        .dealloc = key_wrapper_dealloc,
        .call = key_wrapper_call,
        .compare = key_wrapper_compare,
    },
    .methods = key_wrapper_methods,
    .getsets = key_wrapper_getsets,
};
