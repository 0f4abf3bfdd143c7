class getset_descriptor:
    "An attribute of a built-in type that code reads or writes."
    __c__ = "getset_descriptor", "GetSetDescriptor"
    @property
    @member
    def __objclass__(self): ...
    @property
    @member
    def __name__(self): ...
    @property
    def __qualname__(self): ...
    @property
    def __doc__(self): ...

class member_descriptor:
    "An attribute that is a field of the object."
    __c__ = "member_descriptor", "MemberDescriptor"
    @property
    @member
    def __objclass__(self): ...
    @property
    @member
    def __name__(self): ...
    @property
    def __qualname__(self): ...
    @property
    def __doc__(self): ...
    def __reduce__(self): "For pickle: getattr(type, name)."
