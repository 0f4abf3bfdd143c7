/* Choosing specialised forms: see vm/cache.h. */
#include "vm/cache.h"

void
specialize_load_global(const Inst *pc UNUSED, const Frame *f UNUSED, Value name UNUSED)
{
}

void
specialize_load_attr(const Inst *pc UNUSED, Value v UNUSED, Value name UNUSED)
{
}

void
specialize_store_attr(const Inst *pc UNUSED, Value v UNUSED, Value name UNUSED)
{
}

void
specialize_load_method(const Inst *pc UNUSED, Value v UNUSED, Value name UNUSED)
{
}
