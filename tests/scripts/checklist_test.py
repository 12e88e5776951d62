#!/usr/bin/python3
# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""docs/adding-a-cloud.md has each file outside lib/provider/google that names that cloud in its code."""
import os
import re
import sys
import unittest

ROOT = os.path.join(os.path.dirname(os.path.realpath(__file__)), "../..")
NAMES_IT = re.compile(r'\bkGoogle\b|\bgoogle::|"google"|"provider/google/|\bGOOGLE\b|namespace google\b')


def naming_files():
    found = []
    for top in ("lib", "tools", "scripts"):
        for folder, _, names in os.walk(os.path.join(ROOT, top)):
            for name in names:
                path = os.path.relpath(os.path.join(folder, name), ROOT)
                if path.startswith("lib/provider/google/") or not name.endswith((".h", ".cc", ".py")):
                    continue
                with open(os.path.join(ROOT, path), encoding="utf-8") as file:
                    if NAMES_IT.search(file.read()):
                        found.append(path)
    return sorted(found)


def is_in(text, path):
    """As `name.cc`, as `name.*` with or without its folder, or by a folder that is listed."""
    folder, name = os.path.split(path)
    stem = os.path.splitext(name)[0]
    forms = (path, f"`{name}`", f"{folder}/{stem}.*", f"`{stem}.*`", f"`{os.path.basename(folder)}/`")
    return any(form in text for form in forms)


class Checklist(unittest.TestCase):
    def test_the_checklist_has_each_file(self):
        with open(os.path.join(ROOT, "docs/adding-a-cloud.md"), encoding="utf-8") as file:
            text = file.read()
        found = naming_files()
        self.assertGreater(len(found), 20)
        self.assertEqual([path for path in found if not is_in(text, path)], [])

    def test_what_the_checklist_has_is_there(self):
        with open(os.path.join(ROOT, "docs/adding-a-cloud.md"), encoding="utf-8") as file:
            text = file.read()
        paths = re.findall(r"`((?:lib|tools|scripts|tests)/[\w/.*-]+)`", text)
        self.assertGreater(len(paths), 8)
        for path in paths:
            if "/X/" in path:
                continue
            tried = [path[:-2] + ending for ending in (".h", ".cc")] if path.endswith(".*") else [path]
            for each in tried:
                self.assertTrue(os.path.exists(os.path.join(ROOT, each)), each)


if __name__ == "__main__":
    sys.exit(unittest.main())
