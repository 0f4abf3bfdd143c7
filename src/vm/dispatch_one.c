/* The loop for a program with one thread: nothing is tested for sharing. */
#define MANY 0
#define DISPATCH_TABLE table_one
#include "vm/dispatch.h"
#include "vm/run.h"

const void *
vm_dispatch_one(void)
{
    table_fill();
    return table_one;
}

Own
vm_run_one(Thread *t, Frame *f)
{
    return run(t, f);
}
