class BufferedReader:
    "A buffer over a raw file that is read."
    __c__ = "io_reader", "BufferedObject"
    def __init__(self, raw, buffer_size: ssize = 131072): ...

class BufferedWriter:
    "A buffer over a raw file that is written."
    __c__ = "io_writer", "BufferedObject"
    def __init__(self, raw, buffer_size: ssize = 131072): ...

class BufferedRandom:
    "A buffer over a raw file that is read, written and moved in."
    __c__ = "io_random", "BufferedObject"
    def __init__(self, raw, buffer_size: ssize = 131072): ...

class _Buffered:
    "The methods that the three share."
    __c__ = "io_buffered", "BufferedObject"
    def read(self, size = -1, /): "Read size bytes, or all to the end."
    def read1(self, size: ssize = -1, /): "Read at most size bytes with at most one read of the raw file."
    def peek(self, size: ssize = 0, /): "Bytes that are next, without moving the position."
    def readinto(self, buffer: wbuffer, /): "Read into a buffer; returns the number of bytes."
    def readinto1(self, buffer: wbuffer, /): "Read into a buffer with at most one read of the raw file."
    def readline(self, size = -1, /): "Read up to the end of a line, at most size bytes."
    def write(self, buffer: buffer, /): "Write bytes; returns how many: all of them."
    def flush(self) -> None: "Write out the buffer."
    def close(self) -> None: "Flush and close the file."
    def detach(self): "Flush, separate the raw file and return it."
    def seek(self, target, whence: int = 0, /): "Move the position; returns the new one."
    def tell(self): "The position."
    def truncate(self, pos = None, /): "Change the size; returns the new one."
    def seekable(self): "Can the position be moved?"
    def readable(self): "Can the file be read?"
    def writable(self): "Can the file be written?"
    def fileno(self): "The descriptor."
    def isatty(self): "Is the file a terminal?"
    def _dealloc_warn(self, source, /) -> None: "Warn that source was not closed."
    def __getstate__(self): "Files cannot be pickled."
    def __sizeof__(self): "Size in bytes, the buffer included."
    @property
    def closed(self): "Is the file closed?"
    @property
    @member
    def raw(self): "The raw file."
    @property
    def name(self): "The raw file's name."
    @property
    def mode(self): "The raw file's mode."
    @property
    @member
    def _finalizing(self): "Is the file being closed by the collector?"
    @_finalizing.setter
    def _finalizing(self, value): ...
