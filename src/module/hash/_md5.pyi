"The hash MD5."
__c__ = "md5"
def md5(data: opt = ..., *, usedforsecurity: bool = True, string: opt = None): "An MD5 hash object."

class md5:
    __c__ = "md5_hash", "Digest"
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
