"The hashes BLAKE2b and BLAKE2s."
__c__ = "blake2"

class blake2b:
    "A hash object BLAKE2b, with all its parameters."
    __c__ = "blake2b", "Blake2Object"
    def __new__(cls, data: opt = ..., *, digest_size: int = 64, key: opt = ..., salt: opt = ..., person: opt = ...,
                fanout: int = 1, depth: int = 1, leaf_size = 0, node_offset = 0, node_depth: int = 0, inner_size: int = 0,
                last_node: bool = False, usedforsecurity: bool = True, string: opt = None): ...
    def copy(self, /): "A copy of the state."
    def digest(self, /): "The digest of all data so far, as bytes."
    def hexdigest(self, /): "The digest of all data so far, in hexadecimal."
    def update(self, data, /): "Hashes more data."
    @property
    def name(self): ...
    @property
    def block_size(self): ...
    @property
    def digest_size(self): ...

class blake2s:
    "A hash object BLAKE2s, with all its parameters."
    __c__ = "blake2s", "Blake2Object"
    def __new__(cls, data: opt = ..., *, digest_size: int = 32, key: opt = ..., salt: opt = ..., person: opt = ...,
                fanout: int = 1, depth: int = 1, leaf_size = 0, node_offset = 0, node_depth: int = 0, inner_size: int = 0,
                last_node: bool = False, usedforsecurity: bool = True, string: opt = None): ...
    def copy(self, /): "A copy of the state."
    def digest(self, /): "The digest of all data so far, as bytes."
    def hexdigest(self, /): "The digest of all data so far, in hexadecimal."
    def update(self, data, /): "Hashes more data."
    @property
    def name(self): ...
    @property
    def block_size(self): ...
    @property
    def digest_size(self): ...
