class int:
    """Convert a number or text to an integer: int() is 0.

    x is a number (truncated towards zero) or, in the given base, a str, bytes or bytearray of digits with an
    optional sign, underscores between digits and spaces around. base is 2 to 36, or 0 to obey a prefix."""
    def __new__(cls, x: opt = ..., /, base: opt = ...): ...
    def __format__(self, format_spec: str, /):
        "The number as text, as the specification says."
