class MultibyteIncrementalEncoder:
    "Encodes text that comes in pieces."
    __c__ = "multibyte_encoder", "IncrementalEncoder"
    def encode(self, /, input, final: bool = False): "The bytes of the next piece."
    def getstate(self, /): "The state, as an int."
    def setstate(self, statelong: int_object, /) -> None: "Makes a state that getstate() gave the present one."
    def reset(self, /) -> None: "Starts anew."
    @property
    def errors(self): "The error handler."
    @errors.setter
    def errors(self, value): ...

class MultibyteIncrementalDecoder:
    "Decodes bytes that come in pieces."
    __c__ = "multibyte_decoder", "IncrementalDecoder"
    def decode(self, /, input: buffer, final: bool = False): "The text of the next piece, as far as it is whole."
    def getstate(self, /): "The state: bytes that are kept, and an int."
    def setstate(self, state: tuple, /) -> None: "Makes a state that getstate() gave the present one."
    def reset(self, /) -> None: "Starts anew."
    @property
    def errors(self): "The error handler."
    @errors.setter
    def errors(self, value): ...
