# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""The fourth part of a rehearsal: a shipped ceremony is printed, rehearsed at a token of its own, reported, and verified
offline by its log."""
import os
from typing import NamedTuple

from mismatch import Mismatch, require
from people import People
from programs import Refused

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", ".."))


class Held(NamedTuple):
    name: str
    steps: int = 0
    left_out: int = 0   # what needs a cloud's answer
    folder: str = ""
    failure: str = ""


def hold(name, programs, folder):
    """Script, minutes and the site with the transcript are left in `folder`, which is made."""
    file = os.path.join(ROOT, "ceremonies", f"{name}.toml")
    practice = os.path.join(folder, "practice")
    site = os.path.join(practice, "site")
    try:
        os.makedirs(folder)
        programs.tool("ceremony", "print", file, "--rehearsal", "--out", os.path.join(folder, "script.html"))
        people = People(file, site)
        status = people.hold([programs.path("ceremony"), "rehearse", file, "--out", practice])
        with open(os.path.join(folder, "screen.txt"), "w", encoding="utf-8") as screen:
            screen.write(people.screen)
        require(status == 0, f"the ceremony {name} ended with {status}: {people.screen[-600:]}")
        shown, _ = programs.tool("ceremony", "list", "--site", site)
        programs.tool("ceremony", "report", shown["ceremonies"][0]["id"], "--site", site, "--out",
                      os.path.join(folder, "minutes.html"))
        verified, _ = programs.tool("verify-ceremony", file, site)
        require(verified["holds"] and verified["mode"] == "rehearsal", f"the log shows: {verified['differences']}")
        return Held(name, verified["steps_done"], people.screen.count("this step is left out"), folder)
    except (Refused, Mismatch) as error:
        return Held(name, folder=folder, failure=str(error))
