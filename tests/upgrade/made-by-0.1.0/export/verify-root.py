#!/usr/bin/env python3
"""Whether a log is what a checkpoint says: hashes it again (RFC 6962 section 2.1).

  python3 verify-root.py LOG CHECKPOINT [options]

  --proof FILE...     each proof leads from its entry to the root
  --evidence FILE...  each file's SHA-256 is its name, and stands in a signed entry
  --entry N TEXT...   entry N is signed and has each TEXT in it

Python's own library and nothing else. Who signed the checkpoint is not looked
at here: verify-signature.sh does that.
"""
import argparse
import base64
import hashlib
import os
import sys


def sha256(data):
    return hashlib.sha256(data).digest()


def leaf_hash(entry):
    return sha256(b"\x00" + entry)


def node_hash(left, right):
    return sha256(b"\x01" + left + right)


def wrong(why):
    sys.exit("WRONG: " + why)


def content(name):
    with open(name, "rb") as file:
        return file.read()


def number(text):
    if not text.isdigit() or (text[:1] == b"0" and text != b"0"):
        wrong("%r is no number" % text)
    return int(text)


def head_of(checkpoint):
    """Size and root, from the three lines before the empty one."""
    lines = checkpoint.split(b"\n")
    if len(lines) < 5 or lines[3] != b"":
        wrong("the checkpoint has not three lines and an empty one")
    return number(lines[1]), base64.b64decode(lines[2], validate=True)


def root_of(leaves):
    """Full subtrees by their height, joined as soon as two have the same."""
    full = []
    for here in leaves:
        height = 0
        while full and full[-1][0] == height:
            here = node_hash(full.pop()[1], here)
            height += 1
        full.append((height, here))
    if not full:
        return sha256(b"")
    root = full.pop()[1]
    while full:
        root = node_hash(full.pop()[1], root)
    return root


def climb(here, index, last, path):
    """The root that a proof leads to, or None when it is too short or too long."""
    for sibling in path:
        if last == 0:
            return None
        if index % 2 == 1:
            here = node_hash(sibling, here)
        elif index == last:
            # An odd last node went up by itself until it had a left sibling.
            while index % 2 == 0:
                index, last = index // 2, last // 2
            here = node_hash(sibling, here)
        else:
            here = node_hash(here, sibling)
        index, last = index // 2, last // 2
    return here if last == 0 else None


def check_proof(name, leaves, root, checkpoint):
    head, _, rest = content(name).partition(b"\n\n")
    lines = head.split(b"\n")
    if lines[0] != b"c2sp.org/tlog-proof@v1" or not lines[1].startswith(b"index "):
        wrong(name + " is no proof")
    if rest != checkpoint:
        wrong(name + " is of another checkpoint")
    index = number(lines[1][len(b"index "):])
    if index >= len(leaves):
        wrong(name + " is of an entry that is not signed")
    path = [base64.b64decode(line, validate=True) for line in lines[2:]]
    if climb(leaves[index], index, len(leaves) - 1, path) != root:
        wrong(name + " does not lead to the root")


def check_evidence(name, entries):
    digest = hashlib.sha256(content(name)).hexdigest()
    if os.path.basename(name) != digest:
        wrong(name + " has the SHA-256 " + digest)
    if not any(digest.encode() in entry for entry in entries):
        wrong(name + " is named by no signed entry")


def check_entry(index, texts, entries):
    if index >= len(entries):
        wrong("entry %d is not signed" % index)
    for text in texts:
        if text.encode() not in entries[index]:
            wrong("entry %d does not have %s" % (index, text))


def main():
    parser = argparse.ArgumentParser(description="hash a log again")
    parser.add_argument("log")
    parser.add_argument("checkpoint")
    parser.add_argument("--proof", nargs="+", default=[])
    parser.add_argument("--evidence", nargs="+", default=[])
    parser.add_argument("--entry", nargs="+", default=[])
    given = parser.parse_args()
    checkpoint = content(given.checkpoint)
    size, root = head_of(checkpoint)
    whole, _, torn = content(given.log).rpartition(b"\n")
    lines = whole.split(b"\n") if whole else []
    if len(lines) < size:
        wrong("%d entries are signed, %d are there" % (size, len(lines)))
    entries = lines[:size]
    leaves = [leaf_hash(entry) for entry in entries]
    if root_of(leaves) != root:
        wrong("the first %d entries hash to another root" % size)
    for name in given.proof:
        check_proof(name, leaves, root, checkpoint)
    for name in given.evidence:
        check_evidence(name, entries)
    if given.entry:
        check_entry(int(given.entry[0]), given.entry[1:], entries)
    print("right: %d entries, root %s" % (size, root.hex()))
    for count, what in ((len(given.proof), "proofs"), (len(given.evidence), "pieces of evidence"),
                        (len(lines) - size, "entries are NOT signed"),
                        (len(torn), "bytes of a torn line")):
        if count:
            print("       %d %s" % (count, what))


main()
