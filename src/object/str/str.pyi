class str:
    def __new__(cls, object: opt = ..., encoding: cstr = ..., errors: cstr = ...): ...
    def __sizeof__(self, /) -> ssize:
        "Bytes that the str takes in memory."
    def __getnewargs__(self, /): ...
    def join(self, iterable, /):
        "The strings of iterable, one after another, with self between each two."
