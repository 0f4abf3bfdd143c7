"Arrays of numbers or characters as C keeps them."

def _array_reconstructor(arraytype: type, typecode: char, mformat_code: int, items, /): "Support for pickle: an array of the type out of bytes in a machine's format."

class array:
    """array(typecode [, initializer]) -> array

    A sequence of values of one kind, kept as C keeps them. typecode is one letter:

        b B  h H  i I  l L  q Q   ints, signed and unsigned, of 1, 2, 4, 8 and 8 bytes
        f d                       floats of 4 and 8 bytes
        w u                       characters

    initializer: a list of values, an iterable, bytes-like, or a str for characters."""
    __c__ = "array", "Array"
    def append(self, v, /) -> None: "Adds v behind the last item."
    @locked
    def buffer_info(self, /): "(address, length): where the items are, and how many."
    @locked
    def byteswap(self, /) -> None: "Turns the bytes of each item around. For items of 1, 2, 4 or 8 bytes."
    @locked
    def clear(self, /) -> None: "Removes all items."
    def __copy__(self, /): "A copy."
    def __deepcopy__(self, unused, /): "A copy."
    def count(self, v, /) -> ssize: "How often v is in the array."
    def extend(self, bb, /) -> None: "Adds all items of an array or iterable."
    def fromfile(self, f, n: ssize, /) -> None: "Reads n items from a binary file and adds them."
    def fromlist(self, list, /) -> None: "Adds all items of a list, or none if one cannot be."
    def frombytes(self, buffer: buffer, /) -> None: "Adds items as they lie in memory."
    def fromunicode(self, ustr: str, /) -> None: "Adds the characters of a str; for arrays of characters."
    def index(self, v, start: clamped = 0, stop: clamped = MAX, /) -> ssize: "The index of the first item equal to v. ValueError if there is none."
    def insert(self, i: ssize, v, /) -> None: "Inserts v before item i."
    def pop(self, i: ssize = -1, /): "Removes item i, and gives it."
    def __reduce_ex__(self, value, /): "Support for pickle."
    def remove(self, v, /) -> None: "Removes the first item equal to v. ValueError if there is none."
    @locked
    def reverse(self, /) -> None: "Turns the order of the items around."
    @locked
    def tobytes(self, /): "The items as they lie in memory."
    def tofile(self, f, /) -> None: "Writes the items to a binary file, as they lie in memory."
    def tolist(self, /): "A list of the items."
    def tounicode(self, /): "A str of the characters; for arrays of characters."
    @locked
    def __sizeof__(self, /) -> ssize: "Bytes of memory."
    @classmethod
    def __class_getitem__(cls, object, /): "The class with its item type given."
    @property
    def typecode(self): "The letter of the type of the items."
    @property
    def itemsize(self): "Bytes of one item."

class arrayiterator:
    __c__ = "array_iterator", "ArrayIterator"
    def __reduce__(self, /): "Support for pickle and copy."
    def __setstate__(self, state, /) -> None: "Support for pickle and copy."
