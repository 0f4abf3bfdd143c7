class str:
    def __new__(cls, object: opt = ..., encoding: cstr = ..., errors: cstr = ...): ...
    def __sizeof__(self, /) -> ssize:
        "Bytes that the str takes in memory."
    def __getnewargs__(self, /): ...

    @signature("($self, sub[, start[, end]], /)")
    def find(self, sub: str, start=None, end=None, /) -> ssize:
        "The lowest index in self[start:end] where sub begins, -1 where it is absent."
    @signature("($self, sub[, start[, end]], /)")
    def rfind(self, sub: str, start=None, end=None, /) -> ssize:
        "The highest index in self[start:end] where sub begins, -1 where it is absent."
    @signature("($self, sub[, start[, end]], /)")
    def index(self, sub: str, start=None, end=None, /) -> ssize:
        "As find(), but raises ValueError where sub is absent."
    @signature("($self, sub[, start[, end]], /)")
    def rindex(self, sub: str, start=None, end=None, /) -> ssize:
        "As rfind(), but raises ValueError where sub is absent."
    @signature("($self, sub[, start[, end]], /)")
    def count(self, sub: str, start=None, end=None, /) -> ssize:
        "How often sub occurs in self[start:end], without overlaps."
    @signature("($self, prefix[, start[, end]], /)")
    def startswith(self, prefix, start=None, end=None, /) -> bool:
        "True where self[start:end] begins with prefix, or with one of a tuple of prefixes."
    @signature("($self, suffix[, start[, end]], /)")
    def endswith(self, suffix, start=None, end=None, /) -> bool:
        "True where self[start:end] ends with suffix, or with one of a tuple of suffixes."
    def removeprefix(self, prefix: str, /):
        "The text without prefix at its start; the text itself where it begins with something else."
    def removesuffix(self, suffix: str, /):
        "The text without suffix at its end; the text itself where it ends with something else."
    def replace(self, old: str, new: str, /, count: ssize = -1):
        "The text with new in the place of old, everywhere or, when count is not negative, at the first count occurrences."

    def split(self, /, sep=None, maxsplit: ssize = -1):
        """A list of the parts between separators, counted from the left.

        Without sep the parts are what stands between runs of white space, and none is empty. Not more than maxsplit cuts are made,
        unless it is negative."""
    def rsplit(self, /, sep=None, maxsplit: ssize = -1):
        "As split(), but cuts are made from the right."
    def splitlines(self, /, keepends: bool = False):
        "A list of the lines, with their ends when keepends is true."
    def partition(self, sep, /):
        "What stands before the first sep, sep itself, and what stands after. Where sep is absent: the text and two empty ones."
    def rpartition(self, sep, /):
        "What stands before the last sep, sep itself, and what stands after. Where sep is absent: two empty texts and the text."
    def strip(self, chars=None, /):
        "The text without white space at both ends, or without characters that are in chars."
    def lstrip(self, chars=None, /):
        "The text without white space at its start, or without characters that are in chars."
    def rstrip(self, chars=None, /):
        "The text without white space at its end, or without characters that are in chars."
    def join(self, iterable, /):
        "The strings of iterable, one after another, with self between each two."

    def lower(self, /):
        "The text in lower case."
    def upper(self, /):
        "The text in upper case."
    def title(self, /):
        "The text with each word's first letter in title case and the others in lower case."
    def capitalize(self, /):
        "The text with its first character in title case and the others in lower case."
    def swapcase(self, /):
        "The text with upper case made lower and lower case made upper."
    def casefold(self, /):
        "The text without differences of case, for comparing."

    def isalpha(self, /) -> bool:
        "True where all characters are letters and there is one."
    def isdecimal(self, /) -> bool:
        "True where all characters are decimal digits and there is one."
    def isdigit(self, /) -> bool:
        "True where all characters are digits and there is one."
    def isnumeric(self, /) -> bool:
        "True where all characters have a numeric value and there is one."
    def isalnum(self, /) -> bool:
        "True where all characters are letters or numeric and there is one."
    def isspace(self, /) -> bool:
        "True where all characters are white space and there is one."
    def isprintable(self, /) -> bool:
        "True where repr() shows all characters as they are."
    def isascii(self, /) -> bool:
        "True where all characters are ASCII."
    def islower(self, /) -> bool:
        "True where all cased characters are in lower case and there is one."
    def isupper(self, /) -> bool:
        "True where all cased characters are in upper case and there is one."
    def istitle(self, /) -> bool:
        "True where words begin with upper or title case, go on in lower case, and there is one."
    def isidentifier(self, /) -> bool:
        "True where the text is an identifier of Python, reserved words included."

    def center(self, width: ssize, fillchar: opt = ' ', /):
        "The text in the middle of width characters, filled up with fillchar."
    def ljust(self, width: ssize, fillchar: opt = ' ', /):
        "The text at the left of width characters, filled up with fillchar."
    def rjust(self, width: ssize, fillchar: opt = ' ', /):
        "The text at the right of width characters, filled up with fillchar."
    def zfill(self, width: ssize, /):
        "The text with zeros before it, up to width characters; a sign stays in front."
    def expandtabs(self, /, tabsize: int = 8):
        "The text with spaces up to the next multiple of tabsize columns in the place of tabs."
    def translate(self, table, /):
        "The text with each character replaced by what table[its code point] gives: a code point, text, or None for nothing."
    @staticmethod
    def maketrans(x, y: str = ..., z: str = ..., /):
        """A table for translate().

        Of a dict whose keys are code points or single characters; or of two strings of one length, whose characters are mapped in
        order, and a third of characters to delete."""
    def encode(self, /, encoding: cstr = 'utf-8', errors: cstr = 'strict'):
        "The bytes that the text becomes in that encoding. errors says what to do with characters that it has not."
    def __format__(self, format_spec: str, /):
        "The text cut and filled up as the specification says."
    def format(self, /, *args, **kwargs):
        "The text with its replacement fields, in braces, filled in from the arguments."
    def format_map(self, mapping, /):
        "As format(), with the names of fields looked up in mapping."
