# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""Opens a report as somebody without keyrite does: the page needs nothing from elsewhere, and its numbers are those that
this program counts in the log itself.

usage: report_check.py SITE REPORT.html DOCUMENT.json
"""
import base64
import collections
import hashlib
import html.parser
import json
import os
import re
import sys


class Page(html.parser.HTMLParser):
    """Elements, attributes, headings, and the cells of each table by its caption."""

    def __init__(self):
        super().__init__()
        self.elements, self.attributes, self.headings = collections.Counter(), [], []
        self.tables, self.svg_names = {}, []
        self._rows = self._cell = self._caption = None
        self.open = []

    VOID = ("meta", "rect", "line", "br")

    def handle_starttag(self, tag, attrs):
        self.elements[tag] += 1
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in self.VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "svg":
            self.svg_names.append(dict(attrs).get("aria-label"))
        if tag == "table":
            self._rows = []
        elif tag == "caption":
            self._caption = ""
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th"):
            self._cell = ""

    def handle_startendtag(self, tag, attrs):
        self.elements[tag] += 1
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open[-3:])
        self.open.pop()
        if tag == "table":
            self.tables[self._caption] = self._rows[1:]
        elif tag in ("td", "th"):
            self._rows[-1].append(self._cell.strip())
            self._cell = None

    def handle_data(self, data):
        if self._cell is not None:
            self._cell += data
        elif self.open and self.open[-1] == "caption":
            self._caption += data


def entries_of(site):
    """(number, entry, its facts) of each line that the checkpoint signs."""
    with open(os.path.join(site, "transcript/checkpoint"), encoding="utf-8") as file:
        size = int(file.read().split("\n")[1])
    with open(os.path.join(site, "transcript/log.jsonl"), encoding="utf-8") as file:
        lines = file.read().splitlines()[:size]
    for number, line in enumerate(lines):
        entry = json.loads(line)
        facts = entry.get("facts", {})
        if "evidence_sha256" in facts:
            with open(os.path.join(site, "transcript/evidence", facts["evidence_sha256"]), encoding="utf-8") as side:
                facts = json.load(side)
        done = entry.get("event") == "part" or entry.get("outcome") == "done"
        yield number, entry, facts if done else {}


def counted(site):
    """What the log tells: states of versions and placements, activations and unwraps."""
    versions, places, active, unwraps, keys = {}, {}, {}, collections.Counter(), set()
    for number, entry, facts in entries_of(site):
        for change in facts.get("changes", []):
            if "type" in change:
                keys.add(change["key"])
            version = change.get("version")
            if version:
                at = (version["key"], version["number"])
                if version["state"] != versions.get(at, ("",))[0]:
                    versions[at] = (version["state"], number, "vouch" in entry)
                if version["state"] == "active":
                    active.setdefault(at, number)
            place = change.get("placement")
            if place:
                places[(place["destination"], place["number"])] = place["state"]
        if entry.get("act") == "dek-unwrap" and entry["event"] == "part":
            unwraps[entry["time"][:10]] += facts["opened"]
        if entry.get("act") == "credential-open" and entry.get("outcome") == "done":
            unwraps[entry["time"][:10]] += 1
    return keys, versions, places, active, unwraps


def check_alone(text, page):
    """Without network, script, or a style that the policy does not name."""
    # The base64 of the checkpoint and of the vkeys may have two slashes.
    plain = re.sub("<pre>.*?</pre>", "", text, flags=re.DOTALL)
    plain = re.sub(r"\+[0-9a-f]{8}\+[0-9A-Za-z+/]+=*", "", plain)
    for word in ("http:", "https:", "//", "url(", "@import", "javascript:"):
        assert word not in plain, word
    for element in ("script", "img", "link", "iframe", "object", "embed", "form", "input", "base", "a", "video"):
        assert not page.elements[element], element
    for tag, name, value in page.attributes:
        assert name not in ("src", "href", "style", "srcset", "action", "xlink:href"), (tag, name)
        assert not name.startswith("on"), (tag, name)
    style = re.findall("<style>(.*?)</style>", text, re.DOTALL)
    assert len(style) == 1
    policy = [value for tag, name, value in page.attributes if name == "content" and "default-src" in (value or "")]
    digest = base64.b64encode(hashlib.sha256(style[0].encode()).digest()).decode()
    assert policy == [f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"], policy
    assert ("html", "lang", "en") in page.attributes
    assert page.headings[0] == 1 and page.headings.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(page.headings, page.headings[1:]))
    assert page.open == [], page.open
    assert all(page.svg_names)


def check_numbers(document, page, site):
    keys, versions, places, active, unwraps = counted(site)
    population = document["population"]
    told = {(one["key_id"], one["number"]): (one["end"]["state"], one["end"]["entry"], one["end"]["vouched"])
            for one in population["versions"]}
    assert told == versions, (told, versions)
    assert population["states_at_end"] == collections.Counter(state for state, _, _ in versions.values())
    assert {one["key_id"] for one in population["keys"]} == keys and population["keys_at_end"] == len(keys)
    rotations = {(one["key_id"], each["number"]): each["entry"]
                 for one in document["rotations"] for each in one["rotations"]}
    assert rotations == active, (rotations, active)
    assert {one["day"]: one["unwraps"] for one in document["unwraps"]} == +unwraps, unwraps
    assert sorted(one["end"]["state"] for one in document["destinations"]) == sorted(places.values())
    # The page says the same as the document.
    rows = page.tables["Versions of all keys"]
    assert sum(row[1] != "none yet" for row in rows) == len(versions)
    assert sorted(re.match(r"[a-z-]+", row[4])[0] for row in rows if row[1] != "none yet") == sorted(
        state for state, _, _ in versions.values())
    for state, number, vouched in versions.values():
        mark = "" if vouched else "\u2020"
        assert any(row[4].startswith(f"{state} (entry {number}{mark})") for row in rows), (state, number, rows)
    assert [(row[0], int(row[1])) for row in page.tables.get("Unwraps per day", [])] == sorted((+unwraps).items())
    assert len(page.tables.get("Versions at destinations", [])) == len(places)


def main():
    site, path, json_path = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(json_path, encoding="utf-8") as file:
        document = json.load(file)["result"]
    page = Page()
    page.feed(text)
    page.close()
    check_alone(text, page)
    check_numbers(document, page, site)
    assert document["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    with open(os.path.join(site, "transcript/checkpoint"), encoding="utf-8") as file:
        assert document["log"]["size"] == int(file.read().split("\n")[1])


if __name__ == "__main__":
    main()
