/* The module _typing. The types are in object/generic/. */
#include "object/genericalias.h"
#include "object/module.h"
#include "object/typeparam.h"

#include "_typing.spec.h"

Own
typing_module__idfunc(Value module UNUSED, Value x)
{
    return own(x);
}

static int
typing_module_exec(Value module)
{
    static Type *const types[] = {&typevar_type,          &paramspec_type,        &typevartuple_type, &paramspec_args_type,
                                  &paramspec_kwargs_type, &type_alias_type,       &generic_type,      &union_type};
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (module_add_type(module, types[i]) < 0) {
            return -1;
        }
    }
    return module_add(module, "NoDefault", NO_DEFAULT);
}

const ModuleDef module__typing = {
    .name = "_typing",
    .doc = typing_module_module_doc,
    .functions = typing_module_functions,
    .exec = typing_module_exec,
};
