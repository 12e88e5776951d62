"""Where the code of an Error is written down in lib/ and tools/, and with which kind: for scripts/check-errors.

An Error is made of a kind and a code, `Kind::kConfig, "code-word"`. Where a function hands its parameter on as the code,
the code stands where that function is called. What is neither is found by a pattern of FROM_TABLES, or is a fault: a code
that this file cannot read would be a code that nobody has explained.
"""
import re

from cpp_text import ROOT, line_of, sources

CODE = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_SKIP = re.compile(r'"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*.*?\*/|(?<![0-9A-Fa-f])\'(?:\\.|[^\'\\\n])+\'', re.DOTALL)
_COMMENT = re.compile(r'"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*.*?\*/', re.DOTALL)
# The head of a function, or of a lambda that has a name.
_HEAD = re.compile(r"^(?!\s*(?:if|for|while|switch|return|throw)\b)[^\n;{}#]*?(?:\b(\w+)|\b(\w+) = \[[^\]]*\])\(", re.M)
_CONSTANT = re.compile(rf'constexpr (?:std::string_view|const char\*|char) (k\w+)(?:\[\])?\s*(?:=|{{)\s*"({CODE})"')

# Has kinds and codes, and makes no Error of them.
TABLE = "lib/cli/error_table.cc"
# Codes that stand in a table of their own: file, how a row has its code, the code made of it, the kind it is thrown with.
FROM_TABLES = [
    ("entry_filter.cc", r'lower_hex\([^,]+, "(\w+)"', "{}-not-hex", "kUsage"),
    ("statement_fields.h", rf'"(statement-other-{CODE})"', "{}", "kVerification"),
    ("timestamp_fault.cc", rf'\{{ERR_LIB_\w+,\s*\w+,\s*"({CODE})"', "{}", "kVerification"),
    ("raw_evidence.cc", rf'ForeignForm\{{\s*"({CODE})"', "{}", "kConfig"),
    ("text_form.cc", rf'ForeignForm\{{\s*"({CODE})"', "{}", "kConfig"),
    ("other_client.cc", rf'ForeignForm\{{\s*"({CODE})"', "{}", "kConfig"),
    ("file_form.cc", rf'ForeignForm\{{\s*"({CODE})"', "{}", "kConfig"),
    ("policy.cc", rf'\.code = "({CODE})"', "{}", "kConfig"),
    # What exists from now on (struct Lasting), wherever an act says it.
    ("", rf'\.made = [^;]*?\.code = "({CODE})"', "{}", "kUnknownOutcome"),
]
# Documents of keyrite's own form (lib/base/document.h): each has these codes under a prefix of its own.
_DOCUMENT = re.compile(r'\bDocumentKind k\w+\{[^,{}]+,[^,{}]+,\s*"(\w+)"\}')
_DOCUMENT_CODE = re.compile(r'code_of\(kind, "([a-z-]+)"\)')
# What is thrown there is read by FROM_TABLES or _DOCUMENT, is the code of another Error, or is a CKR of its own table.
READ_ELSEWHERE = {
    ("runner.cc", "lasting.code"),
    ("ckr.cc", "ckr_code(name)"),
    ("ckr.cc", "value"),
    ("file_form.cc", "form.code"),
    ("policy.cc", "faults.front().code"),
    ("entry_filter.cc", 'fmt::format("{}-not-hex", option)'),
    ("statement_comparison.cc", "field.code"),
    ("statement_files.cc", "found.front().code()"),
    ("timestamp_fault.cc", "row.code"),
}
# The same Error with other words keeps kind and code.
_SAME = re.compile(r"(\w+)\.kind\(\)\|\1\.code\(\)")
_PARAMETER = re.compile(r"(?:const |unsigned )?[\w:]+(?:<[^>]*>)?(?:&&|&|\*)? \w+(?: = .*)?", re.DOTALL)


def without_comments(text):
    """The text with comments blanked; literals and line numbers kept."""
    def blank(match):
        token = match.group(0)
        return token if token.startswith('"') else re.sub(r"[^\n]", " ", token)
    return _COMMENT.sub(blank, text)


def end_of(text, start):
    """Behind the bracket that closes the one at `start`."""
    depth, place = 0, start
    while place < len(text):
        skipped = _SKIP.match(text, place)
        if skipped:
            place = skipped.end()
            continue
        depth += (text[place] in "([{") - (text[place] in ")]}")
        place += 1
        if depth == 0:
            return place
    return place


def arguments(text, start):
    """The arguments behind the bracket at `start`, each without white space around it."""
    found, depth, begin, place = [], 0, start + 1, start
    while place < len(text):
        skipped = _SKIP.match(text, place)
        if skipped:
            place = skipped.end()
            continue
        char = text[place]
        depth += (char in "([{") - (char in ")]}")
        if (char == "," and depth == 1) or depth == 0:
            found.append(text[begin:place].strip())
            begin = place + 1
        place += 1
        if depth == 0:
            break
    return found


class Source:
    def __init__(self, path):
        self.name = path.relative_to(ROOT).as_posix()
        self.text = without_comments(path.read_text(encoding="utf-8"))

    def at(self, place):
        return f"{self.name}:{line_of(self.text, place)}"

    def function_around(self, place):
        """(name, parameters) of the function whose body `place` is in, or of its constructor."""
        heads = [m for m in _HEAD.finditer(self.text) if m.start() < place]
        for head in reversed(heads):
            close = end_of(self.text, head.end() - 1)
            body = re.compile(r"\s*(?:const|noexcept|override|\s)*(?::[^;]*?)?\{").match(self.text, close)
            if body and body.end() <= place < end_of(self.text, body.end() - 1):
                return head.group(1) or head.group(2), arguments(self.text, head.end() - 1)
        return None, []


def constants(texts):
    return {match.group(1): match.group(2) for source in texts for match in _CONSTANT.finditer(source.text)}


def codes_in(expression, names):
    """The codes an expression can be; None where it is no literal, constant or choice among such."""
    expression = re.sub(r"^std::string(?:_view)?[({](.*)[)}]$", r"\1", expression.strip(), flags=re.DOTALL)
    chosen = re.search(r"\?(.*):([^:]*)$", expression, re.DOTALL)
    if chosen:
        both = [codes_in(part, names) for part in chosen.groups()]
        return None if None in both else both[0] + both[1]
    literal = re.fullmatch(rf'"({CODE})"', expression)
    if literal:
        return [literal.group(1)]
    constant = re.fullmatch(r"(?:\w+::)*(k[A-Z]\w+)", expression)
    return [names[constant.group(1)]] if constant and constant.group(1) in names else None


def parameter_in(expression):
    """`code` of `std::move(code)`, `std::string(code)` and `code`; None of anything else."""
    bare = re.fullmatch(r"(?:std::(?:move|string)\()?(\w+)\)?", expression)
    return bare.group(1) if bare else None


class Sites:
    """`thrown`: code -> [(kind, place)]; `unread`: [(place, expression)]."""

    def __init__(self):
        self.texts = [source for source in map(Source, sources("lib", "tools")) if source.name != TABLE]
        self.names = constants(self.texts)
        self.thrown, self.unread, self._seen = {}, [], set()
        for source in self.texts:
            self._read_direct(source)
            self._read_others(source)
        self._read_tables()

    def _add(self, code, kind, place):
        self.thrown.setdefault(code, []).append((kind, place))

    def _read_direct(self, source):
        for match in re.finditer(r"\bKind::(k\w+)\s*,", source.text):
            opening = max(source.text.rfind("(", 0, match.start()), source.text.rfind("{", 0, match.start()))
            given = arguments(source.text, opening)
            if source.text[opening + 1:match.start()].strip() or len(given) < 2:
                self._leave(source, match.start(), given[1] if len(given) > 1 else source.text[opening:match.end()])
                continue
            self._take(source, match.start(), match.group(1), given[1])

    def _read_others(self, source):
        """Errors whose kind is not written down beside them."""
        for match in re.finditer(r"\bError(?: \w+)?[({]", source.text):
            given = arguments(source.text, match.end() - 1)
            plain = len(given) < 2 or given[0].startswith("Kind::") or all(map(_PARAMETER.fullmatch, given))
            if not plain and not _SAME.fullmatch("|".join(given[:2])) and given[:2] != ["kind", "std::move(code)"]:
                self._leave(source, match.start(), given[1])

    def _leave(self, source, place, expression):
        """A code that is not read here: it is one of those known to be read elsewhere, or a fault."""
        if (source.name.rsplit("/", 1)[-1], expression) not in READ_ELSEWHERE and not _DOCUMENT_CODE.fullmatch(expression):
            self.unread.append((source.at(place), expression))

    def _take(self, source, place, kind, expression):
        codes = codes_in(expression, self.names)
        if codes is not None:
            for code in codes:
                self._add(code, kind, source.at(place))
            return
        parameter = parameter_in(expression)
        function, parameters = source.function_around(place)
        index = [i for i, one in enumerate(parameters) if parameter and re.search(rf"\b{parameter}$", one)]
        if not index:
            self._leave(source, place, expression)
        elif (function, kind, source.name) not in self._seen:
            self._seen.add((function, kind, source.name))
            self._read_calls(source, function, kind, index[0])

    def _read_calls(self, home, function, kind, index):
        room = home.name.rsplit("/", 1)[0].replace("/internal", "")
        outside = re.search(rf"\b{function}\(", "".join(s.text for s in self.texts if s.name.endswith(".h")
                                                       and s.name.startswith(room)))
        for source in self.texts if outside else [home]:
            if outside and not source.name.startswith(room):
                continue
            for match in re.finditer(rf"(?<![\w.>~]){function}\(", source.text):
                given = arguments(source.text, match.end() - 1)
                is_declaration = len(given) > index and re.search(r"[\w>&*] +&?\w+$", given[index]) and \
                    not given[index].startswith('"') and "?" not in given[index]
                if is_declaration or len(given) <= index:
                    continue
                self._take(source, match.start(), kind, given[index])

    def _read_tables(self):
        for name, row, code, kind in FROM_TABLES:
            for source in self.texts:
                for match in re.finditer(row, source.text) if source.name.endswith(name) else ():
                    self._add(code.format(match.group(1)), kind, source.at(match.start()))
        suffixes = _DOCUMENT_CODE.findall("".join(source.text for source in self.texts))
        for source in self.texts:
            for match in _DOCUMENT.finditer(source.text):
                for suffix in suffixes:
                    self._add(f"{match.group(1)}-{suffix}", "kConfig", source.at(match.start()))
