"""Keys of a vault or managed HSM: versions, the wrapping key, and what is imported under it."""
import base64
import binascii
import json
import time
import urllib.parse
import uuid

from . import der, material, openssl, store

CURVES = {"P-256": "p256", "P-384": "p384", "P-521": "p521", "P-256K": "secp256k1"}
OPERATIONS = ("encrypt", "decrypt", "wrapKey", "unwrapKey", "sign", "verify", "import", "export")


class AzureError(Exception):
    """A refusal of the service in the client's words."""

    def __init__(self, code, message, exit_status=1):
        super().__init__(f"({code}) {message}\nCode: {code}\nMessage: {message}")
        self.exit_status = exit_status


def add_version(host, name, key):
    """Saves `key` as the newest version."""
    chain = store.load("azure", host, name) or {"versions": []}
    chain["versions"].append(key)
    store.save(chain, "azure", host, name)


def _new(host, name, **fields):
    now = int(time.time())
    return {"kid": f"https://{host}/keys/{name}/{uuid.uuid4().hex}", "created": now, "expires": None, "tags": {},
            "crv": None, "secret": None, "spki": None, "bits": None, **fields}


def find(host, name, version):
    """That version, or the newest. Host and name are compared without case, as the service does."""
    chain = store.load("azure", host.lower(), name) or store.load("azure", host, name)
    for key in reversed(chain["versions"]) if chain else []:
        if version is None or key["kid"].endswith("/" + version):
            return key
    raise AzureError("KeyNotFound", f"A key with (name/id) {name}/{version or ''} was not found in this key vault.", 3)


def delete(host, name):
    store.save({"key": find(host, name, None), "deleted": int(time.time())}, "azure-deleted", host, name)
    store.remove("azure", host, name)


def show_deleted(host, name):
    """`az keyvault key show-deleted`: the service keeps it for 90 days."""
    gone = store.load("azure-deleted", host, name)
    if gone is None:
        raise AzureError("KeyNotFound", f"Deleted key {name} was not found in this key vault.", 3)
    day = lambda after: time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(gone["deleted"] + after))
    return {**show(gone["key"]), "deletedDate": day(0), "scheduledPurgeDate": day(90 * 86400),
            "recoveryId": f"https://{host}/deletedkeys/{name}"}


def create_wrapping_key(host, name, bits, expires):
    spki = store.wrapping_public_key("azure", bits)
    key = _new(host, name, kty="RSA-HSM", ops=["import"], spki=spki.hex(), bits=bits, expires=expires)
    add_version(host, name, key)
    return key


def show(key):
    """`az keyvault key show`: byte fields in padded base64."""
    jwk = dict.fromkeys(("crv", "d", "dp", "dq", "e", "k"))
    jwk.update(keyOps=key["ops"], kid=key["kid"], kty=key["kty"], crv=key["crv"])
    jwk.update(dict.fromkeys(("n", "p", "q", "qi", "t", "x", "y")))
    if key["spki"]:
        names = ("n", "e") if key["kty"] == "RSA-HSM" else ("x", "y")
        for field, number in zip(names, der.public_numbers(bytes.fromhex(key["spki"]))):
            jwk[field] = base64.b64encode(number).decode("ascii")
    moment = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(key["created"]))
    attributes = {"created": moment, "enabled": True, "expires": key["expires"], "exportable": False,
                  "hsmPlatform": "2", "notBefore": None, "recoverableDays": 90,
                  "recoveryLevel": "Recoverable+Purgeable", "updated": moment}
    return {"attributes": attributes, "key": jwk, "managed": None, "releasePolicy": None, "tags": key["tags"]}


def _refuse(message):
    raise AzureError("BadParameter", message)


def _byok(content):
    """(header, ciphertext) of a .byok file."""
    try:
        document = json.loads(content.decode("ascii"))
        header, text = document["header"], document["ciphertext"]
        if document["schema_version"] != "1.0.0" or header["alg"] != "dir" or header["enc"] != "CKM_RSA_AES_KEY_WRAP":
            _refuse("the transfer blob is of an unknown kind")
        if "=" in text or not isinstance(document.get("generator", ""), str):
            _refuse("the transfer blob is not in unpadded base64url")
        return header, base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError, binascii.Error) as error:
        return _refuse(f"the transfer blob cannot be read: {error}")


def _find_wrapping_key(host, kid):
    parts = urllib.parse.urlsplit(kid)
    path = parts.path.strip("/").split("/")
    if parts.netloc.lower() != host.lower() or len(path) != 3 or path[0] != "keys":
        _refuse("the key exchange key is not a key version of this vault or HSM")
    key = find(host, path[1], path[2])
    if key["ops"] != ["import"]:
        _refuse("the key exchange key does not permit import")
    return key


def import_byok(host, name, content, kty, curve, ops):
    header, blob = _byok(content)
    kek = _find_wrapping_key(host, header["kid"])
    unknown = [one for one in ops if one not in OPERATIONS]
    if unknown:
        _refuse(f"{unknown[0]} is no key operation")
    if kty == "oct" and not host.endswith(".managedhsm.azure.net"):
        _refuse("keys of type oct-HSM are imported into a managed HSM only")
    try:
        plain = material.unwrap(store.wrapping_key("azure", kek["bits"]), kek["bits"], "rsa-aes", "sha1", blob)
        if kty == "oct":
            return _new(host, name, kty="oct-HSM", ops=ops, secret=material.check_secret(plain, 16, 128).hex())
        if kty == "EC":
            plain = material.check_private(plain, CURVES[curve])
        else:
            plain = _check_rsa(plain)
    except (material.Unwrappable, material.WrongMaterial) as error:
        return _refuse(str(error))
    return _new(host, name, kty=f"{kty}-HSM", crv=curve, ops=ops, secret=plain.hex(),
                spki=openssl.public_of(plain).hex())


def _check_rsa(plain):
    for bits in (2048, 3072):
        try:
            return material.check_private(plain, "rsa", bits)
        except material.WrongMaterial:
            continue
    return material.check_private(plain, "rsa", 4096)


def require_operation(key, operation):
    if operation not in key["ops"]:
        raise AzureError("Forbidden", f"Operation {operation} is not permitted on this key.")


def secret_bytes(key):
    if key["kty"] != "oct-HSM":
        _refuse(f"a key of type {key['kty']} does not do this")
    return bytes.fromhex(key["secret"])


def private_key(key):
    if key["kty"] == "oct-HSM":
        _refuse("a key of type oct-HSM does not do this")
    return bytes.fromhex(key["secret"])
