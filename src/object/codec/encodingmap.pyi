class EncodingMap:
    "The bytes of characters, for charmap_encode()."
    __c__ = "encodingmap", "EncodingMap"
    def size(self, /) -> ssize: "Its size in memory, in bytes."
