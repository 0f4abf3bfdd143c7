"bzip2 compression, for the module bz2."

class BZ2Compressor:
    """A compressor of data in pieces.

    compresslevel: 1, fast, to 9, small."""
    __c__ = "bz2_compressor", "Bz2Compressor"
    def compress(self, data: buffer, /): "Compresses more data. Gives what is ready of the compressed."
    def flush(self, /): "Ends the stream and gives the rest of it. The compressor is of no use afterwards."
    def __reduce__(self, /): "Refuses."

class BZ2Decompressor:
    "A decompressor of data in pieces."
    __c__ = "bz2_decompressor", "Bz2Decompressor"
    def decompress(self, /, data: buffer, max_length: ssize = -1):
        "Decompresses more data, to at most max_length bytes, if that is not negative; the rest is kept for the next call."
    def __reduce__(self, /): "Refuses."
    @property
    @member
    def eof(self): "Was the end of the stream reached?"
    @property
    @member
    def unused_data(self): "What was given behind the end of the stream."
    @property
    @member
    def needs_input(self): "Can only more data bring more output?"
