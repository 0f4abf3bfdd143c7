class AtomicInteger:
    """An int that threads change without locks. Every operation is one atomic step, for ints of any size.

    It takes part in arithmetic and comparison as its value at that moment."""
    __c__ = "thread_atomic_integer", "AtomicInteger"
    def __new__(cls, value = 0): ...
    def get(self): "The value."
    def set(self, value, /) -> None: "Make value the value."
    def increment(self): "Add 1; returns the new value."
    def decrement(self): "Subtract 1; returns the new value."
    def add(self, amount, /): "Add amount; returns the new value."
    def exchange(self, value, /): "Make value the value; returns the old one."
    def compare_and_set(self, expected, value, /) -> bool:
        "Make value the value if it equals expected; returns whether it did."

class AtomicReference:
    "A reference that threads change without locks. Every operation is one atomic step."
    __c__ = "thread_atomic_reference", "AtomicReference"
    def __new__(cls, obj = None): ...
    def get(self): "The object."
    def set(self, obj, /) -> None: "Refer to obj."
    def exchange(self, obj, /): "Refer to obj; returns the object before."
    def compare_and_set(self, expected, obj, /) -> bool:
        "Refer to obj if the reference is to expected (by identity); returns whether it was."
    def update(self, function, /):
        """Replace the object by function(object), called again when another thread was faster.

        Returns the new object."""
