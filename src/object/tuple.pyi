class tuple:
    """An immutable sequence.

    Without an argument the empty tuple; else one of the iterable's items. A tuple is returned as it is."""
    def __new__(cls, iterable: opt = (), /): ...
    def __getnewargs__(self, /): ...
    def index(self, value, start=0, stop=sys.maxsize, /) -> ssize:
        "The first index of value. Raises ValueError where it is absent."
    def count(self, value, /) -> ssize:
        "How often value occurs."
    @classmethod
    def __class_getitem__(cls, object, /):
        "The class with its item types given."

class tuple_iterator:
    __c__ = "tuple_iterator", "TupleIterator"
    def __length_hint__(self, /) -> ssize:
        "How many items are left."
    def __reduce__(self, /):
        "Support for pickle and copy."
    @locked
    def __setstate__(self, object, /) -> None:
        "Goes to an index."
