/* Trees and problems of small sources, written down by hand. (compare.py does the same at large,
 * beside CPython.) */
#include "check.h"
#include "dump.h"

typedef struct Example {
    const char *source, *expected;
} Example;

static void
check_example(SourceMode mode, const char *text, const char *expected, bool positions, int line)
{
    Source source = {.bytes = text, .len = strlen(text), .mode = mode, .max_int_digits = 4300};
    Dumper d = {.positions = positions};
    put_parse(&d, &source);
    put_bytes(&d, "", 1);
    check_str(d.out.data, expected, line, text);
    buffer_free(&d.out);
}

/* What stands between "Expression(body=" and the last parenthesis. */
static void
check_expressions(const Example *examples, size_t count)
{
    char expected[1000];
    for (size_t i = 0; i < count; i++) {
        snprintf(expected, sizeof expected, "Expression(body=%s)", examples[i].expected);
        check_example(SOURCE_EVAL, examples[i].source, expected, false, (int)i);
    }
}

static void
check_problems(SourceMode mode, const Example *examples, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_example(mode, examples[i].source, examples[i].expected, true, (int)i);
}

#define L ", ctx=Load()"
#define N(id) "Name(id='" id "'" L ")"
#define C(value) "Constant(value=" value ")"

CASE(operators_bind_as_the_reference_says)
{
    static const Example examples[] = {
        {"a + b * c",
         "BinOp(left=" N("a") ", op=Add(), right=BinOp(left=" N("b") ", op=Mult(), "
                                                                     "right=" N("c") "))"},
        {"a - b - c",
         "BinOp(left=BinOp(left=" N("a") ", op=Sub(), right=" N("b") "), op=Sub(), "
                                                                     "right=" N("c") ")"},
        {"-a ** -b", "UnaryOp(op=USub(), operand=BinOp(left=" N(
                         "a") ", op=Pow(), "
                              "right=UnaryOp(op=USub(), operand=" N("b") ")))"},
        {"a ** b ** c",
         "BinOp(left=" N("a") ", op=Pow(), right=BinOp(left=" N("b") ", op=Pow(), "
                                                                     "right=" N("c") "))"},
        {"not a == b",
         "UnaryOp(op=Not(), operand=Compare(left=" N("a") ", ops=[Eq()], "
                                                          "comparators=[" N("b") "]))"},
        {"a < b is not c not in d",
         "Compare(left=" N("a") ", ops=[Lt(), IsNot(), NotIn()], "
                                "comparators=[" N("b") ", " N("c") ", " N("d") "])"},
        {"a or b and c or d", "BoolOp(op=Or(), values=[" N("a") ", BoolOp(op=And(), values=[" N(
                                  "b") ", " N("c") "]), " N("d") "])"},
        {"a if b else c if d else e",
         "IfExp(test=" N("b") ", body=" N("a") ", orelse=IfExp(test=" N("d") ", body=" N(
             "c") ", orelse=" N("e") "))"},
        {"await_.a[b](c)",
         "Call(func=Subscript(value=Attribute(value=" N("await_") ", attr='a'" L "), slice=" N("b")
             L "), args=[" N("c") "])"},
    };
    check_expressions(examples, ARRAY_LEN(examples));
}

CASE(literals_have_their_values)
{
    static const Example examples[] = {
        {"0", C("0")},
        {"1_000", C("1000")},
        {"0xFF", C("255")},
        {"0o17", C("15")},
        {"0b_101", C("5")},
        {"9223372036854775807", C("9223372036854775807")},
        {"9223372036854775808", C("9223372036854775808")},
        {"0x1_0000_0000_0000_0000", C("18446744073709551616")},
        {"1.5e3", C("1500.0")},
        {".5", C("0.5")},
        {"1e400", C("inf")},
        {"2.5j", C("2.5j")},
        {"1_0j", C("10j")},
        {"'a\\n\\x41\\u00e9\\U0001F600\\101\\N{BULLET}'", C("'a\\nA\\xe9\\U0001f600A\\u2022'")},
        {"'\\ud800'", C("'\\ud800'")},
        {"r'\\n'", C("'\\\\n'")},
        {"b'\\xff\\0'", C("b'\\xff\\x00'")},
        {"'a' \"b\" '''c'''", C("'abc'")},
        {"u'a' 'b'", "Constant(value='ab', kind='u')"},
        {"...", C("Ellipsis")},
        {"'a\\\nb'", C("'ab'")},
    };
    check_expressions(examples, ARRAY_LEN(examples));
}

CASE(displays_and_comprehensions)
{
    static const Example examples[] = {
        {"()", "Tuple(ctx=Load())"},
        {"(a)", N("a")},
        {"(a,)", "Tuple(elts=[" N("a") "]" L ")"},
        {"[*a, b]", "List(elts=[Starred(value=" N("a") L "), " N("b") "]" L ")"},
        {"{}", "Dict()"},
        {"{a: b, **c}", "Dict(keys=[" N("a") ", None], values=[" N("b") ", " N("c") "])"},
        {"{a, b}", "Set(elts=[" N("a") ", " N("b") "])"},
        {"[a for b in c if d if e]",
         "ListComp(elt=" N("a") ", generators=[comprehension(target=Name(id='b', ctx=Store()), "
                                "iter=" N("c") ", ifs=[" N("d") ", " N("e") "], is_async=0)])"},
        {"{a: b async for c in d}",
         "DictComp(key=" N("a") ", value=" N("b") ", generators=[comprehension(target=Name(id='c', "
                                                  "ctx=Store()), iter=" N("d") ", is_async=1)])"},
        {"f(a for b in c)",
         "Call(func=" N("f") ", args=[GeneratorExp(elt=" N(
             "a") ", generators=[comprehension("
                  "target=Name(id='b', ctx=Store()), iter=" N("c") ", is_async=0)])])"},
        {"f(a, *b, c=d, **e)", "Call(func=" N("f") ", args=[" N("a") ", Starred(value=" N("b") L
         ")], keywords=["
         "keyword(arg='c', value=" N("d") "), keyword(value=" N("e") ")])"},
        {"a[b:c, ::d]", "Subscript(value=" N("a") ", slice=Tuple(elts=[Slice(lower=" N(
                            "b") ", upper=" N("c") "), Slice(step=" N("d") ")]" L ")" L ")"},
        {"(a := b)", "NamedExpr(target=Name(id='a', ctx=Store()), value=" N("b") ")"},
        {"lambda a, /, b=1, *c, d, **e: f",
         "Lambda(args=arguments(posonlyargs=[arg(arg='a')], args=[arg(arg='b')], vararg=arg("
         "arg='c'), kwonlyargs=[arg(arg='d')], kw_defaults=[None], kwarg=arg(arg='e'), "
         "defaults=[" C("1") "]), body=" N("f") ")"},
    };
    check_expressions(examples, ARRAY_LEN(examples));
}

CASE(strings_with_fields)
{
    static const Example examples[] = {
        {"f''", "JoinedStr()"},
        {"f'a{{b}}' 'c'", "JoinedStr(values=[" C("'a{b}c'") "])"},
        {"f'{a!r:>{b}}'",
         "JoinedStr(values=[FormattedValue(value=" N(
             "a") ", conversion=114, format_spec=JoinedStr("
                  "values=[" C("'>'") ", FormattedValue(value=" N("b") ", conversion=-1)]))])"},
        {"f'x{a = }y'", "JoinedStr(values=[" C("'xa = '") ", FormattedValue(value=" N(
                            "a") ", conversion=114), " C("'y'") "])"},
        {"f'{f'{a}'}'", "JoinedStr(values=[FormattedValue(value=JoinedStr(values=[FormattedValue("
                        "value=" N("a") ", conversion=-1)]), conversion=-1)])"},
        {"rf'\\{a}'",
         "JoinedStr(values=[" C("'\\\\'") ", FormattedValue(value=" N("a") ", conversion=-1)])"},
        {"t'a{ b !s}'", "TemplateStr(values=[" C("'a'") ", Interpolation(value=" N(
                            "b") ", str=' b ', conversion=115)])"},
    };
    check_expressions(examples, ARRAY_LEN(examples));
}

CASE(positions_are_lines_and_bytes)
{
    check_example(
        SOURCE_EVAL, "(\xc3\xa9 +\n b)",
        "Expression(body=BinOp(left=Name(id='\\xe9', ctx=Load(), lineno=1, col_offset=1, "
        "end_lineno=1, end_col_offset=3), op=Add(), right=Name(id='b', ctx=Load(), "
        "lineno=2, col_offset=1, end_lineno=2, end_col_offset=2), lineno=1, col_offset=1, "
        "end_lineno=2, end_col_offset=2))",
        true, __LINE__);
    check_example(
        SOURCE_EXEC, "if a:\n  b;\n",
        "Module(body=[If(test=Name(id='a', ctx=Load(), lineno=1, col_offset=3, "
        "end_lineno=1, end_col_offset=4), body=[Expr(value=Name(id='b', ctx=Load(), "
        "lineno=2, col_offset=2, end_lineno=2, end_col_offset=3), lineno=2, col_offset=2, "
        "end_lineno=2, end_col_offset=3)], lineno=1, col_offset=0, end_lineno=2, "
        "end_col_offset=4)])",
        true, __LINE__);
}

CASE(statements)
{
    static const Example examples[] = {
        {"a = b, *c = d", "Assign(targets=[Name(id='a', ctx=Store()), Tuple(elts=[Name(id='b', "
                          "ctx=Store()), Starred(value=Name(id='c', ctx=Store()), ctx=Store())], "
                          "ctx=Store())], value=" N("d") ")"},
        {"a: b = c", "AnnAssign(target=Name(id='a', ctx=Store()), annotation=" N("b") ", value=" N(
                         "c") ", simple=1)"},
        {"(a): b", "AnnAssign(target=Name(id='a', ctx=Store()), annotation=" N("b") ", simple=0)"},
        {"a[b] //= c", "AugAssign(target=Subscript(value=" N("a") ", slice=" N(
                           "b") ", ctx=Store()), op=FloorDiv(), value=" N("c") ")"},
        {"from ..a.b import c as d",
         "ImportFrom(module='a.b', names=[alias(name='c', asname='d')], "
         "level=2)"},
        {"from . import *", "ImportFrom(names=[alias(name='*')], level=1)"},
        {"del a, (b, c.d)", "Delete(targets=[Name(id='a', ctx=Del()), Tuple(elts=[Name(id='b', "
                            "ctx=Del()), Attribute(value=" N("c") ", attr='d', ctx=Del())], "
                                                                  "ctx=Del())])"},
        {"with (a as b, c): pass",
         "With(items=[withitem(context_expr=" N(
             "a") ", optional_vars="
                  "Name(id='b', ctx=Store())), withitem(context_expr=" N("c") ")], body=[Pass()])"},
        {"with (a, b) as c: pass", "With(items=[withitem(context_expr=Tuple(elts=[" N("a") ", " N(
                                       "b") "]" L "), optional_vars=Name(id='c', ctx=Store()))], "
                                            "body=[Pass()])"},
        {"try: pass\nexcept a, b: pass\nfinally: pass",
         "Try(body=[Pass()], handlers=[ExceptHandler(type=Tuple(elts=[" N("a") ", " N(
             "b") "]" L "), body=[Pass()])], finalbody=[Pass()])"},
        {"try: pass\nexcept* a as b: pass",
         "TryStar(body=[Pass()], handlers=[ExceptHandler(type=" N("a") ", name='b', "
                                                                       "body=[Pass()])])"},
        {"match a:\n case 1 | b.c: pass\n case [d, *_] if e: pass\n",
         "Match(subject=" N("a") ", "
                                 "cases=[match_case(pattern=MatchOr(patterns=[MatchValue("
                                 "value=" C("1") "), MatchValue(value=Attribute(value=" N(
                                     "b") ", attr='c'" L "))]), body=[Pass()]), "
                                          "match_case(pattern=MatchSequence(patterns=[MatchAs("
                                          "name='d'), MatchStar()]), guard=" N(
                                              "e") ", body=[Pass()])])"},
        {"match(a)", "Expr(value=Call(func=" N("match") ", args=[" N("a") "]))"},
        {"type a[T: b = c, *U, **V] = d",
         "TypeAlias(name=Name(id='a', ctx=Store()), type_params=[TypeVar(name='T', bound=" N(
             "b") ", default_value=" N("c") "), TypeVarTuple(name='U'), ParamSpec(name='V')], "
                                            "value=" N("d") ")"},
        {"@a\nasync def f(b: c) -> d: pass",
         "AsyncFunctionDef(name='f', args=arguments(args=[arg(arg='b', annotation=" N(
             "c") ")]), body=[Pass()], decorator_list=[" N("a") "], returns=" N("d") ")"},
    };
    char expected[1000];
    for (size_t i = 0; i < ARRAY_LEN(examples); i++) {
        snprintf(expected, sizeof expected, "Module(body=[%s])", examples[i].expected);
        check_example(SOURCE_EXEC, examples[i].source, expected, false, (int)i);
    }
}

CASE(problems_of_the_grammar)
{
    static const Example examples[] = {
        {"x y", "SyntaxError: invalid syntax (1, 3, 1, 4)"},
        {"f(a b)", "SyntaxError: invalid syntax. Perhaps you forgot a comma? (1, 3, 1, 6)"},
        {"if x\n  pass", "SyntaxError: expected ':' (1, 5, 1, 6)"},
        {"if x:\npass",
         "IndentationError: expected an indented block after 'if' statement on line 1 "
         "(2, 1, 2, 5)"},
        {"f() = 1",
         "SyntaxError: cannot assign to function call here. Maybe you meant '==' instead "
         "of '='? (1, 1, 1, 4)"},
        {"(a, f()) = 1", "SyntaxError: cannot assign to function call (1, 5, 1, 8)"},
        {"if x = 1: pass", "SyntaxError: invalid syntax. Maybe you meant '==' or ':=' instead of "
                           "'='? (1, 4, 1, 9)"},
        {"f(a=1, b)", "SyntaxError: positional argument follows keyword argument (1, 9, 1, 10)"},
        {"def f(a=1, b): pass", "SyntaxError: parameter without a default follows parameter with a "
                                "default (1, 12, 1, 13)"},
        {"print x", "SyntaxError: Missing parentheses in call to 'print'. Did you mean print(...)? "
                    "(1, 1, 1, 8)"},
        {"f'{a b}'", "SyntaxError: invalid syntax. Perhaps you forgot a comma? (1, 4, 1, 7)"},
        {"f'{}'", "SyntaxError: f-string: valid expression required before '}' (1, 4, 1, 5)"},
        {"t'{a!x}'",
         "SyntaxError: t-string: invalid conversion character 'x': expected 's', 'r', or "
         "'a' (1, 6, 1, 7)"},
        {"{1:2, 3}", "SyntaxError: ':' expected after dictionary key (1, 7, 1, 0)"},
        {"[a, b for a in c]", "SyntaxError: did you forget parentheses around the comprehension "
                              "target? (1, 2, 1, 6)"},
        {"try: pass\nx", "SyntaxError: expected 'except' or 'finally' block (2, 1, 2, 2)"},
        {"try: pass\nexcept a: pass\nexcept* b: pass",
         "SyntaxError: cannot have both 'except' and 'except*' on the same 'try' (3, 1, 3, 8)"},
        {"x = 1 if 2", "SyntaxError: expected 'else' after 'if' expression (1, 5, 1, 11)"},
        {"'a' b 'c'", "SyntaxError: invalid syntax. Is this intended to be part of the string? "
                      "(1, 5, 1, 6)"},
        {"for f() in x: pass", "SyntaxError: cannot assign to function call (1, 5, 1, 8)"},
        {"import a as b.c", "SyntaxError: cannot use attribute as import target (1, 13, 1, 16)"},
        {"a <> b", "SyntaxError: invalid syntax.  Maybe you meant '!=' instead of '<>'? "
                   "(1, 3, 1, 5)"},
        {"\xe2\x82\xac y z", "SyntaxError: invalid character '\xe2\x82\xac' (U+20AC) (1, 1, 1, 1)"},
        {"\xc3\xa9\xc3\xa9 b", "SyntaxError: invalid syntax (1, 4, 1, 5)"},
    };
    check_problems(SOURCE_EXEC, examples, ARRAY_LEN(examples));
}

CASE(problems_of_the_lexer)
{
    static const Example examples[] = {
        {"'abc", "SyntaxError: unterminated string literal (detected at line 1) (1, 1, 1, 1)"},
        {"x = '''a\nb",
         "SyntaxError: unterminated triple-quoted string literal (detected at line 2) "
         "(1, 5, 1, 5)"},
        {"(a,\nb", "SyntaxError: '(' was never closed (1, 1, 1, 0)"},
        {"(\n]", "SyntaxError: closing parenthesis ']' does not match opening parenthesis '(' on "
                 "line 1 (2, 1, 2, 1)"},
        {")", "SyntaxError: unmatched ')' (1, 1, 1, 1)"},
        {"a\\ b", "SyntaxError: unexpected character after line continuation character "
                  "(1, 3, 1, 0)"},
        {"a = \\", "SyntaxError: unexpected EOF while parsing (1, 6, 1, -1)"},
        {"012",
         "SyntaxError: leading zeros in decimal integer literals are not permitted; use an 0o "
         "prefix for octal integers (1, 1, 1, 2)"},
        {"1_a", "SyntaxError: invalid decimal literal (1, 2, 1, 2)"},
        {"0o8", "SyntaxError: invalid digit '8' in octal literal (1, 3, 1, 3)"},
        {"if a:\n   b\n  c",
         "IndentationError: unindent does not match any outer indentation level "
         "(3, 4, 3, -1)"},
        {"if a:\n        b\n\tc", "TabError: inconsistent use of tabs and spaces in indentation "
                                  "(3, 1, 3, 0)"},
        {"  a", "IndentationError: unexpected indent (1, 2, 1, -1)"},
        {"f'a", "SyntaxError: unterminated f-string literal (detected at line 1) (1, 1, 1, 1)"},
        {"f'}'", "SyntaxError: f-string: single '}' is not allowed (1, 3, 1, 3)"},
        {"'\\x1'",
         "SyntaxError: (unicode error) 'unicodeescape' codec can't decode bytes in position "
         "0-2: truncated \\xXX escape (1, 1, 1, 6)"},
        {"a\xc2\xa0"
         "b",
         "SyntaxError: invalid non-printable character U+00A0 (1, 2, 1, 2)"},
        {"bu'a'", "SyntaxError: 'u' and 'b' prefixes are incompatible (1, 1, 1, 3)"},
        {"a b\n'c", "SyntaxError: unterminated string literal (detected at line 2) (2, 1, 2, 1)"},
    };
    check_problems(SOURCE_EXEC, examples, ARRAY_LEN(examples));
}

CASE(one_interactive_statement)
{
    static const Example examples[] = {
        {"a\n", "Interactive(body=[Expr(value=Name(id='a', ctx=Load(), lineno=1, col_offset=0, "
                "end_lineno=1, end_col_offset=1), lineno=1, col_offset=0, end_lineno=1, "
                "end_col_offset=1)])"},
        {"a\nb", "SyntaxError: multiple statements found while compiling a single statement "
                 "(1, 2, 1, 3)"},
        {"if a: pass", "SyntaxError: invalid syntax (1, 0, 1, 0)"},
    };
    check_problems(SOURCE_SINGLE, examples, ARRAY_LEN(examples));
    Source source = {.bytes = "if a:", .len = 5, .mode = SOURCE_SINGLE, .allow_incomplete = true};
    Dumper d = {0};
    put_parse(&d, &source);
    put_bytes(&d, "", 1);
    CHECK_STR(d.out.data, "_IncompleteInputError: incomplete input (1, 5, 1, -1)");
    buffer_free(&d.out);
}

CASE(encodings)
{
    static const Example examples[] = {
        {"\xEF\xBB\xBFx", "Module(body=[Expr(value=" N("x") ")])"},
        {"# coding: latin-1\n'\xe9'", "Module(body=[Expr(value=" C("'\\xe9'") ")])"},
        {"\n# -*- coding: ascii -*-\n'\xe9'",
         "SyntaxError: 'ascii' codec can't decode byte 0xe9 in position 26: ordinal not in "
         "range(128) (0, -1, None, None)"},
        {"# coding: nonsense\n", "SyntaxError: unknown encoding: nonsense (0, -1, None, None)"},
        {"x = '\xff'",
         "SyntaxError: Non-UTF-8 code starting with '\\xff' on line 1, but no encoding "
         "declared; see https://peps.python.org/pep-0263/ for details (1, 6, 1, 6)"},
        {"\xEF\xBB\xBF# coding: ascii\n", "SyntaxError: encoding problem: ascii with BOM "
                                          "(1, 0, 1, 15)"},
        {"x\r\ny\rz",
         "Module(body=[Expr(value=" N("x") "), Expr(value=" N("y") "), Expr(value=" N("z") ")])"},
    };
    for (size_t i = 0; i < ARRAY_LEN(examples); i++)
        check_example(SOURCE_EXEC, examples[i].source, examples[i].expected, false, (int)i);
    Source source = {.bytes = "a\0b", .len = 3};
    Dumper d = {0};
    put_parse(&d, &source);
    put_bytes(&d, "", 1);
    CHECK_STR(d.out.data, "SyntaxError: source code string cannot contain null bytes");
    buffer_free(&d.out);
}

/* `text` so often, with `middle` in between. */
static char *
repeated(const char *text, size_t times, const char *middle, const char *tail)
{
    size_t len = strlen(text), tail_len = strlen(tail);
    char *all = malloc(len * times + strlen(middle) + tail_len * times + 1), *to = all;
    for (size_t i = 0; i < times; i++)
        to = (char *)memcpy(to, text, len) + len;
    to = stpcpy(to, middle);
    for (size_t i = 0; i < times; i++)
        to = (char *)memcpy(to, tail, tail_len) + tail_len;
    *to = 0;
    return all;
}

CASE(nesting_has_limits_and_no_limit_is_a_crash)
{
    static const struct {
        const char *text, *middle, *tail;
        int times;
        const char *expected; /* the start of it; NULL: a tree */
    } examples[] = {
        {"(", "a", ")", 200, NULL},
        {"(", "a", ")", 201, "SyntaxError: too many nested parentheses"},
        {"f(", "a", ")", 200, NULL},
        {"{a: [", "a", "]}", 100, NULL},
        {"f'{", "a", "}'", 148, NULL},
        {"f'{", "a", "}'", 150, "SyntaxError: too many nested f-strings or t-strings"},
        {"-", "a", "", 100000, "MemoryError: Parser stack overflowed"},
        {"not ", "a", "", 100000, "MemoryError: Parser stack overflowed"},
        {"lambda: ", "a", "", 100000, "MemoryError: Parser stack overflowed"},
        {"a if b else ", "a", "", 100000, "MemoryError: Parser stack overflowed"},
        {"a ** ", "a", "", 100000, "MemoryError: Parser stack overflowed"},
        {"a + ", "a", "", 2000, NULL},
    };
    for (size_t i = 0; i < ARRAY_LEN(examples); i++) {
        char *text = repeated(examples[i].text, (size_t)examples[i].times, examples[i].middle,
                              examples[i].tail);
        Source source = {.bytes = text, .len = strlen(text), .mode = SOURCE_EVAL};
        Arena arena;
        arena_init(&arena);
        ParseResult result = parse(&source, &arena);
        Dumper d = {0};
        if (!result.mod)
            put_problem(&d, &result.problem);
        put_bytes(&d, "", 1);
        const char *expected = examples[i].expected ? examples[i].expected : "";
        check_report(strncmp(d.out.data, expected, strlen(expected)) == 0 &&
                         (!result.mod == !!examples[i].expected),
                     (int)i, "%s * %d gives %s", examples[i].text, examples[i].times, d.out.data);
        buffer_free(&d.out);
        arena_free_all(&arena);
        free(text);
    }
}

CASE(indentation_is_a_hundred_deep_at_most)
{
    for (int deep = 99; deep <= 100; deep++) {
        Dumper text = {0};
        for (int i = 0; i < deep; i++) {
            for (int k = 0; k < i; k++)
                put(&text, " ");
            put(&text, "if a:\n");
        }
        for (int k = 0; k < deep; k++)
            put(&text, " ");
        put(&text, "b");
        Source source = {.bytes = text.out.data, .len = text.out.len};
        Arena arena;
        arena_init(&arena);
        ParseResult result = parse(&source, &arena);
        CHECK_INT(result.mod != NULL, deep == 99);
        if (deep == 100)
            CHECK_STR(result.problem.message, "too many levels of indentation");
        arena_free_all(&arena);
        buffer_free(&text.out);
    }
}

static int
count_warning(void *context, const char *message, int lineno)
{
    int *seen = context;
    seen[0]++;
    seen[1] = lineno;
    return 0;
}

CASE(warnings_go_to_the_host)
{
    int seen[2] = {0};
    const char *text = "x = 1or 2\ny = '''\n\\d\\e'''\nz = '\\400' f'\\{x}'";
    Source source = {.bytes = text, .len = strlen(text), .host = {seen, count_warning, NULL}};
    Arena arena;
    arena_init(&arena);
    CHECK(parse(&source, &arena).mod != NULL);
    CHECK_INT(seen[0], 4);
    CHECK_INT(seen[1], 4);
    arena_free_all(&arena);
}

CASE(names_are_unique_and_normalised)
{
    Arena arena;
    arena_init(&arena);
    const char *text = "\xef\xac\x81 = fi"; /* a ligature that NFKC takes apart */
    Source source = {.bytes = text, .len = strlen(text)};
    ParseResult result = parse(&source, &arena);
    if (CHECK(result.mod != NULL)) {
        Stmt *s = result.mod->Module.body.items[0];
        CHECK(s->Assign.targets.items[0]->Name.id == s->Assign.value->Name.id);
        CHECK(names_intern_c(result.names, "fi") == s->Assign.value->Name.id);
        CHECK_STR(s->Assign.value->Name.id->text, "fi");
        CHECK(names_intern_c(result.names, "other") != s->Assign.value->Name.id);
    }
    arena_free_all(&arena);
}

CHECK_MAIN()
