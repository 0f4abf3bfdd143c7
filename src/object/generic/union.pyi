class Union:
    """Several types, of which a value may have any: int | str."""
    __c__ = "union", "Union"
    def __mro_entries__(self, bases, /): "Always a TypeError: a union cannot be a base."
    @classmethod
    def __class_getitem__(cls, parameters, /): "The union of the given types: Union[int, str]."
    @property
    @member
    def __args__(self): "The types, a tuple."
    @property
    def __name__(self): ...
    @property
    def __qualname__(self): ...
    @property
    def __origin__(self): ...
    @property
    def __parameters__(self): "The type variables in the types."
