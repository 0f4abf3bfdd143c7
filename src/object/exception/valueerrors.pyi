class StopIteration:
    "The end of an iterator. Its value is what a generator returned."
    __c__ = "stop_iteration", "ValueException"
    @member
    @property
    def value(self): "What the generator returned."
    @value.setter
    def value(self, value): ...

class SystemExit:
    "Asks the program to end."
    __c__ = "system_exit", "ValueException"
    @member
    @property
    def code(self): "The exit status, or what to print."
    @code.setter
    def code(self, value): ...
