class KeyWrapper:
    __c__ = "key_wrapper", "KeyWrapper"
    @property
    def obj(self): "What is compared."
    @obj.setter
    def obj(self, value): ...
