/* Prints the trees of Python sources, as ast.dump(tree, include_attributes=True) would but with
   ascii() for repr().

   ast_dump FILE...   for each file its tree, or its problem, and a line end
   ast_dump -t FILE   only parses, a few times, and prints how fast that went
   ast_dump           serves compare.py: reads "MODE FLAGS LENGTH\n" and the source, writes
   "LENGTH\n" and the dump, until the end. MODE: exec, eval, single, func_type; or tokens (with
   FLAGS x for extra tokens). FLAGS: letters, t type comments, d don't imply dedent, i allow
   incomplete, s the source is text already, w warnings are errors, or - for none.
 */
#include "dump.h"
#include "source/tokenize.h"

#include <iconv.h>
#include <time.h>

static int
decode(void *context, const char *encoding, const char *bytes, size_t len, char **text,
       size_t *text_len)
{
    iconv_t codec = iconv_open("UTF-8", encoding);
    if (codec == (iconv_t)-1)
        return 0;
    size_t room = len * 4 + 16, left = room;
    char *in = (char *)bytes, *out = *text = malloc(room);
    bool good = out && iconv(codec, &in, &len, &out, &left) != (size_t)-1;
    iconv_close(codec);
    *text_len = room - left;
    if (!good) {
        free(*text);
        *text = NULL;
    }
    return good;
}

static int
warn(void *context, const char *message, int lineno)
{
    return 1;
}

static char *
read_file(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    if (file && fseek(file, 0, SEEK_END) == 0 && (*len = (size_t)ftell(file)) != (size_t)-1 &&
        (text = malloc(*len + 1))) {
        rewind(file);
        *len = fread(text, 1, *len, file);
    }
    if (file)
        fclose(file);
    if (!text)
        fprintf(stderr, "cannot read %s\n", path);
    return text;
}

static void
dump_file(const char *path)
{
    Source source = {.mode = SOURCE_EXEC, .host.decode = decode};
    char *text = read_file(path, &source.len);
    Dumper d = {.positions = true};
    if (!text)
        return;
    source.bytes = text;
    put_parse(&d, &source);
    put(&d, "\n");
    fwrite(d.out.data, 1, d.out.len, stdout);
    buffer_free(&d.out);
    free(text);
}

static void
time_file(const char *path)
{
    Source source = {.mode = SOURCE_EXEC, .host.decode = decode};
    char *text = read_file(path, &source.len);
    if (!text)
        return;
    source.bytes = text;
    double best = 1e9;
    size_t memory = 0;
    for (int i = 0; i < 5; i++) {
        struct timespec from, to;
        Arena arena;
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
        arena_init(&arena);
        ParseResult result = parse(&source, &arena);
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
        memory = arena_size(&arena);
        if (!result.mod)
            printf("%s\n", result.problem.message ? result.problem.message : "?");
        arena_free_all(&arena);
        double t = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) * 1e-9;
        best = t < best ? t : best;
    }
    printf("%.1f MB/s, %.1f bytes of tree a byte\n", (double)source.len / best / 1e6,
           (double)memory / (double)source.len);
    free(text);
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
put_tokens(Dumper *d, const char *text, size_t len, bool extra)
{
    Lines lines = {text, text + len};
    TokenizerIter *it = tokenizer_new(read_line, &lines, extra, NULL);
    TokenInfo token;
    int got;
    while ((got = tokenizer_next(it, &token)) > 0) {
        put_format(d, "%d ", token.type);
        put_text(d, token.text, token.len, false);
        put_format(d, " %d,%d-%d,%d ", token.lineno, token.col, token.end_lineno, token.end_col);
        put_text(d, token.line, token.line_len, false);
        put(d, "\n");
    }
    if (got < 0)
        put_problem(d, tokenizer_problem(it));
    tokenizer_free(it);
}

static int
serve(void)
{
    static const char *const modes[] = {"exec", "eval", "single", "func_type"};
    char mode[16], flags[16];
    size_t len;
    while (scanf("%15s %15s %zu", mode, flags, &len) == 3 && getchar() == '\n') {
        char *text = malloc(len + 1);
        if (!text || fread(text, 1, len, stdin) != len)
            return 1;
        Source source = {.bytes = text, .len = len, .host.decode = decode};
        for (int i = 0; i < 4; i++)
            if (strcmp(mode, modes[i]) == 0)
                source.mode = (SourceMode)i;
        source.type_comments = strchr(flags, 't');
        source.dont_imply_dedent = strchr(flags, 'd');
        source.allow_incomplete = strchr(flags, 'i');
        source.is_text = strchr(flags, 's');
        source.feature_version = atoi(flags + strcspn(flags, "0123456789"));
        source.max_int_digits = 4300;
        if (strchr(flags, 'w'))
            source.host.warn = warn;
        Dumper d = {.positions = true};
        if (strcmp(mode, "tokens") == 0)
            put_tokens(&d, text, len, strchr(flags, 'x'));
        else
            put_parse(&d, &source);
        printf("%zu\n", d.out.len);
        fwrite(d.out.data, 1, d.out.len, stdout);
        fflush(stdout);
        buffer_free(&d.out);
        free(text);
    }
    return 0;
}

int
main(int argc, char **argv)
{
    if (argc < 2)
        return serve();
    bool timed = strcmp(argv[1], "-t") == 0;
    for (int i = 1 + timed; i < argc; i++) {
        if (timed)
            time_file(argv[i]);
        else
            dump_file(argv[i]);
    }
    return 0;
}
