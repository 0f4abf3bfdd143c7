# os: what posix has beyond files by name: ids, waiting, spawning, descriptors of all kinds, attributes.
import errno
import os
import select
import signal
import sys
import tempfile
import weakref
from check import raises

pid = os.posix_spawn('/bin/sh', ['sh', '-c', 'exit 7'], os.environ)
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
pid = os.posix_spawnp('sh', ['sh', '-c', 'echo $X >&3'], {'X': 'spawned', 'PATH': '/bin:/usr/bin'},
                      file_actions=[(os.POSIX_SPAWN_OPEN, 3, 'out', os.O_WRONLY | os.O_CREAT, 0o600)])
assert os.wait4(pid, 0)[:2] == (pid, 0) and open('out').read() == 'spawned\n'
raises(ValueError, 'posix_spawn: argv must not be empty', lambda: os.posix_spawn('/bin/sh', [], {}))
raises(TypeError, 'Unknown file_actions identifier', lambda: os.posix_spawn('/bin/sh', ['a'], {}, file_actions=[(9,)]))
pid = os.fork()
if pid == 0:
    os._exit(3)
info = os.waitid(os.P_PID, pid, os.WEXITED)
assert (info.si_pid, info.si_status, info.si_code, info.si_signo) == (pid, 3, os.CLD_EXITED, signal.SIGCHLD)



class Place:    # asked again it says something else
    answers = ['here', b'here']

    def __fspath__(self):
        return self.answers.pop(0)


os.mkdir('here')
open('here/file', 'w').close()
assert [e.path for e in os.scandir(Place())] == ['here/file'] and Place.answers == [b'here']
assert [e.path for e in os.scandir(Place())] == [b'here/file']
for call in os.scandir, os.stat:
    Place.answers.append('nowhere')
    assert raises(FileNotFoundError, None, call, Place()).filename == 'nowhere'

r, w = os.pipe()
assert os.writev(w, [b'one', bytearray(b'two')]) == 6
parts = [bytearray(2), bytearray(10)]
assert os.readv(r, parts) == 6 and parts[0] == b'on' and parts[1][:4] == b'etwo'
os.close(r)
os.close(w)
with open('a', 'w+b') as f, open('b', 'w+b') as g:
    f.write(b'0123456789')
    f.flush()
    assert os.pwritev(f.fileno(), [b'AB'], 2) == 2 and os.pread(f.fileno(), 4, 1) == b'1AB4'
    assert os.copy_file_range(f.fileno(), g.fileno(), 5, offset_src=0) == 5
    assert os.sendfile(g.fileno(), f.fileno(), 5, 5) == 5
    assert open('b', 'rb').read() == b'01AB456789'
    os.posix_fallocate(g.fileno(), 0, 100)
    assert os.fstat(g.fileno()).st_size == 100
fd = os.eventfd(5)
os.eventfd_write(fd, 2)
assert os.eventfd_read(fd) == 7
os.close(fd)
fd = os.timerfd_create(1)
os.timerfd_settime(fd, initial=0.01)
assert select.select([fd], [], [], 30)[0] == [fd] and int.from_bytes(os.read(fd, 8), sys.byteorder) == 1
os.close(fd)
fd = os.memfd_create('name')
assert os.write(fd, b'xyz') == 3 and os.fstat(fd).st_size == 3
os.close(fd)
outer, inner = os.openpty()
assert os.isatty(inner) and os.ttyname(inner) == os.ptsname(outer)
os.close(outer)
os.close(inner)
assert os.major(os.makedev(8, 1)) == 8 and os.minor(os.makedev(8, 1)) == 1
assert os.sched_getscheduler(0) == os.SCHED_OTHER and os.sched_param(3).sched_priority == 3
assert 'SC_PAGESIZE' in os.sysconf_names and os.sysconf('SC_PAGESIZE') == os.sysconf(os.sysconf_names['SC_PAGESIZE'])
assert os.pathconf('.', 'PC_NAME_MAX') > 10 and '/bin' in os.confstr('CS_PATH')
raises(ValueError, 'unrecognized configuration name', lambda: os.sysconf('x'))
os.symlink('a', 'link')
assert os.stat in os.supports_dir_fd and os.lstat('link').st_mode != os.stat('link').st_mode
raises(ValueError, 'stat: cannot use fd and follow_symlinks together', lambda: os.stat(0, follow_symlinks=False))
raises(ValueError, "stat: can't specify dir_fd without matching path", lambda: os.stat(0, dir_fd=3))
raises(TypeError, 'stat: path should be string, bytes, os.PathLike or integer, not float', lambda: os.stat(1.5))
raises(OverflowError, 'uid is less than minimum', lambda: os.chown('a', -2, 0))
try:
    os.setxattr('a', 'user.name', b'value')
except OSError as error:
    assert error.errno in (errno.ENOTSUP, errno.EPERM)
else:
    assert os.getxattr('a', 'user.name') == b'value' and 'user.name' in os.listxattr('a')
    os.removexattr('a', 'user.name')
os.environ['NEW_NAME'] = 'x'
os.reload_environ()
assert os.environ['NEW_NAME'] == 'x'
here, Place.answers = Place(), ['none/a', 'none/b']
try:
    os.rename(here, here)
    assert False
except FileNotFoundError as error:
    assert (error.filename, error.filename2) == ('none/a', 'none/b')

# a descriptor that is no directory is left as it was, and nothing beside it
with open('a', 'w') as file:
    before = os.listdir('/proc/self/fd')
    for call in os.listdir, os.scandir:
        try:
            call(file.fileno())
            assert False
        except NotADirectoryError:
            pass
    assert len(os.listdir('/proc/self/fd')) <= len(before)     # fewer: others that were let go before


# what does not go with a descriptor is refused, and the number given back
class Number:
    def __index__(self):
        return 0


for call, rest, names in ((os.chown, (0, 0), {'dir_fd': 0}), (os.chown, (0, 0), {'follow_symlinks': False}), (os.utime, (), {'dir_fd': 0}),
                          (os.utime, (), {'follow_symlinks': False}), (os.stat, (), {'dir_fd': 0}), (os.stat, (), {'follow_symlinks': False}),
                          (os.getxattr, ('user.x',), {'follow_symlinks': False}), (os.listxattr, (), {'follow_symlinks': False})):
    number = Number()
    ref = weakref.ref(number)
    try:
        call(number, *rest, **names)
        assert False
    except ValueError as error:
        assert call.__name__ in str(error)
    del number
    assert ref() is None, call

# times as far away as the file system keeps them
if os.path.isdir('/dev/shm'):
    with tempfile.NamedTemporaryFile(dir='/dev/shm') as file:
        os.utime(file.name, (2**61, 2**61))
        times = os.stat(file.name)
        assert times.st_mtime_ns == times[8] * 10**9 and times[8] > 2**31
