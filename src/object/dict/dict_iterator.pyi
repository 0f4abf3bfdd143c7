class dict_keyiterator:
    __c__ = "dict_keyiterator", "DictIterator"
    @locked
    def __length_hint__(self, /) -> ssize:
        "How many items are left."
    @locked
    def __reduce__(self, /):
        "Support for pickle and copy: what is left, as an iterator over a list."

class dict_valueiterator:
    __c__ = "dict_valueiterator", "DictIterator"
    @locked
    def __length_hint__(self, /) -> ssize:
        "How many items are left."
    @locked
    def __reduce__(self, /):
        "Support for pickle and copy: what is left, as an iterator over a list."

class dict_itemiterator:
    __c__ = "dict_itemiterator", "DictIterator"
    @locked
    def __length_hint__(self, /) -> ssize:
        "How many items are left."
    @locked
    def __reduce__(self, /):
        "Support for pickle and copy: what is left, as an iterator over a list."

class dict_reversekeyiterator:
    __c__ = "dict_reversekeyiterator", "DictIterator"
    @locked
    def __length_hint__(self, /) -> ssize:
        "How many items are left."
    @locked
    def __reduce__(self, /):
        "Support for pickle and copy: what is left, as an iterator over a list."

class dict_reversevalueiterator:
    __c__ = "dict_reversevalueiterator", "DictIterator"
    @locked
    def __length_hint__(self, /) -> ssize:
        "How many items are left."
    @locked
    def __reduce__(self, /):
        "Support for pickle and copy: what is left, as an iterator over a list."

class dict_reverseitemiterator:
    __c__ = "dict_reverseitemiterator", "DictIterator"
    @locked
    def __length_hint__(self, /) -> ssize:
        "How many items are left."
    @locked
    def __reduce__(self, /):
        "Support for pickle and copy: what is left, as an iterator over a list."
