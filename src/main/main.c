/* The program `weft`. */
#include <stdio.h>
#include <stdlib.h>

#include "compile/compile.h"
#include "main/start.h"
#include "object/exception.h"
#include "object/module.h"
#include "object/str.h"
#include "vm/vm.h"

static void
show_exception(void)
{
    Own exc = exc_take();
    Own text = object_str(exc);
    const char *name = type_of(exc)->name;
    fprintf(stderr, "%s: %s\n", name, text ? str_utf8(text, NULL) : "?");
}

static char *
read_file(const char *path, size_t *length)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        return NULL;
    }
    size_t capacity = 65536, used = 0;
    char *text = malloc(capacity);
    for (size_t n; text && (n = fread(text + used, 1, capacity - used, f)) > 0;) {
        used += n;
        if (used == capacity) {
            capacity *= 2;
            text = realloc(text, capacity);
        }
    }
    fclose(f);
    *length = used;
    return text;
}

int
main(int argc, char **argv)
{
    if (runtime_start() < 0) {
        fputs("weft: cannot start\n", stderr);
        if (exc_pending()) {
            show_exception();
        }
        return 1;
    }
    size_t length;
    char *text;
    const char *name = argc > 1 ? argv[1] : "/dev/stdin";
    if (argc > 2 && strcmp(argv[1], "-c") == 0) {
        text = argv[2];
        length = strlen(text);
        name = "<string>";
    } else {
        text = read_file(name, &length);
    }
    if (!text) {
        fprintf(stderr, "weft: can't open file '%s'\n", name);
        return 2;
    }
    CompileOptions options = {.filename = str_from_cstr(name)};
    Own code = compile_source(text, length, SOURCE_EXEC, &options);
    Own result = NO_VALUE;
    if (code && getenv("WEFT_DIS")) {
        Own text = code_disassemble(code, true);
        fputs(str_utf8(text, NULL), stdout);
    }
    if (code) {
        Value globals = module_dict(runtime_main_module());
        result = vm_run_code(code, globals, globals, NO_VALUE);
    }
    if (!result) {
        show_exception();
        return 1;
    }
    return 0;
}
