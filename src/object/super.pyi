class super:
    """The attributes of what comes after a class in a method resolution order.

    super() in a method: of its own class and first argument. super(type, object_or_type): of these.
    super(type): not bound to an object."""
    __c__ = "super", "Super"
    @property
    @member
    def __thisclass__(self): "The class given to super()."
    @property
    @member
    def __self__(self): "The object given to super(), or None."
    @property
    @member
    def __self_class__(self): "The class whose resolution order is used, or None."
