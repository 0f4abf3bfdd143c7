/* The command line and the environment, into run_config. */
#ifndef WEFT_MAIN_CONFIG_H
#define WEFT_MAIN_CONFIG_H

/* -1: go on; else the exit code (after -V, -h or a usage error). Uses no Python. */
int config_read(int argc, char **argv);

#endif
