class defaultdict:
    """defaultdict(default_factory=None, /, [...])
    --

    A dict that makes the value of a key that is asked for and missing, by calling default_factory without arguments.

    Other arguments are those of dict."""
    __c__ = "defaultdict", "DefaultDict"
    def __missing__(self, object, /): "What the default factory gives for a missing key, which is added. KeyError without a factory."
    def copy(self, /): "A new defaultdict of the same pairs and default factory."
    def __copy__(self, /): "A new defaultdict of the same pairs and default factory."
    def __reduce__(self, /): "Support for pickle and copy."
    @classmethod
    def __class_getitem__(cls, object, /): "The class with the types of keys and values given."
    @property
    @member
    def default_factory(self): "What makes missing values, or None."
    @default_factory.setter
    def default_factory(self, value): ...
