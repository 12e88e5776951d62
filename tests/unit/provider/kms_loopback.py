#!/usr/bin/env python3
"""A KMS endpoint on the loopback for one test: writes its port, records every request, answers as KMS does.

usage: kms_loopback.py PORT_FILE REQUESTS_FILE. One JSON line a request: the operation and what the client sent.
"""
import base64
import http.server
import json
import os
import sys

PORT_FILE, REQUESTS_FILE = sys.argv[1:]
ANSWERS = {
    "ImportKeyMaterial": {"KeyId": "arn", "KeyMaterialId": "7" * 64},
    "DescribeKey": {"KeyMetadata": {"KeyId": "id", "Arn": "arn", "KeyState": "Enabled", "Origin": "EXTERNAL"}},
    "GenerateMac": {"KeyId": "arn", "Mac": base64.b64encode(b"m" * 64).decode(), "MacAlgorithm": "HMAC_SHA_512"},
    "GetPublicKey": {"KeyId": "arn", "PublicKey": base64.b64encode(b"k").decode()},
    "Sign": {"KeyId": "arn", "Signature": base64.b64encode(b"s").decode(), "SigningAlgorithm": "ECDSA_SHA_256"},
    "ListKeyRotations": {"Rotations": [], "Truncated": False},
}


class Kms(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        operation = self.headers["X-Amz-Target"].split(".")[-1]
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with open(REQUESTS_FILE, "a", encoding="utf-8") as requests:
            requests.write(json.dumps({"operation": operation, "body": body}) + "\n")
        answer = json.dumps(ANSWERS[operation]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format, *args):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Kms)
with open(PORT_FILE + ".new", "w", encoding="utf-8") as port:
    port.write(str(server.server_address[1]))
os.rename(PORT_FILE + ".new", PORT_FILE)
server.serve_forever()
