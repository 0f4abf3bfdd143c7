/* _asyncio, for start-up and for the functions of the module. */
#ifndef WEFT_MODULE_ASYNCIO_H
#define WEFT_MODULE_ASYNCIO_H

#include "heap/thread.h"

/* The running loop of this thread: new, or NO_VALUE with nothing pending. */
Own loop_running(void);
void loop_set_running(Value loop); /* None: none */
/* current_task(loop): new, may be None. fail: 0 + RuntimeError */
NODISCARD Own task_current(Value loop);

/* all_tasks(loop): a set. loop is not None */
NODISCARD Own tasks_all(Value loop);
NODISCARD int task_register(Value task, bool eager);
NODISCARD int task_unregister(Value task, bool eager);

/* A thread ends: the tasks that it made and that are not done stay known. */
void asyncio_thread_exiting(Thread *t);

#endif
