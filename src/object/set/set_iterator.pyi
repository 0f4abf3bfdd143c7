class set_iterator:
    __c__ = "set_iterator", "SetIterator"
    @locked
    def __length_hint__(self, /) -> ssize:
        "How many items are left."
    @locked
    def __reduce__(self, /):
        "Support for pickle and copy: what is left, as an iterator over a list."
