#!/usr/bin/python3
# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""debian/ and scripts/install-packages name the same packages, and scripts/package says what it is missing."""
import os
import re
import shutil
import subprocess
import tempfile
import unittest

from needed_programs import needs

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.realpath(__file__)), "../.."))
# What a Debian that builds packages has; what builds the tests, which the package leaves out.
WITHOUT_SAYING, OF_TESTS = {"g++"}, {"doctest-dev", "libvalijson-dev"}
OF_PACKAGES_ALONE = {"debhelper-compat"}


def text_of(name):
    with open(os.path.join(ROOT, name), encoding="utf-8") as file:
        return file.read()


def listed(array):
    """The packages of one list of scripts/install-packages."""
    return set(re.search(rf"^{array}=\((.*?)\)", text_of("scripts/install-packages"), re.MULTILINE | re.DOTALL)[1].split())


def field(name, text):
    """The names in a field of a control file, without versions and architectures."""
    value = re.search(rf"^{name}: (.*(?:\n .*)*)", text, re.MULTILINE)[1]
    return {re.match(r"\s*([a-z0-9+.-]+)", one)[1] for one in value.split(",")}


def run(*words, **more):
    return subprocess.run(words, capture_output=True, text=True, check=False, cwd=ROOT, **more)


class Packages(unittest.TestCase):
    def test_a_package_is_built_with_what_keyrite_is_built_with(self):
        wanted = listed("build") - WITHOUT_SAYING - OF_TESTS | OF_PACKAGES_ALONE
        self.assertEqual(field("Build-Depends", text_of("debian/control")), wanted)

    def test_the_rehearsal_needs_what_is_installed_for_tests(self):
        tests = text_of("debian/tests/control").split("\n\n")
        for one in tests:
            self.assertLessEqual(field("Depends", one) - {"keyrite"}, listed("run") | listed("build"), one)
        for name in ("smoke", "rehearsal"):
            self.assertTrue(os.access(os.path.join(ROOT, "debian/tests", name), os.X_OK), name)

    def test_what_ci_packs_with_is_installed_for_it(self):
        self.assertLessEqual({"debhelper", "lintian", "mmdebstrap"}, listed("ci"))


def program(path, line):
    with open(path, "w", encoding="utf-8") as out:
        out.write(f"#!/bin/sh\n{line}\n")
    os.chmod(path, 0o700)


def head(folder):
    return subprocess.run(["git", "rev-parse", "HEAD"], cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


def configured(folder):
    """The -DKEYRITE_COMMIT that debian/rules gives to cmake there."""
    done = subprocess.run(["make", "-n", "-f", "debian/rules", "override_dh_auto_configure"], cwd=folder, check=True,
                          capture_output=True, text=True)
    return re.search(r"-DKEYRITE_COMMIT=(\S*)", done.stdout)[1]


class Commits(unittest.TestCase):
    @needs("make")
    def test_each_build_from_source_names_its_commit(self):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(os.path.join(ROOT, "debian"), f"{folder}/debian")
            # What nobody committed has none.
            self.assertEqual(configured(folder), "")
            for command in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@example.org", "commit",
                                                           "-q", "-m", "a"]):
                subprocess.run(["git", *command], cwd=folder, check=True)
            # dpkg-buildpackage in a clone.
            self.assertEqual(configured(folder), head(folder))
            # What scripts/package writes, and the source package has: there is no git then.
            shutil.rmtree(f"{folder}/.git")
            with open(f"{folder}/debian/commit", "w", encoding="utf-8") as file:
                file.write("0123abc\n")
            self.assertEqual(configured(folder), "0123abc")

    def test_ci_packs_programs_that_name_theirs(self):
        self.assertIn('cmake --preset ci -DKEYRITE_COMMIT="$(git rev-parse HEAD)"', text_of(".ci/run"))

    def test_the_maintainer_has_no_address_that_could_be_somebody_elses(self):
        for name in ("debian/control", "debian/changelog"):
            self.assertEqual(re.findall(r"<([^>]*@[^>]*)>", text_of(name)), ["see-SECURITY.md@keyrite.invalid"], name)


class Refusals(unittest.TestCase):
    def test_an_unknown_option(self):
        done = run("scripts/package", "--thrice")
        self.assertEqual((done.returncode, done.stderr), (2, "package: error: unknown option --thrice\n"))

    def test_what_is_missing_is_named_and_nothing_is_made(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, line in (("dpkg-checkbuilddeps", "echo 'dpkg-checkbuilddeps: error: Unmet build dependencies: cmake' >&2; exit 1"),
                               ("dpkg-buildpackage", f"touch {folder}/built")):
                program(os.path.join(folder, name), line)
            done = run("scripts/package", env={**os.environ, "PATH": folder + ":" + os.environ["PATH"]})
            self.assertEqual((done.returncode, done.stderr),
                             (3, "package: error: packages are missing: apt-get install cmake\n"))
            self.assertFalse(os.path.exists(f"{folder}/built"))

    @needs("git")
    def test_programs_of_another_commit_are_not_packed(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("dpkg-checkbuilddeps", "dpkg-buildpackage"):
                program(f"{folder}/{name}", f"touch {folder}/{name}.ran")
            os.mkdir(f"{folder}/bin")
            environment = {**os.environ, "PATH": folder + ":" + os.environ["PATH"]}
            for said, named in (('"commit":"0123abc"', "0123abc"), ('"commit":null', "(none)")):
                program(f"{folder}/bin/keyrite", f"echo '{{{said}}}'")
                done = run("scripts/package", "--from", folder, env=environment)
                self.assertEqual((done.returncode, done.stderr),
                                 (1, f"package: error: {os.path.realpath(folder)}/bin/keyrite says that it was built of commit "
                                     f"{named}, and this is {head(ROOT)}\n"))
            self.assertFalse(os.path.exists(f"{folder}/dpkg-buildpackage.ran"))

    def test_a_trial_of_a_folder_without_packages(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("lintian", "mmdebstrap"):
                program(os.path.join(folder, name), "exit 9")
            done = run("scripts/package-trial", folder, env={**os.environ, "PATH": folder + ":" + os.environ["PATH"]})
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("has not one keyrite and one keyrite-doc", done.stderr)


if __name__ == "__main__":
    unittest.main()
