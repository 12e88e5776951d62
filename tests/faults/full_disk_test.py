#!/usr/bin/python3
"""A disk that is full or breaks at any call that writes: the tool says so and what is done, and the next one goes on.

Of all such calls one in ONE_IN fails: sample.py.

usage: full_disk_test.py TOOLS
"""
import concurrent.futures
import json
import os
import re
import shutil
import sys
import tempfile
import unittest

import audited_log
import next_tool
import sample
import system_calls
from audited_log import Wrong, require
from room import new_room

TOOLS = ""
ONE_IN = 9
ACT = ("generate_kek", "swept")
# What a tool may say of a file that it cannot write, or of a registry.
REFUSED = {1: ("file-unwritable", "registry-failed"),
           8: ("result-not-logged", "registry-not-written", "key-made-unreported")}
CHECKPOINT, LAST_SIGNED = '/transcript/checkpoint"', '/state/last-signed"'
SYNCS = ("fsync", "fdatasync")
# By which SoftHSM writes too, and programs to their terminal: made to fail once, in the site.
SHARED = ("write", "ftruncate", "openat")


def code_of(result):
    """Of the document; where standard output itself is what failed, of what a person is told."""
    if result.stdout:
        return json.loads(result.stdout)["error"]["code"]
    told = re.search(r"^\S+: code: (\S+)", result.stderr, re.MULTILINE)
    require(told, f"it ended with {result.returncode} and without a word: {result.stderr}")
    return told[1]


def require_true_answer(room, result, lines):
    """The exit status is true: what was not done left nothing, and what is called done has its result in the log."""
    added = [json.loads(line) for line in room.lines()[len(lines):]]
    results = [entry["outcome"] for entry in added if entry["event"] == "result"]
    made = sum(held["label"] == ACT[1] for held in room.objects())
    if result.returncode == 0:
        require(results == ["done"] and made == 1, f"it says done, and the log {results}")
        return
    code = code_of(result)
    require(code in REFUSED.get(result.returncode, ()), f"it ended with {result.returncode} {code}")
    require(made == (1 if result.returncode == 8 else 0), f"it ended with {result.returncode}, and left {made} keys")
    if result.returncode == 1:
        require("done" not in results, "the log says done of what was refused")


def fail_once(room, scratch, call, ever_after):
    """None, or what is wrong after the call failed."""
    copy = room.copy(os.path.join(scratch, f"{call.name}-{call.number}-{ever_after}"))
    try:
        error = "EIO" if call.name in SYNCS else "ENOSPC"
        result = system_calls.failing_at(call, error, copy.command(ACT) + ["--json"], copy.environment, ever_after)
        require_true_answer(copy, result, room.lines())
        next_tool.require_continues(copy, room.vkey(), room.lines(), room.signed_size(room.vkey()))
        return None
    except Wrong as wrong:
        return f"{call.name} {call.number} ({call.arguments[:120]}) fails, ever after: {ever_after}: {wrong}"
    finally:
        shutil.rmtree(copy.folder)


class FullDisks(unittest.TestCase):
    def setUp(self):
        self.scratch = self.enterContext(tempfile.TemporaryDirectory())
        self.room = new_room(os.path.join(self.scratch, "first"), TOOLS)
        self.room.run(self.room.init_site())

    def calls(self, act, strings=0):
        rehearsed = self.room.copy(os.path.join(self.scratch, "recorded"))
        result, calls = system_calls.recorded(rehearsed.command(act), rehearsed.environment,
                                              os.path.join(self.scratch, "trace"), strings)
        self.assertEqual(result.returncode, 0, result.stderr)
        own = [call for call in calls if not call.is_in(rehearsed.tokens) and not call.is_said()]
        return [call for call in own if call.name not in SHARED or call.is_in(rehearsed.folder)]

    def failing(self, act, name, at, error, of="/log.jsonl>"):
        """Runs the act; of its calls of that name and file the one `at` that place fails."""
        call = [call for call in self.calls(act, strings=500) if call.name == name and of in call.arguments][at]
        # In a copy, as the calls were counted: a log that was copied is read whole.
        self.room = self.room.copy(os.path.join(self.scratch, "failing"))
        before = self.room.lines()
        result = system_calls.failing_at(call, error, self.room.command(act) + ["--json"], self.room.environment)
        error = json.loads(result.stdout)["error"] if result.returncode else {"code": "", "message": ""}
        return result.returncode, error, [json.loads(line)["event"] for line in self.room.lines()[len(before):]]

    def goes_on(self):
        next_tool.require_continues(self.room, self.room.vkey(), self.room.lines(), 1)

    def test_an_intent_that_finds_no_room_is_not_in_the_log_and_nothing_is_done(self):
        status, error, added = self.failing(ACT, "pwrite64", -2, "ENOSPC")
        self.assertEqual((status, error["code"], added), (1, "file-unwritable", []))
        self.assertIn("No space left on device", error["message"])
        self.assertNotIn(ACT[1], [held["label"] for held in self.room.objects()])
        self.goes_on()

    def test_a_key_whose_result_cannot_be_synced_is_told_and_settled_by_the_next(self):
        status, error, added = self.failing(ACT, "fdatasync", -1, "EIO")
        self.assertEqual((status, error["code"], added), (8, "result-not-logged", ["intent"]))
        self.assertIn("was made and is in the token", error["message"])
        said = self.room.run(self.room.resume())
        self.assertIn("the token holds 1 object with id", said)
        self.goes_on()

    def test_a_checkpoint_that_cannot_be_put_in_place_is_signed_by_the_next(self):
        status, error, added = self.failing(ACT, "rename", -1, "ENOSPC", CHECKPOINT)
        self.assertEqual((status, error["code"], added), (8, "result-not-logged", ["intent", "result"]))
        self.goes_on()

    def test_an_act_whose_intent_cannot_be_signed_is_not_begun(self):
        status, error, added = self.failing(ACT, "rename", 0, "ENOSPC", LAST_SIGNED)
        self.assertEqual((status, error["code"], added), (1, "file-unwritable", ["intent", "result"]))
        self.assertNotIn(ACT[1], [held["label"] for held in self.room.objects()])
        self.goes_on()

    def test_a_wrap_whose_intent_cannot_be_signed_is_not_begun(self):
        self.room.run(self.room.generate_kek("target"))
        status, error, added = self.failing(("wrap_for_import", "target"), "rename", 0, "EIO", LAST_SIGNED)
        self.assertEqual((status, error["code"], added), (1, "file-unwritable", ["intent", "result"]))
        self.assertFalse(os.path.exists(os.path.join(self.room.folder, "bundle.aws")))
        self.goes_on()

    def test_whatever_call_fails_the_answer_is_true_and_the_next_tool_goes_on(self):
        points = [(call, ever_after) for call in self.calls(ACT) for ever_after in (False, True)
                  if not ever_after or call.name not in SHARED]
        print(f"{len(points)} failing calls")
        self.assertGreaterEqual(len(points), 40)
        points = sample.one_in(ONE_IN, points)
        with concurrent.futures.ProcessPoolExecutor() as pool:
            wrong = [one for one in pool.map(fail_once, *zip(*((self.room, self.scratch, call, ever_after)
                                                               for call, ever_after in points))) if one]
        if wrong:
            self.fail("\n".join(wrong))


if __name__ == "__main__":
    TOOLS = sys.argv.pop(1)
    sys.exit(unittest.main())
