# Coroutines without an event loop: await, async with, async for, driven by send().
class Suspend:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        got = yield self.value
        return got


async def add(a, b):
    x = await Suspend(a)
    y = await Suspend(b)
    return x + y


c = add('p', 'q')
assert type(c).__name__ == 'coroutine' and c.send(None) == 'p' and c.send(1) == 'q'
try:
    c.send(2)
except StopIteration as stop:
    assert stop.value == 3
else:
    assert False


def run(coroutine, answers=()):
    "drives it; gives what was yielded and the result"
    yielded = []
    answers = iter(answers)
    try:
        yielded.append(coroutine.send(None))
        while True:
            yielded.append(coroutine.send(next(answers, None)))
    except StopIteration as stop:
        return yielded, stop.value


async def nested():
    return await add(1, 2) * 10


assert run(nested(), [3, 4]) == ([1, 2], 70)

log = []


class Manager:
    async def __aenter__(self):
        log.append('enter')
        await Suspend('entering')
        return 'm'

    async def __aexit__(self, kind, value, tb):
        await Suspend('leaving')
        log.append(('exit', kind))
        return kind is KeyError


async def managed(fail):
    async with Manager() as m, Manager():
        log.append(m)
        if fail:
            raise fail
    return 'after'


assert run(managed(None)) == (['entering', 'entering', 'leaving', 'leaving'], 'after')
assert log == ['enter', 'enter', 'm', ('exit', None), ('exit', None)]
assert run(managed(KeyError))[1] == 'after'
try:
    run(managed(ValueError))
except ValueError:
    pass
else:
    assert False


class Countdown:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.n == 0:
            raise StopAsyncIteration
        self.n -= 1
        await Suspend(self.n)
        return self.n


async def loop():
    out = []
    async for i in Countdown(5):
        if i == 3:
            continue
        if i == 0:
            break
        out.append(i)
    else:
        out.append('no')
    async for i in Countdown(1):
        pass
    else:
        out.append('else')
    return out


assert run(loop())[1] == [4, 2, 1, 'else']


async def comprehension():
    return [i async for i in Countdown(3)], {i: await add(0, 0) async for i in Countdown(2) if i}, [
        await Suspend(k) for k in 'ab']


assert run(comprehension(), [None] * 4 + [1, 1, None, 'A', 'B'])[1][0] == [2, 1, 0]
for bad, text in ((5, "'int' object can't be awaited"),
                  (iter([]), "'list_iterator' object can't be awaited")):
    async def wrong():
        await bad
    try:
        run(wrong())
    except TypeError as error:
        assert str(error) == text, str(error)
    else:
        assert False


async def raises():
    try:
        await Suspend(1)
    except ValueError:
        return 'caught'
    finally:
        log.append('finally')


c = raises()
c.send(None)
try:
    c.throw(ValueError)
except StopIteration as stop:
    assert stop.value == 'caught'
c = raises()
c.send(None)
log.clear()
c.close()
assert log == ['finally']
done = add(1, 2)
run(done, [1, 2])
try:
    done.send(None)
except RuntimeError as error:
    assert str(error) == 'cannot reuse already awaited coroutine'
else:
    assert False
