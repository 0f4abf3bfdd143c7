/* The module itertools. The types have files of their own. */
#include "module/itertools/itertools_priv.h"
#include "object/module.h"

#include "itertools.spec.h"

/* Iterators that know how to be copied are; any other one is shared by _tee objects. */
Own
itertools_tee(Value module UNUSED, Value iterable, int64_t n)
{
    if (n < 0) {
        return raise_msg(&exc_ValueError, "n must be >= 0");
    }
    Own result = tuple_new(n), it = NO_VALUE, copy;
    if (!result || n == 0) {
        return result;
    }
    it = object_iter(iterable);
    int found = it ? object_lookup_attr(it, NAME(__copy__), &copy) : -1;
    if (found > 0 && type_of(it) == &itertools_tee_type) { /* all of the result are new ones */
        Own first = call0(copy);
        drop(it);
        it = first;
        found = first ? 1 : -1;
        if (!first) {
            drop(copy);
        }
    }
    if (found == 0) {
        Own tee = call1(VALUE(&itertools_tee_type), it);
        drop(it);
        it = tee;
        copy = tee ? object_getattr(tee, NAME(__copy__)) : NO_VALUE;
        found = copy ? 1 : -1;
    }
    if (found < 0) {
        drop_opt(it);
        drop(result);
        return NO_VALUE;
    }
    tuple_init_item(result, 0, it);
    for (int64_t i = 1; result && i < n; i++) {
        Own other = call0(copy);
        if (other) {
            tuple_init_item(result, i, other);
        } else {
            ref_clear(&result);
        }
    }
    drop(copy);
    return result;
}

static int
itertools_exec(Value m)
{
#define X(name) &itertools_##name##_type,
    static Type *const types[] = {ITERTOOLS_TYPES(X)};
#undef X
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (module_add_type(m, types[i]) < 0) {
            return -1;
        }
    }
    return 0;
}

const ModuleDef module_itertools = {
    .name = "itertools",
    .doc = itertools_module_doc,
    .functions = itertools_functions,
    .exec = itertools_exec,
};
