class RemoteUnwinder:
    """RemoteUnwinder(pid, *, all_threads=False, only_active_thread=False, debug=False)
    --

    Looks into the running process pid, which takes no notice. It must run the same build of Weft."""
    __c__ = "unwinder", "Unwinder"
    def __init__(self, pid: int, *, all_threads: bool = False, only_active_thread: bool = False, debug: bool = False): ...
    def get_stack_trace(self, /):
        """A list of ThreadInfo(thread_id, frame_info), frame_info a list of FrameInfo, the innermost first.

        Of the main thread; all_threads: of all; only_active_thread: of those that run Python code at this moment. The
        frames are those since C code was left last: a function that C code called ends the list."""
    def get_all_awaited_by(self, /):
        """A list of AwaitedInfo(thread_id, awaited_by): for each thread, awaited_by lists a TaskInfo for each task that
        it made and that is not done. The last one, of thread 0, has those of threads that ended.

        Raises RuntimeError where asyncio has not been imported."""
    def get_async_stack_trace(self, /):
        """A list of AwaitedInfo(thread_id, awaited_by) for each thread that runs a task: the TaskInfo of that task, with
        all frames from its coroutine on, and of those that wait for it, directly or not, each once.

        Raises RuntimeError where asyncio has not been imported."""
