/* Starting and ending the runtime. */
#ifndef WEFT_MAIN_START_H
#define WEFT_MAIN_START_H

#include "object/object.h"

/* Brings up everything from the heap to the import system. -1: failed, with an exception pending when there is a thread to hold it. */
NODISCARD int runtime_start(void);
/* The module __main__, made at start. Borrowed. */
Value runtime_main_module(void);
/* Streams for output before _io is there. */
NODISCARD int console_start(void);
/* Ends the program's Python side: threads, atexit, modules. */
int runtime_end(void); /* -1: what was printed could not be written */

#endif
