class FrameLocalsProxy:
    "The local variables of a frame as a mapping: reads and writes the variables themselves."
    __c__ = "locals_proxy", "LocalsProxy"
    def __new__(cls, frame, /): ...
    def __reversed__(self): "The names, last first."
    def copy(self): "The variables as a dict."
    def get(self, key, default=None, /): "The variable, or default when there is none of that name."
    def items(self): "A list of pairs: names and values."
    def keys(self): "A list of the names."
    def pop(self, key, default: opt = ..., /): "Removes what is no variable of the code and returns it."
    def setdefault(self, key, default=None, /): "The variable; set to default first when there is none of that name."
    @raw
    def update(self, other, /): "Sets variables from a dict or another proxy."
    def values(self): "A list of the values."
