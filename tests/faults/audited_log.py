"""A site's log as an auditor reads it, with Python's own means and by no code of keyrite: whole lines, open intents,
the RFC 6962 root, the signature of the checkpoint, the vouches of entries."""
import base64
import hashlib
import json
import os

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
    require_signature(vkey, value[4:], text, path)
    return int(size)


def require_signature(vkey, value, text, what):
    try:
        key = base64.b64decode(vkey.split("+", 2)[2])[1:]
        Ed25519PublicKey.from_public_bytes(key).verify(value, text.encode("utf-8"))
    except InvalidSignature:
        raise Wrong(f"the signature of {what} is wrong") from None


# Acts that no token is asked for: the next checkpoint signs their entries.
ON_FILES = {"verify-import", "tenant-add", "tenant-change", "tenant-suspend", "tenant-hold", "tenant-release", "key-add",
            "key-change", "key-suspend", "key-resume", "key-set-deactivation", "key-mark-compromised", "destination-add",
            "destination-change", "destination-retire", "inventory-restore", "inventory-sign-off",
            "dek-prune", "credential-change", "credential-revoke", "tenant-offboard", "shred-freeze",
            "shred-unfreeze"}


def require_vouched(lines, vkey):
    """Each entry is vouched for by the log's key, or an entry of it says that nobody does."""
    entries = [json.loads(line) for line in lines]
    named = {index for entry in entries if entry["event"] == "unvouched"
             for index in range(entry["first"], entry["last"] + 1)}
    for entry in entries:
        vouch = entry.pop("vouch", None)
        if vouch is None:
            require(entry["seq"] in named, f"nobody vouches for entry {entry['seq']}, and nobody says so")
            on_files = entry.get("act") in ON_FILES
            require(on_files or entry["event"] not in ("intent", "settled") and entry.get("outcome") != "done",
                    f"entry {entry['seq']} says of an act at the token what nobody vouches for")
            continue
        require(entry["seq"] not in named, f"entry {entry['seq']} is vouched for, and is called unvouched")
        bare = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
        text = f"keyrite entry v1\n{vkey.split('+')[0]}\n{hashlib.sha256(bare).hexdigest()}\n"
        require_signature(vkey, base64.b64decode(vouch), text, f"entry {entry['seq']}")


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


def history_before(lines, index):
    """The text whose SHA-256 entry `index` has, from docs/formats/transcript.md: a new reading of all before it."""
    opened, vouched, latest, confirmed, intents, used = "no", False, None, None, {}, {}
    decided, chain = 0, bytes(32)
    for seq, line in enumerate(lines[:index]):
        entry = json.loads(line)
        vouched = vouched or "vouch" in entry
        if "time" in entry and ("vouch" in entry or not vouched):
            if entry["event"] == "clock-confirmed" and "vouch" in entry:
                latest, confirmed = entry["time"], seq
            latest = max(latest or "", entry["time"])
        if entry["event"] == "opened":
            opened = "yes"
        leaf = hashlib.sha256(b"\0" + line)
        if entry["event"] == "intent":
            intents[entry["run"]] = f"open {seq} {leaf.hexdigest()}\n"
        if entry["event"] == "result" and entry["outcome"] == "done" and "decides" in entry:
            decided, chain = decided + 1, hashlib.sha256(chain + leaf.digest()).digest()
        if entry["event"] == "settled" or entry["event"] == "result" and entry["outcome"] != "unknown":
            intents.pop(entry["run"], None)
        if "approval" in entry:
            statement = entry["approval"]["statement_sha256"]
            used[statement] = (used.get(statement, (seq,))[0], entry["approval"]["not_after"])
        used = {statement: (seq, until) for statement, (seq, until) in used.items() if until >= latest}
    size = sum(len(line) + 1 for line in lines[:index])
    return "".join([f"keyrite history v1\nentries {index}\nbytes {size}\nopened {opened}\nlatest {latest or '-'}\n"
                    f"confirmed {'-' if confirmed is None else confirmed}\ndecided {decided} {chain.hex()}\n", *intents.values(),
                    *(f"used {seq} {until} {statement}\n" for statement, (seq, until) in sorted(used.items()))])


def require_histories(lines):
    """Each entry that is vouched for names what the log said before it."""
    for index, line in enumerate(lines):
        entry = json.loads(line)
        require(("vouch" in entry) == ("history_sha256" in entry), f"entry {index} has a vouch or a history alone")
        if "vouch" in entry:
            wanted = hashlib.sha256(history_before(lines, index).encode()).hexdigest()
            require(entry["history_sha256"] == wanted, f"entry {index} has another history")


def frontier_end(path, lines):
    """How many entries the file passes over that the last writer left; None where there is none. It is whole."""
    if not os.path.exists(path):
        return None
    frontier = json.loads(read(path))
    index = json.loads(frontier["line"])["seq"]
    require(lines[index] == frontier["line"].encode(), f"the frontier has another entry {index} than the log")
    require(frontier["history"] == history_before(lines, index), "the frontier has another history than the log")
    opened = [line for line in frontier["history"].splitlines() if line.startswith("open ")]
    require([lines[int(line.split()[1])] for line in opened] == [line.encode() for line in frontier["open"]],
            "the frontier has other open intents than its history")
    return index + 1


def key_ids(lines):
    """Every CKA_ID that the log tells of."""
    return {key["id"] for line in lines for key in json.loads(line).get("keys", []) if "id" in key}
