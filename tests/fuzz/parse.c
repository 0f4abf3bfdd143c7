/* Feeds the front end whatever libFuzzer makes up: the first byte chooses mode and options, the
   rest is the source; it is parsed, its tree walked, and it is read as tokens. Built on demand, by
   clang:

       CC=clang-19 meson setup build-fuzz -Db_sanitize=address,undefined -Db_lundef=false
   -Dc_args=-fsanitize=fuzzer-no-link ninja -C build-fuzz tests/fuzz/fuzz_parse
       build-fuzz/tests/fuzz/fuzz_parse -max_total_time=300 -timeout=10 CORPUS */
#include "base/utf8.h"
#include "source/parser.h"
#include "source/tokenize.h"

#include <stdlib.h>

/* Reads every field of every node. Deep trees are cut off: a long `a.b.c` is as deep as it is long.
 */
static uint64_t
walk(int type, const void *node, int depth)
{
    const AstTypeInfo *info = &ast_types[type];
    const AstNode *n =
        &ast_nodes[info->first_node + (info->form == AST_SUM ? *(const int *)node - 1 : 0)];
    uint64_t sum = info->has_pos
                       ? (uint64_t)((const Pos *)((const char *)node + info->pos_offset))->lineno
                       : 0;
    for (int i = 0; i < n->count && depth < 2000; i++) {
        const AstField *f = &n->fields[i];
        const char *at = (const char *)node + f->offset;
        AstSeq one = {(void *)at, 1}, seq = f->card >= AST_SEQ ? *(const AstSeq *)at : one;
        int form = ast_types[f->type].form;
        for (int k = 0; k < seq.count; k++) {
            const void *child =
                form == AST_SUM || form == AST_RECORD ? ((void **)seq.items)[k] : NULL;
            if (child)
                sum = sum * 31 + walk(f->type, child, depth + 1);
            else if (f->type == AST_TYPE_IDENTIFIER && ((const Name **)seq.items)[k])
                sum += ((const Name **)seq.items)[k]->len;
        }
    }
    return sum;
}

static int
warn(void *context, const char *message, int lineno)
{
    return *(int *)context;
}

typedef struct Lines {
    const char *text, *end;
} Lines;

static int
read_line(void *context, const char **line, size_t *len)
{
    Lines *lines = context;
    const char *newline = memchr(lines->text, '\n', (size_t)(lines->end - lines->text));
    *line = lines->text;
    lines->text = newline ? newline + 1 : lines->end;
    *len = (size_t)(lines->text - *line);
    return *len > 0;
}

static void
read_tokens(const char *text, size_t len, bool extra)
{
    Lines lines = {text, text + len};
    TokenizerIter *it = tokenizer_new(read_line, &lines, extra, NULL);
    TokenInfo token;
    while (it && tokenizer_next(it, &token) > 0)
        if (token.col > token.end_col && token.lineno == token.end_lineno)
            abort();
    tokenizer_free(it);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static volatile uint64_t sink;
    if (size == 0)
        return 0;
    int choice = data[0], answer = choice >> 5 & 1;
    char *text = malloc(size); /* exactly as long, so that reading past it is seen */
    if (!text)
        return 0;
    memcpy(text, data + 1, size - 1);
    Source source = {
        .bytes = text,
        .len = size - 1,
        .mode = (SourceMode)(choice & 3),
        .type_comments = choice >> 2 & 1,
        .allow_incomplete = choice >> 3 & 1,
        .dont_imply_dedent = choice >> 4 & 1,
        .feature_version = choice >> 6 & 1 ? 8 : 0,
        .host = {&answer, warn, NULL},
    };
    Arena arena;
    arena_init(&arena);
    ParseResult result = parse(&source, &arena);
    if (!result.mod == !result.problem.kind)
        abort();
    if (result.mod)
        sink += walk(AST_TYPE_MOD, result.mod, 0);
    arena_free_all(&arena);
    Utf8Scan scan = utf8_scan((const uint8_t *)text, size - 1, false);
    if (!scan.error)
        read_tokens(text, size - 1, choice & 1);
    free(text);
    return 0;
}
