/* Symbol tables: which names each block of a tree has, and where each lives.
 *
 * A Scope is made for the module, each class, function, lambda and comprehension, and for what Python evaluates late: annotations, values
 * of type aliases, bounds and defaults of type parameters, and the implicit function around a generic definition. Names are interned
 * strs, mangled already. Built by scopes_build in two passes over the tree: collect (scope.c), which finds every definition and use;
 * resolve (scope_resolve.c), which decides where each name lives and gives registers.
 *
 * A comprehension that is not a generator expression runs in the frame of the scope around it (PEP 709): it is `inlined`, its variables are
 * registers of that `host`, hidden from everyone else. A name that it shares with its host needs no cell.
 *
 * All memory is the compilation's arena. Threading: none. */
#ifndef WEFT_COMPILE_SCOPE_H
#define WEFT_COMPILE_SCOPE_H

#include "compile/context.h"

/* Values of symtable.py: they are what _symtable shows. */
enum {
    DEF_GLOBAL = 1,
    DEF_LOCAL = 2,
    DEF_PARAM = 4,
    DEF_NONLOCAL = 8,
    NAME_USE = 16,
    DEF_FREE_CLASS = 64, /* a class that binds the name passes an outer variable of it through */
    DEF_IMPORT = 128,
    DEF_ANNOT = 256,
    DEF_COMP_ITER = 512,
    DEF_TYPE_PARAM = 1024,
    DEF_COMP_CELL = 2048,
    DEF_BOUND = DEF_LOCAL | DEF_PARAM | DEF_IMPORT | DEF_TYPE_PARAM,
};

typedef enum Home { HOME_NONE, HOME_LOCAL, HOME_GLOBAL_EXPLICIT, HOME_GLOBAL_IMPLICIT, HOME_FREE, HOME_CELL } Home;

typedef enum ScopeKind {
    SCOPE_FUNCTION,
    SCOPE_CLASS,
    SCOPE_MODULE,
    SCOPE_ANNOTATION,
    SCOPE_TYPE_ALIAS,
    SCOPE_TYPE_PARAMS,
    SCOPE_TYPE_VARIABLE,
} ScopeKind;

typedef enum CompKind { COMP_NONE, COMP_LIST, COMP_DICT, COMP_SET, COMP_GENERATOR } CompKind;

typedef struct Symbol {
    Value name;
    uint32_t flags;     /* DEF_*, NAME_USE */
    uint8_t home;       /* a Home, once resolved */
    bool hidden;        /* a variable of an inlined comprehension, in its host's registers */
    bool busy;          /* while registers are numbered: its comprehension is not finished */
    int32_t reg;        /* register in the frame of the scope's host; -1: none */
    const Pos *declared; /* by global or nonlocal, for messages; or NULL */
} Symbol;

VEC_DEFINE(SymbolVec, symbolvec, Symbol *);

typedef struct Scope Scope;
VEC_DEFINE(ScopeVec, scopevec, Scope *);

struct Scope {
    ScopeKind kind;
    CompKind comp;
    Value name;
    Value owner;        /* of the annotations of a function: its name */
    Value private;      /* the class whose __names are mangled here; NO_VALUE outside classes */
    const TypeParamSeq *generic; /* when set, only the names of these type parameters are mangled (around a generic class) */
    const void *key;    /* the node (or field of a node) that the scope belongs to */
    Scope *parent;
    ScopeVec children;
    Scope *annotations; /* of a module or class: its __annotate__ */
    Pos pos;

    SymbolVec symbols;  /* in order of appearance; the first `nparams` ones that have DEF_PARAM are the parameters */
    Symbol **table;     /* open addressing by name */
    uint32_t table_mask;
    SymbolVec params;   /* in order of registers */

    bool nested;            /* inside a function */
    bool generator, coroutine;
    bool async_def;         /* the body of an async def */
    bool varargs, varkeywords;
    bool method;            /* a function directly in a class */
    bool inlined;           /* a comprehension that runs in its host's frame */
    bool needs_class_cell;  /* of a class: __class__ is captured */
    bool needs_class_dict;  /* of a class: __classdict__ is captured */
    bool can_see_class;     /* an annotation scope (or the like) directly in a class: class names are visible */
    bool conditional_annotations; /* some may not be executed: __conditional_annotations__ says which were */
    bool has_walrus;        /* some := binds in this frame */
    bool has_docstring;
    bool returns_value;
    Pos return_pos;         /* of the first return with a value */
    const char *type_variable_what; /* "a TypeVar bound"...: for messages */

    /* while collecting */
    bool unevaluated;       /* inside an annotation that is never evaluated */
    bool in_conditional;    /* inside an if, for, try... */
    bool iter_target;       /* inside the target of a comprehension's for */
    int iter_expr;          /* depth inside iterables of comprehensions */

    /* registers of the frame, in a scope that is not inlined */
    SymbolVec frame;        /* symbols by register: parameters, locals, cells, free variables */
    uint32_t ncells, nfree;
    Symbol *class_cell, *class_dict, *conditional_cell; /* a class's own cells, in `frame` only; NULL: not needed */
};

typedef struct Scopes {
    Scope *top;
    struct ScopeSlot *slots; /* key -> scope */
    uint32_t mask, count;
    bool future_annotations;
} Scopes;

/* The scopes of a tree; c->scopes is set. On failure c->failed and an exception is pending. */
void scopes_build(Compiler *c, const Mod *tree);
void scopes_free(Scopes *scopes);

/* The scope that belongs to a node; NULL when there is none. */
Scope *scope_of(const Compiler *c, const void *key);

/* The symbol of a (mangled) name in exactly this scope, or NULL. */
Symbol *scope_find(const Scope *s, Value name);

/* The scope whose frame s runs in: s itself unless it is inlined. */
static inline Scope *
scope_host(const Scope *s)
{
    while (s->inlined) {
        s = s->parent;
    }
    return (Scope *)s;
}

/* Has a frame with registers for its variables (no f_locals mapping). */
static inline bool
scope_is_function_like(const Scope *s)
{
    return s->kind != SCOPE_CLASS && s->kind != SCOPE_MODULE;
}

/* The name as scope s stores it. Borrow: lasts as long as the compilation. */
Value scope_mangle(Compiler *c, const Scope *s, Value name);

/* Does a function have any? */
bool arguments_have_annotations(const Arguments *a, const Expr *returns);

/* The docstring of a body: the constant that is its first statement. NULL: none. */
const Expr *body_docstring(const StmtSeq *body);

#endif
