class partial:
    """partial(func, /, *args, **keywords)
    --

    A callable that calls func with arguments given in advance, before its own ones.

    A Placeholder among args is an argument to be given in the call."""
    __c__ = "partial", "Partial"
    @locked
    def __reduce__(self, /): "Support for pickle and copy."
    def __setstate__(self, object, /) -> None: "Support for pickle and copy."
    @classmethod
    def __class_getitem__(cls, object, /): "The class with types given."
    @property
    @member
    def func(self): "The function that is called."
    @func.setter
    def func(self, value): ...
    @property
    @member
    def args(self): "The positional arguments given in advance."
    @args.setter
    def args(self, value): ...
    @property
    @member
    def keywords(self): "The keyword arguments given in advance."
    @keywords.setter
    def keywords(self, value): ...

class _PlaceholderType:
    "The type of Placeholder, which stands for an argument of a partial that the call gives."
    __c__ = "placeholder", "Value"
    def __reduce__(self, /): "Support for pickle and copy."
