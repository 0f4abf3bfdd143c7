"""Trees made by hand: text of every width in constants and names, lone surrogates and pairs of them."""
import ast

for text in ("a", "\x80", "\xff", "\u0100", "\u20ac", "\uffff", "\U00010000", "\U0010ffff", "\ud800", "\udfff",
             "\ud83d\ude00", "a\udc00\ud800", "abc\0d", "x" * 40 + "\udcff", "\xe9" * 1000, "\U0001F600" * 300):
    tree = ast.parse("x = 'a'")
    tree.body[0].value.value = text
    names = {}
    exec(compile(tree, "f", "exec"), names)
    assert names["x"] == text, ascii(text)
    exec("x = " + ascii(text), names)
    assert names["x"] == text, ascii(text)

tree = ast.parse("n = 5")
tree.body[0].targets[0].id = "h\xf6he\u03b1"
names = {}
exec(compile(tree, "f", "exec"), names)
assert names["h\xf6he\u03b1"] == 5
