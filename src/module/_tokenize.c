/* The module _tokenize: src/source/tokenize.h as an iterator. Each is guarded by its lock, held as by a file: reading a line runs Python code. */
#include "compile/compile.h"
#include "module/io/io_priv.h"
#include "object/args.h"
#include "source/tokenize.h"

typedef struct TokenIter {
    Object head;
    Own readline, line, encoding; /* line: the one that the tokenizer looks at; guard: lock */
    TokenizerIter *tokens;
    CallLock lock;
    bool done;
} TokenIter;

#include "_tokenize.spec.h"

/* 1, 0 at the end, -1 */
static int
read_line(void *context, const char **text, size_t *len)
{
    TokenIter *self = context;
    Own line = call0(self->readline);
    if (!line) {
        return exc_swallow(&exc_StopIteration) ? 0 : -1;
    }
    if (is_bytes(line) && self->encoding) {
        Own decoded = call_method2(line, "decode", self->encoding, NAME(replace));
        drop(line);
        line = decoded;
    } else if (!is_str(line)) {
        raise_fmt(&exc_TypeError, self->encoding ? "readline() returned a non-bytes object" : "readline() returned a non-string object");
        ref_clear(&line);
    }
    if (!line) {
        return -1;
    }
    ref_store(&self->head, &self->line, line);
    *text = str_utf8(line, len);
    return !*text ? -1 : *len > 0;
}

Own
token_iter_make(Type *cls, Value readline, const char *encoding, bool extra_tokens)
{
    Own v = type_alloc(cls, 0);
    if (!v) {
        return NO_VALUE;
    }
    TokenIter *self = (TokenIter *)obj(v);
    ref_init(obj(v), &self->readline, own(readline));
    if (encoding) {
        ref_init(obj(v), &self->encoding, str_from_cstr(encoding));
    }
    self->tokens = tokenizer_new(read_line, self, extra_tokens, NULL);
    if (!self->tokens) {
        drop(v);
        return raise_no_memory();
    }
    return v;
}

static Own
make_token(const TokenInfo *t)
{
    Own start[] = {small_int(t->lineno), small_int(t->col)}, end[] = {small_int(t->end_lineno), small_int(t->end_col)};
    Own fields[] = {small_int(t->type), str_from_wtf8(t->text, t->len), tuple_from_own(start, 2), tuple_from_own(end, 2),
                    str_from_wtf8(t->line, t->line_len)};
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        if (!fields[i]) {
            for (size_t k = 0; k < ARRAY_LEN(fields); k++) {
                drop_opt(fields[k]);
            }
            return NO_VALUE;
        }
    }
    return tuple_from_own(fields, 5);
}

static Own
token_iter_next(Value v)
{
    TokenIter *self = (TokenIter *)obj(v);
    TokenInfo token;
    if (io_lock(&self->lock, v) < 0) {
        return NO_VALUE;
    }
    int got = self->done ? 0 : tokenizer_next(self->tokens, &token);
    Own result = got > 0 ? make_token(&token) : NO_VALUE;
    self->done = got <= 0;
    if (got < 0 && !exc_pending()) {
        Own name = str_from_cstr("<string>");
        if (name) {
            raise_problem(tokenizer_problem(self->tokens), name);
            drop(name);
        }
    }
    call_unlock(&self->lock);
    return result;
}

static Own
token_iter_iter(Value v)
{
    return own(v);
}

static int
token_iter_traverse(Object *o, Visit visit, void *arg)
{
    VISIT(((TokenIter *)o)->readline);
    VISIT(((TokenIter *)o)->line);
    VISIT(((TokenIter *)o)->encoding);
    return 0;
}

static void
token_iter_clear(Object *o)
{
    ref_clear(&((TokenIter *)o)->readline);
}

static void
token_iter_dealloc(Object *o)
{
    TokenIter *self = (TokenIter *)o;
    if (self->tokens) {
        tokenizer_free(self->tokens);
    }
    ref_clear(&self->readline);
    ref_clear(&self->line);
    ref_clear(&self->encoding);
    object_free(o);
}

static Type token_iter_type = {
    .name = "_tokenize.TokenizerIter",
    .flags = TYPE_GC,
    .basic_size = sizeof(TokenIter),
    .slots = {
        .traverse = token_iter_traverse,
        .clear = token_iter_clear,
        .dealloc = token_iter_dealloc,
        .create = token_iter_create_slot,
        .iter = token_iter_iter,
        .next = token_iter_next,
    },
    .methods = token_iter_methods,
    .spec_doc = token_iter_doc,
};

static int
tokenizer_exec(Value m)
{
    return module_add_type(m, &token_iter_type);
}

const ModuleDef module__tokenize = {
    .name = "_tokenize",
    .doc = tokenizer_module_doc,
    .functions = tokenizer_functions,
    .exec = tokenizer_exec,
};
