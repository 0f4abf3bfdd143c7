/* The module _weft_faults: lets allocations fail (base/faults.h), so that tests can go down every path behind that. */
#include "base/faults.h"
#include "object/int.h"
#include "object/module.h"

#include "_weft_faults.spec.h"

int
faults_fail(Value module UNUSED, int64_t first, int64_t last, bool everyone)
{
    alloc_fail(first, last ? last : INT64_MAX, everyone);
    return 0;
}

int64_t
faults_count(Value module UNUSED)
{
    return alloc_counted();
}

const ModuleDef module__weft_faults = {
    .name = "_weft_faults",
    .doc = faults_module_doc,
    .functions = faults_functions,
};
