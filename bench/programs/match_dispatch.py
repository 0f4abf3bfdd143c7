"""The match statement: an expression simplifier and an event dispatcher."""
from dataclasses import dataclass


@dataclass
class Num:
    value: int


@dataclass
class Var:
    name: str


@dataclass
class Op:
    kind: str
    left: object
    right: object


def simplify(e):
    match e:
        case Op('+', Num(a), Num(b)):
            return Num(a + b)
        case Op('*', Num(a), Num(b)):
            return Num(a * b)
        case Op('+', x, Num(0)) | Op('+', Num(0), x):
            return simplify(x)
        case Op('*', _, Num(0)) | Op('*', Num(0), _):
            return Num(0)
        case Op('*', x, Num(1)) | Op('*', Num(1), x):
            return simplify(x)
        case Op(kind, left, right):
            return Op(kind, simplify(left), simplify(right))
    return e


def size(e):
    match e:
        case Op(_, left, right):
            return 1 + size(left) + size(right)
        case Num() | Var():
            return 1


def handle(event, state):
    match event:
        case {'type': 'key', 'key': 'up' | 'w'}:
            state[1] += 1
        case {'type': 'key', 'key': ('down' | 's') as k, **rest} if rest:
            state[1] -= len(k)
        case {'type': 'click', 'at': (x, y)} if x > y:
            state[0] += x
        case ['move', int(dx), int(dy)]:
            state[0] += dx
            state[1] += dy
        case ['say', str(text), *_]:
            state[2] += len(text)
        case None | 0 | 'noop':
            state[2] += 1
        case _:
            state[2] -= 1


def main():
    tree = Var('x')
    for i in range(9):
        tree = Op('+*'[i % 2], Op('*', tree, Num(i % 3)),
                  Op('+', Num(i % 2), Op('+', Var('y'), Num(0))))
    total = 0
    for _ in range(5_000):
        e = tree
        for _ in range(4):
            e = simplify(e)
        total += size(e)
    events = [{'type': 'key', 'key': 'up'}, {'type': 'key', 'key': 's', 'mod': 1},
              {'type': 'click', 'at': (5, 3)},
              ['move', 1, -2], ('say', 'hello', 1, 2), None, 'noop', 3.5]
    state = [0, 0, 0]
    for i in range(50_000):
        for event in events:
            handle(event, state)
    return total, state


assert main() == (45000, [300000, -100000, 300000])
