/* Tracing: sys.settrace, sys.setprofile. */
#ifndef WEFT_VM_TRACE_H
#define WEFT_VM_TRACE_H

#include "vm/frameobject.h"

/* frame.f_lineno = value: jumps, while a trace function runs. */
NODISCARD int trace_set_line(FrameObject *fo, Value value);

#endif
