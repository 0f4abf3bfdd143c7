# asyncio: tasks, gather, timeouts, cancellation, queues, locks, groups, threads, streams over a
# socket.
import asyncio
import time


async def double(x, delay=0):
    await asyncio.sleep(delay)
    return x * 2


async def main():
    assert await double(2) == 4
    assert await asyncio.gather(*(double(i, 0.001 * (5 - i)) for i in range(5))) == [0, 2, 4, 6, 8]
    task = asyncio.create_task(double(3), name='t')
    assert task.get_name() == 't' and await task == 6 and task.done() and task.result() == 6
    try:
        async with asyncio.timeout(0.01):
            await asyncio.sleep(10)
    except TimeoutError:
        pass
    else:
        assert False
    slow = asyncio.create_task(asyncio.sleep(10))
    await asyncio.sleep(0)
    slow.cancel()
    try:
        await slow
    except asyncio.CancelledError:
        assert slow.cancelled()
    results = await asyncio.gather(double(1), asyncio.to_thread(time.sleep, 0), fails(),
                                   return_exceptions=True)
    assert results[:2] == [2, None] and type(results[2]) is KeyError
    queue, out = asyncio.Queue(2), []

    async def produce():
        for i in range(10):
            await queue.put(i)
        await queue.put(None)

    async def consume():
        while (item := await queue.get()) is not None:
            out.append(item)

    async with asyncio.TaskGroup() as group:
        group.create_task(produce())
        group.create_task(consume())
    assert out == list(range(10))
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fails())
            group.create_task(asyncio.sleep(10))
    except* KeyError as error:
        assert len(error.exceptions) == 1
    lock, order = asyncio.Lock(), []

    async def locked(i):
        async with lock:
            order.append(i)
            await asyncio.sleep(0)
            order.append(i)

    await asyncio.gather(*map(locked, range(3)))
    assert order == [0, 0, 1, 1, 2, 2]
    event = asyncio.Event()
    asyncio.get_running_loop().call_later(0.005, event.set)
    assert await event.wait() is True
    assert [x async for x in ticks(3)] == [0, 1, 2]

    async def serve(reader, writer):
        writer.write((await reader.readline()).upper())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, '127.0.0.1', 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b'hello\n')
    assert await reader.read() == b'HELLO\n'
    writer.close()
    server.close()
    future = asyncio.get_running_loop().create_future()
    future.set_result(5)
    assert await asyncio.wait_for(future, 1) == 5
    done, pending = await asyncio.wait([asyncio.create_task(double(1))])
    assert done.pop().result() == 2 and not pending
    process = await asyncio.create_subprocess_exec('echo', 'out', stdout=asyncio.subprocess.PIPE)
    assert (await process.communicate())[0] == b'out\n' and process.returncode == 0
    return 'finished'


async def fails():
    raise KeyError('x')


async def ticks(n):
    for i in range(n):
        await asyncio.sleep(0)
        yield i


assert asyncio.run(main()) == 'finished'
with asyncio.Runner() as runner:
    assert runner.run(double(4)) == 8
try:
    asyncio.get_running_loop()
except RuntimeError as error:
    assert str(error) == 'no running event loop'
