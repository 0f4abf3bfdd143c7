"""Looking into another process, which Weft's processes do not allow: the names that the library's tools import."""
from collections import namedtuple

PROCESS_VM_READV_SUPPORTED = False

FrameInfo = namedtuple("FrameInfo", "filename lineno funcname")
CoroInfo = namedtuple("CoroInfo", "call_stack task_name")
TaskInfo = namedtuple("TaskInfo", "task_id task_name coroutine_stack awaited_by")
ThreadInfo = namedtuple("ThreadInfo", "thread_id frame_list")
AwaitedInfo = namedtuple("AwaitedInfo", "thread_id awaited_by")


class RemoteUnwinder:
    """What would read the stacks of the process pid: refused, with what CPython raises where it cannot read them."""

    def __init__(self, pid, *, all_threads=False, only_active_thread=False, debug=False):
        try:
            open(f"/proc/{pid}/maps", "rb").close()
        except PermissionError:
            raise
        except OSError: # the context, which `python -m asyncio ps` shows
            raise RuntimeError(f"process {pid} cannot be looked into")
        raise RuntimeError(f"process {pid} cannot be looked into from outside; in it, "
                           "asyncio.all_tasks() and asyncio.print_call_graph() tell the same")
