class float:
    "Convert a number or text to a floating-point number: float() is 0.0."
    def __new__(cls, x: opt = 0, /): ...
    def __format__(self, format_spec: str, /):
        "The number as text, as the specification says."
    def conjugate(self, /): "The float itself: it has no imaginary part."
    def is_integer(self, /) -> bool: "Has the number no fraction?"
    def as_integer_ratio(self, /):
        """A pair of ints whose ratio is exactly the number, in lowest terms, the second positive.

        OverflowError for infinities, ValueError for a NaN.

        >>> (0.75).as_integer_ratio(), (-2.0).as_integer_ratio()
        ((3, 4), (-2, 1))
        """
    def hex(self, /):
        """The exact number in hexadecimal.

        >>> (0.1).hex(), (-1.0).hex()
        ('0x1.999999999999ap-4', '-0x1.0000000000000p+0')
        """
    @classmethod
    def fromhex(cls, string, /):
        """The float that hexadecimal text means: the inverse of hex().

        >>> float.fromhex("0x1.8p3"), float.fromhex("-0x1p-2")
        (12.0, -0.25)
        """
    @classmethod
    def from_number(cls, number, /): "Convert a number (never text) to a float."
    @classmethod
    def __getformat__(cls, typestr: str, /):
        "How C's 'double' or 'float' is laid out in memory: 'IEEE, little-endian' or the like. For tests of Python itself."
    def __trunc__(self, /): "The int that is left without the fraction."
    def __floor__(self, /): "The largest int that is not larger."
    def __ceil__(self, /): "The smallest int that is not smaller."
    def __round__(self, ndigits=None, /):
        "The nearest int, or with ndigits the nearest float with that many decimals; ties go to the even one."
    def __getnewargs__(self, /): ...
    @property
    def real(self): "The float itself: the real part."
    @property
    def imag(self): "0.0: the imaginary part."
