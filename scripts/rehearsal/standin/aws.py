"""`aws kms`: the commands of an import and of the questions after it (AWS KMS API 2014-11-01, AWS CLI version 2)."""
import base64
import json
import os
import sys
from types import SimpleNamespace

from . import arguments, aws_keys, openssl, store
from .arguments import FLAG, MANY, ONE, UsageError

COMMON = {"output": ONE, "region": ONE, "profile": ONE, "query": ONE, "no-cli-pager": FLAG, "endpoint-url": ONE,
          "generate-cli-skeleton": ONE}


def b64(data):
    return base64.b64encode(data).decode("ascii")


def blob(value, name):
    """A blob parameter: fileb://FILE is taken as it is, everything else is base64 text."""
    if value.startswith("fileb://"):
        return arguments.read(value[8:])
    if value.startswith("file://"):
        value = arguments.read(value[7:]).decode("latin-1").strip()
    return arguments.parse_base64(value, name)


def create_key(given):
    given.require("origin")
    if given.origin != "EXTERNAL":
        raise UsageError("this stand-in makes keys of --origin EXTERNAL only")
    key = aws_keys.create(given.key_spec or "SYMMETRIC_DEFAULT", given.key_usage, given.region or aws_keys.REGION,
                          given.description or "", bool(given.multi_region))
    return {"KeyMetadata": aws_keys.metadata(key)}


def found(given):
    return aws_keys.find(given.key_id, region=given.region)


def replicate_key(given):
    given.require("key-id", "replica-region")
    key = aws_keys.find(given.key_id, "ReplicateKey", given.region)
    return {"ReplicaKeyMetadata": aws_keys.metadata(aws_keys.replicate(key, given.replica_region))}


def get_parameters_for_import(given):
    given.require("key-id", "wrapping-algorithm", "wrapping-key-spec")
    return aws_keys.import_parameters(found(given), given.wrapping_algorithm, given.wrapping_key_spec)


def import_key_material(given):
    given.require("key-id", "encrypted-key-material", "import-token")
    request = SimpleNamespace(
        token=blob(given.import_token, "import-token"),
        blob=blob(given.encrypted_key_material, "encrypted-key-material"),
        expiration_model=given.expiration_model or "KEY_MATERIAL_EXPIRES", valid_to=given.valid_to,
        import_type=given.import_type, material_id=given.key_material_id,
        description=given.key_material_description)
    return aws_keys.import_material(found(given), request)


def delete_imported_key_material(given):
    given.require("key-id")
    return aws_keys.delete_material(found(given), given.key_material_id)


def schedule_key_deletion(given):
    given.require("key-id")
    return aws_keys.schedule_deletion(found(given), int(given.pending_window_in_days or "30"))


def describe_key(given):
    given.require("key-id")
    return {"KeyMetadata": aws_keys.metadata(found(given))}


def list_keys(given):
    return aws_keys.listed(given.region or aws_keys.REGION)


def get_caller_identity(_given):
    return {"UserId": "AIDAREHEARSAL", "Account": aws_keys.ACCOUNT,
            "Arn": f"arn:aws:iam::{aws_keys.ACCOUNT}:user/rehearsal"}


def create_alias(given):
    given.require("alias-name", "target-key-id")
    aws_keys.put_alias(given.alias_name, aws_keys.find(given.target_key_id), given.region, exists=False)


def update_alias(given):
    given.require("alias-name", "target-key-id")
    aws_keys.put_alias(given.alias_name, aws_keys.find(given.target_key_id), given.region, exists=True)


def rotate_key_on_demand(given):
    given.require("key-id")
    return aws_keys.rotate(found(given))


def encrypt(given):
    given.require("key-id", "plaintext")
    key = aws_keys.find(given.key_id, "Encrypt", given.region)
    aws_keys.require_algorithm(key, "EncryptionAlgorithms", "SYMMETRIC_DEFAULT", "Encrypt")
    return {"CiphertextBlob": b64(aws_keys.encrypt(key, blob(given.plaintext, "plaintext"))), "KeyId": key["Arn"],
            "EncryptionAlgorithm": "SYMMETRIC_DEFAULT"}


def re_encrypt(given):
    given.require("ciphertext-blob", "destination-key-id")
    source = aws_keys.find(given.source_key_id, "ReEncrypt", given.region)
    to = aws_keys.find(given.destination_key_id, "ReEncrypt", given.region)
    plain = aws_keys.decrypt(source, blob(given.ciphertext_blob, "ciphertext-blob"))
    return {"CiphertextBlob": b64(aws_keys.encrypt(to, plain)), "SourceKeyId": source["Arn"], "KeyId": to["Arn"],
            "SourceEncryptionAlgorithm": "SYMMETRIC_DEFAULT", "DestinationEncryptionAlgorithm": "SYMMETRIC_DEFAULT"}


def list_key_rotations(given):
    given.require("key-id")
    return aws_keys.rotations(found(given), given.include_key_material == "ALL_KEY_MATERIAL")


def get_public_key(given):
    given.require("key-id")
    key = found(given)
    spki = openssl.public_of(aws_keys.secret(key, "GetPublicKey"))
    answer = {"KeyId": key["Arn"], "PublicKey": b64(spki), "CustomerMasterKeySpec": key["KeySpec"],
              "KeySpec": key["KeySpec"], "KeyUsage": key["KeyUsage"]}
    answer.update(aws_keys.algorithms(key))
    return answer


def generate_mac(given):
    given.require("key-id", "message", "mac-algorithm")
    key = aws_keys.find(given.key_id, "GenerateMac", given.region)
    aws_keys.require_algorithm(key, "MacAlgorithms", given.mac_algorithm, "GenerateMac")
    digest = "SHA" + given.mac_algorithm.rsplit("_", 1)[1]
    mac = openssl.hmac(digest, aws_keys.secret(key, "GenerateMac"), blob(given.message, "message"))
    return {"Mac": b64(mac), "MacAlgorithm": given.mac_algorithm, "KeyId": key["Arn"]}


def sign(given):
    given.require("key-id", "message", "signing-algorithm")
    key = found(given)
    aws_keys.require_algorithm(key, "SigningAlgorithms", given.signing_algorithm, "Sign")
    private, message = aws_keys.secret(key, "Sign"), blob(given.message, "message")
    pss = given.signing_algorithm.startswith("RSASSA_PSS")
    if given.signing_algorithm == "ED25519_SHA_512":
        signature = openssl.sign_message(private, None, message)
    else:
        digest = "sha" + given.signing_algorithm.rsplit("_", 1)[1]
        one = openssl.sign_digest if given.message_type == "DIGEST" else openssl.sign_message
        signature = one(private, digest, message, pss)
    return {"KeyId": key["Arn"], "Signature": b64(signature), "SigningAlgorithm": given.signing_algorithm}


def verify(given):
    given.require("key-id", "message", "signature", "signing-algorithm")
    key = aws_keys.find(given.key_id, "Verify", given.region)
    aws_keys.require_algorithm(key, "SigningAlgorithms", given.signing_algorithm, "Verify")
    name = given.signing_algorithm
    digest = None if name == "ED25519_SHA_512" else "sha" + name.rsplit("_", 1)[1]
    if not openssl.is_signature(openssl.public_of(aws_keys.secret(key, "Verify")), digest,
                                blob(given.message, "message"), blob(given.signature, "signature"),
                                name.startswith("RSASSA_PSS")):
        raise aws_keys.AwsError("KMSInvalidSignatureException", "Verify", "")
    return {"KeyId": key["Arn"], "SignatureValid": True, "SigningAlgorithm": name}


def verify_mac(given):
    given.require("key-id", "message", "mac", "mac-algorithm")
    made = generate_mac(given)
    if made["Mac"] != b64(blob(given.mac, "mac")):
        raise aws_keys.AwsError("KMSInvalidMacException", "VerifyMac", "")
    return {"KeyId": made["KeyId"], "MacValid": True, "MacAlgorithm": given.mac_algorithm}


def derive_shared_secret(given):
    given.require("key-id", "key-agreement-algorithm", "public-key")
    key = found(given)
    aws_keys.require_algorithm(key, "KeyAgreementAlgorithms", given.key_agreement_algorithm, "DeriveSharedSecret")
    peer = blob(given.public_key, "public-key")
    try:
        with openssl.Files(key=aws_keys.secret(key, "DeriveSharedSecret"), peer=peer) as names:
            shared = openssl.run("pkeyutl", "-derive", "-keyform", "DER", "-inkey", names["key"], "-peerform", "DER",
                                 "-peerkey", names["peer"])
    except openssl.OpensslError as error:
        raise aws_keys.AwsError("ValidationException", "DeriveSharedSecret", "PublicKey is not valid") from error
    return {"KeyId": key["Arn"], "SharedSecret": b64(shared), "KeyAgreementAlgorithm": given.key_agreement_algorithm,
            "KeyOrigin": "EXTERNAL"}


def decrypt(given):
    given.require("ciphertext-blob", "key-id")
    key = aws_keys.find(given.key_id, "Decrypt", given.region)
    if key["KeySpec"] == "SYMMETRIC_DEFAULT":
        plain = aws_keys.decrypt(key, blob(given.ciphertext_blob, "ciphertext-blob"))
        return {"KeyId": key["Arn"], "Plaintext": b64(plain), "EncryptionAlgorithm": "SYMMETRIC_DEFAULT"}
    given.require("encryption-algorithm")
    aws_keys.require_algorithm(key, "EncryptionAlgorithms", given.encryption_algorithm, "Decrypt")
    digest = "sha256" if given.encryption_algorithm.endswith("256") else "sha1"
    try:
        with openssl.Files(key=aws_keys.secret(key, "Decrypt")) as names:
            plain = openssl.oaep_decrypt(names["key"], digest, blob(given.ciphertext_blob, "ciphertext-blob"), "DER")
    except openssl.OpensslError as error:
        raise aws_keys.AwsError("InvalidCiphertextException", "Decrypt", "") from error
    return {"KeyId": key["Arn"], "Plaintext": b64(plain), "EncryptionAlgorithm": given.encryption_algorithm}


COMMANDS = {
    "create-key": (create_key, {"origin": ONE, "key-spec": ONE, "key-usage": ONE, "description": ONE, "tags": MANY,
                                "multi-region": FLAG, "no-multi-region": FLAG}),
    "replicate-key": (replicate_key, {"key-id": ONE, "replica-region": ONE}),
    "get-parameters-for-import": (get_parameters_for_import, {"key-id": ONE, "wrapping-algorithm": ONE,
                                                              "wrapping-key-spec": ONE}),
    "import-key-material": (import_key_material, {
        "key-id": ONE, "import-token": ONE, "encrypted-key-material": ONE, "valid-to": ONE, "expiration-model": ONE,
        "import-type": ONE, "key-material-description": ONE, "key-material-id": ONE}),
    "delete-imported-key-material": (delete_imported_key_material, {"key-id": ONE, "key-material-id": ONE}),
    "schedule-key-deletion": (schedule_key_deletion, {"key-id": ONE, "pending-window-in-days": ONE}),
    "describe-key": (describe_key, {"key-id": ONE}),
    "list-keys": (list_keys, {}),
    "create-alias": (create_alias, {"alias-name": ONE, "target-key-id": ONE}),
    "update-alias": (update_alias, {"alias-name": ONE, "target-key-id": ONE}),
    "rotate-key-on-demand": (rotate_key_on_demand, {"key-id": ONE}),
    "encrypt": (encrypt, {"key-id": ONE, "plaintext": ONE}),
    "re-encrypt": (re_encrypt, {"ciphertext-blob": ONE, "source-key-id": ONE, "destination-key-id": ONE}),
    "list-key-rotations": (list_key_rotations, {"key-id": ONE, "include-key-material": ONE}),
    "get-public-key": (get_public_key, {"key-id": ONE}),
    "generate-mac": (generate_mac, {"key-id": ONE, "message": ONE, "mac-algorithm": ONE}),
    "sign": (sign, {"key-id": ONE, "message": ONE, "message-type": ONE, "signing-algorithm": ONE}),
    "verify": (verify, {"key-id": ONE, "message": ONE, "message-type": ONE, "signature": ONE,
                        "signing-algorithm": ONE}),
    "verify-mac": (verify_mac, {"key-id": ONE, "message": ONE, "mac": ONE, "mac-algorithm": ONE}),
    "derive-shared-secret": (derive_shared_secret, {"key-id": ONE, "key-agreement-algorithm": ONE, "public-key": ONE}),
    "decrypt": (decrypt, {"ciphertext-blob": ONE, "key-id": ONE, "encryption-algorithm": ONE}),
}


OF_OTHER_SERVICES = {("sts", "get-caller-identity"): (get_caller_identity, {})}


def _member(name):
    """The API's name of an option: "key-material-id" is KeyMaterialId."""
    return "".join(part.capitalize() for part in name.split("-"))


def error_text(error, form):
    """As the client prints it under AWS_CLI_ERROR_FORMAT (cli_error_format); legacy is the oldest."""
    fields = {"Code": error.name, "Message": error.message}
    if form == "json":
        return json.dumps(fields)
    if form == "yaml":
        return "".join(f"{name}: {value}\n" for name, value in fields.items())
    if form == "text":
        return "\t".join(fields.values())
    return f"{'aws: [ERROR]: ' if form == 'enhanced' else ''}{error}"


def main(line):
    store.folder()
    try:
        if line == ["--version"]:
            print("aws-cli/2.27.40 rehearsal stand-in")
            return 0
        known = COMMANDS.get(line[1]) if line[:1] == ["kms"] and len(line) > 1 else \
            OF_OTHER_SERVICES.get(tuple(line[:2]))
        if known is None:
            raise UsageError("argument operation: Invalid choice: " + " ".join(line[:2]))
        act, options = known
        given = arguments.parse(line[2:], {**options, **COMMON})
        if given.generate_cli_skeleton:
            print(json.dumps({_member(name): "" for name in options}, indent=4))
            return 0
        answer = act(given)
        if answer is not None:
            form = given.output or os.environ.get("AWS_DEFAULT_OUTPUT", "json")
            print(arguments.render(answer, given.query, form))
        return 0
    except UsageError as error:
        print(f"\nusage: aws [options] <command> <subcommand> [parameters]\n\naws: error: {error}", file=sys.stderr)
        return 252
    except aws_keys.AwsError as error:
        print("\n" + error_text(error, os.environ.get("AWS_CLI_ERROR_FORMAT", "enhanced")), file=sys.stderr)
        return 254
