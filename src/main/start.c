/* Starting the runtime, from the bottom up. One thread. */
#include "main/start.h"

#include "base/os.h"
#include "heap/world.h"
#include "module/sys/sys.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/hooks.h"
#include "object/module.h"
#include "object/str.h"
#include "object/str_priv.h"
#include "object/type.h"
#include "object/weakref.h"
#include "vm/asyncgen.h"
#include "vm/generator.h"
#include "vm/import.h"
#include "vm/vm.h"

static Own main_module;

static int
start_objects(void)
{
    thread_start_main(0);
    if (!thread_self()) {
        return -1;
    }
    vm_init(thread_self());
    types_init_heads();
    if (str_start() < 0 || types_init() < 0 || exceptions_ready() < 0 || weakrefs_ready() < 0 || code_types_ready() < 0) {
        return -1;
    }
    return coroutine_types_ready() < 0 || asyncgen_types_ready() < 0 ? -1 : 0;
}

/* Makes a built-in module and enters it into sys.modules. own: ret new */
static Own
start_module(const char *name)
{
    const ModuleDef *def = module_find_builtin(name);
    Own m = def ? module_create(def) : NO_VALUE;
    if (m && dict_set_cstr(import_modules, name, m) < 0) {
        drop(m);
        return NO_VALUE;
    }
    return m;
}

static int
start_main_module(void)
{
    Own name = str_from_cstr("__main__");
    main_module = name ? module_new(name) : NO_VALUE;
    drop_opt(name);
    if (!main_module || dict_set_cstr(import_modules, "__main__", main_module) < 0) {
        return -1;
    }
    return dict_set_cstr(module_dict(main_module), "__builtins__", vm_builtins_module);
}

int
runtime_start(void)
{
    if (start_objects() < 0) {
        return -1;
    }
    sys_init_hooks();
    import_modules = dict_new();
    vm_builtins_module = import_modules ? start_module("builtins") : NO_VALUE;
    if (!vm_builtins_module) {
        return -1;
    }
    vm_builtins = own(module_dict(vm_builtins_module));
    sys_module = start_module("sys");
    if (!sys_module || sys_set("modules", import_modules) < 0) {
        return -1;
    }
    if (console_start() < 0) {
        return -1;
    }
    return start_main_module();
}

Value
runtime_main_module(void)
{
    return main_module;
}

void
runtime_end(void)
{
}
