class compress:
    "An iterator over the items of data beside which selectors has a true item."
    __c__ = "itertools_compress", "Compress"
    def __new__(cls, data, selectors): ...

class dropwhile:
    "An iterator over the items from the first one on for which predicate gives a false value."
    __c__ = "itertools_dropwhile", "While"
    def __new__(cls, predicate, iterable, /): ...

class takewhile:
    "An iterator over the items up to the first one for which predicate gives a false value."
    __c__ = "itertools_takewhile", "While"
    def __new__(cls, predicate, iterable, /): ...

class filterfalse:
    "An iterator over the items for which function gives a false value; over the false items when function is None."
    __c__ = "itertools_filterfalse", "While"
    def __new__(cls, function, iterable, /): ...

class starmap:
    "An iterator over the results of function, called with the items of each item as its arguments."
    __c__ = "itertools_starmap", "While"
    def __new__(cls, function, iterable, /): ...

class islice:
    """islice(iterable, stop)
    islice(iterable, start, stop[, step])

    An iterator over the items from start to stop, each step-th of them: as a slice, without negative numbers."""
    __c__ = "itertools_islice", "Islice"
