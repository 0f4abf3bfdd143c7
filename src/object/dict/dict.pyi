class dict:
    """dict(mapping_or_iterable=(), /, **kwargs)

    A mapping of hashable keys to values that keeps the order in which keys were added.

    Filled from a mapping (an object with keys()), or from an iterable of pairs, and then from the keyword arguments."""
    def __reversed__(self, /):
        "An iterator over the keys, the last one first."
    def __sizeof__(self, /) -> ssize:
        "Bytes that the dict takes in memory."
    def __getitem__(self, key, /):
        "self[key]."
    def __contains__(self, key, /) -> bool:
        "Whether key is present."
    def get(self, key, default=None, /):
        "The value of key; default where the key is absent."
    def setdefault(self, key, default=None, /):
        "The value of key; where the key is absent it is added, with default as its value."
    def pop(self, key, default: opt = ..., /):
        "Removes key and returns its value. Where the key is absent: default, or KeyError without one."
    def popitem(self, /):
        "Removes the pair that was added last and returns it. Raises KeyError where the dict is empty."
    def keys(self, /):
        "The keys, as a set-like view."
    def items(self, /):
        "The pairs (key, value), as a set-like view."
    def values(self, /):
        "The values, as a view."
    @raw
    def update(self, *args, **kwargs):
        """update(mapping_or_iterable=(), /, **kwargs)

        Adds the pairs of a mapping or an iterable of pairs, then the keyword arguments; values of present keys are replaced."""
    @classmethod
    def fromkeys(cls, iterable, value=None, /):
        "A new dict with the keys of iterable, each with the same value."
    def clear(self, /) -> None:
        "Removes everything."
    def copy(self, /):
        "A new dict of the same pairs."
    @classmethod
    def __class_getitem__(cls, object, /):
        "The class with the types of keys and values given."
