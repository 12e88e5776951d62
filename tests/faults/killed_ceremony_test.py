#!/usr/bin/python3
# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""A ceremony whose run is killed at any call that writes, from the intent of its act to its end, is resumed and ends the
same: one key, each step once, and a log that proves the file.

People are played at a pseudo-terminal: each prompt is answered when it is shown, whichever comes. One point in ONE_IN
is tried: sample.py.

usage: killed_ceremony_test.py TOOLS
"""
import concurrent.futures
import hashlib
import json
import os
import pty
import select
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

import sample
import system_calls
from audited_log import Wrong, require
from room import PARAMETERS, new_room

TOOLS = ""
ONE_IN = 16
PATIENCE = 120
FILE = """format = "keyrite-ceremony"
version = 1
title = "A ceremony that is killed"
purpose = "One key is made."
[[role]]
name = "operator"
[[role]]
name = "witness"
[[step]]
name = "make"
act = "generate-kek"
title = "Make the key"
role = "operator"
[step.with]
type = "aes-256"
label = "swept"
for = ["aws"]
[[teardown]]
name = "lock"
kind = "note"
title = "Lock"
role = "witness"
text = "Lock it."
"""
WRAP = """[[input]]
name = "parameters"
kind = "file"
help = "what AWS gave"
[[input]]
name = "bundle"
kind = "output"
help = "the folder of the bundle"
[[step]]
name = "wrap"
act = "wrap-for-import aws"
title = "Wrap the key"
role = "operator"
[step.with]
label = "swept"
parameters = "${parameters}"
wrapping-algorithm = "RSAES_OAEP_SHA_1"
expect-wrapping-key = "@"
out = "${bundle}"
[[teardown]]
"""
PUT_AWAY = "Press Enter when it is put away: "


def answer_to(prompt):
    """What is typed at a prompt that ends so; None: nobody is asked."""
    if prompt.endswith("(HH:MM)? "):
        return time.strftime("%H:%M", time.gmtime())
    if prompt.endswith(": ") and "Name of " in prompt.rsplit("\n", 1)[-1]:
        return "Olga" if "operator" in prompt.rsplit("\n", 1)[-1] else "Will"
    return "go" if prompt.endswith("Type exactly: go\r\n> ") else None


def played(command, environment, put_away=None):
    """The status of the command at a terminal of its own, and what the screen showed. `put_away`: what people do when the
    screen asks them to put something away."""
    master, slave = pty.openpty()

    def take_terminal():
        os.setsid()
        os.close(os.open(os.ttyname(slave), os.O_RDWR))

    # Prompts are told by how they end.
    environment = {**environment, "NO_COLOR": "1"}
    process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, preexec_fn=take_terminal)
    screen, answered, until = "", 0, time.monotonic() + PATIENCE
    try:
        while process.poll() is None:
            require(time.monotonic() < until, f"nothing more comes: {screen[-300:]!r}")
            if not select.select([master], [], [], 0.1)[0]:
                continue
            screen += os.read(master, 4096).decode("utf-8", "replace")
            answer = answer_to(screen[answered:])
            if put_away is not None and screen[answered:].endswith(PUT_AWAY):
                put_away()
                answer = ""
            if answer is not None:
                answered = len(screen)
                os.write(master, (answer + "\n").encode())
        while select.select([master], [], [], 0)[0]:
            screen += os.read(master, 4096).decode("utf-8", "replace")
    finally:
        process.kill()
        process.wait()
        os.close(master)
        os.close(slave)
    return process.returncode, screen


def tool(name):
    return os.path.join(TOOLS, name)


def begun(room):
    return [tool("ceremony"), "run", os.path.join(room.folder, "swept.toml"), "--site", room.site]


def require_ended(room):
    """The file was run wholly and in its order, and there is one key of it."""
    verified = subprocess.run([tool("verify-ceremony"), os.path.join(room.folder, "swept.toml"), room.site, "--vkey",
                               room.vkey(), "--json"], capture_output=True, text=True, check=False)
    told = json.loads(verified.stdout)
    require(verified.returncode == 0, f"verify-ceremony: {told}")
    require(told["result"]["ending"] == "completed", f"it ended otherwise: {told}")
    keys = [one for one in room.objects() if one["label"] == "swept"]
    require(len(keys) == 1, f"the token has {len(keys)} keys of it")


def is_over(room):
    return any(entry.get("act") == "ceremony-close" and entry.get("event") == "result"
               for entry in map(json.loads, room.lines()))


def kill_once(room, scratch, call):
    """None, or what is wrong after a run was killed at the call and resumed."""
    copy = room.copy(os.path.join(scratch, f"{call.name}-{call.number}"))
    try:
        status, screen = played(["strace", "-f", "-qq", "-o", "/dev/null", "-e",
                                 "trace=" + ",".join(system_calls.WRITING), "-e",
                                 f"inject={call.name}:signal=SIGKILL:when={call.number}", *begun(copy)],
                                copy.environment)
        require(status == -9, f"it was not killed, but ended with {status}: {screen[-300:]!r}")
        for _ in range(2):
            # A result that the log has and that is not signed is signed by the first resume.
            if is_over(copy):
                subprocess.run([tool("resume"), "--site", copy.site], env=copy.environment, capture_output=True,
                               stdin=subprocess.DEVNULL, check=True)
                break
            status, screen = played([tool("ceremony"), "resume", "--site", copy.site], copy.environment)
            require(status == 0, f"resume ended with {status}: {screen[-600:]!r}")
        require_ended(copy)
        return None
    except Wrong as wrong:
        return f"killed at {call.name} {call.number} ({call.arguments[:120]}): {wrong}"
    finally:
        shutil.rmtree(copy.folder)


class KilledCeremonies(unittest.TestCase):
    def test_a_step_that_is_killed_is_resumed_and_ends_the_same(self):
        scratch = self.enterContext(tempfile.TemporaryDirectory())
        room = new_room(os.path.join(scratch, "first"), TOOLS)
        room.run(room.init_site())
        with open(os.path.join(room.folder, "swept.toml"), "w", encoding="utf-8") as file:
            file.write(FILE)
        rehearsed = room.copy(os.path.join(scratch, "recorded"))
        trace = os.path.join(scratch, "trace")
        status, screen = played(["strace", "-f", "-qq", "-y", "-s", "120", "-o", trace, "-e",
                                 "trace=" + ",".join(system_calls.WRITING), *begun(rehearsed)], rehearsed.environment)
        self.assertEqual(status, 0, screen)
        require_ended(rehearsed)
        calls = system_calls.in_trace(trace)
        first = next(place for place, call in enumerate(calls)
                     if "/log.jsonl>" in call.arguments and r'{\"act\":\"generate-kek' in call.arguments)
        # What is shown is gone with the process.
        shown = ("/dev/tty", "/dev/pts/")
        own = [call for call in calls[first:]
               if not call.is_in(rehearsed.tokens) and not any(call.is_in(terminal) for terminal in shown)]
        points = [call for before, call in zip([None, *own], own) if not before or before.lasts()]
        print(f"a step of a ceremony: {len(points)} points of {len(own)} calls that write", flush=True)
        self.assertGreaterEqual(len(points), 30)
        with concurrent.futures.ProcessPoolExecutor() as pool:
            wrong = [one for one in pool.map(kill_once, *zip(*((room, scratch, call) for call in sample.one_in(ONE_IN, points))))
                     if one]
        if wrong:
            self.fail("\n".join(wrong))

    def test_a_bundle_that_a_killed_wrap_left_is_told_and_nobody_takes_it_for_the_next_one(self):
        scratch = self.enterContext(tempfile.TemporaryDirectory())
        room = new_room(os.path.join(scratch, "first"), TOOLS)
        room.run(room.init_site())
        fingerprint = room.wrap_for_import("swept")[room.wrap_for_import("swept").index("--expect-wrapping-key") + 1]
        with open(os.path.join(room.folder, "swept.toml"), "w", encoding="utf-8") as file:
            file.write(FILE.replace("[[teardown]]\n", WRAP.replace("@", fingerprint)))

        def command(of):
            return [*begun(of), "--bind", "parameters=" + os.path.join(room.folder, PARAMETERS), "--bind",
                    "bundle=" + os.path.join(of.folder, "bundle.aws")]
        rehearsed = room.copy(os.path.join(scratch, "recorded"))
        trace = os.path.join(scratch, "trace")
        writing = "trace=" + ",".join(system_calls.WRITING)
        status, screen = played(["strace", "-f", "-qq", "-y", "-s", "120", "-o", trace, "-e", writing, *command(rehearsed)],
                                rehearsed.environment)
        self.assertEqual(status, 0, screen)
        # The bundle has its name, and the log has no result of its wrap yet.
        calls = system_calls.in_trace(trace)
        named = next(place for place, call in enumerate(calls)
                     if call.name.startswith("rename") and "/bundle.aws\"" in call.arguments)
        call = next(call for call in calls[named + 1:] if "/log.jsonl>" in call.arguments and call.lasts())
        copy = room.copy(os.path.join(scratch, "killed"))
        status, screen = played(["strace", "-f", "-qq", "-o", "/dev/null", "-e", writing, "-e",
                                 f"inject={call.name}:signal=SIGKILL:when={call.number}", *command(copy)], copy.environment)
        self.assertEqual(status, -9, screen[-300:])
        bundle, away = os.path.join(copy.folder, "bundle.aws"), os.path.join(copy.folder, "put-away")
        with open(os.path.join(bundle, "manifest.json"), "rb") as file:
            left = hashlib.sha256(file.read()).hexdigest()
        asked = []

        def put_away():
            asked.append(sorted(os.listdir(bundle)))
            os.rename(bundle, away)
        status, screen = played([tool("ceremony"), "resume", "--site", copy.site], copy.environment, put_away)
        self.assertEqual(status, 0, screen[-600:])
        self.assertEqual(len(asked), 1)
        told = " ".join(screen.split())
        self.assertIn("An earlier try of this step was interrupted. The log has what was found of it.", told)
        self.assertIn("bundle.aws is there: the interrupted try made it, and nobody knows who has it by now", told)
        require_ended(copy)
        # One wrap is done, of which the log has the manifest; the other was settled, and is no result.
        wraps = [entry for entry in map(json.loads, copy.lines()) if entry.get("act") == "wrap-for-import"]
        self.assertEqual([entry["event"] for entry in wraps].count("intent"), 2, wraps)
        results = [entry for entry in wraps if entry["event"] == "result"]
        self.assertEqual([entry["outcome"] for entry in results if entry["outcome"] == "done"], ["done"], results)
        with open(os.path.join(bundle, "manifest.json"), "rb") as file:
            made = hashlib.sha256(file.read()).hexdigest()
        done = next(entry for entry in results if entry["outcome"] == "done")
        self.assertEqual(done["facts"]["bundles"][0]["manifest_sha256"], made)
        self.assertNotEqual(made, left)
        settled = [entry for entry in map(json.loads, copy.lines()) if entry["event"] == "settled"]
        self.assertEqual([(entry["intent"], [one["exists"] for one in entry["found"]["outputs"]]) for entry in settled],
                         [(wraps[0]["seq"], [True])])
        subprocess.run([tool("verify-import"), "bundle", bundle, "--expect-manifest", made], check=True, capture_output=True)


if __name__ == "__main__":
    TOOLS = sys.argv.pop(1)
    sys.exit(unittest.main())
