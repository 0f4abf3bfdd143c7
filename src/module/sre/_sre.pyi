"The engine of regular expressions; the module re compiles for it."
__c__ = "sre"

def compile(pattern, flags: int, code: list, groups: ssize, groupindex: dict, indexgroup: tuple): "A Pattern of the codes."
def template(pattern, template: list, /): "A Template of the parts: text, group number, text..."
def getlower(character: int, flags: int, /) -> ssize: "The lower case of a character."
def ascii_iscased(character: int, /) -> bool: "Has the ASCII character case?"
def unicode_iscased(character: int, /) -> bool: "Has the character case?"
def ascii_tolower(character: int, /) -> ssize: "The lower case of an ASCII character."
def unicode_tolower(character: int, /) -> ssize: "The lower case of a character."

class Pattern:
    "A compiled regular expression."
    __c__ = "sre_pattern", "Pattern"
    def match(self, string, pos: clamped = 0, endpos: clamped = MAX): "The match at the start of the string, or None."
    def fullmatch(self, string, pos: clamped = 0, endpos: clamped = MAX): "The match of the whole string, or None."
    def search(self, string, pos: clamped = 0, endpos: clamped = MAX): "The first match anywhere in the string, or None."
    def findall(self, string, pos: clamped = 0, endpos: clamped = MAX): "A list of all matches: texts, or groups where there are any."
    def finditer(self, string, pos: clamped = 0, endpos: clamped = MAX): "An iterator of all matches."
    def scanner(self, string, pos: clamped = 0, endpos: clamped = MAX): "An object with match() and search() that go on where they were."
    def split(self, string, maxsplit: ssize = 0): "A list of what lies between the matches, with the groups."
    def sub(self, repl, string, count: ssize = 0): "The string with matches replaced."
    def subn(self, repl, string, count: ssize = 0): "The string with matches replaced, and how many were."
    def __copy__(self): "The pattern itself."
    def __deepcopy__(self, memo, /): "The pattern itself."
    @classmethod
    def __class_getitem__(cls, item, /): "See PEP 585."
    @property
    def pattern(self): "What it was compiled from."
    @property
    def flags(self): "The flags, as an int."
    @property
    def groups(self): "The number of groups."
    @property
    def groupindex(self): "A mapping of the names of groups to their numbers."

class Match:
    "A match of a pattern in a string."
    __c__ = "sre_match", "Match"
    @raw
    def group(self, /, *args): "The text of one group, or a tuple of several; group 0 is the whole match."
    def groups(self, default = None): "A tuple of the texts of all groups."
    def groupdict(self, default = None): "A dict of the texts of the named groups."
    def start(self, group = 0, /) -> ssize: "Where a group starts, -1 if it has no part in the match."
    def end(self, group = 0, /) -> ssize: "Where a group ends, -1 if it has no part in the match."
    def span(self, group = 0, /): "(start, end) of a group."
    def expand(self, template): "The template with its back references filled in."
    def __copy__(self): "The match itself."
    def __deepcopy__(self, memo, /): "The match itself."
    @classmethod
    def __class_getitem__(cls, item, /): "See PEP 585."
    @property
    def string(self): "What was searched."
    @property
    def re(self): "The pattern."
    @property
    def pos(self): "Where the search began."
    @property
    def endpos(self): "Where it was to end."
    @property
    def lastindex(self): "The number of the last group that matched, or None."
    @property
    def lastgroup(self): "Its name, or None."
    @property
    def regs(self): "A tuple of the spans of all groups."

class SREScanner:
    "Matches one after another."
    __c__ = "sre_scanner", "Scanner"
    def match(self): "The next match, where the last one ended, or None."
    def search(self): "The next match anywhere after the last one, or None."
    @property
    def pattern(self): "The pattern."
