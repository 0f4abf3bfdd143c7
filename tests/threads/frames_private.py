"""What only one thread had until another looks at its frames: namespaces, variables that are replaced, the exception being handled,
callers that are found through a generator."""
# run: timeout=120
import sys
import threading
from together import together

over = threading.Event()

fills = """
for number in range(2000):
    value = [number]
    other = [value]
    value = other = None
"""


def executes():
    code = compile(fills, "private", "exec")
    while not over.is_set():
        exec(code, {})


def defines():
    code = compile(fills, "private", "exec")
    while not over.is_set():
        exec(code, {}, {})


class Handled(Exception):
    pass


def handles():
    while not over.is_set():
        try:
            raise Handled
        except Handled as error:
            for number in range(300):
                setattr(error, f"name{number % 50}", [number])
                error.args = number, [number]


def replaces():
    while not over.is_set():
        value = [[number] for number in range(5000)]
        same = value
        for number in range(len(same)):
            same[number] = [number]


generators = []


def runs_generator():
    def generates():
        while not over.is_set():
            for number in range(2000):
                pass
            yield
    generators.append(generates())
    for _ in generators[0]:
        for number in range(2000):
            value = [number]
            other = [value]
            value = other = None


def check(values):
    for value in values:
        assert type(value) is not list or len(value) == 1 and type(value[0]) is int, value


def frames_of(name):
    return [frame for frame in sys._current_frames().values() if frame.f_code.co_filename == name or frame.f_code.co_name == name]


def looks_at_namespaces(rounds, kind):
    for _ in range(rounds):
        for frame in frames_of("private"):
            names = getattr(frame, kind)
            for _ in range(200):
                check([names.get("value")])


def looks_at_handled(rounds):
    for _ in range(rounds):
        for error in sys._current_exceptions().values():
            if isinstance(error, Handled):
                for _ in range(20):
                    check(list(vars(error).values()))
                    assert type(error.args) is tuple


def puts_others_in(rounds):
    for _ in range(rounds):
        for frame in frames_of("replaces"):
            frame.f_locals["value"] = []


def looks_at_caller(rounds):
    while not generators:
        pass
    frame, caller = generators[0].gi_frame, None
    for _ in range(20_000):
        caller = caller or frame.f_back
    if caller:
        assert caller.f_code is runs_generator.__code__
        for _ in range(rounds):
            check(caller.f_locals.copy().values())


def while_looking(works, looks, *arguments):
    def looks_then_ends():
        try:
            looks(*arguments)
        finally:
            over.set()
    over.clear()
    together(works, looks_then_ends)


while_looking(executes, looks_at_namespaces, 900, "f_globals")
while_looking(defines, looks_at_namespaces, 300, "f_locals")
while_looking(handles, looks_at_handled, 600)
while_looking(replaces, puts_others_in, 1200)
while_looking(runs_generator, looks_at_caller, 20_000)
