class count:
    "An iterator over start, start + step, start + 2 * step and so on, without end."
    __c__ = "itertools_count", "Count"
    def __new__(cls, start = 0, step = 1): ...

class cycle:
    "An iterator over the items of an iterable, again and again."
    __c__ = "itertools_cycle", "Cycle"
    def __new__(cls, iterable, /): ...

class repeat:
    """repeat(object [,times])

    An iterator that gives object again and again: without end, or so many times."""
    __c__ = "itertools_repeat", "Repeat"
    def __length_hint__(self, /) -> ssize: "How many times are left."
