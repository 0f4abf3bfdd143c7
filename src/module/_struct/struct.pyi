"Packing values as C structs in bytes, and back, for the module struct."

def calcsize(format, /) -> ssize: "The size in bytes of what the format describes."
@raw
def pack(format, /, *values):
    """pack(format, v1, v2, ...) -> bytes

    The values packed as the format says."""
@raw
def pack_into(format, buffer, offset, /, *values):
    """pack_into(format, buffer, offset, v1, v2, ...)

    Packs the values into a writable buffer, from offset on."""
def unpack(format, buffer, /): "A tuple of what the buffer holds, which must be of the size of the format."
def unpack_from(format, /, buffer, offset: ssize = 0): "A tuple of what the buffer holds from offset on."
def iter_unpack(format, buffer, /): "An iterator over the tuples that the buffer holds one after the other."
def _clearcache() -> None: "Forgets the formats seen so far."

class Struct:
    """Struct(fmt) --> compiled struct object"""
    __c__ = "struct", "Struct"
    def __init__(self, /, format): ...
    @raw
    def pack(self, /, *values):
        """pack(v1, v2, ...) -> bytes

        The values packed as the format says."""
    @raw
    def pack_into(self, buffer, offset, /, *values):
        """pack_into(buffer, offset, v1, v2, ...)

        Packs the values into a writable buffer, from offset on."""
    def unpack(self, buffer, /): "A tuple of what the buffer holds, which must be of the size of the format."
    def unpack_from(self, /, buffer, offset: ssize = 0): "A tuple of what the buffer holds from offset on."
    def iter_unpack(self, buffer, /): "An iterator over the tuples that the buffer holds one after the other."
    def __sizeof__(self, /) -> ssize: "Bytes of memory."
    @property
    def format(self): "The format string."
    @property
    def size(self): "The size in bytes of what the format describes."

class unpack_iterator:
    __c__ = "unpack_iterator", "UnpackIterator"
    def __length_hint__(self, /) -> ssize: "How many are left."
