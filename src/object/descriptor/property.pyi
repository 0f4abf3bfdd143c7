class property:
    """An attribute that functions read, write and delete.

    property(fget, fset, fdel, doc), or @property above a method that gets; then @NAME.setter and
    @NAME.deleter above methods of the same name."""
    __c__ = "property", "Property"
    def __init__(self, fget=None, fset=None, fdel=None, doc=None): ...
    def getter(self, function, /): "A copy of the property with another getter."
    def setter(self, function, /): "A copy of the property with another setter."
    def deleter(self, function, /): "A copy of the property with another deleter."
    @raw
    def __set_name__(self, owner, name, /): "Called when the class is made: remembers the name."
    @property
    @member
    def fget(self): ...
    @property
    @member
    def fset(self): ...
    @property
    @member
    def fdel(self): ...
    @property
    @member
    def __doc__(self): ...
    @__doc__.setter
    def __doc__(self, value): ...
    @property
    def __name__(self): ...
    @__name__.setter
    def __name__(self, value): ...
    @property
    def __isabstractmethod__(self): ...
