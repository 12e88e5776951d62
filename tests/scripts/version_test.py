#!/usr/bin/python3
# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""One version everywhere: what CMake builds, what CHANGELOG.md releases, what debian/changelog packs, what keyrite says.

usage: version_test.py FOLDER_OF_KEYRITE
"""
import os
import re
import subprocess
import sys
import unittest

ROOT = os.path.join(os.path.dirname(os.path.realpath(__file__)), "../..")
KEYRITE = ""


def text_of(name):
    with open(os.path.join(ROOT, name), encoding="utf-8") as file:
        return file.read()


def built():
    return re.search(r"^project\(keyrite VERSION ([0-9.]+) ", text_of("CMakeLists.txt"), re.MULTILINE)[1]


def released():
    """[(version, day)] of CHANGELOG.md, the newest first."""
    return re.findall(r"^## ([0-9]+\.[0-9]+\.[0-9]+) - (\d{4}-\d\d-\d\d)$", text_of("CHANGELOG.md"), re.MULTILINE)


class Versions(unittest.TestCase):
    def test_all_four_agree(self):
        done = subprocess.run([os.path.join(KEYRITE, "keyrite"), "--version"], capture_output=True, text=True, check=True)
        packed = re.match(r"keyrite \(([^)]+)\)", text_of("debian/changelog"))[1]
        self.assertEqual({"CMake": built(), "CHANGELOG.md": released()[0][0], "debian/changelog": packed,
                          "keyrite --version": done.stdout.split("\n")[0].split()[1]},
                         dict.fromkeys(["CMake", "CHANGELOG.md", "debian/changelog", "keyrite --version"], built()))

    def test_the_day_of_the_release_is_that_of_the_package(self):
        months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
        day, month, year = re.search(r"^ -- .*>  \w{3}, (\d\d) (\w{3}) (\d{4}) ", text_of("debian/changelog"),
                                     re.MULTILINE).groups()
        self.assertEqual(released()[0][1], f"{year}-{months.index(month) + 1:02}-{day}")

    def test_versions_fall_from_top_to_bottom_and_each_has_the_text_of_its_tag(self):
        numbers = [tuple(map(int, version.split("."))) for version, _ in released()]
        self.assertEqual(numbers, sorted(set(numbers), reverse=True))
        newest = text_of("CHANGELOG.md").split(f"\n## {released()[0][0]} ")[1].split("\n## ")[0]
        self.assertIn("\n### The text of the tag\n", newest)
        self.assertIn("\n### What it changes in your files\n", newest)
        tag = newest.split("\n### The text of the tag\n")[1].split("\n### ")[0]
        self.assertIn(f"keyrite {built()}", tag)
        self.assertTrue(all(len(line) <= 76 for line in tag.splitlines()), tag)


if __name__ == "__main__":
    KEYRITE = sys.argv.pop(1)
    unittest.main()
