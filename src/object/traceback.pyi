class traceback:
    "An entry of the list of places that an exception passed."
    def __new__(cls, tb_next, tb_frame, tb_lasti: int, tb_lineno: int): ...
    def __dir__(self): "The names of the attributes."
    @property
    def tb_next(self): "The next inner entry, or None."
    @tb_next.setter
    def tb_next(self, value): ...
    @member
    @property
    def tb_frame(self): "The frame."
    @member
    @property
    def tb_lasti(self): "The offset of the instruction."
    @property
    def tb_lineno(self): "The line, or None."
