# _remote_debugging: a process whose memory says what cannot be. Each look ends soon, with a result or RuntimeError.
# run: timeout=120
import os
import random
import struct
import subprocess
import sys
import time
import _remote_debugging as rd

if sys.implementation.name != "weft":  # CPython raises what it meets: UnicodeDecodeError, OSError...
    print("SKIP what Weft promises of processes that lie")
    sys.exit()

TARGET = """\
import asyncio, os, time
async def nap(): await asyncio.sleep(1000)
async def await_it(task): await task
async def main():
    async with asyncio.TaskGroup() as tg:
        first = tg.create_task(nap())
        for _ in range(5): tg.create_task(await_it(first), name="a name")
        await asyncio.sleep(0.05)
        os.write(1, b"ready\\n")
        time.sleep(1000)
asyncio.run(main())
"""
child = subprocess.Popen([sys.executable, "-c", TARGET], stdout=subprocess.PIPE)
assert child.stdout.readline() == b"ready\n"
unwinder = rd.RemoteUnwinder(child.pid, all_threads=True)
looks = unwinder.get_stack_trace, unwinder.get_all_awaited_by, unwinder.get_async_stack_trace
asleep = 1 + [line.strip() for line in TARGET.splitlines()].index("time.sleep(1000)")
while looks[0]()[0].frame_info[0].lineno != asleep:
    time.sleep(0.01)
before = [look() for look in looks]
memory = os.open(f"/proc/{child.pid}/mem", os.O_RDWR)


def words(at, n):
    try:
        return struct.unpack(f"{n}Q", os.pread(memory, 8 * n, at))
    except (OSError, OverflowError, struct.error):
        return ()


# the objects that a look comes by: the tasks, what they point to, and what that points to
known = {task.task_id for info in before[1] for task in info.awaited_by}
for _ in range(3):
    known |= {word for at in list(known) for word in words(at, 40) if word > 1 << 20 and word % 8 == 0 and words(word, 1)}
known = sorted(known)
assert len(known) > 100
numbers = [0, 1, 3, 8, 255, 1 << 31, (1 << 32) - 1, 1 << 47, 1 << 63, (1 << 64) - 1, (1 << 64) - 8]
failed = 0
end = time.monotonic() + 60
for i in range(1500):
    if time.monotonic() > end:
        break
    changed = []
    for _ in range(random.choice((1, 1, 3))):
        at = random.choice(known) + 8 * random.randrange(24)
        old = os.pread(memory, 8, at) if words(at, 1) else b""
        if len(old) == 8:
            new = random.choice((random.choice(known), random.choice(numbers), random.getrandbits(64),
                                 int.from_bytes(old, "little") ^ 1 << random.randrange(64)))
            changed.append((at, old))
            os.pwrite(memory, struct.pack("Q", new), at)
    for look in looks:
        began = time.monotonic()
        try:
            look()
        except RuntimeError as error:
            assert str(error).startswith(f"process {child.pid} "), error
            failed += 1
        assert time.monotonic() - began < 50
    for at, old in reversed(changed):
        os.pwrite(memory, old, at)
assert failed > 0
assert child.poll() is None
assert [look() for look in looks] == before
os.close(memory)
child.kill()
child.wait()
child.stdout.close()
