class Profiler:
    """Times calls: of Python functions, and of built-in ones.

    timer is a function without arguments that gives seconds, or units of timeunit seconds; without one the monotonic clock counts."""
    __c__ = "profiler", "Profiler"
    def __init__(self, timer=None, timeunit: double = 0.0, subcalls: bool = True, builtins: bool = True): ...
    def enable(self, /, subcalls: bool = True, builtins: bool = True) -> None:
        """Starts to time the calls of all threads.

        With subcalls, also by caller; with builtins, also of built-in functions."""
    def disable(self, /) -> None: "Stops. What is being called counts as ended."
    def clear(self, /) -> None: "Forgets all calls."
    def getstats(self, /):
        """A list of what was called: profiler_entry objects of code, callcount, reccallcount, totaltime, inlinetime and calls.

        code is a code object, or text for a built-in function. calls is None, or a list of profiler_subentry objects: what it called."""
    def _pystart_callback(self, code, instruction_offset, /): "A Python function starts or goes on."
    def _pythrow_callback(self, code, instruction_offset, exception, /): "An exception is thrown into a generator."
    def _pyreturn_callback(self, code, instruction_offset, retval, /): "A Python function returns, yields or fails."
    def _ccall_callback(self, code, instruction_offset, callable, self_arg, /): "Something is called."
    def _creturn_callback(self, code, instruction_offset, callable, self_arg, /): "What was called has ended, and was no Python function."
