/* Frozen modules, for those who cannot import yet. */
#ifndef WEFT_MODULE_IMP_FROZEN_H
#define WEFT_MODULE_IMP_FROZEN_H

#include "object/object.h"

/* Makes the frozen module `name`, enters it into sys.modules and runs its code. own: ret new */
NODISCARD Own frozen_run(const char *name);

/* The code of a file of the library, under the name `filename`: from the cache that importlib would use for it, else compiled and, where that is
 * allowed and possible, put there. own: ret new · fail: 0 + ImportError, SyntaxError */
NODISCARD Own frozen_code(const char *file, Value filename);

/* _imp._fix_co_filename: of code that nobody else has seen. fail: -1 */
NODISCARD int imp__fix_co_filename(Value module, Value code, Value path);

#endif
