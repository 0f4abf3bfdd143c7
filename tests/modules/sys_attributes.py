# sys: what programs rely on.
import io
import sys
from check import raises

assert sys.argv[0] == __file__ and sys.byteorder in ('little', 'big') and sys.maxsize == 2 ** 63 - 1
assert sys.maxunicode == 0x10ffff
assert sys.version_info >= (3, 14) and sys.version.startswith('3.14') and sys.platform == 'linux'
assert sys.executable.startswith('/')
assert sys.implementation.name and sys.implementation.version[:2] == (3, 14)
assert sys.implementation.cache_tag
assert sys.float_info.max == 1.7976931348623157e308 and sys.float_info.epsilon == 2 ** -52
assert sys.float_info.dig == 15
assert sys.int_info.bits_per_digit > 0 and sys.hash_info.modulus == 2 ** 61 - 1
assert sys.hash_info.width == 64 and sys.hash_info.inf == 314159
assert sys.getrecursionlimit() > 100 and sys.getsizeof([]) > 0 and sys.getrefcount([]) >= 1
assert sys.getdefaultencoding() == 'utf-8'
assert sys.getfilesystemencoding() == 'utf-8' and sys.intern('abc') is sys.intern('ab' + 'c')
assert sys.is_finalizing() is False
assert isinstance(sys.path, list) and isinstance(sys.modules, dict)
assert 'builtins' in sys.builtin_module_names and 'os' in sys.stdlib_module_names
assert sys.flags.utf8_mode in (0, 1) and sys.flags.optimize == 0 and sys.prefix and sys.exec_prefix
assert sys.base_prefix and sys.platlibdir
assert sys.stdin.fileno() == 0 and sys.stdout.fileno() == 1 and sys.stderr.fileno() == 2
assert sys.__stdout__ is sys.stdout and sys.stdout.encoding == 'utf-8'
assert type(sys._is_gil_enabled()) is bool and sys.getswitchinterval() > 0
assert sys.get_int_max_str_digits() == 4300 and sys.api_version == 1013
limit = sys.getrecursionlimit()
sys.setrecursionlimit(limit + 500)
assert sys.getrecursionlimit() == limit + 500
raises(ValueError, 'recursion limit must be greater or equal than 1', sys.setrecursionlimit, 0)
assert sys.exception() is None and sys.exc_info() == (None, None, None)
try:
    1 / 0
except ZeroDivisionError as error:
    assert sys.exception() is error and sys.exc_info()[:2] == (ZeroDivisionError, error)
assert sys.exception() is None
seen = []
sys.displayhook, old = seen.append, sys.displayhook
exec(compile('1 + 1', '', 'single'))
sys.displayhook = old
assert seen == [2]
events = []


def tracer(frame, event, argument):
    events.append((event, frame.f_code.co_name))
    return tracer


def traced():
    x = 1
    return x


sys.settrace(tracer)
traced()
sys.settrace(None)
assert events[:4] == [('call', 'traced'), ('line', 'traced'), ('line', 'traced'),
                      ('return', 'traced')]
audited = []
sys.addaudithook(lambda name, args: audited.append(name))
sys.audit('my.event', 1)
assert 'my.event' in audited

# objects that are part of the program itself have a size, too; bytes have just what they need
for o in (b"", (), None, True, Ellipsis, NotImplemented, int, len):
    assert 16 <= sys.getsizeof(o) < 5000, (o, sys.getsizeof(o))
assert [sys.getsizeof(bytes(n)) - sys.getsizeof(b"") for n in (1, 7, 100, 5000)] == [1, 7, 100, 5000]
fresh = "".join(["never interned ", str(sys.maxsize)])
assert sys.intern(fresh) is fresh and sys.intern("".join(["never interned ", str(sys.maxsize)])) is fresh

# what the program makes of UnraisableHookArgs is shown as far as it goes
made = []
sys.unraisablehook = made.append


class Failing:
    def __del__(self):
        raise ValueError


Failing()
sys.unraisablehook = sys.__unraisablehook__
Args, stderr = type(made[0]), sys.stderr
sys.stderr = io.StringIO()
for values in (1, 2, 3, 4, 5), (ValueError, "text", None, None, None):
    sys.unraisablehook(Args(values))
shown, sys.stderr = sys.stderr.getvalue(), stderr
assert shown == "4: 5\n<unknown><unknown>: 2\nValueError: text\n", shown
