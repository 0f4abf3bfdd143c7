class str_iterator:
    __c__ = "str_iterator", "StrIterator"
    def __length_hint__(self, /) -> ssize:
        "How many characters are left."
    def __reduce__(self, /):
        "Support for pickle and copy."
    @locked
    def __setstate__(self, object, /) -> None:
        "Goes to an index."
