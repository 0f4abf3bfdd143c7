class list_iterator:
    __c__ = "list_iterator", "ListIterator"
    def __length_hint__(self, /) -> ssize:
        "How many items are left."
    def __reduce__(self, /):
        "Support for pickle and copy."
    @locked
    def __setstate__(self, object, /) -> None:
        "Goes to an index."

class list_reverseiterator:
    __c__ = "list_reverseiterator", "ListIterator"
    def __length_hint__(self, /) -> ssize:
        "How many items are left."
    def __reduce__(self, /):
        "Support for pickle and copy."
    @locked
    def __setstate__(self, object, /) -> None:
        "Goes to an index."
