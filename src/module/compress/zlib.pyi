"zlib compression and checksums."

def adler32(data: lent, value: u64 = 1, /): "The Adler-32 checksum of data, continued from value."
def crc32(data: lent, value: u64 = 0, /): "The CRC-32 of data, continued from value."
def compress(data: buffer, /, level: int = -1, wbits: int = 15):
    """Compresses data at once.

    level: -1, or 0 (fast) to 9 (small). wbits: the size of the window, and the container: 9..15 zlib, -9..-15 none, 25..31 gzip."""
def compressobj(level: int = -1, method: int = 8, wbits: int = 15, memLevel: int = 8, strategy: int = 0, zdict: opt = ...):
    "A compressor of data in pieces. zdict: bytes that the data is likely to contain."
def decompress(data: buffer, /, wbits: int = 15, bufsize: ssize = 16384): "Decompresses data at once. bufsize: a guess of the size."
def decompressobj(wbits: int = 15, zdict: opt = b''): "A decompressor of data in pieces."
