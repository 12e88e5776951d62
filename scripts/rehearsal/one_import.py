"""One row of the rehearsal, from import parameters to the verdict on the cloud's answers."""
import base64
import hashlib
import json
import os
import re
from typing import NamedTuple

import matrix
from mismatch import Mismatch, require
from programs import Refused
from standin import material, openssl, store

REGION, LOCATION, RING = "eu-central-1", "europe-west3", "rehearsal"
VAULT, HSM = "rehearsal-vault", "rehearsal-hsm"
# What a token is asked for when it cannot: nothing is wrong with keyrite then.
CANNOT = ("no-wrap-method", "padded-pkcs8")


class Outcome(NamedTuple):
    row: matrix.Row
    site: str = ""
    method: str = ""
    custody: str = ""
    size: int = 0
    verdict: str = ""
    failure: str = ""  # empty: as expected
    reasons: tuple = ()  # of an import that no token can do: one per token


class Import:
    """`sites`: by the names of their tokens; `keys`: {that name: {key type: generated key}}; `folder`: the row's own, it
    is made."""

    def __init__(self, row, programs, sites, keys, folder):
        self._row, self._programs, self._sites, self._keys, self._folder = row, programs, sites, keys, folder
        os.makedirs(folder)

    def run(self):
        row = self._row
        try:
            options, spki, second = getattr(self, f"_prepare_{row.provider}")()
            fingerprint = hashlib.sha256(spki).hexdigest()
            site, result, reasons = self._wrap([*options, "--expect-wrapping-key", fingerprint], second)
            if result is None:
                return Outcome(row, reasons=tuple(reasons),
                               failure="" if matrix.cannot_be_expected(row) else "no token could wrap it")
            made = result["bundles"][0]
            self._verify(site, "bundle", self._path("bundle"), *_custody_option(made))
            self._open("bundle", site)
            verdict = self._send(site)
            return Outcome(row, site, made["method"], made["custody"], made["blob_bytes"], verdict)
        except (Refused, Mismatch, material.Unwrappable, material.WrongMaterial) as error:
            return Outcome(row, failure=str(error))

    def _path(self, *names):
        return os.path.join(self._folder, *names)

    def _save(self, name, text):
        with open(self._path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self._path(name)

    # Import parameters, as the officer saves them: (options of wrap-for-import, SPKI, options of a second bundle).

    def _aws_parameters(self, key, name):
        text = self._programs.client("aws", "kms", "get-parameters-for-import", "--key-id", key,
                                     "--wrapping-algorithm", self._row.algorithm, "--wrapping-key-spec",
                                     f"RSA_{self._row.wrapping_bits}", "--output", "json")
        return self._save(name, text), base64.b64decode(json.loads(text)["PublicKey"])

    def _prepare_aws(self):
        usage = {"SYMMETRIC": "ENCRYPT_DECRYPT", "RSA": "ENCRYPT_DECRYPT", "HMAC": "GENERATE_VERIFY_MAC",
                 "ECC": "SIGN_VERIFY"}[self._row.cloud_type.split("_")[0]]
        created = json.loads(self._programs.client(
            "aws", "kms", "create-key", "--origin", "EXTERNAL", "--key-spec", self._row.cloud_type, "--key-usage",
            usage, "--region", REGION, "--output", "json"))
        key = created["KeyMetadata"]["Arn"]
        path, spki = self._aws_parameters(key, "params.json")
        options = ["aws", "--parameters", path, "--wrapping-algorithm", self._row.algorithm, "--key-spec",
                   self._row.cloud_type, "--key-usage", usage]
        second = []
        if self._row.cloud_type == "SYMMETRIC_DEFAULT":
            again, other = self._aws_parameters(key, "params-again.json")
            second = ["--verification-parameters", again, "--verification-out", self._path("verification"),
                      "--expect-verification-key", hashlib.sha256(other).hexdigest()]
        return options, spki, second

    def _prepare_azure(self):
        row = self._row
        where = ["--hsm-name", HSM] if row.is_secret else ["--vault-name", VAULT]
        kek = f"kek-{row.key_type}"
        text = self._programs.client("az", "keyvault", "key", "create", *where, "--name", kek, "--kty", "RSA-HSM",
                                     "--size", str(row.wrapping_bits), "--ops", "import", "-o", "json")
        path = self._save("kek.json", text)
        pem = self._path("kek.pem")
        self._programs.client("az", "keyvault", "key", "download", *where, "--name", kek, "--file", pem)
        with open(pem, "rb") as file:
            spki = openssl.run("pkey", "-pubin", "-outform", "DER", data=file.read())
        if row.wrapping_bits == 3072:  # the other form of the same parameters
            kid = json.loads(text)["key"]["kid"]
            return ["azure", "--wrapping-key", pem, "--kid", kid, "--name", row.key_type], spki, []
        return ["azure", "--parameters", path, "--name", row.key_type], spki, []

    def _prepare_google(self):
        row, job = self._row, f"job-{self._row.cloud_type}-{self._row.algorithm}"
        ring = ["--keyring", RING, "--location", LOCATION]
        self._programs.client("gcloud", "kms", "import-jobs", "create", job, *ring, "--import-method", row.algorithm,
                              "--protection-level", "hsm")
        text = self._programs.client("gcloud", "kms", "import-jobs", "describe", job, *ring, "--format=json")
        path = self._save("job.json", text)
        key = f"{row.cloud_type}-{row.scheme}-{row.digest}"
        spki = openssl.run("pkey", "-pubin", "-outform", "DER", data=json.loads(text)["publicKey"]["pem"].encode())
        return ["google", "--parameters", path, "--key", key, "--algorithm", row.cloud_type], spki, []

    # The ceremony side.

    def _wrap(self, options, second):
        """(site name, result, reasons): the first token that does it inside, else the first that does it with the
        transport key in host memory; no result: the reasons of each token."""
        order = sorted(self._keys, key=lambda name: (name == "nss") != (self._row.digest == "sha256"))
        options += ["--allow-unverified"] if self._row.unverified else []
        reasons = []
        for allowance in ([], ["--allow-host-ephemeral"]):
            reasons = []
            for name in order:
                site, key = self._sites[name], self._keys[name].get(self._row.key_type)
                if not isinstance(key, dict):
                    reasons.append(f"{site.name} makes no such keys")
                    continue
                try:
                    result, _ = self._programs.act(site, "wrap-for-import", *options, *second, *allowance,
                                                   "--label", key["label"], "--out", self._path("bundle"))
                    return name, result, []
                except Refused as refusal:
                    if refusal.code not in CANNOT:
                        raise
                    reasons.append(f"{site.name}: {refusal}{_answers(refusal.hint)}")
        return "", None, sorted(reasons)

    def _verify(self, site, *words, statuses=(0,)):
        return self._programs.act(self._sites[site], "verify-import", *words, statuses=statuses)

    def _open(self, bundle, site):
        """Opens the wrapped key with openssl and python3 and compares it with what the token said about its key."""
        row, key = self._row, self._keys[site][self._row.key_type]
        private = store.wrapping_key(row.provider, row.wrapping_bits)
        plain = material.unwrap(private, row.wrapping_bits, row.scheme, row.digest, self._blob(bundle))
        if row.is_secret:
            expected = len(plain) * 8 if row.key_type.startswith("aes-") else len(plain)
            require(str(expected) == row.key_type.split("-")[1 if row.key_type.startswith("aes-") else 2],
                    f"the bundle holds {len(plain)} bytes")
            for value in key["check_values"]:
                require(value["value"] == check_value(value["alg"], plain),
                        f"the bundle holds another key than the token: {value['alg']} differs")
            require(key["check_values"], "the token's key has no check value to compare with")
        else:
            kind = {"rsa": "rsa", "ec": row.key_type.split("-")[-1]}.get(row.key_type.split("-")[0], "ed25519")
            bits = int(row.key_type.split("-")[1]) if kind == "rsa" else None
            public = openssl.public_of(material.check_private(plain, kind, bits))
            with open(key["public"], "rb") as file:
                own = openssl.run("pkey", "-pubin", "-outform", "DER", data=file.read())
            require(public == own, "the bundle holds another private key than the token")

    def _blob(self, bundle):
        names = {matrix.AWS: "EncryptedKeyMaterial.bin", matrix.GOOGLE: "wrapped-key.bin",
                 matrix.AZURE: f"{self._row.key_type}.byok"}
        with open(self._path(bundle, names[self._row.provider]), "rb") as file:
            content = file.read()
        if self._row.provider != matrix.AZURE:
            return content
        text = json.loads(content)["ciphertext"]
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

    # The connected side, and back.

    def _send(self, site):
        """Runs import.sh and judges the answers it saved. AWS cannot be asked about symmetric keys: there the same
        key is imported once more from the verification bundle, and only that proves it."""
        steps = [["create"], []] if self._row.provider == matrix.GOOGLE else [[]]
        for step in steps:
            self._programs.client("sh", self._path("bundle", "import.sh"), *step)
        answers = self._path("bundle.answers")
        if self._row.cloud_type != "SYMMETRIC_DEFAULT":
            return self._judge(site, "bundle", answers, self._row.verdict)
        self._judge(site, "bundle", answers, "consistent but not proven")
        self._verify(site, "bundle", self._path("verification"), "--allow-host-ephemeral")
        self._programs.client("sh", self._path("verification", "import.sh"), "--first-answers", answers)
        return self._judge(site, "verification", self._path("verification.answers"), "proven")

    def _judge(self, site, bundle, answers, wanted):
        result, status = self._verify(site, "answers", self._path(bundle), "--evidence", answers, statuses=(0, 6, 7))
        require(status == {"proven": 0, "consistent but not proven": 7, "different": 6}[result["verdict"]],
                f"verdict {result['verdict']} with exit status {status}")
        weaker = self._row.cloud_type == "SYMMETRIC_DEFAULT"  # AWS offers no more than its word
        basis = {"proven": "provider statement" if weaker else "cryptographic"}.get(result["verdict"])
        require(basis is None or result["basis"] == basis, f"{result['verdict']} by {result['basis']}")
        require(result["verdict"] == wanted, f"verdict {result['verdict']} where {wanted} is right")
        return result["verdict"]


def _answers(hint):
    """What the token answered to the methods that were tried."""
    names = sorted(set(re.findall(r"CKR_[A-Z0-9_]+", hint)))
    return f" ({', '.join(names)})" if names else ""


def _custody_option(made):
    return ["--allow-host-ephemeral"] if made["custody"] == "host-ephemeral" else []


def check_value(algorithm, key):
    """The same conventions as the token's, computed by openssl from the key itself."""
    if algorithm == "aes-ecb-zero":
        return openssl.aes("ecb", key, b"", bytes(16))[:3].hex()
    if algorithm == "aes-cmac-zero":
        return openssl.run("mac", "-cipher", f"AES-{len(key) * 8}-CBC", "-macopt", f"hexkey:{key.hex()}", "-binary",
                           "-in", "-", "CMAC", data=bytes(16))[:5].hex()
    if algorithm == "hkdf-sha256-key-check-value":
        return openssl.run("kdf", "-keylen", "32", "-kdfopt", "digest:SHA256", "-kdfopt", f"hexkey:{key.hex()}", "-kdfopt",
                           f"hexsalt:{bytes(32).hex()}", "-kdfopt", "info:Key Check Value", "-binary", "HKDF").hex()
    mac = re.fullmatch(r"hmac-(sha1|sha224|sha256)-zero", algorithm)
    if mac:
        return openssl.hmac(mac[1].upper(), key, bytes(16))[:3].hex()
    raise Mismatch(f"unknown check value {algorithm}")
