class zip:
    """An iterator over tuples of one item of each iterable, until one of them is used up.

    With strict, ValueError when another one still has items.

    >>> list(zip("abc", [1, 2]))
    [('a', 1), ('b', 2)]
    """
    def __new__(cls, *iterables, strict: bool = False): ...
    def __reduce__(self, /):
        "Support for pickle and copy."
    def __setstate__(self, object, /) -> None:
        "Sets strict."
