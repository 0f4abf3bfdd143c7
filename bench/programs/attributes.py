"""Attributes: reading and writing instances, slots, properties, class attributes, __getattr__."""


class Plain:
    shared = 3

    def __init__(self):
        self.a = 1
        self.b = 2
        self.c = 0


class Slots:
    __slots__ = 'a', 'b', 'c'

    def __init__(self):
        self.a, self.b, self.c = 1, 2, 0


class Managed:
    def __init__(self):
        self._v = 0

    @property
    def v(self):
        return self._v

    @v.setter
    def v(self, value):
        self._v = value


class Virtual:
    def __getattr__(self, name):
        return len(name)


def plain(o, n):
    for i in range(n):
        o.c = o.a + o.b + o.shared
        o.a = i
        o.b = o.c & 7
    return o.c


def main():
    managed, virtual = Managed(), Virtual()
    results = [plain(Plain(), 5_000_000)]
    s = Slots()
    for i in range(5_000_000):
        s.c = s.a + s.b
        s.a = i
        s.b = s.c & 7
    results.append(s.c)
    for i in range(1_500_000):
        managed.v = managed.v + i
    total = 0
    for i in range(400_000):
        total += virtual.abc + virtual.longer_name
        setattr(managed, 'x', i)
        total += getattr(managed, 'x') & 1
    return results, managed.v, total


assert main() == ([5000004, 5000004], 1124999250000, 5800000)
