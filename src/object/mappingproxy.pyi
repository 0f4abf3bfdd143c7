class mappingproxy:
    "A read-only view of a mapping."
    __c__ = "mappingproxy", "MappingProxy"
    def __new__(cls, mapping): ...
    @raw
    def get(self, key, default=None, /): "The value of a key, or the default when it is absent."
    def keys(self): "A view of the keys."
    def values(self): "A view of the values."
    def items(self): "A view of the (key, value) pairs."
    def copy(self): "A shallow copy of the mapping."
    @classmethod
    def __class_getitem__(cls, item, /): "A generic alias: MappingProxyType[item]."
    def __reversed__(self): "An iterator over the keys, backwards."
