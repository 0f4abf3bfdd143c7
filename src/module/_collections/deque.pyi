class deque:
    """deque([iterable[, maxlen]])
    --

    A sequence that takes and gives items at both ends in constant time.

    With maxlen it never holds more: adding at one end of a full deque drops an item at the other."""
    __c__ = "deque", "Deque"
    def __init__(self, iterable: opt = ..., maxlen = None): ...
    def append(self, item, /) -> None: "Adds item at the right end."
    def appendleft(self, item, /) -> None: "Adds item at the left end."
    def clear(self, /) -> None: "Removes all items."
    def __copy__(self, /): "A new deque of the same items."
    def copy(self, /): "A new deque of the same items."
    @locked
    def count(self, value, /) -> ssize: "How often value occurs."
    def extend(self, iterable, /) -> None: "Adds the items of iterable at the right end."
    def extendleft(self, iterable, /) -> None: "Adds the items of iterable at the left end, one after the other."
    @locked
    def index(self, value, start=0, stop=sys.maxsize, /) -> ssize:
        "The first index of value. Raises ValueError where it is absent."
    def insert(self, index: ssize, value, /) -> None: "Puts value before the item at index."
    def pop(self, /): "Removes the last item and returns it."
    def popleft(self, /): "Removes the first item and returns it."
    def __reduce__(self, /): "Support for pickle and copy."
    @locked
    def remove(self, value, /) -> None: "Removes the first item equal to value. Raises ValueError where there is none."
    def __reversed__(self, /): "An iterator over the items, the last one first."
    def reverse(self, /) -> None: "Reverses the order of the items, in place."
    def rotate(self, n: ssize = 1, /) -> None: "Moves n items from the right end to the left; the other way round when n is negative."
    @locked
    def __sizeof__(self, /) -> ssize: "Bytes that the deque takes in memory."
    @classmethod
    def __class_getitem__(cls, object, /): "The class with its item type given."
    @property
    def maxlen(self): "The greatest length, or None."
