class FileIO:
    """Open a file without a buffer.

    file is a path or a descriptor; mode is 'r', 'w', 'x' or 'a', with '+' to read and write."""
    __c__ = "io_fileio", "FileObject"
    def __init__(self, file, mode: cstr = "r", closefd: bool = True, opener = None): ...
    def close(self) -> None: "Close the file, and the descriptor if it is the file's own."
    def read(self, size = -1, /): "Read at most size bytes with one system call, all when it is -1."
    def readall(self): "Read all bytes to the end."
    def readinto(self, buffer: wbuffer, /): "Read into a buffer; returns the number of bytes, None when nothing is there yet."
    def write(self, b: lent, /): "Write bytes; returns how many were written, None when none can be yet."
    def seek(self, pos, whence: int = 0, /): "Move the position; returns the new one."
    def tell(self): "The position."
    def truncate(self, size = None, /): "Change the size; returns the new one."
    def seekable(self) -> bool: "Can the position be moved?"
    def readable(self) -> bool: "Was the file opened to be read?"
    def writable(self) -> bool: "Was the file opened to be written?"
    def fileno(self) -> ssize: "The descriptor."
    def isatty(self) -> bool: "Is the file a terminal?"
    def _isatty_open_only(self) -> bool: "The same, quickly for what stat() says is no device."
    def _dealloc_warn(self, source, /) -> None: "Warns that source was not closed, if the descriptor is open."
    def __getstate__(self): "Files cannot be pickled."
    @property
    def closed(self): "True if the file is closed"
    @property
    @member
    def closefd(self): "Is the descriptor closed with the file?"
    @property
    def mode(self): "The mode, as a str."
    @property
    @member
    def _blksize(self): "The block size of the file system, for buffers."
    @property
    @member
    def _finalizing(self): "Is the file being closed by the collector?"
    @_finalizing.setter
    def _finalizing(self, value): ...
