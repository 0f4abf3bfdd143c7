class FutureIter:
    "What awaiting a future goes through."
    __c__ = "future_iter", "FutureIter"
    def send(self, value, /): "As next()."
    @raw
    def throw(self, typ, val: opt = ..., tb: opt = ..., /): "Raises an exception here."
    def close(self, /) -> None: "Lets the future go."
