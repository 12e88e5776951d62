#!/usr/bin/python3
"""The rehearsal says what is so: some rows go through, their sites' logs hold what was done and no names, and a tool
that wraps another key than asked, or a log that was changed, does not pass.

usage: rehearsal_test.py BUILD_FOLDER
"""
import base64
import collections
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

RUN = os.path.join(os.path.dirname(os.path.realpath(__file__)), "../../scripts/rehearsal/run.py")
BUILD = ""
# Stands where wrap-for-import should: makes one more key of the same type and wraps that one.
SWAPPING = '''#!/usr/bin/python3
import os, re, subprocess, sys
words, tools = sys.argv[1:], {tools!r}
at = words.index("--label") + 1
label, words[at] = words[at], words[at] + "-other"
site = ["--site", words[words.index("--site") + 1]]
trusted = ["--wrap-with-trusted"] if "trusted" in label else []
subprocess.run([tools + "/generate-kek", "--type", re.search("(aes|generic|ec)-.*", label)[0], "--label", words[at],
                "--for", "aws", *site, *trusted], check=True, capture_output=True)
os.execv(tools + "/wrap-for-import", ["wrap-for-import", *words])
'''
# Stands where transcript should: changes a letter of the log before it is verified.
CHANGING = '''#!/usr/bin/python3
import os, sys
if sys.argv[1] == "verify":
    log = sys.argv[2] + "/transcript/log.jsonl"
    with open(log, encoding="utf-8") as file:
        text = file.read()
    with open(log, "w", encoding="utf-8") as file:
        file.write(text.replace("CKK_AES", "CKK_DES"))
os.execv({tools!r} + "/transcript", ["transcript", *sys.argv[1:]])
'''
ROWS = ("aws-aes-256-symmetric-default-rsaes-oaep-sha-256", "azure-ec-p256",
        "google-aes-256-google-symmetric-encryption-rsa-oaep-4096")
# What names a key, a cloud's key or a file: it may stand in no log. A field's own name may, before a pseudonym.
# `rehearsal` alone is the token's own name.
NAMES = re.compile(r"rehearsal-(?!softhsm|nss)|arn:|vault(?!\":\"[0-9a-f]{32}\")|managedhsm|projects/|cryptoKeys|"
                   r"import-?job|bundle/|/tmp|params|\.json|\.pem")


def digest(data):
    return hashlib.sha256(data).digest()


def root_of(entries):
    """RFC 6962 section 2.1, by its own recursive words."""
    if not entries:
        return digest(b"")
    if len(entries) == 1:
        return digest(b"\0" + entries[0])
    half = 1
    while half * 2 < len(entries):
        half *= 2
    return digest(b"\1" + root_of(entries[:half]) + root_of(entries[half:]))


def read(*names):
    with open(os.path.join(*names), "rb") as file:
        return file.read()


class Rehearsal(unittest.TestCase):
    def rehearse(self, build, scratch, *rows):
        folder = os.path.join(scratch, "rehearsal")
        keys = os.environ.get("REHEARSAL_WRAPPING_KEYS")
        if keys:
            os.makedirs(keys, mode=0o700, exist_ok=True)
            os.makedirs(folder)
            os.symlink(keys, os.path.join(folder, "wrapping-keys"))
        result = subprocess.run(["/usr/bin/python3", RUN, build, folder, *rows], capture_output=True, text=True,
                                check=False)
        return result, json.loads(read(folder, "result.json"))

    def standing_in(self, scratch, name, program):
        """A folder of tools of which one is replaced by `program`."""
        tools = os.path.join(BUILD, "libexec/keyrite")
        build = os.path.join(scratch, "build")
        os.mkdir(build)
        for tool in os.listdir(tools):
            if tool != name:
                os.symlink(os.path.join(tools, tool), os.path.join(build, tool))
        with open(os.path.join(build, name), "w", encoding="utf-8") as file:
            file.write(program.format(tools=tools))
        os.chmod(file.name, 0o755)
        return build

    def test_rows_of_each_cloud_are_proven_or_said_not_to_be_and_the_logs_say_what_was_done(self):
        with tempfile.TemporaryDirectory() as scratch:
            result, found = self.rehearse(BUILD, scratch, *ROWS)
            self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
            rows = found["imports"]
            self.assertEqual([row["verdict"] for row in rows],
                             ["proven", "proven", "consistent but not proven", "consistent but not proven"])
            self.assertEqual({row["custody"] for row in rows}, {"hsm"})
            self.assertLessEqual(max(map(len, result.stdout.splitlines())), 80)
            self.assertEqual([(one["verdict"], [form for _, form in one["by"]]) for one in found["approved"]],
                             [("proven", ["ssh", "ssh"]), ("proven", ["ssh", "cms"])])
            folder = os.path.join(scratch, "rehearsal")
            softhsm = self.look_at_log(folder, "site", "auditor", "noted/softhsm.vkey")
            nss = self.look_at_log(folder, "site-nss", "auditor-nss", "noted/nss.vkey")
            self.look_at_approvals(os.path.join(folder, "site"), softhsm)
            report = read(folder, "report.html").decode()
            told = [(entry, self.facts_of(folder, "site", entry)) for entry in softhsm]
        self.assertEqual([(one["places"], one["data_keys"], one["failure"]) for one in found["tenants"]],
                         [({"aws": "proven", "azure": "proven", "google": "accepted"}, 40, "")] * 2)
        self.assertEqual([(one["places"], one["moved"], one["failure"]) for one in found["rotations"]],
                         [({"aws": "proven", "azure": "serving", "google": "accepted"}, 40, "")] * 2)
        # Four imports, one of them twice (AWS's proof), and two under approvals, each bundle verified and judged; and
        # for each of two tenants three imports, one of them twice. In their rotations Azure has two, and what AWS and
        # Google answered is judged again at the end.
        self.assertEqual(self.done(softhsm) + self.done(nss),
                         {"generate-kek": 4 + 2 + 2 + 2, "wrap-for-import": 4 + 2 + 6 + 8,
                          "verify-import": 2 * (5 + 2) + 8 + 14, "tenant-add": 2, "key-add": 2, "destination-add": 6,
                          "inventory-accept": 2 + 4, "key-activate": 2, "rotate": 2, "dek-issue": 2, "dek-rewrap": 2,
                          "dek-unwrap": 2 + 2 + 1, "shred-freeze": 1, "shred": 1, "shred-destroy": 1,
                          "shred-records": 1, "shred-close": 1, "shred-deletion": 2 * 3, "shred-certificate": 1})
        self.assertEqual([(one["data_keys"], sorted(one["places"]), one["says"], one["failure"])
                          for one in found["shreds"]], [(40, ["aws", "azure", "google"], "interim", "")])
        self.look_at_report(found["shreds"][0]["reported"], told, report)

    def look_at_report(self, reported, entries, page):
        """What the report counts is what this test counts in the log; and the page stands alone."""
        keys, states, unwraps = set(), {}, 0
        for entry, facts in entries:
            if entry["event"] != "part" and entry.get("outcome") != "done":
                continue
            for change in facts.get("changes", []):
                if "type" in change:
                    keys.add(change["key"])
                if "version" in change:
                    states[change["version"]["key"], change["version"]["number"]] = change["version"]["state"]
            if entry["act"] == "dek-unwrap" and entry["event"] == "part":
                unwraps += facts["opened"]
        self.assertEqual(reported, {"keys": len(keys), "states": dict(collections.Counter(states.values())),
                                    "unwraps": unwraps, "entries": len(entries), "shreds": 2})
        for word in ("<script", "http:", "https:", "src=", "href="):
            self.assertNotIn(word, page)
        self.assertIn("<html lang=\"en\">", page)

    @staticmethod
    def facts_of(folder, site, entry):
        facts = entry.get("facts", {})
        side = facts.get("evidence_sha256")
        return json.loads(read(folder, site, "transcript/evidence", side)) if side else facts

    @staticmethod
    def done(entries):
        return collections.Counter(entry["act"] for entry in entries
                                   if entry["event"] == "result" and entry["outcome"] == "done")

    def look_at_log(self, folder, site, auditor, vkey):
        """The entries of a log whose root, names and pairs are right."""
        log, checkpoint = read(folder, site, "transcript/log.jsonl"), read(folder, site, "transcript/checkpoint")
        self.assertTrue(log.endswith(b"\n"))
        lines = log[:-1].split(b"\n")
        origin, size, root = checkpoint.split(b"\n\n")[0].decode().split("\n")
        self.assertEqual((int(size), root), (len(lines), base64.b64encode(root_of(lines)).decode()))
        self.assertTrue(read(folder, vkey).decode().startswith(origin + "+"))
        self.assertEqual((read(folder, auditor, "log.jsonl"), read(folder, auditor, "checkpoint")), (log, checkpoint))
        for line in lines:
            self.assertIsNone(NAMES.search(line.decode()), line)
        entries = [json.loads(line) for line in lines]
        runs = {event: [entry["run"] for entry in entries if entry["event"] == event] for event in ("intent", "result")}
        self.assertEqual(len(set(runs["intent"])), len(runs["intent"]))
        self.assertEqual(sorted(runs["intent"]), sorted(runs["result"]))
        for at, entry in enumerate(entries):
            if entry["event"] == "result":
                self.assertIn((entry["run"], entry["act"]), [(before["run"], before["act"]) for before in entries[:at]
                                                             if before["event"] == "intent"])
        return entries

    def look_at_approvals(self, site, entries):
        """What was acted under was asked for before, and is kept as ssh-keygen and openssl take it."""
        asked = [entry["statement"] for entry in entries if entry["event"] == "approval-requested"]
        acted = [entry["approval"] for entry in entries if entry["event"] == "intent" and "approval" in entry]
        # A shred is approved while imports are.
        self.assertEqual(sorted(approval["statement_sha256"] for approval in acted), sorted(asked))
        self.assertEqual([entry["error"]["code"] for entry in entries if entry["event"] == "refused"],
                         ["approval-incomplete"] * 2)
        kept = []
        for approval in acted:
            self.assertEqual([one["identity"] for one in approval["by"]],
                             ["alice@rehearsal.example", "bob@rehearsal.example"])
            folder = os.path.join(site, "approvals", approval["statement_sha256"])
            self.assertEqual(digest(read(folder, "statement.json")).hex(), approval["statement_sha256"])
            for name in sorted(os.listdir(folder)):
                if name.endswith((".sshsig", ".p7s")):
                    self.verify_approval(os.path.dirname(site), folder, name)
                    kept.append(name)
        self.assertEqual(sorted(kept), ["alice@rehearsal.example.sshsig"] * 3 + ["bob@rehearsal.example.p7s"] * 2 +
                         ["bob@rehearsal.example.sshsig"])

    def verify_approval(self, rehearsal, folder, name):
        statement, signature = os.path.join(folder, "statement.json"), os.path.join(folder, name)
        person, officers = name.split("@")[0], os.path.join(rehearsal, "officers")
        if name.endswith(".p7s"):
            command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", signature, "-content",
                       statement, "-CAfile", os.path.join(officers, "ca.pem"), "-purpose", "any", "-out", "/dev/null"]
        else:
            allowed = os.path.join(officers, f"{person}.allowed")
            with open(allowed, "w", encoding="utf-8") as file:
                file.write(person + " " + read(officers, f"{person}.pub").decode())
            command = ["ssh-keygen", "-Y", "verify", "-f", allowed, "-I", person, "-n", "keyrite-approval@keyrite",
                       "-s", signature]
        done = subprocess.run(command, input=read(statement), capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_part_that_no_row_has_is_an_error_and_wipes_nothing(self):
        with tempfile.TemporaryDirectory() as scratch:
            kept = os.path.join(scratch, "result.json")
            with open(kept, "w", encoding="utf-8") as file:
                file.write("[]")
            result = subprocess.run(["/usr/bin/python3", RUN, BUILD, scratch, "nosuch"], capture_output=True,
                                    text=True, check=False)
            self.assertEqual(result.returncode, 1)
            self.assertIn("no import has nosuch in its name", result.stderr)
            self.assertTrue(os.path.exists(kept))

    def test_a_bundle_with_another_key_fails_the_rehearsal(self):
        with tempfile.TemporaryDirectory() as scratch:
            build = self.standing_in(scratch, "wrap-for-import", SWAPPING)
            result, found = self.rehearse(build, scratch, "aws-aes-256-symmetric-default-rsaes-oaep-sha-256",
                                          "aws-ec-p256-ecc-nist-p256-rsaes-oaep-sha-256")
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        for row in found["imports"]:
            self.assertRegex(row["failure"], "another (private )?key than the token")
        for row in found["approved"]:  # the officers find it first
            self.assertRegex(row["failure"], "the statement asks for .*-other")
        for one in found["transcripts"]:  # and so do the logs: of keys that nobody ordered
            self.assertRegex(one["failure"], "acts were done, .* are in the log as done")

    def test_a_log_that_was_changed_fails_the_rehearsal(self):
        with tempfile.TemporaryDirectory() as scratch:
            build = self.standing_in(scratch, "transcript", CHANGING)
            result, found = self.rehearse(build, scratch, ROWS[0])
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertEqual([row["failure"] for row in found["imports"] + found["approved"]], ["", "", ""])
        failures = {one["name"]: one["failure"] for one in found["transcripts"]}
        self.assertRegex(failures["NSS"], "entry [0-9]+ ")
        self.assertIn("transcript of NSS: ", result.stdout)


if __name__ == "__main__":
    BUILD = os.path.realpath(sys.argv.pop(1))
    sys.exit(unittest.main())
