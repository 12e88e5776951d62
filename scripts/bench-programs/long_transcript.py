"""Writes a transcript of many entries, with a checkpoint and the vkey of a throw-away key: for scripts/bench."""
import base64
import hashlib
import subprocess

ORIGIN = "keyrite.example/bench"


def sha256(content):
    return hashlib.sha256(content).digest()


class Tree:
    """RFC 6962: the roots of complete subtrees, as a binary counter keeps its ones."""

    def __init__(self):
        self._complete = []
        self._size = 0

    def append(self, leaf):
        carry = self._size
        while carry & 1:
            leaf = sha256(b"\1" + self._complete.pop() + leaf)
            carry >>= 1
        self._complete.append(leaf)
        self._size += 1

    def root(self):
        whole = self._complete.pop()
        while self._complete:
            whole = sha256(b"\1" + self._complete.pop() + whole)
        return whole


def write_log(path, count):
    tree, prev = Tree(), ""
    with open(path, "wb") as log:
        for seq in range(count):
            entry = b'{"act":"rotate","event":"result","pad":"%s","prev":"%s","seq":%d}' % (b"x" * 126, prev.encode(), seq)
            leaf = sha256(b"\0" + entry)
            log.write(entry + b"\n")
            tree.append(leaf)
            prev = leaf.hex()
    return tree.root()


def write_transcript(folder, count):
    folder.mkdir()

    def openssl(*words):
        return subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=folder).stdout

    openssl("genpkey", "-algorithm", "ED25519", "-out", "key.pem")
    public = b"\1" + openssl("pkey", "-in", "key.pem", "-pubout", "-outform", "DER")[-32:]
    key_id = sha256(ORIGIN.encode() + b"\n" + public)[:4]
    (folder / "vkey").write_text(f"{ORIGIN}+{key_id.hex()}+{base64.b64encode(public).decode()}\n")
    root = write_log(folder / "log.jsonl", count)
    text = f"{ORIGIN}\n{count}\n{base64.b64encode(root).decode()}\n"
    (folder / "text").write_text(text)
    signature = openssl("pkeyutl", "-sign", "-rawin", "-inkey", "key.pem", "-in", "text")
    line = f"\u2014 {ORIGIN} {base64.b64encode(key_id + signature).decode()}\n"
    (folder / "checkpoint").write_text(text + "\n" + line)
