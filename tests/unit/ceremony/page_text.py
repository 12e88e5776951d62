# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""Prints what people read of an HTML page, each block on a line of its own; boxes to write into as [ ]."""
import sys
from html.parser import HTMLParser

BLOCKS = {"p", "h1", "h2", "h3", "li", "dt", "dd", "tr", "td", "th", "caption", "section", "header", "div", "table",
          "tbody", "thead", "ul", "dl", "pre", "br"}
BOXES = {"tick", "initials", "time", "four", "word", "line", "blank", "big", "copy"}


class Text(HTMLParser):
    def __init__(self):
        super().__init__()
        self.lines = [""]
        self.hidden = 0

    def handle_starttag(self, tag, attributes):
        if tag in ("style", "title", "svg"):
            self.hidden += 1
        if tag in BLOCKS:
            self.lines.append("")
        classes = set((dict(attributes).get("class") or "").split())
        if classes & BOXES:
            self.lines[-1] += " [ ] "

    def handle_endtag(self, tag):
        if tag in ("style", "title", "svg"):
            self.hidden -= 1
        if tag in BLOCKS:
            self.lines.append("")

    def handle_data(self, data):
        if not self.hidden:
            self.lines[-1] += data.replace("\n", " ")


text = Text()
text.feed(open(sys.argv[1], encoding="utf-8").read())
for line in text.lines:
    if line.strip():
        print(" ".join(line.split()))
