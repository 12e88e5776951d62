#!/usr/bin/python3
"""Every ```sh block of the guides runs as it stands there, with a throw-away token and
stand-in clouds. A ```text block behind an sh block shows its output: each line must come in that order, "..." stands
for anything.

usage: guide_test.py FOLDER_OF_KEYRITE [Guides.test_aws...]
"""
import os
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.join(HERE, "../..")
REHEARSAL = os.path.join(ROOT, "scripts/rehearsal")
sys.dont_write_bytecode = True
sys.path.insert(0, REHEARSAL)
import tokens  # noqa: E402  (scripts/rehearsal has to be on the path first)

KEYRITE = ""
END = "-- end of block --"
# The first column of the table of errors on the ceremony machine.
CODES = re.compile(r"^\| `([a-z0-9-]+)` \|", re.MULTILINE)
BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks_of(guide):
    """[(line, commands, output that is shown, or None)]"""
    with open(os.path.join(ROOT, guide), encoding="utf-8") as file:
        text = file.read()
    found = []
    for match in BLOCK.finditer(text):
        if match.group(1) == "sh":
            found.append([text.count("\n", 0, match.start()) + 1, match.group(2), None])
        elif found:
            found[-1][2] = match.group(2)
    return found


def script_of(blocks):
    """All blocks for one shell, since later ones use variables of earlier ones."""
    parts = ["set -eu\n"]
    for line, commands, _ in blocks:
        parts.append(f"echo {shlex.quote(f'-- line {line}')}\n{commands}echo {shlex.quote(END)}\n")
    return "".join(parts)


def lacking(shown, output):
    """The first shown line that the output does not have in its place, or None."""
    lines, at = output.splitlines(), 0
    for wanted in filter(None, (line.strip() for line in shown.splitlines())):
        pattern = re.compile(".*".join(re.escape(part) for part in wanted.split("...")))
        while at < len(lines) and not pattern.fullmatch(lines[at].strip()):
            at += 1
        if at == len(lines):
            return wanted
        at += 1
    return None


class Texts(unittest.TestCase):
    def test_shown_output_is_compared_line_by_line(self):
        output = "made key\nid   17\ndone\n"
        self.assertIsNone(lacking("made ...\ndone\n", output))
        self.assertEqual(lacking("done\nmade ...\n", output), "made ...")
        self.assertEqual(lacking("id 17\n", output), "id 17")

    def test_the_error_codes_in_the_guides_exist(self):
        source = ""
        for folder, _, names in os.walk(os.path.join(ROOT, "lib")):
            for name in names:
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    source += file.read()
        for guide in ("aws", "azure", "google", "auditor", "shred", "tenants", "after-a-power-cut"):
            with open(os.path.join(ROOT, f"docs/guide/{guide}.md"), encoding="utf-8") as file:
                codes = CODES.findall(file.read())
            self.assertGreater(len(codes), 5)
            for code in codes:
                self.assertTrue(f'"{code}"' in source, f"docs/guide/{guide}.md: no error has the code {code}")


class Guides(unittest.TestCase):
    def run_guide(self, guide):
        blocks = blocks_of(guide)
        self.assertTrue(blocks, f"{guide} has no commands")
        with tempfile.TemporaryDirectory(prefix="guide-") as scratch:
            token = tokens.nss(self.folder(scratch, "token"))
            work = self.folder(scratch, "work")
            with open(os.path.join(work, "token.sh"), "w", encoding="utf-8") as file:
                file.write(f"PIN_FILE={shlex.quote(token.pin_file)}\nset -- {shlex.join(token.options)}\n")
            path = os.pathsep.join([KEYRITE, os.path.join(REHEARSAL, "cloud"), "/usr/bin", "/bin"])
            environment = {"PATH": path, "HOME": scratch, "LC_ALL": "C.UTF-8", **token.environment,
                           "REHEARSAL_CLOUD": self.folder(scratch, "cloud"),
                           # Before /var/lib/keyrite, which this machine may have.
                           "STATE_DIRECTORY": self.folder(scratch, "state")}
            keys = os.environ.get("REHEARSAL_WRAPPING_KEYS")
            if keys:
                environment["REHEARSAL_WRAPPING_KEYS"] = keys
            result = subprocess.run(["sh", "-c", script_of(blocks)], cwd=work, env=environment, text=True, check=False,
                                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if os.environ.get("GUIDE_OUTPUT"):
            print(result.stdout)
        self.assertEqual(result.returncode, 0, f"{guide} fails here:\n{result.stdout[-4000:]}")
        for line, _, shown in blocks:
            if shown is not None:
                output = result.stdout.split(f"-- line {line}\n")[1].split(END)[0]
                self.assertIsNone(lacking(shown, output), f"{guide}:{line} shows what is not printed:\n{output}")

    @staticmethod
    def folder(*names):
        path = os.path.join(*names)
        os.makedirs(path, mode=0o700)
        return path

    def test_aws(self):
        self.run_guide("docs/guide/aws.md")

    def test_azure(self):
        self.run_guide("docs/guide/azure.md")

    def test_google(self):
        self.run_guide("docs/guide/google.md")

    def test_after_a_power_cut(self):
        self.run_guide("docs/guide/after-a-power-cut.md")

    def test_shred(self):
        self.run_guide("docs/guide/shred.md")

    def test_tenants(self):
        self.run_guide("docs/guide/tenants.md")


if __name__ == "__main__":
    KEYRITE = sys.argv.pop(1)
    sys.exit(unittest.main())
