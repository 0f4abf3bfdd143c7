class dict_keys:
    __c__ = "dict_keys", "DictView"
    def isdisjoint(self, object, /) -> bool:
        "Whether no item of the iterable is among the keys."
    def __reversed__(self, /):
        "An iterator over the keys, the last one first."
    @property
    def mapping(self):
        "The dict, to be read only."

class dict_values:
    __c__ = "dict_values", "DictView"
    def __reversed__(self, /):
        "An iterator over the values, the last one first."
    @property
    def mapping(self):
        "The dict, to be read only."

class dict_items:
    __c__ = "dict_items", "DictView"
    def isdisjoint(self, object, /) -> bool:
        "Whether no item of the iterable is among the items."
    def __reversed__(self, /):
        "An iterator over the items, the last one first."
    @property
    def mapping(self):
        "The dict, to be read only."
