"""async and await on a loop of its own: tasks, channels, timers."""
from collections import deque
from heapq import heappop, heappush


class Trap:
    __slots__ = 'what', 'value'

    def __init__(self, what, value):
        self.what, self.value = what, value

    def __await__(self):
        return (yield self)


class Loop:
    def __init__(self):
        self.ready, self.timers, self.now, self.turns = deque(), [], 0, 0

    def spawn(self, coroutine):
        self.ready.append((coroutine, None))

    def run(self):
        while self.ready or self.timers:
            if not self.ready:
                self.now, _, coroutine = heappop(self.timers)
                self.ready.append((coroutine, None))
            coroutine, value = self.ready.popleft()
            self.turns += 1
            try:
                trap = coroutine.send(value)
            except StopIteration:
                continue
            if trap.what == 'sleep':
                heappush(self.timers, (self.now + trap.value, self.turns, coroutine))
            elif trap.what == 'wait':
                trap.value.append(coroutine)
            else:
                self.ready.append((coroutine, None))


class Channel:
    def __init__(self, loop):
        self.loop, self.items, self.waiting = loop, deque(), deque()

    def put(self, item):
        self.items.append(item)
        if self.waiting:
            self.loop.ready.append((self.waiting.popleft(), None))

    async def get(self):
        while not self.items:
            await Trap('wait', self.waiting)
        return self.items.popleft()


async def add(a, b):
    await Trap('yield', None)
    return a + b


async def total(n):
    if n == 0:
        return 0
    return n + await total(n - 1)


async def producer(channel, n):
    for i in range(n):
        channel.put(await add(i, 1))
        if i % 64 == 0:
            await Trap('sleep', 3)
    channel.put(None)


async def consumer(channel, out):
    while (item := await channel.get()) is not None:
        out[0] += item
        out[1] += await total(6)


async def ticks(n):
    for i in range(n):
        await Trap('sleep', 1)
        yield i


async def clock(out):
    async for tick in ticks(60_000):
        out[2] += tick


def main():
    loop, out = Loop(), [0, 0, 0]
    for _ in range(6):
        channel = Channel(loop)
        loop.spawn(producer(channel, 30_000))
        loop.spawn(consumer(channel, out))
    loop.spawn(clock(out))
    loop.run()
    return out, loop.now


assert main() == ([2700090000, 3780000, 1799970000], 60000)
