/* The whole of the unit test harness. A test file is a program:
 *
 *     #include "check.h"
 *     CASE(push_keeps_order) { CHECK(v.len == 3); CHECK_INT(v.data[0], 7); CHECK_STR(s, "abc"); }
 *     CHECK_MAIN()
 *
 * It prints `ok NAME` or `FAILED NAME` per case, each failed check with its line and the two
 * values, and exits with 1 if any case failed. With arguments it runs only the cases whose names
 * contain one of them. Cases run in file order, on one thread; a case may start threads, and CHECK
 * may be used from any of them.
 */
#ifndef WEFT_TEST_CHECK_H
#define WEFT_TEST_CHECK_H

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct CheckCase {
    const char *name;
    void (*run)(void);
    struct CheckCase *next;
} CheckCase;

static CheckCase *check_first, **check_last = &check_first;
static atomic_int check_failures; /* of the case that runs */

#define CASE(id)                                                                                   \
    static void case_##id(void);                                                                   \
    static CheckCase entry_##id = {#id, case_##id, NULL};                                          \
    __attribute__((constructor)) static void add_##id(void)                                        \
    {                                                                                              \
        *check_last = &entry_##id;                                                                 \
        check_last = &entry_##id.next;                                                             \
    }                                                                                              \
    static void case_##id(void)

__attribute__((format(printf, 3, 4))) static inline bool
check_report(bool passed, int line, const char *format, ...)
{
    if (passed)
        return true;
    if (atomic_fetch_add(&check_failures, 1) < 10) {
        va_list args;
        va_start(args, format);
        printf("  line %d: ", line);
        vprintf(format, args);
        printf("\n");
        va_end(args);
    }
    return false;
}

static inline bool
check_int(intmax_t got, intmax_t want, int line, const char *what)
{
    return check_report(got == want, line, "%s is %jd, not %jd", what, got, want);
}

static inline bool
check_str(const char *got, const char *want, int line, const char *what)
{
    bool same = got == want || (got && want && strcmp(got, want) == 0);
    return check_report(same, line, "%s is \"%s\", not \"%s\"", what, got ? got : "(null)",
                        want ? want : "(null)");
}

static inline bool
check_double(double got, double want, int line, const char *what)
{
    bool same = (isnan(got) && isnan(want)) || (got == want && signbit(got) == signbit(want));
    return check_report(same, line, "%s is %.17g, not %.17g", what, got, want);
}

/* Each gives whether it passed, so that a case can stop: if (!CHECK(p)) return; */
#define CHECK(x) check_report((x), __LINE__, "%s", #x)
#define CHECK_INT(got, want) check_int((got), (want), __LINE__, #got)
#define CHECK_STR(got, want) check_str((got), (want), __LINE__, #got)
#define CHECK_DOUBLE(got, want) check_double((got), (want), __LINE__, #got)

static inline bool
check_wanted(const char *name, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strstr(name, argv[i]))
            return true;
    return argc < 2;
}

static inline int
check_main(int argc, char **argv)
{
    int failed = 0;
    for (CheckCase *c = check_first; c; c = c->next) {
        if (!check_wanted(c->name, argc, argv))
            continue;
        atomic_store(&check_failures, 0);
        c->run();
        int bad = atomic_load(&check_failures);
        printf("%s %s\n", bad ? "FAILED" : "ok", c->name);
        failed += bad != 0;
    }
    fflush(stdout);
    return failed != 0;
}

#define CHECK_MAIN()                                                                               \
    int main(int argc, char **argv)                                                                \
    {                                                                                              \
        return check_main(argc, argv);                                                             \
    }

#endif
