# Endless recursion is a RecursionError, in Python code, in special methods, in comparisons and
# reprs; never a crash.
def forever(n):
    return forever(n + 1)


def caught(call):
    try:
        call()
    except RecursionError:
        return True
    return False


assert caught(lambda: forever(0))


class R:
    def __repr__(self):
        return repr(self)

    def __eq__(self, other):
        return self == other

    def __getattr__(self, name):
        return getattr(self, name + 'x')

    def __add__(self, other):
        return self + other

    def __len__(self):
        return len(self)

    def __call__(self):
        return self()


r = R()
for call in (lambda: repr(r), lambda: r == r, lambda: r.x, lambda: r + r, lambda: len(r), r):
    assert caught(call)

l = []
l.append(l)
assert repr(l) == '[[...]]'
d = {}
d['d'] = d
assert repr(d) == "{'d': {...}}"
t = ([],)
t[0].append(t)
assert repr(t) == '([(...)],)'
a, b = [], []
a.append(b)
b.append(a)
assert caught(lambda: a == b)
deep = []
for _ in range(100_000):
    deep = [deep]
assert caught(lambda: repr(deep))
del deep                                    # freeing is not recursive either


def generator(n):
    yield from generator(n + 1)


assert caught(lambda: list(generator(0)))


def depth(n):
    return n if n == 0 else 1 + depth(n - 1)


assert depth(700) == 700


def mutual(n):
    try:
        return mutual(n + 1)
    finally:
        pass


assert caught(lambda: mutual(0))
assert caught(lambda: sorted([1, 2], key=lambda x: forever(x)))
chain = None
for _ in range(50_000):
    chain = (chain,)
del chain


class Node:
    __slots__ = ('next',)


head = None
for _ in range(200_000):
    node = Node()
    node.next = head
    head = node
del head, node
