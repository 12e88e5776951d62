#!/usr/bin/python3
# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""How far the reading of a long log has come is shown at a terminal, with a count, and nowhere else.

The log is that of version 0.1.0; strace makes each read of it last longer than a second.

usage: progress_test.py FOLDER_OF_KEYRITE
"""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import terminal_screen

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.realpath(__file__)), "../.."))
OLD = os.path.join(ROOT, "tests/upgrade/made-by-0.1.0")
KEYRITE = ""
DELAY = 1_300_000  # microseconds


class Bars(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())
        self.site = os.path.join(self.folder, "site")
        shutil.copytree(os.path.join(OLD, "site"), self.site)
        with open(os.path.join(self.site, "transcript/checkpoint"), encoding="utf-8") as checkpoint:
            self.entries = int(checkpoint.readlines()[1])  # that are signed

    def slowly(self, *words):
        return self.slow("transcript", *words, "--vkey", os.path.join(OLD, "noted/vkey"))

    def slow(self, *words):
        log = os.path.join(self.site, "transcript/log.jsonl")
        return ["strace", "-f", "-qq", "-o", "/dev/null", "-P", log, "-e", "trace=read,pread64", "-e",
                f"inject=read,pread64:delay_enter={DELAY}:when=1", os.path.join(KEYRITE, "keyrite"), *words]

    def at_terminal(self, *words, **environment):
        return self.seen(self.slowly(*words), 0, **environment)

    def seen(self, command, ending, **environment):
        raw = []
        done = terminal_screen.run(command, 24, 80, raw=raw,
                                   env={**os.environ, "LC_ALL": "C.UTF-8", "TERM": "xterm", **environment})
        self.assertEqual(done.exit, ending, done.lines)
        return "".join(raw), done.lines

    def test_a_bar_counts_entries_and_is_gone_in_the_end(self):
        for words in (["verify", self.site], ["show", self.site],
                      ["export", self.site, "--out", os.path.join(self.folder, "again")]):
            raw, lines = self.at_terminal(*words)
            self.assertIn(f"] {self.entries} of {self.entries}, 100 %", raw, words)
            self.assertFalse([line for line in lines if "100 %" in line], words)

    def test_what_looks_at_a_site_has_it_too(self):
        page = os.path.join(self.folder, "report.html")
        for words, ending in ((["inventory", "report", "--out", page], 0), (["status"], 7)):
            raw, lines = self.seen(self.slow(*words, "--site", self.site), ending)
            self.assertIn(f"] {self.entries} of {self.entries}, 100 %", raw, words)
            self.assertFalse([line for line in lines if "100 %" in line], words)

    def test_it_has_no_colour_of_its_own(self):
        raw, _ = self.at_terminal("verify", self.site, NO_COLOR="1")
        self.assertIn(f"of {self.entries}, 100 %", raw)
        self.assertNotIn("\x1b[1", raw)

    def test_none_is_shown_to_who_wants_none(self):
        raw, _ = self.at_terminal("verify", self.site, "--no-progress")
        self.assertNotIn("100 %", raw)
        raw, _ = self.at_terminal("verify", self.site, "--quiet")
        self.assertNotIn("100 %", raw)

    def test_none_is_shown_in_a_pipe(self):
        done = subprocess.run(self.slowly("verify", self.site), capture_output=True, text=True, check=True)
        self.assertNotIn("100 %", done.stdout + done.stderr)
        self.assertNotIn("\x1b", done.stdout + done.stderr)

    def test_none_is_shown_of_a_short_log(self):
        raw = []
        terminal_screen.run([os.path.join(KEYRITE, "keyrite"), "transcript", "verify", self.site, "--vkey",
                             os.path.join(OLD, "noted/vkey")], 24, 80, raw=raw)
        self.assertNotIn("100 %", "".join(raw))


if __name__ == "__main__":
    KEYRITE = sys.argv.pop(1)
    sys.exit(unittest.main())
