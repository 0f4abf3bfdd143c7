class Pickler:
    """A writer of objects to a binary file.

    protocol: 0 to 5; negative: the highest. fix_imports: use Python 2's names of modules below protocol 3. buffer_callback: called with
    each PickleBuffer that is to be kept out of the file."""
    __c__ = "pickler", "Pickler"
    def __init__(self, /, file, protocol = None, fix_imports: bool = True, buffer_callback = None): ...
    def dump(self, obj, /): "Writes an object."
    def clear_memo(self, /) -> None: "Forgets which objects were written."
    def persistent_id(self, obj, /): "The id that stands for obj in place of its contents; None: there is none. To be overridden."
    @locked
    def __sizeof__(self, /) -> ssize: "Bytes of memory."
    @property
    @member
    def bin(self): "Is the protocol above 0?"
    @bin.setter
    def bin(self, value): ...
    @property
    @member
    def fast(self): "Is nothing remembered? Objects that occur twice are written twice."
    @fast.setter
    def fast(self, value): ...
    @property
    @member
    def dispatch_table(self): "Functions that reduce objects, by type."
    @dispatch_table.setter
    def dispatch_table(self, value): ...
    @property
    def memo(self): ...
    @memo.setter
    def memo(self, value): ...

class PicklerMemoProxy:
    "What a Pickler remembers."
    __c__ = "pickler_memo", "MemoProxy"
    def clear(self, /) -> None: "Forgets all."
    def copy(self, /): "A dict: id of an object -> (number, object)."
    def __reduce__(self, /): "Support for pickle."
