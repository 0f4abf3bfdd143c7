class accumulate:
    "An iterator over the running totals: the first item, func of it and the second, func of that and the third, and so on; func adds by default."
    __c__ = "itertools_accumulate", "Accumulate"
    def __new__(cls, iterable, func = None, *, initial = None): ...

class batched:
    """An iterator over tuples of n items each; the last one may be shorter.

    With strict a shorter one is a ValueError."""
    __c__ = "itertools_batched", "Batched"
    def __new__(cls, iterable, n: ssize, *, strict: bool = False): ...

class groupby:
    "An iterator over pairs of a key and an iterator over the consecutive items with that key: key(item), or the item itself."
    __c__ = "itertools_groupby", "Groupby"
    def __new__(cls, iterable, key = None): ...

class _grouper:
    __c__ = "itertools_grouper", "Grouper"
    def __new__(cls, parent, tgtkey, /): ...
