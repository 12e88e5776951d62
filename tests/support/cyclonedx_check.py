# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""Prints each place of a bill of materials that the published schema of CycloneDX 1.6 does not take.

usage: cyclonedx_check.py FOLDER_OF_SCHEMAS BOM.json
"""
import json
import sys
from pathlib import Path

import jsonschema


def read(path):
    return json.loads(Path(path).read_text(encoding="utf-8"))


def faults(folder, document):
    schema = read(Path(folder) / "bom-1.6.schema.json")
    base = schema["$id"].rsplit("/", 1)[0] + "/"
    store = {base + name: read(Path(folder) / name) for name in ("spdx.schema.json", "jsf-0.82.schema.json")}
    resolver = jsonschema.RefResolver(schema["$id"], schema, store)
    check = jsonschema.Draft7Validator(schema, resolver=resolver, format_checker=jsonschema.FormatChecker())
    return [f"{list(one.path)} {one.message}" for one in check.iter_errors(document)]


if __name__ == "__main__":
    print("".join(fault + "\n" for fault in faults(sys.argv[1], read(sys.argv[2]))), end="")
