# _remote_debugging: a process that changes all the time, many readers at once, one that is killed meanwhile.
# run: timeout=120
import os
import random
import subprocess
import sys
import threading
import time
import _remote_debugging as rd

if sys.implementation.name != "weft":  # CPython raises what it meets: UnicodeDecodeError, OSError...
    print("SKIP what Weft promises of processes that change")
    sys.exit()

WILD = """\
import asyncio, random, sys, threading
async def leaf(n):
    for _ in range(n): await asyncio.sleep(0)
async def deep(n):
    if n: await deep(n - 1)
    else: await leaf(3)
async def await_it(task): await task
async def round(i):
    async with asyncio.TaskGroup() as tg:
        first = tg.create_task(deep(i % 7), name="deep" + "\\u4e2d" * (i % 5))
        for _ in range(i % 4): tg.create_task(await_it(first))
        await asyncio.gather(leaf(2), deep(i % 3))
        last = tg.create_task(leaf(1000))
        await asyncio.sleep(0)
        last.cancel()
def recurse(n): return n and recurse(n - 1)
async def main():
    for i in range(10 ** 9):
        await asyncio.gather(*(round(random.randrange(100)) for _ in range(5)), return_exceptions=True)
        recurse(i % 50)
        threading.Thread(target=recurse, args=(i % 90,)).start()
threading.Thread(target=lambda: asyncio.run(main()), daemon=True).start()
print("ready", flush=True)
asyncio.run(main())
"""


def start():
    child = subprocess.Popen([sys.executable, "-c", WILD], stdout=subprocess.PIPE)
    assert child.stdout.readline() == b"ready\n"
    return child


def end(child):
    child.kill()
    child.wait()
    child.stdout.close()


def check(kind, result):
    for thread_id, items in result:
        assert thread_id >= 0
        for item in items:
            if kind == 0:
                filename, line, function = item
                assert line >= 0 and type(filename) is type(function) is str
            else:
                assert item.task_id > 0 and type(item.task_name) is str
                for stack, task in item.coroutine_stack + item.awaited_by:
                    assert task > 0 and all(len(frame) == 3 for frame in stack)


def look(unwinder, times, seen):
    for i in range(times):
        kind = i % 3
        try:
            result = (unwinder.get_stack_trace, unwinder.get_all_awaited_by, unwinder.get_async_stack_trace)[kind]()
        except RuntimeError as error:
            assert str(error).startswith(f"process {child.pid} "), error
            seen.append(None)
        else:
            check(kind, result)
            seen.append(kind)


child = start()
unwinder = rd.RemoteUnwinder(child.pid, all_threads=True)
seen = []
began = time.monotonic()
look(unwinder, 1000, seen)
assert time.monotonic() - began < 100
assert len(seen) == 1000 and all(seen.count(kind) > 200 for kind in range(3)), [seen.count(k) for k in (0, 1, 2, None)]

# one unwinder in several threads, and made anew meanwhile
seens = [[] for _ in range(3)]
threads = [threading.Thread(target=look, args=(unwinder, 60, seen)) for seen in seens]
for t in threads:
    t.start()
for i in range(60):
    unwinder.__init__(child.pid, all_threads=i % 2 == 0)
for t in threads:
    t.join()
assert all(len(seen) == 60 for seen in seens)
assert child.poll() is None
end(child)

# killed while it is looked at
for _ in range(5):
    child = start()
    unwinder = rd.RemoteUnwinder(child.pid, all_threads=True)
    killer = threading.Timer(random.random() / 20, child.kill)
    killer.start()
    try:
        while True:
            unwinder.get_all_awaited_by()
            unwinder.get_stack_trace()
    except RuntimeError as error:
        assert str(error).startswith(f"process {child.pid} "), error
    killer.join()
    end(child)

# processes of others, and numbers that are none
others = [int(name) for name in os.listdir("/proc") if name.isdigit()]
for pid in random.sample(others, min(20, len(others))) + [random.randrange(-2 ** 31, 2 ** 31) for _ in range(50)]:
    if pid != os.getpid():
        try:
            rd.RemoteUnwinder(pid).get_stack_trace()
        except (RuntimeError, PermissionError):
            pass
