"Files: raw, buffered and text."
__c__ = "io"

def open(file, mode: cstr = "r", buffering: int = -1, encoding = None, errors = None, newline = None, closefd: bool = True, opener = None):
    """Open a file and return an object to read and write it.

    mode is 'r', 'w', 'x' or 'a', with 'b' for bytes, '+' for reading and writing. buffering is 0 (none, bytes only), 1 (lines, text only) or a size in bytes."""
def open_code(path: str): "Open a file of code to be read as bytes."
def text_encoding(encoding, stacklevel: int = 2, /): "The encoding, or the name of the default when it is None."
