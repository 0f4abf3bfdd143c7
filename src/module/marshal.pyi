"Python values as bytes, for .pyc files: quick, for trusted data only, not the same from one version to the next."

def dump(value, file, version: int = 5, /, *, allow_code: bool = True): "Writes a value to a binary file."
def load(file, /, *, allow_code: bool = True): "Reads one value from a binary file."
def dumps(value, version: int = 5, /, *, allow_code: bool = True): "The bytes that dump() would write."
def loads(bytes: buffer, /, *, allow_code: bool = True): "The value in a bytes-like object; what follows it is not looked at."
