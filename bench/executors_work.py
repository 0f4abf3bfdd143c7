"""What bench/executors.py runs: one load in one process; prints the seconds it took, as JSON.

usage: executors_work.py LOAD THREADS UNITS      (LOAD `list` prints the names)

A load of executors gives UNITS tasks to THREADS workers. A load of event loops runs a loop in each
of THREADS threads, UNITS units in each; they start together.
"""
import asyncio
import json
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

LOADS = {}
CLIENTS = 10
MESSAGE = b"x" * 100 + b"\n"


def executor(f):
    LOADS[f.__name__] = f
    f.loops = False
    return f


def loop(f):
    LOADS[f.__name__] = f
    f.loops = True
    return f


def timed():
    return time.perf_counter(), time.process_time()


def since(begun):
    return [now - then for now, then in zip(timed(), begun)]


# -- executors --

def tiny(x):
    return x


@executor
def submit_result(workers, units):
    with ThreadPoolExecutor(workers) as pool:
        begun = timed()
        futures = [pool.submit(tiny, i) for i in range(units)]
        for i, f in enumerate(futures):
            assert f.result() == i
        return since(begun)


@executor
def executor_map(workers, units):
    with ThreadPoolExecutor(workers) as pool:
        begun = timed()
        assert sum(pool.map(tiny, range(units))) == units * (units - 1) // 2
        return since(begun)


@executor
def workers_only(workers, units):
    """The tasks are all submitted before a worker is free."""
    gate = threading.Barrier(workers + 1)
    with ThreadPoolExecutor(workers) as pool:
        for _ in range(workers):
            pool.submit(gate.wait)
        futures = [pool.submit(tiny, i) for i in range(units)]
        begun = timed()
        gate.wait()
        pool.shutdown()
        took = since(begun)
    assert all(f.done() for f in futures)
    return took


@executor
def one_by_one(workers, units):
    """Each task is waited for before the next is submitted."""
    with ThreadPoolExecutor(workers) as pool:
        begun = timed()
        for i in range(units // 10):
            assert pool.submit(tiny, i).result() == i
        return since(begun)


# -- event loops --

@loop
async def task_switch(units):
    async def switch(n):
        for _ in range(n):
            await asyncio.sleep(0)
    await asyncio.gather(*(switch(units // 10) for _ in range(10)))


@loop
async def gather_tasks(units):
    async def small(x):
        return x
    for _ in range(units // 100):
        assert sum(await asyncio.gather(*(small(i) for i in range(100)))) == 4950


@loop
async def queue_handover(units):
    queue = asyncio.Queue(10)

    async def produce():
        for i in range(units):
            await queue.put(i)

    async def consume():
        for i in range(units):
            assert await queue.get() == i
    await asyncio.gather(produce(), consume())


@loop
async def future_wait(units):
    here = asyncio.get_running_loop()
    for _ in range(units):
        f = here.create_future()
        here.call_soon(f.set_result, 1)
        await f


@loop
async def streams_echo(units):
    async def serve(reader, writer):
        while line := await reader.readline():
            writer.write(line)
            await writer.drain()
        writer.close()

    async def client():
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(units // CLIENTS // 10):
            writer.write(MESSAGE)
            assert await reader.readline() == MESSAGE
        writer.close()
        await writer.wait_closed()
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    server.close()


class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)


class Client(asyncio.Protocol):
    def __init__(self, n):
        self.left = n
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport):
        self.transport = transport
        transport.write(MESSAGE)

    def data_received(self, data):
        self.left -= 1
        if self.left:
            self.transport.write(MESSAGE)
        else:
            self.transport.close()
            self.done.set_result(None)


@loop
async def protocol_echo(units):
    here = asyncio.get_running_loop()
    server = await here.create_server(Echo, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    clients = [await here.create_connection(lambda: Client(units // CLIENTS // 10), "127.0.0.1", port)
               for _ in range(CLIENTS)]
    for _, client in clients:
        await client.done
    server.close()


@loop
async def sock_echo(units):
    here = asyncio.get_running_loop()
    a, b = socket.socketpair()
    a.setblocking(False)
    b.setblocking(False)

    async def serve():
        while data := await here.sock_recv(b, 1000):
            await here.sock_sendall(b, data)
    server = asyncio.create_task(serve())
    for _ in range(units // 10):
        await here.sock_sendall(a, MESSAGE)
        assert await here.sock_recv(a, 1000) == MESSAGE
    a.close()
    await server
    b.close()


def run_loops(f, threads, units):
    """[wall, processor] seconds of f(units) in a loop of each of so many threads."""
    barrier = threading.Barrier(threads + 1)
    errors = []

    def run():
        with asyncio.Runner() as runner:
            runner.get_loop()
            barrier.wait()
            try:
                runner.run(f(units))
            except BaseException as error:
                errors.append(error)
    all_threads = [threading.Thread(target=run) for _ in range(threads)]
    for t in all_threads:
        t.start()
    begun = timed()
    barrier.wait()
    for t in all_threads:
        t.join()
    if errors:
        raise errors[0]
    return since(begun)


def main():
    if sys.argv[1] == "list":
        print(" ".join(LOADS))
        return
    f, threads, units = LOADS[sys.argv[1]], int(sys.argv[2]), int(sys.argv[3])
    wall, cpu = run_loops(f, threads, units) if f.loops else f(threads, units)
    print(json.dumps({"wall": wall, "cpu": cpu, "work": threads if f.loops else 1}))


if __name__ == "__main__":
    main()
