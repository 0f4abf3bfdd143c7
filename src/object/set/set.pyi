class set:
    """A mutable collection of hashable items, each of them once.

    Without an argument a new empty set; else one of the iterable's items."""
    def __init__(self, iterable: opt = (), /): ...
    def add(self, object, /) -> None:
        "Adds an item, unless it is there already."
    def __contains__(self, object, /) -> bool:
        "Whether object is an item."
    def clear(self, /) -> None:
        "Removes all items."
    def copy(self, /):
        "A new set of the same items."
    def discard(self, object, /) -> None:
        "Removes an item if it is there."
    def difference(self, *others):
        "A new set of the items that are in none of the iterables."
    def difference_update(self, *others) -> None:
        "Removes the items of all iterables."
    def intersection(self, *others):
        "A new set of the items that are in all iterables as well."
    def intersection_update(self, *others) -> None:
        "Keeps only the items that are in all iterables as well."
    def isdisjoint(self, other, /) -> bool:
        "Whether no item is in the other iterable."
    def issubset(self, other, /) -> bool:
        "Whether all items are in the other iterable."
    def issuperset(self, other, /) -> bool:
        "Whether all items of the other iterable are in this set."
    def pop(self, /):
        "Removes some item and returns it. Raises KeyError where there is none."
    def __reduce__(self, /):
        "Support for pickle and copy."
    def remove(self, object, /) -> None:
        "Removes an item. Raises KeyError where it is absent."
    def __sizeof__(self, /) -> ssize:
        "Bytes that the set takes in memory."
    def symmetric_difference(self, other, /):
        "A new set of the items that are in one of the two only."
    def symmetric_difference_update(self, other, /) -> None:
        "Keeps the items that the other iterable has not, and adds those that only it has."
    def union(self, *others):
        "A new set of the items of this set and of all iterables."
    def update(self, *others) -> None:
        "Adds the items of all iterables."
    @classmethod
    def __class_getitem__(cls, object, /):
        "The class with its item type given."

class frozenset:
    """An immutable collection of hashable items, each of them once.

    Without an argument the empty one; else one of the iterable's items. A frozenset is returned as it is."""
    __c__ = "frozenset", "Set"
    def __new__(cls, iterable: opt = (), /): ...
    def __contains__(self, object, /) -> bool:
        "Whether object is an item."
    def copy(self, /):
        "The same items: itself, or for instances of subclasses a frozenset."
    def difference(self, *others):
        "A new frozenset of the items that are in none of the iterables."
    def intersection(self, *others):
        "A new frozenset of the items that are in all iterables as well."
    def isdisjoint(self, other, /) -> bool:
        "Whether no item is in the other iterable."
    def issubset(self, other, /) -> bool:
        "Whether all items are in the other iterable."
    def issuperset(self, other, /) -> bool:
        "Whether all items of the other iterable are in this set."
    def __reduce__(self, /):
        "Support for pickle and copy."
    def __sizeof__(self, /) -> ssize:
        "Bytes that the set takes in memory."
    def symmetric_difference(self, other, /):
        "A new frozenset of the items that are in one of the two only."
    def union(self, *others):
        "A new frozenset of the items of this set and of all iterables."
    @classmethod
    def __class_getitem__(cls, object, /):
        "The class with its item type given."
