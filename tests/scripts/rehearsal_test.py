#!/usr/bin/python3
"""The rehearsal says what is so: some rows go through, and a tool that wraps another key than asked does not.

usage: rehearsal_test.py BUILD_FOLDER
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest

RUN = os.path.join(os.path.dirname(os.path.realpath(__file__)), "../../scripts/rehearsal/run.py")
BUILD = ""
# Stands where wrap-for-import should: makes one more key of the same type and wraps that one.
SWAPPING = '''#!/usr/bin/python3
import os, subprocess, sys
words, tools = sys.argv[1:], {tools!r}
at = words.index("--label") + 1
label, words[at] = words[at], words[at] + "-other"
token = [word for name in ("--module", "--module-init-args", "--token", "--pin-file") if name in words
         for word in (name, words[words.index(name) + 1])]
subprocess.run([tools + "/generate-kek", "--type", label[len("rehearsal-"):], "--label", words[at], "--for", "aws",
                *token], check=True, capture_output=True)
os.execv(tools + "/wrap-for-import", ["wrap-for-import", *words])
'''


class Rehearsal(unittest.TestCase):
    def rehearse(self, build, scratch, *rows):
        folder = os.path.join(scratch, "rehearsal")
        keys = os.environ.get("REHEARSAL_WRAPPING_KEYS")
        if keys:
            os.makedirs(keys, mode=0o700, exist_ok=True)
            os.makedirs(folder)
            os.symlink(keys, os.path.join(folder, "wrapping-keys"))
        result = subprocess.run(["/usr/bin/python3", RUN, build, folder, *rows], capture_output=True, text=True,
                                check=False)
        with open(os.path.join(folder, "result.json"), encoding="utf-8") as file:
            return result, json.load(file)

    def test_rows_of_each_cloud_are_proven_or_said_not_to_be(self):
        with tempfile.TemporaryDirectory() as scratch:
            result, rows = self.rehearse(BUILD, scratch, "aws-aes-256-symmetric-default-rsaes-oaep-sha-256",
                                         "azure-ec-p256", "google-aes-256-google-symmetric-encryption-rsa-oaep-4096")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual([row["verdict"] for row in rows],
                         ["proven", "proven", "consistent but not proven", "consistent but not proven"])
        self.assertEqual({row["custody"] for row in rows}, {"hsm"})
        self.assertLessEqual(max(map(len, result.stdout.splitlines())), 80)

    def test_a_part_that_no_row_has_is_an_error_and_wipes_nothing(self):
        with tempfile.TemporaryDirectory() as scratch:
            kept = os.path.join(scratch, "result.json")
            with open(kept, "w", encoding="utf-8") as file:
                file.write("[]")
            result = subprocess.run(["/usr/bin/python3", RUN, BUILD, scratch, "nosuch"], capture_output=True,
                                    text=True, check=False)
            self.assertEqual(result.returncode, 1)
            self.assertIn("no import has nosuch in its name", result.stderr)
            self.assertTrue(os.path.exists(kept))

    def test_a_bundle_with_another_key_fails_the_rehearsal(self):
        with tempfile.TemporaryDirectory() as scratch:
            tools = os.path.join(BUILD, "libexec/keyrite")
            for name in ("generate-kek", "verify-import"):
                os.symlink(os.path.join(tools, name), os.path.join(scratch, name))
            with open(os.path.join(scratch, "wrap-for-import"), "w", encoding="utf-8") as file:
                file.write(SWAPPING.format(tools=tools))
            os.chmod(file.name, 0o755)
            result, rows = self.rehearse(scratch, scratch, "aws-aes-256-symmetric-default-rsaes-oaep-sha-256",
                                         "aws-ec-p256-ecc-nist-p256-rsaes-oaep-sha-256")
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        for row in rows:
            self.assertRegex(row["failure"], "another (private )?key than the token")


if __name__ == "__main__":
    BUILD = sys.argv.pop(1)
    sys.exit(unittest.main())
