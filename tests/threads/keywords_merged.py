"""Keyword arguments from a dict that another thread changes are those of one moment, also behind other keyword arguments."""
from collections import defaultdict
from threading import Event

from together import together

ROUNDS = 20000
over = Event()


def takes(**keywords):
    return keywords


def call_all(keywords):
    def changes():
        while not over.is_set():
            for i in range(100):
                keywords["b"] = keywords["c"] = 1
                del keywords["b"], keywords["c"]

    def calls():
        try:
            for _ in range(ROUNDS):
                for found in takes(x=0, **keywords), takes(**keywords, x=0):
                    assert found["a"] == 0 and found["x"] == 0
                    assert found.get("b", 1) == found.get("c", 1) == 1, found
        finally:
            over.set()

    over.clear()
    together(changes, calls)


call_all({"a": 0})
call_all(defaultdict(list, a=0))


# one thread
class Odd(dict):
    def __getitem__(self, key):
        return "odd"

    def keys(self):
        return ["odd"]


assert takes(x=0, **Odd(a=1)) == {"x": 0, "a": 1} and takes(**Odd(a=1)) == {"a": 1}
try:
    takes(a=0, **{"a": 1})
except TypeError as error:
    assert "multiple values for keyword argument 'a'" in str(error), error
else:
    assert False
