class coroutine:
    __c__ = "coroutine", "Generator"
    def send(self, arg, /):
        "Sends arg into coroutine, as the value of what it awaits; gives what it waits for next, or raises StopIteration."
    @raw
    def throw(self, typ, val: opt = ..., tb: opt = ..., /):
        "Raises an exception in coroutine, at the place where it waits."
    def close(self):
        "Raises GeneratorExit inside coroutine, at the place where it waits."
    @classmethod
    def __class_getitem__(cls, item, /):
        "The class with type arguments."
    @property
    def __name__(self): "Name of the coroutine."
    @__name__.setter
    def __name__(self, value): ...
    @property
    def __qualname__(self): "Qualified name of the coroutine."
    @__qualname__.setter
    def __qualname__(self, value): ...
    @property
    def cr_await(self): "What the coroutine awaits, or None."
    @property
    def cr_running(self): ...
    @property
    def cr_frame(self): ...
    @property
    def cr_suspended(self): ...
    @property
    def cr_code(self): ...
    @property
    @member
    def cr_origin(self): ...

class coroutine_wrapper:
    "The iterator that awaiting a coroutine gives."
    __c__ = "coroutine_wrapper", "CoroutineWrapper"
    def send(self, arg, /):
        "Resumes the coroutine."
    @raw
    def throw(self, typ, val: opt = ..., tb: opt = ..., /):
        "Raises an exception in the coroutine where it waits."
    def close(self):
        "Raises GeneratorExit in the coroutine where it waits."
