class reversed:
    "An iterator over the items of a sequence, the last one first."
    __c__ = "reversed", "Reversed"
    def __new__(cls, sequence, /): ...
    @locked
    def __length_hint__(self, /) -> ssize:
        "How many items are left."
    @locked
    def __reduce__(self, /):
        "Support for pickle and copy."
    @locked
    def __setstate__(self, object, /) -> None:
        "Goes to an index."
