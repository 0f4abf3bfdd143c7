"JSON text to objects and back, for the module json."
__c__ = "json"
def encode_basestring_ascii(object, /): "The str as a JSON string of ASCII characters only."
def encode_basestring(object, /): "The str as a JSON string."
@raw
def scanstring(string, end, strict = True, /):
    """scanstring(string, end, strict=True) -> (string, end)

    Reads the JSON string whose first character behind the quote is at end. Gives it and the index behind it.

    strict refuses control characters in it."""
