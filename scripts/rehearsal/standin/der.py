"""As much DER as a cloud needs to look at a key: strict PKCS#8, the numbers in a public key, ECDSA signatures."""

ALGORITHMS = {
    bytes.fromhex("2a864886f70d010101"): "rsa",
    bytes.fromhex("2a8648ce3d0201"): "ec",
    bytes.fromhex("2b6570"): "ed25519",
}
CURVES = {
    bytes.fromhex("2a8648ce3d030107"): "p256",
    bytes.fromhex("2b81040022"): "p384",
    bytes.fromhex("2b81040023"): "p521",
    bytes.fromhex("2b8104000a"): "secp256k1",
}


class DerError(Exception):
    """Not the DER that was expected."""


def element(data, tag=None):
    """(tag, content, rest) of the first element. Definite, shortest lengths only (X.690 10.1)."""
    if len(data) < 2:
        raise DerError("truncated")
    found, first = data[0], data[1]
    if tag is not None and found != tag:
        raise DerError(f"tag {found:#04x} where {tag:#04x} is expected")
    size, offset = first, 2
    if first >= 0x80:
        count = first & 0x7F
        size = int.from_bytes(data[2:2 + count], "big")
        offset = 2 + count
        if count == 0 or count > 4 or size < 0x80 or size < 1 << (8 * (count - 1)):
            raise DerError("a length that is not DER")
    if len(data) < offset + size:
        raise DerError("truncated")
    return found, data[offset:offset + size], data[offset + size:]


def _algorithm(content):
    """"rsa", "ed25519" or the curve's name, of an AlgorithmIdentifier's content."""
    _, oid, rest = element(content, 0x06)
    family = ALGORITHMS.get(oid)
    if family is None:
        raise DerError(f"unknown algorithm {oid.hex()}")
    if family == "rsa" and rest != b"\x05\x00":
        raise DerError("rsaEncryption without NULL parameters")
    if family != "ec":
        return family
    _, curve, _ = element(rest, 0x06)  # a named curve only, no explicit parameters
    if curve not in CURVES:
        raise DerError(f"unknown curve {curve.hex()}")
    return CURVES[curve]


def private_key_info(data):
    """(kind, rest behind it) of a version 1 PrivateKeyInfo (RFC 5208)."""
    _, content, rest = element(data, 0x30)
    _, version, content = element(content, 0x02)
    if version != b"\x00":
        raise DerError("not a version 1 PrivateKeyInfo")
    _, algorithm, content = element(content, 0x30)
    element(content, 0x04)
    return _algorithm(algorithm), rest


def public_numbers(spki):
    """RSA: (n, e) as bytes without leading zeros. EC: (x, y) of an uncompressed point."""
    _, content, _ = element(spki, 0x30)
    _, algorithm, content = element(content, 0x30)
    _, bits, _ = element(content, 0x03)
    if _algorithm(algorithm) == "rsa":
        _, numbers, _ = element(bits[1:], 0x30)
        _, modulus, numbers = element(numbers, 0x02)
        _, exponent, _ = element(numbers, 0x02)
        return modulus.lstrip(b"\x00"), exponent.lstrip(b"\x00")
    point = bits[1:]
    if point[:1] != b"\x04":
        raise DerError("a compressed point")
    half = len(point) // 2
    return point[1:half + 1], point[half + 1:]


def raw_ecdsa(signature, field_bytes):
    """r || s of a DER ECDSA signature."""
    _, content, _ = element(signature, 0x30)
    _, r, content = element(content, 0x02)
    _, s, _ = element(content, 0x02)
    return b"".join(int.from_bytes(number, "big").to_bytes(field_bytes, "big") for number in (r, s))
