# Lambdas and conditional expressions, nested in each other.
add = lambda a, b=1, *c, d=2, **e: (a, b, c, d, e)
assert add(0) == (0, 1, (), 2, {}) and add(1, 2, 3, d=4, f=5) == (1, 2, (3,), 4, {'f': 5})
assert (lambda x: lambda y: x + y)(1)(2) == 3
assert (lambda x: x if x > 0 else -x)(-5) == 5
assert (1 if True else 2, 3) == (1, 3) and [1 if i % 2 else 0 for i in range(4)] == [0, 1, 0, 1]
assert ('a' if 0 else 'b' if 0 else 'c') == 'c' and ((1 if 1 else 2) if 0 else 3) == 3
f = lambda: (lambda: (lambda: 'deep')())()
assert f() == 'deep'
assert list(map(lambda p: p[0] * p[1], [(1, 2), (3, 4)])) == [2, 12]
assert sorted('bca', key=lambda c: -ord(c)) == ['c', 'b', 'a']
fact = lambda n: 1 if n == 0 else n * fact(n - 1)
assert fact(20) == 2432902008176640000
assert (lambda *, k: k)(k=3) == 3 and (lambda x, /: x)(4) == 4
assert (lambda *a, **k: (a, k))(1, z=2) == ((1,), {'z': 2})
assert [f(10) for f in [lambda x, n=n: x + n for n in range(3)]] == [10, 11, 12]
Y = lambda f: (lambda x: x(x))(lambda x: f(lambda *a: x(x)(*a)))
assert Y(lambda self: lambda n: n if n < 2 else self(n - 1) + self(n - 2))(15) == 610
assert (lambda: None).__name__ == '<lambda>' and (lambda x: x).__code__.co_argcount == 1
g = lambda: (yield 1)
assert list(g()) == [1]
x = 5
assert (lambda x=x: x)() == 5 and (lambda: x)() == 5
