class TextIOWrapper:
    """Text over a file of bytes.

    encoding defaults to the locale's, errors to 'strict'. newline is None (any line ending is read as \\n), '' (any, kept), or the one ending."""
    __c__ = "io_text", "TextObject"
    def __init__(self, buffer, encoding = None, errors = None, newline = None, line_buffering: bool = False, write_through: bool = False): ...
    def read(self, size = -1, /): "Read size characters, or all to the end."
    def readline(self, size = -1, /): "Read up to the end of a line, at most size characters."
    def write(self, text: str, /): "Write text; returns the number of characters."
    def flush(self) -> None: "Write out what is buffered."
    def close(self) -> None: "Flush and close the file."
    def detach(self): "Flush, separate the buffer and return it."
    def reconfigure(self, *, encoding = None, errors = None, newline: opt = ..., line_buffering = None, write_through = None) -> None:
        "Change how text is written from now on."
    def seek(self, cookie, whence: int = 0, /): "Move the position to one that tell() gave."
    def tell(self): "The position, for seek()."
    def truncate(self, pos = None, /): "Change the size; returns the new one."
    def seekable(self): "Can the position be moved?"
    def readable(self): "Can the file be read?"
    def writable(self): "Can the file be written?"
    def fileno(self): "The descriptor."
    def isatty(self): "Is the file a terminal?"
    def __getstate__(self): "Files cannot be pickled."
    @property
    @member
    def encoding(self): "The encoding."
    @property
    def errors(self): "The error handler."
    @property
    @member
    def buffer(self): "The file of bytes."
    @property
    def newlines(self): "The line endings read so far: None, one, or a tuple."
    @property
    @member
    def line_buffering(self): "Is the file flushed after each line?"
    @property
    @member
    def write_through(self): "Is nothing kept back?"
    @property
    def closed(self): "Is the file closed?"
    @property
    def name(self): "The buffer's name."
    @property
    def _CHUNK_SIZE(self): "How much is read at once."
    @_CHUNK_SIZE.setter
    def _CHUNK_SIZE(self, value): ...
    @property
    @member
    def _finalizing(self): "Is the file being closed by the collector?"
    @_finalizing.setter
    def _finalizing(self, value): ...
