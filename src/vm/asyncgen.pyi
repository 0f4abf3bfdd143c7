class async_generator:
    __c__ = "async_generator", "Generator"
    def asend(self, value, /):
        "An awaitable that resumes the generator with value as the value of its yield and gives the next yielded value."
    @raw
    def athrow(self, typ, val: opt = ..., tb: opt = ..., /):
        "An awaitable that raises an exception in the generator where it waits."
    def aclose(self):
        "An awaitable that raises GeneratorExit in the generator where it waits."
    @classmethod
    def __class_getitem__(cls, item, /):
        "A generic alias: see PEP 585."
    @property
    def __name__(self): "Name of the async generator."
    @__name__.setter
    def __name__(self, value): ...
    @property
    def __qualname__(self): "Qualified name of the async generator."
    @__qualname__.setter
    def __qualname__(self, value): ...
    @property
    def ag_await(self): "What the async generator awaits, or None."
    @property
    def ag_frame(self): ...
    @property
    @member
    def ag_running(self): ...
    @property
    def ag_code(self): ...
    @property
    def ag_suspended(self): ...

class async_generator_asend:
    "What __anext__() and asend() return."
    __c__ = "asend", "AsyncCall"
    def send(self, arg, /): "Resumes the async generator."
    @raw
    def throw(self, typ, val: opt = ..., tb: opt = ..., /): "Raises an exception in the async generator where it waits."
    def close(self): "Raises GeneratorExit in the async generator where it waits."

class async_generator_athrow:
    "What athrow() and aclose() return."
    __c__ = "athrow", "AsyncCall"
    def send(self, arg, /): "Resumes the async generator."
    @raw
    def throw(self, typ, val: opt = ..., tb: opt = ..., /): "Raises an exception in the async generator where it waits."
    def close(self): "Raises GeneratorExit in the async generator where it waits."

class anext_awaitable:
    "What anext(iterator, default) returns."
    __c__ = "anext_awaitable", "AnextAwaitable"
    def send(self, arg, /): "Resumes what __anext__() returned."
    @raw
    def throw(self, typ, val: opt = ..., tb: opt = ..., /): "Raises an exception in what __anext__() returned."
    def close(self): "Closes what __anext__() returned."
