# partial() calls with the keywords of one moment while others change them, and __reduce__ gives the state of one moment.
import functools

from together import together

ROUNDS = 300


def keywords_that_come_and_go():
    def f(*args, given, a, **keywords):
        numbers = [int(name[1:]) for name in keywords]
        assert args == (1,) and given == 2 and a == 1
        assert not numbers or numbers == list(range(numbers[0], numbers[-1] + 1)), numbers

    p, names, going = functools.partial(f, 1, a=1), [f'k{i}' for i in range(100)], [True]

    def come_and_go():
        for _ in range(ROUNDS):
            for name in names:
                p.keywords[name] = 1
            for name in names:
                del p.keywords[name]
        going.clear()

    def call():
        while going:
            p(given=2)

    together(come_and_go, call)
    p(given=2, k0=1, k1=2)
    p.keywords.update(a=5, given=1)
    p(given=2, a=1)


def state_of_one_moment():
    p = functools.partial(min, 0)
    states = [(f, (f.__name__, [0]), {'name': f.__name__}, None) for f in (min, max, sum)]
    p.__setstate__(states[0])

    def change():
        for i in range(ROUNDS):
            f, args, keywords, attributes = states[i % 3]
            p.__setstate__((f, (args[0], [i]), dict(keywords), None))

    def look():
        for _ in range(ROUNDS):
            made, (f,), (g, args, keywords, attributes) = p.__reduce__()
            assert made is functools.partial and f is g and args[0] == f.__name__ == keywords['name'] and attributes is None

    together(change, look, look)


keywords_that_come_and_go()
state_of_one_moment()
