"""`az keyvault key` and `az rest` for Key Vault and Managed HSM: the commands of an import and the questions after."""
import base64
import binascii
import json
import os
import sys
import urllib.parse

from . import arguments, azure_keys, der, gcm, key_wrap, openssl, store
from .arguments import FLAG, MANY, ONE, UsageError

COMMON = {"output": ONE, "o": "output", "query": ONE, "only-show-errors": FLAG}
STORE = {"vault-name": ONE, "hsm-name": ONE, "name": ONE, "n": "name", "id": ONE}
VERSION = {**STORE, "version": ONE, "v": "version"}
SIGNATURES = {"ES256": ("sha256", 32), "ES384": ("sha384", 48), "ES512": ("sha512", 66), "ES256K": ("sha256", 32),
              "RS256": ("sha256", 0), "RS384": ("sha384", 0), "RS512": ("sha512", 0),
              "PS256": ("sha256", 0), "PS384": ("sha384", 0), "PS512": ("sha512", 0)}


def b64(data):
    return base64.b64encode(data).decode("ascii")


def b64url(data):
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def new_key_url(given):
    """Host and name of a key that is to be made."""
    if given.id:
        parts = urllib.parse.urlsplit(given.id)
        return parts.netloc, parts.path.split("/")[2]
    if not given.name or bool(given.vault_name) == bool(given.hsm_name):
        raise UsageError("please specify --name and exactly one of --vault-name and --hsm-name, or --id")
    suffix = "managedhsm.azure.net" if given.hsm_name else "vault.azure.net"
    return f"{given.vault_name or given.hsm_name}.{suffix}", given.name


def find(given):
    host, name = new_key_url(given)
    version = given.version
    if given.id:
        version = (urllib.parse.urlsplit(given.id).path.split("/") + [""])[3]
    return azure_keys.find(host, name, version or None)


def create(given):
    given.require("kty")
    if given.kty != "RSA-HSM" or given.ops != ["import"]:
        raise UsageError("this stand-in creates wrapping keys only: --kty RSA-HSM --ops import")
    if given.size not in ("2048", "3072", "4096"):
        raise UsageError(f"argument --size: invalid value: {given.size}")
    return azure_keys.show(azure_keys.create_wrapping_key(*new_key_url(given), int(given.size), given.expires))


def import_key(given):
    kty = given.kty or "RSA"
    if kty not in ("RSA", "EC", "oct"):
        raise UsageError(f"argument --kty: '{kty}' is not a valid value for '--kty'. Allowed values: EC, RSA, oct.")
    if not given.byok_file:
        raise UsageError("this stand-in takes --byok-file only")
    if kty == "EC" and not given.curve:
        raise UsageError('--curve is required when --kty is "EC"')
    if kty != "EC" and given.curve:
        raise UsageError('--curve should not be specified when --kty is not "EC"')
    if kty == "EC" and given.curve not in azure_keys.CURVES:
        raise UsageError(f"argument --curve: '{given.curve}' is not a valid value for '--curve'.")
    host, name = new_key_url(given)
    tags = dict((tag.split("=", 1) + [""])[:2] for tag in given.tags or [])
    key = azure_keys.import_byok(host, name, arguments.read(given.byok_file), kty, given.curve, given.ops or [])
    key.update(tags=tags, expires=given.expires)
    azure_keys.add_version(host, name, key)
    return azure_keys.show(key)


def show(given):
    return azure_keys.show(find(given))


def download(given):
    given.require("file")
    key = find(given)
    if os.path.lexists(given.file):
        raise UsageError(f"File or directory named '{given.file}' already exists.")
    if key["kty"] == "oct-HSM":
        raise UsageError(f"Unsupported key type: {key['kty']}.")
    spki = bytes.fromhex(key["spki"])
    content = spki if given.encoding == "DER" else openssl.pem_of(spki).encode("ascii")
    with open(given.file, "xb") as file:
        file.write(content)


def delete(given):
    host, name = new_key_url(given)
    key = azure_keys.find(host, name, None)
    azure_keys.delete(host, name)
    return azure_keys.show(key)


def show_deleted(given):
    return azure_keys.show_deleted(*new_key_url(given))


def get_attestation(given):
    """The form of an attestation; there is no HSM behind a stand-in, so it states nothing."""
    given.require("file")
    answer = azure_keys.show(find(given))
    nothing = b64url(b"rehearsal: no HSM, no statement")
    answer["attributes"]["attestation"] = {
        "certificatePemFile": nothing, "privateKeyAttestation": nothing, "publicKeyAttestation": nothing,
        "version": "MRVL-1"}
    with open(given.file, "x", encoding="utf-8") as file:
        json.dump(answer, file, indent=2)


def _hex(text, name):
    try:
        return binascii.unhexlify(text or "")
    except binascii.Error as error:
        raise UsageError(f"--{name}: {error}") from error


def _cipher(key, given):
    """The AES key for an algorithm such as A256CBC, with the mode: the length must be the key's."""
    secret = azure_keys.secret_bytes(key)
    if given.algorithm[:4] != f"A{len(secret) * 8}":
        raise azure_keys.AzureError("BadParameter", f"{given.algorithm} does not fit the key")
    return secret, given.algorithm[4:]


def encrypt(given):
    given.require("algorithm", "value")
    key = find(given)
    azure_keys.require_operation(key, "encrypt")
    secret, mode = _cipher(key, given)
    value, iv, tag = arguments.parse_base64(given.value, "value"), _hex(given.iv, "iv"), b""
    if mode in ("CBC", "CBCPAD"):
        if len(iv) != 16 or (mode == "CBC" and len(value) % 16 != 0):
            raise azure_keys.AzureError("BadParameter", "CBC needs an IV of 16 bytes and whole blocks")
        result = openssl.aes("cbc", secret, iv, value, padding=mode == "CBCPAD")
    elif mode == "GCM":
        iv = os.urandom(12)
        result, tag = gcm.encrypt(secret, iv, value)
    else:
        raise UsageError(f"argument --algorithm: invalid value: {given.algorithm}")
    return {"kid": key["kid"], "result": b64(result), "algorithm": given.algorithm, "iv": iv.hex(),
            "tag": tag.hex() or None, "aad": None}


def decrypt(given):
    given.require("algorithm", "value")
    key = find(given)
    azure_keys.require_operation(key, "decrypt")
    value = arguments.parse_base64(given.value, "value")
    try:
        if given.algorithm in ("RSA-OAEP", "RSA-OAEP-256"):
            with openssl.Files(key=azure_keys.private_key(key)) as names:
                digest = "sha256" if given.algorithm.endswith("256") else "sha1"
                result = openssl.oaep_decrypt(names["key"], digest, value, "DER")
        else:
            secret, mode = _cipher(key, given)
            if mode == "GCM":
                result = gcm.decrypt(secret, _hex(given.iv, "iv"), value, _hex(given.tag, "tag"))
            else:
                result = openssl.aes("cbc", secret, _hex(given.iv, "iv"), value, True, mode == "CBCPAD")
    except (openssl.OpensslError, gcm.TagError) as error:
        raise azure_keys.AzureError("BadParameter", f"decryption failed: {error}") from error
    return {"kid": key["kid"], "result": b64(result), "algorithm": given.algorithm}


def _signature(key, algorithm, digest):
    if algorithm not in SIGNATURES:
        raise azure_keys.AzureError("BadParameter", f"{algorithm} is not supported for sign")
    name, field = SIGNATURES[algorithm]
    signature = openssl.sign_digest(azure_keys.private_key(key), name, digest, algorithm[:2] == "PS")
    return der.raw_ecdsa(signature, field) if field else signature


def rest(given):
    """POST .../wrapkey, .../unwrapkey and .../sign: no az command wraps, and az 2.45 has none that signs."""
    given.require("uri", "body")
    if (given.method or "get").lower() != "post" or not given.resource:
        raise UsageError("this stand-in takes --method POST with --resource")
    parts = urllib.parse.urlsplit(given.uri)
    path = parts.path.strip("/").split("/")
    if len(path) not in (3, 4) or path[0] != "keys" or "api-version" not in urllib.parse.parse_qs(parts.query):
        raise azure_keys.AzureError("BadParameter", f"the request URI {given.uri} is not valid")
    key = azure_keys.find(parts.netloc, path[1], path[2] if len(path) == 4 else None)
    body = given.body
    request = json.loads(arguments.read(body[1:]) if body.startswith("@") else body)
    value = base64.urlsafe_b64decode(request["value"] + "=" * (-len(request["value"]) % 4))
    if path[-1] == "sign" and request["alg"] in SIGNATURES:
        azure_keys.require_operation(key, "sign")
        return {"kid": key["kid"], "value": b64url(_signature(key, request["alg"], value))}
    secret = azure_keys.secret_bytes(key)
    if path[-1] == "wrapkey" and request["alg"] == f"A{len(secret) * 8}KW":
        azure_keys.require_operation(key, "wrapKey")
        result = key_wrap.run("wrap", "kw", secret, value)
    elif path[-1] == "unwrapkey" and request["alg"] == f"A{len(secret) * 8}KW":
        azure_keys.require_operation(key, "unwrapKey")
        try:
            result = key_wrap.run("unwrap", "kw", secret, value)
        except key_wrap.KeyWrapError as error:
            raise azure_keys.AzureError("BadParameter", str(error)) from error
    elif path[-1] == "sign" and request["alg"] in ("HS256", "HS384", "HS512"):
        azure_keys.require_operation(key, "sign")
        result = openssl.hmac("SHA" + request["alg"][2:], secret, value)
    else:
        raise azure_keys.AzureError("BadParameter", f"{request['alg']} is not supported for {path[-1]}")
    return {"kid": key["kid"], "value": b64url(result)}


def version(_):
    return {"azure-cli": "2.45.0", "azure-cli-core": "2.45.0", "extensions": {}}


COMMANDS = {
    "version": (version, {}),
    "keyvault key create": (create, {**STORE, "kty": ONE, "size": ONE, "ops": MANY, "expires": ONE, "tags": MANY}),
    "keyvault key import": (import_key, {**STORE, "kty": ONE, "curve": ONE, "byok-file": ONE, "ops": MANY,
                                         "tags": MANY, "expires": ONE}),
    "keyvault key show": (show, VERSION),
    "keyvault key download": (download, {**VERSION, "file": ONE, "f": "file", "encoding": ONE, "e": "encoding"}),
    "keyvault key delete": (delete, STORE),
    "keyvault key show-deleted": (show_deleted, STORE),
    "keyvault key get-attestation": (get_attestation, {**VERSION, "file": ONE, "f": "file"}),
    "keyvault key encrypt": (encrypt, {**VERSION, "algorithm": ONE, "a": "algorithm", "value": ONE, "iv": ONE,
                                       "data-type": ONE}),
    "keyvault key decrypt": (decrypt, {**VERSION, "algorithm": ONE, "a": "algorithm", "value": ONE, "iv": ONE,
                                       "tag": ONE, "data-type": ONE}),
    "rest": (rest, {"method": ONE, "m": "method", "uri": ONE, "url": "uri", "u": "uri", "resource": ONE,
                    "headers": MANY, "body": ONE, "b": "body"}),
}


def main(line):
    store.folder()
    try:
        words = next((count for count in (3, 1) if " ".join(line[:count]) in COMMANDS), 0)
        if words == 0:
            raise UsageError(f"'{' '.join(line[:3])}' is misspelled or not recognized by the system.")
        act, options = COMMANDS[" ".join(line[:words])]
        given = arguments.parse(line[words:], {**options, **COMMON})
        answer = act(given)
        if answer is not None:
            print(arguments.render(answer, given.query, given.output or "json"))
        return 0
    except UsageError as error:
        print(f"ERROR: {error}", file=sys.stderr)
        return 2
    except azure_keys.AzureError as error:
        print(f"ERROR: {error}", file=sys.stderr)
        return error.exit_status
