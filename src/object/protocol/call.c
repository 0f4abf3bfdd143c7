/* Calling objects. Arguments are an array of borrowed values: positional ones, then those of
 * kwnames. */
#include "object/list.h"
#include "object/type/slotdefs.h"

#define ARGS_ON_STACK 16

Own
object_call(Value f, Value const *args, size_t nargs, Value kwnames)
{
    Own (*call)(Value, Value const *, size_t, Value) = type_of(f)->slots.call;
    if (UNLIKELY(!call)) {
        return raise_fmt(&exc_TypeError, "'%T' object is not callable", f);
    }
    if (kwnames && UNLIKELY(as_tuple(kwnames)->length == 0)) {
        kwnames = NO_VALUE;
    }
    assert(!exc_pending());
    Own result = call(f, args, nargs, kwnames);
    assert((result == NO_VALUE) == exc_pending());
    return result;
}

bool
object_is_callable(Value v)
{
    return type_of(v)->slots.call != NULL;
}

Own
call0(Value f)
{
    return object_call(f, (Value const[1]){0}, 0, NO_VALUE);
}

Own
call1(Value f, Value a)
{
    Value args[] = {a};
    return object_call(f, args, 1, NO_VALUE);
}

Own
call2(Value f, Value a, Value b)
{
    Value args[] = {a, b};
    return object_call(f, args, 2, NO_VALUE);
}

Own
call3(Value f, Value a, Value b, Value c)
{
    Value args[] = {a, b, c};
    return object_call(f, args, 3, NO_VALUE);
}

/* Keyword arguments as object_call wants them: fills values from position `at` on, and returns
 * their names. Both are owned. */
static Own
spread_keywords(Value kwargs, Own *values, int64_t count)
{
    Own names = tuple_new(count);
    int64_t position = 0, i = 0;
    Own key, value;
    while (names && i < count && dict_next(kwargs, &position, &key, &value)) {
        if (!is_str(key)) {
            drop(key);
            drop(value);
            drop(names);
            names = raise_msg(&exc_TypeError, "keywords must be strings");
            break;
        }
        tuple_init_item(names, i, key);
        values[i++] = value;
    }
    if (names && i < count) { /* another thread took some away */
        Own shorter = tuple_slice(names, 0, i);
        drop(names);
        names = shorter;
    }
    if (!names) {
        while (i > 0) {
            drop(values[--i]);
        }
    }
    return names;
}

Own
call_tuple(Value f, Value args_tuple, Value kwargs)
{
    const Tuple *args = as_tuple(args_tuple);
    int64_t nkw = kwargs ? dict_len(kwargs) : 0;
    if (nkw == 0) {
        return object_call(f, (Value const *)args->items, (size_t)args->length, NO_VALUE);
    }
    int64_t total = args->length + nkw;
    Own few[ARGS_ON_STACK];
    Own *all = few;
    if (total > ARGS_ON_STACK) {
        all = mem_alloc((size_t)total * sizeof *all);
        if (!all) {
            return NO_VALUE;
        }
    }
    memcpy(all, args->items, (size_t)args->length * sizeof *all);
    Own names = spread_keywords(kwargs, all + args->length, nkw);
    Own result = NO_VALUE;
    if (names) {
        result = object_call(f, (Value const *)all, (size_t)args->length, names);
        for (int64_t i = 0; i < as_tuple(names)->length; i++) {
            drop(all[args->length + i]);
        }
        drop(names);
    }
    if (all != few) {
        mem_free(all);
    }
    return result;
}

/* A method that needs no bound method object; else the attribute. *unbound: the receiver goes
 * first. */
static Own
find_method(Value v, Value name, bool *unbound)
{
    Type *t = type_of(v);
    *unbound = false;
    if (t->slots.getattr == object_generic_getattr && !(type_flags(t) & TYPE_DICT_FIELD)) {
        uint32_t kind;
        Own f = type_find_kind(t, name, &kind);
        if (kind == ENTRY_METHOD) {
            Own mine = NO_VALUE;
            int found = (type_flags(t) & TYPE_HAS_DICT) && is_object(v)
                            ? instance_lookup(obj(v), name, &mine)
                            : 0;
            if (found == 0) {
                *unbound = true;
                return f;
            }
            drop(f);
            return mine;
        }
        drop_opt(f);
    }
    return object_getattr(v, name);
}

Own
call_method(Value name, Value const *args, size_t nargs, Value kwnames)
{
    bool unbound;
    Value key = str_find_interned(name);
    Own f = find_method(args[0], key ? key : name, &unbound);
    if (!f) {
        return NO_VALUE;
    }
    Own result = unbound ? object_call(f, args, nargs, kwnames)
                         : object_call(f, args + 1, nargs - 1, kwnames);
    drop(f);
    return result;
}

static Own
call_method_cstr(const char *name, Value const *args, size_t nargs)
{
    Own key = str_from_cstr(name);
    Own result = key ? call_method(key, args, nargs, NO_VALUE) : NO_VALUE;
    drop_opt(key);
    return result;
}

Own
call_method0(Value v, const char *name)
{
    return call_method_cstr(name, &v, 1);
}

Own
call_method1(Value v, const char *name, Value a)
{
    Value args[] = {v, a};
    return call_method_cstr(name, args, 2);
}

Own
call_method2(Value v, const char *name, Value a, Value b)
{
    Value args[] = {v, a, b};
    return call_method_cstr(name, args, 3);
}
