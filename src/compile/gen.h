/* Code generation: what its parts share.
 *
 * A Unit is one code object in the making. Its instructions are gathered as lists of Ins with symbolic labels: a main stream, and one for
 * each exception handler, which go behind it. flow.c then finds which locals are bound where and drops dead code; assemble.c
 * makes the code object.
 *
 * Registers. Variables come first (scope.h numbers them), temporaries above, allocated like a stack: `top` is the first free one. An
 * Operand is a register that holds a value: a variable, read in place, or the topmost temporaries, each used once and killed by its use. Every
 * function that produces a value leaves it in an Operand and the stack otherwise as it was; a function that consumes operands frees
 * them by setting `top` back. A variable is read in place only when nothing evaluated before its use can rebind it (operand_before).
 *
 * Failure is sticky (context.h): emitting does nothing then. Positions: `at()` sets the source range that following instructions get. */
#ifndef WEFT_COMPILE_GEN_H
#define WEFT_COMPILE_GEN_H

#include "compile/inst.h"
#include "compile/scope.h"

typedef uint32_t Reg;
typedef int Label; /* NO_LABEL or a number of the unit's */

#define NO_LABEL (-1)
#define ANYWHERE UINT32_MAX   /* as the wanted register of a value: a variable in place, or a new temporary */
#define MAX_REGISTERS 32767
#define MAX_NESTING 21        /* statement blocks, as CPython counts them */

typedef struct Operand {
    Reg reg;
    bool temp; /* a temporary: whoever reads it last kills it */
} Operand;

enum { PSEUDO_LABEL = I_COUNT }; /* bc: the label */

typedef struct Ins {
    uint16_t op;    /* an Opcode or PSEUDO_LABEL */
    uint16_t flags; /* INST_* */
    uint16_t a, b, c;
    int32_t bc;       /* where the instruction has it */
    Label target;     /* of a jump */
    uint32_t pos;     /* index in the unit's positions */
    uint32_t handler; /* index in the unit's handlers plus one; 0: none */
    uint32_t extra;   /* constant of the cache word (INPLACE, CALL_KW, UNPACK_STAR) */
} Ins;

VEC_DEFINE(InsVec, insvec, Ins);
VEC_DEFINE(StreamVec, streamvec, InsVec);
VEC_DEFINE(PosVec, posvec, Pos);

typedef struct HandlerInfo {
    Label label;
    Reg depth;
} HandlerInfo;

VEC_DEFINE(HandlerVec, handlervec, HandlerInfo);

/* Values of a code object without repetition: constants by type and value, names by identity. */
typedef struct ValueTable {
    OwnVec values;
    uint32_t *slots; /* index + 1, open addressing; malloc'ed */
    uint32_t mask;
} ValueTable;

typedef enum BlockKind {
    BLOCK_WHILE,
    BLOCK_FOR,         /* reg: the iterator */
    BLOCK_TRY,         /* body of a try with except clauses: nothing to undo */
    BLOCK_FINALLY,     /* body of a try with a finally: leaving runs it */
    BLOCK_FINALLY_END, /* the finally body while an exception is pending; reg: handler's window */
    BLOCK_HANDLER,     /* an except clause; reg: handler's window; name: the `as` name or NULL */
    BLOCK_GROUP,       /* an except* clause: may not be left by a jump */
    BLOCK_WITH,        /* reg: the exit window */
    BLOCK_ASYNC_WITH,
    BLOCK_VALUE,       /* reg: a value that waits to be returned */
    BLOCK_FINALLY_COPY, /* the finally body where nothing is pending */
} BlockKind;

typedef struct Block {
    BlockKind kind;
    Label start, end; /* of loops */
    Reg reg;
    uint32_t outer_handler; /* the handler in force outside */
    const Stmt *stmt;       /* BLOCK_FINALLY: the Try; BLOCK_WITH: for positions */
    const WithItem *item;
    const ExceptHandler *clause;
} Block;

VEC_DEFINE(BlockVec, blockvec, Block);

/* An annotation that __annotate__ will evaluate. */
typedef struct Deferred {
    const Stmt *stmt;
    int condition; /* its number in __conditional_annotations__, or -1: it always counts */
} Deferred;

VEC_DEFINE(DeferredVec, deferredvec, Deferred);

typedef struct Unit {
    struct Unit *outer;
    Scope *outer_scope;     /* Gen.scope outside */
    Scope *scope;           /* not inlined */
    Value name;
    Own qualname;
    int firstlineno;
    bool is_async;          /* an async def */
    uint32_t flags;         /* CO_* */
    int posonly, args, kwonly;
    StreamVec streams;      /* the first is the main one; each handler has one, and they go behind it in order */
    size_t stream;          /* the one being written */
    PosVec positions;
    HandlerVec handlers;
    uint32_t handler;       /* in force: index + 1 */
    Label nlabels;
    Label stop_label;       /* of generators: the handler around everything, which refuses StopIteration */
    Reg nvars, top, max_top;
    BlockVec blocks;
    ValueTable consts, names;
    ValueTable attributes;  /* of a class: names that its methods assign to on self */
    DeferredVec deferred;   /* of classes and modules: the annotations of simple names */
    int next_conditional;   /* the number of the next conditional one */
    int conditional_depth;  /* inside this many if, for, try... */
} Unit;

typedef struct Gen {
    Compiler *c;
    Unit *u;
    Scope *scope; /* for names: u->scope or a comprehension inlined into it */
    Pos pos;
    bool interactive; /* expression statements are shown */
    int fold_depth;   /* of fold() */
    int silent;       /* > 0: this code is generated again, its warnings were given */
} Gen;

/* -- emitting (emit.c) ------------------------------------------------------------------------------- */

static inline bool
gen_ok(const Gen *g)
{
    return !g->c->failed;
}

static inline void
at(Gen *g, Pos pos)
{
    g->pos = pos;
}

extern const Pos no_position;

Label new_label(Gen *g);
void put_label(Gen *g, Label label);

/* An instruction with plain operands. */
Ins *emit(Gen *g, Opcode op, Reg a, Reg b, Reg c, unsigned flags);
/* One with the joined operand. */
Ins *emit_wide(Gen *g, Opcode op, Reg a, int64_t bc, unsigned flags);
/* A jump; a and b as the instruction has them. */
void emit_jump(Gen *g, Opcode op, Reg a, Reg b, Label target, unsigned flags);
void emit_goto(Gen *g, Label target);

static inline unsigned
kill_a(Operand o)
{
    return o.temp ? INST_KILL_A : 0;
}
static inline unsigned
kill_b(Operand o)
{
    return o.temp ? INST_KILL_B : 0;
}
static inline unsigned
kill_c(Operand o)
{
    return o.temp ? INST_KILL_C : 0;
}

static inline bool
is_temp(const Gen *g, Reg r)
{
    return r >= g->u->nvars;
}

/* A new temporary, on top. */
Reg push(Gen *g);
/* n of them; the first. */
Reg push_many(Gen *g, size_t n);
void pop_to(Gen *g, Reg top);

/* Where a result goes: `wanted`, or a new temporary at `mark` after freeing what lies above it. */
Operand result_at(Gen *g, Reg mark, Reg wanted);
/* a = b, and kills b if it is a temporary. Nothing when they are the same. */
void emit_move(Gen *g, Reg to, Operand from);
void emit_clear(Gen *g, Reg r);

/* Handlers are emitted out of line, between these two; sections nest. Control may not fall out of a section's end. */
size_t cold_begin(Gen *g);
void cold_end(Gen *g, size_t section);

/* Instructions from now on are protected: exceptions go to `label`, with temporaries from the current top on dropped. */
uint32_t handler_push(Gen *g, Label label);

/* -- constants and names (consts.c) -------------------------------------------------------------------- */

/* Index of v (eaten) among the constants, where an equal value of the same type may be already. */
uint32_t const_index(Gen *g, Own v);
uint32_t name_index(Gen *g, Value name);
uint32_t value_table_add(Gen *g, ValueTable *table, Own v, bool by_value);
void value_table_free(ValueTable *table);
/* Loads a constant (eaten) into a register. */
void emit_const(Gen *g, Reg to, Own v);
Operand push_const(Gen *g, Own v);
Operand push_none(Gen *g);

/* The value of an expression that is constant, computed now; NO_VALUE when it is not (nothing pending). (fold.c) */
Own fold(Gen *g, const Expr *e);
/* 1 true, 0 false, -1 not constant. */
int fold_truth(Gen *g, const Expr *e);
/* A small int that fits an immediate operand. */
bool fold_small(Gen *g, const Expr *e, int64_t *value);

/* -- names (names.c) ----------------------------------------------------------------------------------- */

typedef enum RefKind {
    REF_FAST,         /* register reg */
    REF_CELL,         /* cell in register reg */
    REF_GLOBAL,
    REF_NAME,         /* f_locals, globals, builtins */
    REF_CLASS_CELL,   /* class body: f_locals, then cell reg */
    REF_DICT_CELL,    /* annotation scope in a class: __classdict__, then cell reg */
    REF_DICT_GLOBAL,  /* the same, then globals */
} RefKind;

typedef struct Ref {
    RefKind kind;
    Reg reg;
    Value name; /* mangled */
} Ref;

Value gen_name(Gen *g, const Name *id);  /* not mangled */
Value gen_mangled(Gen *g, const Name *id);
Ref resolve_name(Gen *g, Value mangled);
Operand load_ref(Gen *g, Ref ref, Reg want);
void store_ref(Gen *g, Ref ref, Operand value);
void delete_ref(Gen *g, Ref ref);
Operand load_name(Gen *g, Value mangled, Reg want);
void store_name(Gen *g, Value mangled, Operand value);
void delete_name(Gen *g, Value mangled);
/* The register whose cell a closure made here gets for `name`. */
Reg closure_register(Gen *g, Value name);

/* -- expressions (expr.c, call.c, display.c, compare.c, strings.c, comprehension.c) ----------------------- */

/* Evaluates e. want: ANYWHERE, or a register that gets the value (a variable, or a temporary that is empty). */
Operand gen_expr(Gen *g, const Expr *e, Reg want);
/* The same into a new temporary. */
Reg push_expr(Gen *g, const Expr *e);
/* For an operand that stays in place while `next` (may be NULL) is evaluated: copied if that rebinds it. */
Operand operand_before(Gen *g, const Expr *e, const Expr *next);
Operand protect_operand(Gen *g, Operand o, const Expr *next);
/* Evaluates e for its effects only. */
void gen_effect(Gen *g, const Expr *e);
/* Jumps to label when the truth of e is sense, else goes on. */
void gen_jump_if(Gen *g, const Expr *e, bool sense, Label label);

Operand gen_call(Gen *g, const Expr *e, Reg want);
/* What a call passes. `given` values are in the window already, behind the function and the place of self; `last` follows the
 * positional ones. */
typedef struct CallArgs {
    int given;
    const ExprSeq *args;
    const KeywordSeq *keywords;
    const Operand *last; /* or NULL */
    bool method;         /* the second register of the window may hold self */
} CallArgs;
/* Calls the function in the topmost temporaries: function, self or nothing, given values. The window is freed down to `mark`. */
Operand gen_call_window(Gen *g, Reg window, const CallArgs *call, Reg mark, Reg want);
Operand gen_compare(Gen *g, const Expr *e, Reg want);
void gen_compare_jump(Gen *g, const Expr *e, bool sense, Label label);
Operand gen_list(Gen *g, const ExprSeq *elts, Reg want);
/* A tuple of elts and, unless NULL, one value more. */
Operand gen_tuple(Gen *g, const ExprSeq *elts, const Operand *extra, Reg want);
Operand gen_set(Gen *g, const ExprSeq *elts, Reg want);
Operand gen_dict(Gen *g, const Expr *e, Reg want);
Operand gen_joined_str(Gen *g, const Expr *e, Reg want);
Operand gen_formatted_value(Gen *g, const Expr *e, Reg want);
Operand gen_template_str(Gen *g, const Expr *e, Reg want);
Operand gen_interpolation(Gen *g, const Expr *e, Reg want);
Operand gen_comprehension(Gen *g, const Expr *e, Reg want);
Operand gen_lambda(Gen *g, const Expr *e, Reg want);
Operand gen_yield(Gen *g, const Expr *e, Reg want);
Operand gen_yield_from(Gen *g, const Expr *e, Reg want);
Operand gen_await_expr(Gen *g, const Expr *e, Reg want);
/* Awaits the value in the topmost temporary, which becomes the result. why: as GET_AWAITABLE has it. */
void gen_await_top(Gen *g, int why);
/* The next value of an asynchronous iterator, awaited, in a new temporary. */
Reg push_anext(Gen *g, Reg aiter);
/* yield value, killed if it is a temporary; what is sent goes to `to`, which may be the same. */
void gen_yield_value(Gen *g, Operand value, Reg to);
/* For `super().name` that means the built-in super: pushes the window of LOAD_SUPER_ATTR. False: it is none. */
bool push_super_window(Gen *g, const Expr *e, Value name);
/* pre: e is such a call. Was it written without arguments? */
static inline unsigned
super_flag(const Expr *e)
{
    return e->Call.args.count == 0 ? INST_SENSE : 0;
}
/* The position of an attribute access: its last line when it spans several. */
Pos attribute_position(Pos pos, const Expr *e);

/* Adds elements, stars included, to the list in a temporary, from the `from`-th on. */
void gen_extend_list(Gen *g, Reg list, const ExprSeq *elts, int from);
/* What an operator only iterates or searches: a list or set display may be a tuple or frozenset there. */
Operand gen_container(Gen *g, const Expr *e);
/* The constant tuple of elements that are all constant, or NO_VALUE. */
Own fold_elements(Gen *g, const ExprSeq *elts);

/* -- assignment (assign.c) ------------------------------------------------------------------------------- */

/* Stores a value into a target of any form; kills it if it is a temporary. */
void gen_store(Gen *g, const Expr *target, Operand value);
void gen_assign(Gen *g, const Stmt *s);
void gen_aug_assign(Gen *g, const Stmt *s);
void gen_ann_assign(Gen *g, const Stmt *s);
void gen_delete(Gen *g, const Expr *target);
/* target = value, evaluated straight into the target where that is a variable. */
void gen_assign_expr(Gen *g, const Expr *target, const Expr *value);
/* FOR_ITER into a target. */
void gen_for_iter(Gen *g, Reg iterator, const Expr *target, Pos pos, Label end);
/* The element of a list or tuple display of one; NULL for anything else. */
const Expr *single_element(const Expr *e);

/* -- statements (stmt.c, loops.c, try.c, with.c, match.c, import.c) ----------------------------------------- */

void gen_body(Gen *g, const StmtSeq *body);
void gen_stmt(Gen *g, const Stmt *s);
void gen_for(Gen *g, const Stmt *s);
void gen_async_for(Gen *g, const Stmt *s);
void gen_while(Gen *g, const Stmt *s);
void gen_try(Gen *g, const Stmt *s);
void gen_try_star(Gen *g, const Stmt *s);
void gen_with(Gen *g, const Stmt *s);
void gen_match(Gen *g, const Stmt *s);
void gen_import(Gen *g, const Stmt *s);
void gen_import_from(Gen *g, const Stmt *s);

/* name = None; del name: what leaving `except ... as name` does. */
void gen_unbind(Gen *g, const Name *id);
/* Calls the exit function in a window with three Nones, and empties the window. */
void gen_exit_call(Gen *g, Reg window, bool is_async, Pos pos);
void block_push(Gen *g, Block block);
void block_pop(Gen *g);
/* Undoes the blocks above (and, for a return, including all) the first `keep` ones. `value`: what is to be returned, saved across finally
 * bodies; NULL for break and continue. */
void unwind_blocks(Gen *g, size_t keep, Operand *value);

/* -- functions, classes, annotations (unit.c, function.c, class.c, annotation.c, generic.c) ------------------ */

/* A new code object is begun and becomes the current one, up to RESUME; NULL after a failure. */
Unit *unit_enter(Gen *g, Scope *scope, Value name, int firstlineno);
/* Ends it: its code object (NO_VALUE after a failure), the outer one is current again. */
Own unit_leave(Gen *g);
void unit_set_arguments(Unit *u, const Arguments *args);
/* A function of code (eaten) with its closure, into register f. */
void emit_function(Gen *g, Reg f, Own code, const Scope *inner);
Reg push_function(Gen *g, Own code, const Scope *inner);
/* SET_FUNCTION with the value in a temporary. */
void emit_set_function(Gen *g, Reg f, Reg value, unsigned what);
enum { FUNCTION_DEFAULTS = 1, FUNCTION_KWDEFAULTS = 2, FUNCTION_ANNOTATIONS = 4, FUNCTION_CLOSURE = 8, FUNCTION_ANNOTATE = 16 };

void gen_function_def(Gen *g, const Stmt *s);
void gen_class_def(Gen *g, const Stmt *s);
void gen_type_alias(Gen *g, const Stmt *s);
/* Evaluates decorators: each leaves the window of its call. Then applies them to the value in the topmost temporary, which is
 * left behind the last window, and gives the register of the result, then the topmost one. */
void push_decorators(Gen *g, const ExprSeq *decorators);
Reg apply_decorators(Gen *g, const ExprSeq *decorators, Reg value);

/* Pushes what a function's annotations are made by: FUNCTION_ANNOTATE, FUNCTION_ANNOTATIONS, or 0 when it has none. */
unsigned push_function_annotations(Gen *g, const Arguments *args, const Expr *returns);
void gen_annotation(Gen *g, const Stmt *s);
/* For classes and modules: the __annotate__ function of what is deferred, pushed. */
Reg push_annotate(Gen *g);
/* What comes first in a module or class with annotations. */
void gen_annotation_setup(Gen *g);

/* Begins the function that evaluates something late: its parameter is checked. NULL after a failure. */
Unit *unit_enter_lazy(Gen *g, Scope *scope, Value name, Pos pos);
/* The implicit function around a generic definition. NULL after a failure. */
Unit *unit_enter_generic(Gen *g, const TypeParamSeq *params, Pos pos);
/* Calls the implicit function (code eaten) that is made into the window, with n arguments behind it; the result is left in `window`. */
void call_generic(Gen *g, Reg window, Own code, const Scope *scope, int n);
/* The cleaned docstring of a body, or NO_VALUE: none is kept. */
Own docstring_value(Gen *g, const StmtSeq *body);
/* Creates the type parameters, stores each; pushes their tuple. */
Reg push_type_params(Gen *g, const TypeParamSeq *params);

/* -- warnings (warn.c) ---------------------------------------------------------------------------------- */

void warn_call(Gen *g, const Expr *func);
void warn_subscript(Gen *g, const Expr *e);
void warn_compare(Gen *g, const Expr *e);

/* -- after generation -------------------------------------------------------------------------------------- */

/* Drops dead code, finds bound locals: removes CHECK_LOCAL where it is proven, sets INST_LIVE_A. All instructions are in the first
 * stream after. */
void flow_optimize(Gen *g, Unit *u);
/* The code object. NO_VALUE: failure. */
Own assemble(Gen *g, Unit *u);

#endif
