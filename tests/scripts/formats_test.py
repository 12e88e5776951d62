#!/usr/bin/python3
"""docs/formats/README.md has every format that the code gives a version, and that version.

A version stands in the code as `k...Version = N` (kFirst... is one that is read still), or as the second part of a
DocumentKind{"format", N, ...}.
"""
import os
import re
import sys
import unittest

ROOT = os.path.join(os.path.dirname(os.path.realpath(__file__)), "../..")
CONSTANT = re.compile(r"constexpr (?:int|std::uint64_t) (k(?!First)\w*Version)\s*(?:=|\{)\s*(\d+)")
KIND = re.compile(r'DocumentKind k\w+\{"([a-z-]+)", (\d+)')
# | format | version written | versions read | constant | page |
ROW = re.compile(r"^\| ([^|]+) \| (\d+) \| ([^|]+) \| ([^|]+) \|", re.MULTILINE)


def versions_in_code():
    """{constant or format: version}"""
    found = {}
    for folder, _, names in os.walk(os.path.join(ROOT, "lib")):
        for name in names:
            if not name.endswith((".h", ".cc")):
                continue
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                text = file.read()
            found.update((constant, int(version)) for constant, version in CONSTANT.findall(text))
            found.update((format_name, int(version)) for format_name, version in KIND.findall(text))
    return found


def versions_in_table():
    with open(os.path.join(ROOT, "docs/formats/README.md"), encoding="utf-8") as file:
        rows = ROW.findall(file.read())
    return {constant.strip(" `"): int(version) for _, version, _, constant in rows}


class Formats(unittest.TestCase):
    def test_the_table_has_the_versions_of_the_code(self):
        code = versions_in_code()
        self.assertGreater(len(code), 4)
        self.assertEqual(versions_in_table(), code)

    def test_each_page_that_is_named_is_there(self):
        folder = os.path.join(ROOT, "docs/formats")
        with open(os.path.join(folder, "README.md"), encoding="utf-8") as file:
            pages = re.findall(r"\]\(([^)#]+)", file.read())
        self.assertGreater(len(pages), 5)
        for page in pages:
            self.assertTrue(os.path.exists(os.path.join(folder, page)), page)


if __name__ == "__main__":
    sys.exit(unittest.main())
