"""One iterator of struct.iter_unpack stepped by several threads: the memory is not given back under a step that still copies from it."""
import struct
import time

from together import together

SIZE, ITEMS, ROUNDS = 65536, 2, 40


def check():
    memory = bytearray(b"x" * (SIZE * ITEMS))
    iterator = struct.iter_unpack(f"{SIZE}s", memory)
    over, sizes = [], []

    def step():
        sizes.extend(item.count(b"x") for item, in iterator)
        over.append(True)

    def free():
        while not over:
            memory.find(b"zz")  # the steps wait for its lock
            try:
                memory.clear()
            except BufferError:
                pass

    together(step, step, step, free, free)
    memory.clear()  # given back at the end
    assert sizes == [SIZE] * ITEMS, sizes


end = time.monotonic() + 2
for _ in range(ROUNDS):
    check()
    if time.monotonic() > end:
        break
