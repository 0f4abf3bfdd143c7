class bytes_iterator:
    __c__ = "bytes_iterator", "BytesIterator"
    @locked
    def __length_hint__(self, /):
        "How many bytes are left."
    def __reduce__(self, /):
        "Support for pickle and copy."
    @locked
    def __setstate__(self, object, /) -> None:
        "Goes to an index."
