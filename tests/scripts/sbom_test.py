#!/usr/bin/python3
# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""scripts/sbom: what it writes of this build is what the published schema takes, names the package of every library that
readelf sees, and is the same twice.

usage: sbom_test.py BUILD_FOLDER VERSION
"""
import json
import os
import re
import subprocess
import sys
import unittest
import urllib.parse

sys.dont_write_bytecode = True
ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.realpath(__file__)), "../.."))
sys.path.insert(0, os.path.join(ROOT, "tests/support"))
import cyclonedx_check  # noqa: E402

BUILD, VERSION = "", ""
EPOCH = "1790000000"
COMPILED = {"libcli11-dev", "nlohmann-json3-dev", "libkainjow-mustache-dev"}


def run(*words, **more):
    return subprocess.run(words, capture_output=True, text=True, check=False, **more)


def written(build=None, epoch=EPOCH):
    environment = {**os.environ, "SOURCE_DATE_EPOCH": epoch} if epoch else {
        name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    return run(os.path.join(ROOT, "scripts/sbom"), "--build", build or BUILD, "--version", VERSION, BUILD, env=environment)


def uses(bom):
    return {one["name"]: one["properties"][0]["value"] for one in bom["components"]}


def vectors_of_build():
    """Where CMake looks for published vectors."""
    with open(os.path.join(BUILD, "CMakeCache.txt"), encoding="utf-8") as cache:
        return next(line.split("=", 1)[1].strip() for line in cache if line.startswith("KEYRITE_VECTORS_DIR:"))


class Bom(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.done = written()
        assert cls.done.returncode == 0, cls.done.stderr
        cls.bom = json.loads(cls.done.stdout)

    def test_the_published_schema_takes_it(self):
        folder = os.path.join(os.environ.get("KEYRITE_VECTORS") or vectors_of_build(), "cyclonedx")
        if not os.path.isdir(folder):
            if os.environ.get("KEYRITE_REQUIRE_ALL") == "1":
                self.fail("KEYRITE_VECTORS has no cyclonedx/ (CONTRIBUTING.md)")
            self.skipTest("KEYRITE_VECTORS has no cyclonedx/ (CONTRIBUTING.md)")
        self.assertEqual(cyclonedx_check.faults(folder, self.bom), [])
        self.assertNotEqual(cyclonedx_check.faults(folder, {**self.bom, "specVersion": 16}), [])

    def test_it_names_the_package_of_every_library_that_readelf_sees(self):
        named = uses(self.bom)
        files = [os.path.join(BUILD, "bin/keyrite")]
        files += [os.path.join(BUILD, "libexec/keyrite", name) for name in os.listdir(os.path.join(BUILD, "libexec/keyrite"))]
        needed = set()
        for file in files:
            needed |= set(re.findall(r"\(NEEDED\).*\[(.*)\]", run("readelf", "--dynamic", file).stdout))
        self.assertGreaterEqual(len(needed), 8)
        owners = {}
        for line in run("dpkg-query", "--search", *[f"*/{library}" for library in sorted(needed)]).stdout.splitlines():
            package, _, path = line.rpartition(": ")
            owners.setdefault(os.path.basename(path), set()).add(package.split(":")[0])
        for library in sorted(needed):
            self.assertTrue(owners[library] & set(named), (library, owners[library]))

    def test_what_is_compiled_in_is_named_too(self):
        named = uses(self.bom)
        for package in COMPILED:
            self.assertEqual(named.get(package), "compiled in: headers, or a static library", package)
        self.assertNotIn("doctest-dev", named)

    def test_versions_are_those_that_are_installed(self):
        for one in self.bom["components"]:
            found = run("dpkg-query", "--show", "--showformat", "${Version}\n", one["name"]).stdout.splitlines()
            self.assertIn(one["version"], found)
            name, version, arch = re.fullmatch(r"pkg:deb/debian/([^@]+)@([^?]+)\?arch=(\w+)", one["purl"]).groups()
            self.assertEqual((name, urllib.parse.unquote(version)), (one["name"], one["version"]))
            self.assertIn(arch, ("all", run("dpkg", "--print-architecture").stdout.strip()))
        self.assertEqual(self.bom["metadata"]["component"]["version"], VERSION)
        refs = [one["bom-ref"] for one in self.bom["components"]]
        self.assertEqual(refs, sorted(set(refs)))
        self.assertEqual(self.bom["dependencies"][0]["dependsOn"], refs)

    def test_it_is_the_same_twice_and_has_no_time_of_its_own(self):
        self.assertEqual(written().stdout, self.done.stdout)
        self.assertEqual(self.bom["metadata"]["timestamp"], "2026-09-21T14:13:20Z")
        self.assertNotIn("timestamp", json.loads(written(epoch=None).stdout)["metadata"])

    def test_a_folder_in_which_nothing_was_built_is_refused(self):
        self.assertNotEqual(written(build=os.path.join(ROOT, "docs")).returncode, 0)


if __name__ == "__main__":
    BUILD, VERSION = sys.argv.pop(1), sys.argv.pop(1)
    unittest.main()
