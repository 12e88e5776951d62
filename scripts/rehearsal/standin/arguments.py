"""Command lines against a table, strictly: an option the real client does not have is an error here too."""
import base64
import json


class UsageError(Exception):
    """The text says what is wrong with the command line."""


# How many values an option takes.
ONE, MANY, FLAG = "one", "many", "flag"


class Arguments:
    """`words`: the positional arguments. Options by their long name without dashes, absent ones are None."""

    def __init__(self, words, options):
        self.words = words
        self._options = options

    def __getattr__(self, name):
        return self._options.get(name.replace("_", "-"))

    def require(self, *names):
        missing = [f"--{name}" for name in names if self._options.get(name) is None]
        if missing:
            raise UsageError("the following arguments are required: " + ", ".join(missing))


def parse(line, table, words=0):
    """`table`: {"key-id": ONE, "ops": MANY, "import-only": FLAG, "n": "name"}; a name as value is an alias."""
    found, options, at = [], {}, 0
    while at < len(line):
        word, at = line[at], at + 1
        if not word.startswith("-") or word == "-":
            found.append(word)
            continue
        name, equals, value = word.lstrip("-").partition("=")
        if table.get(name) not in (ONE, MANY, FLAG):
            name = table.get(name, name)
        arity = table.get(name)
        if arity is None:
            raise UsageError(f"unrecognized arguments: {word}")
        if name in options:
            raise UsageError(f"argument --{name}: given twice")
        if arity == FLAG:
            options[name] = True
        elif arity == ONE:
            if not equals:
                if at == len(line) or (line[at].startswith("--") and len(line[at]) > 2):
                    raise UsageError(f"argument --{name}: expected one argument")
                value, at = line[at], at + 1
            options[name] = value
        else:
            values = [value] if equals else []
            while at < len(line) and not line[at].startswith("-"):
                values.append(line[at])
                at += 1
            options[name] = values
    if len(found) != words:
        if len(found) > words:
            raise UsageError("unrecognized arguments: " + " ".join(found[words:]))
        raise UsageError("the following arguments are required: a name")
    return Arguments(found, options)


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise UsageError(f"Unable to load paramfile {path}: {error}") from error


def parse_base64(text, what):
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise UsageError(f"Invalid base64: {what}") from error


def pick(document, path):
    """The value at "a.b.c" (a query without operators), or None."""
    for name in path.split("."):
        if not isinstance(document, dict):
            return None
        document = document.get(name)
    return document


def render(document, query, form):
    """`document` as the clients print it: JSON, or bare text for one value."""
    value = pick(document, query) if query else document
    if form in ("text", "tsv"):
        return "None" if value is None else str(value)
    return json.dumps(value, indent=4 if form == "json" else 2)
