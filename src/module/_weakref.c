/* The module _weakref. The types and functions are in object/weakref.c. */
#include "object/dict.h"
#include "object/module.h"
#include "object/weakref.h"

#include "_weakref.spec.h"

int64_t
weakref_module_getweakrefcount(Value module UNUSED, Value object)
{
    return weakref_count(object);
}

Own
weakref_module_getweakrefs(Value module UNUSED, Value object)
{
    return weakref_list(object);
}

Own
weakref_module_proxy(Value module UNUSED, Value object, Value callback)
{
    return weakproxy_new(object, callback);
}

/* 1: v is a dead reference; 0: it is alive; -1 + TypeError */
static int
is_dead(Value v)
{
    if (!is_weakref(v)) {
        return raise_int(&exc_TypeError, "not a weakref");
    }
    Own target = weakref_get(v);
    drop_opt(target);
    return target == NO_VALUE;
}

/* Not a reference that another thread stores meanwhile. */
int
weakref_module__remove_dead_weakref(Value module UNUSED, Value dict, Value key)
{
    Own value;
    int status = dict_lookup(dict, key, &value);
    if (status > 0) {
        status = is_dead(value);
        if (status > 0) {
            status = dict_delete_value(dict, key, value);
        }
        drop(value);
    }
    return status < 0 ? -1 : 0;
}

static int
weakref_module_exec(Value module)
{
    if (module_add(module, "ref", own(VALUE(&weakref_type))) < 0 ||
        module_add(module, "ReferenceType", own(VALUE(&weakref_type))) < 0 ||
        module_add(module, "ProxyType", own(VALUE(&weakproxy_type))) < 0) {
        return -1;
    }
    return module_add(module, "CallableProxyType", own(VALUE(&weakcallableproxy_type)));
}

const ModuleDef module__weakref = {
    .name = "_weakref",
    .doc = weakref_module_module_doc,
    .functions = weakref_module_functions,
    .exec = weakref_module_exec,
};
