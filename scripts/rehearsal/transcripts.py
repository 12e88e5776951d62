"""The transcripts at the end of a rehearsal: signed, verified by keyrite and by programs that know nothing of keyrite,
exported, and verified once more as an auditor does it."""
import base64
import collections
import json
import os
from typing import NamedTuple

from mismatch import Mismatch, require
from programs import Refused

HERE = os.path.dirname(os.path.realpath(__file__))
# Two more programs that verify logs of this kind: where test vectors are at hand, and nothing is said where not.
EXAMPLE = "tlog-example"
EXAMPLE_FOLDER = os.path.join(os.environ.get("KEYRITE_VECTORS") or os.path.join(HERE, "../../../shared/vectors"),
                              EXAMPLE)
AUDITORS = {"softhsm": "auditor", "nss": "auditor-nss"}
ED25519 = 1
# What stands before the 32 bytes of an Ed25519 key in DER (RFC 8410 section 4).
ED25519_DER = bytes.fromhex("302a300506032b6570032100")


class Verified(NamedTuple):
    name: str
    log: str
    checkpoint: str
    vkey_file: str
    auditor: str        # folder
    acts: int = 0
    entries: int = 0
    by: tuple = ()      # the programs that found it right
    skipped: tuple = ()
    failure: str = ""   # empty: as expected


class _Check:
    def __init__(self, programs, site, verified):
        self._programs, self._site, self._verified = programs, site, verified
        self._by, self._skipped = [], []

    def run(self):
        head = self._sign()
        self._verify_with_keyrite(head)
        acts = self._compare_with_what_was_done()
        self._export()
        self._verify_export(head)
        self._verify_with_example(head)
        self._run_verify_txt()
        return self._verified._replace(acts=acts, entries=head["signed_entries"], by=tuple(self._by),
                                       skipped=tuple(self._skipped))

    def _sign(self):
        """Acts on files alone wait for a signature: resume looks that nothing is unfinished, and signs."""
        site = self._site
        with site.token.lock:
            head, _ = self._programs.tool("resume", *site.options, environment=site.token.environment)
        require(head["settled"] == [], f"{len(head['settled'])} acts have no result")
        return head

    def _verify_with_keyrite(self, head):
        found, _ = self._programs.tool("transcript", "verify", self._site.folder, "--vkey", self._site.vkey_file)
        require((found["size"], found["root"], found["unsigned_entries"]) == (head["signed_entries"], head["root"], 0),
                "transcript verify found another log than was signed")
        self._by.append("keyrite transcript verify")

    def _compare_with_what_was_done(self):
        """The number of acts in the log. Everything that was done, and nothing else, has a result that says so."""
        with open(self._verified.log, encoding="utf-8") as file:
            entries = [json.loads(line) for line in file]
        logged = [entry["act"] for entry in entries if entry["event"] == "result" and entry["outcome"] == "done"]
        require(collections.Counter(logged) == collections.Counter(self._site.done),
                f"{len(self._site.done)} acts were done, {len(logged)} are in the log as done")
        return sum(entry["event"] == "intent" for entry in entries)

    def _export(self):
        self._programs.tool("transcript", "export", self._site.folder, "--vkey", self._site.vkey_file, "--out",
                            self._verified.auditor)

    def _must(self, name, *command):
        good, said = self._programs.run(*command, cwd=self._verified.auditor)
        require(good, f"{name}: {said}")
        self._by.append(name)
        return said

    def _verify_export(self, head):
        """With the vkey that was noted, not with the folder's."""
        log, checkpoint = self._verified.log, self._verified.checkpoint
        said = self._must("verify-root.py (python3 alone)", "python3", "-I", "verify-root.py", log, checkpoint)
        require(head["root"] in said, f"verify-root.py found another root: {said}")
        self._must("verify-signature.sh (openssl alone)", "sh", "verify-signature.sh", checkpoint, self._site.vkey_file)

    def _verify_with_example(self, head):
        if not os.path.isdir(EXAMPLE_FOLDER):
            return
        log, checkpoint = self._verified.log, self._verified.checkpoint
        said = self._must(f"{EXAMPLE}/verify-root.py", "python3", os.path.join(EXAMPLE_FOLDER, "verify-root.py"), log,
                          checkpoint)
        require(f"at size {head['signed_entries']} | trailing unsigned entries: 0" in said, said)
        with open(self._site.vkey_file, encoding="utf-8") as file:
            origin, _, coded = file.read().strip().split("+", 2)
        key = base64.b64decode(coded)
        if key[0] != ED25519:
            self._skipped.append(f"{EXAMPLE}/verify-signature.sh did NOT look at this log: it knows Ed25519 alone, and "
                                 f"{self._site.name} signs by another kind of key")
            return
        der = self._site.vkey_file + ".der"
        with open(der, "wb") as file:
            file.write(ED25519_DER + key[1:])
        self._must(f"{EXAMPLE}/verify-signature.sh", "sh", os.path.join(EXAMPLE_FOLDER, "verify-signature.sh"),
                   checkpoint, origin, der)

    def _run_verify_txt(self):
        with open(os.path.join(self._verified.auditor, "VERIFY.txt"), encoding="utf-8") as file:
            lines = [line[4:] for line in file if line.startswith("    ")]
        count = sum(not line.endswith("\\\n") for line in lines)
        require(count >= 3, "VERIFY.txt has hardly a command")
        self._must(f"the {count} commands of VERIFY.txt", "sh", "-ec", "".join(lines))


def verify(programs, name, site, folder):
    """Never throws: what is wrong stands in `failure`."""
    place = os.path.join(site.folder, "transcript")
    verified = Verified(site.name, os.path.join(place, "log.jsonl"), os.path.join(place, "checkpoint"), site.vkey_file,
                        os.path.join(folder, AUDITORS[name]))
    try:
        return _Check(programs, site, verified).run()
    except (Refused, Mismatch, OSError, ValueError, KeyError) as error:
        return verified._replace(failure=f"{type(error).__name__}: {error}")
