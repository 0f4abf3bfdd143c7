"The hash SHA-1."
__c__ = "sha1"
def sha1(data: opt = ..., *, usedforsecurity: bool = True, string: opt = None): "A SHA-1 hash object."

class sha1:
    __c__ = "sha1_hash", "Digest"
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
