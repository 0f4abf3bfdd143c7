/* What the parser's files share.

   The parser reads the tokens from left to right, by recursive descent, with precedence climbing
   for operators. A function `parse_x` expects x at `mark`, and gives its node with `mark` behind
   it, or NULL. NULL means "not here"; if a problem was recorded (`parser_stopped`), the parse is
   over.

   Two passes. The first only builds the tree; nearly everything can be decided by the next token,
   and where it cannot (with parentheses after `with`, soft keywords) the parser tries and goes
   back. When the first pass fails without a problem recorded, the reason is looked for in a second
   one, `second_pass`, which reads the same tokens again. It differs in two ways:

   - A part that fails is taken as absent and the parser goes on behind what it has
   (`parser_retreat`), as an ordered-choice grammar would, because what CPython reports depends on
   what could be read so far.
   - While `checks` is set, functions named `check_x` look at what they have just read, and record
   problems. Which problem is reported depends on their order, so each check says what comes before
   it. Checks may read ahead; they put `mark` back.

   If no check finds anything, the problem is "invalid syntax" at the last token that the first pass
   looked at; hence the first pass must never look further ahead than the grammar asks for.

   Threading: none; a Parser lives in one call of parse(). */
#ifndef WEFT_SOURCE_PARSER_PRIV_H
#define WEFT_SOURCE_PARSER_PRIV_H

#include "source/lexer.h"
#include "source/parser.h"

/* What the second pass found at a token, so that it need not look again: it reads some parts many
   times. As in CPython, what was found without checks holds with checks too. */
enum { MEMO_PRIMARY, MEMO_DISJUNCTION, MEMO_EXPRESSION, MEMO_COUNT };

typedef struct Memo {
    struct {
        Expr *e;
        int mark; /* behind it */
        bool known, loose;
    } entries[MEMO_COUNT];
} Memo;

typedef struct Parser {
    Lexer lexer;
    const Source *source;
    Arena *arena;
    NameTable *names;
    SyntaxProblem *problem;

    Token *tokens; /* from the start of the current statement, or of the file in the second pass */
    int mark;      /* the next token to use */
    int fill, cap; /* tokens read; room for */
    int total;     /* tokens read since the start */
    Memo *memo;    /* of the second pass: `cap` of them */

    bool second_pass;
    bool bad_braces; /* a "{" could not be read as a dict or set */
    bool checks;
    bool loose; /* the last expression read was an unparenthesised lambda, conditional, boolean
                   operation or comparison: something looser than `|` */
    bool done;  /* SOURCE_SINGLE: the statement is whole */
    bool single_started; /* SOURCE_SINGLE: tokens came since the last NEWLINE made of the end */
    bool barry;          /* `<>` is "not equal", and `!=` is not */
    bool in_template;    /* inside a field of a t-string rather than an f-string */

    void **scratch; /* items of sequences not finished yet: a stack */
    int scratch_len, scratch_cap;

    TypeIgnoreSeq type_ignores;
    int type_ignore_cap;

    const char *stack_end; /* where the C stack must not go below */
} Parser;

/* ---- tokens ---- */

/* Reads tokens up to index `at`; false when there are none. */
bool parser_fill(Parser *p, int at);

/* Kinds of the next token and the one behind it; ERRORTOKEN when the lexer failed. */
static inline int
peek(Parser *p)
{
    if (LIKELY(p->mark < p->fill) || parser_fill(p, p->mark))
        return p->tokens[p->mark].kind;
    return TOK_ERRORTOKEN;
}

static inline int
peek_at(Parser *p, int ahead)
{
    if (LIKELY(p->mark + ahead < p->fill) || parser_fill(p, p->mark + ahead))
        return p->tokens[p->mark + ahead].kind;
    return TOK_ERRORTOKEN;
}

/* Goes behind the next token if it is of the kind. */
static inline bool
accept(Parser *p, int kind)
{
    if (peek(p) != kind)
        return false;
    p->mark++;
    return true;
}

/* The next token is a name spelled so. */
bool peek_word(Parser *p, const char *word);

/* The text of a token. */
static inline const char *
token_start(const Parser *p, const Token *token)
{
    return p->lexer.base + token->start;
}

/* The next token, copied; an ERRORTOKEN when the lexer failed. */
static inline Token
next_token(Parser *p)
{
    return peek(p) == TOK_ERRORTOKEN ? (Token){.kind = TOK_ERRORTOKEN} : p->tokens[p->mark];
}

/* ---- positions ---- */

typedef struct Start {
    int lineno, col;
} Start;

/* Where the next token starts. */
static inline Start
start_here(Parser *p)
{
    if (UNLIKELY(peek(p) == TOK_ERRORTOKEN))
        return (Start){0};
    const Token *token = &p->tokens[p->mark];
    return (Start){token->lineno, token->col};
}

/* From `start` to the end of the last token used, not counting line ends and indentation. */
Pos pos_from(const Parser *p, Start start);

static inline Pos
pos_since(const Parser *p, Pos first)
{
    return pos_from(p, (Start){first.lineno, first.col_offset});
}

/* From the start of one to the end of the other. */
static inline Pos
pos_join(Pos first, Pos last)
{
    return (Pos){first.lineno, first.col_offset, last.end_lineno, last.end_col_offset};
}

static inline Pos
pos_of_token(const Token *token)
{
    return (Pos){token->lineno, token->col, token->end_lineno, token->end_col};
}

/* ---- problems ---- */

/* Whether the parse is over: a problem is known, or the lexer failed. */
static inline bool
parser_stopped(const Parser *p)
{
    return p->problem->kind != PROBLEM_NONE || p->lexer.stop != LEXER_GOING;
}

/* A part that began at token `mark` failed. True: take it as absent; `mark` is back. */
static inline bool
parser_retreat(Parser *p, int mark)
{
    if (!p->second_pass || parser_stopped(p))
        return false;
    p->mark = mark;
    return true;
}

/* Each records a SyntaxError; always NULL, for any return type. */
void *fail_pos(Parser *p, Pos pos, const char *format, ...) PRINTF_LIKE(3, 4);
void *fail_token(Parser *p, const Token *token, const char *format, ...) PRINTF_LIKE(3, 4);
/* From the start of `pos` to where the lexer is. */
void *fail_from(Parser *p, Pos pos, const char *format, ...) PRINTF_LIKE(3, 4);
/* At the token with this index; where the lexer is, if it is a token without a column. */
void *fail_at(Parser *p, int at, const char *format, ...) PRINTF_LIKE(3, 4);
/* At the last token read, likewise. */
void *fail_last(Parser *p, ProblemKind kind, const char *format, ...) PRINTF_LIKE(3, 4);

void *fail_version(Parser *p, const char *what, int version);

/* The feature came with Python 3.version. True if the source may use it, else a problem. */
NODISCARD static inline bool
feature(Parser *p, const char *what, int version)
{
    if (LIKELY(!p->source->feature_version || p->source->feature_version >= version))
        return true;
    fail_version(p, what, version);
    return false;
}

/* Accepts the token, or records "expected '...'" at what is there instead. */
NODISCARD bool expect_forced(Parser *p, int kind);
/* The same, but the problem is found in the second pass only. */
NODISCARD bool expect_checked(Parser *p, int kind);

/* Guards recursion: false, with a problem, when the C stack is used up. */
bool parser_overflow(Parser *p);

NODISCARD static inline bool
enter(Parser *p)
{
    return LIKELY((const char *)__builtin_frame_address(0) > p->stack_end) || parser_overflow(p);
}

/* ---- sequences ---- */

bool scratch_grow(Parser *p);

static inline void
scratch_push(Parser *p, const void *item)
{
    if (p->scratch_len < p->scratch_cap || scratch_grow(p))
        p->scratch[p->scratch_len++] = (void *)item;
}

/* Takes the items above `base` off the scratch stack. Without memory the sequence is empty and the
 * arena has failed. */
AstSeq scratch_take(Parser *p, int base);

#define SEQ(Type, seq)                                                                             \
    ({                                                                                             \
        AstSeq seq_ = (seq);                                                                       \
        (Type){(void *)seq_.items, seq_.count};                                                    \
    })
#define TAKE(Type, p, base) SEQ(Type, scratch_take(p, base))

/* A sequence of one. */
AstSeq seq_of(Parser *p, const void *item);

/* A place to come back to. */
typedef struct Place {
    int mark, scratch_len;
    bool checks;
} Place;

static inline Place
place(const Parser *p)
{
    return (Place){p->mark, p->scratch_len, p->checks};
}

static inline void
go_back(Parser *p, Place to)
{
    p->mark = to.mark;
    p->scratch_len = to.scratch_len;
    p->checks = to.checks;
}

/* Whether an expression, perhaps starred, may start with a token of this kind. */
static inline bool
starts_expression(int kind)
{
    switch (kind) {
    case TOK_NAME:
    case TOK_NUMBER:
    case TOK_STRING:
    case TOK_FSTRING_START:
    case TOK_TSTRING_START:
    case TOK_LPAR:
    case TOK_LSQB:
    case TOK_LBRACE:
    case TOK_PLUS:
    case TOK_MINUS:
    case TOK_TILDE:
    case TOK_STAR:
    case TOK_ELLIPSIS:
    case KW_FALSE:
    case KW_NONE:
    case KW_TRUE:
    case KW_NOT:
    case KW_LAMBDA:
    case KW_AWAIT:
        return true;
    default:
        return false;
    }
}

/* ---- names and leaves ---- */

/* The name that the next token is, interned, going behind it; NULL if it is none. */
const Name *parse_identifier(Parser *p);
const Name *token_name(Parser *p, const Token *token);

/* literal.c: the value of a NUMBER token. */
Expr *parse_number(Parser *p);

/* strings.c: one or more adjacent strings. */
Expr *parse_strings(Parser *p);

/* ---- expressions (expr.c) ---- */

typedef enum Prec {
    PREC_NONE,
    PREC_OR,
    PREC_AND,
    PREC_NOT,
    PREC_COMPARE,
    PREC_BITOR,
    PREC_BITXOR,
    PREC_BITAND,
    PREC_SHIFT,
    PREC_ADD,
    PREC_MUL,
    PREC_UNARY,
} Prec;

Expr *parse_binary(Parser *p, int min);
Expr *parse_disjunction(Parser *p);
Expr *parse_expression(Parser *p);
/* For checks: switches them off; the caller has a Place to go back to. */
Expr *parse_expression_unchecked(Parser *p);
Expr *parse_named_expression(Parser *p);
Expr *parse_primary(Parser *p);
/* One or more with commas between them; a tuple if there is a comma. */
Expr *parse_star_expressions(Parser *p);
Expr *parse_expressions(Parser *p);
Expr *parse_star_expression(Parser *p);
Expr *parse_star_named_expression(Parser *p);
Expr *parse_yield(Parser *p);
/* A yield expression or star expressions: what may stand behind "=". */
Expr *parse_rhs(Parser *p);

/* atom.c */
Expr *parse_atom(Parser *p);
ComprehensionSeq parse_for_if_clauses(Parser *p);
static inline bool
at_comprehension(Parser *p)
{
    int kind = peek(p);
    return kind == KW_FOR || (kind == KW_ASYNC && peek_at(p, 1) == KW_FOR);
}

/* call.c: behind "(" and up to before ")". */
typedef struct CallArgs {
    ExprSeq args;
    KeywordSeq keywords;
} CallArgs;

/* For checks: arguments as far as they go; false if there are none. */
typedef struct ArgList {
    int count, positional;
    bool double_starred; /* `**arg` is among them */
    Expr *last_positional;
} ArgList;

bool read_arguments(Parser *p, ArgList *list);

/* `is_call`: a lone generator expression may stand without parentheses of its own. */
bool parse_arguments(Parser *p, bool is_call, CallArgs *out);
Expr *parse_slices(Parser *p);

/* params.c */
Arguments *parse_params(Parser *p, bool lambda);
Expr *parse_lambda(Parser *p);

/* fstring.c: from a FSTRING_START or TSTRING_START token to its end. */
Expr *parse_fstring(Parser *p);
/* For checks: goes behind a field, if it can be read. */
bool skip_field(Parser *p);

/* ---- targets (target.c) ---- */

typedef enum TargetUse { TARGET_ASSIGN, TARGET_FOR, TARGET_DELETE } TargetUse;

/* The part of the expression that makes it no target; NULL if it is one. */
Expr *invalid_target(Expr *e, TargetUse use);
/* Marks a target, and what is in it, as stored to or deleted. */
void set_context(Expr *e, ExprContext ctx);
/* What messages call an expression. */
const char *expr_kind_name(const Expr *e);
/* Records "cannot assign to ..." or "cannot delete ..." if the expression is no target; always
 * NULL. */
void *fail_target(Parser *p, Expr *e, TargetUse use);

/* Targets before `in`, marked as stored to. */
Expr *parse_star_targets(Parser *p);
Expr *parse_star_target(Parser *p);
/* Name, attribute or subscript, perhaps in parentheses. */
bool is_single_target(const Expr *e);

/* ---- statements ---- */

/* One line of simple statements, or one compound statement: pushes them on the scratch stack. */
NODISCARD bool parse_statement(Parser *p);
NODISCARD bool parse_simple_stmts(Parser *p);

/* simple.c: behind expressions that start a statement, in either pass. */
Stmt *parse_simple_stmt(Parser *p);

/* Whether the token is an operator like "+=". */
bool is_augmented(int kind);

/* What stands behind the colon of a compound statement. `what` and `lineno` name the statement in
   "expected an indented block after ... on line ...". */
NODISCARD bool parse_block(Parser *p, const char *what, int lineno, StmtSeq *out);

/* ":"; in the second pass a line end instead is "expected ':'". */
NODISCARD bool parse_colon(Parser *p);

/* compound.c; NULL with `*none` set: no compound statement starts here. */
Stmt *parse_compound(Parser *p, bool *none);
Stmt *parse_function(Parser *p, Start start, ExprSeq decorators, bool is_async);
Stmt *parse_class(Parser *p, ExprSeq decorators);
Stmt *parse_try(Parser *p);
Stmt *parse_with(Parser *p, Start start, bool is_async);
/* NULL with `*none` set: "match" is a plain name here. */
Stmt *parse_match(Parser *p, bool *none);
Stmt *parse_import(Parser *p);
Stmt *parse_from_import(Parser *p);
NODISCARD bool parse_type_params(Parser *p, TypeParamSeq *out);
/* A TYPE_COMMENT token's text, if one is next. */
const Text *parse_type_comment(Parser *p);

/* ---- checks of the second pass (check_expr.c, check_stmt.c): false when they recorded a problem
 * ---- */

/* Reads the clauses of a comprehension: its last expression, or NULL if there is none here. */
Expr *read_clauses(Parser *p);

bool check_before_expression(Parser *p);
bool check_expression(Parser *p, int start, Expr *e);
bool check_named_expression(Parser *p, int start, Expr *e);
void check_not_operand(Parser *p, int at);
void check_not_behind_sign(Parser *p, int at);
void check_for_target(Parser *p, int at, bool comprehension);
void check_parentheses(Parser *p);
void check_comprehension(Parser *p);
void check_braces(Parser *p);
bool check_argument(Parser *p, bool starred);
bool check_starred(Parser *p);
bool check_behind_primary(Parser *p);
void check_arguments(Parser *p);
bool check_default(Parser *p);
bool check_slash(Parser *p, bool again, int before, bool behind_star);
bool check_star_param(Parser *p, bool again, bool lambda);
bool check_behind_kwarg(Parser *p, bool comma);
void check_params_end(Parser *p, bool lambda, bool plain);
bool check_mixed_strings(Parser *p);
bool check_lambda(Parser *p, int at);
void check_field(Parser *p, char letter);
void check_assignment(Parser *p, int at);

#endif
