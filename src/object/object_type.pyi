class object:
    "The base of every class: what all objects can do."
    __c__ = "object", "Value"
    def __reduce_ex__(self, protocol: int, /): "What pickle needs to rebuild the object, for a protocol."
    def __reduce__(self): "What pickle needs to rebuild the object."
    def __getstate__(self): "The part of the object that pickle and copy carry over."
    @classmethod
    def __subclasshook__(cls, object, /): "Asked by abstract base classes whether a class counts as a subclass; NotImplemented leaves it to them."
    @raw
    @classmethod
    def __init_subclass__(cls): "Called on a class when it is subclassed."
    def __format__(self, format_spec: str, /): "What format(self) gives; only an empty specification is understood."
    def __sizeof__(self): "Memory that the object takes, in bytes."
    def __dir__(self): "The names of the object's attributes."
    @property
    def __class__(self): "the object's class"
    @__class__.setter
    def __class__(self, value): ...
