#!/usr/bin/python3
# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""A clone has all that it needs: standing_alone_test.py CRYPTO_TEST TRANSCRIPT_TEST

Without published test vectors the tests that want them are skipped, and say whose files they are; the rehearsal says
nothing. No text of ours leads a reader out of the clone, but for the one folder where vectors are looked for.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.realpath(__file__)), "../.."))
CRYPTO_TEST, TRANSCRIPT_TEST = sys.argv[1:3]
SKIPPED = 77
# (program, test case, file of the project, project)
WANTING = (
    (CRYPTO_TEST, "RFC 5649*", "testvectors_v1/aes_kwp_test.json", "https://github.com/C2SP/wycheproof"),
    (CRYPTO_TEST, "RFC 3394*", "testvectors_v1/aes_wrap_test.json", "https://github.com/C2SP/wycheproof"),
    (CRYPTO_TEST, "OAEP: every*", "testvectors_v1/rsa_oaep_2048_sha1_mgf1sha1_test.json",
     "https://github.com/C2SP/wycheproof"),
    (TRANSCRIPT_TEST, "All inclusion probes*", "testdata/inclusion", "https://github.com/transparency-dev/merkle"),
    (TRANSCRIPT_TEST, "All consistency probes*", "testdata/consistency",
     "https://github.com/transparency-dev/merkle"))
# The folders beside the clone where vectors may stand, by the two files that look there.
MAY_LOOK_OUTSIDE = {"scripts/cmake/keyrite_options.cmake", "scripts/rehearsal/transcripts.py"}
# Documents that stood beside the first drafts, and a path out of the clone.
OUTSIDE = re.compile(r"\.\./shared|\bdesign\.md|\bimport-formats\b|\btokens\.md|\btranscript\.md \d")


def run(program, case, vectors):
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("KEYRITE_VECTORS", "KEYRITE_REQUIRE_ALL")}
    if vectors is not None:
        environment["KEYRITE_VECTORS"] = vectors
    return subprocess.run([program, f"--test-case={case}"], env=environment, capture_output=True, text=True, check=False)


class StandingAlone(unittest.TestCase):
    def test_a_test_without_its_vectors_says_whose_they_are(self):
        with tempfile.TemporaryDirectory() as empty:
            for program, case, file, project in WANTING:
                for vectors in (empty, os.path.join(empty, "absent")):
                    done = run(program, case, vectors)
                    self.assertEqual(done.returncode, SKIPPED, done.stdout + done.stderr)
                    line = f"SKIPPED: this test needs {file} of {project} (Apache-2.0) as $KEYRITE_VECTORS/"
                    self.assertIn(line, done.stdout)
                    self.assertNotIn(empty, done.stdout)

    def test_a_vector_that_is_there_is_used(self):
        """A file without a group is no file of the project's: it is read, and the test fails."""
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(os.path.join(folder, "wycheproof"))
            with open(os.path.join(folder, "wycheproof/aes_kwp_test.json"), "w", encoding="utf-8") as file:
                file.write('{"testGroups": [], "numberOfTests": 0}')
            done = run(CRYPTO_TEST, "RFC 5649*", folder)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertNotIn("SKIPPED", done.stdout)

    def test_the_worked_example_needs_nothing_from_outside(self):
        done = run(TRANSCRIPT_TEST, "The worked example*", "/absent")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("1 passed", done.stdout)

    def test_the_rehearsal_is_silent_about_an_example_that_is_not_there(self):
        code = ("import sys; sys.path.insert(0, sys.argv[1]); import transcripts\n"
                "check = transcripts._Check(None, None, None)\n"
                "check._verify_with_example({})\n"
                "print(transcripts.EXAMPLE_FOLDER, check._skipped, check._by)\n")
        done = subprocess.run(["python3", "-B", "-c", code, os.path.join(ROOT, "scripts/rehearsal")],
                              env=os.environ | {"KEYRITE_VECTORS": "/absent"}, capture_output=True, text=True,
                              check=True)
        self.assertEqual(done.stdout, "/absent/tlog-example [] []\n")

    def test_no_text_leads_out_of_the_clone(self):
        if shutil.which("git") is None:
            self.skipTest("no git here")
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
        if listed.returncode != 0:
            self.skipTest("no clone of git")
        names = set(listed.stdout.split("\0")) - {"", "tests/scripts/standing_alone_test.py"} - MAY_LOOK_OUTSIDE
        self.assertGreater(len(names), 500)
        leading = []
        for name in sorted(names):
            try:
                with open(os.path.join(ROOT, name), encoding="utf-8") as file:
                    found = OUTSIDE.search(file.read())
            except (UnicodeDecodeError, FileNotFoundError):
                continue
            if found:
                leading.append(f"{name}: {found[0]}")
        self.assertEqual(leading, [])


if __name__ == "__main__":
    sys.exit(unittest.main(argv=sys.argv[:1]))
