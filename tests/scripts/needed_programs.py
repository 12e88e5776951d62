# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""Tests that want a program which scripts/install-packages installs for CI alone: without it they are skipped. CI sets
KEYRITE_REQUIRE_ALL, and fails instead."""
import os
import shutil
import unittest


def needs(*programs):
    missing = [name for name in programs if shutil.which(name) is None]
    return unittest.skipIf(missing and os.environ.get("KEYRITE_REQUIRE_ALL") != "1", f"{', '.join(missing)}: not there")
