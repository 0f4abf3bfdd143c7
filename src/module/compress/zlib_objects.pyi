class Compress:
    __c__ = "zlib_compress", "Compress"
    def compress(self, data: buffer, /): "Compresses more data. Gives what is ready of the compressed."
    def flush(self, mode: int = 4, /): "Compresses what is pending, and ends the stream unless mode says otherwise."
    def copy(self, /): "A copy of the compressor."
    def __copy__(self, /): "A copy of the compressor."
    def __deepcopy__(self, memo, /): "A copy of the compressor."
    def __reduce__(self, /): "Refuses."

class Decompress:
    __c__ = "zlib_decompress", "Decompress"
    def decompress(self, data: buffer, /, max_length: ssize = 0):
        "Decompresses more data, to at most max_length bytes, if not 0; what is left of it is in unconsumed_tail then."
    def flush(self, length: ssize = 16384, /): "Decompresses what is left."
    def copy(self, /): "A copy of the decompressor."
    def __copy__(self, /): "A copy of the decompressor."
    def __deepcopy__(self, memo, /): "A copy of the decompressor."
    def __reduce__(self, /): "Refuses."
    @property
    @member
    def unused_data(self): "What was given behind the end of the stream."
    @property
    @member
    def unconsumed_tail(self): "What max_length left over of the data given last."
    @property
    @member
    def eof(self): "Was the end of the stream reached?"

class _ZlibDecompressor:
    "A decompressor of data in pieces that keeps what it has not used."
    __c__ = "zlib_decompressor", "ZlibDecompressor"
    def __new__(cls, /, wbits: int = 15, zdict: opt = ...): ...
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
