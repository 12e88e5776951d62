# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""Every record of a file under every key of a token, with Cryptoki itself. Prints how many opened.

usage: open_records.py FOLDER_OF_token_objects MODULE PIN RECORDS
"""
import base64
import ctypes
import json
import os
import sys

sys.path.insert(0, sys.argv[1])
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import token_objects as at  # noqa: E402
from token_editor import AES, SECRET_KEY, Mechanism, Template  # noqa: E402

WRAPS = (0x2109, 0x210A, 0x210B)


def opens(cryptoki, session, key, wrapped):
    for number in WRAPS:
        made = at.ULONG()
        wanted = Template(CKA_CLASS=SECRET_KEY, CKA_KEY_TYPE=AES, CKA_TOKEN=b"\0")
        mechanism = Mechanism(number, None, 0)
        if cryptoki._module.C_UnwrapKey(session, ctypes.byref(mechanism), key, wrapped, at.ULONG(len(wrapped)),
                                        *wanted.arguments(), ctypes.byref(made)) == 0:
            return True
    return False


def main(module, pin, records):
    cryptoki = at.Cryptoki(module)
    session = cryptoki.session(pin.encode())
    keys = list(cryptoki.handles(session))
    with open(records, encoding="utf-8") as lines:
        wrapped = [base64.b64decode(json.loads(line)["wrapped"]) for line in lines]
    print(sum(any(opens(cryptoki, session, key, one) for key in keys) for one in wrapped), end="")


if __name__ == "__main__":
    main(*sys.argv[2:])
