class SimpleNamespace:
    """SimpleNamespace(mapping_or_iterable=(), /, **kwargs)
    --

    An object whose attributes are what it was given."""
    __c__ = "namespace", "Value"
    @raw
    def __reduce__(self): "What pickle needs to rebuild the namespace."
    @raw
    def __replace__(self, /, **changes): "A copy with some attributes changed."
