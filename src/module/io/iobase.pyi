class _IOBase:
    "The base of all files: closing, context managers, lines."
    __c__ = "io_iobase", "Value"
    def seek(self, offset, whence: int = 0, /): "Move the position; returns the new one."
    def tell(self): "The position."
    def truncate(self, size = None, /): "Change the size; returns the new one."
    def flush(self) -> None: "Write out what is buffered."
    def close(self) -> None: "Flush and close the file; nothing when it is closed."
    def seekable(self) -> bool: "Can the position be moved?"
    def readable(self) -> bool: "Can the file be read?"
    def writable(self) -> bool: "Can the file be written?"
    def fileno(self): "The file descriptor."
    def isatty(self) -> bool: "Is the file a terminal?"
    def readline(self, size = -1, /): "Read up to the end of a line, at most size bytes."
    def readlines(self, hint = None, /): "A list of lines, until at least hint bytes are read."
    def writelines(self, lines, /) -> None: "Write each of lines; no separators are added."
    def _checkClosed(self, msg = None, /) -> None: "Raise ValueError if the file is closed."
    def _checkSeekable(self, msg = None, /) -> None: "Raise UnsupportedOperation if the position cannot be moved."
    def _checkReadable(self, msg = None, /) -> None: "Raise UnsupportedOperation if the file cannot be read."
    def _checkWritable(self, msg = None, /) -> None: "Raise UnsupportedOperation if the file cannot be written."
    def __enter__(self): "The file itself."
    @raw
    def __exit__(self, /, *args): "Close the file."
    def __del__(self) -> None: "Close the file."
    @property
    def closed(self): "Is the file closed?"

class _RawIOBase:
    "The base of files without a buffer."
    __c__ = "io_rawiobase", "Value"
    def read(self, size: ssize = -1, /): "Read at most size bytes, all when it is -1; None when nothing is there yet."
    def readall(self): "Read all bytes to the end."
    def readinto(self, buffer, /): "Read into a buffer; returns the number of bytes."
    def write(self, b, /): "Write bytes; returns how many were written."

class _BufferedIOBase:
    "The base of files with a buffer."
    __c__ = "io_bufferediobase", "Value"
    def detach(self): "Separate the file below and return it."
    def read(self, size = -1, /): "Read at most size bytes, all when it is -1."
    def read1(self, size: ssize = -1, /): "Read at most size bytes with at most one read of the file below."
    def readinto(self, buffer: wbuffer, /): "Read into a buffer; returns the number of bytes."
    def readinto1(self, buffer: wbuffer, /): "Read into a buffer with at most one read of the file below."
    def write(self, b, /): "Write bytes; returns how many were written."

class _TextIOBase:
    "The base of text files."
    __c__ = "io_textiobase", "Value"
    def detach(self): "Separate the buffer below and return it."
    def read(self, size = -1, /): "Read at most size characters, all when it is -1."
    def readline(self, size = -1, /): "Read up to the end of a line."
    def write(self, s, /): "Write text; returns the number of characters."
    @property
    def encoding(self): "The encoding, or None."
    @property
    def newlines(self): "The line endings translated so far."
    @property
    def errors(self): "The error handler, or None."
