#!/usr/bin/python3
# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""A rotation at a cloud that is killed at any call that writes, or at any Cryptoki call, ends as if nobody had killed it.

Each command of it (ask, make, and prove, which switches and moves the data keys too) is run once and its calls are
counted; then once more for each point, from the same state, with SIGKILL on entering the call. Then resume, the same
command again, and the rest of the rotation. A run tries a sample of the points: sample.py.

usage: killed_rotation_test.py TOOLS FAULTY_MODULE
"""
import concurrent.futures
import os
import shutil
import sys
import tempfile
import unittest

import sample
import system_calls
from audited_log import Wrong, require
from rotation_room import RotationRoom, exit_of, new_rotation_room

TOOLS = MODULE = ""
# Of the calls outside the token, of those by which SoftHSM writes its own files, and of Cryptoki calls.
ONE_IN = (50, 400, 300)
KILLED = -9
ENDED = 0


def go_on(room, phase, vkey, first, data_keys):
    room.run(room.resume())
    room.complete(phase)
    room.require_rotated_once(data_keys)
    room.require_log(vkey, first)


def at_system_call(room, phase, call):
    return system_calls.killed_at(call, room.command((phase,)), room.environment)


def at_cryptoki_call(room, phase, number):
    return exit_of(room.command((phase,)), {**room.environment, "KEYRITE_TEST_FAULT": f"every {number} 1 0x9 signal"})


def kill_once(room, scratch, name, phase, kill, point, known):
    """KILLED, ENDED, or what is wrong after the command was killed at the point."""
    copy = room.copy(os.path.join(scratch, name))
    try:
        result = kill(copy, phase, point)
        allowed = (KILLED, ENDED) if sample.EVERY and kill is at_system_call else (KILLED,)
        require(result.returncode in allowed, f"it was not killed, but ended with {result.returncode}: {result.stderr}")
        # SoftHSM cuts a token's own file off while it writes it: then there is no token to go on with.
        if not copy.lost_token():
            go_on(copy, phase, *known)
        return result.returncode
    except Wrong as wrong:
        return f"{phase} killed at {point}: {wrong}"
    finally:
        shutil.rmtree(copy.folder)


class KilledRotation(unittest.TestCase):
    def setUp(self):
        self.scratch = self.enterContext(tempfile.TemporaryDirectory())

    def test_it_ends_as_if_nobody_had_killed_it(self):
        room = new_rotation_room(os.path.join(self.scratch, "first"), TOOLS, MODULE)
        known = (room.vkey(), room.lines(), room.given_out())
        work = []
        for phase in RotationRoom.PHASES:
            # What a person does before it is done once, and not in each copy.
            room.command((phase,))
            work += self.points(room.copy(os.path.join(self.scratch, f"before-{phase}")), phase)
            room.run(room.command((phase,)))
        room.require_rotated_once(known[2])
        print(f"{len(work)} points", flush=True)
        with concurrent.futures.ProcessPoolExecutor() as pool:
            tried = [pool.submit(kill_once, before, self.scratch, f"{number}", phase, kill, point, known)
                     for number, (before, phase, kill, point) in enumerate(work)]
            ended = [one.result() for one in tried]
        wrong = [one for one in ended if one not in (KILLED, ENDED)]
        if wrong:
            self.fail("\n".join(wrong))
        # Checkpoints are written by the clock: a run may have fewer system calls than the one in which they were counted, and
        # of all of them the last are not reached then. The number of Cryptoki calls does not vary.
        self.assertLessEqual(ended.count(ENDED), 1 + len(work) // 50, "points that were not reached")

    def points(self, room, phase):
        """[(room, phase, how it is killed, where)]"""
        rehearsed = room.copy(os.path.join(self.scratch, f"recorded-{phase}"))
        counted = os.path.join(self.scratch, f"calls-{phase}")
        environment = {**rehearsed.environment, "KEYRITE_TEST_CALLS": counted,
                       "KEYRITE_TEST_FAULT": "every 1000000 1 0x9 signal"}
        result, calls = system_calls.recorded(rehearsed.command((phase,)), environment,
                                              os.path.join(self.scratch, f"trace-{phase}"))
        self.assertEqual(result.returncode, 0, result.stderr)
        own = [call for call in calls if not call.is_in(rehearsed.tokens) and not call.is_in(counted)]
        own = [call for before, call in zip([None, *own], own) if sample.EVERY or not before or before.lasts()]
        of_token = [call for call in calls if call.is_in(rehearsed.tokens)]
        with open(counted, encoding="utf-8") as file:
            cryptoki = list(range(1, int(file.read()) + 1))
        print(f"{phase}: {len(own)} calls that write, {len(of_token)} by which the token writes its own files, "
              f"{len(cryptoki)} Cryptoki calls", flush=True)
        self.assertGreater(min(len(own), len(cryptoki)), 20)
        groups = ((own, at_system_call), (of_token, at_system_call), (cryptoki, at_cryptoki_call))
        picked = [(room, phase, kill, point) for (all_points, kill), one_in in zip(groups, ONE_IN)
                  for point in sample.one_in(one_in, all_points)]
        print(f"{phase}: {len(picked)} of them are tried", flush=True)
        return picked


if __name__ == "__main__":
    MODULE = sys.argv.pop(2)
    TOOLS = sys.argv.pop(1)
    sys.exit(unittest.main())
