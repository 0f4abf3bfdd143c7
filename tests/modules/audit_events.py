# What C code tells the hooks of sys.addaudithook.
import gc
import marshal
import os
import pickle
import socket
import sys
import tempfile

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
