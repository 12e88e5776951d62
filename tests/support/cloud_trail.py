#!/usr/bin/python3
# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""Files as CloudTrail writes them of a KMS key that was deleted, in a new folder: public-keys.json, a digest file with its
signature, two log files. The key is made here. awscli's own check of a digest file must accept them, where it is installed:
CI has it.

usage: cloud_trail.py FOLDER ARN [EVENT_NAME]    prints the SHA-256 of the key
"""
import base64
import hashlib
import json
import os
import subprocess
import sys

OBJECT = "AWSLogs/111122223333/CloudTrail-Digest/eu-central-1/2026/06/03/digest.json.gz"
LOGS = "AWSLogs/111122223333/CloudTrail/eu-central-1/2026/06/03/"


def openssl(*words, given=None):
    return subprocess.run(["openssl", *words], input=given, check=True, capture_output=True).stdout


def event(name, arn, **more):
    _, _, _, region, account, _ = arn.split(":", 5)
    return {"eventVersion": "1.08", "userIdentity": {"accountId": account, "invokedBy": "AWS Internal"},
            "eventTime": "2026-06-03T02:11:44Z", "eventSource": "kms.amazonaws.com", "eventName": name,
            "awsRegion": region, "sourceIPAddress": "AWS Internal", "userAgent": "AWS Internal",
            "requestParameters": None, "responseElements": None, "eventID": "d0f1", "readOnly": False,
            "resources": [{"ARN": arn, "accountId": account, "type": "AWS::KMS::Key"}],
            "eventType": "AwsServiceEvent", "recipientAccountId": account, "managementEvent": True,
            "eventCategory": "Management", **more}


def judged_by_awscli(digest, content, signature, key):
    try:
        from awscli.customizations.cloudtrail.validation import Sha256RSADigestValidator
    except ModuleNotFoundError:
        if "KEYRITE_REQUIRE_ALL" in os.environ:
            raise
        return
    told = dict(digest, _signature=signature, _signature_algorithm="SHA256withRSA")
    Sha256RSADigestValidator().validate("trail", OBJECT, base64.b64encode(key), told, content)


def main(folder, arn, name="DeleteKey"):
    os.mkdir(folder)

    def write(file, content):
        with open(os.path.join(folder, file), "wb") as out:
            out.write(content)

    def as_json(value):
        return json.dumps(value).encode()

    private = openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")
    key = openssl("rsa", "-RSAPublicKey_out", "-outform", "DER", given=private)
    logs = {"a.json": as_json({"Records": [event("ScheduleKeyDeletion", arn, eventType="AwsApiCall"),
                                           event("DeleteKey", arn, eventType="AwsApiCall")]}),
            "b.json": as_json({"Records": [event(name, arn)]})}
    digest = {"awsAccountId": "111122223333", "digestStartTime": "2026-06-03T01:59:00Z",
              "digestEndTime": "2026-06-03T02:59:00Z", "digestS3Bucket": "trail", "digestS3Object": OBJECT,
              "digestPublicKeyFingerprint": hashlib.md5(key).hexdigest(),
              "digestSignatureAlgorithm": "SHA256withRSA", "newestEventTime": "2026-06-03T02:11:44Z",
              "oldestEventTime": "2026-06-03T02:11:44Z", "previousDigestS3Bucket": None,
              "previousDigestS3Object": None, "previousDigestHashValue": None, "previousDigestHashAlgorithm": None,
              "previousDigestSignature": None,
              "logFiles": [{"s3Bucket": "trail", "s3Object": LOGS + log + ".gz",
                            "hashValue": hashlib.sha256(content).hexdigest(), "hashAlgorithm": "SHA-256",
                            "newestEventTime": "2026-06-03T02:11:44Z", "oldestEventTime": "2026-06-03T02:11:44Z"}
                           for log, content in logs.items()]}
    content = as_json(digest)
    text = "\n".join([digest["digestEndTime"], "trail/" + OBJECT, hashlib.sha256(content).hexdigest(), "null"])
    keyfile = os.path.join(folder, "private")
    write("private", private)
    signature = openssl("dgst", "-sha256", "-sign", keyfile, given=text.encode()).hex()
    os.remove(keyfile)
    judged_by_awscli(digest, content, signature, key)
    for log, text in logs.items():
        write(log, text)
    write("digest.json", content)
    write("digest.json.sig", signature.encode() + b"\n")
    write("public-keys.json", as_json({"PublicKeyList": [
        {"Value": base64.b64encode(key).decode(), "ValidityStartTime": "2026-06-01T00:00:00+00:00",
         "ValidityEndTime": "2026-07-01T00:00:00+00:00", "Fingerprint": digest["digestPublicKeyFingerprint"]}]}))
    print(hashlib.sha256(key).hexdigest(), end="")


if __name__ == "__main__":
    main(*sys.argv[1:])
