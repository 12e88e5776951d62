#!/usr/bin/env python3
"""What an act reads of its site's log, by strace: as much behind 20,000 entries as behind few.

    long_log_test.py TOOLS

The log has refusals, as anybody may add them, which resume signed. Reading paths takes root.
"""
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import room as rooms

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../scripts/bench-programs"))
import sites  # noqa: E402  (scripts/bench-programs has to be on the path first)

ENTRIES = 20_000
# Of one act: the last entry, what stands unsigned behind it, and the nearest lines among which one is looked for.
AT_MOST = 256 << 10
READ = re.compile(r"\bp?read(?:64)?\(\d+<[^>]*/transcript/log\.jsonl>.*\) += (\d+)$")


def read_of_log(command, environment, trace):
    """Bytes; the command must succeed."""
    result = subprocess.run(["strace", "-f", "-qq", "-y", "-s", "0", "-o", trace, "-e", "trace=read,pread64", *command],
                            env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    rooms.require(result.returncode == 0, f"{command} ended with {result.returncode}: {result.stderr}")
    with open(trace, encoding="utf-8", errors="replace") as lines:
        return sum(int(match.group(1)) for match in map(READ.search, lines) if match)


class LongLog(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.room = rooms.new_room(os.path.join(scratch.name, "room"), TOOLS)
        self.trace = os.path.join(scratch.name, "trace")
        self.room.run(self.room.init_site())
        for command in self.room.tenant_with_key():
            self.room.run(command)
        self.room.run(self.room.generate_kek("of-no-tenant"))
        sites.lengthen(lambda *words: self.room.run([str(word) for word in words]), Path(TOOLS), Path(self.room.site),
                       ENTRIES)
        self.room.run(self.room.resume())

    def require_short(self, command, acts=1):
        with self.subTest(os.path.basename(command[0]), act=command[1]):
            length = os.path.getsize(os.path.join(self.room.site, "transcript/log.jsonl"))
            read = read_of_log(command, self.room.environment, self.trace)
            self.assertLess(0, read, "the count sees no reading of the log")
            self.assertLess(read, acts * AT_MOST, f"of {length} bytes")

    def test_an_act_reads_the_end_of_the_log_alone(self):
        self.require_short(self.room.generate_kek("another"))
        self.require_short(self.room.wrap_for_import("of-no-tenant"))
        self.require_short(self.room.key_activate())
        self.require_short(self.room.dek_issue())
        self.room.make_due()
        self.require_short(self.room.rotate(), acts=3)  # makes a version, switches to it, moves data keys
        self.require_short(self.room.adopt("of-no-tenant"))
        self.require_short(self.room.credential_seal())
        self.room.run(self.room.verify(self.room.vkey()))
        self.require_one_reading()

    def require_one_reading(self):
        """Of keys that the registry does not know the whole log is asked: once, however many they are."""
        self.room.put_stranger("of-no-tenant", "aa")
        one = read_of_log(self.room.list_keys(), self.room.environment, self.trace)
        self.assertLess(os.path.getsize(os.path.join(self.room.site, "transcript/log.jsonl")) / 2, one)
        for key_id in ("bb", "cc", "dd"):
            self.room.put_stranger("of-no-tenant", key_id)
        many = read_of_log(self.room.list_keys(), self.room.environment, self.trace)
        self.assertLess(many, 1.1 * one)


if __name__ == "__main__":
    TOOLS = sys.argv.pop(1)
    sys.exit(unittest.main())
