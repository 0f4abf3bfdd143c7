class method:
    "A function with its first argument given: what an instance's attribute access makes of a method."
    def __new__(cls, function, instance, /): ...
    @property
    @member
    def __func__(self): "The function (or other callable)."
    @property
    @member
    def __self__(self): "The instance it is bound to."
    @property
    def __doc__(self): ...
    def __reduce__(self): "For pickle: getattr(instance, name)."
