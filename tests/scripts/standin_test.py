#!/usr/bin/python3
"""The stand-in clouds take what a cloud takes and refuse what it refuses. Blobs are made here with pyca/cryptography,
which keyrite does not use, and the stand-ins for AES key wrap alone: this one is held to the vectors of its RFCs."""
import base64
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import unittest

from cryptography.hazmat.primitives import hashes, hmac, keywrap, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

REHEARSAL = os.path.join(os.path.dirname(os.path.realpath(__file__)), "../../scripts/rehearsal")
CLOUD = os.path.join(REHEARSAL, "cloud")
KEY_WRAP = ("/usr/bin/python3", "-I", "-B", os.path.join(REHEARSAL, "standin/key_wrap.py"))
PKCS8 = (serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
SPKI = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def oaep(public, digest, message):
    return public.encrypt(message, padding.OAEP(padding.MGF1(digest), digest, None))


def rsa_aes(public, digest, message, wrap=keywrap.aes_key_wrap_with_padding):
    transport = os.urandom(32)
    return oaep(public, digest, transport) + wrap(transport, message)


class Clouds(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.environment = {**os.environ, "REHEARSAL_CLOUD": os.path.join(cls.scratch.name, "cloud")}
        cls.environment.setdefault("REHEARSAL_WRAPPING_KEYS", os.path.join(cls.scratch.name, "keys"))

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def run_client(self, *words):
        return subprocess.run([os.path.join(CLOUD, words[0]), *words[1:]], env=self.environment, cwd=self.scratch.name,
                              capture_output=True, text=True, check=False)

    def answer(self, *words):
        result = self.run_client(*words)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout) if result.stdout.startswith(("{", "[")) else result.stdout

    def refusal(self, status, text, *words):
        result = self.run_client(*words)
        self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        self.assertIn(text, result.stderr)

    def write(self, name, content):
        with open(os.path.join(self.scratch.name, name), "wb") as file:
            file.write(content)
        return name

    def read(self, name):
        with open(os.path.join(self.scratch.name, name), "rb") as file:
            return file.read()


class Aws(Clouds):
    def key(self, spec, *more):
        return self.answer("aws", "kms", "create-key", "--origin", "EXTERNAL", "--key-spec", spec, *more, "--query",
                           "KeyMetadata.Arn", "--output", "text").strip()

    def parameters(self, key, algorithm, wrapping="RSA_2048"):
        answer = self.answer("aws", "kms", "get-parameters-for-import", "--key-id", key, "--wrapping-algorithm",
                             algorithm, "--wrapping-key-spec", wrapping, "--output", "json")
        self.write("token", base64.b64decode(answer["ImportToken"]))
        return serialization.load_der_public_key(base64.b64decode(answer["PublicKey"]))

    def importing(self, key, blob, *more):
        return ("aws", "kms", "import-key-material", "--key-id", key, "--encrypted-key-material",
                "fileb://" + self.write("blob", blob), "--import-token", "fileb://token", "--expiration-model",
                "KEY_MATERIAL_DOES_NOT_EXPIRE", *more)

    def test_symmetric_material_keeps_its_id(self):
        key, secret = self.key("SYMMETRIC_DEFAULT"), os.urandom(32)
        first = self.answer(*self.importing(
            key, oaep(self.parameters(key, "RSAES_OAEP_SHA_256"), hashes.SHA256(), secret)))
        public = self.parameters(key, "RSAES_OAEP_SHA_1", "RSA_3072")
        again = self.answer(*self.importing(key, oaep(public, hashes.SHA1(), secret), "--import-type",
                                            "EXISTING_KEY_MATERIAL", "--key-material-id", first["KeyMaterialId"]))
        self.assertEqual(first, again)
        described = self.answer("aws", "kms", "describe-key", "--key-id", key)["KeyMetadata"]
        self.assertEqual((described["CurrentKeyMaterialId"], described["KeyState"]),
                         (first["KeyMaterialId"], "Enabled"))
        listed = self.answer("aws", "kms", "list-key-rotations", "--key-id", key, "--include-key-material",
                             "ALL_KEY_MATERIAL")["Rotations"]
        self.assertEqual([row["KeyMaterialState"] for row in listed], ["CURRENT"])
        public = self.parameters(key, "RSAES_OAEP_SHA_256")
        self.refusal(254, "IncorrectKeyMaterialException",
                     *self.importing(key, oaep(public, hashes.SHA256(), os.urandom(32)), "--import-type",
                                     "EXISTING_KEY_MATERIAL"))

    def test_what_was_wrapped_otherwise_is_refused(self):
        key, secret = self.key("SYMMETRIC_DEFAULT"), os.urandom(32)
        public = self.parameters(key, "RSAES_OAEP_SHA_256")
        for blob in (oaep(public, hashes.SHA1(), secret), oaep(public, hashes.SHA256(), secret)[:-1],
                     base64.b64encode(oaep(public, hashes.SHA256(), secret)),
                     rsa_aes(public, hashes.SHA256(), secret)):
            self.refusal(254, "InvalidCiphertextException", *self.importing(key, blob))
        for wrong in (secret[:31], secret + b"\n"):
            self.refusal(254, "IncorrectKeyMaterialException",
                         *self.importing(key, oaep(public, hashes.SHA256(), wrong)))
        other = self.key("SYMMETRIC_DEFAULT")
        self.refusal(254, "InvalidImportTokenException",
                     *self.importing(other, oaep(public, hashes.SHA256(), secret)))

    def test_rsa_keys_are_signed_with_and_decrypt(self):
        private = rsa.generate_private_key(65537, 2048)
        for usage in ("SIGN_VERIFY", "ENCRYPT_DECRYPT"):
            key = self.key("RSA_2048", "--key-usage", usage)
            public = self.parameters(key, "RSA_AES_KEY_WRAP_SHA_256")
            self.answer(*self.importing(key, rsa_aes(public, hashes.SHA256(), private.private_bytes(*PKCS8))))
            shown = self.answer("aws", "kms", "get-public-key", "--key-id", key)
            self.assertEqual(base64.b64decode(shown["PublicKey"]), private.public_key().public_bytes(*SPKI))
            if usage == "SIGN_VERIFY":
                signed = self.answer("aws", "kms", "sign", "--key-id", key, "--message",
                                     "fileb://" + self.write("nonce", b"nonce"), "--message-type", "RAW",
                                     "--signing-algorithm", "RSASSA_PSS_SHA_256")
                private.public_key().verify(base64.b64decode(signed["Signature"]), b"nonce",
                                            padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
            else:
                self.write("sealed", oaep(private.public_key(), hashes.SHA256(), b"hidden"))
                opened = self.answer("aws", "kms", "decrypt", "--key-id", key, "--ciphertext-blob", "fileb://sealed",
                                     "--encryption-algorithm", "RSAES_OAEP_SHA_256")
                self.assertEqual(base64.b64decode(opened["Plaintext"]), b"hidden")

    def test_keys_for_agreement_share_a_secret(self):
        private, other = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        key = self.key("ECC_NIST_P256", "--key-usage", "KEY_AGREEMENT")
        public = self.parameters(key, "RSA_AES_KEY_WRAP_SHA_256")
        self.answer(*self.importing(key, rsa_aes(public, hashes.SHA256(), private.private_bytes(*PKCS8))))
        peer = "fileb://" + self.write("peer", other.public_key().public_bytes(*SPKI))
        asking = ("aws", "kms", "derive-shared-secret", "--key-id", key, "--key-agreement-algorithm")
        shared = self.answer(*asking, "ECDH", "--public-key", peer)
        self.assertEqual(base64.b64decode(shared["SharedSecret"]), other.exchange(ec.ECDH(), private.public_key()))
        self.refusal(254, "ValidationException", *asking, "ECDH", "--public-key", "fileb://" + self.write("no", b"no"))

    def test_private_keys_are_taken_in_strict_pkcs8_only(self):
        key = self.key("ECC_NIST_P256", "--key-usage", "SIGN_VERIFY")
        public = self.parameters(key, "RSA_AES_KEY_WRAP_SHA_1")
        private = ec.generate_private_key(ec.SECP256R1())
        plain = private.private_bytes(*PKCS8)
        traditional = private.private_bytes(serialization.Encoding.DER,
                                            serialization.PrivateFormat.TraditionalOpenSSL,
                                            serialization.NoEncryption())
        other = ec.generate_private_key(ec.SECP384R1()).private_bytes(*PKCS8)
        for wrong in (plain + b"\0", plain[:-1], traditional, other, private.private_bytes(
                serialization.Encoding.PEM, *PKCS8[1:])):
            self.refusal(254, "IncorrectKeyMaterialException",
                         *self.importing(key, rsa_aes(public, hashes.SHA1(), wrong)))
        self.refusal(254, "InvalidCiphertextException", *self.importing(
            key, rsa_aes(public, hashes.SHA1(), plain + b"\6" * 6, keywrap.aes_key_wrap)))
        self.answer(*self.importing(key, oaep(self.parameters(key, "RSAES_OAEP_SHA_1", "RSA_4096"), hashes.SHA1(),
                                              plain)))

    def test_macs_are_computed_with_the_imported_key(self):
        key, secret = self.key("HMAC_384"), os.urandom(64)
        self.answer(*self.importing(key, oaep(self.parameters(key, "RSAES_OAEP_SHA_256"), hashes.SHA256(), secret)))
        answer = self.answer("aws", "kms", "generate-mac", "--key-id", key, "--message",
                             "fileb://" + self.write("nonce", b"nonce"), "--mac-algorithm", "HMAC_SHA_384")
        own = hmac.HMAC(secret, hashes.SHA384())
        own.update(b"nonce")
        self.assertEqual(base64.b64decode(answer["Mac"]), own.finalize())

    def test_errors_are_printed_in_the_form_asked_for(self):
        line = ("aws", "kms", "describe-key", "--key-id", "none")
        for form, text in (("json", '"Code": "NotFoundException"'), ("yaml", "Code: NotFoundException"),
                           ("text", "NotFoundException\t"), ("enhanced", "aws: [ERROR]: An error occurred"),
                           ("legacy", "An error occurred (NotFoundException)")):
            self.environment["AWS_CLI_ERROR_FORMAT"] = form
            self.refusal(254, text, *line)
        del self.environment["AWS_CLI_ERROR_FORMAT"]
        known = self.answer("aws", "kms", "import-key-material", "--generate-cli-skeleton", "input")
        self.assertIn("KeyMaterialId", known)

    def test_wrong_usage_is_an_error(self):
        key = self.key("HMAC_256")
        self.refusal(252, "unrecognized arguments: --wrapped", "aws", "kms", "describe-key", "--key-id", key,
                     "--wrapped", "x")
        self.refusal(252, "required: --key-id", "aws", "kms", "describe-key")
        self.refusal(252, "Invalid choice", "aws", "kms", "describe")
        self.refusal(254, "NotFoundException", "aws", "kms", "describe-key", "--key-id", "none")
        public = self.parameters(key, "RSAES_OAEP_SHA_256")
        blob = oaep(public, hashes.SHA256(), bytes(32))
        self.refusal(254, "ValidationException", *self.importing(key, blob)[:-2])
        self.refusal(254, "UnsupportedOperationException",
                     *self.importing(key, blob, "--import-type", "NEW_KEY_MATERIAL"))


class Azure(Clouds):
    def byok(self, store, content, version=""):
        kek = self.answer("az", "keyvault", "key", "create", *store, "--name", "kek", "--kty", "RSA-HSM", "--size",
                          "2048", "--ops", "import", "-o", "json")["key"]
        number = [int.from_bytes(base64.b64decode(kek[name]), "big") for name in ("e", "n")]
        blob = rsa_aes(rsa.RSAPublicNumbers(*number).public_key(), hashes.SHA1(), content)
        header = {"kid": kek["kid"] + version, "alg": "dir", "enc": "CKM_RSA_AES_KEY_WRAP"}
        return self.write("k.byok", json.dumps({
            "schema_version": "1.0.0", "header": header, "generator": "test",
            "ciphertext": base64.urlsafe_b64encode(blob).decode().rstrip("=")}).encode())

    def test_secret_keys_answer_challenges(self):
        secret, iv = os.urandom(32), os.urandom(16)
        store = ("--hsm-name", "hsm")
        imported = self.answer("az", "keyvault", "key", "import", *store, "--name", "k", "--kty", "oct", "--byok-file",
                               self.byok(store, secret), "--ops", "encrypt", "decrypt", "wrapKey", "sign")
        kid = imported["key"]["kid"]
        self.assertRegex(kid, r"^https://hsm\.managedhsm\.azure\.net/keys/k/[0-9a-f]{32}$")
        answer = self.answer("az", "keyvault", "key", "encrypt", "--id", kid, "--algorithm", "A256CBC", "--iv",
                             iv.hex(), "--value", base64.b64encode(bytes(32)).decode(), "--data-type", "base64")
        own = Cipher(algorithms.AES(secret), modes.CBC(iv)).encryptor().update(bytes(32))
        self.assertEqual(base64.b64decode(answer["result"]), own)
        answer = self.answer("az", "rest", "--method", "POST", "--uri", kid + "/wrapkey?api-version=7.5", "--resource",
                             "https://managedhsm.azure.net", "--headers", "Content-Type=application/json", "--body",
                             json.dumps({"alg": "A256KW", "value": base64.urlsafe_b64encode(bytes(32)).decode()}))
        self.assertEqual(base64.urlsafe_b64decode(answer["value"] + "=="), keywrap.aes_key_wrap(secret, bytes(32)))
        gcm = AESGCM(secret).encrypt(iv[:12], b"hidden", None)
        answer = self.answer("az", "keyvault", "key", "decrypt", "--id", kid, "--algorithm", "A256GCM", "--iv",
                             iv[:12].hex(), "--tag", gcm[-16:].hex(), "--value",
                             base64.b64encode(gcm[:-16]).decode())
        self.assertEqual(base64.b64decode(answer["result"]), b"hidden")

    def test_ec_keys_are_shown_as_jwk(self):
        private = ec.generate_private_key(ec.SECP256K1())
        store = ("--vault-name", "v")
        self.answer("az", "keyvault", "key", "import", *store, "--name", "e", "--kty", "EC", "--curve", "P-256K",
                    "--byok-file", self.byok(store, private.private_bytes(*PKCS8)), "--ops", "sign", "verify")
        jwk = self.answer("az", "keyvault", "key", "show", *store, "--name", "e", "-o", "json")["key"]
        digest = hashlib.sha256(b"nonce").digest()
        signed = self.answer("az", "rest", "--method", "POST", "--uri", jwk["kid"] + "/sign?api-version=7.5",
                             "--resource", "https://vault.azure.net", "--headers", "Content-Type=application/json",
                             "--body", json.dumps({"alg": "ES256K",
                                                   "value": base64.urlsafe_b64encode(digest).decode().rstrip("=")}))
        raw = base64.urlsafe_b64decode(signed["value"] + "==")
        pair = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        private.public_key().verify(pair, b"nonce", ec.ECDSA(hashes.SHA256()))
        self.refusal(2, "is misspelled", "az", "keyvault", "key", "sign", "--id", jwk["kid"])
        numbers = private.public_key().public_numbers()
        self.assertEqual([base64.b64decode(jwk[name]) for name in ("x", "y")],
                         [numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")])
        self.assertEqual((jwk["kty"], jwk["crv"], jwk["keyOps"]), ("EC-HSM", "P-256K", ["sign", "verify"]))
        self.answer("az", "keyvault", "key", "download", *store, "--name", "e", "--file", "e.pem")
        self.refusal(2, "already exists", "az", "keyvault", "key", "download", *store, "--name", "e", "--file",
                     "e.pem")

    def test_a_bad_transfer_blob_is_refused(self):
        store = ("--vault-name", "v")
        importing = ("az", "keyvault", "key", "import", *store, "--name", "x", "--ops", "sign", "--byok-file")
        private = rsa.generate_private_key(65537, 2048).private_bytes(*PKCS8)
        self.refusal(1, "BadParameter", *importing, self.byok(store, private + bytes(4)))
        self.refusal(3, "KeyNotFound", *importing, self.byok(store, private, version="0"))
        self.refusal(1, "not a key version of this vault", *importing, self.byok(("--vault-name", "w"), private))
        self.refusal(2, "--curve is required", *importing, self.byok(store, private), "--kty", "EC")
        self.refusal(2, "unrecognized arguments", *importing, self.byok(store, private), "--curve-name", "P-256")


class Google(Clouds):
    RING = ("--keyring", "r", "--location", "europe-west3")

    def setUp(self):
        self.run_client("gcloud", "kms", "keyrings", "create", "r", "--location", "europe-west3")

    def key(self, name, purpose, algorithm, method, level="software"):
        self.answer("gcloud", "kms", "keys", "create", name, *self.RING, "--purpose", purpose, "--default-algorithm",
                    algorithm, "--protection-level", level, "--skip-initial-version-creation", "--import-only")
        self.answer("gcloud", "kms", "import-jobs", "create", "job-" + name, *self.RING, "--import-method", method,
                    "--protection-level", level)
        job = self.answer("gcloud", "kms", "import-jobs", "describe", "job-" + name, *self.RING, "--format=json")
        self.assertEqual((job["state"], job["importMethod"]), ("ACTIVE", method.replace("-", "_").upper()))
        return serialization.load_pem_public_key(job["publicKey"]["pem"].encode())

    def imported(self, name, algorithm, blob):
        number = self.answer("gcloud", "kms", "keys", "versions", "import", "--import-job", "job-" + name, *self.RING,
                             "--key", name, "--algorithm", algorithm, "--wrapped-key-file",
                             self.write("wrapped", blob), "--format", "json")["name"].rsplit("/", 1)[1]
        return number, self.answer("gcloud", "kms", "keys", "versions", "describe", number, "--key", name, *self.RING,
                                   "--format", "json")

    def test_raw_encryption_keys_encrypt_and_decrypt(self):
        for mode, cipher in (("cbc", modes.CBC), ("ctr", modes.CTR)):
            secret, iv = os.urandom(32), os.urandom(16)
            public = self.key(mode, "raw-encryption", f"aes-256-{mode}", "rsa-oaep-3072-sha256")
            number, version = self.imported(mode, f"aes-256-{mode}", oaep(public, hashes.SHA256(), secret))
            self.assertEqual(version["state"], "ENABLED")
            self.answer("gcloud", "kms", "raw-encrypt", "--version", number, "--key", mode, *self.RING,
                        "--plaintext-file", self.write("plain", bytes(32)), "--ciphertext-file", "sealed",
                        "--initialization-vector-file", self.write("iv", iv))
            self.assertEqual(self.read("sealed"),
                             Cipher(algorithms.AES(secret), cipher(iv)).encryptor().update(bytes(32)))

    def test_a_failed_import_is_seen_later(self):
        public = self.key("mac", "mac", "hmac-sha256", "rsa-oaep-3072-sha1-aes-256", "hsm")
        for blob in (rsa_aes(public, hashes.SHA256(), bytes(32)), rsa_aes(public, hashes.SHA1(), bytes(33))):
            _, version = self.imported("mac", "hmac-sha256", blob)
            self.assertEqual((version["state"], version["reimportEligible"]), ("IMPORT_FAILED", True))
        number, version = self.imported("mac", "hmac-sha256", rsa_aes(public, hashes.SHA1(), bytes(32)))
        self.assertEqual((number, version["state"]), ("3", "ENABLED"))
        self.answer("gcloud", "kms", "mac-sign", "--version", "3", "--key", "mac", *self.RING, "--input-file",
                    self.write("nonce", b"nonce"), "--signature-file", "mac.bin")
        own = hmac.HMAC(bytes(32), hashes.SHA256())
        own.update(b"nonce")
        self.assertEqual(self.read("mac.bin"), own.finalize())

    def test_ed25519_keys_sign(self):
        private = ed25519.Ed25519PrivateKey.generate()
        public = self.key("ed", "asymmetric-signing", "ec-sign-ed25519", "rsa-oaep-4096-sha256-aes-256")
        self.imported("ed", "ec-sign-ed25519", rsa_aes(public, hashes.SHA256(), private.private_bytes(*PKCS8)))
        self.answer("gcloud", "kms", "asymmetric-sign", "--version", "1", "--key", "ed", *self.RING, "--input-file",
                    self.write("nonce", b"nonce"), "--signature-file", "signature")
        private.public_key().verify(self.read("signature"), b"nonce")
        self.answer("gcloud", "kms", "keys", "versions", "get-public-key", "1", "--key", "ed", *self.RING,
                    "--output-file", "public.pem")
        self.assertEqual(serialization.load_pem_public_key(self.read("public.pem")).public_bytes(*SPKI),
                         private.public_key().public_bytes(*SPKI))

    def test_raw_pkcs1_keys_sign_what_was_digested_elsewhere(self):
        private = rsa.generate_private_key(65537, 2048)
        public = self.key("raw", "asymmetric-signing", "rsa-sign-raw-pkcs1-2048", "rsa-oaep-3072-sha256-aes-256")
        self.imported("raw", "rsa-sign-raw-pkcs1-2048",
                      rsa_aes(public, hashes.SHA256(), private.private_bytes(*PKCS8)))
        info = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(b"nonce").digest()
        self.answer("gcloud", "kms", "asymmetric-sign", "--version", "1", "--key", "raw", *self.RING, "--input-file",
                    self.write("info", info), "--signature-file", "signature")
        private.public_key().verify(self.read("signature"), b"nonce", padding.PKCS1v15(), hashes.SHA256())

    def test_symmetric_keys_get_a_primary_version(self):
        public = self.key("sym", "encryption", "google-symmetric-encryption", "rsa-oaep-3072-sha256")
        self.imported("sym", "google-symmetric-encryption", oaep(public, hashes.SHA256(), bytes(32)))
        self.answer("gcloud", "kms", "keys", "set-primary-version", "sym", "--version", "1", *self.RING)
        self.refusal(1, "NOT_FOUND", "gcloud", "kms", "keys", "set-primary-version", "sym", "--version", "2",
                     *self.RING)
        self.refusal(2, "unrecognized arguments: --target-key-file", "gcloud", "kms", "keys", "versions", "import",
                     "--target-key-file", "x")


class KeyWrap(unittest.TestCase):
    KWP_KEY = "5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8"
    # RFC 3394 section 4.6, and both examples of RFC 5649 section 6.
    VECTORS = (("kw", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
                "00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f",
                "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21"),
               ("kwp", KWP_KEY, "c37b7e6492584340bed12207808941155068f738",
                "138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a"),
               ("kwp", KWP_KEY, "466f7250617369", "afbeb0f07dfbf5419200f2ccb50bb24f"))

    def run_it(self, act, form, key, content):
        return subprocess.run([*KEY_WRAP, act, form, key], input=content, capture_output=True, check=False)

    def test_vectors_of_the_rfcs(self):
        for form, key, plain, wrapped in self.VECTORS:
            for act, given, wanted in (("wrap", plain, wrapped), ("unwrap", wrapped, plain)):
                done = self.run_it(act, form, key, bytes.fromhex(given))
                self.assertEqual((done.returncode, done.stdout.hex(), done.stderr), (0, wanted, b""))

    def test_what_does_not_open_is_refused(self):
        for form, key, _, text in self.VECTORS:
            wrapped = bytes.fromhex(text)
            other = "kwp" if form == "kw" else "kw"
            for attempt in ((form, key, wrapped[:-1] + bytes([wrapped[-1] ^ 1])), (form, key, wrapped[:-1]),
                            (form, key, wrapped + b"\n"), (form, key[:-2] + "00", wrapped), (other, key, wrapped)):
                done = self.run_it("unwrap", *attempt)
                self.assertEqual((done.returncode, done.stdout), (1, b""), attempt)
                self.assertRegex(done.stderr, rb"^key_wrap: error: AES-KWP? unwrap: .+\n$")


if __name__ == "__main__":
    sys.exit(unittest.main())
