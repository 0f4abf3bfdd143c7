# The messages of calls that do not fit the function's parameters.
def message(call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except TypeError as error:
        return str(error)
    return None


def none():
    pass


def f(a, b):
    pass


def g(a, b=1, *, k, l=2):
    pass


def h(a, /, b):
    pass


def star(*args, key1, key2):
    pass


assert message(none, 1) == 'none() takes 0 positional arguments but 1 was given'
assert message(f) == "f() missing 2 required positional arguments: 'a' and 'b'"
assert message(f, 1) == "f() missing 1 required positional argument: 'b'"
assert message(f, 1, 2, 3) == 'f() takes 2 positional arguments but 3 were given'
assert message(f, 1, a=2) == "f() got multiple values for argument 'a'"
assert message(f, 1, c=2) == "f() got an unexpected keyword argument 'c'"
assert message(f, b=1) == "f() missing 1 required positional argument: 'a'"
assert message(g, 1) == "g() missing 1 required keyword-only argument: 'k'"
assert message(g, 1, 2, 3, k=1) == (
    'g() takes from 1 to 2 positional arguments but 3 positional arguments (and 1 keyword-only argument) were given')
assert message(g, 1, 2, 3, 4) == 'g() takes from 1 to 2 positional arguments but 4 were given'
assert message(h, a=1,
               b=2) == "h() got some positional-only arguments passed as keyword arguments: 'a'"
assert message(star) == "star() missing 2 required keyword-only arguments: 'key1' and 'key2'"
assert message(lambda a, b, c: 0) == (
    "<lambda>() missing 3 required positional arguments: 'a', 'b', and 'c'".replace(
        '<lambda>', message.__qualname__.replace('message', '<lambda>')))
assert message(5) == "'int' object is not callable"
assert message(lambda: f(**{1: 2})) == 'keywords must be strings'
assert message(lambda: f(*5)) == 'f() argument after * must be an iterable, not int' or \
    message(lambda: f(*5)).endswith('argument after * must be an iterable, not int')
assert message(lambda: f(**5)).endswith('argument after ** must be a mapping, not int')
assert message(lambda: f(a=1,
                         **{'a': 2})).endswith("f() got multiple values for keyword argument 'a'")


class C:
    def m(self, x):
        pass


assert message(C().m) == "C.m() missing 1 required positional argument: 'x'"
assert message(C.m) == "C.m() missing 2 required positional arguments: 'self' and 'x'"
assert message(C().m, 1, 2) == 'C.m() takes 2 positional arguments but 3 were given'
assert message(C, 1) == 'C() takes no arguments'
assert message(object, 1) == 'object() takes no arguments'
assert message(len) == 'len() takes exactly one argument (0 given)'
assert message(len, 1, 2) == 'len() takes exactly one argument (2 given)'
assert message(len, obj=1) == 'len() takes no keyword arguments'
assert message([].append) == 'list.append() takes exactly one argument (0 given)'
assert message(''.join, 1) == 'can only join an iterable'
assert message(isinstance, 1) == 'isinstance expected 2 arguments, got 1'


def suggestion(parameter=None):
    pass


assert message(suggestion, paramter=1) == (
    "suggestion() got an unexpected keyword argument 'paramter'. Did you mean 'parameter'?")
