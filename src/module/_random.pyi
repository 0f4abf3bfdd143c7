"The Mersenne Twister, for the module random."

class Random:
    """Random() -> create a random number generator with its own internal state."""
    __c__ = "random", "Random"
    @locked
    def random(self, /): "A float from 0.0 up to, not including, 1.0."
    @raw
    def seed(self, n = None, /):
        """seed(n=None, /)

        Starts the sequence that belongs to n: an int, or the hash of anything else. None: one nobody can foresee."""
    @locked
    def getstate(self, /): "The state, as a tuple of ints."
    def setstate(self, state, /) -> None: "Goes back to a state that getstate() gave."
    def getrandbits(self, k, /): "An int of k random bits."
