/* sys._jit. There is none yet. */
#include "object/bool.h"
#include "sys_priv.h"

#include "jit.spec.h"

int
sys_jit_is_available(Value module UNUSED)
{
    return 0;
}

int
sys_jit_is_enabled(Value module UNUSED)
{
    return 0;
}

int
sys_jit_is_active(Value module UNUSED)
{
    return 0;
}

static const ModuleDef jit_def = {
    .name = "sys._jit",
    .doc = sys_jit_module_doc,
    .functions = sys_jit_functions,
};

int
sys_add_jit(Value m)
{
    return module_add(m, "_jit", module_create(&jit_def));
}
