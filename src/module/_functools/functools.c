/* The module _functools: reduce, and the types in the other files. */
#include "module/_functools/functools_priv.h"
#include "object/module.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

#include "_functools.spec.h"

Own
functools_cmp_to_key(Value module UNUSED, Value compare)
{
    return key_wrapper_new(compare, NO_VALUE);
}

static Own
reduce_iterator(Value function, Value it, Own result)
{
    Own item;
    if (!result && !(result = object_next(it))) {
        return exc_pending() ? NO_VALUE
                             : raise_msg(&exc_TypeError,
                                         "reduce() of empty iterable with no initial value");
    }
    while ((item = object_next(it)) != NO_VALUE) {
        Own next = call2(function, result, item);
        drop(item);
        drop(result);
        if (!next) {
            return NO_VALUE;
        }
        result = next;
    }
    if (exc_pending()) {
        drop(result);
        return NO_VALUE;
    }
    return result;
}

Own
functools_reduce(Value module UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    size_t names = kwnames ? (size_t)as_tuple(kwnames)->length : 0;
    if (nargs < 2) {
        return raise_fmt(&exc_TypeError,
                         "reduce() takes at least 2 positional arguments (%zd given)",
                         (int64_t)nargs);
    }
    if (nargs + names > 3) {
        return raise_fmt(&exc_TypeError, "reduce() takes at most 3 arguments (%zd given)",
                         (int64_t)(nargs + names));
    }
    if (names && !str_equals_cstr(tuple_item(kwnames, 0), "initial")) {
        return raise_fmt(&exc_TypeError, "reduce() got an unexpected keyword argument '%U'",
                         tuple_item(kwnames, 0));
    }
    Own it = object_iter_all(args[1]);
    if (!it) {
        if (exc_swallow(&exc_TypeError)) {
            raise_msg(&exc_TypeError, "reduce() arg 2 must support iteration");
        }
        return NO_VALUE;
    }
    Own result = reduce_iterator(args[0], it, nargs + names == 3 ? own(args[2]) : NO_VALUE);
    drop(it);
    return result;
}

static int
functools_exec(Value m)
{
    if (module_add_type(m, &partial_type) < 0 || module_add_type(m, &placeholder_type) < 0 ||
        module_add_type(m, &lru_cache_type) < 0 || type_ready(&key_wrapper_type) < 0 ||
        type_ready(&lru_link_type) < 0) {
        return -1;
    }
    Own singleton = call0(VALUE(&placeholder_type));
    return module_add(m, "Placeholder", singleton);
}

const ModuleDef module__functools = {
    .name = "_functools",
    .doc = functools_module_doc,
    .functions = functools_functions,
    .exec = functools_exec,
};
