"""Reading our C++ for the checks: files, and text without comments and literals. No parser; good enough to be strict."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent

_TOKENS = re.compile(
    r"""//[^\n]*|/\*.*?\*/|R"(?P<tag>[^(\s]*)\(.*?\)(?P=tag)"|"(?:\\.|[^"\\\n])*"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'""",
    re.DOTALL)


def sources(*folders):
    """Every .h and .cc below the folders, in order."""
    found = []
    for folder in folders:
        found += [path for path in (ROOT / folder).rglob("*") if path.suffix in (".h", ".cc")]
    return sorted(found)


def code_of(text):
    """The text with comments blanked and literals emptied, line numbers kept."""
    def blank(match):
        token = match.group(0)
        kept = "" if token.startswith(("//", "/*")) else '""'
        return kept + "\n" * token.count("\n")
    return _TOKENS.sub(blank, text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1
