#!/usr/bin/python3
# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""Each shipped ceremony is held whole, once, by people at a terminal of 80 columns: its plan, the shape of its transcript and
its minutes are those of tests/golden/ceremonies (NAME.plan.txt, NAME.transcript.txt, NAME.minutes.txt), in which what
differs from run to run is masked. With KEYRITE_WRITE_GOLDEN=1 they are written anew.

Most are rehearsed, at a throw-away token of SoftHSM. It pads private keys, so that two are refused there, before a key is
made; NSS softoken does not, and these two are run there, with the stand-in clouds, to their proof.

usage: ceremonies_test.py FOLDER_OF_KEYRITE [Rehearsed.test_aws_symmetric...]
"""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
import unittest

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "../.."))
REHEARSAL = os.path.join(ROOT, "scripts/rehearsal")
GOLDEN = os.path.join(ROOT, "tests/golden/ceremonies")
sys.dont_write_bytecode = True
sys.path.insert(0, REHEARSAL)
import tokens  # noqa: E402  (scripts/rehearsal has to be on the path first)
from people import People  # noqa: E402

KEYRITE = ""
SOFTHSM = ("aws-symmetric", "emergency-rotation", "google-symmetric", "hsm-retirement", "officer-change",
           "scheduled-rotation", "site-opening", "tenant-onboarding", "tenant-shred", "three-clouds",
           "trusted-wrapping-key")
NSS = ("aws-asymmetric", "azure-managed-hsm-rsa")
# What the rehearsal made already, and a plan wants anew.
PLANNED = {"site-opening": {"origin": "planned.example/hsm1"}}
COLUMNS = 80
WIDTH = 110
# What of an entry is the same each time.
TOLD = ("step", "kind", "outcome", "failure", "ending", "choice", "mode", "verdict")
VKEY = re.compile(r"[^ ]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+")
HEX_GROUPS = re.compile(r"\b[0-9a-f]{4}( [0-9a-f]{4})+( [0-9a-f]{1,3})?\b")
MASKS = (
    (re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "UUID"),
    (re.compile(r"^\d+\.\d+$"), "N.N"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "TIME"),
    (re.compile(r"^\d\d:\d\d:\d\dZ$"), "TIME"),
    (re.compile(r"^Typed: \d\d:\d\d$"), "Typed: HH:MM"),
    (re.compile(r"\bplanned, \d+ used\b"), "planned, N used"),
    (re.compile(r"(?<=minutes were planned, and )\d+ (was|were)"), "N were"),
    (re.compile(r"keyrite \d+\.\d+\.\d+"), "keyrite N.N.N"),
    (HEX_GROUPS, "HEX"),
    (re.compile(r"\b(?=[0-9a-f]*\d)[0-9a-f]{12,}\b"), "HEX"),
    (re.compile(r"\b[0-9a-f]{6}\b(?= *$)"), "HEX"),
    (re.compile(r"/\S*keyrite-ceremonies-\w{8}"), "FOLDER"),
    (re.compile(r"serial=[0-9a-f]+"), "serial=HEX"),
    (re.compile(r"\S+\+HEX\+[A-Za-z0-9+/=]+|[A-Za-z0-9+/]{43,}=*"), "BASE64"),
)


def masked(text):
    """Without what differs from run to run."""
    shown = []
    for line in text.splitlines():
        for pattern, instead in MASKS:
            line = pattern.sub(instead, line)
        # A row of the fingerprint: its number, eight digits of hex, four words.
        if len(shown) > 1 and shown[-1] == "HEX" and re.fullmatch(r"[A-Za-z]+( [A-Za-z]+){3}", line):
            line = "word word word word"
        shown.append(line)
    return "\n".join(shown) + "\n"


def shape(value):
    """The names in a value, and none of what they name."""
    if isinstance(value, dict):
        return "{" + " ".join(name + shape(inner) for name, inner in sorted(value.items())) + "}" if value else ""
    if isinstance(value, list):
        inner = sorted({shape(one) for one in value} - {""})
        return "[" + ",".join(inner) + "]" if inner else ""
    return ""


def wrapped(text):
    lines, line = [], " "
    for word in text.split():
        if len(line) + 1 + len(word) > WIDTH:
            lines, line = [*lines, line], "   "
        line += " " + word
    return [*lines, line]


def transcript_shape(log):
    """Of each entry: what it is, of which step, how it ended, and the names of its fields, where they are others than those
    of the entry of its kind before."""
    lines, before = [], {}
    for number, entry in enumerate(log):
        facts = entry.get("facts", {})
        words = [f"{number} {entry['event']} {entry.get('act', '')}".rstrip()]
        if "ceremony" in entry:
            words.append(f"for step {entry['ceremony']['step']}")
        if entry["event"] == "result":
            words.append(entry["outcome"])
            words += [f"{name} {facts[name]}" for name in TOLD if name in facts]
        lines.append(", ".join(words))
        parts = [(part, shape(entry.get(part, {}))[1:-1]) for part in ("request", "inputs", "facts")]
        kind = (entry["event"], entry.get("act"), facts.get("kind"))
        if before.get(kind) == parts:
            continue
        before[kind] = parts
        for part, names in parts:
            if names:
                lines += wrapped(f"{part}: {names}")
    return "\n".join(lines) + "\n"


def file_of(name):
    return os.path.join(ROOT, "ceremonies", f"{name}.toml")


class Held(unittest.TestCase):
    """What both kinds of tests do."""
    maxDiff = None

    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="keyrite-ceremonies-"))
        self.environment = {"LC_ALL": "C.UTF-8"}

    def place(self, name):
        return os.path.join(self.folder, name)

    def keyrite(self, *words, code=0):
        """What it says on both channels."""
        done = subprocess.run([os.path.join(KEYRITE, "keyrite"), *words], cwd=self.folder, check=False, text=True,
                              env={**os.environ, **self.environment}, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(done.returncode, code, f"{words}\n{done.stdout}")
        return done.stdout

    def result(self, *words, code=0):
        """What it says to programs: its result, plan or error."""
        done = json.loads(self.keyrite(*words, "--json=compact", "--quiet", code=code).splitlines()[-1])
        return next(done[name] for name in ("result", "plan", "error") if name in done)

    def fits(self, screen):
        for line in screen.splitlines():
            # What shows that something is at work is taken away again.
            line = line.rpartition("\x1b[K")[2]
            # Copied whole, or typed by people: the terminal itself goes on below.
            if VKEY.fullmatch(line) or line.startswith("Path, or q"):
                continue
            self.assertLessEqual(len(line), COLUMNS, f"too long for the terminal: {line}")

    def log_of(self, site):
        with open(os.path.join(site, "transcript/log.jsonl"), encoding="utf-8") as log:
            return [json.loads(line) for line in log]

    def is_golden(self, name, text):
        path = os.path.join(GOLDEN, name)
        if os.environ.get("KEYRITE_WRITE_GOLDEN") == "1":
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read().splitlines(), text.splitlines(), name)

    def minutes(self, site, code=0):
        ceremony = next(entry["facts"]["ceremony"] for entry in self.log_of(site)
                        if entry.get("act") == "ceremony-open" and entry["event"] == "result")
        self.keyrite("ceremony", "report", ceremony, "--site", site, "--out", "minutes.html", code=code)
        page = subprocess.run([sys.executable, "-B", os.path.join(ROOT, "tests/unit/ceremony/page_text.py"),
                               self.place("minutes.html")], check=True, capture_output=True, text=True)
        # The page for the auditor is the log's own: what it says of it is what the QR code says.
        return masked(page.stdout)

    def proven_by_log(self, name, site, mode):
        told = self.result("verify-ceremony", file_of(name), site)
        self.assertEqual((told["holds"], told["mode"]), (True, mode), told)


def fixed_inputs(name):
    with open(file_of(name), "rb") as file:
        ceremony = tomllib.load(file)
    prefix = "rehearsal" if "rehearsal" in ceremony else "planned"
    bound = {}
    for one in ceremony.get("input", []):
        if one.get("when") == "fresh":
            continue
        text = one.get("rehearsal") or f"{prefix}-{one['name']}"
        bound[one["name"]] = f"planned.{one['name']}" if one.get("kind") == "output" else text
    return {**bound, **PLANNED.get(name, {})}


def bind(values):
    return [word for name, value in values.items() for word in ("--bind", f"{name}={value}")]


class AtSoftHsm(Held):
    """Rehearsed."""

    def rehearse(self, name, people):
        practice = self.place("practice")
        status = people.hold([os.path.join(KEYRITE, "keyrite"), "ceremony", "rehearse", file_of(name), "--out", practice],
                             environment=self.environment, columns=COLUMNS)
        self.environment["SOFTHSM2_CONF"] = os.path.join(practice, "softhsm2.conf")
        return status, os.path.join(practice, "site")

    def at_token(self, name, site):
        if name != "site-opening":
            return ["--site", site, "--pin-file", self.place("practice/pin")]
        module = glob.glob("/usr/lib/softhsm/libsofthsm2.so") + glob.glob("/usr/lib/*/softhsm/libsofthsm2.so")
        return ["--module", module[0], "--token", "pkcs11:token=rehearsal", "--pin-file", self.place("practice/pin")]


class Rehearsed(AtSoftHsm):
    """To the end. The tests are added below, one for each file."""

    def held(self, name):
        people = People(file_of(name), self.place("practice/site"))
        status, site = self.rehearse(name, people)
        self.assertEqual(status, 0, people.screen)
        self.fits(people.screen)
        self.proven_by_log(name, site, "rehearsal")
        self.is_golden(f"{name}.transcript.txt", transcript_shape(self.log_of(site)))
        self.is_golden(f"{name}.minutes.txt", self.minutes(site))
        plan = self.keyrite("ceremony", "plan", file_of(name), *bind(fixed_inputs(name)), *self.at_token(name, site))
        self.is_golden(f"{name}.plan.txt", masked(plan))


class Refused(AtSoftHsm):
    """Where the token pads private keys."""

    def refused(self, name, cloud, kind, *options):
        people = WhoAborts(file_of(name), self.place("practice/site"))
        status, site = self.rehearse(name, people)
        self.assertEqual(status, 1, people.screen)
        log = self.log_of(site)
        failed = [entry["facts"] for entry in log if entry.get("act") == "ceremony-step" and
                  entry["event"] == "result" and entry["facts"]["outcome"] == "failed"]
        self.assertEqual([(one["step"], one["failure"]) for one in failed], [(2, "ceremony-step-open")])
        self.assertIn("code: ceremony-step-open", people.screen)
        self.assertFalse([entry for entry in log if entry.get("act") == "generate-kek"], "a key was made")
        at = self.at_token(name, site)
        checked = self.result("token-check", "--for", cloud, "--type", kind, *at, code=4)
        for asked in checked["clouds"][0]["asked"]:
            self.assertNotEqual(asked["answer"], "yes", asked)
        self.assertIn("--accept-padded-pkcs8", [one for asked in checked["clouds"][0]["asked"] for one in asked["options"]])
        # What the wrap itself would say.
        self.result("generate-kek", "--type", kind, "--label", "padded", "--for", cloud, *at)
        wrap = self.result("wrap-for-import", cloud, "--label", "padded", "--parameters",
                           self.place("practice/parameters.json"), "--out", "bundle", "--dry-run", *options, *at, code=4)
        self.assertEqual(wrap["code"], "padded-pkcs8", wrap)

    def test_aws_asymmetric(self):
        self.refused("aws-asymmetric", "aws", "ec-p256", "--key-usage", "SIGN_VERIFY", "--wrapping-algorithm",
                     "RSA_AES_KEY_WRAP_SHA_1")

    def test_azure_managed_hsm_rsa(self):
        self.refused("azure-managed-hsm-rsa", "azure", "rsa-2048", "--store", "managed-hsm", "--name", "padded", "--ops",
                     "sign")


class WhoAborts(People):
    """They end a ceremony whose step failed."""

    def _below(self, shown):
        return "abort" if 'Type "abort"' in " ".join(shown.split()) else super()._below(shown)


class AtClouds(People):
    """They fetch at the stand-in clouds what the screen asks for. `fetch`: the path of what an input names."""

    def __init__(self, file, site, fetch):
        super().__init__(file, site)
        self._fetch = fetch

    def _answer(self, shown):
        if shown.rpartition("\n")[2].startswith("Path, or q"):
            return self._fetch(re.findall(r"^  ([a-z-]+): ", shown, re.MULTILINE)[-1])
        return super()._answer(shown)


class Proven(Held):
    """At NSS softoken, by ceremony run."""

    def setUp(self):
        super().setUp()
        os.mkdir(self.place("token"), 0o700)
        self.token = tokens.nss(self.place("token"))
        self.environment |= {
            "REHEARSAL_CLOUD": self.place("cloud"), "STATE_DIRECTORY": self.place("state"),
            "PATH": os.pathsep.join([os.path.join(REHEARSAL, "cloud"), KEYRITE, os.environ["PATH"]])}
        for name in ("cloud", "state"):
            os.mkdir(self.place(name), 0o700)
        self.site = self.place("site")
        self.keyrite("init-site", self.site, "--origin", "acme.example/hsm1", "--site-pin-file", self.token.pin_file,
                     *self.token.options)

    def sh(self, commands):
        done = subprocess.run(["sh", "-euc", commands], cwd=self.folder, env={**os.environ, **self.environment},
                              text=True, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(done.returncode, 0, f"{commands}\n{done.stdout}")
        return done.stdout.strip()

    def held(self, name, values, fetch):
        values = {**fixed_inputs(name), **values}
        for one in ("public-key", "bundle"):
            values[one] = self.place(values[one])
        at = ["--site", self.site]
        plan = self.keyrite("ceremony", "plan", file_of(name), *bind(values), *at)
        people = AtClouds(file_of(name), self.site, lambda one: fetch(one, values["bundle"]))
        status = people.hold([os.path.join(KEYRITE, "keyrite"), "ceremony", "run", file_of(name), *bind(values), *at],
                             environment=self.environment, columns=COLUMNS)
        self.assertEqual(status, 0, people.screen)
        self.fits(people.screen)
        self.proven_by_log(name, self.site, "live")
        log = self.log_of(self.site)
        verdicts = [entry["facts"]["verdict"] for entry in log
                    if entry["event"] == "result" and "verdict" in entry.get("facts", {})]
        self.assertEqual(verdicts, ["proven"])
        self.is_golden(f"{name}.plan.txt", masked(plan))
        self.is_golden(f"{name}.transcript.txt", transcript_shape(log))
        self.is_golden(f"{name}.minutes.txt", self.minutes(self.site))

    def test_aws_asymmetric(self):
        arn = self.sh("aws kms create-key --origin EXTERNAL --key-spec ECC_NIST_P256 --key-usage SIGN_VERIFY --output json | "
                      "sed -n 's/.*\"Arn\": \"\\(.*\\)\".*/\\1/p'")

        def fetch(name, bundle):
            if name == "answers":
                self.sh(f"{bundle}/import.sh")
                return bundle + ".answers"
            self.sh(f"aws kms get-parameters-for-import --key-id {arn} --wrapping-algorithm RSA_AES_KEY_WRAP_SHA_256 "
                    "--wrapping-key-spec RSA_4096 --output json > params.json")
            return self.place("params.json")

        self.held("aws-asymmetric", {"key-arn": arn, "algorithm": "RSA_AES_KEY_WRAP_SHA_256"}, fetch)

    def test_azure_managed_hsm_rsa(self):
        def fetch(name, bundle):
            if name == "answers":
                self.sh(f"AZURE_HSM=acme-hsm {bundle}/import.sh")
                return bundle + ".answers"
            self.sh("az keyvault key create --hsm-name acme-hsm --name kek-for-import --kty RSA-HSM --size 4096 "
                    "--ops import --expires 2030-12-31T00:00:00Z --output json > kek.json")
            return self.place("kek.json")

        self.held("azure-managed-hsm-rsa", {}, fetch)


class Shipped(unittest.TestCase):
    def test_each_has_a_test(self):
        names = sorted(os.path.splitext(os.path.basename(path))[0] for path in glob.glob(file_of("*")))
        self.assertEqual(names, sorted(SOFTHSM + NSS))

    def test_only_names_are_in_a_shape(self):
        self.assertEqual(shape({"b": [{"x": 1}, {"y": [2]}], "a": "secret", "c": {}}), "{a b[{x},{y}] c}")
        self.assertEqual(masked("0011 2233 aabb\nat 2026-03-01T10:00:00Z\ndecade of bread"),
                         "HEX\nat TIME\ndecade of bread\n")


for softhsm_name in SOFTHSM:
    setattr(Rehearsed, "test_" + softhsm_name.replace("-", "_"),
            lambda self, name=softhsm_name: self.held(name))

if __name__ == "__main__":
    KEYRITE = sys.argv.pop(1)
    sys.exit(unittest.main())
