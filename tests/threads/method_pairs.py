# Every method of a type against each other one, on one object, by two threads, while a third looks at it: bytearray, array, memoryview,
# OrderedDict, defaultdict, Counter, iterators, files in memory, caches, contexts, locks, weak dictionaries, queues, generators of numbers,
# picklers, readers. What a method may raise is said beside it; what must hold afterwards is asserted for each type.
# run: timeout=240
import array
import contextvars
import csv
import functools
import io
import itertools
import json
import pickle
import queue
import random
import struct
import tempfile
import threading
import weakref
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, defaultdict, deque

from pairs import Crew

ROUNDS = 6


def check(crew, name, make, operations, look, invariant=lambda x: None, expected=()):
    def tolerant(operation, x):
        try:
            operation(x)
        except expected:
            pass

    for i, first in enumerate(operations):
        for second in operations[i:]:
            x, done = make(), []

            def change(operation):
                try:
                    for _ in range(ROUNDS):
                        tolerant(operation, x)
                finally:
                    done.append(operation)

            def read():
                while True:
                    last = len(done) == 2
                    tolerant(look, x)
                    if last:
                        return

            try:
                crew.run(lambda: change(first), lambda: change(second), read)
                invariant(x)
            except BaseException as error:
                error.add_note(f'{name}: operation {i} against {operations.index(second)}')
                crew.end()
                raise


def holds(condition):
    assert condition


class Key:
    pass


class Record:
    def __init__(self):
        self.key = Key()


crew = Crew(3)

numbers = [
    lambda a: a.append(1), lambda a: a.extend(b'\1\2'), lambda a: a.insert(2, 2), lambda a: a.pop(), lambda a: a.pop(0),
    lambda a: a.remove(1), lambda a: a.reverse(), lambda a: a.__setitem__(0, 2), lambda a: a.__delitem__(1),
    lambda a: a.__setitem__(slice(1, 3), a[2:4]), lambda a: a.__delitem__(slice(0, 2)), lambda a: a.__iadd__(a[:3]),
    lambda a: memoryview(a).release(), lambda a: a.__imul__(1), lambda a: a.__setitem__(slice(0, 4, 2), a[0:2]),
]
check(crew, 'bytearray', lambda: bytearray(b'\1\2' * 20),
      numbers + [lambda a: a.clear(), lambda a: a.__init__(b'\1\2\1'), lambda a: a.resize(len(b'123')), lambda a: a.take_bytes(1)
                 if hasattr(a, 'take_bytes') else None],
      lambda a: (bytes(a), a.find(1), a.count(2), a + b'1', a.hex(), a.upper(), list(a), a == b'1', 1 in a, a[:4], repr(a), len(a)),
      lambda a: holds(set(a) <= {0, 1, 2}), (IndexError, ValueError, BufferError))
check(crew, 'array', lambda: array.array('b', b'\1\2' * 20),
      [op for op in numbers if op not in (numbers[1], numbers[11])] +
      [lambda a: a.extend(array.array('b', b'\1\2')), lambda a: a.fromlist([1, 2]), lambda a: a.frombytes(b'\1'), lambda a: a.byteswap()],
      lambda a: (a.tobytes(), a.tolist(), a.count(1), a.buffer_info(), a[:3], a == a, 2 in a, repr(a), len(a), list(a), a.__copy__()),
      lambda a: holds(set(a) <= {1, 2}), (IndexError, ValueError, BufferError))
check(crew, 'memoryview', lambda: memoryview(bytearray(b'12' * 8)),
      [lambda m: m.__setitem__(0, 49), lambda m: m.__setitem__(slice(0, 4), b'1212'), lambda m: m.__setitem__(slice(4, 8), m[0:4]),
       lambda m: m[2:6].release(), lambda m: m.cast('H').__setitem__(0, 0x3131), lambda m: m.obj.reverse(), lambda m: m.obj.append(49),
       lambda m: m.toreadonly().release(), lambda m: m.obj.__setitem__(slice(2, 4), b'12'), lambda m: m[::-1].tobytes()],
      lambda m: (m.tobytes(), m.tolist(), m == m, m.hex(), m[3], bytes(m[::2]), len(m), 49 in m),
      lambda m: holds(set(m.obj) <= {49, 50} and len(m) == 16), (BufferError,))

mapping = [
    lambda d: d.__setitem__('a', 1), lambda d: d.__setitem__('new', 2), lambda d: d.pop('a', None), lambda d: d.popitem(),
    lambda d: d.setdefault('b', 3), lambda d: d.update(c=4, d=5), lambda d: d.__delitem__('k1'), lambda d: d.clear(),
    lambda d: d.update({'k2': 1, 'z': 3}), lambda d: d.__ior__({'y': 1}),
]


def look_mapping(d):
    len(d), d.get('a'), 'b' in d, dict(d), list(d), d.copy(), repr(d), d == d, list(d.items()), list(d.values())


def whole_mapping(d):
    items = list(d.items())
    assert len(d) == len(items) == len(dict(items)) and all(type(k) is str and type(v) is int for k, v in items)


def some(kind, *args):
    return lambda: kind(*args, {f'k{n}': n for n in range(8)})


check(crew, 'OrderedDict', some(OrderedDict),
      mapping + [lambda d: d.move_to_end('k3'), lambda d: d.move_to_end('k4', last=False), lambda d: d.popitem(last=False)],
      lambda d: (look_mapping(d), list(reversed(d))), whole_mapping, (KeyError, RuntimeError))
check(crew, 'defaultdict', some(defaultdict, int),
      mapping + [lambda d: d['missing'], lambda d: setattr(d, 'default_factory', int)], look_mapping, whole_mapping, (KeyError, RuntimeError))
check(crew, 'Counter', some(Counter),
      mapping[:8] + [lambda d: d.update(['a', 'b', 'a']), lambda d: d.subtract(['a']), lambda d: d.most_common(2), lambda d: d.total()],
      lambda d: (len(d), d['a'], 'b' in d, dict(d), list(d), list(d.items())), whole_mapping, (KeyError, RuntimeError))
check(crew, 'UserDict', some(UserDict), mapping[:9], lambda d: (len(d), 'a' in d, d.get('b'), dict(d.data)), whole_mapping,
      (KeyError, RuntimeError))
check(crew, 'ChainMap', lambda: ChainMap({}, {f'k{n}': n for n in range(8)}), mapping[:9],
      lambda d: (d.get('a'), 'b' in d, d.parents, d.maps), expected=(KeyError, RuntimeError))
check(crew, 'UserList', lambda: UserList(range(10)),
      [lambda a: a.append(1), lambda a: a.pop(), lambda a: a.insert(0, 1), lambda a: a.remove(1), lambda a: a.sort(), lambda a: a.reverse(),
       lambda a: a.extend([1, 2]), lambda a: a.__setitem__(slice(0, 2), [3])],
      lambda a: (len(a), list(a), 1 in a, a.copy()), lambda a: holds(all(type(x) is int for x in a)), (IndexError, ValueError))

# texts: += on a shared attribute is two steps, but each value is whole
class Text:
    text = ''


check(crew, 'str +=', Text,
      [lambda t: setattr(t, 'text', t.text + 'ab'), lambda t: setattr(t, 'text', t.text * 2 if len(t.text) < 500 else ''),
       lambda t: setattr(t, 'text', t.text[2:]), lambda t: setattr(t, 'text', ''.join([t.text, 'ab'])),
       lambda t: setattr(t, 'text', t.text.replace('ab', 'abab', 1))],
      lambda t: holds(set(t.text) <= {'a', 'b'} and len(t.text) % 2 == 0), lambda t: holds(t.text == 'ab' * (len(t.text) // 2)))


def generate():
    value = 0
    while True:
        try:
            got = yield value
            value = value + 1 if got is None else got
        except KeyError:
            value = -1


def started():
    g = generate()
    next(g)
    return g


check(crew, 'generator', started,
      [next, lambda g: g.send(5), lambda g: g.throw(KeyError), lambda g: g.close(), lambda g: g.throw(IndexError)],
      lambda g: (g.gi_running, getattr(g.gi_frame, 'f_lineno', 0), g.gi_suspended, g.gi_yieldfrom, repr(g)),
      expected=(ValueError, StopIteration, IndexError, KeyError, RuntimeError))

sources = {
    'count': lambda: itertools.count(), 'cycle': lambda: itertools.cycle([1, 2, 3]), 'repeat': lambda: itertools.repeat(1, 50),
    'chain': lambda: itertools.chain(range(30), [1, 2]), 'islice': lambda: itertools.islice(itertools.count(), 1, 60, 2),
    'accumulate': lambda: itertools.accumulate(range(60)), 'batched': lambda: itertools.batched(range(60), 2),
    'pairwise': lambda: itertools.pairwise(range(60)), 'groupby': lambda: itertools.groupby([1, 1, 2, 2] * 15),
    'product': lambda: itertools.product('abc', repeat=3), 'permutations': lambda: itertools.permutations(range(4)),
    'combinations': lambda: itertools.combinations(range(8), 3), 'zip_longest': lambda: itertools.zip_longest(range(40), range(30)),
    'compress': lambda: itertools.compress(range(60), [1, 0] * 30), 'starmap': lambda: itertools.starmap(max, [(1, 2)] * 40),
    'takewhile': lambda: itertools.takewhile(lambda x: x < 50, range(60)), 'dropwhile': lambda: itertools.dropwhile(lambda x: x < 5, range(60)),
    'filterfalse': lambda: itertools.filterfalse(lambda x: x % 2, range(60)), 'tee': lambda: itertools.tee(iter(range(60)))[0],
    'replicated': lambda: itertools.combinations_with_replacement(range(5), 3),
    'map': lambda: map(str, range(60)), 'filter': lambda: filter(None, range(60)), 'zip': lambda: zip(range(60), 'abc' * 20),
    'enumerate': lambda: enumerate(range(60)), 'reversed': lambda: reversed(list(range(60))), 'list': lambda: iter(list(range(60))),
    'tuple': lambda: iter(tuple(range(60))), 'range': lambda: iter(range(60)), 'str': lambda: iter('abc' * 20), 'bytes': lambda: iter(bytes(60)),
    'dict': lambda: iter(dict.fromkeys(range(60))), 'items': lambda: iter(dict.fromkeys(range(60)).items()), 'set': lambda: iter(set(range(60))),
    'deque': lambda: iter(deque(range(60))), 'callable': lambda: iter(iter(range(60)).__next__, 50), 'bytearray': lambda: iter(bytearray(60)),
    'array': lambda: iter(array.array('i', range(60))), 'memoryview': lambda: iter(memoryview(bytes(60))),
    'getitem': lambda: iter(type('S', (), {'__getitem__': lambda self, i: [0] * 60 and i if i < 60 else [][i]})()),
}


def hint(it):
    if hasattr(it, '__length_hint__'):
        assert it.__length_hint__() >= 0
    repr(it)


for name, source in sources.items():
    check(crew, name, source,
          [next, lambda it: list(itertools.islice(it, 5)), lambda it: next(it, None), lambda it: [x for x, _ in zip(it, range(3))]],
          hint, expected=(StopIteration, ValueError, TypeError))


def cached():
    @functools.lru_cache(maxsize=4)
    def f(x, y=0):
        return [x, y]
    return f


check(crew, 'lru_cache', cached,
      [lambda f: holds(f(1) == [1, 0]), lambda f: holds(f(2, y=3) == [2, 3]), lambda f: [f(n) for n in range(6)], lambda f: f.cache_clear(),
       lambda f: f.cache_parameters(), lambda f: f.__wrapped__(1)],
      lambda f: holds(0 <= f.cache_info().currsize <= 4))
check(crew, 'partial', lambda: functools.partial(max, 1),
      [lambda p: holds(p(2) == 2), lambda p: p.__setstate__((max, (1,), {}, None)), lambda p: p.__setstate__((max, (1, 0), {'key': abs}, {'x': 1})),
       lambda p: setattr(p, 'y', 1), lambda p: functools.partial(p, 0)(1), lambda p: pickle.dumps(p.func)],
      lambda p: (repr(p), p.args, p.keywords, p.func, p.__reduce__()))
variable = contextvars.ContextVar('variable', default=0)
check(crew, 'Context', contextvars.copy_context,
      [lambda c: c.run(variable.set, 1), lambda c: c.run(variable.get), lambda c: c.copy().run(variable.set, 2), lambda c: c.run(lambda: c.get(variable)),
       lambda c: contextvars.Context().run(variable.set, 3)],
      lambda c: (len(c), list(c), c.get(variable), variable in c, list(c.items()), list(c.values())), expected=(RuntimeError,))

# files
check(crew, 'BytesIO', lambda: io.BytesIO(b'ab\n' * 20),
      [lambda f: f.read(3), lambda f: f.write(b'ab\n'), lambda f: f.seek(3), lambda f: f.truncate(30), lambda f: f.readline(), lambda f: f.readinto(bytearray(3)),
       lambda f: f.getbuffer().release(), lambda f: f.seek(0, 2), lambda f: f.writelines([b'ab\n']), lambda f: f.readlines(5), lambda f: next(f),
       lambda f: f.__setstate__((b'ab\nab\n', 3, None)), lambda f: f.read1(2)],
      lambda f: (f.getvalue(), f.tell(), f.closed, f.__getstate__()), lambda f: holds(set(f.getvalue()) <= set(b'ab\n\0')), (BufferError, StopIteration))
check(crew, 'StringIO', lambda: io.StringIO('ab\n' * 20),
      [lambda f: f.read(3), lambda f: f.write('ab\n'), lambda f: f.seek(3), lambda f: f.truncate(30), lambda f: f.readline(), lambda f: f.seek(0, 2),
       lambda f: next(f), lambda f: f.writelines(['ab\n']), lambda f: f.__setstate__(('ab\n', '\n', 1, None))],
      lambda f: (f.getvalue(), f.tell(), f.closed, f.newlines, f.line_buffering), lambda f: holds(set(f.getvalue()) <= set('ab\n\0')), (StopIteration,))


def file_of(mode):
    def make():
        f = tempfile.TemporaryFile(mode)
        f.write(b'ab\n' * 20 if 'b' in mode else 'ab\n' * 20)
        f.seek(0)
        return f
    return make


check(crew, 'BufferedRandom', file_of('w+b'),
      [lambda f: f.read(3), lambda f: f.write(b'ab\n'), lambda f: f.seek(3), lambda f: f.readline(), lambda f: f.peek(2), lambda f: f.flush(),
       lambda f: f.readinto(bytearray(3)), lambda f: f.read1(2), lambda f: f.truncate(60), lambda f: f.seek(0, 2)],
      lambda f: (f.tell(), f.closed, f.name, f.mode, f.fileno()), lambda f: (f.seek(0), holds(set(f.read()) <= set(b'ab\n\0')), f.close()))
check(crew, 'TextIOWrapper', file_of('w+'),
      [lambda f: f.write('ab\n'), lambda f: f.flush(), lambda f: f.seek(0), lambda f: f.read(3), lambda f: f.readline(), lambda f: f.seek(0, 2),
       lambda f: f.reconfigure(line_buffering=True)],
      lambda f: (f.closed, f.name, f.encoding, f.errors, f.newlines, f.line_buffering), lambda f: f.close(), (OSError, ValueError, TypeError))

# what threads wait with: each operation gives back what it takes
def locked(lock):
    with lock:
        pass


check(crew, 'Lock', threading.Lock, [locked, lambda l: l.acquire(timeout=0.0001) and l.release(), lambda l: l.acquire(False) and l.release()],
      lambda l: (l.locked(), repr(l)), lambda l: holds(not l.locked()))
check(crew, 'RLock', threading.RLock, [locked, lambda l: l.acquire(False) and l.release(), lambda l: (l.acquire(), locked(l), l.release())],
      lambda l: (repr(l), l._is_owned(), l._recursion_count()), lambda l: holds(l.acquire(False)))
check(crew, 'Condition', threading.Condition,
      [locked, lambda c: (c.acquire(), c.notify(), c.release()), lambda c: (c.acquire(), c.wait(0.0001), c.release()), lambda c: (c.acquire(), c.notify_all(), c.release())],
      repr)
check(crew, 'Event', threading.Event, [lambda e: e.set(), lambda e: e.clear(), lambda e: e.wait(0.0001)], lambda e: (e.is_set(), repr(e)))
check(crew, 'Semaphore', lambda: threading.Semaphore(2), [locked, lambda s: s.acquire(False) and s.release(), lambda s: s.acquire(timeout=0.0001) and s.release()],
      repr, lambda s: holds(s._value == 2))
check(crew, 'local', threading.local, [lambda l: setattr(l, 'x', 1), lambda l: delattr(l, 'x'), lambda l: vars(l).clear(), lambda l: holds(getattr(l, 'x', 1) == 1)],
      lambda l: holds(not hasattr(l, 'x')), expected=(AttributeError,))

# weak containers
kept = [Key() for _ in range(8)]


def weak_keys():
    return weakref.WeakKeyDictionary((k, n) for n, k in enumerate(kept))


check(crew, 'WeakKeyDictionary', weak_keys,
      [lambda d: d.__setitem__(kept[0], 1), lambda d: d.__setitem__(Key(), 2), lambda d: d.pop(kept[1], None), lambda d: d.setdefault(kept[2], 3),
       lambda d: d.popitem(), lambda d: d.update({kept[3]: 1}), lambda d: d.__delitem__(kept[4]), lambda d: d.copy()],
      lambda d: (len(d), d.get(kept[0]), kept[1] in d, list(d.keyrefs())), lambda d: holds(all(type(n) is int for n in list(d.values()))), (KeyError, RuntimeError))
check(crew, 'WeakValueDictionary', lambda: weakref.WeakValueDictionary(enumerate(kept)),
      [lambda d: d.__setitem__(0, kept[0]), lambda d: d.__setitem__(9, Key()), lambda d: d.pop(1, None), lambda d: d.setdefault(2, kept[3]),
       lambda d: d.popitem(), lambda d: d.update({3: kept[1]}), lambda d: d.__delitem__(4), lambda d: d.copy()],
      lambda d: (len(d), d.get(0), 1 in d, list(d.valuerefs())), lambda d: holds(all(type(k) is Key for k in list(d.values()))), (KeyError, RuntimeError))
check(crew, 'WeakSet', lambda: weakref.WeakSet(kept),
      [lambda s: s.add(kept[0]), lambda s: s.add(Key()), lambda s: s.discard(kept[1]), lambda s: s.remove(kept[2]), lambda s: s.pop(), lambda s: s.update(kept[:2]),
       lambda s: s.copy(), lambda s: s.clear()],
      lambda s: (len(s), kept[0] in s), lambda s: holds(all(type(k) is Key for k in list(s))), (KeyError, RuntimeError))
check(crew, 'ref', lambda: Record(),
      [lambda r: weakref.ref(r.key), lambda r: setattr(r, 'key', Key()), lambda r: weakref.proxy(r.key).__class__, lambda r: weakref.ref(r.key, lambda ref: None),
       lambda r: weakref.getweakrefs(r.key), lambda r: weakref.finalize(r.key, int).detach()],
      lambda r: (weakref.getweakrefcount(r.key), repr(weakref.ref(r.key)), hash(weakref.ref(r.key))), expected=(ReferenceError, TypeError))

# queues
for kind in queue.SimpleQueue, queue.Queue, queue.LifoQueue, queue.PriorityQueue:
    check(crew, kind.__name__, kind, [lambda q: q.put(1), lambda q: q.get(False), lambda q: q.put_nowait(2), lambda q: q.get(timeout=0.0001)],
          lambda q: (q.qsize(), q.empty()), lambda q: holds(q.qsize() == sum(1 for _ in iter(lambda: q.get() if not q.empty() else None, None))), (queue.Empty,))

# numbers by chance, and modules of data
check(crew, 'Random', lambda: random.Random(1),
      [lambda r: r.random(), lambda r: r.getrandbits(100), lambda r: r.seed(2), lambda r: r.setstate(r.getstate()), lambda r: r.gauss(), lambda r: r.shuffle([1, 2, 3]),
       lambda r: r.randbytes(5), lambda r: r.randrange(10), lambda r: r.choices('abc', k=3)],
      lambda r: holds(len(r.getstate()[1]) == 625 and 0 <= r.random() < 1))
check(crew, 'Struct', lambda: struct.Struct('<ih'),
      [lambda s: holds(s.unpack(s.pack(1, 2)) == (1, 2)), lambda s: s.__init__('<ih'), lambda s: s.pack_into(bytearray(10), 1, 1, 2),
       lambda s: list(s.iter_unpack(bytes(12))), lambda s: s.unpack_from(bytes(9), 2)],
      lambda s: holds(s.size == 6 and s.format == '<ih'))
check(crew, 'JSONEncoder', json.JSONEncoder,
      [lambda e: holds(e.encode({'a': [1, 'x', None]}) == '{"a": [1, "x", null]}'), lambda e: holds(''.join(e.iterencode([1.5, 'é'])) == '[1.5, "\\u00e9"]')],
      lambda e: e.encode('x'))
check(crew, 'JSONDecoder', json.JSONDecoder, [lambda d: holds(d.decode('{"a": [1, 2.5]}') == {'a': [1, 2.5]}), lambda d: d.raw_decode('[1]x')], lambda d: d.decode('1'))


class Out(list):
    write = list.append


shared_list = [1, [2, 3], {'a': 'b'}]
check(crew, 'Pickler', lambda: pickle.Pickler(Out()),
      [lambda p: p.dump(shared_list), lambda p: p.dump([shared_list] * 2), lambda p: p.clear_memo(), lambda p: setattr(p, 'fast', False),
       lambda p: setattr(p, 'memo', p.memo.copy())],
      lambda p: (p.memo.copy(), p.fast, p.bin), expected=(RuntimeError, AttributeError))
pickled = pickle.dumps(shared_list)
check(crew, 'Unpickler', lambda: pickle.Unpickler(io.BytesIO(pickled * 40)),
      [lambda u: holds(u.load() == shared_list), lambda u: u.find_class('builtins', 'int'), lambda u: setattr(u, 'memo', u.memo.copy())],
      lambda u: u.memo.copy(), expected=(RuntimeError, EOFError, pickle.UnpicklingError, ValueError, KeyError, IndexError, AssertionError, TypeError, AttributeError,
                                         UnicodeDecodeError, OverflowError, MemoryError))
check(crew, 'csv.reader', lambda: csv.reader(['a,b', '"c","d"'] * 40), [next, lambda r: list(itertools.islice(r, 3))],
      lambda r: (r.line_num, r.dialect.delimiter), expected=(StopIteration, csv.Error))
rows = Out()
check(crew, 'csv.writer', lambda: csv.writer(rows), [lambda w: w.writerow(['a', 1, 'b,c']), lambda w: w.writerows([[1, 2], ['x']])], lambda w: w.dialect.quoting)
assert set(rows) <= {'a,1,"b,c"\r\n', '1,2\r\n', 'x\r\n'}, set(rows)

crew.end()
