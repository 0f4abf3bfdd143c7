# raise, except, else, finally: which handler runs, in what order, and what is visible in it.
def trace(raised):
    log = []
    try:
        log.append('try')
        if raised:
            raise raised
    except ValueError:
        log.append('value')
    except (KeyError, IndexError) as error:
        log.append(type(error).__name__)
    except Exception:
        log.append('exception')
    else:
        log.append('else')
    finally:
        log.append('finally')
    return log


assert trace(None) == ['try', 'else', 'finally']
assert trace(ValueError) == ['try', 'value', 'finally']
assert trace(KeyError('k')) == ['try', 'KeyError', 'finally']
assert trace(UnicodeError('k')) == ['try', 'value', 'finally']
assert trace(OSError) == ['try', 'exception', 'finally']
try:
    trace(KeyboardInterrupt)
except BaseException as error:
    assert type(error) is KeyboardInterrupt
else:
    assert False


def propagates(depth):
    if depth == 0:
        raise RuntimeError('deep', 42)
    propagates(depth - 1)


try:
    propagates(10)
except RuntimeError as error:
    assert error.args == ('deep', 42) and str(error) == "('deep', 42)"
    assert repr(error) == "RuntimeError('deep', 42)"
else:
    assert False


def nested():
    log = []
    try:
        try:
            raise ValueError('inner')
        except KeyError:
            log.append('wrong')
        finally:
            log.append('inner finally')
    except ValueError as error:
        log.append(str(error))
    return log


assert nested() == ['inner finally', 'inner']


def reraise():
    try:
        try:
            1 / 0
        except ZeroDivisionError:
            raise
    except ZeroDivisionError as error:
        return str(error)


assert reraise() == 'division by zero'


class Custom(Exception):
    def __init__(self, code):
        super().__init__(code)
        self.code = code

    def __str__(self):
        return f'custom {self.code}'


try:
    raise Custom(7)
except Custom as error:
    assert error.code == 7 and str(error) == 'custom 7' and error.args == (7,)
for bad, text in ((5, 'exceptions must derive from BaseException'),
                  ('s', 'exceptions must derive from BaseException'),
                  (int, 'exceptions must derive from BaseException')):
    try:
        raise bad
    except TypeError as error:
        assert str(error) == text
    else:
        assert False
try:
    raise
except RuntimeError as error:
    assert str(error) == 'No active exception to reraise'
else:
    assert False
try:
    try:
        raise ValueError
    except 5:
        pass
except TypeError as error:
    assert str(error) == 'catching classes that do not inherit from BaseException is not allowed'
    assert type(error.__context__) is ValueError
else:
    assert False
assert str(ValueError()) == '' and str(ValueError('a')) == 'a'
assert repr(ValueError()) == 'ValueError()'
assert str(KeyError('k')) == "'k'" and repr(KeyError('k')) == "KeyError('k')"


def loop():
    got = []
    for i in range(5):
        try:
            if i % 2:
                raise ValueError(i)
            got.append(i)
        except ValueError as e:
            got.append(-e.args[0])
            continue
    return got


assert loop() == [0, -1, 2, -3, 4]


def assertion(value):
    try:
        assert value, 'message'
    except AssertionError as error:
        return str(error)
    return 'held'


assert assertion(0) == 'message' and assertion(1) == 'held'
try:
    assert False
except AssertionError as error:
    assert error.args == ()
try:
    raise ValueError('with', 'args') from None
except ValueError as error:
    assert error.__suppress_context__ and error.__cause__ is None
e = OSError(2, 'No such file or directory', 'name')
assert type(e) is FileNotFoundError and e.errno == 2 and e.filename == 'name'
assert str(e) == "[Errno 2] No such file or directory: 'name'"
e = ValueError('a')
e.add_note('first')
e.add_note('second')
assert e.__notes__ == ['first', 'second']
