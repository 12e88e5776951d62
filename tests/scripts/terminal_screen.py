"""A command at a pseudo-terminal of a given size, and what its screen shows in the end."""
import codecs
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time

PATIENCE = 120
# What a line shows: returns go back to its beginning, and ESC [ K takes the rest away. Nothing else moves the cursor.
CURSOR = re.compile("\r|\x1b\\[K")


def line_shown(raw):
    """The line as it stands after all that was written into it."""
    line, at, place = "", 0, 0
    for match in [*CURSOR.finditer(raw), None]:
        text = raw[place:match.start() if match else len(raw)]
        line = line[:at] + text + line[at + len(text):]
        at += len(text)
        if match:
            if match.group() == "\r":
                at = 0
            else:
                line = line[:at]
            place = match.end()
    return line


def take_terminal(slave):
    """Makes it the controlling terminal of the process to be, which opens one where it has none."""
    os.setsid()
    os.close(os.open(os.ttyname(slave), os.O_RDWR))


class Ended:
    """exit: the exit code; lines: of the screen."""

    def __init__(self, code, text):
        self.exit = code
        self.lines = [line_shown(raw) for raw in text.replace("\r\n", "\n").split("\n")]
        if self.lines[-1] == "":
            self.lines.pop()


def run(command, rows, columns, answers=(), raw=None, **options):
    """Runs it, and types each of `answers`, a pair of what the screen shows first and of what is typed then. `raw`: a list
    that gets what was written to the terminal."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave,
                               preexec_fn=lambda: take_terminal(slave), **options)
    os.close(slave)
    text, seen, waiting = "", 0, list(answers)
    # A read may end within a character.
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if select.select([master], [], [], 0.1)[0]:
            try:
                piece = os.read(master, 65536)
            except OSError:
                break
            if not piece:
                break
            text += decoder.decode(piece)
        if waiting and waiting[0][0] in text[seen:]:
            seen = text.index(waiting[0][0], seen) + len(waiting[0][0])
            os.write(master, waiting.pop(0)[1].encode())
    else:
        process.kill()
    os.close(master)
    code = process.wait()
    if raw is not None:
        raw.append(text)
    if waiting:
        raise AssertionError(f"the screen never showed {waiting[0][0]!r}: {text}")
    return Ended(code, text)
