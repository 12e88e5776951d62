#!/usr/bin/env python3
"""Cloud KMS on the loopback for one test: writes its port, records every request, answers as the REST API does.

usage: cloudkms_loopback.py PORT_FILE REQUESTS_FILE. One JSON line a request: method, path and what the client sent.
Every answer carries the CRC-32C values that gcloud checks.
"""
import base64
import http.server
import json
import os
import re
import sys

PORT_FILE, REQUESTS_FILE = sys.argv[1:]
KEY = "projects/acme-prod/locations/europe-west3/keyRings/payments/cryptoKeys/acme-payments"
VERSION = KEY + "/cryptoKeyVersions/7"
PEM = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n"
RESULT = b"answer of the loopback"


def crc32c(content):
    """RFC 3720 appendix B.4."""
    crc = 0xFFFFFFFF
    for byte in content:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return str(crc ^ 0xFFFFFFFF)


def result(field, verified):
    """The bytes of an operation, beside its CRC and what the service says it checked."""
    answer = {"name": VERSION, field: base64.b64encode(RESULT).decode(), field + "Crc32c": crc32c(RESULT)}
    answer.update({name: True for name in verified})
    return answer


OPERATIONS = {
    "import": {"name": VERSION, "state": "PENDING_IMPORT"},
    "updatePrimaryVersion": {"name": KEY},
    "macSign": result("mac", ["verifiedDataCrc32c"]),
    "asymmetricSign": result("signature", ["verifiedDigestCrc32c", "verifiedDataCrc32c"]),
    "asymmetricDecrypt": result("plaintext", ["verifiedCiphertextCrc32c"]),
    "rawEncrypt": result("ciphertext", ["verifiedPlaintextCrc32c", "verifiedInitializationVectorCrc32c",
                                        "verifiedAdditionalAuthenticatedDataCrc32c"]),
    "rawDecrypt": result("plaintext", ["verifiedCiphertextCrc32c", "verifiedInitializationVectorCrc32c",
                                       "verifiedAdditionalAuthenticatedDataCrc32c"]),
}
ATTESTATION = {"format": "CAVIUM_V2_COMPRESSED", "content": base64.b64encode(b"attestation").decode(),
               "certChains": {"caviumCerts": [PEM], "googleCardCerts": [PEM], "googlePartitionCerts": [PEM]}}
# gcloud looks at the job before it sends the wrapped key.
IMPORT_JOB = {"name": "the job", "state": "ACTIVE", "importMethod": "RSA_OAEP_3072_SHA256_AES_256"}
DESCRIPTION = {"name": VERSION, "state": "ENABLED", "protectionLevel": "HSM", "attestation": ATTESTATION}


class CloudKms(http.server.BaseHTTPRequestHandler):
    def answer(self):
        size = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(size)) if size else {}
        path = self.path.split("?")[0]
        with open(REQUESTS_FILE, "a", encoding="utf-8") as requests:
            requests.write(json.dumps({"method": self.command, "path": self.path, "body": body}) + "\n")
        operation = re.search(r":(\w+)$", path)
        if operation:
            answer = OPERATIONS[operation.group(1)]
        elif "/importJobs/" in path:
            answer = IMPORT_JOB
        elif path.endswith("/publicKey"):
            answer = {"name": VERSION, "pem": PEM, "pemCrc32c": crc32c(PEM.encode())}
        elif self.command == "POST":
            answer = {"name": KEY}
        else:
            answer = DESCRIPTION
        text = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PATCH = answer

    def log_message(self, format, *args):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), CloudKms)
with open(PORT_FILE + ".new", "w", encoding="utf-8") as port:
    port.write(str(server.server_address[1]))
os.rename(PORT_FILE + ".new", PORT_FILE)
server.serve_forever()
