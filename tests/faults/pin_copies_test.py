#!/usr/bin/python3
"""While an act works, its process has its PIN in memory once, whichever way it came: what a login may need again.

The tool stops (strace) when the result is to be written, and its memory is searched. Reading it takes root.

usage: pin_copies_test.py TOOLS
"""
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import audited_log
import system_calls
from room import new_room

TOOLS = ""
PATIENCE = 60


def place_of(process):
    """The traced child, and where it is: registers of the call that it is in; None while it runs."""
    children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False).stdout
    for child in children.split():
        with open(f"/proc/{child}/syscall", encoding="utf-8") as file:
            where = file.read().strip()
        return None if where == "running" else (int(child), where)
    return None


def stopped_child_of(process):
    """The tool once it stays at one place: strace lets it stand at every call for a moment."""
    deadline, seen, same = time.monotonic() + PATIENCE, None, 0
    while time.monotonic() < deadline:
        time.sleep(0.1)
        place = place_of(process)
        same = same + 1 if place and place == seen else 0
        seen = place
        if same == 10:
            return place[0]
    raise AssertionError("the tool does not come to the call")


def copies(pid, secret):
    """How often it stands in the memory that the process can write to."""
    count = 0
    with open(f"/proc/{pid}/maps", encoding="utf-8") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            area, rights = line.split()[:2]
            if "w" not in rights:
                continue
            first, last = (int(end, 16) for end in area.split("-"))
            try:
                memory.seek(first)
                count += memory.read(last - first).count(secret)
            except OSError:  # a guard page, or one of the kernel's
                continue
    return count


@unittest.skipIf(os.geteuid() != 0, "takes root: the tools are not dumpable")
class PinCopies(unittest.TestCase):
    def setUp(self):
        self.scratch = self.enterContext(tempfile.TemporaryDirectory())
        self.room = new_room(os.path.join(self.scratch, "first"), TOOLS)
        self.room.run(self.room.init_site())
        rehearsed = self.room.copy(os.path.join(self.scratch, "recorded"))
        _, calls = system_calls.recorded(rehearsed.command(("generate_kek", "k")), rehearsed.environment,
                                         os.path.join(self.scratch, "trace"))
        # The last entry that is written is the result; the login was long before.
        self.call = [call for call in calls if call.name == "pwrite64" and "/log.jsonl>" in call.arguments][-1]
        self.file = os.path.join(self.scratch, "first", "pin")
        self.pin = audited_log.read(self.file).strip()

    def copies_by(self, options, descriptor=None):
        process = system_calls.stopped_at(self.call, self.room.generate_kek("k") + options, self.room.environment,
                                          descriptor)
        child = None
        try:
            child = stopped_child_of(process)
            return copies(child, self.pin)
        finally:
            if child:
                os.kill(child, signal.SIGKILL)
            process.kill()
            process.wait()

    def test_a_pin_of_a_file_is_there_once(self):
        self.assertEqual(self.copies_by(["--pin-file", self.file]), 1)

    def test_a_pin_of_a_descriptor_is_there_once(self):
        reading, writing = os.pipe()
        self.addCleanup(os.close, reading)
        os.write(writing, self.pin + b"\n")
        os.close(writing)
        self.assertEqual(self.copies_by(["--pin-fd", "9"], reading), 1)


if __name__ == "__main__":
    TOOLS = sys.argv.pop(1)
    sys.exit(unittest.main())
