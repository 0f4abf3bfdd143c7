"xz and lzma compression, for the module lzma."
__c__ = "lzma_module"

def is_check_supported(check_id: int, /) -> bool: "Can liblzma make and verify this integrity check?"
def _encode_filter_properties(filter, /): "The properties of a filter, as a raw stream's container would keep them."
def _decode_filter_properties(filter_id, encoded_props: buffer, /): "The filter of such properties, as a dict."

class LZMACompressor:
    """LZMACompressor(format=FORMAT_XZ, check=-1, preset=None, filters=None)

    A compressor of data in pieces.

    format: FORMAT_XZ, FORMAT_ALONE, FORMAT_RAW. check: CHECK_*. preset: 0 to 9, or with PRESET_EXTREME. filters: a chain of filters,
    each a dict with an id."""
    __c__ = "lzma_compressor", "LzmaCompressor"
    def __new__(cls, /, format: int = 1, check: int = -1, preset = None, filters = None): ...
    def compress(self, data: buffer, /): "Compresses more data. Gives what is ready of the compressed."
    def flush(self, /): "Ends the stream and gives the rest of it. The compressor is of no use afterwards."
    def __reduce__(self, /): "Refuses."

class LZMADecompressor:
    """A decompressor of data in pieces.

    memlimit: the most memory to use. filters: the chain of a raw stream."""
    __c__ = "lzma_decompressor", "LzmaDecompressor"
    def __new__(cls, /, format: int = 0, memlimit = None, filters = None): ...
    def decompress(self, /, data: buffer, max_length: ssize = -1):
        "Decompresses more data, to at most max_length bytes, if that is not negative; the rest is kept for the next call."
    def __reduce__(self, /): "Refuses."
    @property
    @member
    def check(self): "The integrity check of the stream; CHECK_UNKNOWN until it is known."
    @property
    @member
    def eof(self): "Was the end of the stream reached?"
    @property
    @member
    def unused_data(self): "What was given behind the end of the stream."
    @property
    @member
    def needs_input(self): "Can only more data bring more output?"
