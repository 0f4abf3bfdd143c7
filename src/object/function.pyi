class function:
    """A Python function: code, the globals it runs in, and defaults for its parameters.

    name overrides the code's; closure has a cell for each free variable; kwdefaults maps keyword-only parameters to their defaults."""
    __c__ = "function", "Function"
    def __new__(cls, code, globals, name=None, argdefs=None, closure=None, kwdefaults=None): ...
    @property
    def __code__(self): "What is run."
    @__code__.setter
    def __code__(self, value): ...
    @member
    @property
    def __globals__(self): "The module's names."
    @member
    @property
    def __builtins__(self): "The built-in names."
    @member
    @property
    def __closure__(self): "A tuple of cells, or None."
    @property
    def __defaults__(self): "Defaults of positional parameters: a tuple, or None."
    @__defaults__.setter
    def __defaults__(self, value): ...
    @property
    def __kwdefaults__(self): "Defaults of keyword-only parameters: a dict, or None."
    @__kwdefaults__.setter
    def __kwdefaults__(self, value): ...
    @property
    def __name__(self): "The name."
    @__name__.setter
    def __name__(self, value): ...
    @property
    def __qualname__(self): "The name with those of the classes and functions around it."
    @__qualname__.setter
    def __qualname__(self, value): ...
    @property
    def __module__(self): "The module's name."
    @__module__.setter
    def __module__(self, value): ...
    @property
    def __doc__(self): "The docstring."
    @__doc__.setter
    def __doc__(self, value): ...
    @property
    def __dict__(self): "The function's own attributes."
    @__dict__.setter
    def __dict__(self, value): ...
    @property
    def __annotations__(self): "Annotations of parameters and result: a dict, evaluated when first asked for."
    @__annotations__.setter
    def __annotations__(self, value): ...
    @property
    def __annotate__(self): "The function that evaluates the annotations, or None."
    @__annotate__.setter
    def __annotate__(self, value): ...
    @property
    def __type_params__(self): "The type parameters: a tuple."
    @__type_params__.setter
    def __type_params__(self, value): ...
