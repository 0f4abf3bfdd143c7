/* Descriptors of built-in types: what their dicts hold. All are immutable once made.
 * (MethodDescriptor and Builtin: object/function.h.) */
#ifndef WEFT_OBJECT_DESCRIPTOR_H
#define WEFT_OBJECT_DESCRIPTOR_H

#include "object/function.h"

struct SlotDef;

/* int.__add__: a slot of a built-in type as a function. */
typedef struct WrapperDescriptor {
    Object head;
    const struct SlotDef *def;
    Type *owner; /* counted */
    void *fn;    /* what the slot of `owner` holds */
} WrapperDescriptor;

/* (1).__add__: the same, bound. */
typedef struct MethodWrapper {
    Object head;
    Own descriptor, self;
} MethodWrapper;

typedef struct GetSetDescriptor {
    Object head;
    const GetSetDef *def;
    Type *owner; /* counted */
} GetSetDescriptor;

/* A name in __slots__, or a field of a C struct. */
typedef struct MemberDescriptor {
    Object head;
    Own name;             /* str */
    Type *owner;          /* counted */
    const GetSetDef *def; /* of a C struct; null for __slots__ */
    uint32_t
        offset; /* of the word in an instance, for __slots__; 0: among its attributes, by name */
} MemberDescriptor;

/* property. guard: lock */
typedef struct Property {
    Object head;
    Own get, set, del, doc, name; /* NO_VALUE = none */
    _Atomic bool doc_from_getter;
} Property;

/* classmethod and staticmethod: guard: lock */
typedef struct MethodMarker {
    Object head;
    Own callable;
} MethodMarker;

NODISCARD Own wrapper_descriptor_new(const struct SlotDef *def, Type *owner, void *fn);
NODISCARD Own method_descriptor_new(const MethodDef *def,
                                    Type *owner); /* by def->flags: METHOD_CLASS, METHOD_STATIC */
NODISCARD Own getset_descriptor_new(const GetSetDef *def,
                                    Type *owner); /* a member descriptor when def->member */
NODISCARD Own member_descriptor_new(Value name, Type *owner, uint32_t offset);
NODISCARD Own staticmethod_new(Value callable);
NODISCARD Own classmethod_new(Value callable);
NODISCARD Own mappingproxy_new(Value mapping);
/* Calls a wrapper on self, whose type is checked here. */
NODISCARD Own wrapper_call(const WrapperDescriptor *w, Value self, Value const *args, size_t nargs,
                           Value kwnames);
/* The function that `int.__new__` and the like are; def is a MethodDef with METHOD_NEW. */
NODISCARD Own new_function(Type *t);

/* v.__isabstractmethod__ as a bool; False without one. own: ret new */
NODISCARD Own object_is_abstract(Value v);

static ALWAYS_INLINE WrapperDescriptor *
as_wrapper(Value v)
{
    return (WrapperDescriptor *)obj(v);
}

#endif
