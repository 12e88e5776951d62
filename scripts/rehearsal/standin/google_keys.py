"""Key rings, import jobs, keys and imported versions of Cloud KMS. Names are full resource names."""
import base64
import datetime
import gzip
import hashlib

from . import material, openssl, store

# Import method -> wrapping key size, scheme, hash.
METHODS = {
    "rsa-oaep-3072-sha1-aes-256": (3072, "rsa-aes", "sha1"),
    "rsa-oaep-4096-sha1-aes-256": (4096, "rsa-aes", "sha1"),
    "rsa-oaep-3072-sha256-aes-256": (3072, "rsa-aes", "sha256"),
    "rsa-oaep-4096-sha256-aes-256": (4096, "rsa-aes", "sha256"),
    "rsa-oaep-3072-sha256": (3072, "oaep", "sha256"),
    "rsa-oaep-4096-sha256": (4096, "oaep", "sha256"),
}
LEVELS = ("software", "hsm")
# Algorithm -> purpose and how to check the material: bytes of a secret key, or (kind, bits) of a private key.
ALGORITHMS = {
    "google-symmetric-encryption": ("encryption", 32),
    **{f"aes-{bits}-{mode}": ("raw-encryption", bits // 8) for bits in (128, 256) for mode in ("gcm", "cbc", "ctr")},
    **{f"hmac-sha{name}": ("mac", size) for name, size in ((1, 20), (224, 28), (256, 32), (384, 48), (512, 64))},
    **{f"rsa-sign-{padding}-{bits}-sha{size}": ("asymmetric-signing", ("rsa", bits)) for padding in ("pss", "pkcs1")
       for bits in (2048, 3072, 4096) for size in (256, 512) if size == 256 or bits == 4096},
    **{f"rsa-decrypt-oaep-{bits}-sha{size}": ("asymmetric-encryption", ("rsa", bits)) for bits in (2048, 3072, 4096)
       for size in (1, 256, 512) if size != 512 or bits == 4096},
    **{f"rsa-sign-raw-pkcs1-{bits}": ("asymmetric-signing", ("rsa", bits)) for bits in (2048, 3072, 4096)},
    "ec-sign-p256-sha256": ("asymmetric-signing", ("p256", None)),
    "ec-sign-p384-sha384": ("asymmetric-signing", ("p384", None)),
    "ec-sign-secp256k1-sha256": ("asymmetric-signing", ("secp256k1", None)),
    "ec-sign-ed25519": ("asymmetric-signing", ("ed25519", None)),
}
PURPOSES = {"encryption": "ENCRYPT_DECRYPT", "raw-encryption": "RAW_ENCRYPT_DECRYPT", "mac": "MAC",
            "asymmetric-signing": "ASYMMETRIC_SIGN", "asymmetric-encryption": "ASYMMETRIC_DECRYPT"}


class GoogleError(Exception):
    """A refusal of the service in the client's words."""

    def __init__(self, status, message):
        super().__init__(f"{status}: {message}")


def _enum(option):
    return option.replace("-", "_").upper()


def _moment(days=0):
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _create(kind, name, value):
    if store.load("google", kind, name) is not None:
        raise GoogleError("ALREADY_EXISTS", f"{name} already exists.")
    store.save(value, "google", kind, name)


def _find(kind, name):
    value = store.load("google", kind, name)
    if value is None:
        raise GoogleError("NOT_FOUND", f"{name} not found.")
    return value


def _require(condition, message):
    if not condition:
        raise GoogleError("INVALID_ARGUMENT", message)


def create_ring(name):
    _create("rings", name, {"name": name})


def create_key(ring, name, purpose, level, algorithm, destroy_after):
    _find("rings", ring)
    _require(purpose in PURPOSES, f"{purpose} is not a purpose.")
    _require(level in LEVELS, f"{level} is not a protection level of this stand-in.")
    _require(purpose == "encryption" or algorithm, "--default-algorithm needs to be specified for this purpose.")
    algorithm = algorithm or "google-symmetric-encryption"
    _require(ALGORITHMS.get(algorithm, ("",))[0] == purpose, f"Default algorithm {algorithm} and purpose {purpose} are "
             "incompatible.")
    _require(level == "hsm" or algorithm != "ec-sign-secp256k1-sha256", f"{algorithm} needs protection level HSM.")
    full = f"{ring}/cryptoKeys/{name}"
    _create("keys", full, {"name": full, "purpose": purpose, "level": level, "algorithm": algorithm,
                           "destroyScheduledDuration": destroy_after, "primary": None, "versions": 0})


def create_job(ring, name, method, level):
    _find("rings", ring)
    _require(method in METHODS, f"{method} is not an import method of this stand-in.")
    _require(level in LEVELS, f"{level} is not a protection level of this stand-in.")
    full = f"{ring}/importJobs/{name}"
    _create("jobs", full, {"name": full, "method": method, "level": level, "created": _moment(),
                           "expires": _moment(days=3)})


def _no_statement():
    """The form of an attestation; there is no HSM behind a stand-in, so it states nothing."""
    return {"format": "CAVIUM_V2_COMPRESSED",
            "content": base64.b64encode(gzip.compress(hashlib.shake_256(b"no HSM, no statement").digest(2112),
                                                      mtime=0)).decode("ascii")}


def describe_job(name):
    job = _find("jobs", name)
    spki = store.wrapping_public_key("google", METHODS[job["method"]][0])
    answer = {"createTime": job["created"], "expireTime": job["expires"], "generateTime": job["created"],
              "importMethod": _enum(job["method"]), "name": name, "protectionLevel": _enum(job["level"]),
              "publicKey": {"pem": openssl.pem_of(spki)}, "state": "ACTIVE"}
    if job["level"] == "hsm":
        answer["attestation"] = _no_statement()
    return answer


def _open(job, algorithm, blob):
    """The key in the blob, or the reason why the import failed."""
    bits, scheme, digest = METHODS[job["method"]]
    _, wanted = ALGORITHMS[algorithm]
    try:
        plain = material.unwrap(store.wrapping_key("google", bits), bits, scheme, digest, blob)
        if isinstance(wanted, int):
            return material.check_secret(plain, wanted, wanted), None
        return material.check_private(plain, *wanted), None
    except (material.Unwrappable, material.WrongMaterial) as error:
        return None, str(error)


def import_version(key_name, job_name, algorithm, blob, number=None):
    """Answers as long as the import runs; what came of it is seen when the version is described."""
    key, job = _find("keys", key_name), _find("jobs", job_name)
    _require(algorithm in ALGORITHMS, f"{algorithm} is not an algorithm.")
    _require(ALGORITHMS[algorithm][0] == key["purpose"], f"{algorithm} is not for keys of purpose {key['purpose']}.")
    if job["level"] != key["level"]:
        raise GoogleError("FAILED_PRECONDITION", "The protection levels of import job and key differ.")
    plain, failure = _open(job, algorithm, blob)
    if number is None:
        key["versions"] += 1
        number, earlier = str(key["versions"]), None
        store.save(key, "google", "keys", key_name)
    else:
        earlier = _find("versions", f"{key_name}/cryptoKeyVersions/{number}")
        if earlier["state"] not in ("DESTROYED", "IMPORT_FAILED"):
            raise GoogleError("FAILED_PRECONDITION", "Only destroyed or failed versions can be imported again.")
        if plain is not None and earlier["fingerprint"] not in (None, _fingerprint(plain)):
            failure, plain = "the key material differs from the one imported before", None
    name = f"{key_name}/cryptoKeyVersions/{number}"
    version = {"name": name, "algorithm": algorithm, "level": key["level"], "purpose": key["purpose"],
               "importJob": job_name, "created": _moment(), "secret": plain.hex() if plain else None,
               "state": "ENABLED" if plain else "IMPORT_FAILED", "failure": failure,
               "fingerprint": _fingerprint(plain) if plain else earlier and earlier["fingerprint"]}
    store.save(version, "google", "versions", name)
    return {"algorithm": _enum(algorithm), "createTime": version["created"], "importJob": job_name, "name": name,
            "protectionLevel": _enum(key["level"]), "state": "PENDING_IMPORT"}


def _fingerprint(plain):
    return openssl.run("dgst", "-sha256", "-binary", data=plain).hex()


def find_version(name):
    return _find("versions", name)


def public_view(version):
    """`versions describe`."""
    answer = {"algorithm": _enum(version["algorithm"]), "createTime": version["created"],
              "importJob": version["importJob"], "name": version["name"],
              "protectionLevel": _enum(version["level"]), "state": version["state"]}
    if version["state"] == "IMPORT_FAILED":
        answer["importFailureReason"] = version["failure"]
    else:
        answer.update(importTime=version["created"], generateTime=version["created"])
        if version["level"] == "hsm":
            answer["attestation"] = _no_statement()
    answer["reimportEligible"] = version["state"] in ("DESTROYED", "IMPORT_FAILED")
    return answer


def list_versions(key_name):
    key = _find("keys", key_name)
    return [public_view(_find("versions", f"{key_name}/cryptoKeyVersions/{number + 1}"))
            for number in range(key["versions"])]


def destroy(name):
    """At once, where the service waits for the key's destroy-scheduled duration."""
    version = _find("versions", name)
    version.update(state="DESTROYED", secret=None)
    store.save(version, "google", "versions", name)
    return public_view(version)


def set_primary(key_name, number):
    key = _find("keys", key_name)
    version = _find("versions", f"{key_name}/cryptoKeyVersions/{number}")
    _require(key["purpose"] == "encryption", "only keys for symmetric encryption have a primary version.")
    if version["state"] != "ENABLED":
        raise GoogleError("FAILED_PRECONDITION", f"{version['name']} is not enabled, current state is: "
                          f"{version['state']}.")
    key["primary"] = number
    store.save(key, "google", "keys", key_name)


def describe_key(name):
    key = _find("keys", name)
    answer = {"name": name, "purpose": PURPOSES[key["purpose"]], "importOnly": True}
    if key["primary"]:
        answer["primary"] = public_view(_find("versions", f"{name}/cryptoKeyVersions/{key['primary']}"))
    return answer


def primary_version(name):
    key = _find("keys", name)
    if not key["primary"]:
        raise GoogleError("FAILED_PRECONDITION", f"{name} has no primary version.")
    return _find("versions", f"{name}/cryptoKeyVersions/{key['primary']}")


def require_family(version, purpose):
    """The version's algorithm, which must be one of `purpose`."""
    if version["state"] != "ENABLED":
        raise GoogleError("FAILED_PRECONDITION", f"{version['name']} is not enabled, current state is: "
                          f"{version['state']}.")
    if version["purpose"] != purpose:
        raise GoogleError("FAILED_PRECONDITION", f"{version['name']} has purpose {PURPOSES[version['purpose']]}, which "
                          "does not do this.")
    return version["algorithm"]


def secret_bytes(version):
    return bytes.fromhex(version["secret"])


def private_key(version):
    if version["secret"] is None or not isinstance(ALGORITHMS[version["algorithm"]][1], tuple):
        raise GoogleError("FAILED_PRECONDITION", f"{version['name']} has no public key.")
    return bytes.fromhex(version["secret"])
