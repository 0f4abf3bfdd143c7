class itemgetter:
    """itemgetter(item, /, *items)
    --

    A callable that gives item of its argument: itemgetter(2)(r) is r[2]. With several items a tuple of them."""
    def __reduce__(self, /):
        "Support for pickle and copy."
    @property
    def __text_signature__(self):
        "The parameters of the callable."

class attrgetter:
    """attrgetter(attr, /, *attrs)
    --

    A callable that gives an attribute of its argument: attrgetter('a.b')(r) is r.a.b. With several names a tuple."""
    def __reduce__(self, /):
        "Support for pickle and copy."
    @property
    def __text_signature__(self):
        "The parameters of the callable."

class methodcaller:
    """methodcaller(name, /, *args, **kwargs)
    --

    A callable that calls a method of its argument: methodcaller('name', 1)(r) is r.name(1)."""
    def __reduce__(self, /):
        "Support for pickle and copy."
    @property
    def __text_signature__(self):
        "The parameters of the callable."
