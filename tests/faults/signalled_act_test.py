#!/usr/bin/python3
"""A signal at any call that writes: the act was not begun, or it is done, logged and reported; never half of it.

Each act is run once under strace, which counts its calls that write; then once more for each of them outside the token,
from the same state, with SIGINT, SIGTERM or SIGHUP on entering the call, in turn, and every other time with --json.

usage: signalled_act_test.py TOOLS
"""
import concurrent.futures
import json
import os
import shutil
import signal
import sys
import tempfile
import unittest

import audited_log
import sample
import system_calls
from audited_log import Wrong, require
from room import new_room

TOOLS = ""
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Acts whose text is what was asked for: it goes to standard output.
RESULTS = ("token_check",)
STOPPED = ": stopped: nothing was done"


def require_not_begun(room, before, objects, folders):
    """What a signal ended at once has neither intent nor object nor file to show for it."""
    added = [json.loads(line)["event"] for line in room.lines()[len(before):]] if before else []
    require(not set(added) & {"intent", "result", "settled"}, f"nothing was done, and the log has {added}")
    require(room.objects() == objects, "nothing was done, and the token's objects are others")
    made = [name for name in os.listdir(room.folder) if not name.startswith(".keyrite-") and name not in folders]
    require(not made, f"nothing was done, and there is {made}")


def require_done(room, act, said, before):
    lines = room.lines()
    require(lines[:len(before)] == before, "an entry was lost or changed")
    require(not audited_log.open_intents(lines), "an intent has no result")
    added = [json.loads(line) for line in lines[len(before):]]
    ends = [entry for entry in added if entry["event"] in ("result", "settled", "opened")]
    require(ends and ends[-1].get("outcome", "done") == "done", f"it says done, and the log {ends}")
    require(said.strip(), f"{act} was done without a word")


def signal_once(room, scratch, act, call, number):
    """None, or what is wrong after the signal came at the call."""
    copy = room.copy(os.path.join(scratch, f"{call.name}-{call.number}"))
    wanted, as_json = SIGNALS[number % len(SIGNALS)], number % 2 == 0
    # Of the copy: SoftHSM cuts a token's file off for a moment at each login, and others copy the room meanwhile.
    before = copy.lines() if os.path.exists(copy.site) else []
    objects, folders = copy.objects(), os.listdir(copy.folder)
    try:
        result = system_calls.signalled_at(call, wanted.name, copy.command(act) + ["--json"] * as_json,
                                           copy.environment)
        if result.returncode == -wanted:
            # Of files alone it does nothing that could be torn before the log, and says nothing.
            require(STOPPED in result.stderr or act[0] == "verify_bundle", f"stopped, it says {result.stderr!r}")
            require(result.stdout == "", "it was stopped, and printed a document")
            require_not_begun(copy, before, objects, folders)
            return None
        require(result.returncode == 0, f"it ended with {result.returncode}: {result.stderr}")
        require(STOPPED not in result.stderr, "it was done, and says that nothing was")
        on_output = as_json or act[0] in RESULTS
        require_done(copy, act, result.stdout if on_output else result.stderr, before)
        require(not as_json or "result" in json.loads(result.stdout), f"its document is {result.stdout!r}")
        return None
    except Wrong as wrong:
        return f"{wanted.name} at {call.name} {call.number} ({call.arguments[:120]}): {wrong}"
    finally:
        shutil.rmtree(copy.folder)


class SignalledActs(unittest.TestCase):
    def setUp(self):
        self.scratch = self.enterContext(tempfile.TemporaryDirectory())
        self.room = new_room(os.path.join(self.scratch, "first"), TOOLS)

    def with_site(self):
        self.room.run(self.room.init_site())
        self.room.run(self.room.generate_kek("before"))

    def sweep(self, *act, at_least, one_in):
        """One point in so many; sample.py has which."""
        rehearsed = self.room.copy(os.path.join(self.scratch, "recorded"))
        result, calls = system_calls.recorded(rehearsed.command(act), rehearsed.environment,
                                              os.path.join(self.scratch, "trace"))
        self.assertEqual(result.returncode, 0, result.stderr)
        own = [call for call in calls if not call.is_in(rehearsed.tokens) and not call.is_said()]
        points = [call for before, call in zip([None, *own], own) if not before or before.lasts()]
        print(f"{act[0]}: {len(points)} points of {len(own)} calls that write", flush=True)
        self.assertGreaterEqual(len(points), at_least)
        points = sample.one_in(one_in, points)
        with concurrent.futures.ProcessPoolExecutor() as pool:
            wrong = [one for one in pool.map(signal_once, *zip(*((self.room, self.scratch, act, call, number)
                                                                 for number, call in enumerate(points)))) if one]
        if wrong:
            self.fail("\n".join(wrong))

    def test_init_site(self):
        self.sweep("init_site", at_least=20, one_in=4)

    def test_generate_kek(self):
        self.with_site()
        self.sweep("generate_kek", "swept", at_least=20, one_in=4)

    def test_wrap_for_import(self):
        self.with_site()
        self.sweep("wrap_for_import", "before", at_least=30, one_in=6)

    def test_token_check(self):
        self.with_site()
        self.sweep("token_check", at_least=15, one_in=15)

    def test_verify_import(self):
        self.with_site()
        self.room.run(self.room.wrap_for_import("before"))
        self.sweep("verify_bundle", at_least=8, one_in=3)

    def test_resume(self):
        self.with_site()
        rehearsed = self.room.copy(os.path.join(self.scratch, "recorded-first"))
        _, calls = system_calls.recorded(rehearsed.command(("generate_kek", "unfinished")), rehearsed.environment,
                                         os.path.join(self.scratch, "trace-first"))
        # The last entry that is written is the result.
        result = [call for call in calls if call.name == "pwrite64" and "/log.jsonl>" in call.arguments][-1]
        system_calls.killed_at(result, self.room.command(("generate_kek", "unfinished")), self.room.environment)
        self.sweep("resume", at_least=5, one_in=3)


if __name__ == "__main__":
    TOOLS = sys.argv.pop(1)
    sys.exit(unittest.main())
