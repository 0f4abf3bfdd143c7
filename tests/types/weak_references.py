# weakref.ref, proxy, finalize and the weak containers.
import gc
import weakref
from check import raises


class C:
    def __init__(self, v=0):
        self.v = v

    def __len__(self):
        return 3

    def method(self):
        return self.v


c = C(5)
r = weakref.ref(c)
assert r() is c and weakref.getweakrefcount(c) == 1 and weakref.ref(c) is r and r == weakref.ref(c)
assert hash(r) == hash(c)
called = []
r2 = weakref.ref(c, called.append)
assert r2 is not r and r2.__callback__ is not None and weakref.getweakrefs(c) == [r, r2]
p = weakref.proxy(c)
assert p.v == 5 and len(p) == 3 and p.method() == 5 and repr(p).startswith('<weakproxy at 0x')
p.v = 6
assert c.v == 6
f = weakref.finalize(c, called.append, 'finalised')
assert f.alive
del c
assert r() is None and r2() is None and len(called) == 2 and 'finalised' in called and r2 in called
assert not f.alive and repr(r).endswith('; dead>')
raises(ReferenceError, 'weakly-referenced object no longer exists', lambda: p.v)
raises(TypeError, "cannot create weak reference to 'int' object", weakref.ref, 5)
raises(TypeError, "cannot create weak reference to 'list' object", weakref.ref, [])
raises(TypeError, "cannot create weak reference to 'tuple' object", weakref.ref, ())
assert weakref.ref(len)() is len and weakref.ref(C)() is C


class Slots:
    __slots__ = 'a'


class WeakSlots:
    __slots__ = 'a', '__weakref__'


raises(TypeError, "cannot create weak reference to 'Slots' object", weakref.ref, Slots())
w = WeakSlots()
assert weakref.ref(w)() is w
d = weakref.WeakValueDictionary()
k = C(1)
d['k'] = k
assert d['k'] is k and len(d) == 1
del k
gc.collect()
assert 'k' not in d and len(d) == 0
wk = weakref.WeakKeyDictionary()
key = C(2)
wk[key] = 'value'
assert wk[key] == 'value'
del key
gc.collect()
assert len(wk) == 0
s = weakref.WeakSet()
member = C(3)
s.add(member)
assert member in s
del member
gc.collect()
assert len(s) == 0
o = C(9)
m = weakref.WeakMethod(o.method)
assert m()() == 9
del o
gc.collect()
assert m() is None
a, b = C(), C()
a.other, b.other = b, a
ra = weakref.ref(a)
del a, b
assert ra() is not None
gc.collect()
assert ra() is None


class Sub(weakref.ref):
    pass


o = C()
assert Sub(o)() is o and Sub(o) is not Sub(o)
bad = weakref.ref(o, lambda r: 1 / 0)
import sys
seen = []
sys.unraisablehook, hook = (lambda u: seen.append(u.exc_type)), sys.unraisablehook
del o
sys.unraisablehook = hook
assert seen == [ZeroDivisionError]


# the class of the referent is named in full
import re
import collections
for o, name in ((set(), "set"), (collections.OrderedDict(), "collections.OrderedDict"), (collections.UserList(), "collections.UserList")):
    for shown in (repr(weakref.ref(o)), weakref.ProxyType.__repr__(weakref.proxy(o))):
        assert re.fullmatch(rf"<weak(ref|proxy) at 0x[0-9a-f]+; to '{re.escape(name)}' at 0x[0-9a-f]+>", shown), shown
