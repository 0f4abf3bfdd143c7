"Reading templates of str.format(), for string.Formatter."

__c__ = "string_module"

def formatter_parser(format, /):
    """An iterator over the parts of a template: (literal text, field name, format specification, conversion).

    The last three are None where no field follows the text; the conversion is None where none is given."""
def formatter_field_name_split(field_name, /):
    """The first part of a field's name, a str or an int, and an iterator over the rest.

    The rest is given as pairs: (True, name) for an attribute, (False, key) for an item."""
