# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""Prints the commands of docs/formats/certificate.md that verify a certificate without keyrite, as they stand."""
import sys

with open(sys.argv[1], encoding="utf-8") as page:
    part = page.read().split("## Verify without keyrite")[1].split("\n## ")[0]
print("\n".join(line[4:] for line in part.split("\n") if line.startswith("    ") or not line))
