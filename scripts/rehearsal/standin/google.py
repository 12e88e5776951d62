"""`gcloud kms`: key rings, import jobs, imported key versions and the questions to them."""
import base64
import json
import os
import sys

from . import arguments, gcm, google_keys, openssl, store
from .arguments import FLAG, ONE, UsageError

COMMON = {"format": ONE, "project": ONE, "quiet": FLAG, "verbosity": ONE}
RING = {"keyring": ONE, "location": ONE}
KEY = {**RING, "key": ONE}
QUESTION = {**KEY, "version": ONE, "skip-integrity-verification": FLAG}
MAX_BYTES = 65536


def location_of(given):
    given.require("location")
    project = given.project or os.environ.get("CLOUDSDK_CORE_PROJECT", "rehearsal")
    return f"projects/{project}/locations/{given.location}"


def ring_of(given):
    given.require("keyring")
    return f"{location_of(given)}/keyRings/{given.keyring}"


def key_of(given):
    given.require("key")
    return f"{ring_of(given)}/cryptoKeys/{given.key}"


def version_of(given):
    given.require("version")
    return google_keys.find_version(f"{key_of(given)}/cryptoKeyVersions/{given.version}")


def read(path, limit=MAX_BYTES):
    content = arguments.read(path)
    if len(content) > limit:
        raise UsageError(f"The file [{path}] is larger than the maximum size of {limit} bytes.")
    return content


def write(path, content):
    """The client overwrites what is there."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)


def keyrings_create(given):
    google_keys.create_ring(f"{location_of(given)}/keyRings/{given.words[0]}")


def keys_create(given):
    given.require("purpose")
    if not given.skip_initial_version_creation or not given.import_only:
        raise UsageError("this stand-in makes keys with --skip-initial-version-creation --import-only")
    google_keys.create_key(ring_of(given), given.words[0], given.purpose, given.protection_level or "software",
                           given.default_algorithm, given.destroy_scheduled_duration)


def import_jobs_create(given):
    given.require("import-method", "protection-level")
    google_keys.create_job(ring_of(given), given.words[0], given.import_method, given.protection_level)


def import_jobs_describe(given):
    return google_keys.describe_job(f"{ring_of(given)}/importJobs/{given.words[0]}")


def versions_import(given):
    given.require("algorithm", "import-job", "wrapped-key-file")
    job = f"{ring_of(given)}/importJobs/{given.import_job}"
    return google_keys.import_version(key_of(given), job, given.algorithm, read(given.wrapped_key_file),
                                      given.version)


def versions_describe(given):
    version = google_keys.find_version(f"{key_of(given)}/cryptoKeyVersions/{given.words[0]}")
    answer = google_keys.public_view(version)
    if given.attestation_file and "attestation" in answer:
        write(given.attestation_file, base64.b64decode(answer["attestation"]["content"]))
    return answer


def versions_list(given):
    return google_keys.list_versions(key_of(given))


def versions_destroy(given):
    return google_keys.destroy(f"{key_of(given)}/cryptoKeyVersions/{given.words[0]}")


def get_public_key(given):
    version = google_keys.find_version(f"{key_of(given)}/cryptoKeyVersions/{given.words[0]}")
    pem = openssl.pem_of(openssl.public_of(google_keys.private_key(version)))
    if given.output_file:
        write(given.output_file, pem.encode("ascii"))
    else:
        print(pem, end="")


def get_certificate_chain(given):
    """The form of a chain: the stand-in's own wrapping key certified by itself would say nothing, so it is empty."""
    google_keys.find_version(f"{key_of(given)}/cryptoKeyVersions/{given.words[0]}")
    text = "-----BEGIN CERTIFICATE-----\n" + base64.b64encode(b"rehearsal: no HSM, no certificate").decode() + \
        "\n-----END CERTIFICATE-----\n"
    write(given.output_file or "/dev/stdout", text.encode("ascii"))


def set_primary_version(given):
    given.require("version")
    google_keys.set_primary(f"{ring_of(given)}/cryptoKeys/{given.words[0]}", given.version)


def keys_describe(given):
    return google_keys.describe_key(f"{ring_of(given)}/cryptoKeys/{given.words[0]}")


def encrypt(given):
    """A form of the stand-in's own, since the service's is not published: the number of the version, IV, ciphertext, tag."""
    given.require("plaintext-file", "ciphertext-file")
    version = google_keys.primary_version(key_of(given))
    google_keys.require_family(version, "encryption")
    number, iv = int(version["name"].rsplit("/", 1)[1]), os.urandom(12)
    write(given.ciphertext_file, number.to_bytes(4, "big") + iv + b"".join(
        gcm.encrypt(google_keys.secret_bytes(version), iv, read(given.plaintext_file))))


def decrypt(given):
    given.require("plaintext-file", "ciphertext-file")
    data = read(given.ciphertext_file, 2 * MAX_BYTES)
    version = google_keys.find_version(f"{key_of(given)}/cryptoKeyVersions/{int.from_bytes(data[:4], 'big')}")
    google_keys.require_family(version, "encryption")
    try:
        write(given.plaintext_file, gcm.decrypt(google_keys.secret_bytes(version), data[4:16], data[16:-16], data[-16:]))
    except gcm.TagError as error:
        raise google_keys.GoogleError("INVALID_ARGUMENT", "Decryption failed.") from error


def mac_sign(given):
    given.require("input-file", "signature-file")
    version = version_of(given)
    digest = google_keys.require_family(version, "mac").rsplit("-", 1)[1]
    write(given.signature_file, openssl.hmac(digest.upper(), google_keys.secret_bytes(version),
                                             read(given.input_file)))


def _raw(given, source, target, decrypt):
    given.require(source, target)
    version = version_of(given)
    mode = google_keys.require_family(version, "raw-encryption").rsplit("-", 1)[1]
    secret, data = google_keys.secret_bytes(version), read(getattr(given, source), 2 * MAX_BYTES)
    given_iv = given.initialization_vector_file
    if mode == "gcm":
        if decrypt:
            given.require("initialization-vector-file")
            result = gcm.decrypt(secret, read(given_iv), data[:-16], data[-16:])
        else:
            if given_iv:
                raise google_keys.GoogleError("INVALID_ARGUMENT", "an initialization vector is not allowed for AES-GCM")
            iv = os.urandom(12)
            write(f"./inialization_vector_{os.urandom(4).hex()}", iv)
            result = b"".join(gcm.encrypt(secret, iv, data))
    else:
        iv = read(given_iv) if given_iv else os.urandom(16)
        if len(iv) != 16 or (mode == "cbc" and len(data) % 16 != 0):
            raise google_keys.GoogleError("INVALID_ARGUMENT", "16 bytes of IV and, for CBC, whole blocks are needed")
        result = openssl.aes(mode, secret, iv, data, decrypt)
    write(getattr(given, target), result)


def raw_encrypt(given):
    _raw(given, "plaintext-file", "ciphertext-file", False)


def raw_decrypt(given):
    try:
        _raw(given, "ciphertext-file", "plaintext-file", True)
    except gcm.TagError as error:
        raise google_keys.GoogleError("INVALID_ARGUMENT", "Decryption failed.") from error


def asymmetric_sign(given):
    given.require("input-file", "signature-file")
    version = version_of(given)
    algorithm = google_keys.require_family(version, "asymmetric-signing")
    if "-raw-" in algorithm:
        if given.digest_algorithm:
            raise google_keys.GoogleError("INVALID_ARGUMENT", f"the digest must be absent for {algorithm}")
        write(given.signature_file, openssl.sign_padded(google_keys.private_key(version), read(given.input_file)))
        return
    digest = None if algorithm == "ec-sign-ed25519" else algorithm.rsplit("-", 1)[1]
    if given.digest_algorithm != digest:
        raise google_keys.GoogleError("INVALID_ARGUMENT", f"the digest must be {digest or 'absent'} for {algorithm}")
    message = read(given.input_file)
    write(given.signature_file, openssl.sign_message(google_keys.private_key(version), digest, message,
                                                     "-pss-" in algorithm))


def asymmetric_decrypt(given):
    given.require("ciphertext-file", "plaintext-file")
    version = version_of(given)
    digest = google_keys.require_family(version, "asymmetric-encryption").rsplit("-", 1)[1]
    try:
        with openssl.Files(key=google_keys.private_key(version)) as names:
            write(given.plaintext_file, openssl.oaep_decrypt(names["key"], digest, read(given.ciphertext_file), "DER"))
    except openssl.OpensslError as error:
        raise google_keys.GoogleError("INVALID_ARGUMENT", "Decryption failed.") from error


# Command -> (function, names on the line, options, whether its answer is printed without --format).
COMMANDS = {
    "keyrings create": (keyrings_create, 1, {"location": ONE}),
    "keys create": (keys_create, 1, {**RING, "purpose": ONE, "protection-level": ONE, "default-algorithm": ONE,
                                     "skip-initial-version-creation": FLAG, "import-only": FLAG,
                                     "destroy-scheduled-duration": ONE}),
    "keys describe": (keys_describe, 1, RING),
    "encrypt": (encrypt, 0, {**KEY, "plaintext-file": ONE, "ciphertext-file": ONE}),
    "decrypt": (decrypt, 0, {**KEY, "plaintext-file": ONE, "ciphertext-file": ONE}),
    "keys set-primary-version": (set_primary_version, 1, {**RING, "version": ONE}),
    "keys versions import": (versions_import, 0, {**KEY, "import-job": ONE, "algorithm": ONE, "wrapped-key-file": ONE,
                                                  "version": ONE}),
    "keys versions describe": (versions_describe, 1, {**KEY, "attestation-file": ONE}),
    "keys versions list": (versions_list, 0, KEY),
    "keys versions destroy": (versions_destroy, 1, KEY),
    "keys versions get-public-key": (get_public_key, 1, {**KEY, "output-file": ONE}),
    "keys versions get-certificate-chain": (get_certificate_chain, 1, {**KEY, "output-file": ONE}),
    "import-jobs create": (import_jobs_create, 1, {**RING, "import-method": ONE, "protection-level": ONE}),
    "import-jobs describe": (import_jobs_describe, 1, RING),
    "mac-sign": (mac_sign, 0, {**QUESTION, "input-file": ONE, "signature-file": ONE}),
    "raw-encrypt": (raw_encrypt, 0, {**QUESTION, "plaintext-file": ONE, "ciphertext-file": ONE,
                                     "initialization-vector-file": ONE}),
    "raw-decrypt": (raw_decrypt, 0, {**QUESTION, "plaintext-file": ONE, "ciphertext-file": ONE,
                                     "initialization-vector-file": ONE}),
    "asymmetric-sign": (asymmetric_sign, 0, {**QUESTION, "input-file": ONE, "signature-file": ONE,
                                             "digest-algorithm": ONE}),
    "asymmetric-decrypt": (asymmetric_decrypt, 0, {**QUESTION, "ciphertext-file": ONE, "plaintext-file": ONE}),
}


def show(answer, form):
    """--format json, --format value(a.b), or the client's YAML of one level."""
    if form and form.startswith("value(") and form.endswith(")"):
        value = arguments.pick(answer, form[6:-1])
        print("" if value is None else value, end="" if str(value).endswith("\n") else "\n")
    elif form == "json":
        print(json.dumps(answer, indent=2))
    elif form in (None, "yaml", "default"):
        for name, value in answer.items() if isinstance(answer, dict) else []:
            print(f"{name}: {value}")
    else:
        raise UsageError(f"argument --format: this stand-in does not know {form}")


def main(line):
    store.folder()
    if line == ["--version"]:
        print("Google Cloud SDK 528.0.0\nrehearsal stand-in")
        return 0
    command = "gcloud." + ".".join(word for word in line[:4] if not word.startswith("-"))
    try:
        name = next((" ".join(line[1:count]) for count in (4, 3, 2) if " ".join(line[1:count]) in COMMANDS), "")
        if line[:1] != ["kms"] or not name:
            raise UsageError(f"Invalid choice: '{' '.join(line[:4])}'.")
        command = "gcloud.kms." + name.replace(" ", ".")
        act, words, options = COMMANDS[name]
        given = arguments.parse(line[1 + len(name.split()):], {**options, **COMMON}, words)
        answer = act(given)
        if answer is not None:
            show(answer, given.format)
        return 0
    except UsageError as error:
        print(f"ERROR: ({command}) {error}", file=sys.stderr)
        return 2
    except google_keys.GoogleError as error:
        print(f"ERROR: ({command}) {error}", file=sys.stderr)
        return 1
