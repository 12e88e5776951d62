# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""People who hold a ceremony at a terminal: they type what the screen asks for. What a person would read from paper (the
end of a value that is compared) they read from the log of the site."""
import glob
import json
import os
import pty
import re
import select
import time
import tomllib

from mismatch import Mismatch

PATIENCE = 120
QUIET = 0.2
ANSWERS = {"number": "4711", "hex": "0a0b0c0d", "time": "10:30", "text": "bag 4711"}


class People:
    """`file`: the ceremony's. `site`: the folder of its site. `names`: what is typed where a name is confirmed."""

    def __init__(self, file, site, names=()):
        with open(file, "rb") as content:
            self._file = tomllib.load(content)
        self._site, self._names = site, list(names)
        self.screen = ""
        self._answered = 0

    def hold(self, words, environment=None, columns=80):
        """The exit status of the command."""
        child, terminal = pty.fork()
        if child == 0:
            os.environ.update(environment or {}, COLUMNS=str(columns), NO_COLOR="1")
            os.execv(words[0], words)
        try:
            return self._talk(child, terminal)
        finally:
            os.close(terminal)

    def _talk(self, child, terminal):
        deadline = time.monotonic() + PATIENCE
        while True:
            if select.select([terminal], [], [], QUIET)[0]:
                try:
                    piece = os.read(terminal, 65536)
                except OSError:
                    piece = b""
                if not piece:
                    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
                self.screen += piece.decode("utf-8", "replace").replace("\r", "")
                deadline = time.monotonic() + PATIENCE
                continue
            answer = self._answer(self.screen[self._answered:])
            if answer is not None:
                self._answered = len(self.screen)
                os.write(terminal, answer.encode() + b"\n")
            elif time.monotonic() > deadline:
                raise Mismatch(f"nobody knows what to type after: {self.screen[-400:]}")

    def _answer(self, shown):
        last = shown.rpartition("\n")[2]
        if last.endswith("(HH:MM)? "):
            return time.strftime("%H:%M", time.gmtime())
        named = re.match(r"Name of ([\w-]+) (\d+) of \d+: $", last)
        if named:
            return f"{named[1].capitalize()} {named[2]}"
        if last.endswith("[yes/no] "):
            return "yes"
        if re.match(r"Press Enter.*: $", last):
            return ""
        if last.startswith("Who stays"):
            return "the witness and the operator"
        typed = re.search(r"Type the name of the (\w+)", shown)
        if typed and not last.startswith(">") and last.endswith(" "):
            return self._names.pop(0) if self._names else f"rehearsal-{typed[1]}"
        return self._below(shown) if last == "> " else None

    def _below(self, shown):
        """Words that are asked for above the line."""
        text = " ".join(shown.split())
        exactly = re.findall(r"Type exactly: (.+?) >$", text)
        if exactly:
            return exactly[-1].rpartition("Type exactly: ")[2]
        step = self._step()
        if "type its last 8 characters" in text:
            return self._compared()
        if "Type the words of one alternative" in text:
            return step["alternative"][0]["words"]
        if '"again" or "abort"' in text or 'Type "abort"' in text:
            raise Mismatch(f"a step failed: {self.screen[-1500:]}")
        return ANSWERS[step.get("form", "text")]

    def _step(self):
        kind, number = re.findall(r"(Step|Teardown step) (\d+) of \d+", self.screen)[-1]
        return self._file["step" if kind == "Step" else "teardown"][int(number) - 1]

    def _compared(self):
        """The end of the value that begins with what the screen shows of it."""
        shown = re.findall(r"The value, without its last 8 characters:\n((?:    .+\n)+)", self.screen)[-1]
        begin = "".join(shown.split())
        log = glob.glob(os.path.join(self._site, "transcript", "log.jsonl"))[0]
        with open(log, encoding="utf-8") as entries:
            values = {value for entry in map(json.loads, entries) for value in texts_in(entry)}
        ends = {value[len(begin):] for value in values if value.startswith(begin) and len(value) == len(begin) + 8}
        if len(ends) != 1:
            raise Mismatch(f"the log has {len(ends)} values that begin with {begin}")
        return ends.pop()


def texts_in(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts_in(one)
