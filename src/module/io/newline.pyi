class IncrementalNewlineDecoder:
    """A decoder over another (or None, for text) that notes the line endings it sees and, with translate, makes all of them \\n."""
    __c__ = "io_newline", "NewlineDecoder"
    def __init__(self, decoder, translate: bool, errors = None): ...
    def decode(self, input, final: bool = False): "Decode the input."
    def getstate(self): "The state: (bytes not decoded yet, flags)."
    def setstate(self, state, /) -> None: "Go back to a state."
    def reset(self) -> None: "Go back to the start."
    @property
    def newlines(self): "The line endings seen: None, one, or a tuple."
