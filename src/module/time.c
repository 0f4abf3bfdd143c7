/* The module time. Threads: the zone's names are set by tzset() under the module's dict; all else is without state. */
#include <errno.h>
#include <pthread.h>
#include <limits.h>
#include <math.h>
#include <time.h>

#include "heap/world.h"
#include "module/os/system.h"
#include "module/posix/path.h"
#include "object/audit.h"
#include "object/dict.h"
#include "object/float.h"
#include "object/hooks.h"
#include "object/int.h"
#include "object/namespace.h"
#include "object/str.h"
#include "object/structseq.h"

#include "time.spec.h"

static int64_t
clock_ns(clockid_t clock)
{
    struct timespec t;
    if (clock_gettime(clock, &t) < 0) {
        raise_errno(errno);
        return -1;
    }
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static double
seconds(int64_t ns)
{
    return (double)(ns / 1000000000) + (double)(ns % 1000000000) * 1e-9;
}

#define CLOCK(name, clock)                                                                         \
    double time_##name(Value module UNUSED)                                                        \
    {                                                                                              \
        return seconds(clock_ns(clock));                                                           \
    }                                                                                              \
    int64_t time_##name##_ns(Value module UNUSED)                                                  \
    {                                                                                              \
        return clock_ns(clock);                                                                    \
    }
CLOCK(time, CLOCK_REALTIME)
CLOCK(monotonic, CLOCK_MONOTONIC)
CLOCK(perf_counter, CLOCK_MONOTONIC)
CLOCK(process_time, CLOCK_PROCESS_CPUTIME_ID)
CLOCK(thread_time, CLOCK_THREAD_CPUTIME_ID)

double
time_clock_gettime(Value module UNUSED, int clk_id)
{
    int64_t ns = clock_ns(clk_id);
    return ns == -1 ? -1.0 : seconds(ns);
}

int64_t
time_clock_gettime_ns(Value module UNUSED, int clk_id)
{
    return clock_ns(clk_id);
}

double
time_clock_getres(Value module UNUSED, int clk_id)
{
    struct timespec t;
    if (clock_getres(clk_id, &t) < 0) {
        raise_errno(errno);
        return -1.0;
    }
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int
clock_set(int clock, int64_t ns)
{
    struct timespec t = {ns / 1000000000, ns % 1000000000};
    if (t.tv_nsec < 0) {
        t.tv_sec--;
        t.tv_nsec += 1000000000;
    }
    return posix_status(clock_settime(clock, &t));
}

int
time_clock_settime(Value module UNUSED, int clk_id, Value time)
{
    int64_t ns;
    return time_from_value(time, 1000000000, &ns) < 0 ? -1 : clock_set(clk_id, ns);
}

int
time_clock_settime_ns(Value module UNUSED, int clk_id, Value time)
{
    if (!is_int(time)) {
        return raise_int(&exc_TypeError, "expect int, got %T", time);
    }
    int64_t ns;
    return time_from_value(time, 1, &ns) < 0 ? -1 : clock_set(clk_id, ns);
}

int64_t
time_pthread_getcpuclockid(Value module UNUSED, Value thread_id)
{
    clockid_t clock;
    if (!is_int(thread_id)) {
        return raise_int(&exc_TypeError, "pthread_getcpuclockid() argument 1 must be int, not %T", thread_id);
    }
    uint64_t ident = object_as_uint64_mask(thread_id);
    mutex_lock(&threads_lock);
    int error = thread_exists(ident) ? pthread_getcpuclockid((pthread_t)ident, &clock) : ESRCH;
    mutex_unlock(&threads_lock);
    if (error) {
        raise_errno(error);
        return -1;
    }
    return clock;
}

int
time_sleep(Value module UNUSED, Value duration)
{
    if (audit_wanted() && audit_event("time.sleep", "O", duration) < 0) {
        return -1;
    }
    int64_t ns;
    if (time_from_value(duration, 1000000000, &ns) < 0) {
        return -1;
    }
    if (ns < 0) {
        return raise_int(&exc_ValueError, "sleep length must be non-negative");
    }
    int64_t now = clock_ns(CLOCK_MONOTONIC), until = ns > INT64_MAX - now ? INT64_MAX : now + ns;
    struct timespec t = {until / 1000000000, until % 1000000000};
    for (;;) {
        detach();
        int error = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
        attach();
        if (error != EINTR) {
            return 0;
        }
        if (safepoint(thread_self()) < 0) {
            return -1;
        }
    }
}

/* -- calendar times -- */

static const StructSeqField time_fields[] = {
    {"tm_year", "year, for example, 1993"}, {"tm_mon", "month of year, range [1, 12]"}, {"tm_mday", "day of month, range [1, 31]"},
    {"tm_hour", "hours, range [0, 23]"}, {"tm_min", "minutes, range [0, 59]"}, {"tm_sec", "seconds, range [0, 61])"},
    {"tm_wday", "day of week, range [0, 6], Monday is 0"}, {"tm_yday", "day of year, range [1, 366]"},
    {"tm_isdst", "1 if summer time is in effect, 0 if not, and -1 if unknown"}, {"tm_zone", "abbreviation of timezone name"},
    {"tm_gmtoff", "offset from UTC in seconds"},
};
static const StructSeqDef time_def = {"time.struct_time", "A time of the calendar.", time_fields, 11, 9, false};
static Type *struct_time; /* immutable after the module is made */

static Own
from_tm(const struct tm *t)
{
    Own values[] = {small_int(t->tm_year + 1900), small_int(t->tm_mon + 1), small_int(t->tm_mday), small_int(t->tm_hour), small_int(t->tm_min),
                    small_int(t->tm_sec), small_int((t->tm_wday + 6) % 7), small_int(t->tm_yday + 1), small_int(t->tm_isdst),
                    str_from_cstr(t->tm_zone ? t->tm_zone : "UTC"), small_int(t->tm_gmtoff)};
    return structseq_new(struct_time, values);
}

/* None is now. fail: -1 */
static int
time_argument(Value v, time_t *out)
{
    if (v == NONE) {
        *out = (time_t)(clock_ns(CLOCK_REALTIME) / 1000000000);
        return 0;
    }
    if (is_float(v)) {
        double d = floor(float_value(v));
        if (d != d) {
            return raise_int(&exc_ValueError, "Invalid value NaN (not a number)");
        }
        if (!(d >= -9.2e18 && d <= 9.2e18)) {
            return raise_int(&exc_OverflowError, "timestamp out of range for platform time_t");
        }
        *out = (time_t)d;
        return 0;
    }
    Own i = object_index(v);
    if (!i) {
        return -1;
    }
    int64_t n;
    bool fits = int_as_i64(i, &n);
    drop(i);
    *out = (time_t)n;
    return fits ? 0 : raise_int(&exc_OverflowError, "timestamp out of range for platform time_t");
}

Own
time_gmtime(Value module UNUSED, Value v)
{
    time_t when;
    struct tm t;
    if (time_argument(v, &when) < 0) {
        return NO_VALUE;
    }
    return gmtime_r(&when, &t) ? from_tm(&t) : raise_errno(errno);
}

Own
time_localtime(Value module UNUSED, Value v)
{
    time_t when;
    struct tm t;
    if (time_argument(v, &when) < 0) {
        return NO_VALUE;
    }
    return localtime_r(&when, &t) ? from_tm(&t) : raise_errno(errno);
}

/* A C time of a tuple of nine; absent: now. fail: -1 */
static int
to_tm(Value v, struct tm *t, const char *function)
{
    memset(t, 0, sizeof *t);
    if (!v) {
        time_t now = (time_t)(clock_ns(CLOCK_REALTIME) / 1000000000);
        localtime_r(&now, t);
        return 0;
    }
    if (!is_tuple(v)) {
        return raise_int(&exc_TypeError, "Tuple or struct_time argument required");
    }
    if (as_tuple(v)->length != 9) {
        return raise_int(&exc_TypeError, "%s(): illegal time tuple argument", function);
    }
    int n[9];
    for (int i = 0; i < 9; i++) {
        n[i] = object_as_int(tuple_item(v, i));
        if (n[i] == -1 && exc_pending()) {
            return -1;
        }
    }
    if (n[0] < INT_MIN + 1900) {
        return raise_int(&exc_OverflowError, "year out of range");
    }
    *t = (struct tm){.tm_year = n[0] - 1900, .tm_mon = n[1] - 1, .tm_mday = n[2], .tm_hour = n[3], .tm_min = n[4], .tm_sec = n[5],
                     .tm_wday = (n[6] + 1) % 7, .tm_yday = n[7] - 1, .tm_isdst = n[8]};
    if (is_instance_of(v, struct_time)) {
        Value zone = as_tuple(v)->items[9], offset = as_tuple(v)->items[10];
        if (is_str(zone)) {
            t->tm_zone = str_utf8(zone, NULL);
        }
        if (is_small_int(offset)) {
            t->tm_gmtoff = small_int_value(offset);
        }
    }
    return exc_pending() ? -1 : 0;
}

/* strftime and asctime accept zeros for "do not care" and refuse what is out of range. */
static int
check_tm(struct tm *t)
{
    if (t->tm_mon == -1) {
        t->tm_mon = 0;
    }
    if (t->tm_mday == 0) {
        t->tm_mday = 1;
    }
    if (t->tm_yday == -1) {
        t->tm_yday = 0;
    }
    const char *bad = t->tm_mon < 0 || t->tm_mon > 11 ? "month out of range"
                      : t->tm_mday < 0 || t->tm_mday > 31 ? "day of month out of range"
                      : t->tm_hour < 0 || t->tm_hour > 23 ? "hour out of range"
                      : t->tm_min < 0 || t->tm_min > 59 ? "minute out of range"
                      : t->tm_sec < 0 || t->tm_sec > 61 ? "seconds out of range"
                      : t->tm_wday < 0 ? "day of week out of range"
                      : t->tm_yday < 0 || t->tm_yday > 365 ? "day of year out of range" : NULL;
    return bad ? raise_int(&exc_ValueError, "%s", bad) : 0;
}

double
time_mktime(Value module UNUSED, Value tuple)
{
    struct tm t;
    if (to_tm(tuple, &t, "mktime") < 0) {
        return -1.0;
    }
    t.tm_wday = -1; /* stays so only on failure */
    time_t when = mktime(&t);
    if (when == -1 && t.tm_wday == -1) {
        raise_msg(&exc_OverflowError, "mktime argument out of range");
    }
    return (double)when;
}

/* The text of a format of ASCII characters without NULs. Adds it to b. fail: -1 */
static int
format_run(StrBuilder *b, const char *format, const struct tm *t)
{
    size_t n = strlen(format);
    for (size_t room = n + 256; room <= n * 256 + 65536; room *= 4) {
        char *text = mem_alloc(room);
        if (!text) {
            return -1;
        }
        size_t used = strftime(text, room, format, t);
        if (used) {
            Own piece = path_text(text, used, false);
            if (piece) {
                str_builder_str(b, piece);
                drop(piece);
            }
        }
        mem_free(text);
        if (used || exc_pending()) {
            return exc_pending() ? -1 : 0;
        }
    }
    return 0;
}

/* What the C function cannot take (NULs, characters past ASCII) is copied as it is. */
Own
time_strftime(Value module UNUSED, Value format, Value tuple)
{
    struct tm t;
    if (to_tm(tuple, &t, "strftime") < 0 || check_tm(&t) < 0) {
        return NO_VALUE;
    }
    const Str *s = as_str(format);
    char *run = mem_alloc((size_t)s->length + 1);
    if (!run) {
        return NO_VALUE;
    }
    StrBuilder b;
    str_builder_init(&b, s->length + 16);
    for (int64_t i = 0; i < s->length;) {
        size_t n = 0;
        uint32_t c = 0;
        for (; i < s->length && (c = str_char_at(s, i)) != 0 && c < 128; i++) {
            run[n++] = (char)c;
        }
        run[n] = 0;
        if (n && format_run(&b, run, &t) < 0) {
            mem_free(run);
            str_builder_discard(&b);
            return NO_VALUE;
        }
        for (; i < s->length && ((c = str_char_at(s, i)) == 0 || c >= 128); i++) {
            str_builder_char(&b, c);
        }
    }
    mem_free(run);
    return str_builder_finish(&b);
}

static Own
as_text(const struct tm *t)
{
    static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    return str_fmt("%.3s %.3s %s%d %02d:%02d:%02d %d", days + 3 * t->tm_wday, months + 3 * t->tm_mon, t->tm_mday < 10 ? " " : "", t->tm_mday,
                   t->tm_hour, t->tm_min, t->tm_sec, 1900 + t->tm_year);
}

Own
time_asctime(Value module UNUSED, Value tuple)
{
    struct tm t;
    return to_tm(tuple, &t, "asctime") < 0 || check_tm(&t) < 0 ? NO_VALUE : as_text(&t);
}

Own
time_ctime(Value module UNUSED, Value v)
{
    time_t when;
    struct tm t;
    if (time_argument(v, &when) < 0) {
        return NO_VALUE;
    }
    return localtime_r(&when, &t) ? as_text(&t) : raise_errno(errno);
}

Own
time_strptime(Value self UNUSED, Value const *args, size_t nargs, Value kwnames)
{
    Own module = object_hooks.import_module("_strptime"), f = module ? object_getattr_cstr(module, "_strptime_time") : NO_VALUE;
    Own result = f ? object_call(f, args, nargs, kwnames) : NO_VALUE;
    drop_opt(module);
    drop_opt(f);
    return result;
}

static int
add_zone(Value m)
{
    tzset();
    time_t january = 1735689600, july = 1751328000; /* of 2025 */
    struct tm a, b;
    localtime_r(&january, &a);
    localtime_r(&july, &b);
    bool northern = a.tm_gmtoff <= b.tm_gmtoff;
    const struct tm *winter = northern ? &a : &b, *summer = northern ? &b : &a;
    Own names[] = {str_from_cstr(winter->tm_zone), str_from_cstr(summer->tm_zone)};
    return module_add(m, "tzname", tuple_from_own(names, 2)) < 0 || module_add_int(m, "timezone", -winter->tm_gmtoff) < 0 ||
                   module_add_int(m, "altzone", -summer->tm_gmtoff) < 0 || module_add_int(m, "daylight", a.tm_gmtoff != b.tm_gmtoff) < 0
               ? -1
               : 0;
}

int
time_tzset(Value module)
{
    return add_zone(module);
}

Own
time_get_clock_info(Value module UNUSED, Value name)
{
    static const struct {
        const char *name, *implementation;
        clockid_t clock;
        bool monotonic, adjustable;
    } clocks[] = {{"time", "clock_gettime(CLOCK_REALTIME)", CLOCK_REALTIME, false, true},
                  {"monotonic", "clock_gettime(CLOCK_MONOTONIC)", CLOCK_MONOTONIC, true, false},
                  {"perf_counter", "clock_gettime(CLOCK_MONOTONIC)", CLOCK_MONOTONIC, true, false},
                  {"process_time", "clock_gettime(CLOCK_PROCESS_CPUTIME_ID)", CLOCK_PROCESS_CPUTIME_ID, true, false},
                  {"thread_time", "clock_gettime(CLOCK_THREAD_CPUTIME_ID)", CLOCK_THREAD_CPUTIME_ID, true, false}};
    for (size_t i = 0; i < ARRAY_LEN(clocks); i++) {
        if (!str_equals_cstr(name, clocks[i].name)) {
            continue;
        }
        struct timespec t = {0, 1};
        clock_getres(clocks[i].clock, &t);
        Own info = call0(VALUE(&namespace_type)), text = str_from_cstr(clocks[i].implementation);
        Own resolution = float_new((double)t.tv_sec + (double)t.tv_nsec * 1e-9);
        if (!info || !text || !resolution || object_setattr_cstr(info, "implementation", text) < 0 ||
            object_setattr_cstr(info, "monotonic", bool_value(clocks[i].monotonic)) < 0 ||
            object_setattr_cstr(info, "adjustable", bool_value(clocks[i].adjustable)) < 0 || object_setattr_cstr(info, "resolution", resolution) < 0) {
            drop_opt(info);
            info = NO_VALUE;
        }
        drop_opt(text);
        drop_opt(resolution);
        return info;
    }
    return raise_msg(&exc_ValueError, "unknown clock");
}

static int
time_exec(Value m)
{
    static const struct {
        const char *name;
        int clock;
    } clocks[] = {{"CLOCK_REALTIME", CLOCK_REALTIME}, {"CLOCK_MONOTONIC", CLOCK_MONOTONIC}, {"CLOCK_MONOTONIC_RAW", CLOCK_MONOTONIC_RAW},
                  {"CLOCK_PROCESS_CPUTIME_ID", CLOCK_PROCESS_CPUTIME_ID}, {"CLOCK_THREAD_CPUTIME_ID", CLOCK_THREAD_CPUTIME_ID},
                  {"CLOCK_BOOTTIME", CLOCK_BOOTTIME}, {"CLOCK_TAI", CLOCK_TAI}};
    for (size_t i = 0; i < ARRAY_LEN(clocks); i++) {
        if (module_add_int(m, clocks[i].name, clocks[i].clock) < 0) {
            return -1;
        }
    }
    struct_time = structseq_type(&time_def);
    return !struct_time || module_add(m, "struct_time", OWN(struct_time)) < 0 || module_add_int(m, "_STRUCT_TM_ITEMS", 11) < 0 ? -1 : add_zone(m);
}

const ModuleDef module_time = {
    .name = "time",
    .doc = time_module_doc,
    .functions = time_functions,
    .exec = time_exec,
};
