/* Type: the object that a shape leads to, with the slots that C code calls. Lives here, below the types
 * themselves, because freeing, visiting and publishing an object go through it.
 *
 * Slots of a built-in type are set before start-up ends and never change. Slots of a class are changed with the
 * world stopped (a method such as __len__ assigned to a live class), so they may be read without a lock.
 *
 * Conventions of every slot: arguments are borrowed; Own results are new; 0 or -1 = failure with an exception
 * pending. A binary slot returns a new reference to NotImplemented where it does not apply.
 * `runpy` may happen in any slot but those marked (no runpy). */
#ifndef WEFT_HEAP_TYPE_H
#define WEFT_HEAP_TYPE_H

#include "heap/shape.h"

/* Calls visit for each object that o refers to (and may do so for what else its fields hold: the visitor skips that). (no runpy) */
typedef int (*Visit)(Value v, void *arg);
typedef int (*TraverseFn)(Object *o, Visit visit, void *arg);
typedef int (*TraversePartFn)(Object *o, size_t *at, Visit visit, void *arg);
int gc_add_referent(Value v, void *arg); /* the one that wants ints and floats, too */
#define VISIT(v)                                                                                   \
    do {                                                                                           \
        Value visited_ = (Value)(v);                                                               \
        int visit_status_ = 0;                                                                     \
        if (visited_ && (is_object(visited_) || visit == gc_add_referent)) {                       \
            visit_status_ = visit(visited_, arg);                                                  \
        }                                                                                          \
        if (visit_status_) {                                                                       \
            return visit_status_;                                                                  \
        }                                                                                          \
    } while (0)

typedef enum { CMP_LT, CMP_LE, CMP_EQ, CMP_NE, CMP_GT, CMP_GE } CompareOp;

/* A C function callable from Python: positional arguments, then the values of kwnames (a tuple of str, or 0). */
typedef Own (*NativeFn)(Value self, Value const *args, size_t nargs, Value kwnames);

/* Binary operators in the order of the instruction operand; `BINARY_INPLACE + op` in the inplace table. */
typedef enum {
    OP_ADD, OP_SUB, OP_MUL, OP_MATMUL, OP_TRUEDIV, OP_FLOORDIV, OP_MOD, OP_DIVMOD, OP_LSHIFT,
    OP_RSHIFT, OP_AND, OP_XOR, OP_OR, OP_POW, OP_BINARY_COUNT
} BinaryOp;
typedef enum { OP_NEG, OP_POS, OP_INVERT, OP_ABS, OP_UNARY_COUNT } UnaryOp;

typedef Own (*UnaryFn)(Value v);
typedef Own (*BinaryFn)(Value a, Value b);
typedef Own (*TernaryFn)(Value a, Value b, Value c);

struct Buffer; /* object/buffer.h */

typedef struct TypeSlots {
    /* life */
    TraverseFn traverse;           /* visits every reference field (no runpy) */
    TraversePartFn traverse_part;  /* the same from the item *at on; when broken off, *at says where to go on. 0 = none */
    void (*clear)(Object *o);      /* breaks cycles: empties every field that may be in one, with ref_clear */
    void (*dealloc)(Object *o);    /* drops the fields, then object_free(o); 0 = inherited */
    void (*finalize)(Object *o);   /* __del__ (PEP 442) */
    Own (*create)(Type *type, Value const *args, size_t nargs, Value kwnames); /* __new__ */
    int (*init)(Value self, Value const *args, size_t nargs, Value kwnames);   /* __init__ */
    /* general */
    Own (*repr)(Value v);
    Own (*str)(Value v);
    int64_t (*hash)(Value v);      /* -1 = failure; a hash is never -1 */
    Own (*call)(Value self, Value const *args, size_t nargs, Value kwnames);
    Own (*getattr)(Value v, Value name);
    int (*setattr)(Value v, Value name, Value value); /* value NO_VALUE = delete */
    Own (*compare)(Value a, Value b, CompareOp op);
    Own (*iter)(Value v);
    Own (*next)(Value v);          /* 0 with nothing pending = exhausted */
    Own (*descr_get)(Value descr, Value instance, Value owner); /* instance or owner may be NO_VALUE */
    int (*descr_set)(Value descr, Value instance, Value value); /* value NO_VALUE = delete */
    /* numbers */
    BinaryFn binary[OP_BINARY_COUNT];   /* OP_POW: with no modulus */
    BinaryFn inplace[OP_BINARY_COUNT];
    TernaryFn power_mod;                /* pow(a, b, c) */
    UnaryFn unary[OP_UNARY_COUNT];
    int (*truth)(Value v);              /* __bool__: 0, 1, -1 */
    UnaryFn to_int, to_float, index;
    /* sequences and mappings */
    int64_t (*len)(Value v);            /* -1 = failure */
    Own (*seq_item)(Value v, int64_t i);    /* i already counted from the start; C types only */
    Own (*getitem)(Value v, Value key);
    int (*setitem)(Value v, Value key, Value value); /* value NO_VALUE = delete */
    int (*contains)(Value v, Value item);   /* 0, 1, -1 */
    BinaryFn concat;                        /* C sequences: + */
    BinaryFn inplace_concat;
    Own (*repeat)(Value v, int64_t n);
    Own (*inplace_repeat)(Value v, int64_t n);
    /* asynchronous */
    UnaryFn await, aiter, anext;
    /* buffers */
    int (*getbuffer)(Value v, struct Buffer *buffer, int flags);
    void (*releasebuffer)(Value v, struct Buffer *buffer);
} TypeSlots;

enum {
    TYPE_HEAP = 1 << 0,       /* made at run time (a class); its attributes may be changed */
    TYPE_BASE = 1 << 1,       /* may be subclassed */
    TYPE_READY = 1 << 2,
    TYPE_GC = 1 << 3,         /* instances are tracked from birth */
    TYPE_IMMUTABLE = 1 << 4,
    TYPE_NO_INSTANTIATE = 1 << 5, /* "cannot create 'x' instances" */
    TYPE_ABSTRACT = 1 << 6,   /* has abstract methods */
    TYPE_SEQUENCE_PATTERN = 1 << 7, TYPE_MAPPING_PATTERN = 1 << 8,
    TYPE_METHOD_LIKE = 1 << 9,    /* instances are functions: f(self, ...) may be called without binding */
    TYPE_HAS_DICT = 1 << 10,      /* instances have attributes of their own (slots or a dict) */
    TYPE_HAS_WEAKREFS = 1 << 11,  /* instances may be weakly referenced */
    TYPE_DEFERRED = 1 << 12,      /* instances are OBJ_DEFERRED */
    TYPE_HAS_MEMBERS = 1 << 14,   /* __slots__ of the class or a base: words in its instances */
    TYPE_DICT_FIELD = 1 << 15,    /* their dict is a field of the C struct (modules, functions) */
    TYPE_MATCH_SELF = 1 << 13,    /* case int(x) binds the subject itself */
    /* subclass bits: fast isinstance for the types that C code asks about most */
    TYPE_INT_SUBCLASS = 1 << 16, TYPE_STR_SUBCLASS = 1 << 17, TYPE_LIST_SUBCLASS = 1 << 18,
    TYPE_TUPLE_SUBCLASS = 1 << 19, TYPE_DICT_SUBCLASS = 1 << 20, TYPE_BYTES_SUBCLASS = 1 << 21,
    TYPE_EXC_SUBCLASS = 1 << 22, TYPE_TYPE_SUBCLASS = 1 << 23, TYPE_FLOAT_SUBCLASS = 1 << 24,
    TYPE_SET_SUBCLASS = 1 << 25, /* set or frozenset */
    /* Of finalizers in one collection those come first that may run the program's own code; then streams, before what they write to. */
    TYPE_FINALIZED_SECOND = 1 << 26, TYPE_FINALIZED_THIRD = 2 << 26, TYPE_FINALIZED_LAST = 3 << 26,
    TYPE_FOR_SUBCLASSES = 0x3FFF << 16, /* those since TYPE_INT_SUBCLASS, which subclasses inherit */
    TYPE_UNREACHABLE = 1 << 30,  /* a class that a collection is about to clear: nobody may be given it */
};

struct MethodDef;
struct GetSetDef;
struct MemberDef;

struct Type {
    Object head;
    const char *name;        /* of a built-in: "dict" or "collections.deque"; of a class: UTF-8 of its __name__ */
    ShapeId root_shape;      /* of instances without attributes; unique to the type */
    _Atomic uint32_t flags;  /* TYPE_* */
    uint32_t basic_size;     /* of an instance, header included, attributes excluded */
    uint32_t item_size;      /* of variable-sized objects */
    uint32_t dict_offset;    /* of the InstanceAttrs in an instance, 0 when it has none */
    _Atomic uint32_t inline_slots; /* attribute slots that a new instance gets inline */
    TypeSlots slots;
    Type *base;              /* owned by classes; guard for these four: type lock, read through epochs */
    Own bases, mro;          /* tuples */
    Own dict;                /* dict; changed only through type_setattr */
    struct TypeChildren *subclasses; /* direct ones, not counted: object/type/type_priv.h */
    Own qualname;            /* str; built-ins: NO_VALUE until asked */
    Own doc;                 /* text of __doc__ for built-ins made ready */
    _Atomic(struct TypeLookup *) lookup; /* resolved names: object/type/lookup.h */
    const struct MethodDef *methods; /* built-ins: what the spec declares; 0-terminated */
    const struct GetSetDef *getsets;
    const char *spec_doc;
    void *module_state;      /* heap types of C modules: the module's state */
    Type *native;            /* of a class: the nearest base made in C, which frees instances; immutable */
    uint64_t serial;         /* of this type alone, for ever; immutable */
    Own members;             /* of a class: the names in its own __slots__, a sorted list; immutable */
    Own (*snapshot)(Value v, bool always); /* of a container made in C: object_snapshot in object/object.h */
};

static ALWAYS_INLINE uint32_t
type_flags(const Type *t)
{
    return atomic_load_explicit(&t->flags, memory_order_relaxed);
}

static ALWAYS_INLINE bool
has_type_flag(Value v, uint32_t flag)
{
    return (type_flags(type_of(v)) & flag) != 0;
}

/* isinstance for the types above, subclasses included (not __instancecheck__). */
static ALWAYS_INLINE bool
is_int(Value v)
{
    return is_small_int(v) || (is_object(v) && has_type_flag(v, TYPE_INT_SUBCLASS));
}
static ALWAYS_INLINE bool
is_float(Value v)
{
    return is_small_float(v) || (is_object(v) && has_type_flag(v, TYPE_FLOAT_SUBCLASS));
}
#define DEFINE_IS(name, FLAG)                                                                      \
    static ALWAYS_INLINE bool is_##name(Value v)                                                   \
    {                                                                                              \
        return is_object(v) && has_type_flag(v, FLAG);                                             \
    }
DEFINE_IS(str, TYPE_STR_SUBCLASS)
DEFINE_IS(bytes, TYPE_BYTES_SUBCLASS)
DEFINE_IS(list, TYPE_LIST_SUBCLASS)
DEFINE_IS(tuple, TYPE_TUPLE_SUBCLASS)
DEFINE_IS(dict, TYPE_DICT_SUBCLASS)
DEFINE_IS(anyset, TYPE_SET_SUBCLASS)
DEFINE_IS(type, TYPE_TYPE_SUBCLASS)
DEFINE_IS(exception, TYPE_EXC_SUBCLASS)
#undef DEFINE_IS

/* The built-in functions and accessors of a type or module: what tools/specgen.py generates. */
typedef struct MethodDef {
    const char *name;
    const char *doc;   /* "signature\n--\n\ntext": __text_signature__ and __doc__ */
    NativeFn fn;       /* self first: the instance, class (METHOD_CLASS), NO_VALUE (METHOD_STATIC) or module */
    uint32_t flags;    /* METHOD_* */
} MethodDef;

enum { METHOD_CLASS = 1, METHOD_STATIC = 2, METHOD_NEW = 4 };

typedef struct GetSetDef {
    const char *name;
    const char *doc;
    Own (*get)(Value self);
    int (*set)(Value self, Value value); /* value NO_VALUE = delete; 0 = read-only */
    bool member;       /* shown to Python as a field of the object (types.MemberDescriptorType) */
} GetSetDef;

#endif
