#!/usr/bin/python3
# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""--help of each tool and command fits the terminal that shows it, and says the same at each width.

usage: help_width_test.py FOLDER_OF_KEYRITE
"""
import os
import re
import subprocess
import sys
import unittest

import terminal_screen

KEYRITE = ""
NARROW = 40


def environment(columns=None):
    """COLUMNS is what a shell exports."""
    kept = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    return {**kept, "LC_ALL": "C.UTF-8", "TERM": "dumb", **({} if columns is None else {"COLUMNS": columns})}


def words_of(lines):
    """All that is said. A command goes on behind a backslash, within a word too; a long word goes on in its own lines."""
    text = re.sub(r"\\\n *", "", "\n".join(lines))
    return "".join(text.split())


def width_of(line):
    """Of a line that could be broken: one long word stays whole, to be copied."""
    return len(line) if " " in line.strip() else 0


def in_a_pipe(*words):
    return subprocess.run([os.path.join(KEYRITE, "keyrite"), *words], capture_output=True, text=True, check=True,
                          env=environment("40")).stdout.splitlines()


def at_terminal(columns, *words, exported=None):
    return terminal_screen.run([os.path.join(KEYRITE, "keyrite"), *words], 24, columns, env=environment(exported)).lines


def listed(lines):
    """The names below a heading, each set in by two blanks."""
    begin = next((i for i, line in enumerate(lines) if line in ("Tools:", "Commands:", "Other commands:")), len(lines))
    names = []
    for line in lines[begin + 1:]:
        if not line:
            break
        name = re.match(r"  (\S+(?: \S+)*?)(?:  |$)", line)
        if name:
            names.append(name[1].split())
    return names


def helps():
    """The words of each command line whose --help there is."""
    yield ["--help"]
    for (tool,) in listed(in_a_pipe("--help")):
        text = in_a_pipe(tool, "--help")
        yield [tool, "--help"]
        for command in listed(text):
            yield [tool, *command, "--help"]


class HelpTexts(unittest.TestCase):
    def test_each_fits_forty_columns_and_says_what_it_says_at_eighty(self):
        tried = 0
        for words in helps():
            wide, narrow = in_a_pipe(*words), at_terminal(NARROW, *words)
            self.assertEqual([line for line in narrow if width_of(line) > NARROW], [], words)
            self.assertEqual(words_of(narrow), words_of(wide), words)
            tried += 1
        self.assertGreater(tried, 60)

    def test_what_columns_says_counts_where_it_makes_sense(self):
        words = ["wrap-for-import", "aws", "--help"]

        def widest(columns, exported):
            return max(map(width_of, at_terminal(columns, *words, exported=exported)))

        self.assertLessEqual(widest(120, "50"), 50)
        self.assertLessEqual(widest(60, None), 60)
        self.assertGreater(widest(60, None), 40)
        # No number of columns: the terminal's own count.
        for odd in ("0", "5000", "-1", "eighty", ""):
            self.assertEqual(widest(60, odd), widest(60, None), odd)
        # Nobody likes to read lines of 500 columns.
        for huge in ("200", "1000"):
            self.assertEqual(at_terminal(60, *words, exported=huge), in_a_pipe(*words), huge)
        # A terminal that does not know its width.
        self.assertEqual(at_terminal(0, *words), in_a_pipe(*words))


if __name__ == "__main__":
    KEYRITE = sys.argv.pop(1)
    sys.exit(unittest.main())
