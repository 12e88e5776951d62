#!/usr/bin/python3
# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""scripts/check-errors finds a code without a throw, without a row and without a test, in a small tree of its own."""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.join(os.path.dirname(os.path.realpath(__file__)), "../..")
SCRIPTS = ("check-errors", "check-layers", "cpp_text.py", "error_sites.py")
ROW = 'KEYRITE_ERROR("{}", {}, "Something failed.", "Do something.")\n'
THROW = 'void f{}() {{ throw Error(Kind::{}, "{}", "it failed", "do something"); }}\n'


class SmallTree(unittest.TestCase):
    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.addCleanup(self._folder.cleanup)
        for name in SCRIPTS:
            os.makedirs(self._path("scripts"), exist_ok=True)
            shutil.copy(os.path.join(ROOT, "scripts", name), self._path("scripts"))
        self._write("lib/cli/error_table.cc", '#include "base/errors.inc"\n')
        self._write("lib/base/errors.inc", ROW.format("all-well", "kUsage"))
        self._write("lib/base/one.cc", THROW.format(1, "kUsage", "all-well"))
        self._write("tests/one_test.cc", 'CHECK(code == "all-well");\n')

    def _path(self, name):
        return os.path.join(self._folder.name, name)

    def _write(self, name, text, mode="w"):
        os.makedirs(os.path.dirname(self._path(name)), exist_ok=True)
        with open(self._path(name), mode, encoding="utf-8") as file:
            file.write(text)

    def _faults(self):
        """Without those of codes that the script itself excuses: this tree has none of them."""
        run = subprocess.run([sys.executable, "-B", self._path("scripts/check-errors")], capture_output=True, text=True)
        self.assertEqual(run.stderr, "")
        faults = [line for line in run.stdout.splitlines()
                  if not line.startswith(("scripts/check-errors:", "check-errors:"))]
        if faults:
            self.assertEqual(run.returncode, 1)
        return faults

    def test_a_tree_in_order_has_no_fault(self):
        self.assertEqual(self._faults(), [])

    def test_a_code_that_nothing_throws_is_named(self):
        self._write("lib/base/errors.inc", ROW.format("never-thrown", "kUsage"), "a")
        self._write("tests/one_test.cc", 'CHECK(code == "never-thrown");\n', "a")
        self.assertEqual(self._faults(), ["lib/base/errors.inc:2: nothing throws never-thrown: take the row out"])

    def test_a_code_that_no_test_names_is_named(self):
        self._write("lib/base/errors.inc", ROW.format("never-tested", "kUsage"), "a")
        self._write("lib/base/one.cc", THROW.format(2, "kUsage", "never-tested"), "a")
        self.assertEqual(self._faults(), ["lib/base/errors.inc:2: no test names never-tested"])

    def test_a_code_without_a_row_is_named(self):
        self._write("lib/base/one.cc", THROW.format(2, "kConfig", "no-row"), "a")
        self.assertEqual(self._faults(),
                         ["lib/base/one.cc:2: no-row (kConfig) has no row: write one into lib/base/errors.inc"])

    def test_a_code_of_another_kind_is_named(self):
        self._write("lib/base/one.cc", THROW.format(1, "kConfig", "all-well"))
        self.assertEqual(len(self._faults()), 1)
        self.assertIn("all-well is thrown with kConfig, and its row says kUsage", self._faults()[0])


if __name__ == "__main__":
    unittest.main()
