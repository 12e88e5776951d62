#!/usr/bin/env python3
"""One file that must not compile: `must_not_compile.py FILE COMPILER OPTION...`.

The file compiles as it stands, which shows that the compiler, its options and every include are right. With
KEYRITE_FORBIDDEN defined there is more in it, and that must be refused by an error with the words of one of the file's
lines `// refused: WORDS` (compilers differ in theirs). Where lines are marked `// forbidden`, each of them must be
refused so, and no other line of the file.
"""
import os
import pathlib
import re
import subprocess
import sys


def compiled(command):
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}, check=False)


def lines_of(source, errors):
    """The file's own line numbers among the errors."""
    return {int(line[len(source) + 1:].split(":")[0]) for line in errors if line.startswith(source + ":")}


def complaint(source, text, messages):
    """What is wrong with the way in which the compiler refused the file, None when nothing is."""
    wanted = re.findall(r"^// refused: (.+)$", text, re.MULTILINE)
    if not wanted:
        return "names no words of a refusal"
    errors = [line for line in messages.splitlines() if "error:" in line]
    fitting = [line for line in errors if any(words in line for words in wanted)]
    if not fitting:
        return "is refused, but for another reason"
    marked = {number for number, line in enumerate(text.splitlines(), 1) if "// forbidden" in line}
    missed = marked - lines_of(source, fitting)
    if missed:
        return f"is not refused in the lines {sorted(missed)}"
    if marked and lines_of(source, errors) != marked:
        return "is refused in other lines than those marked"
    return None


def main():
    source, *compiler = sys.argv[1:]
    command = [*compiler, "-std=c++20", "-fsyntax-only", source]
    text = pathlib.Path(source).read_text(encoding="utf-8")

    control = compiled(command)
    if control.returncode != 0:
        sys.exit(f"{source} does not compile even without what is forbidden:\n{control.stderr}")
    forbidden = compiled([*command, "-DKEYRITE_FORBIDDEN"])
    if forbidden.returncode == 0:
        sys.exit(f"{source} compiles with what is forbidden")
    wrong = complaint(source, text, forbidden.stderr)
    if wrong:
        sys.exit(f"{source} {wrong}:\n{forbidden.stderr}")


if __name__ == "__main__":
    main()
