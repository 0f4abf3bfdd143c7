class ReferenceType:
    "A reference that does not keep its object alive: called, it gives the object, or None when that is gone."
    __c__ = "weakref", "WeakRef"
    @classmethod
    def __class_getitem__(cls, object, /): "ref[T], for annotations."
    @member
    @property
    def __callback__(self): "What is called when the object is gone, or None."
