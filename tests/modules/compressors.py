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

from compression import zstd

packed = zstd.compress(data)
assert zstd.decompress(packed) == data and zstd.get_frame_info(packed).decompressed_size == len(data)
d = zstd.ZstdDecompressor()
out = [d.decompress(packed + b"rest", 1000)]
assert len(out[0]) == 1000 and not d.needs_input
while not d.eof:
    out.append(d.decompress(b"", 5000))
assert b"".join(out) == data and d.unused_data == b"rest"
trained = zstd.train_dict([b"%d sample number %d" % (i, i * 7) for i in range(2000)], 4000)
small = zstd.compress(b"55 sample number 385", zstd_dict=trained)
assert zstd.decompress(small, zstd_dict=trained) == b"55 sample number 385"
c = zstd.ZstdCompressor(options={zstd.CompressionParameter.checksum_flag: 1})
assert zstd.decompress(c.compress(b"abc") + c.flush()) == b"abc" and c.last_mode == c.FLUSH_FRAME
raises(ValueError, "compression parameter 'window_log' received an illegal value 9999; the valid range is [10, 31]",
       zstd.ZstdCompressor, options={zstd.CompressionParameter.window_log: 9999})
