class int:
    """Convert a number or text to an integer: int() is 0.

    x is a number (truncated towards zero) or, in the given base, a str, bytes or bytearray of digits with an
    optional sign, underscores between digits and spaces around. base is 2 to 36, or 0 to obey a prefix.

    >>> int(" -1_000 "), int("ff", 16), int("0x10", 0), int(2.9)
    (-1000, 255, 16, 2)
    """
    __c__ = "int", "Value"
    def __new__(cls, x: opt = ..., /, base: opt = ...): ...
    def __format__(self, format_spec: str, /):
        "The number as text, as the specification says."
    def conjugate(self): "The int itself: it has no imaginary part."
    def bit_length(self):
        """How many bits the absolute value takes.

        >>> (255).bit_length(), (-256).bit_length(), (0).bit_length()
        (8, 9, 0)
        """
    def bit_count(self):
        """How many bits of the absolute value are ones.

        >>> (0b1011).bit_count(), (-8).bit_count()
        (3, 1)
        """
    def is_integer(self) -> bool: "Always True, as float.is_integer() is where there is no fraction."
    def as_integer_ratio(self):
        """The int and 1: a pair of ints whose ratio is the number.

        >>> (7).as_integer_ratio()
        (7, 1)
        """
    def to_bytes(self, length: ssize = 1, byteorder: str = 'big', *, signed: bool = False):
        "The int as `length` bytes, most significant first with byteorder 'big', last with 'little'; two's complement if signed."
    @classmethod
    def from_bytes(cls, bytes, byteorder: str = 'big', *, signed: bool = False):
        "The int that bytes (bytes-like or an iterable of ints) stand for: the inverse of to_bytes()."
    def __trunc__(self): "The int itself."
    def __floor__(self): "The int itself."
    def __ceil__(self): "The int itself."
    def __round__(self, ndigits=None, /): "Rounded to a multiple of 10**-ndigits, ties to the even one."
    def __getnewargs__(self): ...
    def __sizeof__(self): "Size of the object in memory, in bytes."
    @property
    def real(self): "The int itself: the real part."
    @property
    def imag(self): "0: the imaginary part."
    @property
    def numerator(self): "The int itself."
    @property
    def denominator(self): "1."
