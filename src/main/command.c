/* The text of -c: its common indentation is dropped, and the library is told of it, so that tracebacks can show its lines. */
#include "main/command.h"

#include <stdlib.h>
#include <string.h>

#include "object/error.h"
#include "object/hooks.h"
#include "object/object.h"
#include "object/str.h"

static size_t
blanks(const char *line, size_t n)
{
    size_t i = 0;
    while (i < n && (line[i] == ' ' || line[i] == '\t')) {
        i++;
    }
    return i;
}

static size_t
line_length(const char *line)
{
    const char *end = strchr(line, '\n');
    return end ? (size_t)(end - line) : strlen(line);
}

/* How much white space all lines that have more than that begin with: its length. */
static size_t
common_indent(const char *text)
{
    const char *first = NULL;
    size_t common = 0;
    for (const char *line = text; *line; line += line_length(line), line += *line == '\n') {
        size_t n = line_length(line), indent = blanks(line, n);
        if (indent == n) {
            continue;
        }
        if (!first) {
            first = line;
            common = indent;
        }
        size_t same = 0;
        while (same < common && same < indent && line[same] == first[same]) {
            same++;
        }
        common = same;
    }
    return common;
}

char *
command_text(const char *text, size_t *length)
{
    char *result = malloc(strlen(text) + 2), *out = result;
    if (!result) {
        return NULL;
    }
    size_t indent = common_indent(text);
    for (const char *line = text; *line;) {
        size_t n = line_length(line);
        if (indent == 0 || blanks(line, n) < n) {
            memcpy(out, line + indent, n - indent);
            out += n - indent;
        }
        line += n;
        if (*line == '\n') {
            *out++ = *line++;
        }
    }
    *out++ = '\n';
    *out = 0;
    *length = (size_t)(out - result);
    return result;
}

void
command_register(Value code, const char *text, Value filename)
{
    Own module = object_hooks.import_module("linecache");
    Own f = module ? object_getattr_cstr(module, "_register_code") : NO_VALUE;
    Own lines = f ? str_from_cstr(text) : NO_VALUE;
    Own done = lines ? call3(f, code, lines, filename) : NO_VALUE;
    if (!done) {
        exc_clear(); /* without its lines then */
    }
    drop_opt(module);
    drop_opt(f);
    drop_opt(lines);
    drop_opt(done);
}
