#include "audit/internal/export_part.h"
#include "audit/internal/verify_folder_program.h"

namespace keyrite::audit {

namespace {

// The log and its tree; verify_folder_program.cc has the rest.
constexpr std::string_view kVerifyRootProgram = R"py(#!/usr/bin/env python3
"""Whether a log is what a checkpoint says: hashes it again (RFC 6962 section 2.1).

  python3 -I verify-root.py LOG CHECKPOINT [options]

  --complete          the folder has a file for every approval, proof and piece of
                      evidence that the signed entries name, and nothing else
  --withheld SHA256   of --complete: this approval was left out for the names in it
  --csv FILE          the file says of every signed entry what the entry says
  --proof FILE...     each proof leads from its entry to the root
  --evidence FILE...  each file's SHA-256 is its name, and stands in a signed entry
  --entry N TEXT...   entry N is signed and has each TEXT in it

Python's own library and nothing else; -I keeps it from taking a file of this
folder for a part of that. Each fault is one line that begins with WRONG. Who
signed the checkpoint is not looked at here: verify-signature.sh does that.
"""
import sys

# Without -I python would look for its own modules in this folder first.
if not sys.flags.isolated and not getattr(sys.flags, "safe_path", False):
    del sys.path[0]

import argparse
import base64
import csv
import datetime
import hashlib
import io
import json
import os
import re
import stat

try:
    import tomllib
except ImportError:  # before Python 3.11
    tomllib = None

FIXED = ("VERIFY.txt", "SHA256SUMS", "log.jsonl", "checkpoint", "vkeys", "witness-vkeys",
         "entries.csv", "report.html", "verify-root.py", "verify-signature.sh")
# What others said about the log: no entry names it. The commands of VERIFY.txt check each.
BY_OTHERS = re.compile(r"timestamps/[0-9]+/(checkpoint|reply\.tsr|ca\.pem|chain\.pem)|"
                       r"witnessed/[0-9]+")
MADE_OF_ROSTER = re.compile(r"rosters/[0-9a-f]{64}\.(allowed_signers|ca\.pem|[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}\.pem)")
# In a longer log only results have a proof of their own.
EVERY_ENTRY = 1000
IDENTITY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}")
COLUMNS = ("entry", "time", "operator", "act", "event", "outcome", "key", "approvers", "approval",
           "policy", "run", "vouched")


class Wrong(Exception):
    """What is not as it must be, in one sentence."""


def sha256(data):
    return hashlib.sha256(data).digest()


def leaf_hash(entry):
    return sha256(b"\x00" + entry)


def node_hash(left, right):
    return sha256(b"\x01" + left + right)


def content(name):
    try:
        with open(name, "rb") as file:
            return file.read()
    except OSError as error:
        raise Wrong("%s cannot be read: %s" % (ascii(name), error.strerror)) from None


def number(text):
    if not text.isdigit() or (text[:1] == b"0" and text != b"0") or len(text) > 15:
        raise Wrong("%s is no number" % ascii(text))
    return int(text)


def decoded(text, where):
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Wrong("%s has something that is not base64" % where) from None


# The tree


def head_of(checkpoint):
    """Size and root, from the three lines before the empty one."""
    lines = checkpoint.split(b"\n")
    if len(lines) < 5 or lines[3] != b"":
        raise Wrong("the checkpoint has not three lines and an empty one")
    return number(lines[1]), decoded(lines[2], "the checkpoint")


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


def no_number(given):
    raise ValueError(given)


class Log:
    """The signed entries of a log whose root is the checkpoint's."""

    def __init__(self, name, checkpoint_name):
        self.checkpoint = content(checkpoint_name)
        self.size, self.root = head_of(self.checkpoint)
        whole, _, torn = content(name).rpartition(b"\n")
        lines = whole.split(b"\n") if whole else []
        self.unsigned, self.torn = len(lines) - self.size, len(torn)
        if self.unsigned < 0:
            raise Wrong("%d entries are signed, %d are there" % (self.size, len(lines)))
        self.lines = lines[:self.size]
        self.leaves = [leaf_hash(line) for line in self.lines]
        if root_of(self.leaves) != self.root:
            raise Wrong("the first %d entries hash to another root" % self.size)
        self.entries = [self._entry(n) for n in range(self.size)]

    def _entry(self, n):
        """The entry as an object: an empty one for a line that keyrite would not have written."""
        line, prev = self.lines[n], self.leaves[n - 1].hex() if n else ""
        try:
            value = json.loads(line, parse_float=no_number, parse_constant=no_number)
            plain = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            return {}
        good = isinstance(value, dict) and plain == line
        return value if good and value.get("seq") == n and value.get("prev") == prev else {}


# What the log said before an entry, which each entry has the SHA-256 of that its writer vouches for


def plain(value):
    """A text that stands in JSON as it is; anything else counts as empty."""
    return value if isinstance(value, str) and not re.search('["\\\\\x00-\x1f]', value) else ""


def a_time(value):
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", value):
        return None
    try:
        datetime.datetime.fromisoformat(value[:-1])
    except ValueError:
        return None
    return value


class History:
    """The acts without a known result, the approval statements in use, and the latest time."""

    def __init__(self):
        self._opened, self._vouched, self._latest, self._confirmed = "no", False, None, None
        self._open, self._used, self._decided, self._chain = {}, {}, 0, bytes(32)

    def text(self, entries, size):
        lines = ["keyrite history v1", "entries %d" % entries, "bytes %d" % size, "opened " + self._opened,
                 "latest " + (self._latest or "-"),
                 "confirmed " + ("-" if self._confirmed is None else str(self._confirmed)),
                 "decided %d %s" % (self._decided, self._chain.hex())]
        lines += ["open %d %s" % (n, leaf.hex()) for n, leaf in sorted(self._open.values())]
        lines += ["used %d %s %s" % (n, until or "-", statement)
                  for statement, (n, until) in sorted(self._used.items())]
        return "\n".join(lines).encode() + b"\n"

    def take(self, n, entry, leaf):
        event, run = plain(entry.get("event")), plain(entry.get("run"))
        self._take_time(n, plain(entry.get("time")), event, "vouch" in entry)
        if event and re.fullmatch("[ -~]{1,64}", run):
            if event == "opened":
                self._opened = "yes"
            if event == "intent":
                self._open[run] = n, leaf
            if event == "settled" or event == "result" and plain(entry.get("outcome")) != "unknown":
                self._open.pop(run, None)
            if event == "result" and plain(entry.get("outcome")) == "done" and entry.get("decides") is True:
                self._decided, self._chain = self._decided + 1, sha256(self._chain + leaf)
            approval = entry.get("approval")
            if isinstance(approval, dict) and plain(approval.get("statement_sha256")):
                self._use(n, plain(approval["statement_sha256"]), a_time(plain(approval.get("not_after"))))
        if self._latest:
            self._used = {statement: use for statement, use in self._used.items()
                          if not use[1] or use[1] >= self._latest}

    def _take_time(self, n, text, event, vouched):
        self._vouched = self._vouched or vouched
        if not a_time(text) or self._vouched and not vouched:
            return
        confirmed = event == "clock-confirmed" and vouched
        if confirmed:
            self._confirmed = n
        if confirmed or not self._latest or text > self._latest:
            self._latest = text

    def _use(self, n, statement, until):
        if statement in self._used:
            n, before = self._used[statement]
            until = max(before, until) if before and until else None
        self._used[statement] = n, until


def loosely(line):
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return entry if isinstance(entry, dict) else {}


def check_histories(log):
    history, size = History(), 0
    for n, line in enumerate(log.lines):
        entry = loosely(line)
        told = plain(entry.get("history_sha256"))
        if "vouch" in entry and told and sha256(history.text(n, size)).hex() != told:
            raise Wrong("entry %d says that the log said something else before it" % n)
        history.take(n, entry, log.leaves[n])
        size += len(line) + 1


# One thing at a time


def check_proof(name, log, wanted=None):
    head, _, rest = content(name).partition(b"\n\n")
    lines = head.split(b"\n")
    if lines[0] != b"c2sp.org/tlog-proof@v1" or len(lines) < 2 or not lines[1].startswith(b"index "):
        raise Wrong("%s is no proof" % ascii(name))
    if rest != log.checkpoint:
        raise Wrong("%s is of another checkpoint" % ascii(name))
    index = number(lines[1][len(b"index "):])
    if index >= log.size:
        raise Wrong("%s is of an entry that is not signed" % ascii(name))
    if wanted is not None and index != wanted:
        raise Wrong("%s is of entry %d" % (ascii(name), index))
    path = [decoded(line, ascii(name)) for line in lines[2:]]
    if climb(log.leaves[index], index, log.size - 1, path) != log.root:
        raise Wrong("%s does not lead to the root" % ascii(name))


def check_sha256(name, wanted):
    digest = hashlib.sha256(content(name)).hexdigest()
    if digest != wanted:
        raise Wrong("%s has the SHA-256 %s, not %s" % (ascii(name), digest, wanted))


def check_evidence(name, log):
    check_sha256(name, os.path.basename(name))
    if not any(os.path.basename(name).encode() in line for line in log.lines):
        raise Wrong("%s is named by no signed entry" % ascii(name))


def check_entry(index, log, texts):
    if not index.isdigit() or int(index) >= log.size:
        raise Wrong("entry %s is not signed" % ascii(index))
    for text in texts:
        if text.encode() not in log.lines[int(index)]:
            raise Wrong("entry %s does not have %s" % (index, ascii(text)))


)py";

}  // namespace

std::string verify_root_program() {
  return std::string(kVerifyRootProgram) + std::string(verify_folder_program());
}

}  // namespace keyrite::audit
