/* Importing: from import statements, and from C. */
#ifndef WEFT_VM_IMPORT_H
#define WEFT_VM_IMPORT_H

#include "compile/compiler_hash.gen.h"
#include "object/object.h"

/* The value of `from m import name`: an attribute, else a submodule in sys.modules. own: ret new · fail: 0 + ImportError */
NODISCARD Own import_from(Value m, Value name);
/* from m import *: into the mapping. fail: -1 */
NODISCARD int import_star(Value m, Value into);
/* importlib.import_module(name) for C code. own: ret new */
NODISCARD Own import_module(const char *name);
/* __import__(name, globals, locals, fromlist, level). own: ret new */
NODISCARD Own import_level(Value name, Value globals, Value fromlist, Value level);

/* Of .pyc files: another number whenever code objects of before cannot be read any more. */
#define IMPORT_PYC_MAGIC ((0x0A0D << 16) | (31400 + COMPILER_HASH % 20000))

/* Of the command line: -X importtime=1 or 2, and -v, with which tracebacks show importlib's own frames. Immutable after start-up. */
extern int import_time_level;
extern bool import_verbose;

/* sys.modules, and importlib._bootstrap once it runs. Immutable after start-up; counted. */
extern Own import_modules, import_bootstrap;

#endif
