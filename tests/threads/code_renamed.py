"""The file name of a code object that all threads look at is changed by some."""
import _imp

from together import together

code = together.__code__.replace(co_filename="none yet")
done = []


def rename(name):
    for n in range(1500):
        _imp._fix_co_filename(code, name + str(n))
    done.append(name)


def look():
    while len(done) < 2:
        name = code.co_filename
        assert name.rstrip("0123456789") in ("first", "second", "none yet"), name
        assert code.replace(co_name="other").co_filename.rstrip("0123456789") in ("first", "second", "none yet")
        repr(code)


together(lambda: rename("first"), lambda: rename("second"), look, look)
assert code.co_filename in ("first1499", "second1499"), code.co_filename
