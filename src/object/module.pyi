class module:
    """A module: a namespace with a name.

    doc may be any object."""
    def __init__(self, name: str, doc=None): ...
    def __dir__(self): "The names in the module, or what its own __dir__() gives."
    @member
    @property
    def __dict__(self): "The module's names: a dict."
    @property
    def __annotations__(self): "Annotations of the module's variables: a dict, evaluated when first asked for."
    @__annotations__.setter
    def __annotations__(self, value): ...
    @property
    def __annotate__(self): "The function that evaluates the annotations, or None."
    @__annotate__.setter
    def __annotate__(self, value): ...
