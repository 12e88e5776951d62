# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""The third part of a rehearsal: one of the tenants leaves, and its key is shredded. Two officers approve the list; the
token and the clouds destroy what they have; what the other tenant's services hold opens as before. When the log is
signed, a report on all keys is made of it."""
import contextlib
import glob
import os
import shlex
import shutil
import sqlite3
from typing import NamedTuple

from mismatch import Mismatch, require
from programs import Refused

REASON = "the contract ended"


class Shredded(NamedTuple):
    tenant: str
    data_keys: int = 0
    places: dict = {}   # provider: the states of its placements
    certificate: str = ""   # its page
    says: str = ""          # "complete" or "interim"
    report: str = ""        # a page about all keys of the site
    reported: dict = {}     # what it counts
    failure: str = ""


class Shred:
    """`leaves` and `stays`: tenant_keys.TenantImport. `folder`: its own, it is made."""

    def __init__(self, leaves, stays, programs, site, officers, folder):
        self._leaves, self._stays, self._folder = leaves, stays, folder
        self._programs, self._site, self._officers = programs, site, officers
        os.makedirs(folder)

    def run(self):
        try:
            before = self._selected("SELECT count(*) FROM dek WHERE wrapped IS NOT NULL")[0][0]
            done = self._shred(*self._approvals(), "--output", self._path("delete"),
                               acts=["shred", "shred-destroy", "shred-records", "shred-close"])
            require(done["state"] == "destroyed", f"the key is {done['state']}")
            require(all(one["outcome"] == "absent" for one in done["at_token"]), "a fresh process found it")
            self._delete()
            left = self._selected("SELECT count(*) FROM dek WHERE wrapped IS NOT NULL")[0][0]
            self._compare()
            return Shredded(self._leaves.tenant, before - left, self._places(), *self._certify())
        except (Refused, Mismatch) as error:
            return Shredded(self._leaves.tenant, failure=str(error))

    def _path(self, *names):
        return os.path.join(self._folder, *names)

    def _shred(self, *words, acts=()):
        return self._programs.act(self._site, "shred", "--tenant", self._leaves.tenant, "--reason", REASON, *words,
                                  acts=acts)[0]

    def _approvals(self):
        """The first run freezes the key, and waits."""
        try:
            self._shred()
        except Refused as refusal:
            require((refusal.status, refusal.code) == (7, "approval-needed"), f"shred does not wait: {refusal}")
            hint = refusal.hint
        else:
            raise Mismatch("a key was shredded without approvals")
        self._site.done.append("shred-freeze")
        shown = [line.partition("keyrite approve show ")[2] for line in hint.splitlines()
                 if "keyrite approve show " in line]
        statement = shlex.split(shown[0])[0]
        told = self._officers.read(statement, None, "shred")
        signed = [self._officers.sign(officer, statement, told, form)
                  for officer, form in ((self._officers.alice, "ssh"), (self._officers.bob, "cms"))]
        return [word for file in signed for word in ("--approval", file)]

    def _delete(self):
        """The clouds' scripts run, and what they saved comes back."""
        scripts = sorted(glob.glob(self._path("delete", "*-delete.sh")))
        require(len(scripts) == 3, f"{len(scripts)} scripts delete it at the clouds")
        for script in scripts:
            good, said = self._programs.run("sh", script)
            require(good, f"{script}: {said}")
        answers = self._path("delete.answers")
        self._shred("--answers", answers, acts=["shred-deletion"] * len(os.listdir(answers)))

    def _certify(self):
        """(its page, what it says): verified offline, by the vkey that was noted."""
        out = self._path("certificate")
        issued = self._programs.act(self._site, "shred", "certificate", "--tenant", self._leaves.tenant, "--out", out,
                                    statuses=(0, 7), acts=["shred-certificate"])[1]
        path = os.path.join(out, "certificate.json")
        _, verified = self._programs.tool("verify-certificate", path, "--vkey", self._site.vkey_file, statuses=(0, 7))
        require(issued == verified, f"the certificate was issued with {issued}, and is verified with {verified}")
        shown = os.path.join(self._folder, "..", "..", "certificate.html")
        shutil.copyfile(os.path.join(out, "certificate.html"), shown)
        return os.path.realpath(shown), "complete" if issued == 0 else "interim"

    def _compare(self):
        given = self._stays.given_out
        now = self._stays.give_out(*(word for one in given for word in ("--id", one)))
        require(now == given, "the data keys of another tenant are given out as other keys than before")
        ids = [one for one in self._leaves.given_out]
        left = self._selected(f"SELECT count(wrapped) FROM dek WHERE id IN ({','.join('?' * len(ids))})", *ids)
        require(left == [(0,)], "the registry has wrapped data keys of the key still")

    def _places(self):
        places = {}
        for provider, state in self._selected(
                "SELECT d.provider, p.state FROM placement p JOIN destination d ON d.id = p.destination_id JOIN version v "
                "ON v.key_id = p.key_id AND v.number = p.number WHERE v.state = 'destroyed' ORDER BY d.provider, p.number"):
            places.setdefault(provider, []).append(state)
        return places

    def _selected(self, statement, *values):
        with contextlib.closing(sqlite3.connect(os.path.join(self._site.folder, "registry.sqlite"))) as registry:
            return registry.execute(statement, values).fetchall()


def do_all(imports, programs, site, officers, folder):
    """Of two tenants or more: the last one leaves."""
    if len(imports) < 2:
        return []
    return [Shred(imports[-1], imports[0], programs, site, officers, folder).run()]


def with_report(shredded, programs, site, folder):
    """The same with the report on the site, of whose log every entry is signed by now. `folder`: the rehearsal's."""
    if shredded.failure:
        return shredded
    page = os.path.join(folder, "report.html")
    try:
        told, _ = programs.tool("inventory", "report", "--site", site.folder, "--vkey", site.vkey_file, "--framework",
                                "iso27001", "--out", page)
        require((told["wrong"], told["not_signed"], told["log"]["vkeys_from"]) == ([], [], "given"),
                "the report finds that registry and log do not agree")
        left, status = programs.tool("inventory", "offboard", shredded.tenant, "--site", site.folder, "--vkey",
                                     site.vkey_file, statuses=(0, 7))
        done = {item["what"]: item["state"] for item in left["items"]}
        require((status, done["shred"], left["wrong"]) == (7, "done", []), f"the checklist of the tenant says {done}")
    except (Refused, Mismatch) as error:
        return shredded._replace(failure=str(error))
    counts = {"keys": told["population"]["keys_at_end"], "states": told["population"]["states_at_end"],
              "unwraps": sum(day["unwraps"] for day in told["unwraps"]), "entries": told["log"]["size"],
              "shreds": len(told["shreds"])}
    return shredded._replace(report=page, reported=counts)
