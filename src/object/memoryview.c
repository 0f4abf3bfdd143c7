/* memoryview. */
#include "object/buffer.h"

Type memoryview_type = {
    .name = "memoryview",
    .root_shape = SHAPE_MEMORYVIEW,
    .flags = TYPE_NO_INSTANTIATE,
    .basic_size = sizeof(Object),
};
