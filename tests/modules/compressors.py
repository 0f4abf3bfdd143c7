"""zlib, bz2, lzma: there and back, in pieces, with limits, and damaged data."""
import bz2, lzma, zlib
from check import raises

data = b"".join(b"%d bottles of beer, " % i for i in range(20000))
for module, error in (zlib, zlib.error), (bz2, OSError), (lzma, lzma.LZMAError):
    packed = module.compress(data)
    assert len(packed) < len(data) // 4 and module.decompress(packed) == data and module.decompress(module.compress(b"")) == b""
    try:
        module.decompress(packed[:20] + b"xxxx" + packed[24:])
        assert False
    except error:
        pass
for make, packed in (bz2.BZ2Decompressor, bz2.compress(data)), (lzma.LZMADecompressor, lzma.compress(data)), \
        (zlib._ZlibDecompressor, zlib.compress(data)):
    d = make()
    out = [d.decompress(packed[:100])]
    assert d.needs_input and not d.eof
    out.append(d.decompress(packed[100:] + b"rest", 1000))
    assert len(out[1]) == 1000 and not d.needs_input
    while not d.eof:
        out.append(d.decompress(b"", 5000))
    assert b"".join(out) == data and d.unused_data == b"rest"
    raises(EOFError, None, d.decompress, b"")
d = zlib.decompressobj()
assert d.decompress(zlib.compress(data), 10) == data[:10] and d.unconsumed_tail
assert d.flush() == data[10:] and d.eof
c = zlib.compressobj(9, wbits=-15)
part = c.compress(data[:5000])
twin = c.copy()
assert zlib.decompress(part + c.compress(b"x") + c.flush(), wbits=-15) == data[:5000] + b"x"
assert zlib.decompress(part + twin.flush(), wbits=-15) == data[:5000]
assert zlib.crc32(b"abc") == 891568578 and zlib.adler32(b"abc") == 38600999
chain = [{"id": lzma.FILTER_DELTA, "dist": 4}, {"id": lzma.FILTER_LZMA2, "preset": 1}]
assert lzma.decompress(lzma.compress(data, lzma.FORMAT_RAW, filters=chain), lzma.FORMAT_RAW, filters=chain) == data
raises(ValueError, "Too many filters - liblzma supports a maximum of 4", lzma.LZMACompressor, filters=chain * 3)
