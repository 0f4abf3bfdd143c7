class OrderedDict:
    """OrderedDict(mapping_or_iterable=(), /, **kwargs)
    --

    A dict whose order counts when two are compared, and can be changed at both ends."""
    __c__ = "ordereddict", "OrderedDict"
    @classmethod
    def fromkeys(cls, iterable, value = None): "A new OrderedDict with the keys of iterable, each with the same value."
    def __reduce__(self, /): "Support for pickle and copy."
    def setdefault(self, key, default = None): "The value of key; where the key is absent it is added, with default as its value."
    def pop(self, key, default: opt = ...): "Removes key and returns its value. Where the key is absent: default, or KeyError without one."
    def popitem(self, last: bool = True): "Removes the last pair, or the first one when last is false, and returns it."
    def keys(self, /): "The keys, as a set-like view."
    def values(self, /): "The values, as a view."
    def items(self, /): "The pairs (key, value), as a set-like view."
    @raw
    def update(self, *args, **kwargs): "Adds the pairs of a mapping or an iterable of pairs, then the keyword arguments."
    def clear(self, /) -> None: "Removes everything."
    def copy(self, /): "A new OrderedDict of the same pairs."
    def __reversed__(self, /): "An iterator over the keys, the last one first."
    def move_to_end(self, key, last: bool = True) -> None:
        "Makes an existing key the last one, or the first one when last is false. KeyError where it is absent."

class odict_iterator:
    __c__ = "odict_iterator", "OdictIterator"
    @locked
    def __reduce__(self, /): "Support for pickle and copy: what is left, as an iterator over a list."

class odict_keys:
    __c__ = "odict_keys", "DictView"
    def __reversed__(self, /): "An iterator over the keys, the last one first."

class odict_values:
    __c__ = "odict_values", "DictView"
    def __reversed__(self, /): "An iterator over the values, the last one first."

class odict_items:
    __c__ = "odict_items", "DictView"
    def __reversed__(self, /): "An iterator over the items, the last one first."
