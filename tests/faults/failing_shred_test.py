#!/usr/bin/python3
# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""A shred of which any one call to the token fails, or any call that writes: at no point is a version called destroyed
whose key a fresh process finds. Run again it ends, and run once more it changes nothing.

Of the calls one in ONE_IN fails: sample.py.

usage: failing_shred_test.py TOOLS FAULTY_MODULE
"""
import concurrent.futures
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import next_tool
import sample
import system_calls
from audited_log import Wrong, require
from room import Room, new_room

TOOLS, FAULTY = "", ""
ONE_IN = 30
# By which loaders and SoftHSM work too: these fail once, in the site.
SHARED = ("write", "ftruncate", "openat")
# Of Cryptoki: not this time, and for good.
ANSWERS = {"CKR_DEVICE_ERROR": 0x30, "CKR_FUNCTION_FAILED": 0x6}


class FaultyRoom(Room):
    """A Room whose site reaches its token by the module that fails on demand."""

    def __init__(self, folder, shared, tools, module):
        super().__init__(folder, shared, tools, module)
        self.environment["KEYRITE_TEST_REAL_MODULE"] = module

    def copy(self, folder):
        super().copy(folder)
        return FaultyRoom(folder, self._shared, self._tools, self._module)

    def init_site(self):
        return [FAULTY if word == self._module else word for word in super().init_site()]


def faulty_room(folder):
    plain = new_room(folder, TOOLS)
    return FaultyRoom(folder, folder, TOOLS, plain._module)


def require_true(room, result):
    """What it prints is so: destroyed, or an error, or pending."""
    document = json.loads(result.stdout)
    if result.returncode == 0:
        require(document["result"]["state"] == "destroyed", f"it ended with 0: {document}")
        require(room.left() == (0, 0), f"it says destroyed, and there are {room.left()}")
    else:
        state = document.get("result", {}).get("state")
        require(state in (None, "pending"), f"it ended with {result.returncode} and says {state}")
        require(document.get("error", {}).get("code") != "version-differs", "it says that somebody changed a row")


def ended(room):
    return subprocess.run(room.shred() + ["--json"], env=room.environment, capture_output=True, text=True, check=False)


def left(room):
    """Objects of the key that a fresh process finds, and wrapped data keys."""
    return next_tool.shred_standing(room)[1:]


Room.left = left


def fail_at_token(room, scratch, nth, answer):
    """None, or what is wrong after the nth call to the token got the answer."""
    copy = room.copy(os.path.join(scratch, f"token-{nth}-{answer}"))
    try:
        environment = {**copy.environment, "KEYRITE_TEST_FAULT": f"any {nth} 1 {ANSWERS[answer]:#x} answer"}
        result = subprocess.run(copy.shred() + ["--json"], env=environment, capture_output=True, text=True, check=False)
        require_true(copy, result)
        next_tool.require_shredded(copy)
        return None
    except Wrong as wrong:
        return f"call {nth} gets {answer}: {wrong}"
    finally:
        shutil.rmtree(copy.folder)


def fail_at_disk(room, scratch, call):
    """The same after a call that writes found no room."""
    copy = room.copy(os.path.join(scratch, f"disk-{call.name}-{call.number}"))
    try:
        error = "EIO" if call.name in ("fsync", "fdatasync") else "ENOSPC"
        result = system_calls.failing_at(call, error, copy.command(("shred",)) + ["--json"], copy.environment,
                                         call.name not in SHARED)
        if result.stdout:
            require_true(copy, result)
        require_true(copy, ended(copy))
        # A registry that could not be written is behind its log: resume brings it up to it.
        copy.run(copy.resume())
        next_tool.require_shredded(copy)
        return None
    except Wrong as wrong:
        return f"{call.name} {call.number} ({call.arguments[:120]}) fails: {wrong}"
    finally:
        shutil.rmtree(copy.folder)


class FailingShreds(unittest.TestCase):
    def setUp(self):
        self.scratch = self.enterContext(tempfile.TemporaryDirectory())
        self.room = faulty_room(os.path.join(self.scratch, "first"))
        for command in (self.room.init_site(), *self.room.tenant_with_key(), self.room.key_activate(),
                        self.room.dek_issue()):
            self.room.run(command)

    def all_well(self, work, points):
        with concurrent.futures.ProcessPoolExecutor() as pool:
            rows = [(self.room, self.scratch, *point) for point in points]
            wrong = [one for one in pool.map(work, *zip(*rows)) if one]
        if wrong:
            self.fail("\n".join(wrong))

    def test_whatever_call_of_the_token_fails(self):
        rehearsed = self.room.copy(os.path.join(self.scratch, "counted"))
        counted = os.path.join(self.scratch, "calls")
        rehearsed.environment.update(KEYRITE_TEST_CALLS=counted, KEYRITE_TEST_FAULT="any 1000000 1 0x30 answer")
        rehearsed.run(rehearsed.shred())
        with open(counted, encoding="utf-8") as file:
            calls = int(file.read())
        points = sample.one_in(ONE_IN, [(nth, answer) for answer in ANSWERS for nth in range(1, calls + 1)])
        print(f"{calls} calls, {len(points)} points")
        self.assertGreater(calls, 60)
        self.all_well(fail_at_token, points)

    def test_whatever_call_that_writes_finds_no_room(self):
        rehearsed = self.room.copy(os.path.join(self.scratch, "recorded"))
        result, calls = system_calls.recorded(rehearsed.command(("shred",)), rehearsed.environment,
                                              os.path.join(self.scratch, "trace"))
        self.assertEqual(result.returncode, 0, result.stderr)
        own = [call for call in calls if not call.is_in(rehearsed.tokens) and not call.is_said()]
        points = sample.one_in(ONE_IN, [(call,) for call in own if call.is_in(rehearsed.site)])
        print(f"{len(own)} calls, {len(points)} points")
        self.assertGreater(len(own), 60)
        self.all_well(fail_at_disk, points)


if __name__ == "__main__":
    TOOLS, FAULTY = sys.argv.pop(1), sys.argv.pop(1)
    sys.exit(unittest.main())
