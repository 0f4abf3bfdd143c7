class slice:
    """slice(stop)
    slice(start, stop[, step])

    What a[start:stop:step] passes to a's __getitem__: which items are meant."""
    def indices(self, object, /):
        "The tuple (start, stop, step) that this slice means for a sequence of the given length: all of them within its bounds."
    def __reduce__(self, /):
        "Support for pickle and copy."
    @property
    @member
    def start(self): ...
    @property
    @member
    def stop(self): ...
    @property
    @member
    def step(self): ...
