/* The locale at the start of the program (PEP 538, 540): what the environment says for LC_CTYPE; instead of the C locale one with UTF-8, for
 * the processes that the program starts, too. Before any other thread. */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "main/config_priv.h"

static bool
is_c_locale(const char *name)
{
    return !name || strcmp(name, "C") == 0 || strcmp(name, "POSIX") == 0;
}

static void
coerce(void)
{
    static const char *const targets[] = {"C.UTF-8", "C.utf8", "UTF-8"};
    for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
        if (setlocale(LC_CTYPE, targets[i])) {
            setenv("LC_CTYPE", targets[i], 1);
            return;
        }
    }
}

void
locale_start(void)
{
    const char *name = setlocale(LC_CTYPE, "");
    run_config.stdio_surrogates = is_c_locale(name) || strcmp(name, "C.UTF-8") == 0 || strcmp(name, "C.utf8") == 0 || strcmp(name, "UTF-8") == 0;
    if (!is_c_locale(name)) {
        return;
    }
    run_config.c_locale = true;
    const char *all = getenv("LC_ALL"), *setting = config_env("PYTHONCOERCECLOCALE");
    if (!(all && *all) && !(setting && strcmp(setting, "0") == 0)) {
        coerce();
    }
}
