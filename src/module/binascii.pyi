"Bytes as text and back: base64, hexadecimal, quoted-printable, uuencode; and checksums."
__c__ = "binascii"
def a2b_uu(data, /): "One uuencoded line as bytes."
def b2a_uu(data: buffer, /, *, backtick: bool = False): "At most 45 bytes as a uuencoded line; zeros as '`' if backtick, else as spaces."
def a2b_base64(data, /, *, strict_mode: bool = False): "Base64 text as bytes. strict_mode refuses what does not belong there instead of skipping it."
def b2a_base64(data: buffer, /, *, newline: bool = True): "Bytes as one line of base64."
def a2b_hex(hexstr, /): "Hexadecimal text as bytes."
def unhexlify(hexstr, /): "Hexadecimal text as bytes."
def b2a_hex(data: buffer, sep: opt = ..., bytes_per_sep: int = 1): "Bytes as hexadecimal text; sep between groups of bytes_per_sep bytes, counted from the right, from the left if it is negative."
def hexlify(data: buffer, sep: opt = ..., bytes_per_sep: int = 1): "Bytes as hexadecimal text; sep between groups of bytes_per_sep bytes, counted from the right, from the left if it is negative."
def a2b_qp(data, header: bool = False): "Quoted-printable text as bytes; '_' is a space if header."
def b2a_qp(data: buffer, quotetabs: bool = False, istext: bool = True, header: bool = False):
    """Bytes as quoted-printable text.

    quotetabs: spaces and tabs are encoded too. istext: line ends stay as they are. header: a space becomes '_'."""
def crc32(data: lent, crc: u64 = 0, /): "The CRC-32 of data, continued from crc."
def crc_hqx(data: buffer, crc: u64, /): "The 16-bit CRC-CCITT of data, continued from crc."
