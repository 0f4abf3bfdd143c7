# Containers grow in linear time, whatever they hold: a quarter of a million of each.
N = 250_000


class Key:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return self.n * 31

    def __eq__(self, other):
        return self.n == other.n


for make in (lambda i: i, lambda i: -i, lambda i: i * 1.5, lambda i: str(i), lambda i: (i, i + 1),
             lambda i: i << 64, lambda i: i * 4096, lambda i: Key(i), lambda i: b'%d' % i):
    table, members, items = {}, set(), []
    for i in range(N):
        table[make(i)] = i
        members.add(make(i))
        items.append(i)
    assert len(table) == len(members) == len(items) == N
    assert table[make(N - 1)] == N - 1 and make(0) in members and make(N) not in members
    for i in range(0, N, 2):
        del table[make(i)]
        members.discard(make(i))
    assert len(table) == len(members) == N // 2 and table[make(1)] == 1 and make(0) not in table


def grow_text():
    text = ''
    for i in range(N):
        text += 'x'
    return text


text = grow_text()
data = bytearray()
for i in range(N):
    data += b'x'
assert len(text) == len(data) == N
queue = list(range(N))
while queue:
    queue.pop()
nested = None
for i in range(N):
    nested = [nested]
del nested
