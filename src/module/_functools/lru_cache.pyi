class _lru_cache_wrapper:
    """A function that remembers its results: what functools.lru_cache makes.

    maxsize: how many; None for any number, 0 for none. typed: whether equal arguments of different types are different calls.
    cache_info_type: called with hits, misses, maxsize and the number of results to make what cache_info() gives."""
    __c__ = "lru_cache", "LruCache"
    def cache_info(self, /): "Hits, misses, greatest and present size of the cache."
    def cache_clear(self, /) -> None: "Forgets all results and counts."
    def __reduce__(self, /): "Support for pickle and copy: the name."
    def __copy__(self, /): "The same object."
    def __deepcopy__(self, memo, /): "The same object."

class _lru_list_elem:
    __c__ = "lru_link", "LruLink"
