/* The functions that slots of classes hold: each finds the special method in the class and calls
 * it (dispatch.c). */
#ifndef WEFT_OBJECT_SLOTDEFS_H
#define WEFT_OBJECT_SLOTDEFS_H

#include "object/descriptor.h"
#include "object/type/type_priv.h"

/* clang-format off */
#define BINARY_OPS(X)                                                                              \
    X(add, OP_ADD) X(sub, OP_SUB) X(mul, OP_MUL) X(matmul, OP_MATMUL) X(truediv, OP_TRUEDIV)       \
    X(floordiv, OP_FLOORDIV) X(mod, OP_MOD) X(divmod, OP_DIVMOD) X(lshift, OP_LSHIFT)              \
    X(rshift, OP_RSHIFT) X(and, OP_AND) X(xor, OP_XOR) X(or, OP_OR) X(pow, OP_POW)
/* clang-format on */

#define X(op, OP)                                                                                  \
    Own dispatch_##op(Value a, Value b);                                                           \
    Own dispatch_i##op(Value a, Value b);
BINARY_OPS(X)
#undef X
Own dispatch_power_mod(Value a, Value b, Value modulus);

/* clang-format off */
#define UNARY_METHODS(X)                                                                           \
    X(__repr__) X(__str__) X(__iter__) X(__next__) X(__await__) X(__aiter__) X(__anext__)          \
    X(__neg__) X(__pos__) X(__abs__) X(__invert__) X(__int__) X(__float__) X(__index__)
/* clang-format on */
#define X(name) Own dispatch##name(Value v);
UNARY_METHODS(X)
#undef X

Own dispatch_getattr(Value v, Value name); /* __getattribute__ and perhaps __getattr__, in Python */
int dispatch_setattr(Value v, Value name, Value value);
int64_t dispatch__hash__(Value v);
Own dispatch__call__(Value self, Value const *args, size_t nargs, Value kwnames);
Own dispatch_compare(Value a, Value b, CompareOp op);
Own dispatch__get__(Value descr, Value instance, Value owner);
int dispatch__set__(Value descr, Value instance, Value value);
int dispatch__init__(Value self, Value const *args, size_t nargs, Value kwnames);
Own dispatch__new__(Type *type, Value const *args, size_t nargs, Value kwnames);
void dispatch__del__(Object *o);
int dispatch__bool__(Value v);
int64_t dispatch__len__(Value v);
Own dispatch__getitem__(Value v, Value key);
int dispatch__setitem__(Value v, Value key, Value value);
int dispatch__contains__(Value v, Value item);
int dispatch__buffer__(Value v, struct Buffer *buffer, int flags);
void dispatch__release_buffer__(Value v, struct Buffer *buffer);

/* __hash__ is None. */

/* Behind the wrappers of __buffer__ and __release_buffer__. */
NODISCARD Own buffer_method_get(Value self, Value flags);
NODISCARD Own buffer_method_release(Value self, Value view);

/* Calls what the type of self has under name with self and args. fail: 0; AttributeError when it
 * has none. */
NODISCARD Own call_special(Value self, Value name, Value const *args, size_t nargs);
/* The same; NotImplemented when it has none. */
NODISCARD Own call_special_maybe(Value self, Value name, Value const *args, size_t nargs);
/* f(first, *args, **kw) */
NODISCARD Own call_prepend(Value f, Value first, Value const *args, size_t nargs, Value kwnames);

#endif
