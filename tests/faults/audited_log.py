"""A site's log as an auditor reads it, with Python's own means and by no code of keyrite: whole lines, open intents,
the RFC 6962 root, the signature of the checkpoint."""
import base64
import hashlib
import json

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Wrong(AssertionError):
    """A log or checkpoint is not what it has to be."""


def require(condition, message):
    if not condition:
        raise Wrong(message)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def whole_lines(path):
    """Without their LF; what follows the last LF is no line."""
    return read(path).split(b"\n")[:-1]


def root_of(lines):
    level = [hashlib.sha256(b"\0" + line).digest() for line in lines]
    if not level:
        return hashlib.sha256(b"").digest()
    while len(level) > 1:
        pairs = [hashlib.sha256(b"\1" + left + right).digest() for left, right in zip(level[::2], level[1::2])]
        level = pairs + (level[-1:] if len(level) % 2 else [])
    return level[0]


def signed_size(path, lines, vkey):
    """How many entries a checkpoint signs, after its root and its Ed25519 signature were checked."""
    text, signatures = read(path).decode("utf-8").rsplit("\n\n", 1)
    text += "\n"
    origin, size, root = text.splitlines()
    name, _, key = vkey.split("+", 2)
    require(origin == name, f"{path} is of the log {origin}")
    require(int(size) <= len(lines), f"{path} signs {size} entries, and the log has {len(lines)}")
    require(base64.b64decode(root) == root_of(lines[:int(size)]), f"{path} signs another root")
    value = base64.b64decode(signatures.split("\n")[0].split(" ")[2])
    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(key)[1:]).verify(value[4:], text.encode("utf-8"))
    except InvalidSignature:
        raise Wrong(f"the signature of {path} is wrong") from None
    return int(size)


def open_intents(lines):
    """[(index, entry)] of the intents that have neither a result nor a settled entry."""
    opened = {}
    for index, line in enumerate(lines):
        entry = json.loads(line)
        if entry.get("event") == "intent":
            opened[entry["run"]] = (index, entry)
        elif entry.get("event") in ("result", "settled"):
            opened.pop(entry["run"], None)
    return list(opened.values())


def key_ids(lines):
    """Every CKA_ID that the log tells of."""
    return {key["id"] for line in lines for key in json.loads(line).get("keys", []) if "id" in key}
