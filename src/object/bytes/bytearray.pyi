class bytearray:
    __c__ = "bytelike", "Value"
    def __init__(self, source: opt = ..., encoding: cstr = ..., errors: cstr = ...): ...
    @signature("($self, sub[, start[, end]], /)")
    def find(self, sub, start=None, end=None, /) -> ssize:
        "The lowest index in self[start:end] where sub begins, -1 where it is absent. sub is bytes-like, or an int for one byte."
    @signature("($self, sub[, start[, end]], /)")
    def rfind(self, sub, start=None, end=None, /) -> ssize:
        "The highest index in self[start:end] where sub begins, -1 where it is absent."
    @signature("($self, sub[, start[, end]], /)")
    def index(self, sub, start=None, end=None, /) -> ssize:
        "As find(), but raises ValueError where sub is absent."
    @signature("($self, sub[, start[, end]], /)")
    def rindex(self, sub, start=None, end=None, /) -> ssize:
        "As rfind(), but raises ValueError where sub is absent."
    @signature("($self, sub[, start[, end]], /)")
    def count(self, sub, start=None, end=None, /) -> ssize:
        "How often sub occurs in self[start:end], without overlaps."
    @signature("($self, prefix[, start[, end]], /)")
    def startswith(self, prefix, start=None, end=None, /) -> bool:
        "True where self[start:end] begins with prefix, or with one of a tuple of prefixes."
    @signature("($self, suffix[, start[, end]], /)")
    def endswith(self, suffix, start=None, end=None, /) -> bool:
        "True where self[start:end] ends with suffix, or with one of a tuple of suffixes."
    def removeprefix(self, prefix, /):
        "A copy without prefix at its start, or of all where it begins with something else."
    def removesuffix(self, suffix, /):
        "A copy without suffix at its end, or of all where it ends with something else."

    def split(self, /, sep=None, maxsplit: ssize = -1):
        """A list of the parts between separators, counted from the left.

        Without sep the parts are what stands between runs of ASCII white space, and none is empty. Not more than maxsplit cuts
        are made, unless it is negative."""
    def rsplit(self, /, sep=None, maxsplit: ssize = -1):
        "As split(), but cuts are made from the right."
    def splitlines(self, /, keepends: bool = False):
        "A list of the lines, with their ends when keepends is true."
    def partition(self, sep, /):
        "What stands before the first sep, sep itself, and what stands after. Where sep is absent: all, and two empty ones."
    def rpartition(self, sep, /):
        "What stands before the last sep, sep itself, and what stands after. Where sep is absent: two empty ones, and all."
    def strip(self, bytes=None, /):
        "A copy without ASCII white space at both ends, or without bytes that are in the argument."
    def lstrip(self, bytes=None, /):
        "A copy without ASCII white space at its start, or without bytes that are in the argument."
    def rstrip(self, bytes=None, /):
        "A copy without ASCII white space at its end, or without bytes that are in the argument."
    def join(self, iterable_of_bytes, /):
        "The bytes-like objects of the iterable, one after another, with self between each two."

    def lower(self, /):
        "A copy with ASCII letters in lower case."
    def upper(self, /):
        "A copy with ASCII letters in upper case."
    def title(self, /):
        "A copy with each word's first ASCII letter in upper case and the others in lower case."
    def capitalize(self, /):
        "A copy with the first byte in upper case and the others in lower case, where they are ASCII letters."
    def swapcase(self, /):
        "A copy with upper case ASCII letters made lower and lower case ones made upper."
    def isalpha(self, /) -> bool:
        "True where all bytes are ASCII letters and there is one."
    def isdigit(self, /) -> bool:
        "True where all bytes are ASCII digits and there is one."
    def isalnum(self, /) -> bool:
        "True where all bytes are ASCII letters or digits and there is one."
    def isspace(self, /) -> bool:
        "True where all bytes are ASCII white space and there is one."
    def isascii(self, /) -> bool:
        "True where all bytes are ASCII."
    def islower(self, /) -> bool:
        "True where all ASCII letters are in lower case and there is one."
    def isupper(self, /) -> bool:
        "True where all ASCII letters are in upper case and there is one."
    def istitle(self, /) -> bool:
        "True where words begin with upper case, go on in lower case, and there is one."

    def center(self, width: ssize, fillchar: opt = b' ', /):
        "A copy in the middle of width bytes, filled up with fillchar."
    def ljust(self, width: ssize, fillchar: opt = b' ', /):
        "A copy at the left of width bytes, filled up with fillchar."
    def rjust(self, width: ssize, fillchar: opt = b' ', /):
        "A copy at the right of width bytes, filled up with fillchar."
    def zfill(self, width: ssize, /):
        "A copy with zeros before it, up to width bytes; a sign stays in front."
    def expandtabs(self, /, tabsize: int = 8):
        "A copy with spaces up to the next multiple of tabsize columns in the place of tabs."
    def replace(self, old, new, count: opt = -1, /):
        "A copy with new in the place of old, everywhere or, when count is not negative, at the first count occurrences."
    def translate(self, table, /, delete: opt = b''):
        "A copy without the bytes in delete, and with the others replaced by what the 256 bytes of table have for them."
    @staticmethod
    def maketrans(frm, to, /):
        "A table for translate() that maps each byte of frm to the one at the same place in to."
    def hex(self, /, sep: opt = ..., bytes_per_sep: int = 1):
        """The bytes as hexadecimal text.

        With sep, a character, between groups of bytes_per_sep bytes, counted from the right, or from the left when negative.

        >>> bytearray(b"Weft").hex()
        '57656674'
        >>> bytearray(b"Weft").hex("-", 3), bytearray(b"Weft").hex("-", -3)
        ('57-656674', '576566-74')
        """
    @classmethod
    def fromhex(cls, string, /):
        "The bytes that hexadecimal text stands for; white space between bytes is skipped."
    def decode(self, /, encoding: cstr = 'utf-8', errors: cstr = 'strict'):
        "The text that the bytes stand for in that encoding. errors says what to do with those that stand for nothing."
    def __sizeof__(self, /) -> ssize:
        "Bytes that the object takes in memory."

    def append(self, item, /) -> None:
        "Adds the byte item at the end."
    def insert(self, index: ssize, item, /) -> None:
        "Puts the byte item before the one at index."
    def extend(self, iterable_of_ints, /) -> None:
        "Adds the bytes of a bytes-like object or of an iterable of ints at the end."
    def pop(self, index: ssize = -1, /):
        "Removes the byte at index, the last one by default, and returns it. Raises IndexError where there is none."
    def remove(self, value, /) -> None:
        "Removes the first byte equal to value. Raises ValueError where there is none."
    def clear(self, /) -> None:
        "Removes all bytes."
    def copy(self, /):
        "A bytearray of the same bytes."
    def reverse(self, /) -> None:
        "Reverses the order of the bytes, in place."
    def resize(self, size: ssize, /) -> None:
        "Cuts off what is behind the first size bytes, or adds zeros up to that size."
    def __alloc__(self, /) -> ssize:
        "Bytes of memory set aside for the contents."
    def __reduce__(self, /):
        "Support for pickle and copy."
    def __reduce_ex__(self, proto: int = 0, /):
        "Support for pickle and copy."
