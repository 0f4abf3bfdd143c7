"XML parsers over expat."

def ParserCreate(encoding: cstr_opt = None, namespace_separator: cstr_opt = None, intern: opt = ...): "A new parser."
def ErrorString(code, /): "The text of an error code; None for none."
