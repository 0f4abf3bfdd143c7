# What C code tells the hooks of sys.addaudithook.
import _thread
import array
import fcntl
import gc
import marshal
import mmap
import os
import pickle
import socket
import subprocess
import sys
import tempfile
import types

events = []
on = True


def hook(event, args):
    if on:
        events.append((event, args))


sys.addaudithook(hook)


def seen(event, call, *args):
    events.clear()
    result = call()
    found = [a for e, a in events if e == event]
    assert found, (event, events)
    if args:
        assert args in found, (event, args, str(found)[:300])
    return result


with tempfile.TemporaryDirectory() as folder:
    path, other = os.path.join(folder, "a"), os.path.join(folder, "b")
    seen("open", lambda: open(path, "w").close())
    assert [a for e, a in events if e == "open"][0][:2] == (path, "w")
    seen("open", lambda: os.close(os.open(path, os.O_RDONLY)))
    assert [a for e, a in events if e == "open"][0][:2] == (path, None)
    seen("os.mkdir", lambda: os.mkdir(other, 0o700), other, 0o700, -1)
    seen("os.listdir", lambda: os.listdir(folder), folder)
    seen("os.scandir", lambda: os.scandir(folder).close(), folder)
    seen("os.rmdir", lambda: os.rmdir(other), other, -1)
    seen("os.chmod", lambda: os.chmod(path, 0o600), path, 0o600, -1)
    seen("os.truncate", lambda: os.truncate(path, 0), path, 0)
    seen("os.rename", lambda: os.rename(path, other), path, other, -1, -1)
    seen("os.remove", lambda: os.remove(other), other, -1)

seen("exec", lambda: exec("1"))
seen("compile", lambda: compile("1", "name", "eval"), b"1", "name")
seen("builtins.id", lambda: id(hook), id(hook))
seen("marshal.dumps", lambda: marshal.dumps(1), 1, marshal.version)
seen("marshal.loads", lambda: marshal.loads(b"N"), b"N")
seen("gc.get_referents", lambda: gc.get_referents(events), (events,))
seen("pickle.find_class", lambda: pickle.loads(b"cbuiltins\nlen\n."), "builtins", "len")
seen("sys._getframe", lambda: sys._getframe())
seen("os.putenv", lambda: os.environ.__setitem__("WEFT_AUDIT", "1"), b"WEFT_AUDIT", b"1")
s = seen("socket.__new__", lambda: socket.socket())
seen("socket.bind", lambda: s.bind(("127.0.0.1", 0)), s, ("127.0.0.1", 0))
s.close()


# what leads to the inside of running code and of classes
def f(a=1, *, b=2):
    yield


g, code, frame = f(), f.__code__, sys._getframe()
seen("code.__new__", lambda: code.replace(co_name="other"))
seen("function.__new__", lambda: types.FunctionType(code, {}), code)
for o, name in ((f, "__code__"), (f, "__defaults__"), (f, "__kwdefaults__"), (g, "gi_frame"), (g, "gi_code"), (frame, "f_code")):
    seen("object.__getattr__", lambda: getattr(o, name), o, name)
for name in "__code__", "__defaults__", "__kwdefaults__":
    value = getattr(f, name)
    seen("object.__setattr__", lambda: setattr(f, name, value), f, name, value)
seen("object.__delattr__", lambda: delattr(f, "__defaults__"), f, "__defaults__")
base, other = type("Base", (), {}), type("Other", (), {})
cls = type("Class", (base,), {})
for name, value in (("__name__", "N"), ("__qualname__", "Q"), ("__bases__", (other,)), ("__doc__", "text")):
    seen("object.__setattr__", lambda: setattr(cls, name, value), cls, name, value)
instance = base()
seen("object.__setattr__", lambda: setattr(instance, "__class__", other), instance, "__class__", other)
seen("mmap.__new__", lambda: mmap.mmap(-1, 4096), -1, 4096, 0, 0)
seen("array.__new__", lambda: array.array("b"), "b", None)
seen("fcntl.fcntl", lambda: fcntl.fcntl(0, fcntl.F_GETFD), 0, fcntl.F_GETFD, None)
seen("_thread.start_new_thread", lambda: _thread.start_new_thread(f, ()), f, (), None)
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.bind(("127.0.0.1", 0))
address = u.getsockname()
seen("socket.sendto", lambda: u.sendto(b"x", address), u, address)
seen("socket.sendmsg", lambda: u.sendmsg([b"x"], [], 0, address), u, address)
u.close()
seen("_posixsubprocess.fork_exec", lambda: subprocess.run([sys.executable, "-S", "-c", ""], close_fds=False, start_new_session=True))
seen("sys._current_exceptions", sys._current_exceptions)
seen("sys.set_asyncgen_hook_finalizer", lambda: sys.set_asyncgen_hooks(finalizer=print))
sys.set_asyncgen_hooks(None, None)

sys.modules.pop("colorsys", None)
seen("import", lambda: __import__("colorsys"))
assert [a for e, a in events if e == "import"][0] == ("colorsys", None, sys.path, sys.meta_path, sys.path_hooks)


class Refused(Exception):
    pass


def refuse(event, args):
    if on and event == "os.getxattr":
        raise Refused


sys.addaudithook(refuse)
try:
    os.getxattr("/", "user.x")
except Refused:
    pass
else:
    raise AssertionError
on = False

# hooks are not traced, unless they say so
traced = []


def plain(event, args):
    pass


def asks(event, args):
    pass


asks.__cantrace__ = True
sys.addaudithook(plain)
sys.addaudithook(asks)


def tracer(frame, event, arg):
    traced.append(frame.f_code.co_name)


sys.settrace(tracer)
eval("1")
sys.settrace(None)
assert "asks" in traced and "plain" not in traced and "hook" not in traced, traced
