"""csv: quoting in both directions, dialects, and what is refused."""
import csv, io
from check import raises

rows = [["a,b", 'c"d', "e\nf", "", None, 1.5, True], ["x"], [""]]
for quoting in csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC, csv.QUOTE_STRINGS, csv.QUOTE_NOTNULL:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=quoting).writerows(rows)
    back = list(csv.reader(io.StringIO(out.getvalue(), newline="")))
    assert back == [["a,b", 'c"d', "e\nf", "", "", "1.5", "True"], ["x"], [""]], (quoting, back)
assert list(csv.reader(['1,"",,"a"'], quoting=csv.QUOTE_STRINGS)) == [[1.0, "", None, "a"]]
assert list(csv.reader(["a\\,b|'c|d'"], delimiter="|", quotechar="'", escapechar="\\")) == [["a,b", "c|d"]]
assert list(csv.reader(['a,"b\n', 'c",d', '"e'])) == [["a", "b\nc", "d"], ["e"]]
csv.register_dialect("bars", delimiter="|")
assert csv.get_dialect("bars").delimiter == "|" and list(csv.reader(["a|b"], "bars")) == [["a", "b"]]
csv.unregister_dialect("bars")
raises(csv.Error, "unknown dialect", csv.get_dialect, "bars")
raises(csv.Error, "',' expected after '\"'", lambda: list(csv.reader(['"a"b'], strict=True)))
raises(csv.Error, "unexpected end of data", lambda: list(csv.reader(['"a'], strict=True)))
raises(csv.Error, "need to escape, but no escapechar set", csv.writer(io.StringIO(), quoting=csv.QUOTE_NONE).writerow, ["a,b"])
raises(TypeError, '"delimiter" must be a unicode character, not a string of length 2', csv.writer, io.StringIO(), delimiter="ab")
raises(ValueError, "bad delimiter or quotechar value", csv.reader, [], delimiter="'", quotechar="'")


# an iterator that asks the reader for a row
class Asking:
    def __next__(self):
        if not self.lines:
            raise StopIteration
        line = self.lines.pop(0)
        if not callable(line):
            return line
        try:
            self.seen.append(line())
        except (StopIteration, csv.Error) as error:
            self.seen.append(str(error))
        return next(self)

    def __iter__(self):
        return self


def asking(*lines):
    it = Asking()
    reader = csv.reader(it)
    it.lines, it.seen = [(lambda: next(reader)) if line is None else line for line in lines], []
    for _ in range(4):
        try:
            it.seen.append(next(reader))
        except (StopIteration, csv.Error) as error:
            it.seen.append(str(error))
    return it.seen


advanced = "iterator has already advanced the reader"
assert asking(None, "a,b", "c,d", "e,f") == [["a", "b"], advanced, ["e", "f"], "", ""]
assert asking("x,y", None) == [["x", "y"], "", "", "", ""]
assert asking('"x\n', None) == ["", "", "", "", ""]
assert asking('"x\n', None, None, "b", "c", "d", "e") == [["b"], advanced, advanced, ["e"], "", ""]
