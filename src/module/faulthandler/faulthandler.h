/* faulthandler, for start-up and the end of the program. */
#ifndef WEFT_MODULE_FAULTHANDLER_H
#define WEFT_MODULE_FAULTHANDLER_H

#include "object/object.h"

/* faulthandler.enable(file, all_threads, c_stack): -X faulthandler gives None, true, true. fail: -1
 */
NODISCARD int faulthandler_start(Value file, bool all_threads, bool c_stack);
/* Everything off, before the objects go. */
void faulthandler_end(void);

#endif
