"Reading and writing text in tables, for the module csv."

@raw
def reader(iterable, /, dialect = 'excel', **fmtparams):
    """reader(iterable, /, dialect='excel', **fmtparams)

    An iterator over the rows of the text lines that iterable gives."""
@raw
def writer(fileobj, /, dialect = 'excel', **fmtparams):
    """writer(fileobj, /, dialect='excel', **fmtparams)

    A writer of rows to what has a method write()."""
@raw
def register_dialect(name, /, dialect = 'excel', **fmtparams):
    """register_dialect(name, /, dialect='excel', **fmtparams)

    Gives a dialect a name."""
def list_dialects(): "The names of all dialects."
def get_dialect(name): "The dialect of that name."
def unregister_dialect(name) -> None: "Forgets the dialect of that name."
def field_size_limit(new_limit: opt = ...): "How long a field may be; sets it to new_limit, if given. Returns the old limit."
