class filter:
    """An iterator over the items for which function gives a true value; over the true items when function is None."""
    def __new__(cls, function, iterable, /): ...
    def __reduce__(self, /):
        "Support for pickle and copy."
