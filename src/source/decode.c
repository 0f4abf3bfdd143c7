/* Encodings of source text: PEP 263's declaration, the byte order mark, and decoding. UTF-8,
   Latin-1 and ASCII are decoded here; the host knows the others. */
#include "source/decode.h"

#include "base/utf8.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#define NAME_MAX_LEN 80

/* A problem without any line to show. */
static COLD void
refuse(Arena *arena, SyntaxProblem *problem, bool located, const char *message)
{
    char *copy = arena_strndup(arena, message, strlen(message));
    *problem = (SyntaxProblem){.kind = copy ? PROBLEM_SYNTAX : PROBLEM_MEMORY,
                               .located = located,
                               .lineno = 0,
                               .offset = -1,
                               .no_end = true,
                               .message = copy};
}

/* A copy of a line in which bytes that are no UTF-8 are replaced. */
static char *
printable_line(Arena *arena, const uint8_t *line, size_t len, size_t *out_len)
{
    char *text = arena_alloc(arena, len * 3 + 1);
    size_t n = 0;
    while (text && len) {
        Utf8Scan scan = utf8_scan(line, len, false);
        memcpy(text + n, line, scan.valid);
        n += scan.valid;
        size_t skip = scan.valid;
        if (scan.error) {
            memcpy(text + n, "\xEF\xBF\xBD", 3);
            n += 3;
            skip = scan.error_end > scan.valid ? scan.error_end : scan.valid + 1;
        }
        line += skip;
        len -= skip;
    }
    *out_len = n;
    return text;
}

/* A problem in the line that holds byte `at`. `whole`: the offset is 0 and the end that of the
 * line. */
static COLD void
refuse_line(Arena *arena, SyntaxProblem *problem, const char *bytes, size_t len, size_t at,
            bool whole, const char *message)
{
    size_t start = 0;
    int lineno = 1;
    for (size_t i = 0; i < at; i++) {
        if (bytes[i] == '\n') {
            start = i + 1;
            lineno++;
        }
    }
    const char *newline = memchr(bytes + start, '\n', len - start);
    size_t line_len = (newline ? (size_t)(newline - bytes) : len) - start;
    int column = (int)utf8_count((const uint8_t *)bytes + start, at - start) + 1;
    char *copy = arena_strndup(arena, message, strlen(message));
    *problem = (SyntaxProblem){.kind = PROBLEM_SYNTAX,
                               .located = true,
                               .lineno = lineno,
                               .offset = whole ? 0 : column,
                               .end_lineno = lineno,
                               .end_offset = whole ? (int)line_len + (lineno > 1) : column,
                               .message = copy};
    problem->text =
        printable_line(arena, (const uint8_t *)bytes + start, line_len, &problem->text_len);
    if (!copy || !problem->text)
        *problem = (SyntaxProblem){.kind = PROBLEM_MEMORY};
}

/* ---- the declaration ---- */

static bool
name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

size_t
source_cookie(const char *line, size_t len, const char **name, bool *blank)
{
    size_t i = 0;
    while (i < len && (line[i] == ' ' || line[i] == '\t' || line[i] == '\f'))
        i++;
    *blank = i == len || line[i] == '#' || line[i] == '\n' || line[i] == '\r';
    if (i == len || line[i] != '#')
        return 0;
    for (; i + 6 < len; i++) {
        if (memcmp(line + i, "coding", 6) != 0 || (line[i + 6] != ':' && line[i + 6] != '='))
            continue;
        size_t from = i + 7;
        while (from < len && (line[from] == ' ' || line[from] == '\t'))
            from++;
        size_t to = from;
        while (to < len && name_char(line[to]))
            to++;
        if (to > from) {
            *name = line + from;
            return to - from;
        }
    }
    return 0;
}

/* The declared encoding in the first two lines, in `name`; "" if there is none. `*at`: where it
 * stands. */
static void
declared_encoding(const char *bytes, size_t len, bool add_newline, char name[NAME_MAX_LEN + 1],
                  size_t *at)
{
    name[0] = 0;
    size_t start = 0;
    for (int n = 0; n < 2 && start < len; n++) {
        size_t end = start;
        while (end < len && bytes[end] != '\n' && bytes[end] != '\r')
            end++;
        const char *found;
        bool blank;
        if (end == len && !add_newline) /* no whole line */
            return;
        size_t size = source_cookie(bytes + start, end - start, &found, &blank);
        if (size) {
            size = size < NAME_MAX_LEN ? size : NAME_MAX_LEN;
            memcpy(name, found, size);
            name[size] = 0;
            *at = start;
            return;
        }
        if (!blank)
            return;
        start = end + 1;
        if (end + 1 < len && bytes[end] == '\r' && bytes[end + 1] == '\n')
            start++;
    }
}

/* The usual spellings of the two most common encodings get one name; all else stays as written. */
static void
normalise_name(char *name)
{
    char low[13];
    size_t i = 0;
    for (; i < 12 && name[i]; i++)
        low[i] = name[i] == '_'                     ? '-'
                 : name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] | 0x20)
                                                    : name[i];
    low[i] = 0;
    if (strcmp(low, "utf-8") == 0 || strncmp(low, "utf-8-", 6) == 0) {
        strcpy(name, "utf-8");
        return;
    }
    static const char *const latin[] = {"latin-1", "iso-8859-1", "iso-latin-1"};
    if (strcmp(low, "latin1") == 0 || strcmp(low, "iso8859-1") == 0) {
        strcpy(name, "iso-8859-1");
        return;
    }
    for (i = 0; i < ARRAY_LEN(latin); i++) {
        size_t n = strlen(latin[i]);
        if (strncmp(low, latin[i], n) == 0 && (low[n] == 0 || low[n] == '-')) {
            strcpy(name, "iso-8859-1");
            return;
        }
    }
}

/* ---- decoding ---- */

/* Replaces line ends, and adds one where an executed text lacks it. Gives a new string. */
static char *
copy_lines(const char *bytes, size_t *len, bool add_newline)
{
    size_t n = *len;
    char *text = malloc(n + 2);
    if (!text)
        return NULL;
    if (!memchr(bytes, '\r', n)) {
        memcpy(text, bytes, n);
    } else {
        size_t to = 0;
        for (size_t i = 0; i < n; i++) {
            text[to++] = bytes[i] == '\r' ? '\n' : bytes[i];
            if (bytes[i] == '\r' && i + 1 < n && bytes[i + 1] == '\n')
                i++;
        }
        n = to;
    }
    if (add_newline && n && text[n - 1] != '\n')
        text[n++] = '\n';
    text[n] = 0;
    *len = n;
    return text;
}

static char *
from_latin1(const char *bytes, size_t *len)
{
    char *text = malloc(*len * 2 + 1);
    size_t n = 0;
    for (size_t i = 0; text && i < *len; i++)
        n += utf8_put((uint8_t *)text + n, (uint8_t)bytes[i]);
    *len = n;
    return text;
}

/* For what calls itself UTF-8 or says nothing. */
static bool
check_utf8(const Source *source, const char *bytes, size_t len, Arena *arena,
           SyntaxProblem *problem)
{
    Utf8Scan scan = utf8_scan((const uint8_t *)bytes, len, false);
    if (!scan.error)
        return true;
    int lineno = 1;
    for (size_t i = 0; i < scan.valid; i++)
        lineno += bytes[i] == '\n';
    size_t size = 160 + (source->filename ? strlen(source->filename) : 0);
    char *message = arena_alloc(arena, size);
    if (!message) {
        *problem = (SyntaxProblem){.kind = PROBLEM_MEMORY};
        return false;
    }
    snprintf(message, size,
             "Non-UTF-8 code starting with '\\x%02x'%s%s on line %d, but no encoding declared; see "
             "https://peps.python.org/pep-0263/ for details",
             (uint8_t)bytes[scan.valid], source->filename ? " in file " : "",
             source->filename ? source->filename : "", lineno);
    refuse_line(arena, problem, bytes, len, scan.valid, false, message);
    return false;
}

/* Decodes with a codec: malloc'ed text, or NULL and a problem. */
static char *
decode_as(const Source *source, const char *encoding, size_t *len, Arena *arena,
          SyntaxProblem *problem)
{
    const uint8_t *bytes = (const uint8_t *)source->bytes;
    char message[200];
    if (strcmp(encoding, "iso-8859-1") == 0) {
        char *text = from_latin1(source->bytes, len);
        if (!text)
            problem->kind = PROBLEM_MEMORY;
        return text;
    }
    if (strcmp(encoding, "ascii") == 0 || strcmp(encoding, "us-ascii") == 0) {
        size_t good = ascii_run(bytes, *len);
        if (good == *len)
            return copy_lines(source->bytes, len, false);
        snprintf(
            message, sizeof message,
            "'ascii' codec can't decode byte 0x%02x in position %zu: ordinal not in range(128)",
            bytes[good], good);
        refuse(arena, problem, true, message);
        return NULL;
    }
    if (strcmp(encoding, "utf8") == 0) {
        Utf8Scan scan = utf8_scan(bytes, *len, false);
        if (!scan.error)
            return copy_lines(source->bytes, len, false);
        snprintf(message, sizeof message,
                 "'utf-8' codec can't decode byte 0x%02x in position %zu: %s", bytes[scan.valid],
                 scan.valid, utf8_reason(scan.error));
        refuse(arena, problem, true, message);
        return NULL;
    }
    char *text = NULL;
    size_t text_len = 0;
    int done = 0;
    if (source->host.decode)
        done = source->host.decode(source->host.context, encoding, source->bytes, *len, &text,
                                   &text_len);
    if (done > 0) {
        *len = text_len;
        return text;
    }
    if (done < 0) {
        problem->kind = PROBLEM_HOST;
        return NULL;
    }
    snprintf(message, sizeof message, "unknown encoding: %s", encoding);
    refuse(arena, problem, true, text ? text : message);
    free(text);
    return NULL;
}

/* ---- the whole ---- */

static bool
check_zero_bytes(const Source *source, Arena *arena, SyntaxProblem *problem)
{
    const char *zero = memchr(source->bytes, 0, source->len);
    if (!zero)
        return true;
    if (!source->filename) {
        refuse(arena, problem, false, "source code string cannot contain null bytes");
        return false;
    }
    refuse_line(arena, problem, source->bytes, (size_t)(zero - source->bytes),
                (size_t)(zero - source->bytes), false, "source code cannot contain null bytes");
    return false;
}

char *
source_decode(const Source *source, Arena *arena, SyntaxProblem *problem, size_t *len)
{
    bool add_newline = source->mode == SOURCE_EXEC;
    char encoding[NAME_MAX_LEN + 1] = "";
    const char *bytes = source->bytes;
    char *decoded = NULL, *text;
    *len = source->len;
    if (*len > INT_MAX - 2) {
        refuse(arena, problem, false, "source code is too large");
        problem->kind = PROBLEM_VALUE;
        return NULL;
    }
    if (!check_zero_bytes(source, arena, problem))
        return NULL;
    if (!source->is_text) {
        bool mark = *len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0;
        size_t at = 0;
        bytes += mark ? 3 : 0;
        *len -= mark ? 3 : 0;
        declared_encoding(bytes, *len, add_newline, encoding, &at);
        normalise_name(encoding);
        bool utf8 = !encoding[0] || strcmp(encoding, "utf-8") == 0;
        if (mark && !utf8) {
            char message[NAME_MAX_LEN + 40];
            snprintf(message, sizeof message, "encoding problem: %s with BOM", encoding);
            refuse_line(arena, problem, bytes, *len, at, true, message);
            return NULL;
        }
        if (!utf8) {
            decoded = decode_as(source, encoding, len, arena, problem);
            if (!decoded)
                return NULL;
            bytes = decoded;
        }
    }
    text = copy_lines(bytes, len, add_newline);
    if (!text) {
        problem->kind = PROBLEM_MEMORY;
    } else if (!check_utf8(source, text, *len, arena, problem)) {
        free(text);
        text = NULL;
    }
    free(decoded);
    return text;
}
