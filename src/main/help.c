/* The help of the command line. */
#include "main/help.h"

#include <stdio.h>

static const char usage_line[] = "usage: %s [option] ... [-c cmd | -m mod | file | -] [arg] ...\n";

static const char usage_text[] =
    "Options (and corresponding environment variables):\n"
    "-b     : issue warnings about converting bytes/bytearray to str and comparing\n"
    "         bytes/bytearray with str or bytes with int (-bb: issue errors)\n"
    "-B     : don't write .pyc files on import; also PYTHONDONTWRITEBYTECODE=x\n"
    "-c cmd : program passed in as string (terminates option list)\n"
    "-d     : accepted for compatibility; also PYTHONDEBUG=x\n"
    "-E     : ignore PYTHON* environment variables (such as PYTHONPATH)\n"
    "-h     : print this help message and exit (also -? or --help)\n"
    "-i     : inspect interactively after running script; also PYTHONINSPECT=x\n"
    "-I     : isolate from the user's environment (implies -E, -P and -s)\n"
    "-m mod : run library module as a script (terminates option list)\n"
    "-O     : remove assert and __debug__-dependent statements; also PYTHONOPTIMIZE=x\n"
    "-OO    : do -O changes and also discard docstrings\n"
    "-P     : don't prepend a potentially unsafe path to sys.path; also PYTHONSAFEPATH\n"
    "-q     : don't print version and copyright messages on interactive startup\n"
    "-s     : don't add the user site directory to sys.path; also PYTHONNOUSERSITE=x\n"
    "-S     : don't imply 'import site' on initialization\n"
    "-u     : force the stdout and stderr streams to be unbuffered; also PYTHONUNBUFFERED=x\n"
    "-v     : verbose (trace import statements); also PYTHONVERBOSE=x\n"
    "-V     : print the version number and exit (also --version; twice: more)\n"
    "-W arg : warning control; also PYTHONWARNINGS=arg\n"
    "-x     : skip the first line of the source\n"
    "-X opt : set an implementation-specific option\n"
    "--check-hash-based-pycs always|default|never:\n"
    "         how .pyc files that are checked by a hash of their source are treated\n"
    "--help-env: tell about the environment variables and exit\n"
    "--help-xoptions: tell about the -X options and exit\n"
    "--help-all: print all of the help and exit\n"
    "file   : program read from script file\n"
    "-      : program read from stdin (default; interactive mode if a tty)\n"
    "arg ...: arguments passed to program in sys.argv[1:]\n";

static const char environment_text[] =
    "Environment variables that change behavior:\n"
    "PYTHONASYNCIODEBUG: asyncio runs in debug mode\n"
    "PYTHON_BASIC_REPL: the plain prompt instead of the editing one\n"
    "PYTHONBREAKPOINT: what breakpoint() calls; 0: nothing\n"
    "PYTHON_COLORS   : 1: colored output, 0: none\n"
    "PYTHON_GIL      : 1: one thread at a time runs Python code (-X gil)\n"
    "PYTHONHASHSEED  : 'random', or the seed of the hashes of str and bytes:\n"
    "                  an integer in the range [0; 4294967295]\n"
    "PYTHON_HISTORY  : the file of the prompt's history\n"
    "PYTHONHOME      : the prefix: the library is in PREFIX/lib/pythonX.Y\n"
    "PYTHONIOENCODING: encoding[:errors] of stdin, stdout and stderr\n"
    "PYTHONPATH      : folders, separated by ':', that come first in sys.path\n"
    "PYTHONPLATLIBDIR: sys.platlibdir\n"
    "PYTHONSTARTUP   : a file that is run when the prompt starts\n"
    "PYTHON_THREAD_GRANULARITY, PYTHON_THREAD_SEED: threads give way at every so\n"
    "                  many safepoints, by chance from this seed: shows races\n"
    "PYTHONUSERBASE  : the base of the user's site folder\n"
    "WEFT_LIBRARY    : the folder of the Python library\n"
    "\n"
    "These variables have equivalent options (see --help and --help-xoptions):\n"
    "PYTHON_CONTEXT_AWARE_WARNINGS: filters of warnings belong to contexts\n"
    "                  (-X context_aware_warnings)\n"
    "PYTHON_CPU_COUNT: what os.cpu_count() gives (-X cpu_count)\n"
    "PYTHONDEBUG     : accepted for compatibility (-d)\n"
    "PYTHONDEVMODE   : development mode (-X dev)\n"
    "PYTHON_DISABLE_REMOTE_DEBUG: no scripts of other processes are run\n"
    "                  (-X disable-remote-debug)\n"
    "PYTHONDONTWRITEBYTECODE: no .pyc files are written (-B)\n"
    "PYTHONFAULTHANDLER: a crash shows the Python traceback (-X faulthandler)\n"
    "PYTHONINSPECT   : the prompt follows the script (-i)\n"
    "PYTHONINTMAXSTRDIGITS: the most digits of an int as decimal text; 0: no\n"
    "                  limit (-X int_max_str_digits)\n"
    "PYTHONNODEBUGRANGES: code knows lines but no columns (-X no_debug_ranges)\n"
    "PYTHONNOUSERSITE: the user's site folder is not used (-s)\n"
    "PYTHONOPTIMIZE  : no assert statements (-O)\n"
    "PYTHONPROFILEIMPORTTIME: how long imports take (-X importtime)\n"
    "PYTHONPYCACHEPREFIX: the root of the tree of .pyc files\n"
    "                  (-X pycache_prefix)\n"
    "PYTHONSAFEPATH  : no path that may be unsafe leads sys.path (-P)\n"
    "PYTHON_THREAD_INHERIT_CONTEXT: threads start with the context of who\n"
    "                  starts them (-X thread_inherit_context)\n"
    "PYTHONTRACEMALLOC: allocations are traced (-X tracemalloc)\n"
    "PYTHONUNBUFFERED: stdout and stderr are not buffered (-u)\n"
    "PYTHONUTF8      : UTF-8 mode (-X utf8)\n"
    "PYTHONVERBOSE   : imports are told (-v)\n"
    "PYTHONWARNDEFAULTENCODING: EncodingWarning where no encoding is given\n"
    "                  (-X warn_default_encoding)\n"
    "PYTHONWARNINGS  : warning control (-W)\n";

static const char x_options_text[] =
    "The following implementation-specific options are available:\n"
    "-X context_aware_warnings=[0|1]: filters of warnings belong to contexts (1)\n"
    "         or to the module; also PYTHON_CONTEXT_AWARE_WARNINGS\n"
    "-X cpu_count=N: what os.cpu_count() gives; also PYTHON_CPU_COUNT\n"
    "-X dev : development mode: more checks, more warnings; also PYTHONDEVMODE\n"
    "-X disable-remote-debug: sys.remote_exec() of other processes is refused;\n"
    "         also PYTHON_DISABLE_REMOTE_DEBUG\n"
    "-X faulthandler: a crash shows the Python traceback; also\n"
    "         PYTHONFAULTHANDLER\n"
    "-X frozen_modules=[on|off]: accepted for compatibility\n"
    "-X gil=[0|1]: with 1 one thread at a time runs Python code; also PYTHON_GIL\n"
    "-X importtime[=2]: tell how long imports take; with 2 those of modules that\n"
    "         are there already, too; also PYTHONPROFILEIMPORTTIME\n"
    "-X int_max_str_digits=N: the most digits of an int as decimal text, 0: no\n"
    "         limit; also PYTHONINTMAXSTRDIGITS\n"
    "-X no_debug_ranges: code knows lines but no columns; also\n"
    "         PYTHONNODEBUGRANGES\n"
    "-X pycache_prefix=PATH: .pyc files go to a tree of their own; also\n"
    "         PYTHONPYCACHEPREFIX\n"
    "-X thread_inherit_context=[0|1]: threads start with the context of who\n"
    "         starts them (1) or an empty one; also PYTHON_THREAD_INHERIT_CONTEXT\n"
    "-X tracemalloc[=N]: trace allocations, N frames deep; also PYTHONTRACEMALLOC\n"
    "-X utf8[=0|1]: UTF-8 mode; also PYTHONUTF8\n"
    "-X warn_default_encoding: EncodingWarning where no encoding is given; also\n"
    "         PYTHONWARNDEFAULTENCODING\n";

void
help_print(const char *program, int parts)
{
    if (parts & HELP_USAGE) {
        printf(usage_line, program);
        fputs(usage_text, stdout);
    }
    if (parts & HELP_ENVIRONMENT) {
        fputs(parts == HELP_ALL ? "\n" : "", stdout);
        fputs(environment_text, stdout);
    }
    if (parts & HELP_X_OPTIONS) {
        fputs(parts == HELP_ALL ? "\n" : "", stdout);
        fputs(x_options_text, stdout);
    }
}

int
help_usage_error(const char *program)
{
    fprintf(stderr, usage_line, program);
    fprintf(stderr, "Try `python -h' for more information.\n");
    return 2;
}
