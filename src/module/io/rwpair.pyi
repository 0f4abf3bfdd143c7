class BufferedRWPair:
    "A reader and a writer as one file: two pipes, or the two ends of a connection."
    __c__ = "io_rwpair", "PairObject"
    def __init__(self, reader, writer, buffer_size: ssize = 131072, /): ...
    @raw
    def read(self, size = -1, /): "Read from the reader."
    @raw
    def peek(self, size = 0, /): "What is next from the reader."
    @raw
    def read1(self, size = -1, /): "Read at most once from the reader."
    @raw
    def readinto(self, buffer, /): "Read from the reader into a buffer."
    @raw
    def readinto1(self, buffer, /): "Read at most once from the reader into a buffer."
    @raw
    def write(self, buffer, /): "Write to the writer."
    @raw
    def flush(self): "Flush the writer."
    @raw
    def readable(self): "Can the reader be read?"
    @raw
    def writable(self): "Can the writer be written?"
    def close(self) -> None: "Close both."
    def isatty(self): "Is one of them a terminal?"
    @property
    def closed(self): "Is the writer closed?"
