/* The module _collections. The types have files of their own. */
#include "heap/critical.h"
#include "module/_collections/collections_priv.h"
#include "object/dict.h"
#include "object/int.h"
#include "object/module.h"
#include "object/str.h"
#include "object/type.h"

#include "_collections.spec.h"

/* count + 1. own: ret new */
static Own
one_more(Value count)
{
    if (is_small_int(count) && small_int_value(count) < SMALL_INT_MAX) {
        return small_int(small_int_value(count) + 1);
    }
    return object_binary(count, small_int(1), OP_ADD);
}

/* mapping[item] += 1 in a dict whose class keeps dict's ways. */
static int
count_in_dict(Value mapping, Value item)
{
    int64_t hash = object_hash(item);
    if (hash == -1) {
        return -1;
    }
    int counted = dict_count_hash(mapping, item, hash);
    if (counted) {
        return counted < 0 ? -1 : 0;
    }
    Own count;
    CriticalSection section;
    critical_enter(&section, obj(mapping)); /* no count of another thread's comes in between, where adding runs no Python code */
    int found = dict_lookup_hash(mapping, item, hash, &count);
    Own next = found < 0 ? NO_VALUE : found ? one_more(count) : small_int(1);
    int status = next ? dict_set_hash(mapping, item, hash, next) : -1;
    critical_leave(&section);
    drop_opt(count);
    drop_opt(next);
    return status;
}

/* The same by mapping.get and mapping[item] = ... */
static int
count_in_mapping(Value mapping, Value get, Value item)
{
    Own count = call2(get, item, small_int(0));
    Own next = count ? one_more(count) : NO_VALUE;
    drop_opt(count);
    int status = next ? object_setitem(mapping, item, next) : -1;
    drop_opt(next);
    return status;
}

static bool
is_found_in_dict(Type *type, Value name)
{
    Own found = type_find(type, name), plain = type_find(&dict_type, name);
    bool same = found == plain;
    drop_opt(found);
    drop_opt(plain);
    return same;
}

/* By its methods, not its slot, which Counter has of its own for the sake of its __delitem__. */
static bool
has_plain_access(Value mapping)
{
    return is_dict(mapping) && is_found_in_dict(type_of(mapping), NAME(get)) &&
           is_found_in_dict(type_of(mapping), NAME(__setitem__));
}

int
collections__count_elements(Value module UNUSED, Value mapping, Value iterable)
{
    bool plain = has_plain_access(mapping);
    Own it = object_iter_all(iterable), item;
    Own get = it && !plain ? object_getattr(mapping, NAME(get)) : NO_VALUE;
    if (!it || (!plain && !get)) {
        drop_opt(it);
        return -1;
    }
    int status = 0;
    while (status == 0 && (item = object_next(it)) != NO_VALUE) {
        status = plain ? count_in_dict(mapping, item) : count_in_mapping(mapping, get, item);
        drop(item);
    }
    drop(it);
    drop_opt(get);
    return exc_pending() ? -1 : 0;
}

static int
collections_exec(Value m)
{
    static Type *const shown[] = {&deque_type,      &deque_iterator_type,
                                  &defaultdict_type, &deque_reverse_iterator_type,
                                  &ordereddict_type, &tuplegetter_type};
    static Type *const hidden[] = {&odict_iterator_type, &odict_keys_type, &odict_values_type,
                                   &odict_items_type};
    for (size_t i = 0; i < ARRAY_LEN(hidden); i++) {
        if (type_ready(hidden[i]) < 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
        if (module_add_type(m, shown[i]) < 0) {
            return -1;
        }
    }
    return 0;
}

const ModuleDef module__collections = {
    .name = "_collections",
    .doc = collections_module_doc,
    .functions = collections_functions,
    .exec = collections_exec,
};
