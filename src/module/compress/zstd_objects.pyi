class ZstdCompressor:
    """A compressor of data in pieces.

    level: the compression level. options: a dict of parameters, in place of level. zstd_dict: a ZstdDict."""
    __c__ = "zstd_compressor", "ZstdCompressor"
    def __new__(cls, /, level = None, options = None, zstd_dict = None): ...
    def compress(self, /, data: buffer, mode: int = 0): "Compresses more data. mode: whether more follows (CONTINUE), or a block or frame ends."
    def flush(self, /, mode: int = 2): "Ends a block, or a frame, and gives the rest of it."
    def set_pledged_input_size(self, size, /) -> None: "Says how long the next frame's data will be; None: unknown."
    def __reduce__(self, /): "Refuses."
    @property
    @member
    def last_mode(self): "The mode of the last call."

class ZstdDecompressor:
    """A decompressor of one frame, in pieces.

    zstd_dict: a ZstdDict. options: a dict of parameters."""
    __c__ = "zstd_decompressor", "ZstdDecompressor"
    def __new__(cls, /, zstd_dict = None, options = None): ...
    def decompress(self, /, data: buffer, max_length: ssize = -1):
        "Decompresses more data, to at most max_length bytes, if that is not negative; the rest is kept for the next call."
    def __reduce__(self, /): "Refuses."
    @property
    @member
    def eof(self): "Was the end of the frame reached?"
    @property
    @member
    def unused_data(self): "What was given behind the end of the frame."
    @property
    @member
    def needs_input(self): "Can only more data bring more output?"

class ZstdDict:
    """A dictionary: what the data is likely to contain.

    is_raw: the content is any bytes, not what train_dict() makes."""
    __c__ = "zstd_dict", "ZstdDict"
    def __new__(cls, dict_content, /, *, is_raw: bool = False): ...
    def __reduce__(self, /): "Refuses."
    @property
    @member
    def dict_content(self): "The bytes."
    @property
    @member
    def dict_id(self): "The number that frames name it by; 0 for raw content."
    @property
    def as_digested_dict(self): "The dictionary, to be prepared once and used often."
    @property
    def as_undigested_dict(self): "The dictionary, to be loaded each time, so that all parameters apply."
    @property
    def as_prefix(self): "The dictionary, to be used for the next frame alone."
