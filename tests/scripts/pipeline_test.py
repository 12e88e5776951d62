#!/usr/bin/python3
# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""A whole ceremony in a pipeline: no terminal, nobody who reads, driven by exit codes and JSON alone. Officers approve by files,
the clouds are stand-ins. Each document is held to its published schema (docs/formats/schemas), and only what is there is used.

usage: pipeline_test.py FOLDER_OF_KEYRITE
"""
import base64
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import jsonschema

ROOT = Path(__file__).resolve().parent.parent.parent
REHEARSAL = ROOT / "scripts/rehearsal"
SCHEMAS = ROOT / "docs/formats/schemas"
sys.dont_write_bytecode = True
sys.path.insert(0, str(REHEARSAL))
import tokens  # noqa: E402  (scripts/rehearsal has to be on the path first)

KEYRITE = ""
DONE, VERIFICATION, WAITING = 0, 6, 7


class Pipeline:
    """A folder, a token, two officers, and the programs on the PATH."""

    def __init__(self, scratch):
        self.scratch = Path(scratch)
        for name in ("work", "token", "cloud", "state", "officers"):
            (self.scratch / name).mkdir(mode=0o700)
        self.work = self.scratch / "work"
        self.token = tokens.nss(str(self.scratch / "token"))
        keys = os.environ.get("REHEARSAL_WRAPPING_KEYS")
        self.environment = {
            "PATH": os.pathsep.join([KEYRITE, str(REHEARSAL / "cloud"), "/usr/bin", "/bin"]), "HOME": scratch,
            "LC_ALL": "C.UTF-8", "REHEARSAL_CLOUD": str(self.scratch / "cloud"),
            "STATE_DIRECTORY": str(self.scratch / "state"), **self.token.environment,
            **({"REHEARSAL_WRAPPING_KEYS": keys} if keys else {})}

    def run(self, *words):
        # A session of its own has no terminal, wherever the test runs.
        return subprocess.run(words, cwd=self.work, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, check=False, start_new_session=True)

    def must(self, *words):
        done = self.run(*words)
        if done.returncode != 0:
            raise AssertionError(f"{words[0]}: {done.returncode}: {done.stderr}")
        return done.stdout

    def keyrite(self, code, schema, *words):
        """The document of a command, which must end with this code."""
        done = self.run("keyrite", *words, "--json=compact", "--quiet")
        if done.returncode != code:
            raise AssertionError(f"keyrite {' '.join(words)}: {done.returncode}: {done.stderr}")
        if done.stdout.count("\n") != 1:
            raise AssertionError(f"not one line: {done.stdout!r}")
        document = json.loads(done.stdout)
        jsonschema.validate(document, json.loads((SCHEMAS / f"{schema}.schema.json").read_text(encoding="utf-8")))
        return document

    def result(self, schema, *words, code=DONE):
        return self.keyrite(code, schema, *words)["result"]

    def officer(self, name):
        key = str(self.scratch / "officers" / name)
        self.must("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", key)
        return key

    def sign(self, key, statement, name):
        """Carried to the officer, signed there, and the signature carried back."""
        carried = self.scratch / "officers" / f"{name}.json"
        carried.write_bytes(Path(statement).read_bytes())
        self.must("ssh-keygen", "-q", "-Y", "sign", "-n", "keyrite-approval@keyrite", "-f", key, str(carried))
        signature = self.work / f"{name}.sshsig"
        Path(f"{carried}.sig").rename(signature)
        return str(signature)


class Ceremony(unittest.TestCase):
    def setUp(self):
        opened = tempfile.TemporaryDirectory(prefix="pipeline-")
        self.addCleanup(opened.cleanup)
        self.at = Pipeline(opened.name)
        self.officers = {name: self.at.officer(name) for name in ("alice", "bob")}

    def make_site(self):
        roster = self.at.work / "roster.toml"
        lines = []
        for name, key in self.officers.items():
            lines += ["[[approver]]", f'identity = "{name}"', 'roles = ["security-officer"]',
                      f'keys = ["{Path(key + ".pub").read_text(encoding="utf-8").strip()}"]']
        roster.write_text("\n".join([*lines, "[[operator]]", 'identity = "pipeline"', ""]), encoding="utf-8")
        roster.chmod(0o600)
        site = self.at.result("init-site", "init-site", "site", "--origin", "keyrite.example/pipeline", "--roster",
                              "roster.toml", *self.at.token.options, "--site-pin-file", self.at.token.pin_file)
        (self.at.work / "vkey").write_text(site["vkey"] + "\n", encoding="utf-8")
        # What this site wants approvals for.
        with open(self.at.work / "site/site.toml", "a", encoding="utf-8") as policy:
            policy.write("\n[approvals.needed.wrap-for-import]\nsecurity-officer = 2\n")
        self.at.environment.update({"KEYRITE_SITE": str(self.at.work / "site")})

    def approved(self, schema, *words):
        """Runs a command until it has the approvals that it asks for; its result."""
        error = self.at.keyrite(WAITING, schema, *words)["error"]
        self.assertEqual(error["code"], "approval-needed")
        self.assertEqual(error["needed"], {"security-officer": 2})
        self.assertEqual(hashlib.sha256(Path(error["statement"]).read_bytes()).hexdigest(), error["statement_sha256"])
        signatures = []
        for name in error["needed"] and ("alice", "bob"):
            shown = self.at.result("approve-show", "approve", "show", error["statement"])
            self.assertEqual((shown["state"], shown["sha256"]), ("holds", error["statement_sha256"]))
            signatures.append(self.at.sign(self.officers[name], error["statement"], name))
            short = len(signatures) < 2
            counted = self.at.result("approve-count", "approve", "count", error["statement"], "--roster", "roster.toml",
                                     "--approval", *signatures, code=WAITING if short else DONE)
            self.assertEqual(counted["satisfied"], not short)
            if short:
                again = self.at.keyrite(WAITING, schema, *words, "--approval", *signatures)["error"]
                self.assertEqual((again["code"], again["statement"]), ("approval-incomplete", error["statement"]))
        return self.at.result(schema, *words, "--approval", *signatures)

    def import_key(self):
        """An HMAC key: AWS answers what only that key can answer."""
        operator = ("--operator", "pipeline")
        self.at.result("generate-kek", "generate-kek", "--type", "generic-secret-32-bytes", "--label", "mac", "--for", "aws",
                       *operator)
        made = json.loads(self.at.must("aws", "kms", "create-key", "--origin", "EXTERNAL", "--key-spec", "HMAC_256", "--key-usage",
                                       "GENERATE_VERIFY_MAC", "--output", "json"))
        arn = made["KeyMetadata"]["Arn"]
        parameters = self.at.must("aws", "kms", "get-parameters-for-import", "--key-id", arn, "--wrapping-algorithm",
                                  "RSAES_OAEP_SHA_256", "--wrapping-key-spec", "RSA_4096", "--output", "json")
        (self.at.work / "params.json").write_text(parameters, encoding="utf-8")
        fingerprint = hashlib.sha256(base64.b64decode(json.loads(parameters)["PublicKey"])).hexdigest()
        wrapped = self.approved(
            "wrap-for-import", "wrap-for-import", "aws", "--label", "mac", "--parameters", "params.json", "--wrapping-algorithm",
            "RSAES_OAEP_SHA_256", "--key-id", arn, "--key-spec", "HMAC_256", "--expect-wrapping-key", fingerprint, "--out",
            "mac.aws", *operator)
        bundle = wrapped["bundles"][0]
        self.assertEqual(bundle["custody"], "hsm")
        return bundle

    def test_a_key_goes_to_the_cloud_and_is_proven_with_nobody_at_a_terminal(self):
        self.make_site()
        bundle = self.import_key()
        checked = self.at.result("verify-import-bundle", "verify-import", "bundle", "mac.aws")
        # Nothing was imported: there is no answer, and a second import would not be proven by an old one.
        manifest = hashlib.sha256((self.at.work / "mac.aws/manifest.json").read_bytes()).hexdigest()
        self.assertEqual(checked["manifest_sha256"], manifest)
        self.assertEqual(bundle["manifest_sha256"], manifest)
        self.at.must("sh", "mac.aws/import.sh")
        judged = self.at.result("verify-import-answers", "verify-import", "answers", "mac.aws", "--evidence", "mac.aws.answers",
                                "--expect-manifest", manifest, "--require", "cryptographic")
        self.assertEqual((judged["verdict"], judged["basis"]), ("proven", "cryptographic"))
        self.check_another_key()
        self.rotate()
        self.check_files()
        self.assertEqual(self.at.result("ceremony-list", "ceremony", "list"), {"ceremonies": []})
        self.assertEqual(self.at.result("campaign-list", "campaign", "list"), {"campaigns": []})
        self.check_log()

    def check_another_key(self):
        """Answers of another key end with another code."""
        answer = self.at.work / "mac.aws.answers/answer-hmac-sha256.json"
        self.assertTrue(answer.exists(), sorted(os.listdir(self.at.work / "mac.aws.answers")))
        changed = json.loads(answer.read_text(encoding="utf-8"))
        changed["Mac"] = base64.b64encode(bytes(32)).decode()
        other = self.at.work / "other.json"
        other.write_text(json.dumps(changed), encoding="utf-8")
        judged = self.at.result("verify-import-answers", "verify-import", "answers", "mac.aws", "--evidence", "other.json",
                                code=VERIFICATION)
        self.assertEqual(judged["verdict"], "different")

    def rotate(self):
        """A tenant's key, from its first version to its second."""
        self.at.result("tenant", "tenant", "add", "Acme", "--owner", "Ada", "--operator", "pipeline")
        self.at.result("key", "key", "add", "payments", "--tenant", "Acme", "--type", "aes-256", "--operator", "pipeline")
        for number in (1, 2):
            rotated = self.at.result("rotate", "rotate", "--tenant", "Acme", "--key", "payments", "--force", "--operator",
                                     "pipeline")
            self.assertEqual(len(rotated["keys"]), 1)
            shown = self.at.result("key-show", "key", "show", "payments", "--tenant", "Acme")
            active = [version["number"] for version in shown["versions"] if version["state"] == "active"]
            self.assertEqual(active, [number])

    def check_files(self):
        """Each JSON file that was written on the way, by its schema. The bundle of the key that is to go to a cloud next is asked
        for, and not made."""
        self.at.result("destination", "destination", "add", "alias/payments", "--tenant", "Acme", "--key", "payments", "--provider",
                       "aws", "--account", "111122223333", "--region", "eu-central-1", "--wrapping-algorithm", "RSAES_OAEP_SHA_256",
                       "--operator", "pipeline")
        self.at.result("rotate", "rotate", "--tenant", "Acme", "--key", "payments", "--force", "--output", "asks", "--operator",
                       "pipeline")
        for schema, pattern in (("manifest", "mac.aws/manifest.json"), ("expected", "mac.aws/expected.json"),
                                ("answers", "mac.aws.answers/answer-record.json"), ("ask", "asks/*/ask.json"),
                                ("statement", "site/approvals/*/statement.json"), ("request", "site/approvals/*/request.json"),
                                ("names", "site/approvals/*/names.json"), ("frontier", "site/transcript/frontier")):
            files = sorted(self.at.work.glob(pattern))
            self.assertTrue(files, pattern)
            with open(SCHEMAS / f"{schema}.schema.json", encoding="utf-8") as file:
                validator = jsonschema.Draft7Validator(json.load(file))
            for file in files:
                content = json.loads(file.read_text(encoding="utf-8"))
                self.assertEqual([error.message for error in validator.iter_errors(content)], [], file)
                # Nothing else is taken for one: a field less, and one more.
                first = next(iter(content))
                self.assertFalse(schema != "names" and validator.is_valid({**content, "unheard-of": [{}]}), pattern)
                self.assertFalse(schema != "names" and validator.is_valid(
                    {name: value for name, value in content.items() if name != first}), pattern)

    def check_log(self):
        """Acts on files are signed by the next act at the token, or by resume; an auditor's job asks for all of them."""
        verify = ("transcript", "verify", "site", "--vkey", "vkey", "--all-signed")
        self.at.result("verify-import-bundle", "verify-import", "bundle", "mac.aws")
        error = self.at.keyrite(WAITING, "transcript-verify", *verify)["error"]
        self.assertEqual(error["code"], "log-not-all-signed")
        self.at.result("resume", "resume")
        verified = self.at.result("transcript-verify", *verify)
        self.assertEqual((verified["verdict"], verified["unsigned_entries"]), ("verified", 0))

    def test_a_shipped_ceremony_is_checked_and_printed(self):
        for file in sorted((ROOT / "ceremonies").glob("*.toml")):
            checked = self.at.result("ceremony-check", "ceremony", "check", str(file))
            self.assertEqual(checked["file_sha256"], hashlib.sha256(file.read_bytes()).hexdigest())
            printed = self.at.result("ceremony-print", "ceremony", "print", str(file), "--out", file.stem + ".html")
            self.assertEqual(printed["sha256"], hashlib.sha256((self.at.work / printed["file"]).read_bytes()).hexdigest())

    def test_the_retry_loop_of_scripts_ci_ends_with_what_keyrite_says(self):
        self.make_site()
        done = self.at.run(str(ROOT / "scripts/ci/retry"), "30", "keyrite", "token-check", "--operator", "pipeline")
        self.assertEqual((done.returncode, done.stdout.count("\n")), (DONE, 1), done.stderr)
        jsonschema.validate(json.loads(done.stdout),
                            json.loads((SCHEMAS / "token-check.schema.json").read_text(encoding="utf-8")))


if __name__ == "__main__":
    KEYRITE = sys.argv.pop(1)
    sys.exit(unittest.main())
