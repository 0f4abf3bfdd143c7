# _remote_debugging: stacks and tasks of running processes, `python -m asyncio ps` and `pstree`, refusals.
# run: timeout=120
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
import _remote_debugging as rd
from check import raises

WEFT = sys.implementation.name == "weft"


@contextmanager
def running(source, *options, ready=1):
    """A process that runs the source, once it has said so many times that it is ready."""
    with open("target.py", "w") as file:
        file.write(source)
    child = subprocess.Popen([sys.executable, *options, "target.py"], stdout=subprocess.PIPE)
    try:
        for _ in range(ready):
            assert child.stdout.readline() == b"ready\n"
        yield child.pid
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


def frames(infos):
    return [(os.path.basename(f.filename), f.lineno, f.funcname) for f in infos]


def names(infos):
    return [f.funcname for f in infos]


# -- what the types are
assert rd.PROCESS_VM_READV_SUPPORTED == 1
for name, fields in (("FrameInfo", ("filename", "lineno", "funcname")),
                     ("CoroInfo", ("call_stack", "task_name")),
                     ("TaskInfo", ("task_id", "task_name", "coroutine_stack", "awaited_by")),
                     ("ThreadInfo", ("thread_id", "frame_info")),
                     ("AwaitedInfo", ("thread_id", "awaited_by"))):
    cls = getattr(rd, name)
    assert cls.__match_args__ == fields and issubclass(cls, tuple) and cls.__module__ == "_remote_debugging"
    assert repr(cls(range(len(fields)))) == \
        f"_remote_debugging.{name}({', '.join(f'{f}={i}' for i, f in enumerate(fields))})"

# -- stacks of threads
SLEEPING = """\
import os, threading, time
def inner():
    os.write(1, b"ready\\n"); time.sleep(1000)
def outer():
    for x in range(3):
        if x == 1:
            inner()
def generate():
    yield 1
    inner()
threading.Thread(target=outer, daemon=True).start()
for _ in generate(): pass
"""
with running(SLEEPING, ready=2) as pid:
    main, = rd.RemoteUnwinder(pid).get_stack_trace()
    assert main.thread_id == pid
    assert frames(main.frame_info)[:2] == [("target.py", 3, "inner"), ("target.py", 10, "generate")], main
    if WEFT:
        assert frames(main.frame_info)[2:] == [("target.py", 12, "<module>")]
    stacks = dict(rd.RemoteUnwinder(pid, all_threads=True).get_stack_trace())
    assert len(stacks) == 2 and stacks[pid] == main.frame_info
    other, = (stack for thread, stack in stacks.items() if thread != pid)
    # as CPython: up to the first function that C code called
    assert frames(other)[:2] == [("target.py", 3, "inner"), ("target.py", 7, "outer")] and names(other)[2:] == ["Thread.run"]
    assert rd.RemoteUnwinder(pid, only_active_thread=True).get_stack_trace() == []  # both sleep
    if WEFT:
        raises(RuntimeError, f"process {pid} has not imported asyncio", rd.RemoteUnwinder(pid).get_all_awaited_by)
        raises(RuntimeError, f"process {pid} has not imported asyncio", rd.RemoteUnwinder(pid).get_async_stack_trace)

with running("print('ready', flush=True)\ndef spin():\n    while True: pass\nspin()") as pid:
    unwinder = rd.RemoteUnwinder(pid, only_active_thread=True)
    while not (stack := unwinder.get_stack_trace()) or names(stack[0].frame_info)[0] != "spin":
        pass
    assert names(stack[0].frame_info) == ["spin", "<module>"] and stack[0].frame_info[1].lineno == 4


def me():
    return rd.RemoteUnwinder(os.getpid(), all_threads=True).get_stack_trace()


mine = dict(me())[threading.get_native_id()]
assert names(mine) == ["me", "<module>"] and mine[0].lineno == me.__code__.co_firstlineno + 1

# -- tasks
TASKS = """\
import asyncio, os, sys, threading, time

async def nap(): await asyncio.sleep(1000)
async def nested(): await nap()
async def await_it(what): await what
async def shield_it(what): await asyncio.shield(what)
class Awaitable:
    def __await__(self): yield from nap().__await__()
async def await_object(): await Awaitable()
async def iterate():
    async for _ in numbers(): pass
async def numbers():
    yield 1
    await nap()
async def gather(*what): await asyncio.gather(*what)
async def group(first):
    async with asyncio.TaskGroup() as tg:
        tg.create_task(nap(), name=first + "-one")
        tg.create_task(nested(), name=first + "-two")
class OwnTask(asyncio.Task): pass

async def last(spinning):
    await asyncio.sleep(0.05)
    os.write(1, b"ready\\n")
    def busy(_): time.sleep(1000)
    if spinning:
        list(map(busy, [1]))
async def quick(): pass

async def main(name, spinning):
    asyncio.current_task().set_name(name)
    make = asyncio.create_task
    kept = [make(quick(), name="done")]
    await asyncio.sleep(0)
    deep = make(nested(), name=name + "-nested")
    pair = make(gather(nap(), nested()), name=name + "-gather")
    kept += [deep, pair,
             make(await_it(deep), name=name + "-awaits"),
             make(await_it(deep), name=name + "-awaits too"),
             make(shield_it(deep), name=name + "-shields"),
             make(await_it(pair), name=name + "-awaits pair"),
             make(await_object(), name=name + "-object"),
             make(iterate(), name=name + "-iterates"),
             make(group(name), name=name + "-group"),
             OwnTask(nap(), name=name + "-own class"),
             make(nap(), name=name + "x" * 300)]
    if sys.implementation.name == "weft":
        kept.append(make(nap(), name=name + " \\u00e9 \\u4e2d \\U0001f600"))
    kept.append(asyncio.Task(nap(), name=name + "-eager", eager_start=True))
    await make(last(spinning), name=name + "-last")
    await nap()

def loop(name, spinning): asyncio.run(main(name, spinning))
"""


def table(infos):
    """name -> (its coroutines, who awaits it) for each task of some AwaitedInfos."""
    tasks = [task for info in infos for task in info.awaited_by]
    by_id = {task.task_id: task.task_name for task in tasks}
    assert len(by_id) == len(tasks)
    found = {}
    for task in tasks:
        (stack, owner), = task.coroutine_stack
        assert owner == task.task_id
        found[task.task_name] = (names(stack), sorted((by_id[w.task_name], names(w.call_stack)) for w in task.awaited_by))
    return found


def check_tasks(found, name, spinning):
    sleep = ["sleep", "nap"]
    group_frames = ["TaskGroup._aexit", "TaskGroup.__aexit__", "group"]
    expected = {
        name: (["main"] if spinning else sleep + ["main"], []),
        f"{name}-nested": (sleep + ["nested"],
                           [(f"{name}-awaits", ["await_it"]), (f"{name}-awaits too", ["await_it"]), (f"{name}-shields", ["shield_it"])]),
        f"{name}-gather": (["gather"], [(f"{name}-awaits pair", ["await_it"])]),
        f"{name}-awaits": (["await_it"], []),
        f"{name}-awaits too": (["await_it"], []),
        f"{name}-shields": (["shield_it"], []),
        f"{name}-awaits pair": (["await_it"], []),
        f"{name}-object": (["await_object"], []),
        f"{name}-iterates": (["iterate"], []),
        f"{name}-group": (group_frames, []),
        f"{name}-one": (sleep, [(f"{name}-group", group_frames)]),
        f"{name}-two": (sleep + ["nested"], [(f"{name}-group", group_frames)]),
        f"{name}-own class": (sleep, []),
        (name + "x" * 300)[:255]: (sleep, []),
        f"{name}-eager": (sleep, []),
    }
    if WEFT:
        expected[f"{name} \u00e9 \u4e2d \U0001f600"] = (sleep, [])
    if spinning:
        expected[f"{name}-last"] = (["last"], [(name, ["main"])])
    for task, what in expected.items():
        assert found.get(task) == what, (task, found.get(task), what)
    gathered = {task: what for task, what in found.items() if task.startswith("Task-")}
    assert sorted(gathered.values()) == [(sleep, [(f"{name}-gather", ["gather"])]),
                                         (sleep + ["nested"], [(f"{name}-gather", ["gather"])])], gathered
    assert len(found) == len(expected) + 2, sorted(found)


with running(TASKS + "loop('main', False)") as pid:
    unwinder = rd.RemoteUnwinder(pid, debug=True)
    while True:  # it said so, and is about to end; then main goes on, to wait for something else
        found = table(infos := unwinder.get_all_awaited_by())
        if "main-last" not in found and found["main"][0] != ["main"]:
            break
    assert [info.thread_id for info in infos] == [pid, 0] and infos[1].awaited_by == []
    check_tasks(table(infos), "main", False)
    assert unwinder.get_async_stack_trace() == []  # the loop waits
    task, = (t for t in infos[0].awaited_by if t.task_name == "main-nested")
    assert frames(task.coroutine_stack[0].call_stack)[1:] == [("target.py", 3, "nap"), ("target.py", 4, "nested")]

    done = subprocess.run([sys.executable, "-m", "asyncio", "ps", str(pid)], capture_output=True, text=True)
    assert done.returncode == 0 and done.stderr == "", done
    lines = done.stdout.splitlines()
    assert lines[0].split() == "tid task id task name coroutine stack awaiter chain awaiter name awaiter id".split()
    row, = (line.split() for line in lines if " main-one " in line)
    assert row[:1] + row[2:6] == [str(pid), "main-one", "sleep", "->", "nap"], row
    assert row[6:-1] == "TaskGroup._aexit -> TaskGroup.__aexit__ -> group main-group".split(), row

    done = subprocess.run([sys.executable, "-m", "asyncio", "pstree", str(pid)], capture_output=True, text=True)
    assert done.returncode == 0 and done.stderr == "", done
    at = done.stdout.index("└── (T) main-group\n")
    tree = [(line.index("─"), line.split("── ")[1].split()) for line in done.stdout[at:].splitlines()[:9]]
    assert [(deep, words[1] if words[0] == "(T)" else words[0]) for deep, words in tree] == \
        [(1, "main-group"), (5, "group"), (9, "TaskGroup.__aexit__"), (13, "TaskGroup._aexit"), (17, "main-one"), (21, "nap"),
         (25, "sleep"), (17, "main-two"), (21, "nested")], tree
    assert tree[1][1][1] .rpartition("/")[2] == "target.py:17", tree

with running(TASKS + "loop('main', True)") as pid:
    unwinder = rd.RemoteUnwinder(pid)
    while not (infos := unwinder.get_async_stack_trace()) or names(infos[0].awaited_by[0].coroutine_stack[0].call_stack)[0] != "last.<locals>.busy":
        pass
    check_tasks(table(unwinder.get_all_awaited_by()), "main", True)
    info, = infos
    assert info.thread_id == pid
    assert table(infos) == {"main-last": (["last.<locals>.busy", "last"], [("main", ["main"])]), "main": (["main"], [])}

if WEFT:  # CPython 3.14 tells only of the main thread
    with running(TASKS + "t = threading.Thread(target=loop, args=('other', True), daemon=True)\nt.start()\nloop('main', True)",
                 ready=2) as pid:
        unwinder = rd.RemoteUnwinder(pid)
        while len(infos := unwinder.get_async_stack_trace()) < 2:
            pass
        assert len({info.thread_id for info in infos} | {pid}) == 2
        for info in unwinder.get_all_awaited_by():
            if info.thread_id:
                check_tasks(table([info]), "main" if info.thread_id == pid else "other", True)
            else:
                assert info.awaited_by == []

    # each once, though many ways lead to it
    DIAMONDS = """\
import asyncio, os, time
async def await_all(*what): await asyncio.gather(*what)
async def busy():
    await asyncio.sleep(0.05)
    os.write(1, b"ready\\n")
    time.sleep(1000)
async def main():
    row = [asyncio.create_task(busy())]
    for _ in range(40):
        row = [asyncio.create_task(await_all(*row)) for _ in range(2)]
    await asyncio.gather(*row)
asyncio.run(main())
"""
    with running(DIAMONDS) as pid:
        info, = rd.RemoteUnwinder(pid).get_async_stack_trace()
        assert len(info.awaited_by) == 82

    # a thread that ended with a loop left open: its tasks belong to no thread
    LEFT = """\
import asyncio, os, threading
async def nap(): await asyncio.sleep(1000)
kept = []
def leave():
    loop = asyncio.new_event_loop()
    kept.append((loop, loop.create_task(nap(), name="left")))
    loop.run_until_complete(asyncio.sleep(0))
thread = threading.Thread(target=leave)
thread.start()
thread.join()
os.write(1, b"ready\\n")
threading.Event().wait()
"""
    with running(LEFT) as pid:
        infos = rd.RemoteUnwinder(pid).get_all_awaited_by()
        assert infos[-1].thread_id == 0 and table(infos[-1:]) == {"left": (["sleep", "nap"], [])}, infos
        assert all(info.awaited_by == [] for info in infos[:-1])

# -- what is refused
U = rd.RemoteUnwinder
raises(TypeError, "RemoteUnwinder() missing required argument 'pid' (pos 1)", U)
raises(TypeError, "'str' object cannot be interpreted as an integer", U, "1")
raises(TypeError, "RemoteUnwinder() takes exactly 1 positional argument (2 given)", U, 1, True)
raises(OverflowError, "Python int too large to convert to C int", U, 2 ** 31)
raises(ValueError, "all_threads and only_active_thread cannot both be True", U, os.getpid(), all_threads=True, only_active_thread=True)
raises(TypeError, None, type, "Sub", (U,), {})
gone = subprocess.Popen(["true"])
gone.wait()
for pid in (0, -1, -2 ** 31, 2 ** 31 - 1, gone.pid):
    error = raises(RuntimeError, f"process {pid} cannot be looked into" if WEFT else None, U, pid)
    while error.__context__:
        error = error.__context__
    assert type(error) is FileNotFoundError and error.filename == f"/proc/{pid}/maps", error
child = subprocess.Popen(["sleep", "1000"])
raises(RuntimeError, f"process {child.pid} does not run this build of Weft" if WEFT else None, U, child.pid)
done = subprocess.run([sys.executable, "-m", "asyncio", "ps", str(child.pid)], capture_output=True, text=True)
assert done.returncode == 1 and done.stdout.startswith("Error retrieving tasks: "), done
child.kill()
child.wait()
done = subprocess.run([sys.executable, "-m", "asyncio", "pstree", str(gone.pid)], capture_output=True, text=True)
assert done.returncode == 1 and "No such file or directory" in done.stdout, done
if os.getpid() != 1 and not os.access("/proc/1/maps", os.R_OK):
    raises(PermissionError, None, U, 1)
if WEFT:
    raises(RuntimeError, "RemoteUnwinder.__init__() was not called", U.__new__(U).get_stack_trace)
    with running("print('ready', flush=True)\nimport time\ntime.sleep(1000)") as pid:
        unwinder = U(pid)
    raises(RuntimeError, f"process {pid} is gone", unwinder.get_stack_trace)
    raises(RuntimeError, f"process {pid} is gone", unwinder.get_all_awaited_by)
