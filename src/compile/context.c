/* Names, errors and futures of one compilation. See context.h. */
#include <errno.h>
#include <stdio.h>

#include "compile/scope.h"
#include "heap/world.h"
#include "object/int.h"
#include "object/tuple.h"

CompileHooks compile_hooks;

void
compiler_init(Compiler *c, const Mod *tree, const CompileOptions *options)
{
    *c = (Compiler){.tree = tree,
                    .filename = options->filename,
                    .module = options->module,
                    .flags = options->flags,
                    .optimize = options->optimize};
    arena_init(&c->arena);
}

void
compiler_free(Compiler *c)
{
    if (c->scopes) {
        scopes_free(c->scopes);
    }
    while (c->kept.len > 0) {
        drop(ownvec_pop(&c->kept));
    }
    ownvec_free(&c->kept);
    arena_free_all(&c->arena);
}

void
fail_memory(Compiler *c)
{
    if (!c->failed) {
        c->failed = true;
        if (!exc_pending()) {
            (void)raise_no_memory();
        }
    }
}

void *
compiler_alloc(Compiler *c, size_t size)
{
    void *p = c->failed ? NULL : arena_alloc(&c->arena, size);
    if (!p) {
        fail_memory(c);
    }
    return p;
}

Value
keep_value(Compiler *c, Own v)
{
    if (!v) {
        c->failed = true;
        return NO_VALUE;
    }
    if (ownvec_push(&c->kept, v) < 0) {
        drop(v);
        fail_memory(c);
        return NO_VALUE;
    }
    return v;
}

/* -- names ----------------------------------------------------------------------------------------- */

static NameSlot *
name_slot(const Compiler *c, const Name *name)
{
    uint32_t at = (uint32_t)((uint64_t)(uintptr_t)name * UINT64_C(0x9E3779B97F4A7C15) >> 32) & c->names_mask;
    while (c->names[at].name && c->names[at].name != name) {
        at = (at + 1) & c->names_mask;
    }
    return &c->names[at];
}

static bool
names_grow(Compiler *c)
{
    NameSlot *old = c->names;
    uint32_t old_size = old ? c->names_mask + 1 : 0;
    uint32_t size = old ? old_size * 2 : 128;
    NameSlot *slots = compiler_alloc(c, size * sizeof(*slots));
    if (!slots) {
        return false;
    }
    c->names = slots;
    c->names_mask = size - 1;
    for (uint32_t i = 0; i < old_size; i++) {
        if (old[i].name) {
            *name_slot(c, old[i].name) = old[i];
        }
    }
    return true;
}

Value
name_value(Compiler *c, const Name *name)
{
    if (c->failed || (c->names_count * 2 >= c->names_mask && !names_grow(c))) {
        return NO_VALUE;
    }
    NameSlot *slot = name_slot(c, name);
    if (!slot->name) {
        Own text = str_from_wtf8(name->text, name->len);
        Value value = keep_value(c, text ? str_intern(text) : NO_VALUE);
        if (!value) {
            return NO_VALUE;
        }
        *slot = (NameSlot){name, (Own)(uintptr_t)value};
        c->names_count++;
    }
    return slot->value;
}

Value
name_mangle(Compiler *c, Value private, Value name)
{
    const Str *n = as_str(name);
    if (!private || n->length < 2 || str_char_at(n, 0) != '_' || str_char_at(n, 1) != '_') {
        return name;
    }
    if (str_char_at(n, n->length - 1) == '_' && str_char_at(n, n->length - 2) == '_') {
        return name;
    }
    for (int64_t i = 0; i < n->length; i++) {
        if (str_char_at(n, i) == '.') {
            return name; /* import a.__b: no class can mean a part of it */
        }
    }
    const Str *p = as_str(private);
    int64_t start = 0;
    while (start < p->length && str_char_at(p, start) == '_') {
        start++;
    }
    if (start == p->length) {
        return name;
    }
    Own tail = str_substring(private, start, p->length);
    Own mangled = tail ? str_fmt("_%U%U", (Value)tail, name) : NO_VALUE;
    drop_opt(tail);
    return keep_value(c, mangled ? str_intern(mangled) : NO_VALUE);
}

/* -- errors ---------------------------------------------------------------------------------------- */

/* Reads up to the line's end into a str; false at the end of the file. */
static bool
read_line(FILE *f, char **line, size_t *capacity, ssize_t *length)
{
    detach();
    *length = getline(line, capacity, f);
    attach();
    return *length >= 0;
}

Own
source_line(Value filename, int lineno)
{
    const char *path = lineno > 0 ? str_utf8(filename, NULL) : NULL;
    if (!path) {
        exc_clear();
        return NO_VALUE;
    }
    detach();
    FILE *f = fopen(path, "r");
    attach();
    if (!f) {
        return NO_VALUE;
    }
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length = -1;
    for (int i = 0; i < lineno && read_line(f, &line, &capacity, &length); i++) {
    }
    Own text = NO_VALUE;
    if (length >= 0) {
        bool mark = lineno == 1 && length >= 3 && memcmp(line, "\xEF\xBB\xBF", 3) == 0;
        if (mark) {
            length -= 3;
            memmove(line, line + 3, (size_t)length);
        }
        text = str_from_utf8(line, (size_t)length);
        if (!text) {
            exc_clear();
            text = str_from_latin1((const uint8_t *)line, (size_t)length);
        }
    }
    free(line);
    fclose(f);
    if (!text) {
        exc_clear();
    }
    return text;
}

/* SyntaxError(message, (filename, line, column, text, end line, end column)) */
static void
raise_syntax_error(Compiler *c, Pos pos, Value message)
{
    Own text = source_line(c->filename, pos.lineno);
    Own details = tuple_pack(6, c->filename, (Value)small_int(pos.lineno), (Value)small_int(pos.col_offset + 1),
                             text ? (Value)text : (Value)NONE, (Value)small_int(pos.end_lineno),
                             (Value)small_int(pos.end_col_offset + 1));
    drop_opt(text);
    Own exc = details ? call2(VALUE(&exc_SyntaxError), message, details) : NO_VALUE;
    drop_opt(details);
    if (exc) {
        (void)raise_object(exc, NO_VALUE);
        drop(exc);
    }
}

void
syntax_error(Compiler *c, Pos pos, Own message)
{
    if (!c->failed) {
        c->failed = true;
        if (message) {
            raise_syntax_error(c, pos, message);
        }
    }
    drop_opt(message);
}

/* Sets an attribute of the pending exception; what fails is left out. own: v eaten */
static void
set_attribute(Value exc, const char *name, Own v)
{
    if (!v || object_setattr_cstr(exc, name, v) < 0) {
        exc_clear();
    }
    drop_opt(v);
}

void
scope_error(Compiler *c, Pos pos, Own message)
{
    Own exc = c->failed || !message ? NO_VALUE : call1(VALUE(&exc_SyntaxError), message);
    if (exc) {
        Own text = source_line(c->filename, pos.lineno);
        set_attribute(exc, "filename", own(c->filename));
        set_attribute(exc, "lineno", small_int(pos.lineno));
        set_attribute(exc, "offset", small_int(pos.col_offset + 1));
        set_attribute(exc, "end_lineno", small_int(pos.end_lineno));
        set_attribute(exc, "end_offset", small_int(pos.end_col_offset + 1));
        set_attribute(exc, "text", text ? text : own(NONE));
        (void)raise_object(exc, NO_VALUE);
        drop(exc);
    }
    c->failed = true;
    drop_opt(message);
}

void
syntax_warning(Compiler *c, Pos pos, Own message)
{
    if (c->failed || !message) {
        c->failed = true;
        drop_opt(message);
        return;
    }
    if (compile_hooks.warn &&
        compile_hooks.warn(&exc_SyntaxWarning, message, c->filename, pos.lineno, c->module) < 0) {
        c->failed = true;
        if (exc_matches(&exc_SyntaxWarning)) {
            exc_clear();
            raise_syntax_error(c, pos, message);
        }
    }
    drop(message);
}

/* -- futures --------------------------------------------------------------------------------------- */

const Expr *
body_docstring(const StmtSeq *body)
{
    if (body->count == 0 || body->items[0]->kind != STMT_EXPR) {
        return NULL;
    }
    const Expr *e = body->items[0]->Expr.value;
    return e->kind == EXPR_CONSTANT && e->Constant.value.kind == CONST_STR ? e : NULL;
}

static void
read_future_name(Compiler *c, const Alias *alias)
{
    static const struct {
        const char *name;
        uint32_t flag;
    } features[] = {
        {"nested_scopes", 0},
        {"generators", 0},
        {"division", 0},
        {"absolute_import", 0},
        {"with_statement", 0},
        {"print_function", 0},
        {"unicode_literals", 0},
        {"barry_as_FLUFL", CO_FUTURE_BARRY_AS_BDFL},
        {"generator_stop", 0},
        {"annotations", CO_FUTURE_ANNOTATIONS},
    };
    for (size_t i = 0; i < ARRAY_LEN(features); i++) {
        if (strcmp(alias->name->text, features[i].name) == 0) {
            c->flags |= features[i].flag;
            return;
        }
    }
    if (strcmp(alias->name->text, "braces") == 0) {
        scope_error(c, alias->pos, str_fmt("not a chance"));
    } else {
        scope_error(c, alias->pos, str_fmt("future feature %.100s is not defined", alias->name->text));
    }
}

static bool
is_future_import(const Stmt *s)
{
    return s->kind == STMT_IMPORT_FROM && s->ImportFrom.module && s->ImportFrom.level == 0 &&
           strcmp(s->ImportFrom.module->text, "__future__") == 0;
}

void
compiler_read_futures(Compiler *c)
{
    const StmtSeq *body = c->tree->kind == MOD_MODULE        ? &c->tree->Module.body
                          : c->tree->kind == MOD_INTERACTIVE ? &c->tree->Interactive.body
                                                             : NULL;
    if (!body) {
        return;
    }
    int i = body_docstring(body) != NULL;
    for (; i < body->count && is_future_import(body->items[i]); i++) {
        const AliasSeq *names = &body->items[i]->ImportFrom.names;
        for (int n = 0; n < names->count && !c->failed; n++) {
            read_future_name(c, names->items[n]);
        }
        c->future_pos = &body->items[i]->pos;
    }
}
