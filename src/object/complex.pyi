class complex:
    "Create a complex number from a real and an imaginary part, or from a number or text: complex() is 0j."
    def __new__(cls, real: opt = 0, imag: opt = 0): ...
    @property
    @member
    def real(self): "the real part of a complex number"
    @property
    @member
    def imag(self): "the imaginary part of a complex number"
    def conjugate(self): "The same number with the sign of its imaginary part changed."
    def __complex__(self): "An exact complex number of the same value."
    def __getnewargs__(self): ...
    @classmethod
    def from_number(cls, number, /): "Convert a number (never text) to a complex number."
    def __format__(self, format_spec: str, /):
        "The number as text, as the specification says."
