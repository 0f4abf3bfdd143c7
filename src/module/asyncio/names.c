/* The parts of the asyncio package, written in Python, that _asyncio calls. */
#include "module/asyncio/asyncio_priv.h"
#include "object/hooks.h"
#include "object/str.h"

Value
asyncio_name(Own *cell, const char *module, const char *name)
{
    Own v = __atomic_load_n(cell, __ATOMIC_ACQUIRE);
    if (v) {
        return v;
    }
    Own m = object_hooks.import_module(module), none = NO_VALUE;
    v = m ? object_getattr_cstr(m, name) : NO_VALUE;
    drop_opt(m);
    if (!v) {
        return NO_VALUE;
    }
    publish(v);
    if (!__atomic_compare_exchange_n(cell, &none, v, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        drop(v);
        return none;
    }
    return v;
}

Value
cancelled_error(void)
{
    static Own cell; /* guard: atomic */
    return asyncio_name(&cell, "asyncio.exceptions", "CancelledError");
}

Own
raise_invalid_state(const char *message)
{
    static Own cell; /* guard: atomic */
    Value type = asyncio_name(&cell, "asyncio.exceptions", "InvalidStateError");
    Own text = type ? str_from_cstr(message) : NO_VALUE, exc = NO_VALUE;
    if (text) {
        exc = call1(type, text);
        drop(text);
    }
    if (exc) {
        raise_object(exc, NO_VALUE);
        drop(exc);
    }
    return NO_VALUE;
}

Own
asyncio_call(const char *module, const char *name, Value const *args, size_t nargs)
{
    Own m = object_hooks.import_module(module);
    Own f = m ? object_getattr_cstr(m, name) : NO_VALUE;
    Own result = f ? object_call(f, args, nargs, NO_VALUE) : NO_VALUE;
    drop_opt(f);
    drop_opt(m);
    return result;
}
