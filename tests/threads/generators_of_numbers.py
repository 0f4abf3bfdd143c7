# random.Random: no number is drawn twice, also where an argument's __index__ hands the generator to another thread while it is converted.
import random
import threading

from together import in_threads

WORDS, OTHERS = 200_000, 10_000


def words_of(number, count):
    data = number.to_bytes(count * 4, 'little')
    return [data[i:i + 4] for i in range(0, len(data), 4)]


class Bits:
    def __init__(self, generator):
        self.generator, self.drawn, self.started = generator, [], threading.Event()

    def draw(self):
        for n in range(OTHERS):
            self.drawn.append(self.generator.getrandbits(32))
            self.started.set()

    def __index__(self):
        self.thread = threading.Thread(target=self.draw)
        self.thread.start()
        self.started.wait()
        return WORDS * 32


def check(seed):
    bits = Bits(random.Random(seed))
    many = words_of(bits.generator.getrandbits(bits), WORDS)
    bits.thread.join()
    expected = words_of(random.Random(seed).getrandbits((WORDS + OTHERS) * 32), WORDS + OTHERS)
    at = expected.index(many[0])
    assert many == expected[at:at + WORDS]
    assert [n.to_bytes(4, 'little') for n in bits.drawn] == expected[:at] + expected[at + WORDS:]


in_threads(2, check)
