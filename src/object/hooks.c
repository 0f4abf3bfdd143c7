/* The table behind object/hooks.h. Written once by the vm before the first Python code runs, read by every thread after. */
#include "object/hooks.h"

ObjectHooks object_hooks;
