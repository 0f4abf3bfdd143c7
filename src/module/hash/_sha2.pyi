"The hashes SHA-2."
__c__ = "sha2"
def sha224(data: opt = ..., *, usedforsecurity: bool = True, string: opt = None): "A SHA-224 hash object."
def sha256(data: opt = ..., *, usedforsecurity: bool = True, string: opt = None): "A SHA-256 hash object."
def sha384(data: opt = ..., *, usedforsecurity: bool = True, string: opt = None): "A SHA-384 hash object."
def sha512(data: opt = ..., *, usedforsecurity: bool = True, string: opt = None): "A SHA-512 hash object."

class SHA224Type:
    __c__ = "sha224_hash", "Digest"
    def copy(self, /): "A copy of the state."
    def digest(self, /): "The digest of all data so far, as bytes."
    def hexdigest(self, /): "The digest of all data so far, in hexadecimal."
    def update(self, obj, /): "Hashes more data."
    @property
    def block_size(self): ...
    @property
    def name(self): ...
    @property
    def digest_size(self): ...

class SHA256Type:
    __c__ = "sha256_hash", "Digest"
    def copy(self, /): "A copy of the state."
    def digest(self, /): "The digest of all data so far, as bytes."
    def hexdigest(self, /): "The digest of all data so far, in hexadecimal."
    def update(self, obj, /): "Hashes more data."
    @property
    def block_size(self): ...
    @property
    def name(self): ...
    @property
    def digest_size(self): ...

class SHA384Type:
    __c__ = "sha384_hash", "Digest"
    def copy(self, /): "A copy of the state."
    def digest(self, /): "The digest of all data so far, as bytes."
    def hexdigest(self, /): "The digest of all data so far, in hexadecimal."
    def update(self, obj, /): "Hashes more data."
    @property
    def block_size(self): ...
    @property
    def name(self): ...
    @property
    def digest_size(self): ...

class SHA512Type:
    __c__ = "sha512_hash", "Digest"
    def copy(self, /): "A copy of the state."
    def digest(self, /): "The digest of all data so far, as bytes."
    def hexdigest(self, /): "The digest of all data so far, in hexadecimal."
    def update(self, obj, /): "Hashes more data."
    @property
    def block_size(self): ...
    @property
    def name(self): ...
    @property
    def digest_size(self): ...
