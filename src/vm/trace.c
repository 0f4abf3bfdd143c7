/* Tracing: sys.settrace, sys.setprofile. */
#include "vm/trace.h"

#include "object/error.h"

int
trace_set_line(FrameObject *fo UNUSED, Value value UNUSED)
{
    return raise_int(&exc_ValueError, "f_lineno can only be set by a trace function");
}
