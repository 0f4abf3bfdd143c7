/* Text to tree: the front end's door.

       Arena arena;
       arena_init(&arena);
       Source source = {.bytes = text, .len = strlen(text), .mode = SOURCE_EXEC};
       ParseResult result = parse(&source, &arena);
       if (result.mod)
           compile(result.mod, result.names);
       else
           raise(&result.problem);
       arena_free_all(&arena);

   The whole of Python 3.14 is understood, and what is not Python is refused with CPython's words at
   CPython's place.

   Threading: no state outlives a call; any number of threads may parse at once. */
#ifndef WEFT_SOURCE_PARSER_H
#define WEFT_SOURCE_PARSER_H

#include "source/ast.h"
#include "source/names.h"
#include "source/source.h"

typedef struct ParseResult {
    Mod *mod;              /* NULL: see `problem` */
    NameTable *names;      /* every identifier of the tree; more may be added */
    SyntaxProblem problem; /* PROBLEM_NONE if there is a tree */
} ParseResult;

/* Parses the source into a tree that lives in `arena`, as do the names, and the texts of a problem.
 */
ParseResult parse(const Source *source, Arena *arena);

#endif
