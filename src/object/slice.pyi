class slice:
    """slice(stop)
    slice(start, stop[, step])

    What a[start:stop:step] passes to a's __getitem__: which items are meant."""
    def indices(self, object, /):
        "The tuple (start, stop, step) that this slice means for a sequence of the given length: all of them within its bounds."
    def __reduce__(self, /):
        "Support for pickle and copy."
    @property
    def start(self): ...
    @start.setter
    def start(self, value): ...
    @property
    def stop(self): ...
    @stop.setter
    def stop(self, value): ...
    @property
    def step(self): ...
    @step.setter
    def step(self, value): ...
