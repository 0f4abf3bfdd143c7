class _ConstEvaluator:
    "A function that gives a value known beforehand, or its text."
    __c__ = "constevaluator", "ConstEvaluator"
class NoDefaultType:
    "The type of NoDefault, which stands for the default that a type parameter does not have."
    __c__ = "no_default", "Value"
    def __reduce__(self): "For pickle: the name."
