class product:
    """product(*iterables, repeat=1)
    --

    An iterator over all tuples of one item of each iterable: nested loops, the last one innermost. With repeat the iterables are taken so often."""
    __c__ = "itertools_product", "Product"
    def __new__(cls, *iterables, repeat: ssize = 1): ...
    @locked
    def __sizeof__(self, /) -> ssize: "Bytes that the iterator takes in memory."

class permutations:
    "An iterator over all tuples of r items of the iterable, all of them by default, in every order."
    __c__ = "itertools_permutations", "Choice"
    def __new__(cls, iterable, r = None): ...
    def __sizeof__(self, /) -> ssize: "Bytes that the iterator takes in memory."

class combinations:
    "An iterator over all tuples of r items of the iterable, in its order."
    __c__ = "itertools_combinations", "Choice"
    def __new__(cls, iterable, r: ssize): ...
    def __sizeof__(self, /) -> ssize: "Bytes that the iterator takes in memory."

class combinations_with_replacement:
    "An iterator over all tuples of r items of the iterable, in its order, each item any number of times."
    __c__ = "itertools_combinations_with_replacement", "Choice"
    def __new__(cls, iterable, r: ssize): ...
    def __sizeof__(self, /) -> ssize: "Bytes that the iterator takes in memory."
