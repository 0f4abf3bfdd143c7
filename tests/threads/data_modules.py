"""Arrays, digests, compressors, generators of numbers, csv readers and picklers that threads share."""
import array, bz2, csv, hashlib, io, mmap, pickle, random, struct, sys, threading, time, zlib
from together import together

N = 300

numbers = array.array("q")
def add():
    for i in range(N):
        numbers.append(i)
        numbers[-1:]
        numbers.count(i) if i % 50 == 0 else len(numbers)

def take():
    taken = 0
    for i in range(N):
        try:
            numbers.pop()
            taken += 1
        except IndexError:
            pass
    return taken

results = together(add, take, add, take)
assert len(numbers) == 2 * N - sum(r for r in results if r)

digest = hashlib.sha256()
def hash_some():
    for _ in range(N):
        digest.update(b"abc" * 10)
        digest.copy().hexdigest()
together(hash_some, hash_some, hash_some)
assert digest.digest() == hashlib.sha256(b"abc" * 10 * 3 * N).digest()

packer = zlib.compressobj()
parts = []
def pack():
    for _ in range(N):
        parts.append(packer.compress(b"x" * 1000))
together(pack, pack)
assert sum(map(len, parts)) + len(packer.flush()) > 0

damaged = bytearray(bz2.compress(random.Random(2).randbytes(200_000)))
damaged[100_000:100_050] = bytes(50)
def unpack(unpacker):
    try:
        unpacker.decompress(damaged)
    except (OSError, ValueError) as error:
        return type(error).__name__
for _ in range(10):  # who comes after the error does not call the library again
    unpacker = bz2.BZ2Decompressor()
    assert sorted(together(lambda: unpack(unpacker), lambda: unpack(unpacker))) == ["OSError", "ValueError"]

generator = random.Random(1)
together(*[lambda: [generator.getrandbits(64) for _ in range(N)] for _ in range(3)])
alone = random.Random(1)
for _ in range(3 * N):
    alone.getrandbits(64)
assert generator.getstate() == alone.getstate()

rows = csv.reader([f"{i},{i}" for i in range(3 * N)])
read = together(*[lambda: list(rows) for _ in range(3)])
assert sorted(int(a) for part in read for a, b in part) == list(range(3 * N))


def halves():  # the other thread asks for a row in the middle of one
    yield '1,"a\n'
    begun = threading.Event()
    threads.append(threading.Thread(target=lambda: (begun.set(), read.append(next(rows)))))
    threads[0].start()
    begun.wait()
    time.sleep(0.01)  # it is inside, or waits
    yield from ('b"\n', '2,"c\n', 'd"\n')


if sys.implementation.name != "cpython":  # where it takes the line that comes next
    threads, read, rows = [], [], csv.reader(halves())
    assert next(rows) == ["1", "a\nb"]
    threads[0].join()
    assert read == [["2", "c\nd"]]

out = io.BytesIO()
pickler = pickle.Pickler(out)
together(*[lambda: [pickler.dump(["shared", i]) for i in range(50)] for _ in range(3)])
out.seek(0)
unpickler = pickle.Unpickler(out)
assert sorted(unpickler.load()[1] for _ in range(150)) == sorted(list(range(50)) * 3)

packed = struct.iter_unpack("<i", bytes(4 * 1000))
assert sum(map(len, together(*[lambda: list(packed) for _ in range(3)]))) == 1000

# how far a decompressor is, and where a mapping stands, is asked while others use it
packed = zlib.compress(bytes(10_000))
for _ in range(20):
    unpacker, plain, mapping = zlib._ZlibDecompressor(), zlib.decompressobj(), mmap.mmap(-1, 4096)

    def use():
        unpacker.decompress(packed), plain.decompress(packed), mapping.seek(5), mapping.read(3), mapping.close()

    def ask():
        for _ in range(20):
            assert unpacker.needs_input in (True, False) and unpacker.eof in (True, False) and plain.eof in (True, False)
            try:
                repr(mapping), mapping.closed
                assert len(mapping) == 4096 and mapping[0] == 0 and mapping.find(b"a") == -1
                mapping[-1] = 0
            except ValueError:
                assert mapping.closed

    together(use, ask)
    assert unpacker.eof and not unpacker.needs_input and plain.eof
