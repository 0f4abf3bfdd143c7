class SimpleNamespace:
    "An object that is nothing but its attributes, given by keyword or by a mapping or pairs before them."
    __c__ = "namespace", "Namespace"
    @raw
    def __replace__(self, /, **changes): "A copy with some attributes replaced."
    def __reduce__(self): "What copying and pickling need."
    @property
    def __dict__(self): "The attributes."
