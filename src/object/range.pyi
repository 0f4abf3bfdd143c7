class range:
    """range(stop)
    range(start, stop[, step])

    The ints from start (0 by default) up to, not including, stop, each step more than the one before; down to it when step is negative."""
    def __reversed__(self, /):
        "An iterator over the ints, the last one first."
    def __reduce__(self, /):
        "Support for pickle and copy."
    def count(self, object, /):
        "How often object occurs: once or not at all."
    def index(self, object, /):
        "The index of object. Raises ValueError where it is absent."
    @property
    @member
    def start(self): ...
    @property
    @member
    def stop(self): ...
    @property
    @member
    def step(self): ...

class range_iterator:
    __c__ = "range_iterator", "RangeIterator"
    def __length_hint__(self, /) -> ssize:
        "How many ints are left."
    @locked
    def __reduce__(self, /):
        "Support for pickle and copy."
    def __setstate__(self, object, /) -> None:
        "Goes forward by a number of ints."

class longrange_iterator:
    __c__ = "longrange_iterator", "LongRangeIterator"
    @locked
    def __length_hint__(self, /):
        "How many ints are left."
    @locked
    def __reduce__(self, /):
        "Support for pickle and copy."
    @locked
    def __setstate__(self, object, /) -> None:
        "Goes forward by a number of ints."
