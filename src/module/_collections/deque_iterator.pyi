class _deque_iterator:
    __c__ = "deque_iterator", "DequeIterator"
    def __new__(cls, deque, index: ssize = 0, /): ...
    @locked
    def __length_hint__(self, /) -> ssize: "How many items are left."
    @locked
    def __reduce__(self, /): "Support for pickle and copy."

class _deque_reverse_iterator:
    __c__ = "deque_reverse_iterator", "DequeIterator"
    def __new__(cls, deque, index: ssize = 0, /): ...
    @locked
    def __length_hint__(self, /) -> ssize: "How many items are left."
    @locked
    def __reduce__(self, /): "Support for pickle and copy."
