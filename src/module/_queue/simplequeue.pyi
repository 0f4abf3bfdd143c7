class SimpleQueue:
    """SimpleQueue()
    --

    A first-in, first-out queue without bounds, for any number of threads at both ends."""
    __c__ = "simplequeue", "SimpleQueue"
    def empty(self, /) -> bool: "Whether the queue is empty at this moment."
    def qsize(self, /) -> ssize: "How many items there are at this moment."
    def get(self, /, block: bool = True, timeout = None):
        "Takes the oldest item out. Waits for one, if block, as long as it takes or timeout seconds; else raises Empty."
    def get_nowait(self, /): "Takes the oldest item out. Raises Empty where there is none."
    def put(self, /, item, block: bool = True, timeout = None) -> None: "Adds an item. Never waits: block and timeout are those of Queue.put."
    def put_nowait(self, /, item) -> None: "Adds an item."
    @classmethod
    def __class_getitem__(cls, object, /): "The class with its item type given."
