class memoryview:
    "A view of an object's memory, without a copy."
    __c__ = "memoryview", "MemoryView"
    def __new__(cls, object): ...
    @classmethod
    def _from_flags(cls, object, flags: int):
        "A view got with these flags of the buffer protocol."
    def release(self, /) -> None:
        "Gives the memory back; the view is of no use after that."
    def __enter__(self, /): ...
    def __exit__(self, /, *exc_info) -> None:
        "Releases the view."
    def cast(self, /, format: str, shape: opt = ...):
        "A view of the same memory with another format, or another shape. Only from or to plain bytes."
    def toreadonly(self, /):
        "A view of the same memory that does not write."
    def tobytes(self, /, order: cstr_opt = 'C'):
        "The memory as bytes, in the order of C ('C'), of Fortran ('F'), or in its own ('A')."
    def tolist(self, /):
        "The items as a list, of lists where there are more dimensions."
    def hex(self, /, sep: opt = ..., bytes_per_sep: int = 1):
        """The bytes as hexadecimal text.

        With sep, a character, between groups of bytes_per_sep bytes, counted from the right, or from the left when negative.

        >>> memoryview(b"Weft").hex()
        '57656674'
        >>> memoryview(b"Weft").hex("-", 3), memoryview(b"Weft").hex("-", -3)
        ('57-656674', '576566-74')
        """
    def index(self, value, start=0, stop=sys.maxsize, /) -> ssize:
        "The first index of value. Raises ValueError where it is absent."
    def count(self, value, /) -> ssize:
        "How often value occurs."
    @classmethod
    def __class_getitem__(cls, object, /):
        "memoryview[item], a generic alias."
    @property
    def obj(self):
        "The object whose memory it is."
    @property
    def nbytes(self):
        "Bytes that the items take, one after another."
    @property
    def readonly(self):
        "True where the memory cannot be written."
    @property
    def itemsize(self):
        "Bytes of one item."
    @property
    def format(self):
        "What an item is, as the struct module says it."
    @property
    def ndim(self):
        "Number of dimensions."
    @property
    def shape(self):
        "Items in each dimension."
    @property
    def strides(self):
        "Bytes from one item to the next, in each dimension."
    @property
    def suboffsets(self):
        "For memory with pointers in it: what is added behind each dimension's; else empty."
    @property
    def c_contiguous(self):
        "True where the memory is one run in the order of C."
    @property
    def f_contiguous(self):
        "True where the memory is one run in the order of Fortran."
    @property
    def contiguous(self):
        "True where the memory is one run."
