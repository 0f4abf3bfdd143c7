class MultibyteStreamReader:
    "Decodes what it reads from a stream of bytes."
    __c__ = "multibyte_reader", "StreamReader"
    def read(self, sizeobj = None, /): "Text: all, or of at most that many bytes."
    def readline(self, sizeobj = None, /): "A line."
    def readlines(self, sizehintobj = None, /): "A list of lines."
    def reset(self, /) -> None: "Starts anew."
    @property
    def errors(self): "The error handler."
    @errors.setter
    def errors(self, value): ...
    @property
    @member
    def stream(self): "The stream of bytes."

class MultibyteStreamWriter:
    "Encodes what it writes to a stream of bytes."
    __c__ = "multibyte_writer", "StreamWriter"
    def write(self, strobj, /) -> None: "Writes text."
    def writelines(self, lines, /) -> None: "Writes each text of a sequence."
    def reset(self, /) -> None: "Writes characters that still wait for the next one."
    @property
    def errors(self): "The error handler."
    @errors.setter
    def errors(self, value): ...
    @property
    @member
    def stream(self): "The stream of bytes."
