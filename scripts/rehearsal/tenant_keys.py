"""The second part of a rehearsal: tenants. Each has a key of its own, made in the token and imported into every cloud;
its data keys are issued in a batch, and what `dek unwrap` gives out is compared with what the cloud's own copy of the
tenant's key opens."""
import base64
import hashlib
import json
import os
from typing import NamedTuple

import rotations
import shreds
from mismatch import Mismatch, require
from one_import import HSM, LOCATION, REGION, RING
from programs import Refused
from standin import key_wrap, material, openssl, store

SITE = "softhsm"
TENANTS = ("Acme Ltd", "O'Neill & Söhne")
KEY = "payments"
DATA_KEYS = 40
BITS = 3072  # of every wrapping key
WRAPPING_KEYS = [*((provider, BITS) for provider in ("aws", "azure", "google")), *rotations.WRAPPING_KEYS]
UNTIL = "2 months"


class TenantKey(NamedTuple):
    tenant: str
    places: dict = {}   # provider: the state of its placement
    data_keys: int = 0
    failure: str = ""


class TenantImport:
    """`folder`: the tenant's own, it is made."""

    def __init__(self, tenant, programs, site, folder):
        self.tenant, self._programs, self._site, self._folder = tenant, programs, site, folder
        self.of_key = ["--tenant", tenant, "--key", KEY]
        self.slug = os.path.basename(folder)
        self.aws_key = ""    # its ARN
        self.given_out = {}  # data keys by their ids, as dek unwrap gives them out
        os.makedirs(folder)

    def run(self):
        try:
            self._prepare()
            places = {"aws": self._import_aws(), "azure": self._import_azure(), "google": self._import_google()}
            self._act("key", "activate", KEY, "--tenant", self.tenant)
            return TenantKey(self.tenant, places, self._data_keys())
        except (Refused, Mismatch, key_wrap.KeyWrapError, material.Unwrappable) as error:
            return TenantKey(self.tenant, failure=str(error))

    def path(self, *names):
        return os.path.join(self._folder, *names)

    def _act(self, name, *words, statuses=(0,)):
        return self._programs.act(self._site, name, *words, statuses=statuses)[0]

    def _save(self, name, *command):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(self._programs.client(*command))
        return self.path(name)

    def _prepare(self):
        self._act("tenant", "add", self.tenant, "--owner", "Ada", "--jurisdiction", REGION, "--jurisdiction", LOCATION,
                  "--jurisdiction", "westeurope")
        self._act("key", "add", KEY, "--tenant", self.tenant, "--type", "aes-256", "--accept", "statement")
        self._act("destination", "add", f"alias/{self.slug}", "--provider", "aws", "--account", "111122223333",
                  "--region", REGION, "--wrapping-algorithm", "RSAES_OAEP_SHA_1", *self.of_key)
        self._act("destination", "add", f"https://{HSM}.managedhsm.azure.net/keys/{self.slug}", "--provider", "azure",
                  "--region", "westeurope", "--ops", "wrapKey", "--ops", "unwrapKey", *self.of_key)
        self._act("destination", "add",
                  f"projects/rehearsal/locations/{LOCATION}/keyRings/{RING}/cryptoKeys/{self.slug}", "--provider",
                  "google", "--import-method", f"rsa-oaep-{BITS}-sha1-aes-256", "--protection-level", "hsm",
                  *self.of_key)
        self._act("generate-kek", *self.of_key)

    def _wrap(self, provider, parameters, spki, *more):
        self._act("wrap-for-import", provider, *self.of_key, "--parameters", parameters, "--expect-wrapping-key",
                  hashlib.sha256(spki).hexdigest(), "--out", self.path(f"{provider}.bundle"), *more)

    def _judge(self, bundle):
        """The placement's state by the cloud's answers."""
        judged = self._act("verify-import", "answers", self.path(bundle), "--evidence",
                           self.path(f"{bundle}.answers"), statuses=(0, 7))
        return judged["placement"]["state"]

    def _aws_parameters(self, name):
        path = self._save(name, "aws", "kms", "get-parameters-for-import", "--key-id", self.aws_key, "--wrapping-algorithm",
                          "RSAES_OAEP_SHA_1", "--wrapping-key-spec", f"RSA_{BITS}", "--output", "json")
        with open(path, encoding="utf-8") as file:
            return path, base64.b64decode(json.load(file)["PublicKey"])

    def _import_aws(self):
        created = json.loads(self._programs.client("aws", "kms", "create-key", "--origin", "EXTERNAL", "--key-spec",
                                                   "SYMMETRIC_DEFAULT", "--key-usage", "ENCRYPT_DECRYPT", "--region",
                                                   REGION, "--output", "json"))
        self.aws_key = created["KeyMetadata"]["Arn"]
        path, spki = self._aws_parameters("aws.json")
        again, other = self._aws_parameters("aws-again.json")
        self._wrap("aws", path, spki, "--verification-parameters", again, "--expect-verification-key",
                   hashlib.sha256(other).hexdigest(), "--verification-out", self.path("again.bundle"))
        self._programs.client("sh", self.path("aws.bundle", "import.sh"))
        require(self._judge("aws.bundle") == "imported", "AWS proves nothing before the re-import")
        self._programs.client("sh", self.path("again.bundle", "import.sh"), "--first-answers",
                              self.path("aws.bundle.answers"))
        return self._judge("again.bundle")

    def _import_azure(self):
        kek = ["--hsm-name", HSM, "--name", f"kek-{self.slug}"]
        path = self._save("azure.json", "az", "keyvault", "key", "create", *kek, "--kty", "RSA-HSM", "--size",
                          str(BITS), "--ops", "import", "-o", "json")
        self._programs.client("az", "keyvault", "key", "download", *kek, "--file", self.path("azure.pem"))
        with open(self.path("azure.pem"), "rb") as file:
            self._wrap("azure", path, openssl.run("pkey", "-pubin", "-outform", "DER", data=file.read()))
        self._programs.client("sh", self.path("azure.bundle", "import.sh"))
        return self._judge("azure.bundle")

    def _import_google(self):
        job = [f"job-{self.slug}", "--keyring", RING, "--location", LOCATION]
        self._programs.client("gcloud", "kms", "import-jobs", "create", *job, "--import-method",
                              f"rsa-oaep-{BITS}-sha1-aes-256", "--protection-level", "hsm")
        path = self._save("google.json", "gcloud", "kms", "import-jobs", "describe", *job, "--format=json")
        with open(path, encoding="utf-8") as file:
            pem = json.load(file)["publicKey"]["pem"].encode()
        self._wrap("google", path, openssl.run("pkey", "-pubin", "-outform", "DER", data=pem))
        for step in (["create"], []):
            self._programs.client("sh", self.path("google.bundle", "import.sh"), *step)
        require(self._judge("google.bundle") == "imported", "Google's answers prove nothing of this algorithm")
        until = self._programs.client("date", "-u", "-d", f"+{UNTIL}", "+%Y-%m-%dT%H:%M:%SZ").strip()
        self._act("inventory", "accept", *self.of_key, "--destination", self.slug, "--provider", "google", "--reason",
                  "no answer of the cloud proves this algorithm", "--until", until)
        return "accepted"

    def records(self):
        """By the ids of the data keys."""
        return _lines(self.path("records.jsonl"))

    def key_of_cloud(self):
        """The tenant's key as AWS opened it: the site never shows it to anybody."""
        return self.opened_blob(self.path("aws.bundle", "EncryptedKeyMaterial.bin"), BITS)

    @staticmethod
    def opened_blob(path, bits):
        """What AWS finds in such a file."""
        with open(path, "rb") as file:
            return material.unwrap(store.wrapping_key("aws", bits), bits, "oaep", "sha1", file.read())

    def give_out(self, *which):
        """The data keys by their ids; what `dek unwrap` wrote is gone then."""
        out = self.path("given-out.jsonl")
        self._act("dek", "unwrap", "--tenant", self.tenant, "--reason", "the rehearsal", *which, "--out", out)
        given = _lines(out)
        os.unlink(out)
        return given

    def _data_keys(self):
        """How many were issued; each was given out as the cloud's copy of the tenant's key opens it."""
        self._act("dek", "issue", *self.of_key, "--count", str(DATA_KEYS), "--holder", "billing", "--out",
                  self.path("records.jsonl"))
        records, given = self.records(), self.give_out("--from", self.path("records.jsonl"))
        require(len(records) == len(given) == DATA_KEYS, f"{len(records)} records, {len(given)} given out")
        kek = self.key_of_cloud()
        for one, record in records.items():
            opened = _opened(kek, record)
            # A service encrypts with what it was given, and openssl decrypts with what the cloud's key opens.
            text, iv = one.encode(), os.urandom(16)
            sent = openssl.aes("cbc", base64.b64decode(given[one]["key"]), iv, text, padding=True)
            require(openssl.aes("cbc", opened, iv, sent, decrypt=True, padding=True) == text,
                    f"the data key {one} was given out as another key")
        self.given_out = given
        return len(records)


def _opened(kek, record):
    return key_wrap.run("unwrap", record["wrap"].removeprefix("aes-"), kek, base64.b64decode(record["wrapped"]))


def _lines(path):
    with open(path, encoding="utf-8") as file:
        return {line["id"]: line for line in map(json.loads, file)}


def _require_apart(one, other):
    """A record of one tenant must not open under the key of another."""
    for record in one.records().values():
        try:
            _opened(other.key_of_cloud(), record)
        except key_wrap.KeyWrapError:
            continue
        raise Mismatch("a data key of one tenant opens under the key of another")


def do_all(programs, sites, officers, folder):
    """(tenants, their rotations, the shreds of those that leave): one after the other, since the token takes one program at a time."""
    os.makedirs(folder)
    imports = [TenantImport(tenant, programs, sites[SITE], os.path.join(folder, f"tenant{number}"))
               for number, tenant in enumerate(TENANTS, 1)]
    done = [one.run() for one in imports]
    if not any(one.failure for one in done):
        try:
            _require_apart(*imports)
        except Mismatch as mismatch:
            done[0] = done[0]._replace(failure=str(mismatch))
    good = [one for one, made in zip(imports, done) if not made.failure]
    rotated = rotations.do_all(good, programs, sites[SITE])
    kept = [one for one, made in zip(good, rotated) if not made.failure]
    return done, rotated, shreds.do_all(kept, programs, sites[SITE], officers, os.path.join(folder, "shred"))
