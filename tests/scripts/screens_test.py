#!/usr/bin/python3
"""A whole ceremony for AWS KMS at a terminal, at two sizes: no line of any tool is longer than the terminal, and the
screens are those of docs/screens/, in which what differs from run to run is masked. With KEYRITE_WRITE_GOLDEN=1 the
screens are written anew. The token is NSS softoken, the cloud is the stand-in of the rehearsal.

usage: screens_test.py FOLDER_OF_KEYRITE [Screens.test_80x24...]
"""
import getpass
import os
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "../.."))
REHEARSAL = os.path.join(ROOT, "scripts/rehearsal")
sys.dont_write_bytecode = True
sys.path.insert(0, REHEARSAL)
import tokens  # noqa: E402  (scripts/rehearsal has to be on the path first)
import terminal_screen  # noqa: E402

KEYRITE = ""
RULE = "=" * 8
QR_LINE = re.compile("^[\u2580\u2584\u2588 ]{20,}$")
VKEY = re.compile(r"[^ ]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+")
WORDS_LINE = re.compile(r"^ +(\d+ +)?([A-Za-z]+ +){3}[A-Za-z]+ *$")
BEFORE_WORDS = re.compile(r"words|SHA-256 of these bytes", re.IGNORECASE)
# In this order; what replaces has the width of what it replaces, so that lines are broken where they were.
MASKS = (
    (re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "u" * 8 + "-uuuu" * 3 + "-" + "u" * 12),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "YYYY-MM-DDTHH:MM:SSZ"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d"), "YYYY-MM-DD HH:MM"),
    (re.compile(r"\b\d+ h \d+ min\b|\b\d+ hours?( \d+ minutes?)?\b"), "TIME"),
    (re.compile(r"SHA256:[A-Za-z0-9+/]{43}"), lambda match: "SHA256:" + "b" * 43),
    (re.compile(r"\+[0-9a-f]{8}\+[A-Za-z0-9+/=]{40,}"), lambda match: "+" + "b" * (len(match.group()) - 1)),
    (re.compile(r"\b[A-Za-z0-9+/]{43}=(?![A-Za-z0-9+/])"), lambda match: "b" * 44),
    (re.compile(r"(?<=group 1 of 16 is )[0-9a-f]{4}"), "hhhh"),
    (re.compile(r"\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b"), lambda match: "h" * len(match.group())),
    (re.compile(r"(?<=^ {4})[0-9a-f]{4}( [0-9a-f]{2,4})+$"), lambda match: re.sub("[0-9a-f]", "h", match.group())),
    (re.compile(r"(?<=^ {2})[0-9a-f]{4}( [0-9a-f]{4}){7}$"), lambda match: re.sub("[0-9a-f]", "h", match.group())),
    (re.compile(r"(?<=check value) (\S+ +)[0-9a-f]{6,}"), lambda match: " " + match.group(1) + "hhhhhh"),
    (re.compile(r"keyrite \d+\.\d+\.\d+"), "keyrite N.N.N"),
    (re.compile(r"/tmp/keyrite-screens-\w{8}"), "/tmp/keyrite-screens-XXXXXXXX"),
)


def masked(lines):
    """Without what differs from run to run."""
    shown, words = [], 0
    for line in lines:
        if QR_LINE.match(line):
            if not shown or not shown[-1].startswith("(QR code"):
                # Its size is that of an ECDSA signature, which has not always the same length.
                shown.append("(QR code)")
            continue
        if BEFORE_WORDS.search(line):
            words = 8
        elif words and WORDS_LINE.match(line):
            words -= 1
            number = re.match(r" *\d* *", line).group()
            line = number + "word word word word"
        for pattern, instead in MASKS:
            line = pattern.sub(instead, line)
        shown.append(line)
    return shown


class Masks(unittest.TestCase):
    def test_what_differs_is_masked_and_words_stay(self):
        self.assertEqual(masked(["    8f3a 02c1 0000 1111 2222 3333 4444 5555"]), ["    " + "hhhh " * 7 + "hhhh"])
        self.assertEqual(masked(["id 00112233445566778899aabbccddeeff, made"]), ["id " + "h" * 32 + ", made"])
        self.assertEqual(masked(["at 2026-03-01T10:00:00Z"]), ["at YYYY-MM-DDTHH:MM:SSZ"])
        self.assertEqual(masked(["decade", "the facade"]), ["decade", "the facade"])
        self.assertEqual(masked(["as PGP words:", "  topmost Istanbul Pluto vagabond"]),
                         ["as PGP words:", "  word word word word"])
        self.assertEqual(masked(["\u2588" * 41, "\u2588\u2580" * 20 + " "]), ["(QR code)"])

    def test_a_line_that_is_written_over_is_what_is_there_in_the_end(self):
        self.assertEqual(terminal_screen.line_shown("at work ..\r\x1b[Kdone"), "done")
        self.assertEqual(terminal_screen.line_shown("abc\rX"), "Xbc")


class Ceremony:
    """The steps, in a folder whose name has always the same length."""

    def __init__(self, test, rows, columns, folder):
        self._test, self._rows, self._columns, self._folder = test, rows, columns, folder
        self.screens = []
        token = tokens.nss(self._made("token"))
        self._work = self._made("work")
        self._options = [*token.options, "--site-pin-file", token.pin_file]
        self._environment = {
            "PATH": os.pathsep.join([KEYRITE, os.path.join(REHEARSAL, "cloud"), "/usr/bin", "/bin"]), "HOME": folder,
            "LC_ALL": "C.UTF-8", "TERM": "dumb", **token.environment, "REHEARSAL_CLOUD": self._made("cloud"),
            "STATE_DIRECTORY": self._made("state")}
        keys = os.environ.get("REHEARSAL_WRAPPING_KEYS")
        if keys:
            self._environment["REHEARSAL_WRAPPING_KEYS"] = keys

    def _made(self, name):
        path = os.path.join(self._folder, name)
        os.makedirs(path, mode=0o700)
        return path

    def sh(self, commands):
        """What is done beside the tools."""
        done = subprocess.run(["sh", "-euc", commands], cwd=self._work, env=self._environment, text=True, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self._test.assertEqual(done.returncode, 0, f"{commands}\n{done.stdout}")
        return done.stdout.strip()

    def tool(self, command, code=0, answers=(), options=(), kept=True):
        """One command at the terminal. `options` are not part of what is kept."""
        words = shlex.split(command)
        ended = terminal_screen.run([*words, *options], self._rows, self._columns, answers, cwd=self._work,
                                    env=self._environment)
        self._test.assertEqual(ended.exit, code, f"{command}\n" + "\n".join(ended.lines))
        for line in ended.lines:
            # A vkey of EC P-256 is copied whole: the terminal itself goes on below.
            if VKEY.fullmatch(line):
                continue
            self._test.assertLessEqual(len(line), self._columns, f"{command}: too long for the terminal: {line}")
        if kept:
            self.screens += ["", f"{RULE} {command}", "", *masked(ended.lines), "", f"[exit code {code}]"]
        return ended.lines

    def next_command(self, lines, begins):
        """A command as it stands on the screen, to be pasted."""
        at = next(i for i, line in enumerate(lines) if line.startswith("    " + begins))
        command = [lines[at]]
        while command[-1].endswith("\\"):
            at += 1
            command.append(lines[at])
        return "\n".join(command)

    def hold(self):
        """Open, make, wrap with an approval, import, judge, and read the log."""
        self._prepare()
        self.tool("keyrite init-site site --origin acme.example/hsm1 --roster roster.toml", options=self._options)
        self.sh("printf '\\n[approvals.needed.wrap-for-import]\\nsecurity-officer = 1\\n' >> site/site.toml")
        self._environment["KEYRITE_SITE"] = os.path.join(self._work, "site")
        # What this version of the token can do is not kept: another version can do something else.
        self.tool("keyrite token-check", kept=False)
        self.tool("keyrite generate-kek --type aes-256 --label acme-v3 --for aws")
        wrap = ("keyrite wrap-for-import aws --label acme-v3 --parameters params.json --wrapping-algorithm "
                "RSAES_OAEP_SHA_256 --verification-parameters again.json --verification-out acme-v3.again --out "
                "acme-v3.aws --operator operator@acme.example")
        same = ("[yes/no] ", "yes\n")
        self.tool(f"{wrap} --expect-wrapping-key {'0' * 64}", code=6)
        waiting = self.tool(wrap, code=7, answers=[same, same])
        show = self.next_command(waiting, "keyrite approve show")
        statement = shlex.split(show.replace("\\\n", ""))[-1]
        self.sh(f"cp {shlex.quote(os.path.dirname(statement))}/*.json .")
        shown = self.tool("keyrite approve show statement.json")
        signing = self.next_command(shown, "ssh-keygen -Y sign").replace(" KEY", " alice")
        self.sh(signing)
        self.tool("keyrite approve count statement.json --roster roster.toml --approval statement.json.sig")
        made = self.tool(f"{wrap} --approval statement.json.sig", answers=[same, same])
        self.tool("keyrite verify-import bundle acme-v3.aws")
        # As they stand on the screen.
        self.sh(self.next_command(made, "acme-v3.aws/import.sh"))
        self.sh(self.next_command(made, "acme-v3.again/import.sh"))
        self.tool("keyrite verify-import answers acme-v3.aws --evidence acme-v3.aws.answers", code=7)
        self.sh(self.next_command(made, "keyrite verify-import answers acme-v3.again"))
        self.tool("keyrite verify-import answers acme-v3.again --evidence acme-v3.again.answers")
        self.tool("keyrite resume")
        self.tool("keyrite transcript verify site")
        log = self.tool("keyrite transcript show site")
        self._test.assertTrue(any('generate-kek "acme-v3"' in line for line in log), log)
        self.tool("keyrite transcript show site --full", kept=False)
        self.tool("keyrite transcript readout site")
        self.tool("keyrite transcript export site --out audit")

    def _prepare(self):
        self.sh("ssh-keygen -q -t ed25519 -N '' -C alice@acme.example -f alice; "
                "ssh-keygen -q -t ed25519 -N '' -C bob@acme.example -f bob")
        roster = ""
        for name in ("alice", "bob"):
            with open(os.path.join(self._work, name + ".pub"), encoding="utf-8") as file:
                roster += (f'[[approver]]\nidentity = "{name}@acme.example"\nroles = ["security-officer"]\n'
                           f'keys = ["{file.read().strip()}"]\n')
        roster += f'[[operator]]\nidentity = "operator@acme.example"\nusers = ["{getpass.getuser()}"]\n'
        path = os.path.join(self._work, "roster.toml")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            file.write(roster)
        self.sh("aws kms create-key --origin EXTERNAL --key-spec SYMMETRIC_DEFAULT --key-usage ENCRYPT_DECRYPT "
                "--description 'acme payments' --output json > key.json")
        arn = self.sh("sed -n 's/.*\"Arn\": \"\\(.*\\)\".*/\\1/p' key.json")
        for name in ("params.json", "again.json"):
            self.sh(f"aws kms get-parameters-for-import --key-id {arn} --wrapping-algorithm RSAES_OAEP_SHA_256 "
                    f"--wrapping-key-spec RSA_4096 --output json > {name}")


class Screens(unittest.TestCase):
    def held(self, rows, columns):
        with tempfile.TemporaryDirectory(prefix="keyrite-screens-", dir="/tmp") as folder:
            ceremony = Ceremony(self, rows, columns, folder)
            ceremony.hold()
        return "\n".join([f"The screens of a ceremony for AWS KMS at a terminal of {columns} columns and {rows} rows,",
                          "made by tests/scripts/screens_test.py (KEYRITE_WRITE_GOLDEN=1 makes them anew).",
                          *ceremony.screens]) + "\n"

    def compare(self, rows, columns):
        self.maxDiff = None
        screens = self.held(rows, columns)
        path = os.path.join(ROOT, f"docs/screens/aws-{columns}x{rows}.txt")
        if os.environ.get("KEYRITE_WRITE_GOLDEN"):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(screens)
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read().splitlines(), screens.splitlines())

    def test_80x24(self):
        self.compare(24, 80)

    def test_200x50(self):
        self.compare(50, 200)


if __name__ == "__main__":
    KEYRITE = sys.argv.pop(1)
    sys.exit(unittest.main())
