/* What --help and its kin print. */
#ifndef WEFT_MAIN_HELP_H
#define WEFT_MAIN_HELP_H

enum { HELP_USAGE = 1, HELP_ENVIRONMENT = 2, HELP_X_OPTIONS = 4, HELP_ALL = 7 };

/* Prints these parts on standard output. */
void help_print(const char *program, int parts);
/* "Try -h" on standard error. The exit code. */
int help_usage_error(const char *program);

#endif
