class KeyWrapper:
    __c__ = "key_wrapper", "KeyWrapper"
    @property
    def __text_signature__(self):
        "The parameters of the key function."
    @property
    @member
    def obj(self): "What is compared."
    @obj.setter
    def obj(self, value): ...
