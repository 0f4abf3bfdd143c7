/* The iterator over tokens, line by line. */
#include "check.h"
#include "dump.h"
#include "source/tokenize.h"

typedef struct Lines {
    const char *text;
    int read; /* lines given so far */
} Lines;

static int
read_line(void *context, const char **line, size_t *len)
{
    Lines *lines = context;
    const char *newline = strchr(lines->text, '\n');
    *line = lines->text;
    *len = newline ? (size_t)(newline + 1 - lines->text) : strlen(lines->text);
    lines->text += *len;
    lines->read += *len > 0;
    return *len > 0;
}

/* A line a token: type, text, start-end. */
static void
check_tokens(const char *text, bool extra, const char *expected, int line)
{
    Lines lines = {text, 0};
    Dumper d = {0};
    TokenizerIter *it = tokenizer_new(read_line, &lines, extra, NULL);
    TokenInfo token;
    int got;
    if (!CHECK(it != NULL))
        return;
    while ((got = tokenizer_next(it, &token)) > 0) {
        put_format(&d, "%d ", token.type);
        put_text(&d, token.text, token.len, false);
        put_format(&d, " %d,%d-%d,%d\n", token.lineno, token.col, token.end_lineno, token.end_col);
    }
    if (got < 0)
        put_problem(&d, tokenizer_problem(it));
    put_bytes(&d, "", 1);
    check_str(d.out.data, expected, line, text);
    buffer_free(&d.out);
    tokenizer_free(it);
}

CASE(extra_tokens_tell_everything)
{
    check_tokens(
        "if x: # c\r\n  y\n\n(\n)", true,
        "1 'if' 1,0-1,2\n1 'x' 1,3-1,4\n55 ':' 1,4-1,5\n65 '# c' 1,6-1,9\n"
        "4 '\\r\\n' 1,9-1,11\n5 '  ' 2,0-2,2\n1 'y' 2,2-2,3\n4 '\\n' 2,3-2,4\n"
        "66 '\\n' 3,0-3,1\n6 '' 4,0-4,0\n55 '(' 4,0-4,1\n66 '\\n' 4,1-4,2\n55 ')' 5,0-5,1\n"
        "4 '' 5,1-5,2\n0 '' 6,0-6,0\n",
        __LINE__);
    check_tokens(
        "f'a{b!r:{c}}d{{'\n", true,
        "59 \"f'\" 1,0-1,2\n60 'a' 1,2-1,3\n55 '{' 1,3-1,4\n1 'b' 1,4-1,5\n55 '!' 1,5-1,6\n"
        "1 'r' 1,6-1,7\n55 ':' 1,7-1,8\n55 '{' 1,8-1,9\n1 'c' 1,9-1,10\n55 '}' 1,10-1,11\n"
        "60 '' 1,11-1,11\n55 '}' 1,11-1,12\n60 'd{' 1,12-1,14\n61 \"'\" 1,15-1,16\n"
        "4 '\\n' 1,16-1,17\n0 '' 2,0-2,0\n",
        __LINE__);
}

CASE(without_them_the_tokens_are_the_parsers)
{
    check_tokens("x = 1 # c\n", false,
                 "1 'x' 1,0-1,1\n22 '=' 1,2-1,3\n2 '1' 1,4-1,5\n4 '# c' 1,6-1,9\n0 '' 1,-1-1,-1\n",
                 __LINE__);
}

CASE(columns_are_characters)
{
    check_tokens("\xc3\xa9 '\xe2\x82\xac'", true,
                 "1 '\\xe9' 1,0-1,1\n3 \"'\\u20ac'\" 1,2-1,5\n4 '' 1,5-1,6\n0 '' 2,0-2,0\n",
                 __LINE__);
}

CASE(problems_come_where_they_are)
{
    check_tokens("x\n1_\n", true,
                 "1 'x' 1,0-1,1\n4 '\\n' 1,1-1,2\n"
                 "SyntaxError: invalid decimal literal (2, 2, 2, 2)",
                 __LINE__);
    check_tokens("(\n1\n", true,
                 "55 '(' 1,0-1,1\n66 '\\n' 1,1-1,2\n2 '1' 2,0-2,1\n66 '\\n' 2,1-2,2\n"
                 "SyntaxError: unexpected EOF in multi-line statement (2, 0, None, None)",
                 __LINE__);
    check_tokens("if x:\n  y\n z\n", true,
                 "1 'if' 1,0-1,2\n1 'x' 1,3-1,4\n55 ':' 1,4-1,5\n4 '\\n' 1,5-1,6\n5 '  ' 2,0-2,2\n"
                 "1 'y' 2,2-2,3\n4 '\\n' 2,3-2,4\n"
                 "IndentationError: unindent does not match any outer indentation level "
                 "(3, 3, None, None)",
                 __LINE__);
}

CASE(lines_are_read_when_they_are_needed)
{
    Lines lines = {"a\nb '''c\nd'''\ne\n", 0};
    TokenizerIter *it = tokenizer_new(read_line, &lines, true, NULL);
    TokenInfo token;
    static const int read[] = {1, 1, 2, 3, 3, 4, 4, 4};
    for (size_t i = 0; it && i < ARRAY_LEN(read); i++) {
        CHECK_INT(tokenizer_next(it, &token), 1);
        CHECK_INT(lines.read, read[i]);
        if (i == 3)
            CHECK_INT(token.line_len, strlen("b '''c\nd'''\n"));
    }
    CHECK_INT(tokenizer_next(it, &token), 0);
    tokenizer_free(it);
}

CHECK_MAIN()
