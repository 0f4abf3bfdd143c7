class generator:
    __c__ = "generator", "Generator"
    def send(self, arg, /):
        "Resumes the generator with arg as the value of its yield; the next yielded value, or StopIteration."
    @raw
    def throw(self, typ, val: opt = ..., tb: opt = ..., /):
        "Raises an exception in the generator where it waits; the next yielded value, or StopIteration."
    def close(self):
        "Raises GeneratorExit in the generator where it waits."
    @classmethod
    def __class_getitem__(cls, item, /):
        "The class with type arguments."
    @property
    def __name__(self): "Name of the generator."
    @__name__.setter
    def __name__(self, value): ...
    @property
    def __qualname__(self): "Qualified name of the generator."
    @__qualname__.setter
    def __qualname__(self, value): ...
    @property
    def gi_yieldfrom(self): "What the generator delegates to by yield from, or None."
    @property
    def gi_running(self): ...
    @property
    def gi_frame(self): ...
    @property
    def gi_suspended(self): ...
    @property
    def gi_code(self): ...
