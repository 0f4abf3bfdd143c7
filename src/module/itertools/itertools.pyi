"Building blocks for iteration."

def tee(iterable, n: ssize = 2, /): "A tuple of n iterators over the items of one iterable, which nobody else should use then."
