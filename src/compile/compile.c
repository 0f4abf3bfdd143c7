/* The door of the compiler: trees and texts in, code objects out. */
#include "compile/gen.h"
#include "object/int.h"
#include "object/tuple.h"
#include "source/parser.h"

/* -- trees ----------------------------------------------------------------------------------------- */

static void
gen_module(Gen *g, const StmtSeq *body)
{
    Unit *u = g->u;
    bool annotated = u->scope->conditional_annotations || (u->scope->annotations && (g->c->flags & CO_FUTURE_ANNOTATIONS));
    Pos first = body->count > 0 ? body->items[0]->pos : no_position;
    /* __annotate__ must be there from the start, but what it does is known at the end: it goes into the first stream. */
    Label start = new_label(g);
    if (annotated) {
        (void)cold_begin(g);
        put_label(g, start);
        at(g, first);
        gen_annotation_setup(g);
    }
    StmtSeq rest = *body;
    const Expr *docstring = body_docstring(body);
    if (docstring && !g->interactive) {
        Own doc = docstring_value(g, body);
        if (doc) {
            at(g, docstring->pos);
            Operand o = push_const(g, doc);
            store_name(g, NAME(__doc__), o);
            pop_to(g, o.reg);
        }
        rest.items++;
        rest.count--;
    }
    gen_body(g, &rest);
    at(g, no_position);
    emit(g, I_RETURN_NONE, 0, 0, 0, 0);
    if (annotated && gen_ok(g)) {
        u->stream = 0;
        at(g, first);
        if (u->deferred.len > 0) {
            Reg f = push_annotate(g);
            store_name(g, NAME(__annotate__), (Operand){f, true});
            pop_to(g, f);
        }
        emit_jump(g, I_JUMP, 0, 0, start, 0);
    }
}

static Own
gen_tree(Gen *g)
{
    Compiler *c = g->c;
    if (!unit_enter(g, c->scopes->top, str_intern_cstr("<module>"), 1)) {
        return NO_VALUE;
    }
    switch (c->tree->kind) {
    case MOD_MODULE:
        gen_module(g, &c->tree->Module.body);
        break;
    case MOD_INTERACTIVE:
        g->interactive = true;
        gen_module(g, &c->tree->Interactive.body);
        break;
    default: {
        const Expr *e = c->tree->Expression.body;
        Operand value = gen_expr(g, e, ANYWHERE);
        at(g, e->pos);
        emit(g, I_RETURN, value.reg, 0, 0, kill_a(value));
        pop_to(g, g->u->nvars);
        break;
    }
    }
    return unit_leave(g);
}

Own
compile_tree(const Mod *tree, const CompileOptions *options)
{
    Compiler c;
    compiler_init(&c, tree, options);
    compiler_read_futures(&c);
    if (!c.failed) {
        scopes_build(&c, tree);
    }
    Gen g = {.c = &c};
    Own code = c.failed ? NO_VALUE : gen_tree(&g);
    while (g.u) { /* what a failure left open */
        drop_opt(unit_leave(&g));
    }
    compiler_free(&c);
    if (UNLIKELY(!code != exc_pending())) { /* memory gave out where that was not said, or where it did not matter */
        ref_clear(&code);
        if (!exc_pending()) {
            raise_no_memory();
        }
    }
    return code;
}

Own
compile_scopes(const char *bytes, size_t len, SourceMode mode, const CompileOptions *options, Own (*make)(const struct Scope *top))
{
    Arena arena;
    arena_init(&arena);
    const Mod *tree = parse_source(&arena, bytes, len, mode, options);
    Own result = NO_VALUE;
    if (tree) {
        Compiler c;
        compiler_init(&c, tree, options);
        compiler_read_futures(&c);
        if (!c.failed) {
            scopes_build(&c, tree);
        }
        result = c.failed ? NO_VALUE : make(c.scopes->top);
        compiler_free(&c);
    }
    arena_free_all(&arena);
    return result;
}

int
compile_check_futures(const Mod *tree, const CompileOptions *options)
{
    Compiler c;
    compiler_init(&c, tree, options);
    compiler_read_futures(&c);
    int status = c.failed ? -1 : 0;
    compiler_free(&c);
    return status;
}

/* -- texts ----------------------------------------------------------------------------------------- */

typedef struct WarnContext {
    const CompileOptions *options;
} WarnContext;

/* 0: go on; 1: the warning is an error; -1: the hook failed otherwise. */
static int
warn_from_parser(void *context, const char *message, int lineno)
{
    const CompileOptions *options = ((WarnContext *)context)->options;
    if (!compile_hooks.warn) {
        return 0;
    }
    Own text = str_from_cstr(message);
    if (!text) {
        return -1;
    }
    int status = compile_hooks.warn(&exc_SyntaxWarning, text, options->filename, lineno, options->module);
    drop(text);
    if (status < 0 && exc_matches(&exc_SyntaxWarning)) {
        exc_clear();
        return 1;
    }
    return status;
}

static Value
optional_text(Own text)
{
    return text ? (Value)text : (Value)NONE;
}

static void
raise_located(Type *type, const SyntaxProblem *p, Value filename)
{
    Own message = str_from_wtf8(p->message, strlen(p->message));
    Own text = p->text ? str_from_wtf8(p->text, p->text_len) : NO_VALUE;
    Own details = NO_VALUE, exc = NO_VALUE;
    if (message && (text || !p->text)) {
        details = p->no_end ? tuple_pack(4, filename, (Value)small_int(p->lineno), (Value)small_int(p->offset), optional_text(text))
                            : tuple_pack(6, filename, (Value)small_int(p->lineno), (Value)small_int(p->offset),
                                         optional_text(text), (Value)small_int(p->end_lineno), (Value)small_int(p->end_offset));
    }
    if (details) {
        exc = call2(VALUE(type), message, details);
    }
    drop_opt(message);
    drop_opt(text);
    drop_opt(details);
    if (exc) {
        (void)raise_object(exc, NO_VALUE);
        drop(exc);
    }
}

void
raise_problem(const SyntaxProblem *p, Value filename)
{
    Type *type = &exc_SyntaxError;
    switch (p->kind) {
    case PROBLEM_INDENTATION:
        type = &exc_IndentationError;
        break;
    case PROBLEM_TAB:
        type = &exc_TabError;
        break;
    case PROBLEM_INCOMPLETE:
        type = &exc__IncompleteInputError;
        break;
    case PROBLEM_RECURSION:
        (void)raise_msg(&exc_MemoryError, p->message ? p->message : "Parser stack overflowed - Python source too complex to parse");
        return;
    case PROBLEM_MEMORY:
        (void)raise_no_memory();
        return;
    case PROBLEM_VALUE:
        (void)raise_msg(&exc_ValueError, p->message);
        return;
    case PROBLEM_HOST:
        return;
    default:
        break;
    }
    if (p->located) {
        raise_located(type, p, filename);
    } else {
        (void)raise_msg(type, p->message);
    }
}

/* The whole text goes with a SyntaxError: the traceback module looks for misspelled keywords in it. */
static void
add_metadata(const char *bytes, size_t len)
{
    Own exc = exc_take();
    Own text = str_from_utf8(bytes, len);
    bool ends = len > 0 && bytes[len - 1] == '\n';
    Own line_end = text && !ends ? str_from_cstr("\n") : NO_VALUE, whole = line_end ? str_concat(text, line_end) : own_opt(text);
    Own metadata = whole ? tuple_pack(3, (Value)small_int(0), (Value)small_int(0), (Value)whole) : NO_VALUE;
    if (!metadata || object_setattr_cstr(exc, "_metadata", metadata) < 0) {
        exc_clear();
    }
    drop_opt(text);
    drop_opt(line_end);
    drop_opt(whole);
    drop_opt(metadata);
    exc_restore(exc);
}

Mod *
parse_source(Arena *arena, const char *bytes, size_t len, SourceMode mode, const CompileOptions *options)
{
    WarnContext context = {options};
    /* Below the limit are a few KiB more, which the parser's leaves may use. */
    uintptr_t here = (uintptr_t)__builtin_frame_address(0), limit = thread_self()->c_stack_limit;
    const char *filename = options->is_file ? str_utf8(options->filename, NULL) : NULL;
    if (options->is_file && !filename) {
        exc_clear();
    }
    Source source = {
        .bytes = bytes,
        .len = len,
        .filename = filename,
        .mode = mode,
        .is_text = (options->flags & (COMPILE_SOURCE_IS_UTF8 | COMPILE_IGNORE_COOKIE)) != 0,
        .type_comments = (options->flags & COMPILE_TYPE_COMMENTS) != 0,
        .dont_imply_dedent = (options->flags & COMPILE_DONT_IMPLY_DEDENT) != 0,
        .allow_incomplete = (options->flags & COMPILE_ALLOW_INCOMPLETE) != 0,
        .barry_as_bdfl = (options->flags & CO_FUTURE_BARRY_AS_BDFL) != 0,
        .feature_version = options->feature_version,
        .max_int_digits = (int)atomic_load_explicit(&int_max_str_digits, memory_order_relaxed),
        .stack_budget = here > limit ? here - limit : 1,
        .host = {&context, warn_from_parser, compile_hooks.decode},
    };
    ParseResult result = parse(&source, arena);
    if (!result.mod) {
        raise_problem(&result.problem, options->filename);
        if (result.problem.located) {
            add_metadata(bytes, len);
        }
    }
    return result.mod;
}

Own
compile_source(const char *bytes, size_t len, SourceMode mode, const CompileOptions *options)
{
    Arena arena;
    arena_init(&arena);
    const Mod *tree = parse_source(&arena, bytes, len, mode, options);
    Own code = tree ? compile_tree(tree, options) : NO_VALUE;
    arena_free_all(&arena);
    return code;
}
