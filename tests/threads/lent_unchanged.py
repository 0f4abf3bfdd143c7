# Changes that change nothing are allowed while memory is lent to a memoryview, and write nothing that its readers read.
import array
import mmap

from together import together

ROUNDS = 2000


def check(lender, content, changes):
    def look():
        for _ in range(ROUNDS):
            with memoryview(lender) as view:
                assert view.shape == (len(content),) and view.nbytes == len(content)
                assert view[3] == content[3] and view.tobytes() == content

    def change():
        for i in range(ROUNDS):
            changes[i % len(changes)]()

    together(look, look, change)


text = b'12345678'
a, nothing = array.array('b', text), array.array('b')
check(a, text, [lambda: a.extend(nothing), lambda: a.frombytes(b''), lambda: a.fromlist([]),
                lambda: a.__setitem__(slice(3, 3), nothing), lambda: a.__imul__(1), lambda: a.__iadd__(nothing),
                lambda: a.__delitem__(slice(2, 2)), lambda: a.extend(iter(()))])
b = bytearray(text)
check(b, text, [lambda: b.extend(b''), lambda: b.__setitem__(slice(3, 3), b''), lambda: b.__imul__(1),
                lambda: b.__iadd__(b''), lambda: b.__delitem__(slice(2, 2)), lambda: b.extend(iter(())),
                lambda: b.extend([])])
m = mmap.mmap(-1, 8)
m[:] = text
check(m, text, [lambda: m.write(b''), lambda: m.move(3, 3, 0), lambda: m.__setitem__(slice(3, 3), b''), lambda: m.flush()])
