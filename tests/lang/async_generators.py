# Asynchronous generators: iteration, asend, athrow, aclose, finally.
class Suspend:
    def __await__(self):
        return (yield 'suspended')


def run(coroutine):
    try:
        while True:
            coroutine.send(None)
    except StopIteration as stop:
        return stop.value


log = []


async def numbers(n):
    try:
        for i in range(n):
            await Suspend()
            got = yield i
            if got:
                log.append(got)
    except ValueError:
        yield 'caught'
    finally:
        await Suspend()
        log.append('finally')


async def collect():
    return [i async for i in numbers(4)]


assert run(collect()) == [0, 1, 2, 3] and log == ['finally']


async def drive():
    g = numbers(5)
    out = [await g.asend(None), await g.asend('one'), await g.__anext__()]
    out.append(await g.athrow(ValueError))
    try:
        await g.__anext__()
    except StopAsyncIteration:
        out.append('end')
    return out


log.clear()
assert run(drive()) == [0, 1, 2, 'caught', 'end'] and log == ['one', 'finally']


async def closing():
    g = numbers(3)
    await g.__anext__()
    await g.aclose()
    await g.aclose()
    return [x async for x in g]


log.clear()
assert run(closing()) == [] and log == ['finally']


async def expression():
    g = (i * 2 async for i in numbers(3) if i != 1)
    assert type(g).__name__ == 'async_generator'
    return [x async for x in g], [x for x in [1, 2] if await same(x) > 1]


async def same(x):
    await Suspend()
    return x


assert run(expression()) == ([0, 4], [2])


async def stops():
    yield 1
    raise StopAsyncIteration


async def check_stops():
    try:
        async for _ in stops():
            pass
    except RuntimeError as error:
        return str(error)


assert run(check_stops()) == 'async generator raised StopAsyncIteration'


async def builtins_():
    a = aiter(numbers(2))
    return await anext(a), await anext(a), await anext(a, 'default')


assert run(builtins_()) == (0, 1, 'default')
try:
    for x in numbers(1):
        pass
except TypeError as error:
    assert str(error) == "'async_generator' object is not iterable"
else:
    assert False


async def wrong():
    async for x in [1]:
        pass


try:
    run(wrong())
except TypeError as error:
    assert str(error) == "'async for' requires an object with __aiter__ method, got list"
else:
    assert False


async def early_break():
    async for i in numbers(10):
        if i == 2:
            return i


log.clear()
assert run(early_break()) == 2
