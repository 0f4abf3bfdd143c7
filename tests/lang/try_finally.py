# finally runs on every way out: return, break, continue, raise, nested; and it may override.
log = []


def returns():
    try:
        return 'try'
    finally:
        log.append('f')


assert returns() == 'try' and log == ['f']


def value_is_fixed():
    x = 1
    try:
        return x
    finally:
        x = 2


assert value_is_fixed() == 1


def loop():
    out = []
    for i in range(5):
        try:
            if i == 1:
                continue
            if i == 3:
                break
            out.append(i)
        finally:
            out.append(f'f{i}')
    else:
        out.append('else')
    return out


assert loop() == [0, 'f0', 'f1', 2, 'f2', 'f3']


def nested():
    out = []
    try:
        try:
            try:
                raise ValueError
            finally:
                out.append(1)
        finally:
            out.append(2)
    except ValueError:
        out.append(3)
    finally:
        out.append(4)
    return out


assert nested() == [1, 2, 3, 4]


def handler_returns():
    out = []
    try:
        raise ValueError
    except ValueError:
        out.append('h')
        return out
    finally:
        out.append('f')


assert handler_returns() == ['h', 'f']


def raise_in_else():
    out = []
    try:
        try:
            pass
        except ValueError:
            out.append('wrong')
        else:
            raise ValueError
        finally:
            out.append('f')
    except ValueError:
        out.append('outer')
    return out


assert raise_in_else() == ['f', 'outer']


def in_generator():
    try:
        yield 1
        yield 2
    finally:
        log.append('gen')


for v in in_generator():
    break
assert log[-1] == 'gen'


def many(n):
    out = []
    i = 0
    while True:
        try:
            i += 1
            if i > n:
                return out
        finally:
            out.append(i)


assert many(3) == [1, 2, 3, 4]


def return_through_two():
    out = []
    try:
        try:
            return out
        finally:
            out.append('inner')
    finally:
        out.append('outer')


assert return_through_two() == ['inner', 'outer']


def while_try():
    n = 0
    while n < 10:
        try:
            n += 1
            if n == 5:
                raise KeyError
        except KeyError:
            break
        finally:
            n += 100
    return n


assert while_try() == 101


def finally_sees_exception_state():
    try:
        raise ValueError('v')
    except ValueError:
        try:
            return 1
        finally:
            try:
                raise
            except ValueError as error:
                log.append(str(error))


assert finally_sees_exception_state() == 1 and log[-1] == 'v'
