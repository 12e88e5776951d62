"""KMS keys of origin EXTERNAL: what they are, their import parameters, their material."""
import base64
import datetime
import hashlib
import os
import uuid

from . import gcm, material, openssl, store

REGION = "eu-central-1"
ACCOUNT = "111122223333"
MOST_ROTATIONS = 25
NEEDS_RSA_AES = ("RSA_2048", "RSA_3072", "RSA_4096")
WRAPPING_KEYS = {"RSA_2048": 2048, "RSA_3072": 3072, "RSA_4096": 4096}
WRAPPING_ALGORITHMS = {
    "RSAES_OAEP_SHA_1": ("oaep", "sha1"),
    "RSAES_OAEP_SHA_256": ("oaep", "sha256"),
    "RSA_AES_KEY_WRAP_SHA_1": ("rsa-aes", "sha1"),
    "RSA_AES_KEY_WRAP_SHA_256": ("rsa-aes", "sha256"),
}
WAITING = ("PENDING_ROTATION", "PENDING_MULTI_REGION_IMPORT_AND_ROTATION")
SIGNING, ENCRYPTION, MAC, AGREEMENT = "SigningAlgorithms", "EncryptionAlgorithms", "MacAlgorithms", \
    "KeyAgreementAlgorithms"
_RSA = {
    "ENCRYPT_DECRYPT": (ENCRYPTION, ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"]),
    "SIGN_VERIFY": (SIGNING, [f"RSASSA_{padding}_SHA_{size}" for padding in ("PKCS1_V1_5", "PSS")
                              for size in (256, 384, 512)]),
}


def _ecc(size, agreement=True):
    usages = {"SIGN_VERIFY": (SIGNING, [f"ECDSA_SHA_{size}"])}
    if agreement:
        usages["KEY_AGREEMENT"] = (AGREEMENT, ["ECDH"])
    return usages


def _mac(size):
    return {"GENERATE_VERIFY_MAC": (MAC, [f"HMAC_SHA_{size}"])}


# KeySpec -> key usages with their algorithms, and how to check the material: (shortest, longest) or (kind, bits).
SPECS = {
    "SYMMETRIC_DEFAULT": ({"ENCRYPT_DECRYPT": (ENCRYPTION, ["SYMMETRIC_DEFAULT"])}, (32, 32)),
    "HMAC_224": (_mac(224), (28, 128)),
    "HMAC_256": (_mac(256), (32, 128)),
    "HMAC_384": (_mac(384), (48, 128)),
    "HMAC_512": (_mac(512), (64, 128)),
    "RSA_2048": (_RSA, ("rsa", 2048)),
    "RSA_3072": (_RSA, ("rsa", 3072)),
    "RSA_4096": (_RSA, ("rsa", 4096)),
    "ECC_NIST_P256": (_ecc(256), ("p256", None)),
    "ECC_NIST_P384": (_ecc(384), ("p384", None)),
    "ECC_NIST_P521": (_ecc(512), ("p521", None)),
    "ECC_SECG_P256K1": (_ecc(256, agreement=False), ("secp256k1", None)),
    "ECC_NIST_EDWARDS25519": ({"SIGN_VERIFY": (SIGNING, ["ED25519_SHA_512", "ED25519_PH_SHA_512"])},
                              ("ed25519", None)),
}


class AwsError(Exception):
    """A refusal of the service in the client's words."""

    def __init__(self, name, operation, message):
        self.name, self.message = name, message
        super().__init__(f"An error occurred ({name}) when calling the {operation} operation: {message}")


def _now():
    return datetime.datetime.now().astimezone()


def create(spec, usage, region, description, multi_region):
    if spec not in SPECS:
        raise AwsError("ValidationException", "CreateKey", f"1 validation error detected: Value '{spec}' at 'keySpec' "
                       "failed to satisfy constraint: Member must satisfy enum value set")
    usages = SPECS[spec][0]
    if usage is None and len(usages) == 1:
        usage = next(iter(usages))
    if usage not in usages:
        raise AwsError("ValidationException", "CreateKey",
                       f"KeyUsage {usage} is not compatible with KeySpec {spec}" if usage else
                       f"You must specify a KeyUsage value for the KeySpec {spec}")
    name = ("mrk-" + uuid.uuid4().hex) if multi_region else str(uuid.uuid4())
    key = {"KeyId": name, "Arn": f"arn:aws:kms:{region}:{ACCOUNT}:key/{name}", "CreationDate": _now().isoformat(),
           "KeySpec": spec, "KeyUsage": usage, "Description": description, "MultiRegion": multi_region,
           "Materials": []}
    if multi_region:
        key["Replicas"] = []
    save(key)
    return key


def save(key):
    """Keys of several Regions have the same id where one is the replica of the other."""
    store.save(key, "aws", "keys", *_place(key["KeyId"], region_of(key)))


def region_of(key):
    return key["Arn"].split(":")[3]


def _place(name, region):
    return [name, region] if name.startswith("mrk-") else [name]


def _related(key):
    """The other keys of a multi-Region key: its replicas, or its primary and the other replicas."""
    primary = key if key.get("Replicas") is not None else _load(key["Primary"])
    return [one for one in [primary] + [_load(arn) for arn in primary["Replicas"]] if one["Arn"] != key["Arn"]]


def _load(arn):
    return store.load("aws", "keys", *_place(arn.rsplit("/", 1)[-1], arn.split(":")[3]))


def replicate(key, region):
    """A replica without material, which has to be imported there too."""
    operation = "ReplicateKey"
    if key.get("Replicas") is None:
        raise AwsError("UnsupportedOperationException", operation, f"{key['Arn']} is not a multi-Region primary key.")
    arn = key["Arn"].replace(f":{region_of(key)}:", f":{region}:")
    if region == region_of(key) or arn in key["Replicas"]:
        raise AwsError("AlreadyExistsException", operation, f"{arn} already exists.")
    replica = {**{name: key[name] for name in ("KeyId", "KeySpec", "KeyUsage", "Description", "MultiRegion")},
               "Arn": arn, "CreationDate": _now().isoformat(), "Materials": [], "Primary": key["Arn"]}
    save(replica)
    key["Replicas"].append(arn)
    save(key)
    return replica


def _is_over(key):
    """A key whose time to be deleted came is known to nobody any more."""
    date = key.get("DeletionDate")
    return date is not None and _now() >= datetime.datetime.fromisoformat(date)


def listed(region):
    """Of one Region, without those that are gone."""
    keys = [key for key in store.everything("aws", "keys") if region_of(key) == region and not _is_over(key)]
    return {"Keys": [{"KeyId": key["KeyId"], "KeyArn": key["Arn"]} for key in keys]}


def find(name, operation="DescribeKey", region=None):
    if name.startswith("alias/"):
        alias = store.load("aws", "aliases", f"{region or REGION}/{name}")
        if alias is None:
            raise AwsError("NotFoundException", operation, f"Alias {name} is not found.")
        name = alias["TargetKeyId"]
    at = name.split(":")[3] if name.startswith("arn:") else region or REGION
    key = store.load("aws", "keys", *_place(name.rsplit("/", 1)[-1], at))
    if key is None or _is_over(key) or (name.startswith("arn:") and name != key["Arn"]):
        raise AwsError("NotFoundException", operation, f"Key '{name}' does not exist")
    return key


def _require_kept(key, operation):
    """A key that is to be deleted does nothing any more."""
    if key.get("DeletionDate"):
        raise AwsError("KMSInvalidStateException", operation, f"{key['Arn']} is pending deletion.")


def _current(key):
    return next((one for one in key["Materials"] if one["State"] == "CURRENT"), None)


def put_alias(name, key, region, exists):
    """Makes the alias, or moves it."""
    operation, there = "UpdateAlias" if exists else "CreateAlias", f"{region or REGION}/{name}"
    _require_kept(key, operation)
    known = store.load("aws", "aliases", there)
    if exists and known is None:
        raise AwsError("NotFoundException", operation, f"Alias {name} is not found.")
    if not exists and known is not None:
        raise AwsError("AlreadyExistsException", operation, f"An alias with the name {name} already exists")
    if known is not None:
        old = find(known["TargetKeyId"], operation)
        if (old["KeySpec"], old["KeyUsage"]) != (key["KeySpec"], key["KeyUsage"]):
            raise AwsError("ValidationException", operation, "the two keys have another type or another usage")
    store.save({"TargetKeyId": key["Arn"]}, "aws", "aliases", there)


def rotate(key):
    """The material that waits becomes the current one; the one before only decrypts. At once, where the service takes
    a moment."""
    operation = "RotateKeyOnDemand"
    _require_kept(key, operation)
    if key["KeySpec"] != "SYMMETRIC_DEFAULT":
        raise AwsError("UnsupportedOperationException", operation, f"{key['Arn']} cannot be rotated.")
    if key.get("Primary"):
        raise AwsError("UnsupportedOperationException", operation, f"{key['Arn']} is a replica key.")
    pending = next((one for one in key["Materials"] if one["State"] == "PENDING_ROTATION"), None)
    if pending is None or any(one["Value"] is None for one in key["Materials"]):
        raise AwsError("KMSInvalidStateException", operation, f"{key['Arn']} has no key material that waits")
    if sum(one["State"] == "NON_CURRENT" for one in key["Materials"]) >= MOST_ROTATIONS:
        raise AwsError("LimitExceededException", operation, "the key was rotated on demand too often")
    for of in [key] + (_related(key) if key["MultiRegion"] else []):
        for one in of["Materials"]:
            if one["KeyMaterialId"] == pending["KeyMaterialId"]:
                one["State"] = "CURRENT"
            elif one["State"] == "CURRENT":
                one["State"] = "NON_CURRENT"
        save(of)
    return {"KeyId": key["Arn"]}


def encrypt(key, plain):
    """A form of the stand-in's own, since the service's is not published: the id of the material, IV, ciphertext, tag."""
    iv = os.urandom(12)
    value = secret(key, "Encrypt")
    return bytes.fromhex(_current(key)["KeyMaterialId"]) + iv + b"".join(gcm.encrypt(value, iv, plain))


def decrypt(key, blob):
    if not metadata(key)["Enabled"]:
        raise AwsError("KMSInvalidStateException", "Decrypt", f"{key['Arn']} is pending import.")
    of = next((one for one in key["Materials"] if bytes.fromhex(one["KeyMaterialId"]) == blob[:32]), None)
    try:
        return gcm.decrypt(bytes.fromhex(of["Value"]), blob[32:44], blob[44:-16], blob[-16:])
    except (TypeError, gcm.TagError) as error:
        raise AwsError("InvalidCiphertextException", "Decrypt", "") from error


def algorithms(key):
    field, names = SPECS[key["KeySpec"]][0][key["KeyUsage"]]
    return {field: names}


def require_algorithm(key, field, name, operation):
    offered = algorithms(key).get(field)
    if offered is None:
        raise AwsError("InvalidKeyUsageException", operation,
                       f"{key['Arn']} key usage is {key['KeyUsage']} which is not valid for {operation}.")
    if name not in offered:
        raise AwsError("InvalidKeyUsageException", operation,
                       f"Algorithm {name} is incompatible with key spec {key['KeySpec']}.")


def secret(key, operation):
    """The imported key itself."""
    _require_kept(key, operation)
    current = _current(key)
    if current is None or current["Value"] is None:
        raise AwsError("KMSInvalidStateException", operation, f"{key['Arn']} is pending import.")
    return bytes.fromhex(current["Value"])


def schedule_deletion(key, days):
    key["DeletionDate"] = (_now() + datetime.timedelta(days=days)).isoformat()
    save(key)
    return {"KeyId": key["Arn"], "DeletionDate": key["DeletionDate"], "KeyState": "PendingDeletion",
            "PendingWindowInDays": days}


def metadata(key):
    current = _current(key)
    present = current is not None and all(one["Value"] is not None for one in key["Materials"])
    answer = {
        "AWSAccountId": ACCOUNT, "KeyId": key["KeyId"], "Arn": key["Arn"], "CreationDate": key["CreationDate"],
        "Enabled": present, "Description": key["Description"], "KeyUsage": key["KeyUsage"],
        "KeyState": "Enabled" if present else "PendingImport", "Origin": "EXTERNAL", "KeyManager": "CUSTOMER",
        "CustomerMasterKeySpec": key["KeySpec"], "KeySpec": key["KeySpec"], **algorithms(key),
        "MultiRegion": key["MultiRegion"]}
    if key["MultiRegion"]:
        primary = key if key.get("Replicas") is not None else _load(key["Primary"])
        answer["MultiRegionConfiguration"] = {
            "MultiRegionKeyType": "PRIMARY" if primary is key else "REPLICA",
            "PrimaryKey": {"Arn": primary["Arn"], "Region": region_of(primary)},
            "ReplicaKeys": [{"Arn": arn, "Region": arn.split(":")[3]} for arn in primary["Replicas"]]}
    if key.get("DeletionDate"):
        answer.update(Enabled=False, KeyState="PendingDeletion", DeletionDate=key["DeletionDate"])
    if present:
        answer["ExpirationModel"] = current["ExpirationModel"]
        if current["ValidTo"]:
            answer["ValidTo"] = current["ValidTo"]
    if current is not None and key["KeySpec"] == "SYMMETRIC_DEFAULT":
        answer["CurrentKeyMaterialId"] = current["KeyMaterialId"]
    return answer


def import_parameters(key, algorithm, wrapping_spec):
    operation = "GetParametersForImport"
    _require_kept(key, operation)
    if algorithm not in WRAPPING_ALGORITHMS or wrapping_spec not in WRAPPING_KEYS:
        raise AwsError("ValidationException", operation, f"{algorithm} with {wrapping_spec} is not supported")
    scheme, _ = WRAPPING_ALGORITHMS[algorithm]
    spec = key["KeySpec"]
    if scheme == "oaep" and (spec in NEEDS_RSA_AES or (spec == "ECC_NIST_P521" and wrapping_spec == "RSA_2048")):
        raise AwsError("UnsupportedOperationException", operation,
                       f"Wrapping algorithm {algorithm} with {wrapping_spec} is not supported for key spec {spec}")
    token = os.urandom(1024)
    until = _now() + datetime.timedelta(hours=24)
    store.save({"Arn": key["Arn"], "Algorithm": algorithm, "WrappingKeySpec": wrapping_spec,
                "Until": until.timestamp()}, "aws", "tokens", hashlib.sha256(token).hexdigest())
    public = store.wrapping_public_key("aws", WRAPPING_KEYS[wrapping_spec])
    return {"KeyId": key["Arn"], "ImportToken": base64.b64encode(token).decode(),
            "PublicKey": base64.b64encode(public).decode(), "ParametersValidTo": until.isoformat()}


def _refuse(name, message=""):
    raise AwsError(name, "ImportKeyMaterial", message)


def _check_request(key, request):
    """What the service looks at before it opens anything. Returns the parameters behind the token."""
    _require_kept(key, "ImportKeyMaterial")
    parameters = store.load("aws", "tokens", hashlib.sha256(request.token).hexdigest())
    if parameters is None or parameters["Arn"] != key["Arn"]:
        _refuse("InvalidImportTokenException")
    if parameters["Until"] < _now().timestamp():
        _refuse("ExpiredImportTokenException")
    if request.expiration_model not in ("KEY_MATERIAL_EXPIRES", "KEY_MATERIAL_DOES_NOT_EXPIRE"):
        _refuse("ValidationException", f"Value '{request.expiration_model}' at 'expirationModel' is not known")
    if (request.expiration_model == "KEY_MATERIAL_EXPIRES") != (request.valid_to is not None):
        _refuse("ValidationException", "ValidTo must be given with KEY_MATERIAL_EXPIRES, and only then")
    if key["KeySpec"] != "SYMMETRIC_DEFAULT" and (request.import_type or request.material_id or request.description):
        _refuse("UnsupportedOperationException",
                "ImportType, KeyMaterialId and KeyMaterialDescription are for symmetric encryption keys")
    if request.import_type not in (None, "NEW_KEY_MATERIAL", "EXISTING_KEY_MATERIAL"):
        _refuse("ValidationException", f"Value '{request.import_type}' at 'importType' is not known")
    if request.import_type == "NEW_KEY_MATERIAL" and request.material_id:
        _refuse("ValidationException", "KeyMaterialId cannot be given with NEW_KEY_MATERIAL")
    if not 1 <= len(request.blob) <= 6144:
        _refuse("ValidationException", "EncryptedKeyMaterial must have 1 to 6144 bytes")
    return parameters


def _open(key, parameters, blob):
    bits = WRAPPING_KEYS[parameters["WrappingKeySpec"]]
    scheme, digest = WRAPPING_ALGORITHMS[parameters["Algorithm"]]
    _, wanted = SPECS[key["KeySpec"]]
    try:
        plain = material.unwrap(store.wrapping_key("aws", bits), bits, scheme, digest, blob)
        if isinstance(wanted[0], int):
            return material.check_secret(plain, *wanted)
        return material.check_private(plain, *wanted)
    except material.Unwrappable as error:
        return _refuse("InvalidCiphertextException", str(error))
    except material.WrongMaterial as error:
        return _refuse("IncorrectKeyMaterialException", str(error))


def _identity(key, plain):
    """Of private keys the public half: the same key in another encoding is the same material."""
    secret_bytes = isinstance(SPECS[key["KeySpec"]][1][0], int)
    of = key["KeyId"] if key["MultiRegion"] else key["Arn"]
    return hashlib.sha256(of.encode() + b"\0" + (plain if secret_bytes else openssl.public_of(plain))) \
        .hexdigest()


def _state_of_new(key, of_primary):
    if of_primary is not None:
        return "PENDING_ROTATION" if of_primary["State"] in WAITING else of_primary["State"]
    if not key["Materials"]:
        return "CURRENT"
    return "PENDING_MULTI_REGION_IMPORT_AND_ROTATION" if key.get("Replicas") else "PENDING_ROTATION"


def _settle_waiting(key, name):
    """The primary rotates only when every replica has the new material too."""
    keys = [key] + _related(key)
    primary = next(one for one in keys if one.get("Replicas") is not None)
    has = [any(one["KeyMaterialId"] == name and one["Value"] is not None for one in of["Materials"]) for of in keys]
    for one in primary["Materials"]:
        if one["KeyMaterialId"] == name and one["State"] == "PENDING_MULTI_REGION_IMPORT_AND_ROTATION" and all(has):
            one["State"] = "PENDING_ROTATION"
            save(primary)


def import_material(key, request):
    parameters = _check_request(key, request)
    plain = _open(key, parameters, request.blob)
    name = _identity(key, plain)
    known = next((one for one in key["Materials"] if one["KeyMaterialId"] == name), None)
    new = request.import_type == "NEW_KEY_MATERIAL" or (request.import_type is None and not key["Materials"])
    of_primary = None
    if key.get("Primary"):
        of_primary = next((one for one in _load(key["Primary"])["Materials"] if one["KeyMaterialId"] == name), None)
        if of_primary is None:
            _refuse("IncorrectKeyMaterialException", "the primary key does not have this key material")
        if new and key["KeySpec"] == "SYMMETRIC_DEFAULT":
            _refuse("ValidationException", "a replica takes EXISTING_KEY_MATERIAL only")
        new = known is None
    if new and known is not None and known["State"] not in WAITING:
        _refuse("IncorrectKeyMaterialException", "the key material is already associated with the key")
    if not new and known is None:
        _refuse("IncorrectKeyMaterialException", "the key material is not the one imported before")
    if request.material_id not in (None, name):
        _refuse("IncorrectKeyMaterialException", "the key material has another KeyMaterialId")
    if known is None:
        # Material that waits is not associated for good: the next takes its place.
        key["Materials"] = [one for one in key["Materials"] if one["State"] not in WAITING]
        known = {"KeyMaterialId": name, "State": _state_of_new(key, of_primary)}
        key["Materials"].append(known)
    known.update(Value=plain.hex(), ExpirationModel=request.expiration_model, ValidTo=request.valid_to,
                 Description=request.description)
    save(key)
    if key["MultiRegion"]:
        _settle_waiting(key, name)
    return {"KeyId": key["Arn"], "KeyMaterialId": name}


def delete_material(key, material_id):
    one = _current(key) if material_id is None else next(
        (one for one in key["Materials"] if one["KeyMaterialId"] == material_id), None)
    if one is None:
        raise AwsError("NotFoundException", "DeleteImportedKeyMaterial", "there is no such key material")
    waits = one["State"] in WAITING
    if waits:
        key["Materials"].remove(one)
    one["Value"] = None
    save(key)
    for replica in _related(key) if waits and key.get("Replicas") else []:
        replica["Materials"] = [of for of in replica["Materials"] if of["KeyMaterialId"] != one["KeyMaterialId"]]
        save(replica)
    return {"KeyId": key["Arn"], "KeyMaterialId": one["KeyMaterialId"]}


def rotations(key, everything):
    if key["KeySpec"] != "SYMMETRIC_DEFAULT":
        raise AwsError("UnsupportedOperationException", "ListKeyRotations", f"{key['Arn']} cannot be rotated.")
    rows = []
    for one in key["Materials"] if everything else []:
        row = {"KeyId": key["Arn"], "KeyMaterialId": one["KeyMaterialId"],
               "ImportState": "PENDING_IMPORT" if one["Value"] is None else "IMPORTED",
               "KeyMaterialState": one["State"], "ExpirationModel": one["ExpirationModel"]}
        if one["Description"]:
            row["KeyMaterialDescription"] = one["Description"]
        if one["ValidTo"]:
            row["ValidTo"] = one["ValidTo"]
        rows.append(row)
    return {"Rotations": rows, "Truncated": False}
