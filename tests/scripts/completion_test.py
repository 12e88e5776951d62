#!/usr/bin/python3
# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""Completion, as somebody types it: bash and zsh at a pseudo-terminal, fish by its own `complete -C`. The names come from a real
site, and some of them would be commands if a shell ever ran them.

usage: completion_test.py FOLDER_OF_KEYRITE
"""
import hashlib
import os
import pty
import re
import select
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from needed_programs import needs

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPTS = ROOT / "scripts/completion"
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "scripts/rehearsal"))
import tokens  # noqa: E402  (scripts/rehearsal has to be on the path first)

KEYRITE = ""
# Whoever adds a tenant chooses its name.
TENANTS = ["Acme", "Be Two", "Call $(touch pwned)", "Don't", "Eve `touch pwned`", 'Fox "quoted"', "Gus; touch pwned"]
PATIENCE = 30


class Site:
    """A site with tenants, a key and a bundle's folder, made once for all tests."""

    def __init__(self, scratch):
        self.scratch = Path(scratch)
        for name in ("work", "token", "state"):
            (self.scratch / name).mkdir(mode=0o700)
        self.work = self.scratch / "work"
        token = tokens.nss(str(self.scratch / "token"))
        self.environment = {"PATH": os.pathsep.join([KEYRITE, "/usr/bin", "/bin"]), "HOME": scratch, "LC_ALL": "C.UTF-8",
                            "TERM": "dumb", "STATE_DIRECTORY": str(self.scratch / "state"), **token.environment}
        self.must("init-site", "site", "--origin", "keyrite.example/completion", *token.options, "--site-pin-file", token.pin_file)
        self.environment["KEYRITE_SITE"] = str(self.work / "site")
        for name in TENANTS:
            self.must("tenant", "add", name, "--owner", "olga")
        self.must("key", "add", "payments", "--tenant", "Acme", "--type", "aes-256")
        self.must("generate-kek", "--type", "aes-256", "--label", "acme key", "--for", "aws")
        for name in ("params.json", "notes.txt", "a b.json"):
            (self.work / name).write_text("{}", encoding="utf-8")

    def must(self, *words):
        done = subprocess.run(["keyrite", *words], cwd=self.work, env=self.environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(f"keyrite {words}: {done.stderr}")

    def complete(self, *words, **more):
        return subprocess.run(["keyrite", "__complete", *words], cwd=self.work, env={**self.environment, **more},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)

    def words(self, *words, **more):
        done = self.complete(*words, **more)
        if (done.returncode, done.stderr) != (0, ""):
            raise AssertionError(f"{words}: {done.returncode} {done.stderr!r}")
        return [line.split("\t")[0] for line in done.stdout.splitlines()]

    def state(self):
        """SHA-256 of every file of the site, and every name in it."""
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
                for path in sorted((self.work / "site").rglob("*"))}


class Shell:
    """A shell at a terminal of its own."""

    def __init__(self, site, *command):
        self.child, self.master = pty.fork()
        if self.child == 0:
            os.chdir(site.work)
            os.execvpe(command[0], command, {**site.environment, "COLUMNS": "200", "LINES": "50"})
        self.text = ""

    def expect(self, wanted):
        deadline = time.monotonic() + PATIENCE
        while wanted not in self.text:
            if time.monotonic() > deadline:
                raise AssertionError(f"waited for {wanted!r}, the screen shows {self.text!r}")
            if select.select([self.master], [], [], 0.2)[0]:
                self.text += os.read(self.master, 4096).decode("utf-8", "replace")
        found, self.text = self.text.split(wanted, 1)
        return found

    def send(self, text):
        os.write(self.master, text.encode())

    def close(self):
        os.close(self.master)
        os.waitpid(self.child, 0)


# What follows `keyrite` once a line is entered: its words, each in brackets.
ECHO = 'keyrite() { if [ "$1" = __complete ]; then command keyrite "$@"; else printf "<%s>" "$@"; echo; echo END"LINE"; fi; }\n'


class Completion(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.opened = tempfile.TemporaryDirectory(prefix="completion-")
        cls.addClassCleanup(cls.opened.cleanup)
        cls.site = Site(cls.opened.name)

    def tearDown(self):
        self.assertFalse((self.site.work / "pwned").exists(), "a name was run as a command")

    def test_tools_commands_options_and_choices_come_from_the_tables(self):
        words = self.site.words
        self.assertIn("transcript", words(""))
        self.assertEqual(words("trans"), ["transcript"])
        self.assertEqual(words("transcript", "t"), ["timestamp"])
        self.assertEqual(words("transcript", "timestamp", ""), ["request", "attach"])
        self.assertEqual(words("transcript", "verify", "--a"), ["--all-signed"])
        self.assertEqual(words("ceremony", "verify", "--vk"), ["--vkey"])
        self.assertIn("--json=compact", words("generate-kek", "--j"))
        # One that was given is not offered again; one that may be repeated is.
        self.assertNotIn("--label", words("generate-kek", "--label", "a", "--"))
        self.assertIn("--for", words("generate-kek", "--for", "aws", "--"))
        self.assertEqual(words("generate-kek", "--for", "a"), ["aws", "azure"])
        self.assertEqual(words("generate-kek", "--for=a"), ["--for=aws", "--for=azure"])
        self.assertEqual(words("explain", "pin-wro"), ["pin-wrong"])
        self.assertEqual(words("help", "res"), ["resume"])
        self.assertEqual(words("no-such-tool", ""), [])
        self.assertEqual(words("generate-kek", "--", "--"), [])

    def test_files_are_offered_by_what_their_names_end_in(self):
        words = self.site.words
        self.assertEqual(words("wrap-for-import", "aws", "--parameters", ""), ["a b.json", "params.json", "site/"])
        self.assertEqual(words("verify-import", "bundle", "si"), ["site/"])
        self.assertEqual(words("wrap-for-import", "aws", "--parameters", "site/site"), [])

    def test_names_come_from_the_site(self):
        words = self.site.words
        self.assertEqual(words("tenant", "show", ""), TENANTS)
        self.assertEqual(words("key", "show", "--tenant", "Acme", ""), ["payments"])
        self.assertEqual(words("key", "show", "--tenant", "Be Two", ""), [])
        self.assertEqual(words("wrap-for-import", "aws", "--label", ""), ["acme key"])
        self.assertEqual(words("generate-kek", "--label", ""), [])
        self.assertEqual(words("tenant", "add", ""), [])
        self.assertEqual(words("tenant", "show", "", KEYRITE_SITE="/nonexistent"), [])
        self.assertEqual(words("tenant", "show", "--site", "/nonexistent", ""), [])

    def test_nothing_is_written_and_no_token_is_asked(self):
        before = self.site.state()
        for line in (["tenant", "show", ""], ["wrap-for-import", "aws", "--label", ""], ["verify-import", "bundle", ""],
                     ["approve", "show", ""]):
            # A token that is not there changes nothing.
            with_site = self.site.words(*line)
            self.assertEqual(self.site.words(*line, SOFTHSM2_CONF="/nonexistent"), with_site)
        self.assertEqual(self.site.state(), before)

    def test_a_registry_that_is_none_has_no_names(self):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(self.site.work / "site", Path(folder) / "site")
            registry = Path(folder) / "site/registry.sqlite"
            registry.write_bytes(b"this is no registry" * 100)
            self.assertEqual(self.site.words("tenant", "show", "", KEYRITE_SITE=folder + "/site"), [])
            registry.unlink()
            os.mkfifo(registry)
            self.assertEqual(self.site.words("tenant", "show", "", KEYRITE_SITE=folder + "/site"), [])

    def test_a_name_that_moves_the_cursor_or_hides_is_left_out(self):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(self.site.work / "site", Path(folder) / "site")
            database = sqlite3.connect(Path(folder) / "site/registry.sqlite")
            for name, bad in (("Acme", "Ac\x1b[2Jme"), ("Be Two", "Be\nTwo"), ("Don't", "Don\u202et")):
                database.execute("UPDATE pseudonym SET name = ? WHERE name = ?", (bad, name))
            database.commit()
            database.close()
            found = self.site.words("tenant", "show", "", KEYRITE_SITE=folder + "/site")
            self.assertEqual(found, [name for name in TENANTS if name not in ("Acme", "Be Two", "Don't")])

    def bash(self):
        shell = Shell(self.site, "bash", "--norc", "--noprofile", "-i")
        shell.send("PS1=; bind 'set enable-bracketed-paste off'; bind 'set bell-style none'; bind 'set page-completions off'; "
                   f"bind 'set completion-query-items 0'; . {SCRIPTS}/keyrite.bash; {ECHO.strip()}; echo REA\"DY\"\n")
        shell.expect("READY")
        self.addCleanup(shell.close)
        return shell

    def entered(self, shell, typed):
        """The words that keyrite gets when a line with tabs is entered."""
        shell.send(typed + "\n")
        shown = shell.expect("ENDLINE")
        return re.findall(r"<([^<>]*)>", shown.replace("\r", ""))

    def test_bash_completes_words_and_quotes_names(self):
        shell = self.bash()
        for typed, words in (
                ("keyrite trans\tver\t--all\t", ["transcript", "verify", "--all-signed"]),
                ("keyrite generate-kek --for=goo\t", ["generate-kek", "--for=google"]),
                ("keyrite wrap-for-import aws --parameters par\t", ["wrap-for-import", "aws", "--parameters", "params.json"]),
                ("keyrite wrap-for-import aws --parameters a\t", ["wrap-for-import", "aws", "--parameters", "a b.json"]),
                ("keyrite tenant show Be\t", ["tenant", "show", "Be Two"]),
                ("keyrite tenant show Call\t", ["tenant", "show", TENANTS[2]]),
                ("keyrite tenant show Don\t", ["tenant", "show", "Don't"]),
                ("keyrite tenant show Eve\t", ["tenant", "show", TENANTS[4]]),
                ("keyrite tenant show Fox\t", ["tenant", "show", TENANTS[5]]),
                ("keyrite tenant show Gus\t", ["tenant", "show", TENANTS[6]]),
                ("keyrite tenant show Be\\ T\t", ["tenant", "show", "Be Two"]),
                ("keyrite key show --tenant 'Acme' pay\t", ["key", "show", "--tenant", "Acme", "payments"]),
                ("keyrite wrap-for-import aws --label acme\t", ["wrap-for-import", "aws", "--label", "acme key"])):
            with self.subTest(typed):
                self.assertEqual(self.entered(shell, typed), words)

    def test_bash_in_open_quotes_offers_nothing_that_means_more_there(self):
        shell = self.bash()
        self.assertEqual(self.entered(shell, "keyrite tenant show 'Acm\t"), ["tenant", "show", "Acme"])
        self.assertEqual(self.entered(shell, "keyrite tenant show \"Call\t\""), ["tenant", "show", "Call"])

    def test_bash_shows_several_and_leaves_the_line_as_it_is(self):
        shell = self.bash()
        shell.send("keyrite tenant show \t\t")
        shown = shell.expect("Gus")
        self.assertIn("Acme", shown)
        self.assertEqual(self.entered(shell, "Acm\t"), ["tenant", "show", "Acme"])

    @needs("zsh")
    def test_zsh_completes_words_and_quotes_names(self):
        shell = Shell(self.site, "zsh", "-f", "-i")
        self.addCleanup(shell.close)
        shell.send(f"PS1=; unsetopt PROMPT_SP ZLE_BRACKETED_PASTE; zstyle ':completion:*' menu no; unset zle_bracketed_paste; "
                   f"fpath=({SCRIPTS} $fpath); autoload -Uz compinit; compinit -u -D; unsetopt AUTO_MENU AUTO_LIST BEEP; "
                   "zshaddhistory() { return 1 }; mkdir -p .z; "
                   f"function show {{ printf '<%s>' \"$@\"; echo; echo END\"LINE\" }}; echo REA\"DY\"\n")
        shell.expect("READY")
        for typed, words in (("trans\tver\t--all\t", ["transcript", "verify", "--all-signed"]),
                             ("tenant show Be\t", ["tenant", "show", "Be Two"]),
                             ("tenant show Call\t", ["tenant", "show", TENANTS[2]]),
                             ("tenant show Don\t", ["tenant", "show", "Don't"]),
                             ("tenant show Eve\t", ["tenant", "show", TENANTS[4]]),
                             ("tenant show Gus\t", ["tenant", "show", TENANTS[6]])):
            with self.subTest(typed):
                # The line is completed as keyrite's, and given to show when it is entered.
                shell.send("keyrite " + typed + "\x01\x1bd" + "show\n")
                shown = shell.expect("ENDLINE")
                self.assertEqual(re.findall(r"<([^<>]*)>", shown.replace("\r", ""))[-len(words):], words)

    @needs("fish")
    def test_fish_completes_words_and_names(self):
        def offered(line):
            done = subprocess.run(["fish", "--no-config", "-c", f"source {SCRIPTS}/keyrite.fish; complete -C $argv[1]", line],
                                  cwd=self.site.work, env=self.site.environment, stdin=subprocess.DEVNULL, capture_output=True,
                                  text=True, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            return [one.split("\t")[0] for one in done.stdout.splitlines()]
        self.assertEqual(offered("keyrite trans"), ["transcript"])
        self.assertEqual(offered("keyrite transcript verify --all"), ["--all-signed"])
        self.assertEqual(sorted(offered("keyrite tenant show ")), sorted(TENANTS))
        self.assertEqual(offered("keyrite key show --tenant 'Acme' "), ["payments"])


if __name__ == "__main__":
    KEYRITE = sys.argv.pop(1)
    sys.exit(unittest.main())
