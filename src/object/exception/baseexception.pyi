class BaseException:
    "The root of all exceptions."
    __c__ = "exception", "Exception"
    def __reduce__(self): "What pickle needs to make the exception again."
    def __setstate__(self, object, /): "Sets the attributes that a dict names."
    def with_traceback(self, object, /): "Sets __traceback__ and returns the exception."
    def add_note(self, note: str, /) -> None: "Appends a line that is shown after the exception's own text."
    @property
    def args(self): "What the exception was made with: a tuple."
    @args.setter
    def args(self, value): ...
    @property
    def __traceback__(self): "Where the exception passed: a traceback, or None."
    @__traceback__.setter
    def __traceback__(self, value): ...
    @property
    def __context__(self): "The exception that was being handled when this one was raised."
    @__context__.setter
    def __context__(self, value): ...
    @property
    def __cause__(self): "What `raise ... from` gave."
    @__cause__.setter
    def __cause__(self, value): ...
    @member
    @property
    def __suppress_context__(self): "Whether __context__ is left out when the exception is shown."
    @__suppress_context__.setter
    def __suppress_context__(self, value): ...
