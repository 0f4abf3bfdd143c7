/* What can be done with any object: the protocols. Each follows the language reference, and works for built-in types
 * (through slots) and classes alike. This is the header that most C code needs; the types themselves are in
 * object/<type>.h.
 *
 * In every contract: arguments are borrowed unless it says "eaten"; `fail:` means with an exception pending.
 * All may: runpy, unless marked (no runpy). */
#ifndef WEFT_OBJECT_OBJECT_H
#define WEFT_OBJECT_OBJECT_H

#include "heap/alloc.h"
#include "heap/object.h"
#include "heap/thread.h"
#include "heap/type.h"
#include "object/error.h"

/* The singletons: immortal. */
extern Object none_object, notimplemented_object, ellipsis_object;
typedef struct BoolObject BoolObject;
extern BoolObject true_object, false_object; /* object/bool.h */
#define NONE OWN(&none_object)
#define NOTIMPLEMENTED OWN(&notimplemented_object)
#define ELLIPSIS OWN(&ellipsis_object)
#define TRUE_VALUE OWN(&true_object)
#define FALSE_VALUE OWN(&false_object)

static ALWAYS_INLINE Own
bool_value(bool b)
{
    return b ? TRUE_VALUE : FALSE_VALUE;
}

/* -- attributes ------------------------------------------------------------------------------------ */
NODISCARD Own object_getattr(Value v, Value name);
/* 1 found (*result new), 0 absent (AttributeError suppressed, *result NO_VALUE), -1 failed otherwise */
NODISCARD int object_lookup_attr(Value v, Value name, Own *result);
NODISCARD int object_setattr(Value v, Value name, Value value); /* value NO_VALUE = delete */
NODISCARD Own object_getattr_cstr(Value v, const char *name);
NODISCARD int object_lookup_attr_cstr(Value v, const char *name, Own *result);
NODISCARD int object_setattr_cstr(Value v, const char *name, Value value);
/* The defaults that types inherit from object. */
NODISCARD Own object_generic_getattr(Value v, Value name);
NODISCARD int object_generic_setattr(Value v, Value name, Value value);
/* A special method, looked up on the type only (never the instance), bound: 1, 0 absent, -1. */
NODISCARD int object_lookup_special(Value v, Value name, Own *result);
/* vars(v): the dict of v's attributes, made on demand. fail: 0 + AttributeError when it has none */
NODISCARD Own object_dict(Value v);
NODISCARD Own object_dir(Value v);

/* -- calling ------------------------------------------------------------------------------------------ */
/* args: positional values, then the values of kwnames (a tuple of str, or NO_VALUE). own: ret new */
NODISCARD Own object_call(Value f, Value const *args, size_t nargs, Value kwnames);
NODISCARD Own call0(Value f);
NODISCARD Own call1(Value f, Value a);
NODISCARD Own call2(Value f, Value a, Value b);
NODISCARD Own call3(Value f, Value a, Value b, Value c);
/* With a tuple and a dict (or NO_VALUE), as f(*args, **kwargs). */
NODISCARD Own call_tuple(Value f, Value args_tuple, Value kwargs_dict);
/* v.name(args...): args[0] is the receiver. */
NODISCARD Own call_method(Value name, Value const *args, size_t nargs, Value kwnames);
NODISCARD Own call_method0(Value v, const char *name);
NODISCARD Own call_method1(Value v, const char *name, Value a);
NODISCARD Own call_method2(Value v, const char *name, Value a, Value b);
bool object_is_callable(Value v); /* (no runpy) */

/* -- type relations ------------------------------------------------------------------------------------ */
bool type_is_subtype(const Type *t, const Type *of); /* by mro; (no runpy) */
static inline bool
is_instance_of(Value v, const Type *t)
{
    Type *mine = type_of(v);
    return mine == t || type_is_subtype(mine, t);
}
NODISCARD int object_isinstance(Value v, Value class_or_tuple); /* 0, 1, -1; with __instancecheck__ */
NODISCARD int object_issubclass(Value c, Value class_or_tuple);

/* -- text, hash, truth, comparison ----------------------------------------------------------------------- */
NODISCARD Own object_repr(Value v); /* a str */
NODISCARD Own object_str(Value v);
NODISCARD Own object_ascii(Value v);
NODISCARD Own object_format(Value v, Value spec); /* format(v, spec); spec may be NO_VALUE */
NODISCARD int64_t object_hash(Value v);           /* -1 = failed: TypeError "unhashable type: 'x'" */
NODISCARD int object_truth(Value v);              /* 0, 1, -1 */
NODISCARD Own object_compare(Value a, Value b, CompareOp op);
NODISCARD int object_compare_bool(Value a, Value b, CompareOp op); /* 0, 1, -1; identity implies equality */
static ALWAYS_INLINE NODISCARD int
object_equal(Value a, Value b)
{
    return a == b ? 1 : object_compare_bool(a, b, CMP_EQ);
}
/* repr of containers: 0 entered, 1 v is already being shown (print "..."), -1 failed. Pair with leave after 0. */
NODISCARD int repr_enter(Value v);
void repr_leave(Value v);

/* -- numbers ----------------------------------------------------------------------------------------------- */
NODISCARD Own object_binary(Value a, Value b, BinaryOp op);
NODISCARD Own object_inplace(Value a, Value b, BinaryOp op);
NODISCARD Own object_unary(Value v, UnaryOp op);
NODISCARD Own object_power(Value a, Value b, Value modulus); /* modulus may be NONE */
NODISCARD Own object_index(Value v);   /* operator.index: an exact int */
NODISCARD Own object_to_int(Value v);  /* int(v) */
NODISCARD Own object_to_float(Value v); /* float(v) */
bool object_has_index(Value v);
/* C numbers from objects. -1 and a pending exception mean failure (check exc_pending when -1). */
int64_t object_as_int64(Value v);      /* __index__; OverflowError "Python int too large to convert to C long" */
int object_as_int(Value v);            /* C int; its own messages */
int64_t object_as_ssize(Value v);      /* OverflowError "cannot fit 'int' into an index-sized integer" */
int64_t object_as_ssize_clamped(Value v); /* __index__, clamped to int64 range: slice-like arguments */
uint64_t object_as_uint64_mask(Value v);  /* low 64 bits of __index__ */
double object_as_double(Value v);      /* __float__ or __index__ */

/* -- iteration ------------------------------------------------------------------------------------------------ */
NODISCARD Own object_iter(Value v);    /* TypeError "'x' object is not iterable" */
NODISCARD Own object_next(Value it);   /* 0 with nothing pending = exhausted (StopIteration swallowed) */
/* What iterating over a built-in container that may change (a dict, its views, a set, a deque) would give if it stood still: a new list of one
 * moment. NO_VALUE with nothing pending for anything else, and unless `always`, for a container that only this thread can change. (no runpy) */
NODISCARD Own object_snapshot(Value v, bool always);
/* As object_iter, for C code that takes all items one after the other: over a snapshot of what other threads may be changing. */
NODISCARD Own object_iter_all(Value v);
NODISCARD int64_t object_length_hint(Value v, int64_t otherwise); /* -1 = failed */

/* -- containers ----------------------------------------------------------------------------------------------- */
NODISCARD int64_t object_len(Value v); /* -1 = failed */
NODISCARD Own object_getitem(Value v, Value key);
NODISCARD int object_setitem(Value v, Value key, Value value);
NODISCARD int object_delitem(Value v, Value key);
NODISCARD int object_contains(Value container, Value item);
NODISCARD Own object_getitem_int(Value v, int64_t i);
/* A list or tuple as it is (new reference), anything else iterable as a new list.
 * message: of the TypeError for what is not iterable, or null for the usual one. */
NODISCARD Own sequence_fast(Value v, const char *message);
NODISCARD Own object_to_list(Value iterable);  /* a new list */
NODISCARD Own object_to_tuple(Value iterable);

#endif
