class frame:
    "One call in progress, or one that a traceback keeps."
    __c__ = "frame", "FrameObject"
    def clear(self):
        "Drops the local variables of a frame that has ended or of a suspended generator."
    def __sizeof__(self):
        "Size of the frame in memory, in bytes."
    @property
    def f_back(self): "The frame of the caller, or None."
    @property
    def f_code(self): "The code that runs."
    @property
    def f_globals(self): "The global variables that the frame sees."
    @property
    def f_builtins(self): "The built-in names that the frame sees."
    @property
    def f_locals(self): "The mapping of the frame's local variables."
    @property
    def f_lasti(self): "Offset of the instruction being executed."
    @property
    def f_lineno(self): "The line being executed."
    @f_lineno.setter
    def f_lineno(self, value): ...
    @property
    def f_trace(self): "The trace function of this frame, or None."
    @f_trace.setter
    def f_trace(self, value): ...
    @property
    def f_trace_lines(self): "Does the trace function get line events?"
    @f_trace_lines.setter
    def f_trace_lines(self, value): ...
    @property
    def f_trace_opcodes(self): "Does the trace function get opcode events?"
    @f_trace_opcodes.setter
    def f_trace_opcodes(self, value): ...
    @property
    def f_generator(self): "The generator or coroutine that owns this frame, or None."
