class MultibyteCodec:
    "An East Asian encoding."
    __c__ = "multibyte_codec", "MultibyteCodec"
    def encode(self, /, input, errors: cstr_opt = None): "A pair: the bytes, and how many characters."
    def decode(self, /, input: buffer, errors: cstr_opt = None): "A pair: the text, and how many bytes."
