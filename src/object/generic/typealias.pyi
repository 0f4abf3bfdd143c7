class typealias:
    __c__ = "type_alias", "TypeAlias"
    def __new__(cls, name: str, value, *, type_params: opt=...): ...
    def __reduce__(self): "For pickle: the name."
    @property
    @member
    def __name__(self): "The name."
    @property
    def __parameters__(self): "The type parameters, as generic aliases have them: TypeVarTuples are unpacked."
    @property
    def __type_params__(self): "The type parameters."
    @property
    def __value__(self): "What the alias stands for; evaluated when first asked for."
    @property
    def evaluate_value(self): "The function that gives the value in a format."
    @property
    def __module__(self): "The module that defined it, or None."

class Generic:
    __c__ = "generic", "Value"
    @classmethod
    @raw
    def __class_getitem__(cls, *args, **kwargs): "The class with these type arguments; of Generic itself, a base for classes with these type parameters."
    @classmethod
    @raw
    def __init_subclass__(cls, *args, **kwargs): "Finds the type parameters of a new subclass among its bases."
