/* What the files that read the command line share. */
#ifndef WEFT_MAIN_CONFIG_PRIV_H
#define WEFT_MAIN_CONFIG_PRIV_H

#include "module/sys/config.h"

/* A variable of the environment that counts: null when it is empty, or with -E. */
const char *config_env(const char *name);
/* Says what is wrong in CPython's words; returns the exit code. where: the name of its function that
 * finds it. */
int config_fatal(const char *where, const char *format, ...);
/* -X options and the variables beside them, into run_config. -1: go on; else the exit code. */
int xoptions_read(void);
/* Sets LC_CTYPE and run_config.c_locale. */
void locale_start(void);

#endif
