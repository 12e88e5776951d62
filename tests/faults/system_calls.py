"""A program's calls that write, counted and made to fail by strace: each is a moment at which a machine can lose power,
a process be killed, or a disk be full."""
import os
import re
import subprocess
from typing import NamedTuple

WRITING = ("write", "pwrite64", "writev", "fsync", "fdatasync", "ftruncate", "rename", "renameat", "renameat2", "link",
           "linkat", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir", "openat")
# Root alone sees the paths: the tools are not dumpable, and strace then reads neither their memory nor their files.
TERMINAL = ("1<", "2<", "1,", "2,")
# [process] name(arguments
CALL = re.compile(r"^(?:\d+ +)?(\w+)\((.*)$")


class Call(NamedTuple):
    name: str
    number: int  # among the calls of this name, from 1
    arguments: str

    def is_in(self, folder):
        return folder in self.arguments

    def lasts(self):
        """Whether what it does outlives a killed process: a sync does nothing that is not there without it, and what
        was said is gone."""
        return self.name not in ("fsync", "fdatasync") and not self.is_said()

    def is_said(self):
        """Whether it writes to the terminal."""
        return self.name == "write" and self.arguments.startswith(TERMINAL)


def _strace(options, command, environment):
    # Not with --seccomp-bpf: strace 6.1 drops the signal then.
    return subprocess.run(["strace", "-f", "-qq", *options, "-e", "trace=" + ",".join(WRITING),
                           *command], env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL,
                          check=False)


def recorded(command, environment, trace, strings=0):
    """The run's result, and its calls that write; `trace` is a file to be made. `strings`: how much of each text is
    kept, such as the names that a rename is given."""
    result = _strace(["-y", "-s", str(strings), "-o", trace], command, environment)
    return result, in_trace(trace)


def in_trace(trace):
    """The calls that write, of a trace that strace has written."""
    counts, calls = {}, []
    with open(trace, encoding="utf-8", errors="replace") as file:
        for line in file:
            match = CALL.match(line)
            if not match:
                continue
            name, arguments = match.groups()
            counts[name] = counts.get(name, 0) + 1
            if name != "openat" or "O_CREAT" in arguments or "O_TRUNC" in arguments:
                calls.append(Call(name, counts[name], arguments))
    return calls


def killed_at(call, command, environment):
    """Runs the command, which gets SIGKILL on entering the call: it is not made."""
    return signalled_at(call, "SIGKILL", command, environment)


def signalled_at(call, signal, command, environment):
    """Runs the command, which gets the signal on entering the call."""
    return _strace(["-o", "/dev/null", "-e", f"inject={call.name}:signal={signal}:when={call.number}"], command,
                   environment)


def stopped_at(call, command, environment, descriptor):
    """The command, started, which stops on entering the call. `descriptor`: what it has as 9, and None where nothing."""
    return subprocess.Popen(["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + ",".join(WRITING), "-e",
                             f"inject={call.name}:signal=SIGSTOP:when={call.number}", *command], env=environment,
                            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                            close_fds=False, preexec_fn=descriptor and (lambda: os.dup2(descriptor, 9)))


def failing_at(call, error, command, environment, ever_after=False):
    """Runs the command, whose call fails with the error, and with `ever_after` each later one of that name too."""
    return _strace(["-o", "/dev/null", "-e",
                    f"inject={call.name}:error={error}:when={call.number}{'+' if ever_after else ''}"], command,
                   environment)
