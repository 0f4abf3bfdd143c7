class bytes:
    def __new__(cls, source: opt = ..., encoding: cstr = ..., errors: cstr = ...): ...
    def __sizeof__(self, /) -> ssize:
        "Bytes that the object takes in memory."
    def __getnewargs__(self, /): ...
    def __bytes__(self, /):
        "The same, as exactly bytes."
