/* Functions that a program wants called when it ends. */
#ifndef WEFT_MODULE_ATEXIT_H
#define WEFT_MODULE_ATEXIT_H

/* Calls what atexit.register() was given, last first, each at most once. What they raise is shown.
 * may: runpy */
void atexit_run(void);

#endif
