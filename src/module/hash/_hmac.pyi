"HMAC, for the module hmac."
__c__ = "hmac"
@raw
def new(key, msg = None, digestmod = None):
    """new(key, msg=None, digestmod=None)

    A HMAC object; digestmod is the name of a hash."""
def compute_digest(key, msg, digest): "The HMAC of one message, with the hash of that name."
def compute_md5(key, msg, /): "The HMAC of one message, with md5."
def compute_sha1(key, msg, /): "The HMAC of one message, with sha1."
def compute_sha224(key, msg, /): "The HMAC of one message, with sha224."
def compute_sha256(key, msg, /): "The HMAC of one message, with sha256."
def compute_sha384(key, msg, /): "The HMAC of one message, with sha384."
def compute_sha512(key, msg, /): "The HMAC of one message, with sha512."
def compute_sha3_224(key, msg, /): "The HMAC of one message, with sha3_224."
def compute_sha3_256(key, msg, /): "The HMAC of one message, with sha3_256."
def compute_sha3_384(key, msg, /): "The HMAC of one message, with sha3_384."
def compute_sha3_512(key, msg, /): "The HMAC of one message, with sha3_512."
def compute_blake2s_32(key, msg, /): "The HMAC of one message, with blake2s_32."
def compute_blake2b_32(key, msg, /): "The HMAC of one message, with blake2b_32."

class HMAC:
    """A HMAC object: a digest that only who knows the key can make."""
    __c__ = "hacl_mac", "Mac"
    def copy(self, /): "A copy of the state."
    def update(self, /, msg): "Hashes more data."
    def digest(self, /): "The digest of all data so far, as bytes."
    def hexdigest(self, /): "The digest of all data so far, in hexadecimal."
    @property
    def name(self): ...
    @property
    def block_size(self): ...
    @property
    def digest_size(self): ...
