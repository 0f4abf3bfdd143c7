/* Weak proxies: every operation takes the object that the proxy stands for, or raises
 * ReferenceError, and is done on that.
 *
 * Life and threads: weakref.c. */
#include "object/str.h"
#include "object/type.h"
#include "object/weakref.h"

#include "weakproxy.spec.h"

bool
is_weakproxy(Value v)
{
    return is_object(v) &&
           (obj_type(obj(v)) == &weakproxy_type || obj_type(obj(v)) == &weakcallableproxy_type);
}

/* The object behind v, which is v itself unless it is a proxy. own: ret new · fail: 0 +
 * ReferenceError */
static Own
behind(Value v)
{
    if (!is_weakproxy(v)) {
        return own(v);
    }
    Own target = weakref_get(v);
    return target ? target
                  : raise_msg(&exc_ReferenceError, "weakly-referenced object no longer exists");
}

/* -- one operand: Own NAME(Value v) = EXPRESSION of x */
#define PROXY_UNARY(name, expression)                                                              \
    static Own proxy_##name(Value v)                                                               \
    {                                                                                              \
        Own x = behind(v);                                                                         \
        Own result = x ? expression : NO_VALUE;                                                    \
        drop_opt(x);                                                                               \
        return result;                                                                             \
    }
PROXY_UNARY(str, object_str(x))
PROXY_UNARY(iter, object_iter(x))
PROXY_UNARY(neg, object_unary(x, OP_NEG))
PROXY_UNARY(pos, object_unary(x, OP_POS))
PROXY_UNARY(abs, object_unary(x, OP_ABS))
PROXY_UNARY(invert, object_unary(x, OP_INVERT))
PROXY_UNARY(to_int, object_to_int(x))
PROXY_UNARY(to_float, object_to_float(x))
PROXY_UNARY(index, object_index(x))

/* -- two operands, either of which may be the proxy */
#define PROXY_BINARY(name, expression)                                                             \
    static Own proxy_##name(Value a, Value b)                                                      \
    {                                                                                              \
        Own x = behind(a), y = x ? behind(b) : NO_VALUE;                                           \
        Own result = y ? expression : NO_VALUE;                                                    \
        drop_opt(x);                                                                               \
        drop_opt(y);                                                                               \
        return result;                                                                             \
    }
#define PROXY_OPERATOR(name, OP)                                                                   \
    PROXY_BINARY(name, object_binary(x, y, OP))                                                    \
    PROXY_BINARY(inplace_##name, object_inplace(x, y, OP))
PROXY_OPERATOR(add, OP_ADD)
PROXY_OPERATOR(sub, OP_SUB)
PROXY_OPERATOR(mul, OP_MUL)
PROXY_OPERATOR(matmul, OP_MATMUL)
PROXY_OPERATOR(truediv, OP_TRUEDIV)
PROXY_OPERATOR(floordiv, OP_FLOORDIV)
PROXY_OPERATOR(mod, OP_MOD)
PROXY_OPERATOR(lshift, OP_LSHIFT)
PROXY_OPERATOR(rshift, OP_RSHIFT)
PROXY_OPERATOR(and, OP_AND)
PROXY_OPERATOR(xor, OP_XOR)
PROXY_OPERATOR(or, OP_OR)
PROXY_OPERATOR(pow, OP_POW)
PROXY_BINARY(divmod, object_binary(x, y, OP_DIVMOD))
PROXY_BINARY(getattr, object_getattr(x, y))
PROXY_BINARY(getitem, object_getitem(x, y))

static Own
proxy_power_mod(Value a, Value b, Value c)
{
    Own x = behind(a), y = x ? behind(b) : NO_VALUE, z = y ? behind(c) : NO_VALUE;
    Own result = z ? object_power(x, y, z) : NO_VALUE;
    drop_opt(x);
    drop_opt(y);
    drop_opt(z);
    return result;
}

static Own
proxy_compare(Value a, Value b, CompareOp op)
{
    Own x = behind(a), y = x ? behind(b) : NO_VALUE;
    Own result = y ? object_compare(x, y, op) : NO_VALUE;
    drop_opt(x);
    drop_opt(y);
    return result;
}

/* -- the others */

static Own
proxy_repr(Value v)
{
    Own target = weakref_get(v);
    if (!target) {
        return str_fmt("<weakproxy at %p; dead>", obj(v));
    }
    Own text = str_fmt("<weakproxy at %p; to '%Q' at %p>", obj(v), (Value)target, obj(target));
    drop(target);
    return text;
}

static Own
proxy_call(Value self, Value const *args, size_t nargs, Value kwnames)
{
    Own x = behind(self);
    Own result = x ? object_call(x, args, nargs, kwnames) : NO_VALUE;
    drop_opt(x);
    return result;
}

static int
proxy_setattr(Value v, Value name, Value value)
{
    Own x = behind(v);
    int status = x ? object_setattr(x, name, value) : -1;
    drop_opt(x);
    return status;
}

static int
proxy_truth(Value v)
{
    Own x = behind(v);
    int truth = x ? object_truth(x) : -1;
    drop_opt(x);
    return truth;
}

static int64_t
proxy_len(Value v)
{
    Own x = behind(v);
    int64_t n = x ? object_len(x) : -1;
    drop_opt(x);
    return n;
}

static int
proxy_setitem(Value v, Value key, Value value)
{
    Own x = behind(v);
    int status = !x ? -1 : value ? object_setitem(x, key, value) : object_delitem(x, key);
    drop_opt(x);
    return status;
}

static int
proxy_contains(Value v, Value item)
{
    Own x = behind(v);
    int found = x ? object_contains(x, item) : -1;
    drop_opt(x);
    return found;
}

static Own
proxy_next(Value v)
{
    Own x = behind(v), result = NO_VALUE;
    if (x && !type_of(x)->slots.next) {
        raise_fmt(&exc_TypeError, "Weakref proxy referenced a non-iterator '%.200T' object",
                  (Value)x);
    } else if (x) {
        result = object_next(x);
    }
    drop_opt(x);
    return result;
}

Own
weakproxy_py___bytes__(WeakRef *self)
{
    Own x = behind(VALUE(self));
    Own result = x ? call_method0(x, "__bytes__") : NO_VALUE;
    drop_opt(x);
    return result;
}

Own
weakproxy_py___reversed__(WeakRef *self)
{
    Own x = behind(VALUE(self));
    Own result = x ? call_method0(x, "__reversed__") : NO_VALUE;
    drop_opt(x);
    return result;
}

#define PROXY_OPERATORS(table, prefix)                                                             \
    .table = {[OP_ADD] = prefix##add,         [OP_SUB] = prefix##sub,                              \
              [OP_MUL] = prefix##mul,         [OP_MATMUL] = prefix##matmul,                        \
              [OP_TRUEDIV] = prefix##truediv, [OP_FLOORDIV] = prefix##floordiv,                    \
              [OP_MOD] = prefix##mod,         [OP_LSHIFT] = prefix##lshift,                        \
              [OP_RSHIFT] = prefix##rshift,   [OP_AND] = prefix##and,                              \
              [OP_XOR] = prefix## xor,        [OP_OR] = prefix## or,                               \
              [OP_POW] = prefix##pow,         PROXY_ONLY_##table}
#define PROXY_ONLY_binary [OP_DIVMOD] = proxy_divmod,
#define PROXY_ONLY_inplace

static int
proxy_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((WeakRef *)o)->callback);
    return 0;
}

static void
proxy_dealloc(Object *o)
{
    weakref_leave(o);
    object_free(o);
}

#define PROXY_TYPE(variable, shown, callable, method_table)                                        \
    Type variable = {                                                                              \
        .name = shown,                                                                             \
        .flags = TYPE_GC | TYPE_NO_INSTANTIATE,                                                    \
        .basic_size = sizeof(WeakRef),                                                             \
        .slots =                                                                                   \
            {                                                                                      \
                .traverse = proxy_traverse,                                                        \
                .clear = weakref_leave,                                                            \
                .dealloc = proxy_dealloc,                                                          \
                .repr = proxy_repr,                                                                \
                .str = proxy_str,                                                                  \
                .call = callable,                                                                  \
                .getattr = proxy_getattr,                                                          \
                .setattr = proxy_setattr,                                                          \
                .compare = proxy_compare,                                                          \
                .iter = proxy_iter,                                                                \
                .next = proxy_next,                                                                \
                PROXY_OPERATORS(binary, proxy_),                                                   \
                PROXY_OPERATORS(inplace, proxy_inplace_),                                          \
                .power_mod = proxy_power_mod,                                                      \
                .unary = {[OP_NEG] = proxy_neg,                                                    \
                          [OP_POS] = proxy_pos,                                                    \
                          [OP_INVERT] = proxy_invert,                                              \
                          [OP_ABS] = proxy_abs},                                                   \
                .truth = proxy_truth,                                                              \
                .to_int = proxy_to_int,                                                            \
                .to_float = proxy_to_float,                                                        \
                .index = proxy_index,                                                              \
                .len = proxy_len,                                                                  \
                .getitem = proxy_getitem,                                                          \
                .setitem = proxy_setitem,                                                          \
                .contains = proxy_contains,                                                        \
            },                                                                                     \
        .methods = method_table,                                                                   \
        .spec_doc = weakproxy_doc,                                                                 \
    };

PROXY_TYPE(weakproxy_type, "weakref.ProxyType", NULL, weakproxy_methods)
PROXY_TYPE(weakcallableproxy_type, "weakref.CallableProxyType", proxy_call, NULL)
