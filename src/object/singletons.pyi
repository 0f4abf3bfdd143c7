class ellipsis:
    "The type of Ellipsis, which is also written ... in programs."
    __c__ = "ellipsis", "Value"
    def __reduce__(self): "Support for pickle: the name."

class NotImplementedType:
    "The type of NotImplemented, which an operator's method returns for operands that it does not know."
    __c__ = "notimplemented", "Value"
    def __reduce__(self): "Support for pickle: the name."
