class iterator:
    __c__ = "iterator", "SequenceIterator"
    def __length_hint__(self, /):
        "How many items are left, or NotImplemented where the sequence has no length."
    @locked
    def __reduce__(self, /):
        "Support for pickle and copy."
    @locked
    def __setstate__(self, object, /) -> None:
        "Goes to an index."

class callable_iterator:
    __c__ = "callable_iterator", "CallableIterator"
    @locked
    def __reduce__(self, /):
        "Support for pickle and copy."
