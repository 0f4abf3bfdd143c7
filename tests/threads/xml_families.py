# A parser of an external entity shares memory of expat with the one that made it: threads that use both wait for each other.
import pyexpat

from together import together

PIECES = [(b"".join(b"<!ATTLIST %c%d x CDATA 'v%d'>\n" % (c, k, k) for k in range(2000))) for c in b"pq"]


def family(context, start):
    p = pyexpat.ParserCreate()
    p.SetParamEntityParsing(pyexpat.XML_PARAM_ENTITY_PARSING_ALWAYS)
    children = []

    def made(name, *ids):
        assert (name is None) == (context is None)
        children.append(p.ExternalEntityParserCreate(name))
        return children[0].Parse(b" ")

    p.ExternalEntityRefHandler = made
    p.Parse(start, False)
    return p, *children


# of a parameter entity: the tables of declarations are one
for _ in range(12):
    p, child = family(None, b'<!DOCTYPE a SYSTEM "x" [ <!ENTITY % e SYSTEM "e"> %e; ')
    counts = [0, 0]

    def count(i):
        counts[i] += 1

    p.AttlistDeclHandler = lambda *args: count(0)
    child.AttlistDeclHandler = lambda *args: count(1)
    assert together(lambda: p.Parse(PIECES[0]), lambda: child.Parse(PIECES[1])) == [1, 1]
    assert counts == [2000, 2000]

# of a general one: made while another thread parses with its maker's tables, and thrown away meanwhile
for _ in range(3):
    p, child = family("e", b'<!DOCTYPE a [ <!ENTITY e SYSTEM "e"> ]><a>&e;')

    def grandchildren():
        for _ in range(50):
            made = child.ExternalEntityParserCreate("e")
            assert made.Parse(b"<b>text</b>") == 1
            del made

    together(grandchildren, lambda: [p.Parse(b"<c x='1'>text</c>") for _ in range(500)], grandchildren)
    assert p.Parse(b"</a>", True) == 1

# where a parser is, another thread learns without waiting for the handler that waits for it
def start(name, attributes):
    places.extend(together(lambda: (p.CurrentLineNumber, p.CurrentColumnNumber, p.CurrentByteIndex, p.ErrorCode)))


p, places = pyexpat.ParserCreate(), []
p.StartElementHandler = start
p.Parse("<a>\n  <b/></a>", True)
assert places == [(1, 0, 0, 0), (2, 2, 6, 0)], places
assert p.CurrentLineNumber == 2 and p.CurrentByteIndex == 14
