# Exception groups and except*: splitting, several handlers, re-raising what is left.
g = ExceptionGroup('g', [ValueError(1), TypeError(2),
                         ExceptionGroup('inner', [ValueError(3), KeyError('k')])])
assert str(g) == 'g (3 sub-exceptions)' and g.message == 'g' and len(g.exceptions) == 3
match, rest = g.split(ValueError)
assert str(match) == 'g (2 sub-exceptions)' and str(rest) == 'g (2 sub-exceptions)'
assert [type(e).__name__ for e in match.exceptions] == ['ValueError', 'ExceptionGroup']
assert g.subgroup(OSError) is None
assert g.subgroup(lambda e: isinstance(e, KeyError)).exceptions[0].exceptions[0].args == ('k',)


def flat(group):
    out = []
    for e in group.exceptions:
        out += flat(e) if isinstance(e, BaseExceptionGroup) else [e.args[0]]
    return out


assert flat(g) == [1, 2, 3, 'k']
log = []
try:
    raise g
except* ValueError as e:
    log.append(('value', flat(e)))
except* (KeyError, OSError) as e:
    log.append(('key', flat(e)))
except* TypeError as e:
    log.append(('type', flat(e)))
else:
    log.append('else')
finally:
    log.append('finally')
assert log == [('value', [1, 3]), ('key', ['k']), ('type', [2]), 'finally']

try:
    try:
        raise g
    except* ValueError:
        pass
except ExceptionGroup as left:
    assert flat(left) == [2, 'k']
else:
    assert False

try:
    try:
        raise ValueError('naked')
    except* ValueError as e:
        assert type(e) is ExceptionGroup and flat(e) == ['naked'] and e.message == ''
        raise
except ExceptionGroup as e:
    assert flat(e) == ['naked']
else:
    assert False
try:
    try:
        raise g
    except* ValueError:
        raise OSError('new')
except ExceptionGroup as e:
    assert sorted(type(x).__name__ for x in e.exceptions) == ['ExceptionGroup',
                                                              'OSError'], e.exceptions
else:
    assert False

try:
    log.clear()
    pass
except* ValueError:
    log.append('no')
else:
    log.append('else')
assert log == ['else']

try:
    try:
        raise KeyError('unmatched')
    except* ValueError:
        assert False
except KeyError as e:
    assert e.args == ('unmatched',)


def loop():
    out = []
    for i in range(3):
        try:
            if i:
                raise ExceptionGroup('x', [ValueError(i)])
        except* ValueError as e:
            out += flat(e)
    return out


assert loop() == [1, 2]
try:
    try:
        raise ValueError
    except* ExceptionGroup:
        pass
except TypeError as error:
    assert str(error) == 'catching ExceptionGroup with except* is not allowed. Use except instead.'
else:
    assert False
for args, kind, text in ((('m', []), ValueError,
                          'second argument (exceptions) must be a non-empty sequence'),
                         (('m', [5]), ValueError,
                          'Item 0 of second argument (exceptions) is not an exception'),
                         ((5, [ValueError()]), TypeError, 'argument 1 must be str, not int'),
                         (('m', 5), TypeError, 'second argument (exceptions) must be a sequence'),
                         (('m', [KeyboardInterrupt()]), TypeError,
                          'Cannot nest BaseExceptions in an ExceptionGroup')):
    try:
        ExceptionGroup(*args)
    except kind as error:
        assert str(error) == text or text in str(error), str(error)
    else:
        assert False
assert type(BaseExceptionGroup('m', [ValueError()])) is ExceptionGroup
assert type(BaseExceptionGroup('m', [KeyboardInterrupt()])) is BaseExceptionGroup
derived = g.derive([ValueError()])
assert type(derived) is ExceptionGroup and derived.message == 'g'
