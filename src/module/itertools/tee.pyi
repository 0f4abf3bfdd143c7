class _tee:
    "One of several iterators over the same items."
    __c__ = "itertools_tee", "Tee"
    def __new__(cls, iterable, /): ...
    def __copy__(self, /): "Another iterator that is where this one is."

class _tee_dataobject:
    __c__ = "itertools_tee_data", "TeeData"
