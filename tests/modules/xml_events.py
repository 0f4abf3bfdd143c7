"""pyexpat: events in order, buffered text, encodings, errors; and xml.etree over it."""
import pyexpat
import sys
import xml.etree.ElementTree as ET
from check import raises

seen = []
def handler(name):
    return lambda *args: seen.append((name, *args))

p = pyexpat.ParserCreate(namespace_separator=" ")
for name in "StartElementHandler", "EndElementHandler", "CharacterDataHandler", "CommentHandler", "ProcessingInstructionHandler", \
        "StartNamespaceDeclHandler", "ElementDeclHandler", "XmlDeclHandler":
    setattr(p, name, handler(name[:-7]))
p.buffer_text = True
assert p.Parse(b'<?xml version="1.0" encoding="iso-8859-1"?><!DOCTYPE q [<!ELEMENT q (a|b)*>]>'
               b'<q y="1" xmlns:p="urn:p"><!--\xe9--><?pi x?><p:a>t&amp;\nu</p:a></q>', True) == 1
assert seen == [("XmlDecl", "1.0", "iso-8859-1", -1), ("ElementDecl", "q", (5, 2, None, ((4, 0, "a", ()), (4, 0, "b", ())))),
                ("StartNamespaceDecl", "p", "urn:p"), ("StartElement", "q", {"y": "1"}), ("Comment", "\xe9"),
                ("ProcessingInstruction", "pi", "x"), ("StartElement", "urn:p a", {}), ("CharacterData", "t&\nu"),
                ("EndElement", "urn:p a"), ("EndElement", "q")], seen
error = raises(pyexpat.ExpatError, "mismatched tag: line 1, column 5", pyexpat.ParserCreate().Parse, "<a></b>", True)
assert (error.code, error.lineno, error.offset) == (7, 1, 5)
p = pyexpat.ParserCreate()
p.StartElementHandler = lambda *args: 1 // 0
raises(ZeroDivisionError, None, p.Parse, "<a><b/></a>", True)
p = pyexpat.ParserCreate()
seen.clear()
p.CharacterDataHandler = handler("c")
p.Parse('<?xml version="1.0" encoding="koi8-r"?><a>\u0430</a>'.encode("koi8-r"), True)
assert seen == [("c", "\u0430")]
root = ET.fromstring('<a x="1"><b>text</b>tail<c/></a>')
assert ET.tostring(root) == b'<a x="1"><b>text</b>tail<c /></a>' and root.find("b").text == "text"

if sys.implementation.name == "weft":  # CPython crashes, or calls without end
    def again(data):
        p.StartElementHandler = p.CharacterDataHandler = None
        try:
            p.Parse(data, False)
        except RuntimeError as error:
            seen.append(str(error))

    seen.clear()
    p = pyexpat.ParserCreate()
    p.StartElementHandler = lambda *args: again(b"<b/>")
    p.Parse(b"<a></a>", True)
    # a buffer of character data whose handler would fill it again
    p = pyexpat.ParserCreate()
    p.buffer_text, p.buffer_size = True, 200
    p.CharacterDataHandler = lambda text: again(b"0" * 190 + b"</b>")
    p.Parse(b"<a>" + b"A" * 150 + b"\n" + b"B" * 150 + b"\n" + b"C" * 100 + b"\n</a>", True)
    assert seen == ["cannot parse from within a handler of the same parser"] * 2, seen

    # what a handler does with the buffer that is being given
    for size in None, 20, 400:
        p = pyexpat.ParserCreate()
        p.buffer_text, p.buffer_size = True, 200
        texts = []

        def resize(text):
            texts.append(text)
            if size:
                p.buffer_size = size
            else:
                p.buffer_text = False

        p.CharacterDataHandler = resize
        p.Parse(b"<a>" + b"A" * 150 + b"\n" + b"B" * 150 + b"\n" + b"C" * 100 + b"\n</a>", True)
        assert "".join(texts) == "A" * 150 + "\n" + "B" * 150 + "\n" + "C" * 100 + "\n", (size, texts)
