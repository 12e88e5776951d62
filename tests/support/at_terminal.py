#!/usr/bin/env python3
"""Runs a command at a pseudo-terminal of its own and plays a dialogue.

    at_terminal.py DIALOGUE -- COMMAND [ARGUMENT...]

DIALOGUE is a JSON list of steps: {"expect": text} waits until the screen shows the text (after what was matched
before), {"send": text} types it, {"run": words} runs a shell's command meanwhile, {"signal": number} sends a signal to
the command, {"window": [rows, columns]} changes the size of the terminal, {"look": true} records what /proc says about the process at that moment. Prints one JSON object: exit
(128 + n for signal n), screen (what the terminal showed), out and err (the command's redirected standard output and
error), looks, echo (terminal echo at the end).
"""
import fcntl
import json
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

PATIENCE = 240  # a machine that does much else at the same time


def look_at(pid):
    """What others can see of the process."""
    seen = {"threads": sorted(os.listdir(f"/proc/{pid}/task"))}
    for name in ("limits", "cmdline", "environ", "status"):
        try:
            with open(f"/proc/{pid}/{name}", "rb") as file:
                seen[name] = file.read().decode("utf-8", "replace").replace("\0", "\n")
        except PermissionError:
            seen[name] = None
    return seen


class Screen:
    """What the terminal has shown."""

    def __init__(self, descriptor):
        self.descriptor = descriptor
        self.text = ""
        self.matched = 0

    def read(self, timeout):
        """One piece of output; False at the end or when none comes in time."""
        if not select.select([self.descriptor], [], [], timeout)[0]:
            return False
        try:
            piece = os.read(self.descriptor, 4096)
        except OSError:
            return False
        self.text += piece.decode("utf-8", "replace")
        return bool(piece)

    def expect(self, wanted):
        deadline = time.monotonic() + PATIENCE
        while wanted not in self.text[self.matched:]:
            if time.monotonic() > deadline or not self.read(deadline - time.monotonic()):
                raise SystemExit(f"at_terminal: waited for {wanted!r}, the screen shows {self.text!r}")
        self.matched = self.text.index(wanted, self.matched) + len(wanted)


def play(dialogue, process, screen):
    looks = []
    for step in dialogue:
        if "expect" in step:
            screen.expect(step["expect"])
        if "send" in step:
            os.write(screen.descriptor, step["send"].encode())
            if not step["send"].endswith("\n"):
                # A worker of the kernel hands it over, and nothing shows when: a busy one came after the next signal.
                time.sleep(0.3)
        if "run" in step:
            subprocess.run(["sh", "-c", step["run"]], check=True)
        if "signal" in step:
            os.kill(process.pid, step["signal"])
            if step["signal"] == signal.SIGTSTP:
                time.sleep(0.3)
        if "window" in step:
            rows, columns = step["window"]
            fcntl.ioctl(screen.descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        if "look" in step:
            looks.append(look_at(process.pid))
    return looks


def main():
    dialogue = json.loads(sys.argv[1])
    command = sys.argv[3:]
    master, slave = pty.openpty()

    def take_terminal():
        os.setsid()
        # Opening a terminal without one makes it the controlling one.
        os.close(os.open(os.ttyname(slave), os.O_RDWR))

    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        # Without colour, whatever terminal the tests run at.
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                   preexec_fn=take_terminal, env={**os.environ, "TERM": "dumb"})
        screen = Screen(master)
        try:
            looks = play(dialogue, process, screen)
            while process.poll() is None:
                screen.read(0.1)
        finally:
            process.kill()
        while screen.read(0):
            pass
        out.seek(0)
        err.seek(0)
        code = process.returncode if process.returncode >= 0 else 128 - process.returncode
        print(json.dumps({
            "exit": code, "screen": screen.text, "looks": looks,
            "out": out.read().decode("utf-8", "replace"), "err": err.read().decode("utf-8", "replace"),
            "echo": bool(termios.tcgetattr(slave)[3] & termios.ECHO)}))


if __name__ == "__main__":
    main()
