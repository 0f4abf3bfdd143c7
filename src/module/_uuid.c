/* The module _uuid, over libuuid. No state. */
#include <uuid/uuid.h>

#include "object/bytes.h"
#include "object/module.h"
#include "object/tuple.h"

#include "_uuid.spec.h"

Own
uuids_generate_time_safe(Value module UNUSED)
{
    uuid_t id;
    int status = uuid_generate_time_safe(id);
    Own both[] = {bytes_new(id, sizeof id), small_int(status)};
    return tuple_from_own(both, 2);
}

static int
uuids_exec(Value m)
{
    return module_add_int(m, "has_uuid_generate_time_safe", 1) < 0 ? -1
                                                                   : module_add_int(m, "has_stable_extractable_node", 0);
}

const ModuleDef module__uuid = {
    .name = "_uuid",
    .doc = uuids_module_doc,
    .functions = uuids_functions,
    .exec = uuids_exec,
};
