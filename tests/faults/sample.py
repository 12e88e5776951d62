# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""Of a sweep's points, those that one run tries: one in so many.

KEYRITE_SWEEP_FROM, a number, says from which: CI sets it by the commit, so that its runs try different points and a run
can be made again. With KEYRITE_SWEEP_EVERY_CALL all are tried, as scripts/nightly does; KEYRITE_SWEEP_PART=2/8 takes each
eighth of them, from the third on, since all take hours.
"""
import os

EVERY = "KEYRITE_SWEEP_EVERY_CALL" in os.environ
FROM = int(os.environ.get("KEYRITE_SWEEP_FROM", "0"))
PART, PARTS = (int(number) for number in os.environ.get("KEYRITE_SWEEP_PART", "0/1").split("/"))


def one_in(many, points):
    """At least one of them, where there is one and no part was asked for."""
    if EVERY:
        return points[PART::PARTS]
    return points[FROM % max(1, min(many, len(points)))::many]
