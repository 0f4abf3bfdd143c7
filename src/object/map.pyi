class map:
    """An iterator over the results of function, called with one item of each iterable, until one of them is used up.

    With strict, ValueError when another one still has items."""
    def __new__(cls, function, iterable, /, *iterables, strict: bool = False): ...
    def __reduce__(self, /):
        "Support for pickle and copy."
    def __setstate__(self, object, /) -> None:
        "Sets strict."
