#!/usr/bin/python3
"""A process that is killed at any call that writes leaves a site on which the next tool says what happened and goes on.

Each act is run once under strace, which counts its calls that write; then once more for each point, from the same
state, with SIGKILL on entering the call. Every call that writes outside the token is a point, but for one that follows
a call of which nothing outlives a process: both are the same moment. Of the calls by which SoftHSM writes its own
files, which are many and much alike, one in ONE_IN_OF_TOKEN is one. A run tries a sample of the points: sample.py.

usage: killed_act_test.py TOOLS
"""
import concurrent.futures
import os
import shutil
import sys
import tempfile
import unittest

import next_tool
import sample
import system_calls
from audited_log import Wrong, require
from room import new_room

TOOLS = ""
ONE_IN_OF_TOKEN = 60
KILLED = -9


def kill_once(room, scratch, act, call):
    """None, or what is wrong after a process was killed at the call. `act`: a method of Room and its arguments."""
    copy = room.copy(os.path.join(scratch, f"{call.name}-{call.number}"))
    try:
        result = system_calls.killed_at(call, copy.command(act), copy.environment)
        require(result.returncode == KILLED, f"it was not killed, but ended with {result.returncode}")
        if not call.is_in("/site/") and copy.lost_token():
            next_tool.require_lost_token_told(copy)
        elif os.path.exists(room.site):
            next_tool.require_continues(copy, room.vkey(), room.lines(), room.signed_size(room.vkey()))
            next_tool.require_torn_told(copy, room.torn())
            if act[0] == "generate_version":
                next_tool.require_version_agrees(copy)
            if act[0] == "rotate":
                next_tool.require_rotated_once(copy)
            if act[0] == "shred":
                next_tool.require_shredded(copy)
            if act[0] == "forget":
                next_tool.require_forgotten(copy)
            if act[0].startswith("credential_"):
                next_tool.require_credential_opens(copy, act[0])

            if act[0] == "dek_rewrap":
                next_tool.require_rest_moved(copy)
        else:
            next_tool.require_site_or_none(copy)
        return None
    except Wrong as wrong:
        return f"killed at {call.name} {call.number} ({call.arguments[:120]}): {wrong}"
    finally:
        shutil.rmtree(copy.folder)


class KilledActs(unittest.TestCase):
    def setUp(self):
        self.scratch = self.enterContext(tempfile.TemporaryDirectory())
        self.room = new_room(os.path.join(self.scratch, "first"), TOOLS)

    def with_site(self):
        self.room.run(self.room.init_site())
        self.room.run(self.room.generate_kek("before"))

    def sweep(self, *act, at_least, one_in):
        """Kills the act at each point; `at_least`: points outside the token, lest nothing is swept; of those points
        one in `one_in` is tried."""
        rehearsed = self.room.copy(os.path.join(self.scratch, "recorded"))
        result, calls = system_calls.recorded(rehearsed.command(act), rehearsed.environment,
                                              os.path.join(self.scratch, "trace"))
        self.assertEqual(result.returncode, 0, result.stderr)
        own = [call for call in calls if not call.is_in(rehearsed.tokens)]
        of_token = [call for call in calls if call.is_in(rehearsed.tokens)]
        points = [call for before, call in zip([None, *own], own) if sample.EVERY or not before or before.lasts()]
        self.assertGreaterEqual(len(points), at_least)
        tried = sample.one_in(one_in, points), sample.one_in(ONE_IN_OF_TOKEN, of_token)
        print(f"{act[0]}: {len(tried[0])} of {len(points)} points of {len(own)} calls that write, and of {len(of_token)} "
              f"by which the token writes its own files {len(tried[1])}", flush=True)
        with concurrent.futures.ProcessPoolExecutor() as pool:
            wrong = [one for one in pool.map(kill_once, *zip(*((self.room, self.scratch, act, call)
                                                               for call in tried[0] + tried[1]))) if one]
        if wrong:
            self.fail("\n".join(wrong))

    def test_init_site_leaves_a_whole_site_or_none(self):
        self.sweep("init_site", at_least=30, one_in=4)

    def test_what_generate_kek_left_is_told_and_settled(self):
        self.with_site()
        self.sweep("generate_kek", "swept", at_least=25, one_in=4)

    def test_a_version_is_in_log_registry_and_token_or_told_as_an_orphan(self):
        self.with_site()
        self.room.run(self.room.add_tenant())
        self.room.run(self.room.add_key())
        self.room.run(self.room.resume())
        self.sweep("generate_version", at_least=30, one_in=6)

    def test_what_wrap_for_import_left_is_told_and_settled(self):
        self.with_site()
        self.sweep("wrap_for_import", "before", at_least=60, one_in=8)

    def with_version(self):
        self.with_site()
        for command in self.room.tenant_with_key():
            self.room.run(command)

    def test_what_key_activate_left_is_told_and_settled(self):
        self.with_version()
        self.sweep("key_activate", at_least=20, one_in=5)

    def test_what_dek_issue_left_is_told_and_settled(self):
        self.with_version()
        self.room.run(self.room.key_activate())
        self.sweep("dek_issue", at_least=20, one_in=5)

    def test_a_rotation_that_is_killed_goes_on_where_it_was(self):
        self.with_version()
        for command in (self.room.key_activate(), self.room.dek_issue()):
            self.room.run(command)
        self.room.make_due()
        self.sweep("rotate", at_least=60, one_in=16)

    def test_a_shred_that_is_killed_never_says_more_than_is_so(self):
        self.with_version()
        for command in (self.room.key_activate(), self.room.dek_issue()):
            self.room.run(command)
        self.sweep("shred", at_least=60, one_in=20)

    def test_a_name_that_is_to_be_forgotten_is_not_left(self):
        self.with_version()
        for command in (self.room.shred(), self.room.offboard()):
            self.room.run(command)
        self.sweep("forget", at_least=30, one_in=16)

    def test_a_credential_is_sealed_or_can_be(self):
        self.with_version()
        self.room.run(self.room.key_activate())
        self.sweep("credential_seal", at_least=20, one_in=10)

    def test_a_credential_has_its_old_secret_or_its_new_one(self):
        self.with_version()
        self.room.run(self.room.key_activate())
        self.room.run(self.room.credential_seal())
        self.sweep("credential_rotate", at_least=20, one_in=8)

    def test_what_dek_rewrap_left_is_told_and_the_rest_is_moved(self):
        self.with_version()
        self.room.run(self.room.key_activate())
        self.room.run(self.room.dek_issue())
        for command in self.room.next_version_active():
            self.room.run(command)
        self.sweep("dek_rewrap", at_least=20, one_in=8)

    def test_resume_that_is_killed_too_is_resumed(self):
        self.with_site()
        self.leave_unfinished()
        self.sweep("resume", at_least=12, one_in=3)

    def leave_unfinished(self):
        """An intent without a result, and after it a line that was cut off."""
        rehearsed = self.room.copy(os.path.join(self.scratch, "recorded-first"))
        _, calls = system_calls.recorded(rehearsed.command(("generate_kek", "unfinished")), rehearsed.environment,
                                         os.path.join(self.scratch, "trace-first"))
        # The last entry that is written is the result.
        result = [call for call in calls if call.name == "pwrite64" and "/log.jsonl>" in call.arguments][-1]
        system_calls.killed_at(result, self.room.command(("generate_kek", "unfinished")), self.room.environment)
        with open(os.path.join(self.room.site, "transcript/log.jsonl"), "ab") as file:
            file.write(b'{"act":"gen')


if __name__ == "__main__":
    TOOLS = sys.argv.pop(1)
    sys.exit(unittest.main())
