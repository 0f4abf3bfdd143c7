class iterator:
    __c__ = "iterator", "SequenceIterator"
    def __length_hint__(self, /):
        "How many items are left, or NotImplemented where the sequence has no length."
    def __reduce__(self, /):
        "Support for pickle and copy."
    @locked
    def __setstate__(self, object, /) -> None:
        "Goes to an index."

class callable_iterator:
    __c__ = "callable_iterator", "CallableIterator"
    def __reduce__(self, /):
        "Support for pickle and copy."
