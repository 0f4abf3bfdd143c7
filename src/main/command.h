/* The text of -c. See command.c. */
#ifndef WEFT_MAIN_COMMAND_H
#define WEFT_MAIN_COMMAND_H

#include "heap/value.h"

/* The program that -c gives: malloc'ed, a newline at its end. fail: null */
char *command_text(const char *text, size_t *length);
/* linecache shows these lines for `code`. Never fails. may: runpy */
void command_register(Value code, const char *text, Value filename);

#endif
