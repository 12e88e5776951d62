"""Imports that need approvals: the cloud's wrapping key is put into the token as trusted, for a target that is wrapped
under trusted keys alone. Two officers must approve that."""
import os
import shlex
from typing import NamedTuple

import matrix
from mismatch import require
from one_import import Import, Outcome
from programs import Refused

OPERATION = "wrap-for-import with trust-wrapping-key"
# The one token here whose security officer can trust a key.
SITE = "softhsm"
# Which imports, directly under the trusted key, since no token here trusts an ephemeral one; and how the second officer
# signs. The first one signs with an SSH key.
IMPORTS = [("aws-generic-secret-32-bytes-hmac-256-rsaes-oaep-sha-1", "ssh"),
           ("aws-generic-secret-48-bytes-hmac-384-rsaes-oaep-sha-1", "cms")]


class Approved(NamedTuple):
    outcome: Outcome
    by: tuple  # (identity, "ssh" or "cms")


def rows():
    """(row, form of the second signature)"""
    by_name = {row.name: row for row in matrix.rows()}
    return [(by_name[name], form) for name, form in IMPORTS]


def trusted_label(key_type):
    return f"rehearsal-trusted-{key_type}"


class ApprovedImport(Import):
    """Waits for approvals (exit 7), brings too few of them (7 again), then both."""

    def __init__(self, row, programs, sites, keys, folder, officers, second_form):
        super().__init__(row, programs, sites, keys, folder)
        self._officers, self._signers = officers, ((officers.alice, "ssh"), (officers.bob, second_form))

    @property
    def by(self):
        return tuple((officer.identity, form) for officer, form in self._signers)

    def _wrap(self, options, second):
        label = self._keys[SITE][self._row.key_type]["label"]
        allowed = ["--allow-unverified"] if self._row.unverified else []
        words = [*options, *second, *allowed, "--trust-wrapping-key", "--label", label, "--out", self._path("bundle")]
        statement = self._statement(words)
        shown = self._officers.read(statement, label, OPERATION)
        approvals = [self._officers.sign(officer, statement, shown, form) for officer, form in self._signers]
        self._waits(words + ["--approval", approvals[0]], "approval-incomplete")
        brought = [word for file in approvals for word in ("--approval", file)]
        result, _ = self._programs.act(self._sites[SITE], "wrap-for-import", *words, *brought)
        return SITE, result, []

    def _statement(self, words):
        """Where the statement is that the act waits for, as its hint tells the operator."""
        lines = self._waits(words, "approval-needed").splitlines()
        told = [line.partition("keyrite approve show ")[2] for line in lines if "keyrite approve show " in line]
        require(len(told) == 1, "the hint does not tell which statement is to be approved")
        return shlex.split(told[0])[0]

    def _waits(self, words, code):
        try:
            self._programs.act(self._sites[SITE], "wrap-for-import", *words)
        except Refused as refusal:
            require((refusal.status, refusal.code) == (7, code),
                    f"{code} with exit status 7 is right, not {refusal.code} with {refusal.status}: {refusal}")
            require(not os.path.exists(self._path("bundle")), "a bundle was made before the approvals were there")
            return refusal.hint
        require(False, f"wrapped without approvals, where {code} is right")
        return ""


def do_all(programs, sites, trusted_keys, officers, folder):
    done = []
    for row, form in rows():
        this = ApprovedImport(row, programs, sites, {SITE: trusted_keys}, os.path.join(folder, f"approved-{row.name}"),
                              officers, form)
        done.append(Approved(this.run(), this.by))
    return done
