/* The module _tracemalloc: the traces of traces.c as Python objects.
 *
 * Threads: the traces guard themselves. An object's own memory is what is looked up for it, not the buffers it points to. */
#include <stdlib.h>

#include "module/_tracemalloc/traces.h"
#include "object/bool.h"
#include "object/int.h"
#include "object/list.h"
#include "object/module.h"
#include "object/str.h"
#include "object/tuple.h"

#include "_tracemalloc.spec.h"

int
tracemalloc_is_tracing(Value module UNUSED)
{
    return traces_on();
}

int
tracemalloc_start(Value module UNUSED, int nframe)
{
    if (nframe < 1 || nframe > TRACES_MAX_FRAMES) {
        return raise_int(&exc_ValueError, "the number of frames must be in range [1; %d]", TRACES_MAX_FRAMES);
    }
    return traces_start(nframe);
}

int
tracemalloc_stop(Value module UNUSED)
{
    traces_stop();
    return 0;
}

int
tracemalloc_clear_traces(Value module UNUSED)
{
    traces_clear();
    return 0;
}

int64_t
tracemalloc_get_traceback_limit(Value module UNUSED)
{
    return traces_frame_limit();
}

int64_t
tracemalloc_get_tracemalloc_memory(Value module UNUSED)
{
    return (int64_t)traces_own_memory();
}

int
tracemalloc_reset_peak(Value module UNUSED)
{
    traces_reset_peak();
    return 0;
}

Own
tracemalloc_get_traced_memory(Value module UNUSED)
{
    size_t now, peak;
    traces_memory(&now, &peak);
    return tuple_pack(2, (Value)small_int((int64_t)now), (Value)small_int((int64_t)peak));
}

/* -- as Python sees them -- */

static Own
frame_tuple(const TraceFrame *frame)
{
    Own name = frame->filename ? own(frame->filename) : str_from_cstr("<unknown>");
    Own pair = name ? tuple_pack(2, (Value)name, (Value)small_int(frame->line)) : NO_VALUE;
    drop_opt(name);
    return pair;
}

static Own
traceback_tuple(const Traceback *tb)
{
    Own list = list_new(0);
    for (uint32_t i = 0; list && i < tb->count; i++) {
        Own pair = frame_tuple(&tb->frames[i]);
        if (!pair || list_append(list, pair) < 0) {
            ref_clear(&list);
        }
        drop_opt(pair);
    }
    Own result = list ? object_to_tuple(list) : NO_VALUE;
    drop_opt(list);
    return result;
}

static int
by_traceback(const void *a, const void *b)
{
    const Trace *x = a, *y = b;
    return (x->traceback > y->traceback) - (x->traceback < y->traceback);
}

/* traces: sorted, so that those of one place share its tuple. own: ret new */
static Own
trace_list(const Trace *traces, size_t count)
{
    Own list = list_new(0), where = NO_VALUE;
    for (size_t i = 0; list && i < count; i++) {
        if (i == 0 || traces[i].traceback != traces[i - 1].traceback) {
            drop_opt(where);
            where = traceback_tuple(traces[i].traceback);
        }
        Own item = where ? tuple_pack(4, (Value)small_int(0), (Value)small_int((int64_t)traces[i].size), (Value)where,
                                      (Value)small_int(traces[i].traceback->total))
                         : NO_VALUE;
        if (!item || list_append(list, item) < 0) {
            ref_clear(&list);
        }
        drop_opt(item);
    }
    drop_opt(where);
    return list;
}

Own
tracemalloc__get_traces(Value module UNUSED)
{
    size_t count;
    Trace *traces = traces_copy(&count);
    if (!traces) {
        return raise_no_memory();
    }
    qsort(traces, count, sizeof *traces, by_traceback);
    traces_pause(true);
    Own list = trace_list(traces, count);
    traces_pause(false);
    traces_release(traces, count);
    return list;
}

Own
tracemalloc__get_object_traceback(Value module UNUSED, Value object)
{
    Traceback *tb = is_object(object) ? traces_find(obj(object)) : NULL;
    if (!tb) {
        return NONE;
    }
    Own result = traceback_tuple(tb);
    traceback_release(tb);
    return result;
}

const ModuleDef module__tracemalloc = {
    .name = "_tracemalloc",
    .doc = "Where memory was allocated.",
    .functions = tracemalloc_functions,
};
