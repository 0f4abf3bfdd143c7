"The objects of template strings (PEP 750), for the module string.templatelib and compiled code."
__c__ = "interpolation_module"

@raw
def _make_template(strings, interpolations, /): "A Template of a tuple of strings and one of interpolations."

class Interpolation:
    "A replacement field of a template string: its value, and how it was written."
    __c__ = "interpolation", "Interpolation"
    def __new__(cls, value, expression: str = ..., conversion = None, format_spec: str = ...): ...
    @property
    def value(self): "The value."
    @property
    def expression(self): "The text of the expression."
    @property
    def conversion(self): "'s', 'r', 'a' or None."
    @property
    def format_spec(self): "The format specification."
    def __reduce__(self): "What copying and pickling need."

class Template:
    "A template string: texts, and the interpolations between them."
    __c__ = "template", "Template"
    @property
    def strings(self): "The texts: one more than there are interpolations."
    @property
    def interpolations(self): "The interpolations."
    @property
    def values(self): "Their values."
    def __reduce__(self): "What copying and pickling need."
