"""random: the sequences of CPython."""
import random

r = random.Random(12345)
assert [r.random() for _ in range(3)] == [0.41661987254534116, 0.010169169457068361, 0.8252065092537432]
assert random.Random(2**100).random() == 0.7586581712996778
assert random.Random(-5).random() == random.Random(5).random()
r = random.Random("seed")
state = r.getstate()
first = [r.getrandbits(k) for k in (1, 31, 32, 33, 64, 65, 1000)]
r.setstate(state)
assert first == [r.getrandbits(k) for k in (1, 31, 32, 33, 64, 65, 1000)]
assert first[0] in (0, 1) and first[6].bit_length() <= 1000
r = random.Random(7)
assert r.sample(range(100), 5) == [41, 19, 50, 83, 6]
