#!/usr/bin/python3
# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""scripts/ci: the units are what systemd takes, every keyrite command line in them is one that the real tools take, and the
programs of the connected machine do what docs/guide/ci.md says.

usage: ci_test.py FOLDER_OF_KEYRITE
"""
import base64
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

import yaml

ROOT = os.path.join(os.path.dirname(os.path.realpath(__file__)), "../..")
CI = os.path.join(ROOT, "scripts/ci")
KEYRITE = ""


def text_of(name):
    with open(os.path.join(CI, name), encoding="utf-8") as file:
        return file.read()


def words_of(line):
    """As the shell of a job makes them, with a campaign and a vouching list."""
    for shown, meant in (('${KEYRITE_CAMPAIGN:+--campaign "$KEYRITE_CAMPAIGN"}', "--campaign " + "0" * 32),
                         ("$vouched", "--vouched list.json --vouched-signature list.json.sig"),
                         ('"$PIN_FILE"', "/etc/keyrite/test/pin"), (" || [ $? -eq 7 ]", "")):
        line = line.replace(shown, meant)
    return shlex.split(line)


def scripts_of(name):
    """{job: its lines of shell} of a pipeline."""
    document = yaml.safe_load(text_of(name))
    if name.startswith("gitlab"):
        return {job: document[job]["script"] for job in document["stages"]}
    return {job: [step["run"] for step in steps["steps"] if "run" in step] for job, steps in document["jobs"].items()}


def commands():
    """(file, words) of each command line that runs keyrite."""
    for name in sorted(os.listdir(CI)):
        for line in text_of(name).splitlines():
            if line.lstrip().startswith("#"):
                continue
            found = re.search(r"(?:^ExecStart=|[\s;-])(\S*\bkeyrite (?:[a-z-]+) .*)", line)
            if found and " -n keyrite-" not in line:
                yield name, words_of(found.group(1))


def run(words, **more):
    return subprocess.run(words, capture_output=True, text=True, check=False, **more)


def code_of(words):
    """The code with which keyrite refuses the words in a site that is not there: what is after the parsing of them."""
    done = run([os.path.join(KEYRITE, "keyrite"), *words], env={**os.environ, "KEYRITE_SITE": "/nonexistent/site"},
               stdin=subprocess.DEVNULL)
    return re.search(r"code: ([a-z0-9-]+)", done.stderr).group(1)


class Commands(unittest.TestCase):
    def test_each_command_line_is_one_that_the_tools_take(self):
        found = list(commands())
        self.assertGreaterEqual(len(found), 1)
        for name, words in found:
            with self.subTest(name, words=words):
                self.assertEqual(code_of(words[1:]), "folder-missing")

    def test_an_option_that_was_renamed_is_found(self):
        _, words = next(commands())
        self.assertEqual(code_of([*words[1:], "--no-such-option"]), "option-unknown")

    def test_the_guide_names_the_tools_that_there_are(self):
        with open(os.path.join(ROOT, "docs/guide/ci.md"), encoding="utf-8") as file:
            named = set(re.findall(r"(?:`|^    )keyrite ([a-z-]+)", file.read(), re.MULTILINE))
        self.assertIn("rotate", named)
        for tool in named:
            self.assertEqual(run([os.path.join(KEYRITE, "keyrite"), tool, "--help"]).returncode, 0, tool)


class Units(unittest.TestCase):
    def test_systemd_takes_the_units(self):
        if shutil.which("systemd-analyze") is None:
            if os.environ.get("KEYRITE_REQUIRE_ALL") == "1":
                self.fail("systemd-analyze is not there")
            self.skipTest("systemd-analyze is not there")
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for name in ("keyrite-rotate.service", "keyrite-rotate.timer"):
                paths.append(os.path.join(folder, name))
                lines = [line for line in text_of(name).splitlines() if not line.startswith("Documentation=")]
                with open(paths[-1], "w", encoding="utf-8") as out:
                    out.write("\n".join(lines).replace("/usr/local/bin/keyrite", os.path.join(KEYRITE, "keyrite")) + "\n")
            done = run(["systemd-analyze", "verify", *paths])
            self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def test_the_service_waits_for_people_and_keeps_no_secret(self):
        service = text_of("keyrite-rotate.service").splitlines()
        for line in ("SuccessExitStatus=7", "LoadCredential=keyrite-pin:/etc/keyrite/pin", "NoNewPrivileges=yes",
                     "ProtectSystem=strict", "CapabilityBoundingSet=", "LimitCORE=0"):
            self.assertIn(line, service)
        for line in service:
            self.assertNotRegex(line, r"--pin-(file|fd)|Environment=.*(PIN|SECRET|TOKEN)")


class Pipelines(unittest.TestCase):
    NAMES = ("gitlab-ci.yml", "github-actions.yml")
    JOBS = ["ask", "fetch", "make", "import", "prove", "switch"]

    def test_both_have_the_same_jobs_in_the_same_order(self):
        for name in self.NAMES:
            self.assertEqual(list(scripts_of(name)), self.JOBS, name)
        jobs = yaml.safe_load(text_of("github-actions.yml"))["jobs"]
        self.assertEqual([jobs[job].get("needs") for job in self.JOBS], [None, *self.JOBS[:-1]])
        runners = [jobs[job]["runs-on"][1] for job in self.JOBS]
        self.assertEqual(runners, ["keyrite-ceremony", "keyrite-connected"] * 3)
        gitlab = yaml.safe_load(text_of("gitlab-ci.yml"))
        self.assertEqual([gitlab[job].get("needs") for job in self.JOBS], [None, *([job] for job in self.JOBS[:-1])])
        self.assertEqual([gitlab[job]["extends"] for job in self.JOBS], [".ceremony", ".connected"] * 3)

    def test_both_run_the_same_keyrite_commands(self):
        found = {name: [words for file, words in commands() if file == name] for name in self.NAMES}
        self.assertEqual(len(found["gitlab-ci.yml"]), 3)
        self.assertEqual(*found.values())

    def test_a_job_that_may_end_with_7_leaves_its_folder_to_the_next_one(self):
        gitlab = yaml.safe_load(text_of("gitlab-ci.yml"))
        self.assertEqual(gitlab[".ceremony"]["allow_failure"], {"exit_codes": [7]})
        self.assertEqual(gitlab[".ceremony"]["artifacts"]["when"], "always")

    def test_each_script_is_shell(self):
        for name in self.NAMES:
            for job, lines in scripts_of(name).items():
                done = run(["bash", "-n"], input="\n".join(lines))
                self.assertEqual((done.returncode, done.stderr), (0, ""), f"{name} {job}")

    def test_no_secret_is_in_a_pipeline_or_its_artefacts(self):
        for name in self.NAMES:
            text = text_of(name)
            self.assertNotRegex(text, r"secrets\.|--pin-fd|PASSWORD|PRIVATE KEY|AWS_SECRET")
            for path in re.findall(r"path: (\S+)|paths: \[(\S+)\]", text):
                self.assertIn("rotation", "".join(path))


class Retry(unittest.TestCase):
    """retry, with a keyrite that answers what it is told to, one line for each run: exit code and document."""
    KEYRITE = """#!/bin/sh
echo "$*" >> "$0.ran"
line=$(sed -n 1p "$0.answers")
[ "$(wc -l < "$0.answers")" -le 1 ] || sed -i 1d "$0.answers"
printf '%s\\n' "${line#* }"
exit "${line%% *}"
"""
    BUSY = '7 {"keyrite":"generate-kek","version":1,"error":{"code":"transcript-in-use","kind":"waiting"}}'
    DONE = '0 {"keyrite":"generate-kek","version":1,"result":{}}'

    def retried(self, answers, seconds):
        """(exit code, documents, the command lines that ran)"""
        with tempfile.TemporaryDirectory() as folder:
            program = os.path.join(folder, "keyrite")
            with open(os.open(program, os.O_WRONLY | os.O_CREAT, 0o700), "w", encoding="utf-8") as out:
                out.write(self.KEYRITE)
            with open(program + ".answers", "w", encoding="utf-8") as out:
                out.write("\n".join(answers) + "\n")
            done = run([os.path.join(CI, "retry"), str(seconds), program, "generate-kek", "--label", "a b"])
            with open(program + ".ran", encoding="utf-8") as file:
                return done.returncode, done.stdout.splitlines(), file.read().splitlines()

    def test_it_waits_for_another_act_and_prints_one_document(self):
        code, documents, ran = self.retried([self.BUSY, self.BUSY, self.DONE], 60)
        self.assertEqual((code, documents), (0, [self.DONE[2:]]))
        self.assertEqual(ran, ["generate-kek --label a b --json=compact"] * 3)

    def test_it_gives_up_with_the_last_answer(self):
        code, documents, ran = self.retried([self.BUSY], 2)
        self.assertEqual((code, documents), (7, [self.BUSY[2:]]))
        self.assertGreaterEqual(len(ran), 2)

    def test_nothing_else_is_tried_again(self):
        for code, word in ((7, "approval-needed"), (5, "pin-wrong"), (8, "key-made-unreported"), (6, "answers-differ"),
                           (4, "ckr-device-error"), (1, "file-unwritable"), (70, "internal")):
            # A message may say anything.
            document = f'{{"keyrite":"x","version":1,"error":{{"code":"{word}","message":"transcript-in-use"}}}}'
            found, documents, ran = self.retried([f"{code} {document}", self.DONE], 60)
            self.assertEqual((found, documents, len(ran)), (code, [document], 1), word)


class Fetches(unittest.TestCase):
    """run-fetches and write-vouching-list, with fetch.sh that saves the parameters of the key in the file beside it."""
    SCRIPT = """ask=$(cd "$(dirname "$0")" && pwd -P)
[ ! -e "$ask/fails" ] || exit 1
mkdir -p "$ask.fetched"
for file in params.json params-again.json; do [ -e "$ask.fetched/$file" ] || cp "$ask/answer" "$ask.fetched/$file"; done
"""
    PUBLIC = base64.b64encode(b"a public key").decode()

    def setUp(self):
        opened = tempfile.TemporaryDirectory()
        self.addCleanup(opened.cleanup)
        self.folder = opened.name
        self.target = os.path.join(self.folder, "vouching.json")

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)

    def answer(self, key, public=PUBLIC):
        return json.dumps({"KeyId": f"arn:aws:kms:eu-west-1:1:key/{key}", "PublicKey": public, "ImportToken": "AA=="})

    def ask(self, key):
        self.write(f"ask-{key}/fetch.sh", self.SCRIPT)
        self.write(f"ask-{key}/answer", self.answer(key))

    def fetched(self, code):
        done = run([os.path.join(CI, "run-fetches"), self.folder, self.target])
        self.assertEqual(done.returncode, code, done.stderr)

    def listed(self):
        with open(self.target, encoding="utf-8") as file:
            return json.load(file)

    def rows(self, keys):
        sha256 = hashlib.sha256(b"a public key").hexdigest()
        return [{"key": f"arn:aws:kms:eu-west-1:1:key/{one}", "sha256": sha256} for one in keys]

    def test_a_vouching_list_has_each_wrapping_key_once_and_can_be_signed(self):
        self.ask("a")
        self.ask("b")
        self.fetched(0)
        made = self.listed()
        self.assertEqual(made["keys"], self.rows("ab"))
        self.assertEqual((made["format"], made["version"], set(made)), ("keyrite-vouching", 1, {"format", "version", "fetched", "keys"}))
        key = os.path.join(self.folder, "fay")
        self.assertEqual(run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key]).returncode, 0)
        signed = run(["sh", "-c", f"ssh-keygen -Y sign -n keyrite-vouching@keyrite -f {key} < {self.target} > {self.target}.sig"])
        self.assertEqual(signed.returncode, 0, signed.stderr)
        with open(self.target, encoding="utf-8") as given:
            checked = run(["ssh-keygen", "-Y", "check-novalidate", "-n", "keyrite-vouching@keyrite", "-s", self.target + ".sig"], stdin=given)
        self.assertEqual(checked.returncode, 0, checked.stderr)

    def test_what_came_with_the_asks_is_neither_listed_nor_kept(self):
        planted = self.answer("a", base64.b64encode(b"a planted key").decode())
        self.ask("a")
        for name in ("ask-a.fetched/params.json", "x.fetched/a.json", "ask-a.fetched/deeper/a.json", "vouching.json", "vouching.json.sig"):
            self.write(name, planted)
        self.fetched(0)
        self.assertEqual(self.listed()["keys"], self.rows("a"))
        self.assertEqual(sorted(os.listdir(self.folder)), ["ask-a", "ask-a.fetched", "vouching.json"])

    def test_one_that_fails_does_not_stop_the_others_and_is_not_listed(self):
        self.ask("a")
        self.write("ask-a/fails", "")
        self.ask("b")
        self.fetched(1)
        self.assertEqual(self.listed()["keys"], self.rows("b"))

    def test_nothing_fetched_from_aws_is_nothing_to_vouch_for(self):
        self.fetched(0)
        self.assertFalse(os.path.exists(self.target))
        self.ask("a")
        self.write("ask-a/answer", "{}")
        self.fetched(0)
        self.assertFalse(os.path.exists(self.target))
        self.assertEqual(run([os.path.join(CI, "run-fetches"), self.folder + "/none", self.target]).returncode, 2)

    def test_a_pipeline_signs_what_was_fetched_in_the_same_job_alone(self):
        for name in Pipelines.NAMES:
            lines = "\n".join(scripts_of(name)["fetch"])
            self.assertLess(lines.index("run-fetches rotation rotation/vouching.json"), lines.index("ssh-keygen"), name)
            self.assertNotIn("fetch.sh", lines)


class Imports(unittest.TestCase):
    """run-imports, with import.sh that keeps what it was called with."""
    SCRIPT = """name=$(dirname "$0"); echo "$(basename "$name") $*" >> "$name/../ran"
mkdir -p "$name.answers"
[ ! -e "$name/fails" ] || exit 1
printf '{"KeyMaterialId": "%s"}' "$(cat "$name/material")" > "$name.answers/answer-import.json"
printf '{"CurrentKeyMaterialId": "%s"}' "$(cat "$name/../current")" > "$name.answers/answer-describe-key.json"
[ -e "$name/unanswered" ] || echo > "$name.answers/answer-record.json"
[ ! -e "$name/unanswered" ] || exit 1
"""

    def setUp(self):
        opened = tempfile.TemporaryDirectory()
        self.addCleanup(opened.cleanup)
        self.folder = opened.name
        self.write("current", "a")

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as out:
            out.write(text)

    def make(self, *names, material="a"):
        for name in names:
            os.mkdir(os.path.join(self.folder, name))
            self.write(f"{name}/import.sh", self.SCRIPT)
            self.write(f"{name}/material", material)

    def imported(self, code):
        """What was called, with what, when run-imports ends with this code."""
        self.write("ran", "")
        self.assertEqual(run([os.path.join(CI, "run-imports"), self.folder]).returncode, code)
        with open(os.path.join(self.folder, "ran"), encoding="utf-8") as file:
            return [line.rstrip() for line in file]

    def test_each_bundle_is_imported_once_and_one_that_fails_does_not_stop_the_others(self):
        self.make("bad", "one", "one-again", "two-switch", "done", "one.not-imported-1")
        self.write("bad/fails", "")
        for name in ("done.answers", "empty.answers"):
            os.mkdir(os.path.join(self.folder, name))
        self.write("done.answers/answer-record.json", "")
        self.make("empty")
        self.assertEqual(self.imported(1), ["bad", "empty", "one", "two-switch", f"one-again --first-answers {self.folder}/one.answers"])
        os.remove(os.path.join(self.folder, "bad/fails"))
        self.assertEqual(self.imported(0), ["bad"])
        self.assertEqual(self.imported(0), [])

    def test_questions_without_answers_are_asked_again_and_nothing_is_imported_twice(self):
        self.make("one")
        self.write("one/unanswered", "")
        self.assertEqual(self.imported(1), ["one"])
        os.remove(os.path.join(self.folder, "one/unanswered"))
        self.assertEqual(self.imported(0), ["one answers"])

    def test_material_that_waits_for_its_rotation_is_verified_after_the_switch(self):
        self.make("one", "one-again", material="b")
        self.assertEqual(self.imported(0), ["one", "one answers"])
        self.assertFalse(os.path.exists(os.path.join(self.folder, "one-again.answers")))
        self.write("current", "b")
        self.assertEqual(self.imported(0), ["one answers", f"one-again --first-answers {self.folder}/one.answers"])
        self.assertEqual(self.imported(0), [])

    def test_a_folder_that_is_not_there_is_refused(self):
        done = run([os.path.join(CI, "run-imports"), self.folder + "/nothing-here"])
        self.assertEqual((done.returncode, done.stderr.count("is not a folder")), (2, 1))


if __name__ == "__main__":
    KEYRITE = sys.argv.pop(1)
    sys.exit(unittest.main())
