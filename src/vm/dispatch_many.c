/* The loop for a program with many threads. */
#define MANY 1
#define DISPATCH_TABLE table_many
#include "vm/trace.h"
#include "vm/dispatch.h"
#include "vm/run.h"

const void *
vm_dispatch_many(void)
{
    table_fill();
    return table_many;
}

const void *
vm_dispatch_traced(void)
{
    return table_traced;
}

Own
vm_run_many(Thread *t, Frame *f)
{
    return run(t, f);
}
