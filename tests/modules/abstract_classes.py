"""abc: the registry of an abstract class forgets classes that are gone."""
import abc
import gc
import io


class Shape(abc.ABC):
    pass


def registered():
    """How many weak references the registry has."""
    return max(len(o) for o in gc.get_referents(Shape._abc_impl) if isinstance(o, (set, list)))


class Square:
    pass


Shape.register(Square)
for _ in range(20):
    for _ in range(100):
        Shape.register(type('Gone', (), {}))
    gc.collect()
assert registered() <= 300, registered()
text = io.StringIO()
Shape._dump_registry(text)  # of what is there only: a dead reference has no hash
assert 'Square' in text.getvalue() or 'weakref' in text.getvalue()
assert not issubclass(type('Other', (), {}), Shape) and registered() <= 100, registered()
assert issubclass(Square, Shape) and isinstance(Square(), Shape)


class Late:
    pass


Shape.register(Late)
assert issubclass(type('Later', (Late,), {}), Shape) and issubclass(Square, Shape)
Shape._abc_registry_clear()
Shape._abc_caches_clear()
assert registered() == 0 and not issubclass(Square, Shape)
