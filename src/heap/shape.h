/* Shapes: what a header's 32-bit id names. A shape is a layout: the type, and for instances with attributes
 * the chain of names that their slots hold. Records lie in one array, so id -> record is arithmetic; the ids of a
 * type that is gone are reused only after all inline caches were flushed. Shape 0 is none; the built-in types' root shapes have fixed ids (SHAPE_LIST...), so an exact type test
 * is a comparison with a constant.
 *
 * A record is immutable once published except for `children`, `entry_hint` and the type's own counters. */
#ifndef WEFT_HEAP_SHAPE_H
#define WEFT_HEAP_SHAPE_H

#include "heap/object.h"

#define SHAPE_MAX (1u << 21)

typedef struct Shape {
    Type *type;          /* immutable once published */
    Own key;             /* the attribute added to the parent's (an interned str), or NO_VALUE in a root */
    ShapeId parent;
    uint32_t slot;       /* the slot of `key` */
    uint32_t count;      /* slots in use */
    uint32_t flags;      /* SHAPE_* */
    _Atomic(struct ShapeChildren *) children; /* transitions; guard: type lock to change, epoch to read */
    _Atomic(struct ShapeIndex *) index;       /* name -> slot, made when looked up often; as above */
} Shape;

enum {
    SHAPE_DICT_MODE = 1, /* attributes are in a real dict, not in slots */
};

extern Shape shape_table[SHAPE_MAX];

static ALWAYS_INLINE Shape *
shape_of(const Object *o)
{
    return &shape_table[obj_shape(o)];
}

/* The built-in types, with the C name of the type object's variable: X(NAME, variable). Order is not important, but
 * ids are compiled in. */
#define BUILTIN_TYPES(X)                                                                           \
    X(OBJECT, object) X(TYPE, type) X(NONE, none) X(NOTIMPLEMENTED, notimplemented)                \
    X(ELLIPSIS, ellipsis) X(BOOL, bool) X(INT, int) X(FLOAT, float) X(COMPLEX, complex)            \
    X(STR, str) X(BYTES, bytes) X(BYTEARRAY, bytearray) X(MEMORYVIEW, memoryview)                  \
    X(LIST, list) X(TUPLE, tuple) X(DICT, dict) X(SET, set) X(FROZENSET, frozenset)                \
    X(RANGE, range) X(SLICE, slice) X(FUNCTION, function) X(CODE, code) X(CELL, cell)              \
    X(FRAME, frame) X(GENERATOR, generator) X(COROUTINE, coroutine)                                \
    X(ASYNC_GENERATOR, async_generator) X(METHOD, method) X(BUILTIN, builtin)                      \
    X(METHOD_DESCRIPTOR, method_descriptor) X(CLASSMETHOD_DESCRIPTOR, classmethod_descriptor)      \
    X(WRAPPER_DESCRIPTOR, wrapper_descriptor) X(METHOD_WRAPPER, method_wrapper)                    \
    X(GETSET_DESCRIPTOR, getset_descriptor) X(MEMBER_DESCRIPTOR, member_descriptor)                \
    X(PROPERTY, property) X(CLASSMETHOD, classmethod) X(STATICMETHOD, staticmethod)                \
    X(SUPER, super) X(MODULE, module) X(MAPPINGPROXY, mappingproxy) X(TRACEBACK, traceback)        \
    X(WEAKREF, weakref) X(DICT_KEYS, dict_keys) X(DICT_VALUES, dict_values)                        \
    X(DICT_ITEMS, dict_items) X(LIST_ITERATOR, list_iterator) X(TUPLE_ITERATOR, tuple_iterator)    \
    X(RANGE_ITERATOR, range_iterator) X(STR_ITERATOR, str_iterator)                                \
    X(MEMORY_ITERATOR, memory_iterator) X(MANAGEDBUFFER, managedbuffer)                          \
    X(BYTES_ITERATOR, bytes_iterator) X(BYTEARRAY_ITERATOR, bytearray_iterator)                        \
    X(DICT_KEYITERATOR, dict_keyiterator) X(DICT_VALUEITERATOR, dict_valueiterator)                \
    X(DICT_ITEMITERATOR, dict_itemiterator) X(SET_ITERATOR, set_iterator)                          \
    X(ENUMERATE, enumerate) X(ZIP, zip) X(MAP, map) X(FILTER, filter) X(REVERSED, reversed)   \
    X(ITERATOR, iterator) X(CALLABLE_ITERATOR, callable_iterator)                                  \
    X(LIST_REVERSEITERATOR, list_reverseiterator) X(LONGRANGE_ITERATOR, longrange_iterator)        \
    X(DICT_REVERSEKEYITERATOR, dict_reversekeyiterator)                                            \
    X(DICT_REVERSEVALUEITERATOR, dict_reversevalueiterator)                                        \
    X(DICT_REVERSEITEMITERATOR, dict_reverseitemiterator)

enum {
    SHAPE_NO_SHAPE = 0,
#define X(NAME, variable) SHAPE_##NAME,
    BUILTIN_TYPES(X)
#undef X
    SHAPE_FIRST_FREE,
};

#define X(NAME, variable) extern Type variable##_type;
BUILTIN_TYPES(X)
#undef X

/* Exactly this built-in type (no subclass). */
#define IS_EXACT(v, NAME) (is_object(v) && obj_shape(obj(v)) == SHAPE_##NAME)

static ALWAYS_INLINE Type *
obj_type(const Object *o)
{
    return shape_of(o)->type;
}

/* The type of any value (not NO_VALUE). A borrow that lasts while v's type may not change. */
static ALWAYS_INLINE Type *
type_of(Value v)
{
    if (is_object(v)) {
        return obj_type(obj(v));
    }
    return is_small_int(v) ? &int_type : &float_type;
}

#endif
