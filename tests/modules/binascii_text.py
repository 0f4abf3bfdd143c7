"""binascii: each text form there and back, and what is refused."""
import binascii
from check import raises

for n in range(60):
    data = bytes(range(n))
    assert binascii.a2b_base64(binascii.b2a_base64(data)) == data
    assert binascii.unhexlify(binascii.hexlify(data)) == data
    assert binascii.a2b_qp(binascii.b2a_qp(data, istext=False)) == data
    if n <= 45:
        assert binascii.a2b_uu(binascii.b2a_uu(data)) == data
        assert binascii.a2b_uu(binascii.b2a_uu(data, backtick=True)) == data
assert binascii.b2a_base64(b"abcd", newline=False) == b"YWJjZA=="
assert binascii.hexlify(b"abcdef", "-", -4) == b"61626364-6566"
assert binascii.b2a_qp(b"a" * 80) == b"a" * 75 + b"=\n" + b"a" * 5
assert binascii.crc32(b"abc") == 891568578 and binascii.crc_hqx(b"abc", 5) == 25123
raises(binascii.Error, "Incorrect padding", lambda: binascii.a2b_base64(b"YQ="))
raises(binascii.Error, "Discontinuous padding not allowed", lambda: binascii.a2b_base64(b"YQ=a", strict_mode=True))
raises(binascii.Error, "Excess data after padding", lambda: binascii.a2b_base64(b"YQ==x", strict_mode=True))
raises(binascii.Error, "Odd-length string", lambda: binascii.a2b_hex("abc"))
raises(binascii.Error, "Trailing garbage", lambda: binascii.a2b_uu(b"#86)CX\n"))
raises(ValueError, "string argument should contain only ASCII characters", lambda: binascii.a2b_hex("\u1234"))
