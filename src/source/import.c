/* import and from ... import. */
#include "source/parser_priv.h"

/* a.b.c as one name. */
static const Name *
parse_dotted_name(Parser *p)
{
    const Name *name = parse_identifier(p);
    if (!name || peek(p) != TOK_DOT)
        return name;
    size_t len = name->len, cap = 256;
    char *text = arena_alloc(p->arena, cap);
    if (!text || len > cap)
        text = arena_alloc(p->arena, cap = len * 2);
    if (!text)
        return NULL;
    memcpy(text, name->text, len);
    while (peek(p) == TOK_DOT) {
        int at = p->mark++;
        name = parse_identifier(p);
        if (!name) {
            if (!parser_retreat(p, at))
                return NULL;
            break;
        }
        if (len + name->len + 1 > cap) {
            char *more = arena_alloc(p->arena, cap = (len + name->len + 1) * 2);
            if (!more)
                return NULL;
            text = memcpy(more, text, len);
        }
        text[len++] = '.';
        memcpy(text + len, name->text, name->len);
        len += name->len;
    }
    return names_intern(p->names, text, len);
}

/* "as" and what is no plain name behind it: what is it? `end`: another token that may end the list.
 */
static void
check_import_target(Parser *p)
{
    if (peek(p) != KW_AS)
        return;
    if (peek_at(p, 1) == TOK_NAME) {
        int behind = peek_at(p, 2);
        if (behind == TOK_COMMA || behind == TOK_RPAR || behind == TOK_SEMI ||
            behind == TOK_NEWLINE)
            return;
    }
    p->mark++;
    Expr *e = parse_expression(p);
    if (e)
        fail_pos(p, e->pos, "cannot use %s as import target", expr_kind_name(e));
}

/* A name and its alias. */
static Alias *
parse_alias(Parser *p, bool dotted)
{
    Start start = start_here(p);
    const Name *name = dotted ? parse_dotted_name(p) : parse_identifier(p), *asname = NULL;
    if (!name)
        return NULL;
    if (peek(p) == KW_AS) {
        if (p->checks) {
            int at = p->mark;
            check_import_target(p);
            if (parser_stopped(p))
                return NULL;
            p->mark = at;
        }
        int at = p->mark++;
        asname = parse_identifier(p);
        if (!asname && !parser_retreat(p, at))
            return NULL;
    }
    return new_alias(p->arena, pos_from(p, start), name, asname);
}

/* Aliases with commas between them; `trailing`: a comma may come last. */
static bool
parse_aliases(Parser *p, bool dotted, AliasSeq *out)
{
    int base = p->scratch_len;
    for (;;) {
        int at = p->mark;
        Alias *alias = parse_alias(p, dotted);
        if (!alias) {
            if (p->scratch_len == base || !parser_retreat(p, at - 1))
                return false;
            break;
        }
        scratch_push(p, alias);
        if (peek(p) != TOK_COMMA || peek_at(p, 1) != TOK_NAME)
            break;
        p->mark++;
    }
    *out = TAKE(AliasSeq, p, base);
    return true;
}

/* At a line end where names should be. */
static bool
check_no_names(Parser *p)
{
    if (!p->checks || peek(p) != TOK_NEWLINE)
        return true;
    Token token = next_token(p);
    fail_from(p, pos_of_token(&token), "Expected one or more names after 'import'");
    return false;
}

/* `import a, b from c`: what is meant is known. */
static bool
check_import_from(Parser *p, int at)
{
    Place here = place(p);
    Token import = p->tokens[at];
    bool names;
    do
        names = parse_dotted_name(p);
    while (names && accept(p, TOK_COMMA));
    if (names && accept(p, KW_FROM) && parse_dotted_name(p)) {
        fail_from(p, pos_of_token(&import), "Did you mean to use 'from ... import ...' instead?");
        return false;
    }
    go_back(p, here);
    return !parser_stopped(p);
}

Stmt *
parse_import(Parser *p)
{
    Start start = start_here(p);
    AliasSeq names;
    int at = p->mark++;
    if (p->checks && (!check_import_from(p, at) || !check_no_names(p)))
        return NULL;
    if (!parse_aliases(p, true, &names))
        return NULL;
    return stmt_import(p->arena, pos_from(p, start), names);
}

/* What is imported: names, names in parentheses, or "*". */
static bool
parse_import_targets(Parser *p, AliasSeq *names)
{
    if (peek(p) == TOK_STAR) {
        Token token = next_token(p);
        p->mark++;
        const Name *star = names_intern_c(p->names, "*");
        Alias *alias = star ? new_alias(p->arena, pos_of_token(&token), star, NULL) : NULL;
        *names = SEQ(AliasSeq, seq_of(p, alias));
        return alias;
    }
    if (accept(p, TOK_LPAR)) {
        if (!parse_aliases(p, false, names))
            return false;
        accept(p, TOK_COMMA);
        return accept(p, TOK_RPAR);
    }
    if (!parse_aliases(p, false, names))
        return check_no_names(p) && false;
    if (peek(p) != TOK_COMMA)
        return true;
    if (p->checks && peek_at(p, 1) == TOK_NEWLINE)
        fail_last(p, PROBLEM_SYNTAX, "trailing comma not allowed without surrounding parentheses");
    return false;
}

Stmt *
parse_from_import(Parser *p)
{
    Start start = start_here(p);
    const Name *module = NULL;
    AliasSeq names;
    int level = 0;
    p->mark++;
    for (;; level++) {
        if (accept(p, TOK_ELLIPSIS))
            level += 2;
        else if (!accept(p, TOK_DOT))
            break;
    }
    if (level == 0 || peek(p) == TOK_NAME) {
        module = parse_dotted_name(p);
        if (!module)
            return NULL;
    }
    if (!accept(p, KW_IMPORT) || !parse_import_targets(p, &names))
        return NULL;
    if (module && level == 0 && strcmp(module->text, "__future__") == 0)
        for (int i = 0; i < names.count; i++)
            p->barry |= strcmp(names.items[i]->name->text, "barry_as_FLUFL") == 0;
    return stmt_import_from(p->arena, pos_from(p, start), module, names, level);
}
