"Hashes, HMAC and key derivation over OpenSSL, for the module hashlib."
__c__ = "hashlib"
def new(name: str, data: opt = ..., *, usedforsecurity: bool = True, string: opt = None): "A hash object of a named algorithm."
def openssl_md5(data: opt = ..., *, usedforsecurity: bool = True, string: opt = None): "A hash object md5."
def openssl_sha1(data: opt = ..., *, usedforsecurity: bool = True, string: opt = None): "A hash object sha1."
def openssl_sha224(data: opt = ..., *, usedforsecurity: bool = True, string: opt = None): "A hash object sha224."
def openssl_sha256(data: opt = ..., *, usedforsecurity: bool = True, string: opt = None): "A hash object sha256."
def openssl_sha384(data: opt = ..., *, usedforsecurity: bool = True, string: opt = None): "A hash object sha384."
def openssl_sha512(data: opt = ..., *, usedforsecurity: bool = True, string: opt = None): "A hash object sha512."
def openssl_sha3_224(data: opt = ..., *, usedforsecurity: bool = True, string: opt = None): "A hash object sha3_224."
def openssl_sha3_256(data: opt = ..., *, usedforsecurity: bool = True, string: opt = None): "A hash object sha3_256."
def openssl_sha3_384(data: opt = ..., *, usedforsecurity: bool = True, string: opt = None): "A hash object sha3_384."
def openssl_sha3_512(data: opt = ..., *, usedforsecurity: bool = True, string: opt = None): "A hash object sha3_512."
def openssl_shake_128(data: opt = ..., *, usedforsecurity: bool = True, string: opt = None): "A hash object shake_128."
def openssl_shake_256(data: opt = ..., *, usedforsecurity: bool = True, string: opt = None): "A hash object shake_256."
def pbkdf2_hmac(hash_name: str, password: buffer, salt: buffer, iterations: i64, dklen = None): "A key out of a password: PBKDF2 of PKCS #5."
def scrypt(password: buffer, *, salt: buffer, n, r, p, maxmem: i64 = 0, dklen: i64 = 64): "A key out of a password: scrypt, RFC 7914."
def hmac_digest(key: buffer, msg: buffer, digest): "The HMAC of one message."
def hmac_new(key: buffer, msg: opt = ..., digestmod: opt = None): "A HMAC object."
def get_fips_mode() -> int: "Is libcrypto in FIPS mode?"
def compare_digest(a, b, /): "Is a equal to b? Takes the same time wherever they differ. Both ASCII strs, or bytes-like."

class HASH:
    "A hash object over OpenSSL."
    __c__ = "evp_hash", "Digest"
    def update(self, obj, /): "Hashes more data."
    def digest(self, /): "The digest of all data so far, as bytes."
    def hexdigest(self, /): "The digest of all data so far, in hexadecimal."
    def copy(self, /): "A copy of the state."
    @property
    def digest_size(self): ...
    @property
    def block_size(self): ...
    @property
    def name(self): ...

class HASHXOF:
    "A hash object with digests of any length, over OpenSSL."
    __c__ = "evp_xof", "Digest"
    def digest(self, /, length): "So many bytes of the digest of all data so far."
    def hexdigest(self, /, length): "So many bytes of the digest of all data so far, in hexadecimal."

class HMAC:
    """A HMAC object: a digest that only who knows the key can make."""
    __c__ = "evp_mac", "Mac"
    def update(self, /, msg): "Hashes more data."
    def digest(self, /): "The digest of all data so far, as bytes."
    def hexdigest(self, /): "The digest of all data so far, in hexadecimal."
    def copy(self, /): "A copy of the state."
    @property
    def digest_size(self): ...
    @property
    def block_size(self): ...
    @property
    def name(self): ...
