class Task:
    """Task(coro, *, loop=None, name=None, context=None, eager_start=False)
    --

    A coroutine that an event loop runs: a Future of what it returns."""
    __c__ = "task", "Task"
    def __init__(self, coro, *, loop=None, name=None, context=None, eager_start: bool = False): ...
    def set_result(self, result, /): "Refused: a task's result is what its coroutine returns."
    def set_exception(self, exception, /): "Refused: a task's exception is what its coroutine raises."
    def cancel(self, /, msg=None): "Has CancelledError raised in the coroutine soon. False when the task is done."
    def uncancel(self, /) -> int: "Takes back one request to cancel; how many are left."
    def cancelling(self, /) -> int: "How many requests to cancel there are."
    def get_coro(self, /): "The coroutine."
    def get_context(self, /): "The context that the coroutine runs in."
    def get_name(self, /): "The task's name."
    def set_name(self, value, /): "Gives the task a name: str(value)."
    def get_stack(self, /, *, limit=None): "The frames where the coroutine waits, or of the traceback it ended with."
    def print_stack(self, /, *, limit=None, file=None): "Prints what get_stack() gives, as a traceback."
    @property
    def _log_destroy_pending(self): ...
    @_log_destroy_pending.setter
    def _log_destroy_pending(self, value): ...
    @property
    def _must_cancel(self): ...
    @property
    def _coro(self): ...
    @property
    def _fut_waiter(self): ...
