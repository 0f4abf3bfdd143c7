/* The parser's engine room: tokens, positions, sequences, problems; and parse(), with its two
 * passes. */
#include "source/parser_priv.h"

#include "source/decode.h"
#include <stdarg.h>
#include <stdlib.h>

/* The 200 brackets and 99 blocks that may be nested need about 180 KiB of stack in an optimised
   build. Frames are larger without optimisation, and much larger under a sanitizer. */
#if !defined(__OPTIMIZE__) || defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define DEFAULT_STACK ((size_t)2 << 20)
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define DEFAULT_STACK ((size_t)2 << 20)
#endif
#endif
#ifndef DEFAULT_STACK
#define DEFAULT_STACK ((size_t)512 << 10)
#endif

/* ---- tokens ---- */

/* CPython's rule for interactive input: its end counts as a line end, once, and closes the blocks
 * still open. */
static void
end_single(Parser *p, Token *token)
{
    if (token->kind != TOK_ENDMARKER) {
        p->single_started = true;
        return;
    }
    if (!p->single_started)
        return;
    p->single_started = false;
    token->kind = TOK_NEWLINE;
    if (p->lexer.indent && !p->source->dont_imply_dedent) {
        p->lexer.pending = -p->lexer.indent;
        p->lexer.indent = 0;
    }
}

static bool
add_type_ignore(Parser *p, const Token *token)
{
    if (p->type_ignores.count == p->type_ignore_cap) {
        int cap = p->type_ignore_cap * 2 + 8;
        TypeIgnore **items = arena_alloc(p->arena, (size_t)cap * sizeof(*items));
        if (!items)
            return false;
        if (p->type_ignores.count)
            memcpy(items, p->type_ignores.items, (size_t)p->type_ignores.count * sizeof(*items));
        p->type_ignores.items = items;
        p->type_ignore_cap = cap;
    }
    Text *tag = arena_alloc(p->arena, sizeof(*tag));
    char *text = arena_strndup(p->arena, token_start(p, token), token->len);
    if (!tag || !text)
        return false;
    *tag = (Text){text, token->len};
    TypeIgnore *node = type_ignore(p->arena, token->lineno, tag);
    p->type_ignores.items[p->type_ignores.count++] = node;
    return node;
}

static bool
grow_tokens(Parser *p)
{
    int cap = p->cap * 2 + 64;
    Token *tokens = realloc(p->tokens, (size_t)cap * sizeof(*tokens));
    if (tokens)
        p->tokens = tokens;
    Memo *memo = tokens && p->second_pass ? realloc(p->memo, (size_t)cap * sizeof(*memo)) : p->memo;
    if (!tokens || (p->second_pass && !memo)) {
        lexer_no_memory(&p->lexer);
        return false;
    }
    if (p->second_pass) {
        memset(memo + p->cap, 0, (size_t)(cap - p->cap) * sizeof(*memo));
        p->memo = memo;
    }
    p->cap = cap;
    return true;
}

bool
parser_fill(Parser *p, int at)
{
    while (p->fill <= at) {
        if (p->fill == p->cap && !grow_tokens(p))
            return false;
        Token *token = &p->tokens[p->fill];
        if (!lexer_next(&p->lexer, token))
            return false;
        if (UNLIKELY(token->kind == TOK_TYPE_IGNORE)) {
            if (!p->second_pass && !add_type_ignore(p, token))
                return lexer_no_memory(&p->lexer);
            continue;
        }
        if (p->source->mode == SOURCE_SINGLE)
            end_single(p, token);
        p->fill++;
        p->total++;
    }
    return true;
}

/* Between two statements of a file, nobody will go back: the tokens used are dropped. */
static void
drop_tokens(Parser *p)
{
    if (p->second_pass)
        return;
    p->fill -= p->mark;
    if (p->fill)
        memmove(p->tokens, p->tokens + p->mark, (size_t)p->fill * sizeof(*p->tokens));
    p->mark = 0;
}

bool
peek_word(Parser *p, const char *word)
{
    if (peek(p) != TOK_NAME)
        return false;
    const Token *token = &p->tokens[p->mark];
    return token->len == strlen(word) && memcmp(token_start(p, token), word, token->len) == 0;
}

/* A name that normalisation changed must not have become a keyword that stands for a value. */
static bool
check_normalised(Parser *p, const Name *name)
{
    const char *message =
        strcmp(name->text, "None") == 0    ? "identifier field can't represent 'None' constant"
        : strcmp(name->text, "True") == 0  ? "identifier field can't represent 'True' constant"
        : strcmp(name->text, "False") == 0 ? "identifier field can't represent 'False' constant"
                                           : NULL;
    if (message)
        *p->problem = (SyntaxProblem){.kind = PROBLEM_VALUE, .message = message};
    return !message;
}

const Name *
token_name(Parser *p, const Token *token)
{
    const char *text = token_start(p, token);
    const Name *name = names_intern_source(p->names, text, token->len);
    if (!name)
        lexer_no_memory(&p->lexer);
    if (name && UNLIKELY(name->len != token->len) && !check_normalised(p, name))
        return NULL;
    return name;
}

const Name *
parse_identifier(Parser *p)
{
    if (peek(p) != TOK_NAME)
        return NULL;
    return token_name(p, &p->tokens[p->mark++]);
}

Pos
pos_from(const Parser *p, Start start)
{
    int at = p->mark - 1;
    while (at > 0 && (p->tokens[at].kind == TOK_ENDMARKER ||
                      (p->tokens[at].kind >= TOK_NEWLINE && p->tokens[at].kind <= TOK_DEDENT)))
        at--;
    const Token *last = &p->tokens[at < 0 ? 0 : at];
    return (Pos){start.lineno, start.col, last->end_lineno, last->end_col};
}

/* ---- problems ---- */

void *
fail_pos(Parser *p, Pos pos, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    Span span = {pos.lineno, pos.col_offset, pos.end_lineno, pos.end_col_offset};
    lexer_problem_v(&p->lexer, PROBLEM_SYNTAX, span, format, args);
    va_end(args);
    return NULL;
}

void *
fail_token(Parser *p, const Token *token, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    Span span = {token->lineno, token->col, token->end_lineno, token->end_col};
    lexer_problem_v(&p->lexer, PROBLEM_SYNTAX, span, format, args);
    va_end(args);
    return NULL;
}

void *
fail_from(Parser *p, Pos pos, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const Lexer *lx = &p->lexer;
    Span span = {pos.lineno, pos.col_offset, lx->lineno, (int)(lx->cur - lx->line_start) - 1};
    lexer_problem_v(&p->lexer, PROBLEM_SYNTAX, span, format, args);
    va_end(args);
    return NULL;
}

static void
fail_at_v(Parser *p, ProblemKind kind, int at, const char *format, va_list args)
{
    if (at < p->fill && at >= 0) {
        const Token *last = &p->tokens[at];
        if (last->col < 0)
            lexer_problem_here_v(&p->lexer, kind, last->lineno, last->end_col, format, args);
        else
            lexer_problem_v(&p->lexer, kind,
                            (Span){last->lineno, last->col, last->end_lineno, last->end_col},
                            format, args);
    } else {
        lexer_problem_here_v(&p->lexer, kind, p->lexer.lineno, -1, format, args);
    }
}

void *
fail_at(Parser *p, int at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fail_at_v(p, PROBLEM_SYNTAX, at, format, args);
    va_end(args);
    return NULL;
}

void *
fail_last(Parser *p, ProblemKind kind, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fail_at_v(p, kind, p->fill - 1, format, args);
    va_end(args);
    return NULL;
}

void *
fail_version(Parser *p, const char *what, int version)
{
    return fail_last(p, PROBLEM_SYNTAX, "%s only supported in Python 3.%d and greater", what,
                     version);
}

bool
expect_forced(Parser *p, int kind)
{
    if (accept(p, kind))
        return true;
    if (!parser_stopped(p)) {
        Token token = next_token(p);
        fail_token(p, &token, "expected '%s'", token_text(kind));
    }
    return false;
}

bool
expect_checked(Parser *p, int kind)
{
    return p->checks ? expect_forced(p, kind) : accept(p, kind);
}

bool
parser_overflow(Parser *p)
{
    if (!p->problem->kind)
        *p->problem = (SyntaxProblem){
            .kind = PROBLEM_RECURSION,
            .message = "Parser stack overflowed - Python source too complex to parse"};
    return false;
}

/* ---- sequences ---- */

bool
scratch_grow(Parser *p)
{
    int cap = p->scratch_cap * 2 + 256;
    void **scratch = realloc(p->scratch, (size_t)cap * sizeof(*scratch));
    if (!scratch) {
        lexer_no_memory(&p->lexer);
        p->arena->failed = true;
        return false;
    }
    p->scratch = scratch;
    p->scratch_cap = cap;
    return true;
}

AstSeq
scratch_take(Parser *p, int base)
{
    int count = p->scratch_len - base;
    p->scratch_len = base;
    if (!count)
        return (AstSeq){0};
    void *items = arena_alloc(p->arena, (size_t)count * sizeof(void *));
    if (!items)
        return (AstSeq){0};
    memcpy(items, p->scratch + base, (size_t)count * sizeof(void *));
    return (AstSeq){items, count};
}

AstSeq
seq_of(Parser *p, const void *item)
{
    int base = p->scratch_len;
    scratch_push(p, item);
    return scratch_take(p, base);
}

/* ---- whole sources ---- */

static Mod *
parse_exec(Parser *p)
{
    while (peek(p) != TOK_ENDMARKER) {
        if (!parse_statement(p))
            return NULL;
        drop_tokens(p);
    }
    StmtSeq body = TAKE(StmtSeq, p, 0);
    return mod_module(p->arena, body, p->type_ignores);
}

static Mod *
parse_single(Parser *p)
{
    bool none = false;
    if (peek(p) == TOK_NEWLINE) {
        Token token = next_token(p);
        p->mark++;
        scratch_push(p, stmt_pass(p->arena,
                                  (Pos){token.lineno, token.col, token.end_lineno, token.end_col}));
        return mod_interactive(p->arena, TAKE(StmtSeq, p, 0));
    }
    if (peek(p) == TOK_ENDMARKER)
        return NULL;
    Stmt *s = parse_compound(p, &none);
    if (none) {
        if (!parse_simple_stmts(p))
            return NULL;
    } else {
        if (!s || !accept(p, TOK_NEWLINE))
            return NULL;
        scratch_push(p, s);
    }
    Mod *mod = mod_interactive(p->arena, TAKE(StmtSeq, p, 0));
    p->done = true;
    /* Only blanks and comments may follow. */
    for (const char *c = p->lexer.cur; *c; c++) {
        if (*c == '#')
            while (c[1] && c[1] != '\n')
                c++;
        else if (*c != ' ' && *c != '\t' && *c != '\n' && *c != '\f')
            return fail_last(p, PROBLEM_SYNTAX,
                             "multiple statements found while compiling a single statement");
    }
    return mod;
}

static bool
parse_end(Parser *p)
{
    while (accept(p, TOK_NEWLINE))
        ;
    return peek(p) == TOK_ENDMARKER;
}

static Mod *
parse_eval(Parser *p)
{
    Expr *e = parse_expressions(p);
    return e && parse_end(p) ? mod_expression(p->arena, e) : NULL;
}

/* "(int, *str, **Any) -> None" */
static Mod *
parse_func_type(Parser *p)
{
    int base = p->scratch_len, stars = 0;
    if (!accept(p, TOK_LPAR))
        return NULL;
    while (peek(p) != TOK_RPAR) {
        int kind = peek(p), level = kind == TOK_STAR ? 1 : kind == TOK_DOUBLESTAR ? 2 : 0;
        if (stars && level <= stars)
            return NULL;
        stars = level;
        p->mark += level != 0;
        Expr *e = parse_expression(p);
        if (!e)
            return NULL;
        scratch_push(p, e);
        if (!accept(p, TOK_COMMA))
            break;
        if (stars == 2 || peek(p) == TOK_RPAR)
            return NULL;
    }
    ExprSeq args = TAKE(ExprSeq, p, base);
    if (!accept(p, TOK_RPAR) || !accept(p, TOK_RARROW))
        return NULL;
    Expr *returns = parse_expression(p);
    return returns && parse_end(p) ? mod_function_type(p->arena, args, returns) : NULL;
}

static Mod *
parse_mod(Parser *p)
{
    p->mark = p->scratch_len = 0;
    switch (p->source->mode) {
    case SOURCE_EVAL:
        return parse_eval(p);
    case SOURCE_SINGLE:
        return parse_single(p);
    case SOURCE_FUNC_TYPE:
        return parse_func_type(p);
    case SOURCE_EXEC:
        break;
    }
    return parse_exec(p);
}

/* ---- when it fails ---- */

/* A problem of the parser yields to a problem that the lexer has with what follows. */
static void
check_rest(Parser *p)
{
    SyntaxProblem known = *p->problem;
    Lexer *lx = &p->lexer;
    Token token;
    int lineno = p->fill ? p->tokens[p->fill - 1].lineno : 0;
    if (known.kind != PROBLEM_SYNTAX && known.kind != PROBLEM_INDENTATION &&
        known.kind != PROBLEM_TAB)
        return;
    *p->problem = (SyntaxProblem){0};
    lx->quiet = true;
    while (lexer_next(lx, &token) && token.kind != TOK_ENDMARKER)
        ;
    /* What is wrong inside an f-string does not count. */
    if (lx->stop == LEXER_RAISED && !lx->strings)
        return;
    *p->problem = (SyntaxProblem){0};
    if (lx->stop == LEXER_GOING || lx->strings || !lx->level ||
        lineno <= lx->brackets[lx->level - 1].lineno)
        *p->problem = known;
    else
        lexer_unclosed_bracket(lx);
}

/* The lexer, or the first look at the text, ended the parse without more ado. */
static void
finish_problem(Parser *p)
{
    Lexer *lx = &p->lexer;
    if (lx->stop == LEXER_GOING) {
        if (!lx->saw_end)
            check_rest(p);
    } else if (!p->problem->kind) {
        if (lx->level)
            lexer_unclosed_bracket(lx);
        else
            lexer_problem_here(lx, PROBLEM_SYNTAX, lx->lineno, -1, "unexpected EOF while parsing");
    }
}

static void
start_pass(Parser *p, const char *text, size_t len)
{
    p->mark = p->fill = p->total = p->scratch_len = 0;
    p->single_started = false;
    p->barry = p->source->barry_as_bdfl;
    lexer_init(&p->lexer, text, len, p->arena, p->problem, &p->source->host);
    p->lexer.type_comments = p->source->type_comments;
    p->lexer.quiet = p->second_pass;
}

/* A parse that failed at the very end of the text might go on with more of it. */
static bool
incomplete(Parser *p)
{
    if (!p->source->allow_incomplete || !p->lexer.saw_end || p->problem->kind == PROBLEM_HOST)
        return false;
    *p->problem = (SyntaxProblem){0};
    if (p->lexer.stop != LEXER_GOING)
        lexer_problem_here(&p->lexer, PROBLEM_INCOMPLETE, p->lexer.lineno, -1, "incomplete input");
    else
        fail_last(p, PROBLEM_INCOMPLETE, "incomplete input");
    return true;
}

/* The second pass, which reads the same tokens. */
static void
parse_again(Parser *p, const char *text, size_t len, int total, bool checks)
{
    free(p->memo);
    p->second_pass = true;
    p->checks = checks;
    p->memo = calloc((size_t)p->cap, sizeof(*p->memo));
    start_pass(p, text, len);
    if (!p->memo)
        lexer_no_memory(&p->lexer);
    else if (parser_fill(p, total - 1))
        parse_mod(p);
    /* Checks may go deeper than the grammar; then they just find nothing. */
    if (p->problem->kind == PROBLEM_RECURSION)
        *p->problem = (SyntaxProblem){0};
}

/* The first pass failed at the last token it read. Why? */
static void
diagnose(Parser *p, const char *text, size_t len)
{
    Token last = p->tokens[p->fill - 1];
    int total = p->total;
    if (p->bad_braces) {
        parse_again(p, text, len, total, false);
        if (incomplete(p))
            return;
        last = p->tokens[p->fill - 1];
        total = p->total;
    }
    if (!parser_stopped(p))
        parse_again(p, text, len, total, true);
    if (p->arena->failed) {
        lexer_no_memory(&p->lexer);
        return;
    }
    if (!parser_stopped(p)) {
        if (last.kind == TOK_INDENT || last.kind == TOK_DEDENT) {
            fail_last(p, PROBLEM_INDENTATION,
                      last.kind == TOK_INDENT ? "unexpected indent" : "unexpected unindent");
            return;
        }
        fail_token(p, &last, "invalid syntax");
        check_rest(p);
    } else {
        finish_problem(p);
    }
}

static Mod *
parse_text(Parser *p, const char *text, size_t len)
{
    start_pass(p, text, len);
    Mod *mod = parse_mod(p);
    if (p->arena->failed) {
        lexer_no_memory(&p->lexer);
        return NULL;
    }
    if (mod && !parser_stopped(p))
        return mod;
    if (incomplete(p))
        return NULL;
    if (parser_stopped(p)) {
        if (!p->done)
            finish_problem(p);
    } else {
        diagnose(p, text, len);
    }
    return NULL;
}

ParseResult
parse(const Source *source, Arena *arena)
{
    ParseResult result = {0};
    size_t len, budget = DEFAULT_STACK;
    if (source->stack_budget && source->stack_budget < budget)
        budget = source->stack_budget;
    Parser p = {
        .source = source,
        .arena = arena,
        .problem = &result.problem,
        .names = names_new(arena),
        .stack_end = (const char *)__builtin_frame_address(0) - budget,
    };
    char *text = p.names ? source_decode(source, arena, &result.problem, &len) : NULL;
    if (!p.names)
        result.problem.kind = PROBLEM_MEMORY;
    if (text) {
        result.mod = parse_text(&p, text, len);
        result.names = p.names;
    }
    free(text);
    free(p.tokens);
    free(p.scratch);
    free(p.memo);
    return result;
}
