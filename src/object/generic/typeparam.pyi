class typevar:
    __c__ = "typevar", "TypeParam"
    def __new__(cls, name: str, *constraints, bound=None, default: opt=..., covariant: bool=False, contravariant: bool=False, infer_variance: bool=False): ...
    def __typing_subst__(self, arg, /): "What replaces the parameter by arg."
    def __typing_prepare_subst__(self, alias, args, /): "The arguments of alias with the default of the parameter where they lack it."
    def __reduce__(self): "For pickle: the name."
    def has_default(self) -> bool: "Has the parameter a default?"
    def __mro_entries__(self, object, /): "Refuses to be a base class."
    @property
    @member
    def __name__(self): "The name."
    @property
    @member
    def __covariant__(self): "Was it declared covariant?"
    @property
    @member
    def __contravariant__(self): "Was it declared contravariant?"
    @property
    @member
    def __infer_variance__(self): "Is the variance left to the type checker?"
    @property
    def __bound__(self): "The upper bound, or None."
    @property
    def __constraints__(self): "The types it may be, or an empty tuple."
    @property
    def __default__(self): "The default, or NoDefault."
    @property
    def evaluate_bound(self): "The function that gives the bound in a format, or None."
    @property
    def evaluate_constraints(self): "The function that gives the constraints in a format, or None."
    @property
    def evaluate_default(self): "The function that gives the default in a format."

class paramspec:
    __c__ = "paramspec", "TypeParam"
    def __new__(cls, name: str, *, bound=None, default: opt=..., covariant: bool=False, contravariant: bool=False, infer_variance: bool=False): ...
    def __typing_subst__(self, arg, /): "What replaces the parameter by arg."
    def __typing_prepare_subst__(self, alias, args, /): "The arguments of alias with those of the parameter made one."
    def has_default(self) -> bool: "Has the parameter a default?"
    def __reduce__(self): "For pickle: the name."
    def __mro_entries__(self, object, /): "Refuses to be a base class."
    @property
    @member
    def __name__(self): "The name."
    @property
    @member
    def __bound__(self): "The upper bound, or None."
    @property
    @member
    def __covariant__(self): "Was it declared covariant?"
    @property
    @member
    def __contravariant__(self): "Was it declared contravariant?"
    @property
    @member
    def __infer_variance__(self): "Is the variance left to the type checker?"
    @property
    def args(self): "The positional arguments: what *args is annotated with."
    @property
    def kwargs(self): "The keyword arguments: what **kwargs is annotated with."
    @property
    def __default__(self): "The default, or NoDefault."
    @property
    def evaluate_default(self): "The function that gives the default in a format."

class typevartuple:
    __c__ = "typevartuple", "TypeParam"
    def __new__(cls, name: str, *, default: opt=...): ...
    def __typing_subst__(self, arg, /): "Refuses: only an unpacked one can be replaced."
    def __typing_prepare_subst__(self, alias, args, /): "The arguments of alias with those of the parameter made one."
    def __reduce__(self): "For pickle: the name."
    def has_default(self) -> bool: "Has the parameter a default?"
    def __mro_entries__(self, object, /): "Refuses to be a base class."
    @property
    @member
    def __name__(self): "The name."
    @property
    def __default__(self): "The default, or NoDefault."
    @property
    def evaluate_default(self): "The function that gives the default in a format."
