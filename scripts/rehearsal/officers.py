"""The security officers of a rehearsal: they read the statement, and sign it by the commands that keyrite prints. Both
have an SSH key, and one a certificate too."""
import hashlib
import os
import shlex
import shutil
from typing import NamedTuple

from mismatch import require

ROLE = "security-officer"
OPERATOR = "operator@rehearsal.example"


class Officer(NamedTuple):
    identity: str
    key: str                # file of the SSH key
    certificate: str        # file, or ""
    certificate_key: str


class Officers:
    """`folder`: theirs, with the roster; it is made."""

    def __init__(self, programs, folder):
        self._programs, self._folder = programs, folder
        os.makedirs(folder, mode=0o700)
        self._certify("ca", "-x509", "-days", "30", "-out", self._path("ca.pem"))
        self.alice = self._officer("alice", certified=False)
        self.bob = self._officer("bob", certified=True)
        self.roster = self._write_roster()

    def _path(self, name):
        return os.path.join(self._folder, name)

    def _must(self, *command):
        good, said = self._programs.run(*command, cwd=self._folder)
        require(good, f"{command[0]}: {said}")

    def _certify(self, name, *options):
        self._must("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
                   f"/CN={name} of the rehearsal", "-keyout", self._path(f"{name}.key"), *options)

    def _officer(self, name, certified):
        identity, key = f"{name}@rehearsal.example", self._path(name)
        self._must("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", identity, "-f", key)
        if not certified:
            return Officer(identity, key, "", "")
        self._certify(name, "-out", self._path(f"{name}.csr"))
        self._must("openssl", "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial",
                   "1", "-days", "30", "-out", f"{name}.pem")
        return Officer(identity, key, self._path(f"{name}.pem"), self._path(f"{name}.key"))

    def _write_roster(self):
        lines = ["[[ca]]", f"certificate = '''\n{_text(self._path('ca.pem'))}'''"]
        for officer in (self.alice, self.bob):
            lines += ["[[approver]]", f'identity = "{officer.identity}"', f'roles = ["{ROLE}"]',
                      f'keys = ["{_text(officer.key + ".pub").strip()}"]']
            if officer.certificate:
                lines.append(f"certificates = ['''\n{_text(officer.certificate)}''']")
        lines += ["[[operator]]", f'identity = "{OPERATOR}"']
        path = self._path("roster.toml")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        return path

    def read(self, statement, label, operation):
        """What `keyrite approve show` tells of a statement; what it asks for must be what was asked for."""
        shown, _ = self._programs.tool("approve", "show", statement)
        with open(statement, "rb") as file:
            content = file.read()
        require(shown["sha256"] == hashlib.sha256(content).hexdigest(), "approve show tells another SHA-256")
        asked = shown["statement"]
        key = shown["names"].get(asked["kek_ref"])
        require((key, asked["operation"]) == (label, operation),
                f"the statement asks for {asked['operation']} of {key}")
        return shown

    def sign(self, officer, statement, shown, form):
        """The approval of one officer, "ssh" or "cms": signed by the command that was shown, then carried away."""
        key, ending = {"ssh": (officer.key, ".sig"), "cms": (officer.certificate_key, ".p7s")}[form]
        files = {"KEY": key, "CERTIFICATE": officer.certificate}
        words = shlex.split(shown["commands"][form].replace("\\\n", " "))
        self._must(*(files.get(word, word) for word in words))
        mine = self._path(f"{shown['sha256'][:16]}-{os.path.basename(officer.key)}.{form}")
        shutil.move(statement + ending, mine)
        return mine


def _text(path):
    with open(path, encoding="utf-8") as file:
        return file.read()
