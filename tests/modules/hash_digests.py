"""The hash modules: known digests, copies, and BLAKE2 with all parameters."""
import _blake2, _md5, _sha1, _sha2, _sha3
import hashlib
from check import raises

KNOWN = {_md5.md5: "900150983cd24fb0d6963f7d28e17f72", _sha1.sha1: "a9993e364706816aba3e25717850c26c9cd0d89d",
         _sha2.sha224: "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
         _sha3.sha3_224: "e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf"}
for new, digest in KNOWN.items():
    h = new(b"ab")
    c = h.copy()
    h.update(b"c")
    assert h.hexdigest() == digest == h.digest().hex() and c.hexdigest() != digest
assert _sha3.shake_128(b"a").hexdigest(5) == "85c8de88d2"
assert _blake2.blake2b(b"abc", digest_size=20).hexdigest() == "384264f676f39536840523f284921cdc68b6846b"
h = _blake2.blake2b(b"abc", fanout=2, depth=2, leaf_size=4096, node_offset=3, node_depth=1, inner_size=32, last_node=True,
                    key=b"k", salt=b"s", person=b"p", digest_size=48)
assert h.hexdigest() == "39518a4a56cfc5b273f3556814d781db44cc38a5169b8a491a57556c43b9636e35239b023ab45819e03ec461baeb95db"
assert _blake2.blake2s(b"q" * 1000).hexdigest() == "80a9de53a1a0d634155b0ef6136b700d981653180f7215add1e24d7710c46f61"

# classes below that of the hashes have no instances
class Below(hashlib.new('md5').__class__):
    def __init__(self):
        pass


raises(TypeError, "cannot create 'Below' instances", Below)
