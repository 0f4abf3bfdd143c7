"""Bytes: checksums, run-length coding, a bit reader, hex, packing and memory views."""
from struct import pack_into, unpack_from


def crc_table():
    table = []
    for n in range(256):
        for _ in range(8):
            n = n >> 1 ^ 0xEDB88320 if n & 1 else n >> 1
        table.append(n)
    return table


def crc(data, table):
    c = 0xFFFFFFFF
    for byte in data:
        c = table[(c ^ byte) & 0xFF] ^ c >> 8
    return c ^ 0xFFFFFFFF


def run_lengths(data):
    out, i = bytearray(), 0
    while i < len(data):
        j = i
        while j < len(data) and data[j] == data[i] and j - i < 255:
            j += 1
        out.append(j - i)
        out.append(data[i])
        i = j
    return bytes(out)


def expand(data):
    out = bytearray()
    for i in range(0, len(data), 2):
        out += data[i + 1:i + 2] * data[i]
    return bytes(out)


def bits(data):
    total = 0
    for byte in data:
        while byte:
            byte &= byte - 1
            total += 1
    return total


def main():
    data = bytes((i * i >> 3) & 0x3F for i in range(800_000))
    packed = run_lengths(data)
    buffer = bytearray(64)
    view, total = memoryview(buffer), 0
    for i in range(700_000):
        pack_into('<IH', buffer, i % 8 * 8, i, i & 0xFFFF)
        a, b = unpack_from('<IH', view, i % 8 * 8)
        total += a + b
    return (crc(data, crc_table()), len(packed), expand(packed) == data, bits(data[:200_000]), total,
            data[:6].hex())


assert main() == (904305511, 1575002, True, 468747, 267470501280, '000000010203')
