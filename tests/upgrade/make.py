#!/usr/bin/python3
"""Makes what tests/upgrade uses: a site, bundles, answers and an export, as the keyrite of a build folder makes them.

usage: make.py BUILD_FOLDER NEW_FOLDER

made-by-0.1.0/ was made by this with version 0.1.0 and is never made again: a later keyrite writes other formats. The clock
stands at 2025-06-02, so that what was made is older than any test of it. Needs a C compiler (for that clock), softhsm2,
openssl, openssh-client. The PINs and keys guard nothing.
"""
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.realpath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(HERE, "../../scripts/rehearsal"))
import programs  # noqa: E402  (scripts/rehearsal has to be on the path first)
import tokens  # noqa: E402
from officers import Officers  # noqa: E402
from programs import Refused  # noqa: E402
from sites import OPERATOR, Site  # noqa: E402

START = 1748854800  # 2025-06-02T09:00:00Z
CLOCK = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>
int clock_gettime(clockid_t id, struct timespec* at) {
  static int (*real)(clockid_t, struct timespec*);
  if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
  int failed = real(id, at);
  if (!failed && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) at->tv_sec -= BACK;
  return failed;
}
time_t time(time_t* into) {
  struct timespec at;
  clock_gettime(CLOCK_REALTIME, &at);
  if (into) *into = at.tv_sec;
  return at.tv_sec;
}
int gettimeofday(struct timeval* restrict at, void* restrict zone) {
  (void)zone;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  at->tv_sec = now.tv_sec;
  at->tv_usec = now.tv_nsec / 1000;
  return 0;
}
"""
RING = ["--keyring", "acme", "--location", "europe-west3"]


def earlier_clock(folder):
    """A library that sets a program's clock back to START, and what loads it."""
    source, library = os.path.join(folder, "clock.c"), os.path.join(folder, "clock.so")
    with open(source, "w", encoding="utf-8") as file:
        file.write(CLOCK)
    subprocess.run(["cc", "-shared", "-fPIC", f"-DBACK={int(time.time()) - START}", "-o", library, source, "-ldl"],
                   check=True)
    return {"LD_PRELOAD": library}


class Maker:
    def __init__(self, build, folder, scratch):
        self._folder = folder
        cloud = os.path.join(scratch, "cloud")
        os.makedirs(cloud)
        programs.TOOLS += ("token-check",)
        self._programs = programs.Programs(build, {"REHEARSAL_CLOUD": cloud, **earlier_clock(scratch)})
        for name in ("token", "parameters", "bundles", "approvals", "noted"):
            os.makedirs(self._path(name), mode=0o700)

    def _path(self, *names):
        return os.path.join(self._folder, *names)

    def _save(self, text, *names):
        with open(self._path(*names), "w", encoding="utf-8") as file:
            file.write(text)
        return self._path(*names)

    def make(self):
        self._make_site()
        for key_type, label, more in (("aes-256", "acme-store", ["--for", "azure"]),
                                      ("generic-secret-32-bytes", "acme-mac", ["--for", "aws"]),
                                      ("generic-secret-32-bytes", "acme-trusted", ["--for", "aws", "--wrap-with-trusted"]),
                                      ("ec-p256", "acme-sign", ["--for", "google"]),
                                      ("ec-p256", "acme-agree", ["--for", "aws"])):
            self._act("generate-kek", "--type", key_type, "--label", label, *more)
        self._act("token-check")  # its result is long enough to stand in a file of its own
        self._refused("generate-kek", "--type", "aes-256", "--label", "acme-store")
        self._import_aws("acme-mac", "HMAC_256", "GENERATE_VERIFY_MAC")
        self._import_aws("acme-agree", "ECC_NIST_P256", "KEY_AGREEMENT")
        self._import_azure()
        self._import_google()
        self._import_approved()
        self._leave_waiting()
        self._programs.tool("resume", *self._site.options, environment=self._token.environment)
        self._judge("aws-acme-mac")  # stays unsigned, as it does after an act on files
        self._programs.tool("transcript", "export", self._path("site"), "--vkey", self._path("noted", "vkey"), "--out",
                            self._path("export"))

    def _make_site(self):
        self._token = tokens.softhsm(self._path("token"))
        self._officers = Officers(self._programs, self._path("officers"))
        made, _ = self._programs.tool("init-site", self._path("site"), "--origin", "keyrite.example/upgrade", "--roster",
                                      self._officers.roster, "--site-pin-file", self._token.pin_file,
                                      "--site-so-pin-file", self._token.so_pin_file, *self._token.options,
                                      environment=self._token.environment)
        self._site = Site(self._token, self._path("site"), self._save(made["vkey"] + "\n", "noted", "vkey"), [])
        # Intents from here on name another site.toml than the log's first entry.
        self._change_policy(lambda policy: policy.replace("hours = 72", "hours = 8784"))

    def _change_policy(self, change):
        with open(self._path("site", "site.toml"), encoding="utf-8") as file:
            policy = file.read()
        self._save(change(policy), "site", "site.toml")

    def _act(self, tool, *words, statuses=(0,)):
        return self._programs.act(self._site, tool, *words, statuses=statuses)[0]

    def _refused(self, tool, *words):
        try:
            self._act(tool, *words)
        except Refused as refusal:
            return refusal
        raise SystemExit(f"{tool} {' '.join(words)} was not refused")

    def _client(self, *command):
        return self._programs.client(*command)

    def _send(self, bundle):
        self._client("sh", self._path("bundles", bundle, "import.sh"))
        self._judge(bundle)

    def _judge(self, bundle):
        self._act("verify-import", "answers", self._path("bundles", bundle), "--evidence",
                  self._path("bundles", bundle + ".answers"), statuses=(0, 7))

    def _aws_parameters(self, label, spec, usage):
        created = json.loads(self._client("aws", "kms", "create-key", "--origin", "EXTERNAL", "--key-spec", spec,
                                          "--key-usage", usage, "--region", "eu-central-1", "--output", "json"))
        text = self._client("aws", "kms", "get-parameters-for-import", "--key-id", created["KeyMetadata"]["Arn"],
                            "--wrapping-algorithm", "RSAES_OAEP_SHA_1" if spec.startswith("HMAC") else
                            "RSA_AES_KEY_WRAP_SHA_1", "--wrapping-key-spec", "RSA_3072", "--output", "json")
        return self._save(text, "parameters", f"aws-{label}.json")

    def _aws_words(self, label, spec, usage):
        algorithm = "RSAES_OAEP_SHA_1" if spec.startswith("HMAC") else "RSA_AES_KEY_WRAP_SHA_1"
        return ["aws", "--parameters", self._aws_parameters(label, spec, usage), "--wrapping-algorithm", algorithm,
                "--key-spec", spec, "--key-usage", usage, "--label", label,
                *([] if spec.startswith("HMAC") else ["--accept-padded-pkcs8"]), "--expect-wrapping-key", self._fingerprint(f"aws-{label}.json")]

    def _fingerprint(self, parameters):
        with open(self._path("parameters", parameters), encoding="utf-8") as file:
            return _sha256(base64.b64decode(json.load(file)["PublicKey"]))

    def _import_aws(self, label, spec, usage):
        bundle = f"aws-{label}"
        self._act("wrap-for-import", *self._aws_words(label, spec, usage), "--out", self._path("bundles", bundle))
        self._send(bundle)

    def _import_azure(self):
        text = self._client("az", "keyvault", "key", "create", "--hsm-name", "acme-hsm", "--name", "kek", "--kty",
                            "RSA-HSM", "--size", "3072", "--ops", "import", "-o", "json")
        self._save(text, "parameters", "azure.json")
        pem = self._path("parameters", "azure.pem")
        self._client("az", "keyvault", "key", "download", "--hsm-name", "acme-hsm", "--name", "kek", "--file", pem)
        self._act("wrap-for-import", "azure", "--parameters", self._path("parameters", "azure.json"), "--name", "acme-store",
                  "--label", "acme-store", "--expect-wrapping-key", _of_pem(pem), "--out",
                  self._path("bundles", "azure-acme-store"))
        self._send("azure-acme-store")

    def _import_google(self):
        self._client("gcloud", "kms", "keyrings", "create", "acme", "--location", "europe-west3")
        self._client("gcloud", "kms", "import-jobs", "create", "job", *RING, "--import-method",
                     "rsa-oaep-3072-sha1-aes-256", "--protection-level", "hsm")
        text = self._client("gcloud", "kms", "import-jobs", "describe", "job", *RING, "--format=json")
        self._save(text, "parameters", "google.json")
        pem = self._save(json.loads(text)["publicKey"]["pem"], "parameters", "google.pem")
        self._act("wrap-for-import", "google", "--parameters", self._path("parameters", "google.json"), "--key", "acme-sign",
                  "--algorithm", "ec-sign-p256-sha256", "--label", "acme-sign", "--accept-padded-pkcs8",
                  "--expect-wrapping-key", _of_pem(pem), "--out", self._path("bundles", "google-acme-sign"))
        self._client("sh", self._path("bundles", "google-acme-sign", "import.sh"), "create")
        self._send("google-acme-sign")

    def _import_approved(self):
        words = ["wrap-for-import", *self._aws_words("acme-trusted", "HMAC_256", "GENERATE_VERIFY_MAC"),
                 "--trust-wrapping-key", "--out", self._path("bundles", "aws-acme-trusted")]
        statement = self._statement(words)
        alice = self._sign(statement, self._officers.alice, "ssh")
        bob = self._sign(statement, self._officers.bob, "cms")
        self._refused(*words, "--approval", alice)  # one is not enough
        self._act(*words, "--approval", alice, "--approval", bob)

    def _leave_waiting(self):
        """A statement that one officer has signed."""
        self._change_policy(lambda policy: policy + "\n[approvals.needed.generate-kek]\nsecurity-officer = 2\n")
        statement = self._statement(["generate-kek", "--type", "aes-256", "--label", "acme-next"])
        self._sign(statement, self._officers.alice, "ssh")

    def _statement(self, words):
        return self._refused(*words).hint.partition("keyrite approve show ")[2].split("\n")[0]

    def _sign(self, statement, officer, form):
        shown, _ = self._programs.tool("approve", "show", statement)
        mine = self._officers.sign(officer, statement, shown, form)
        return shutil.move(mine, self._path("approvals", f"{shown['statement']['operation'].split()[0]}-"
                                                         f"{os.path.basename(officer.key)}.{form}"))


def _sha256(data):
    return subprocess.run(["sha256sum"], input=data, check=True, capture_output=True).stdout.decode()[:64]


def _of_pem(path):
    return _sha256(subprocess.run(["openssl", "pkey", "-pubin", "-in", path, "-outform", "DER"], check=True,
                                  capture_output=True).stdout)


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    folder = os.path.abspath(sys.argv[2])
    os.makedirs(folder, mode=0o700)
    with tempfile.TemporaryDirectory(prefix="upgrade-") as scratch:
        Maker(os.path.abspath(sys.argv[1]), folder, scratch).make()
    return 0


if __name__ == "__main__":
    sys.exit(main())
