"""Lines of a list are written to a shared file without those of others between them, and all of its lines are read at once."""
import io
import itertools
import sys

from together import in_threads, together

N, MANY = 30, 200


def check(f, kinds, newline):
    """Each thread writes its list N times; then one reads all lines, while another reads single ones."""
    in_threads(len(kinds), lambda i: [f.writelines(kinds[i]) for _ in range(N)])
    f.seek(0)
    text = f.read()
    runs = [len(list(run)) for _, run in itertools.groupby(text.split(newline)[:-1])]
    assert sum(runs) == N * MANY * len(kinds) and all(n % MANY == 0 for n in runs)
    f.seek(0), f.truncate()
    f.writelines([text[:0].join([str(i), '\n']) if isinstance(text, str) else b'%d\n' % i for i in range(N * MANY)])
    f.seek(0)

    def all_lines():
        f.readline()
        return [int(line) for line in f.readlines()]

    def single():
        while f.readline():
            pass

    numbers, _ = together(all_lines, single)
    assert not numbers or numbers == list(range(numbers[0], N * MANY))


def lines(i, kind):
    items = [bytes([97 + i]) + b'\n'] * MANY
    return kind(item.decode() for item in items) if kind is strings else kind(items)


def strings(items):
    return list(items)


if sys.implementation.name != 'cpython':    # where the lines of a file go one by one
    check(open('lines', 'w+b'), [lines(0, list), lines(1, tuple), lines(2, list)], b'\n')
    check(open('lines', 'w+b', buffering=7), [lines(0, list), lines(1, tuple)], b'\n')
    check(io.StringIO(), [lines(0, strings), lines(1, strings)], '\n')
check(io.BytesIO(), [lines(0, list), lines(1, tuple), lines(2, list)], b'\n')

# what is no line is an error behind those before it
for f, good, bad in (io.BytesIO(), b'a', 'b'), (io.StringIO(), 'a', b'b'), (open('lines', 'w+b'), b'a', 5):
    def write(_):
        for lines in [good, bad, good], (good, bad), [bad], iter([good, bad]):
            try:
                f.writelines(lines)
                assert 0
            except TypeError as error:
                assert 'expected' in str(error) or 'required' in str(error), error

    in_threads(2, write)
    f.seek(0)
    assert f.read() == good * 6
    f.close()
