/* Local variables as mappings (PEP 667). */
#ifndef WEFT_VM_FRAMELOCALS_H
#define WEFT_VM_FRAMELOCALS_H

#include "vm/frameobject.h"

/* f_locals: the namespace of module and class code, else a proxy that writes through. own: ret new */
NODISCARD Own frame_locals(FrameObject *fo);
/* locals() in a running frame: the namespace, or a fresh dict of the variables. own: ret new */
NODISCARD Own frame_locals_snapshot(Frame *f);

NODISCARD int frame_types_ready(void);

#endif
