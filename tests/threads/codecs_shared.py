# Search functions of codecs come and go in several threads: each is asked while it is registered, and unregister takes out no other.
import codecs
import encodings

from together import in_threads

ROUNDS = 8_000
known = codecs.lookup('utf-8')


def come_and_go(i):
    search = lambda name: known if name.startswith(f'thread{i}') else None
    for n in range(ROUNDS):
        codecs.register(search)
        if n % 100 == 0:
            assert codecs.lookup(f'thread{i}.{n}') is known
        codecs.unregister(search)
    try:
        codecs.lookup(f'thread{i}')
    except LookupError:
        return
    assert False


codecs.unregister(encodings.search_function)    # it looks for modules, which takes long
codecs.register(lambda name: None)
in_threads(3, come_and_go)
codecs.register(encodings.search_function)
assert codecs.lookup('latin-1').name == 'iso8859-1'
