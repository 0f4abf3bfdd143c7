class chain:
    "An iterator over the items of the first iterable, then of the second, and so on."
    __c__ = "itertools_chain", "Chain"
    def __new__(cls, *iterables): ...
    @classmethod
    def from_iterable(cls, iterable, /): "A chain of the iterables that an iterable gives, taken from it as they are needed."
    @classmethod
    def __class_getitem__(cls, object, /): "The class with its item type given."

class zip_longest:
    """zip_longest(*iterables, fillvalue=None)
    --

    An iterator over tuples of one item of each iterable, until all are used up; fillvalue stands for the items of those that are."""
    __c__ = "itertools_zip_longest", "ZipLongest"

class pairwise:
    "An iterator over pairs of neighbours: first and second item, second and third, and so on."
    __c__ = "itertools_pairwise", "Pairwise"
    def __new__(cls, iterable, /): ...
