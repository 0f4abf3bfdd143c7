class Unpickler:
    """A reader of objects from a binary file.

    fix_imports: understand Python 2's names of modules. encoding, errors: how strs that Python 2 wrote become text. buffers: what was
    kept out of the file, in order."""
    __c__ = "unpickler", "Unpickler"
    def __init__(self, /, file, *, fix_imports: bool = True, encoding: cstr = 'ASCII', errors: cstr = 'strict', buffers: opt = ()): ...
    def load(self, /): "Reads an object."
    def find_class(self, module_name, global_name, /): "What a module has under a name. To be overridden, to refuse what is not expected."
    def persistent_load(self, pid, /): "The object that an id stands for. To be overridden."
    def __sizeof__(self, /) -> ssize: "Bytes of memory."
    @property
    def memo(self): ...
    @memo.setter
    def memo(self, value): ...

class UnpicklerMemoProxy:
    "What an Unpickler remembers."
    __c__ = "unpickler_memo", "MemoProxy"
    def clear(self, /) -> None: "Forgets all."
    def copy(self, /): "A dict: number -> object."
    def __reduce__(self, /): "Support for pickle."
