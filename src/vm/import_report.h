/* What users see of imports that go wrong or take long: messages, shorter tracebacks, -X importtime. */
#ifndef WEFT_VM_IMPORT_REPORT_H
#define WEFT_VM_IMPORT_REPORT_H

#include "object/object.h"

/* "cannot import name ..." of m. own: ret 0 + ImportError */
Own raise_cannot_import(Value m, Value name) COLD;

/* Takes importlib's frames out of the pending exception's traceback: all of them for an ImportError, else those through which
 * the code of a module was run. */
void trim_import_frames(void) COLD;

/* The time that one import takes, with and without those inside it. */
typedef struct ImportClock {
    int64_t began, before; /* nanoseconds; before: what imports that ended earlier in the one around took */
} ImportClock;

ImportClock import_clock_start(void);
void import_clock_end(const ImportClock *clock, Value name);
void import_clock_cached(Value name);

#endif
