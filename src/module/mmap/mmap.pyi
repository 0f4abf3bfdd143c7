class mmap:
    """mmap(fileno, length, flags=MAP_SHARED, prot=PROT_WRITE|PROT_READ, access=ACCESS_DEFAULT, offset=0, *, trackfd=True)

    A part of a file as memory: changes to one are changes to the other. With fileno -1, memory
    alone. length 0 stands for the whole file. It is like a bytearray that cannot grow, and like a
    file with a position."""
    __c__ = "mmap", "Mmap"
    def close(self, /) -> None: "Ends the mapping. It cannot be used any more."
    @raw
    def find(self, view, start = None, end = None, /): "Where bytes are found first, between start (by default, the position) and end; -1 where not."
    @raw
    def rfind(self, view, start = None, end = None, /): "Where bytes are found last; -1 where not."
    def flush(self, offset: ssize = 0, size = None, /): "Writes changes back to the file: all, or size bytes from offset on."
    def madvise(self, option: int, start: ssize = 0, length = None, /): "Tells the system how the memory will be used."
    @locked
    def move(self, dest: ssize, src: ssize, count: ssize, /): "Copies count bytes within it from src to dest."
    def read(self, n = None, /): "At most n bytes from the position on, and moves it; by default, all that follow."
    @locked
    def read_byte(self, /): "The byte at the position, as an int, and moves it."
    @locked
    def readline(self, /): "The bytes up to the end of the line, and moves the position."
    def resize(self, newsize: ssize, /): "Changes the size of the mapping, and of the file."
    @locked
    def seek(self, pos: ssize, whence: int = 0, /): "Sets the position, counted from the start, the position (1) or the end (2). Returns it."
    def seekable(self, /) -> bool: "Always true."
    @locked
    def size(self, /): "The size of the file."
    @locked
    def tell(self, /): "The position."
    @raw
    def write(self, bytes, /): "Writes bytes at the position, and moves it. Returns how many."
    @raw
    def write_byte(self, byte, /): "Writes one byte, an int, at the position, and moves it."
    def __enter__(self, /): "The mapping itself."
    def __exit__(self, exc_type, exc_value, traceback, /): "Closes it."
    @property
    def closed(self): "Is it closed?"
