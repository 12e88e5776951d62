#!/usr/bin/python3
# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""The man pages that the build wrote: groff has nothing to say of them, they fit 80 columns, and there is one for each tool, for
each of its commands, and for each format that has one.

usage: man_pages_test.py BUILD_FOLDER
"""
import re
import subprocess
import sys
import unittest
from pathlib import Path

from needed_programs import needs

BUILD = Path()
COLUMNS = 80


def pages():
    return sorted([*BUILD.glob("man/*/*.1"), *BUILD.glob("man/man5/*.5")])


def run(*words, **more):
    return subprocess.run(words, capture_output=True, text=True, check=False, **more)


def shown(page):
    """As `man` shows it at a terminal of 80 columns."""
    done = run("man", "-l", str(page), env={"PATH": "/usr/bin:/bin", "MANWIDTH": str(COLUMNS), "LC_ALL": "C.UTF-8"})
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return done.stdout


class Pages(unittest.TestCase):
    def test_there_is_one_for_each_tool_and_each_command(self):
        names = {page.name for page in pages()}
        tools = sorted(path.name for path in (BUILD / "libexec/keyrite").iterdir())
        self.assertGreater(len(tools), 15)
        for tool in tools:
            self.assertIn(f"keyrite-{tool}.1", names)
            listed = run(str(BUILD / "libexec/keyrite" / tool), "--help-man-names")
            self.assertEqual(listed.returncode, 0)
            for line in listed.stdout.splitlines():
                self.assertIn(line.split(" ")[0] + ".1", names)
        for name in ("keyrite.1", "keyrite-transcript-verify.1", "keyrite-verify-import-answers.1", "keyrite-site.5",
                     "keyrite-bundle.5"):
            self.assertIn(name, names)

    @needs("groff")
    def test_groff_has_nothing_to_say_of_them(self):
        for page in pages():
            done = run("groff", "-ww", "-man", "-Tutf8", "-z", str(page))
            self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""), page.name)

    @needs("man")
    def test_they_fit_80_columns(self):
        for page in pages():
            for line in shown(page).splitlines():
                # One word may be longer: a name, a digest, a URI.
                if len(line) > COLUMNS:
                    self.assertEqual(len(line.strip().split(" ")), 1, f"{page.name}: {line}")

    def test_what_a_page_refers_to_is_there(self):
        names = {f"{page.stem}({page.suffix[1:]})" for page in pages()}
        for page in pages():
            text = page.read_text(encoding="utf-8").replace("\\-", "-")
            for name, section in re.findall(r"^\.BR (\S+) (\(\d\))", text, re.MULTILINE):
                self.assertIn(name + section, names, page.name)

    @needs("man")
    def test_keyrite_1_tells_exit_codes_variables_files_and_examples(self):
        text = shown(BUILD / "man/keyrite/keyrite.1")
        for section in ("EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES", "SEE ALSO"):
            self.assertRegex(text, rf"(?m)^{section}$")
        for code in (0, 1, 2, 3, 4, 5, 6, 7, 8, 70):
            self.assertRegex(text, rf"(?m)^       {code} ")

    def test_the_site_page_has_every_field_of_site_md(self):
        source = (Path(__file__).resolve().parent.parent.parent / "docs/formats/site.md").read_text(encoding="utf-8")
        page = (BUILD / "man/man5/keyrite-site.5").read_text(encoding="utf-8").replace("\\-", "-")
        fields = re.findall(r"^\| `([a-z_.-]+)` \|", source, re.MULTILINE)
        self.assertGreater(len(fields), 8)
        for field in fields:
            self.assertIn(f".TP\n\\fB{field}", page)


if __name__ == "__main__":
    BUILD = Path(sys.argv.pop(1))
    sys.exit(unittest.main())
