# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""A room whose key is rotated at a cloud: the stand-in of Azure, with what it remembers in the room's own folder. The
programs of keyrite load the module of the tests, which hands on each call and can end the process at one."""
import contextlib
import fcntl
import glob
import json
import os
import re
import sqlite3
import subprocess

import audited_log
import room
from audited_log import require

CLOUD_CLIENTS = os.path.join(room.HERE, "../../scripts/rehearsal/cloud")
DATA_KEYS = 3
STORE = "https://acme.managedhsm.azure.net/keys/payments"


class RotationRoom(room.Room):
    """A phase is one command of a rotation; what a person does between them is with the later one."""
    PHASES = ("ask", "make", "prove")
    faulty_module = ""

    def __init__(self, folder, shared, tools, module):
        super().__init__(folder, shared, tools, module)
        self.environment.update({
            "PATH": CLOUD_CLIENTS + os.pathsep + os.environ["PATH"],
            "REHEARSAL_CLOUD": os.path.join(folder, "cloud"),
            "REHEARSAL_WRAPPING_KEYS": os.environ.get("REHEARSAL_WRAPPING_KEYS") or os.path.join(shared, "wrapping-keys"),
            "KEYRITE_TEST_REAL_MODULE": module})

    def copy(self, folder):
        plain = super().copy(folder)
        return RotationRoom(plain.folder, self._shared, self._tools, self._module)

    def init_site(self):
        return [self.faulty_module if word == self._module else word for word in super().init_site()]

    def add_destination(self):
        return [self._tool("destination"), "add", STORE, "--provider", "azure", "--region", "westeurope", "--ops", "wrapKey",
                "--ops", "unwrapKey", "--tenant", "Acme", "--key", "payments", "--site", self.site]

    def path(self, name):
        return os.path.join(self.folder, name)

    # The phases.

    def ask(self):
        return [*self.rotate(), "--force", "--output", self.path("asks")]

    def make(self):
        return [*self.rotate(), "--parameters", self.path("asks"), "--output", self.path("bundles"), "--expect-wrapping-key",
                self.fetched()]

    def prove(self):
        self.imported()
        return [*self.rotate(), "--answers", self.path("bundles")]

    def fetched(self):
        """fetch.sh, which is run again where it was; the fingerprint that it shows."""
        script, = glob.glob(self.path("asks/ask-*[0-9]/fetch.sh"))
        said = self.run(["sh", script])
        return re.search(r"fetch\.sh: ([0-9a-f]{64})\b", said)[1]

    def imported(self):
        """import.sh of the one bundle that may be imported."""
        script, = glob.glob(self.path("bundles/*-v[0-9]/import.sh"))
        if not os.path.isdir(os.path.dirname(script) + ".answers"):
            self.run(["sh", script])

    def complete(self, first):
        """The phases from this one to the last, as a person runs them again; what the last one says."""
        for phase in self.PHASES[self.PHASES.index(first):]:
            said = self.run(self.command((phase,)))
        return said

    # What is there.

    def selected(self, statement):
        with contextlib.closing(sqlite3.connect(os.path.join(self.site, "registry.sqlite"))) as registry:
            return registry.execute(statement).fetchall()

    def given_out(self):
        """What the data keys are, by their ids."""
        out, ids = self.path("given-out"), [one for one, in self.selected("SELECT id FROM dek ORDER BY id")]
        self.run([self._tool("dek"), "unwrap", "--tenant", "Acme", "--reason", "a test", "--site", self.site, "--out", out,
                  *(word for one in ids for word in ("--id", one))])
        text = audited_log.read(out)
        os.unlink(out)
        return text

    def require_rotated_once(self, data_keys):
        """Version 2 is active, alone at the cloud, and opens each data key; nothing was done twice."""
        versions = self.selected("SELECT number, state FROM version ORDER BY number")
        require(versions == [(1, "deactivated"), (2, "active")], f"the key's versions are {versions}")
        under = self.selected("SELECT number, count(*) FROM dek GROUP BY number")
        require(under == [(2, DATA_KEYS)], f"data keys are under {under}")
        places = self.selected("SELECT number, state FROM placement ORDER BY number")
        require(places == [(1, "proven"), (2, "proven")], f"the versions are at the cloud as {places}")
        live = glob.glob(self.path("bundles/*-v[0-9]"))
        require(len(live) == 1, f"bundles that may be imported: {live}")
        at_cloud = [len(json.loads(audited_log.read(name))["versions"]) for name in
                    glob.glob(os.path.join(self.environment["REHEARSAL_CLOUD"], "azure/*/*.json"))
                    if "keyrite-check-" in os.path.basename(name)]
        require(at_cloud == [1], f"the cloud has so many versions of the key to be checked: {at_cloud}")
        require(self.given_out() == data_keys, "a data key is another one afterwards")

    def require_log(self, vkey, first):
        """`first`: its lines before. Nothing of it is lost, open, unsigned or unvouched, and no key of the token untold."""
        lines = self.lines()
        require(lines[:len(first)] == first, "an entry was lost or changed")
        require(audited_log.open_intents(lines) == [], "an act has no result")
        audited_log.require_vouched(lines, vkey)
        self.run(self.verify(vkey))
        known = audited_log.key_ids(lines)
        untold = [held for held in self.objects() if held["id"] not in known and held["id"] != ""]
        require(untold == [], f"nobody tells of {untold}")
        require(self.leftovers()[0] == [], f"temporary files remain in the site: {self.leftovers()[0]}")
        # Who was killed between its last entry and its end leaves an empty file, which holds nobody up.
        for name in os.listdir(os.path.join(self.site, "under-way")):
            with open(os.path.join(self.site, "under-way", name), "rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def new_rotation_room(folder, tools, faulty_module):
    """Version 1 serves at the cloud, and data keys are under it."""
    RotationRoom.faulty_module = faulty_module
    plain = room.new_room(folder, tools)
    made = RotationRoom(plain.folder, plain._shared, tools, plain._module)
    for command in (made.init_site(), made.add_tenant(), made.add_key(), made.add_destination()):
        made.run(command)
    made.complete("ask")
    made.run(made.dek_issue())
    for name in ("asks", "bundles"):
        os.rename(made.path(name), made.path(f"first-{name}"))
    return made


def exit_of(command, environment):
    return subprocess.run(command, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
