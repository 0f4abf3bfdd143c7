class list:
    """A mutable sequence.

    Without an argument a new empty list; else one of the iterable's items."""
    def __init__(self, iterable: opt = (), /): ...
    def __reversed__(self, /):
        "An iterator over the items, the last one first."
    def __getitem__(self, index, /):
        "self[index]."
    def __sizeof__(self, /) -> ssize:
        "Bytes that the list takes in memory."
    def clear(self, /) -> None:
        "Removes all items."
    def copy(self, /):
        "A new list of the same items."
    def append(self, object, /) -> None:
        "Adds object at the end."
    def insert(self, index: ssize, object, /) -> None:
        "Puts object before the item at index."
    def extend(self, iterable, /) -> None:
        "Adds the items of iterable at the end."
    def pop(self, index: ssize = -1, /):
        "Removes the item at index, the last one by default, and returns it. Raises IndexError where there is none."
    def remove(self, value, /) -> None:
        "Removes the first item equal to value. Raises ValueError where there is none."
    def index(self, value, start=0, stop=sys.maxsize, /) -> ssize:
        "The first index of value. Raises ValueError where it is absent."
    def count(self, value, /) -> ssize:
        "How often value occurs."
    def reverse(self, /) -> None:
        "Reverses the order of the items, in place."
    def sort(self, *, key=None, reverse: bool = False) -> None:
        """Sorts the items in ascending order, in place, and keeps the order of equal ones.

        With a key function the items are ordered by its results, each asked for once. With reverse the order is descending; equal
        items keep theirs all the same."""
    @classmethod
    def __class_getitem__(cls, object, /):
        "The class with its item type given."
