"""dataclasses, namedtuples and enums: made, compared, sorted, replaced, looked up."""
from collections import namedtuple
from dataclasses import asdict, dataclass, field, replace
from enum import Enum, IntFlag


@dataclass(order=True)
class Version:
    major: int
    minor: int = 0
    label: str = field(default='', compare=False)

    def bump(self):
        return replace(self, minor=self.minor + 1)


@dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: int

    def __add__(self, other):
        return Point(self.x + other.x, self.y + other.y)


class Colour(Enum):
    RED = 1
    GREEN = 2
    BLUE = 3


class Permission(IntFlag):
    READ = 4
    WRITE = 2
    RUN = 1


Row = namedtuple('Row', 'id name value')


def main():
    versions = [Version(i * 7 % 13, i * 11 % 17) for i in range(80_000)]
    versions.sort()
    bumped = versions[100].bump()
    at = Point(0, 0)
    visited = set()
    for i in range(160_000):
        at = at + Point(i % 3 - 1, i % 5 - 2)
        visited.add(at)
    colours = [Colour(i % 3 + 1) for i in range(300_000)]
    green = sum(c is Colour.GREEN for c in colours) + len(Colour.RED.name)
    can = sum(bool(Permission(i & 7) & Permission.WRITE) for i in range(80_000))
    rows = [Row(i, f'r{i}', i / 2) for i in range(160_000)]
    best = max(rows, key=lambda r: (r.value, r.id))
    total = sum(r.id for r in rows) + sum(value for _, _, value in rows)
    first = asdict(versions[0])
    return bumped.major, bumped.minor, len(visited), at.x, green, can, best, total, first


assert main() == (0, 1, 6, -1, 100003, 40000, Row(id=159999, name='r159999', value=79999.5),
                  19199880000.0, {'major': 0, 'minor': 0, 'label': ''})
