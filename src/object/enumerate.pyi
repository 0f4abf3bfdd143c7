class enumerate:
    """enumerate(iterable, start=0)
    --

    An iterator over pairs: a count that begins at start, and an item of the iterable."""
    @locked
    def __reduce__(self, /):
        "Support for pickle and copy."
    @classmethod
    def __class_getitem__(cls, object, /):
        "The class with its item type given."
