class float:
    "Convert a number or text to a floating-point number: float() is 0.0."
    def __new__(cls, x: opt = ..., /): ...
    def __format__(self, format_spec: str, /):
        "The number as text, as the specification says."
