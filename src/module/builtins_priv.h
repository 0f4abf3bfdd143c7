/* What the files of the builtins module share. */
#ifndef WEFT_MODULE_BUILTINS_PRIV_H
#define WEFT_MODULE_BUILTINS_PRIV_H

#include "compile/compile.h"
#include "module/ast/ast.h"
#include "object/object.h"

/* -O: 0, 1 or 2. Set at start-up. */
extern int builtins_optimize;

#endif
