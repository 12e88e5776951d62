# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""Opens report.html of an exported folder as an auditor's browser does, and compares what it says with the log beside it.

usage: export_page_check.py FOLDER
"""
import json
import os
import re
import sys

sys.dont_write_bytecode = True
import report_check  # noqa: E402

HEADINGS = ["Look at these first", "Who did what, when", "Approvals", "What is signed, and what is not",
            "What cannot be known from this folder", "Check this page"]
REMARKED = ("truncated", "dropped", "clock-confirmed", "last-signed-accepted")
MARK = "\u2020"
MOST = 2000


class Page(report_check.Page):
    """Also the texts of headings, of paragraphs and list items, and of <pre>."""

    VOID = ("meta",)

    def __init__(self):
        super().__init__()
        self.texts = {"h1": [], "h2": [], "p": [], "li": [], "pre": []}

    def handle_starttag(self, tag, attrs):
        super().handle_starttag(tag, attrs)
        if tag in self.texts:
            self.texts[tag].append("")

    def handle_data(self, data):
        super().handle_data(data)
        if self.open and self.open[-1] in self.texts:
            self.texts[self.open[-1]][-1] += data


def read_log(folder):
    """The entries that the checkpoint signs, and how many lines follow them."""
    with open(os.path.join(folder, "checkpoint"), encoding="utf-8") as file:
        size = int(file.read().split("\n")[1])
    with open(os.path.join(folder, "log.jsonl"), encoding="utf-8") as file:
        lines = file.read().split("\n")
    entries = []
    for line in lines[:size]:
        try:
            entries.append(json.loads(line))
        except ValueError:
            entries.append({})
    return entries, len(lines) - 1 - size


def unvouched(entries):
    return {n for entry in entries if entry.get("event") == "unvouched"
            for n in range(entry["first"], entry["last"] + 1)}


def is_remarked(entry, outcome):
    return (not entry.get("act") or entry.get("event") in REMARKED or entry.get("accepted") is True
            or (entry.get("event") == "intent" and outcome in ("NO RESULT", "unknown")))


def acts_of(entries):
    """(number, entry, how it ended, its keys or those of its run's intent) of each act."""
    intents = {entry["run"]: entry for entry in entries if entry.get("event") == "intent" and entry.get("run")}
    ends = {entry.get("run"): entry.get("outcome", "") if entry["event"] == "result" else "settled"
            for entry in entries if entry.get("event") in ("result", "settled")}
    for number, entry in enumerate(entries):
        event = entry.get("event", "")
        if event in ("part", "result", "settled") and entry.get("run") in intents:
            continue
        if event == "unvouched" and entry.get("accepted") is not True:
            continue
        end = {"intent": ends.get(entry.get("run"), "NO RESULT"), "approval-requested": "asked for approvals",
               "refused": "refused: " + entry.get("error", {}).get("code", "")}.get(event, event)
        yield number, entry, end, entry.get("keys") or intents.get(entry.get("run"), {}).get("keys", [])


def row_of(number, entry, end, named, marked):
    keys = ["".join(f"{word} {key[word]}" for word in ("key", "id") if word in key) for key in named]
    shown = keys[:3] + ([f"and {len(keys) - 3} more"] if len(keys) > 3 else [])
    people = [one["identity"] for one in entry.get("approval", {}).get("by", [])]
    return [f"{number}{MARK if number in marked else ''}", entry.get("time", ""), entry.get("operator", ""),
            entry.get("act") or "NOT AN ENTRY", end, "".join(shown), "".join(people)]


def check_acts(page, entries):
    marked = unvouched(entries)
    acts = list(acts_of(entries))
    rows = page.tables["Acts in the order of the log"]
    wanted = [row_of(*act, marked) for act in acts[-MOST:]]
    assert rows == wanted, [(one, other) for one, other in zip(rows, wanted) if one != other][:3]
    left_out = [text for text in page.texts["p"] if "NOT on this page" in text]
    assert len(left_out) == (len(acts) > MOST), left_out
    assert all(str(len(acts) - MOST) in text for text in left_out)
    first = [row[0].strip(MARK) for row in page.tables.get("What needs an explanation", [])]
    remarked = [str(number) for number, entry, end, _ in acts if is_remarked(entry, end)]
    assert set(remarked) <= set(first), (first, remarked)
    # What else is there, is there for its time.
    extra = [row for row in page.tables.get("What needs an explanation", []) if row[0].strip(MARK) not in remarked]
    assert all("the clock was set back" in row[1] for row in extra), extra
    return len(first)


def check_approvals(page, entries, folder):
    used = {}
    for number, entry in enumerate(entries):
        if entry.get("event") == "intent" and "approval" in entry:
            one = used.setdefault(entry["approval"]["statement_sha256"], ([], entry["approval"]["by"]))
            one[0].append(str(number))
    here = os.path.join(folder, "approvals")
    wanted = [[sha256, ", ".join(numbers), "".join(one["identity"] for one in by),
               "approvals/" if os.path.isdir(os.path.join(here, sha256)) else "NO: it has names"]
              for sha256, (numbers, by) in sorted(used.items())]
    assert page.tables.get("Approved statements", []) == wanted, (page.tables.get("Approved statements"), wanted)


def check_head(page, entries, behind, remarks, text):
    head = page.texts["p"][1]
    assert head.startswith(f"{len(entries)} entr"), head
    assert (f"NOT signed: {behind} entr" in head) == (behind > 0), head
    assert ("needs an explanation" in head or "need an explanation" in head), head
    assert ("No signed entry needs" in head) == (remarks == 0), head
    assert (re.search('<body class="interim">', text) is not None) == (remarks > 0 or behind > 0)
    points = page.texts["li"]
    assert any(f"the first {len(entries)} entr" in point for point in points), points
    assert any("Whether the same keys signed a second history" in point for point in points)


def main():
    folder = sys.argv[1]
    with open(os.path.join(folder, "report.html"), encoding="utf-8") as file:
        text = file.read()
    page = Page()
    page.feed(text)
    page.close()
    report_check.check_alone(text, page)
    assert page.texts["h2"] == HEADINGS, page.texts["h2"]
    entries, behind = read_log(folder)
    remarks = check_acts(page, entries)
    check_approvals(page, entries, folder)
    check_head(page, entries, behind, remarks, text)
    with open(os.path.join(folder, "checkpoint"), encoding="utf-8") as file:
        assert file.read() in page.texts["pre"]
    with open(os.path.join(folder, "vkeys"), encoding="utf-8") as file:
        assert file.read() in page.texts["pre"]


if __name__ == "__main__":
    main()
