# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""The third part of a rehearsal: the key of each tenant rotates at every cloud, around the work of a connected machine.
What was encrypted before opens after it; what is encrypted now is under the next version, which is found out with that
version's own bytes by openssl and python3; and the data keys are what they were."""
import base64
import contextlib
import glob
import os
import re
import sqlite3
from typing import NamedTuple

from mismatch import Mismatch, require
from one_import import HSM, LOCATION, REGION, RING
from programs import Refused
from standin import gcm, key_wrap, material

FINGERPRINT = re.compile(r"^fetch\.sh: +([0-9a-f]{64})$", re.MULTILINE)
PLAIN = b"what a consumer of the cloud's key has"
VALUE = bytes(range(32))  # what Azure wraps
AWS_BITS = 4096           # of the wrapping key that fetch.sh asks AWS for
WRAPPING_KEYS = [("aws", AWS_BITS), ("azure", 4096)]


class Rotated(NamedTuple):
    tenant: str
    places: dict = {}   # provider: the state of the next version's placement
    moved: int = 0
    failure: str = ""


class _Aws:
    """Ciphertexts of the stand-in: the id of the material, IV, ciphertext, tag."""

    def __init__(self, programs, slug, _):
        self._client = programs.client
        self._key = ["--key-id", f"alias/{slug}", "--region", REGION, "--output", "text"]

    def encrypt(self):
        plain = base64.b64encode(PLAIN).decode()
        return self._client("aws", "kms", "encrypt", *self._key, "--plaintext", plain, "--query", "CiphertextBlob").strip()

    def opens(self, sent):
        plain = self._client("aws", "kms", "decrypt", *self._key, "--ciphertext-blob", sent, "--query", "Plaintext")
        return base64.b64decode(plain) == PLAIN

    @staticmethod
    def is_under(sent, key):
        blob = base64.b64decode(sent)
        return _opens(gcm.TagError, lambda: gcm.decrypt(key, blob[32:44], blob[44:-16], blob[-16:]) == PLAIN)


class _Google:
    """The number of the version, IV, ciphertext, tag."""

    def __init__(self, programs, slug, folder):
        self._client, self._folder = programs.client, folder
        self._key = ["--key", slug, "--keyring", RING, "--location", LOCATION]
        self._made = 0

    def _run(self, what, source, target):
        self._client("gcloud", "kms", what, *self._key, "--plaintext-file", source, "--ciphertext-file", target)

    def encrypt(self):
        self._made += 1
        plain, sent = os.path.join(self._folder, "plain"), os.path.join(self._folder, f"google-{self._made}.sent")
        with open(plain, "wb") as file:
            file.write(PLAIN)
        self._run("encrypt", plain, sent)
        return sent

    def opens(self, sent):
        opened = f"{sent}.opened"
        self._run("decrypt", opened, sent)
        return _read(opened) == PLAIN

    @staticmethod
    def is_under(sent, key):
        blob = _read(sent)
        return _opens(gcm.TagError, lambda: gcm.decrypt(key, blob[4:16], blob[16:-16], blob[-16:]) == PLAIN)


class _Azure:
    """A wrapped key and the version that wrapped it, as a consumer keeps both."""

    def __init__(self, programs, slug, _):
        self._client = programs.client
        self._key = f"https://{HSM}.managedhsm.azure.net/keys/{slug}"

    def _post(self, url, what, value, query):
        body = f'{{"alg":"A256KW","value":"{base64.urlsafe_b64encode(value).decode().rstrip("=")}"}}'
        return self._client("az", "rest", "--method", "POST", "--uri", f"{url}/{what}?api-version=7.4", "--resource",
                            "https://managedhsm.azure.net", "--body", body, "--query", query, "--output", "tsv").strip()

    def encrypt(self):
        version = self._client("az", "keyvault", "key", "show", "--id", self._key, "--query", "key.kid", "--output",
                               "tsv").strip()
        return version, _unpadded(self._post(version, "wrapkey", VALUE, "value"))

    def opens(self, sent):
        version, wrapped = sent
        return _unpadded(self._post(version, "unwrapkey", wrapped, "value")) == VALUE

    @staticmethod
    def is_under(sent, key):
        return _opens(key_wrap.KeyWrapError, lambda: key_wrap.run("unwrap", "kw", key, sent[1]) == VALUE)


CONSUMERS = {"aws": _Aws, "azure": _Azure, "google": _Google}


def _opens(refusal, tries):
    try:
        return tries()
    except refusal:
        return False


def _unpadded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _read(path):
    with open(path, "rb") as file:
        return file.read()


class Rotation:
    """`of`: the tenant's TenantImport, which is done; its folder gets a folder more."""

    def __init__(self, of, programs, site):
        self._of, self._programs, self._site = of, programs, site
        self._folder = of.path("rotation")
        os.makedirs(self._folder)

    def run(self):
        try:
            self._programs.client("aws", "kms", "create-alias", "--alias-name", f"alias/{self._of.slug}", "--region",
                                  REGION, "--target-key-id", self._of.aws_key)
            consumers = {name: made(self._programs, self._of.slug, self._folder) for name, made in CONSUMERS.items()}
            before = {name: one.encrypt() for name, one in consumers.items()}
            moved = self._rotate(consumers)
            places = self._prove()
            self._compare(consumers, before)
            self._compare_data_keys()
            return Rotated(self._of.tenant, places, moved)
        except (Refused, Mismatch, key_wrap.KeyWrapError, material.Unwrappable) as error:
            return Rotated(self._of.tenant, failure=str(error))

    def _path(self, *names):
        return os.path.join(self._folder, *names)

    def _run(self, *words, acts=()):
        """What rotate says of the key, after the acts that it is to do."""
        told = self._programs.act(self._site, "rotate", *self._of.of_key, *words, acts=acts)[0]["keys"][0]
        self._site.done.extend(["verify-import"] * len(told["judged"]))
        return told

    def _scripts(self, pattern, *words):
        found = sorted(glob.glob(self._path(pattern)))
        require(found, f"rotate wrote no {pattern}")
        for script in found:
            good, said = self._programs.run("sh", script, *words)
            require(good, f"{script}: {said}")
            yield said

    def _rotate(self, consumers):
        """How many data keys were moved to version 2."""
        asked = self._run("--force", "--output", self._path("asks"), acts=["generate-kek"])["asked"]
        require(len(asked) == len(CONSUMERS), f"parameters are asked for at {len(asked)} clouds")
        self._make = ["--parameters", self._path("asks"), "--output", self._path("bundles")]
        for said in self._scripts("asks/ask-*/fetch.sh"):
            self._make += [word for one in FINGERPRINT.findall(said) for word in ("--expect-wrapping-key", one)]
        made = self._run(*self._make, acts=["wrap-for-import"] * len(CONSUMERS))["made"]
        require(len(made) == len(CONSUMERS) + 1, f"{len(made)} bundles were made")  # AWS has two
        list(self._scripts("bundles/*-v2/import.sh"))
        for name, one in consumers.items():
            require(not one.is_under(one.encrypt(), self._key_of_cloud()), f"the import switched {name}")
        waits = self._run("--answers", self._path("bundles"))
        require({one["provider"] for one in waits["waits_for"]} == {"aws", "google"}, "Azure alone proves it so far")
        until = self._programs.client("date", "-u", "-d", "+1 month", "+%Y-%m-%dT%H:%M:%SZ").strip()
        for provider, name in (("aws", f"alias/{self._of.slug}"), ("google", self._of.slug)):
            self._programs.act(self._site, "inventory", "accept", *self._of.of_key, "--destination", name, "--provider",
                               provider, "--reason", "proven after the switch, or never", "--until", until)
        return self._run("--output", self._path("switch"), acts=["rotate", "dek-rewrap"])["moved"]

    def _prove(self):
        """After the clouds switched too: what is on record of version 2 at each of them."""
        self._run(*self._make, acts=["wrap-for-import"])
        list(self._scripts("switch/*/*-switch.sh"))
        list(self._scripts("bundles/*-switch/import.sh"))
        list(self._scripts("bundles/*-again/import.sh", "--first-answers",
                           glob.glob(self._path("bundles/aws-*-v2"))[0] + ".answers"))
        self._run("--answers", self._path("bundles"))
        places = dict(self._selected("SELECT d.provider, p.state FROM placement p JOIN destination d ON d.id = "
                                     "p.destination_id WHERE p.number = 2 AND d.name IN (?, ?)", self._of.slug,
                                     f"alias/{self._of.slug}"))
        require(places == {"aws": "proven", "azure": "serving", "google": "accepted"}, f"version 2 is at {places}")
        return places

    def _selected(self, statement, *values):
        path = os.path.join(self._site.folder, "registry.sqlite")
        with contextlib.closing(sqlite3.connect(path)) as registry:
            return registry.execute(statement, values).fetchall()

    def _key_of_cloud(self):
        """Version 2 as AWS opened it."""
        blob, = glob.glob(self._path("bundles/aws-*-v2/EncryptedKeyMaterial.bin"))
        return self._of.opened_blob(blob, AWS_BITS)

    def _compare(self, consumers, before):
        versions = {1: self._of.key_of_cloud(), 2: self._key_of_cloud()}
        for name, one in consumers.items():
            now = one.encrypt()
            require(one.opens(before[name]) and one.opens(now), f"{name} does not open what was encrypted")
            for sent, under in ((before[name], 1), (now, 2)):
                found = [number for number, key in versions.items() if one.is_under(sent, key)]
                require(found == [under], f"a ciphertext of {name} is under {found}, and should be under {under}")

    def _compare_data_keys(self):
        """What the registry keeps opens under version 2 to what was given out before, and is given out as that still."""
        key, given = self._key_of_cloud(), self._of.given_out
        for one in given:
            (number, wrapped, wrap), = self._selected("SELECT number, wrapped, mechanism FROM dek WHERE id = ?", one)
            opened = key_wrap.run("unwrap", wrap.removeprefix("aes-"), key, wrapped)
            require((number, opened) == (2, base64.b64decode(given[one]["key"])), f"the data key {one} is another one")
        require(self._of.give_out(*(word for one in given for word in ("--id", one))) == given, "data keys are given out as other keys than before")


def do_all(imports, programs, site):
    """Of tenants whose imports are done."""
    return [Rotation(one, programs, site).run() for one in imports]
