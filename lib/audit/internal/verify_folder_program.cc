#include "audit/internal/verify_folder_program.h"

namespace keyrite::audit {

namespace {

constexpr std::string_view kVerifyFolderProgram =
    R"py(# What an entry says. An entry may have anything in it: whatever is not as it should be counts as not there.


def part(entry, *names):
    for name in names:
        entry = entry.get(name) if isinstance(entry, dict) else None
    return entry


def text_of(entry, *names):
    value = part(entry, *names)
    return value if isinstance(value, str) else ""


def listed(entry, *names):
    value = part(entry, *names)
    return value if isinstance(value, list) else []


def is_sha256(value):
    return isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) is not None


def evidence_of(entry):
    """SHA-256 of what was kept for the entry beside the log."""
    named = [part(entry, "facts", "evidence_sha256"), part(entry, "evidence"), *listed(entry, "evidence")]
    return [value for value in named if is_sha256(value)]


def uses_approval(entry):
    return text_of(entry, "event") == "intent" and part(entry, "approval") is not None


# What is made of a roster for ssh-keygen and openssl. The log has the SHA-256 of the roster alone: with other keys
# beside it, anybody's signature would be an approver's.


def seconds(text, less=0):
    """As ssh-keygen reads it."""
    if isinstance(text, str):
        text = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (text.astimezone(datetime.timezone.utc) - datetime.timedelta(seconds=less)).strftime("%Y%m%d%H%M%S")


def signers_of(person):
    options = 'namespaces="keyrite-approval@keyrite"'
    if "valid_from" in person:
        options += ',valid-after="%s"' % seconds(person["valid_from"])
    if "valid_until" in person:
        options += ',valid-before="%s"' % seconds(person["valid_until"], 1)
    return ["%s %s %s" % (person["identity"], options, " ".join(key.split()[:2])) for key in person.get("keys", [])]


def certificates_in(text):
    coded = re.findall("-----BEGIN [A-Z ]*-----([^-]*)-----END", text) or [text]
    return [base64.b64decode("".join(one.split())) for one in coded]


def check_made_of_roster(name, roster):
    """`name` is ROSTER.allowed_signers, ROSTER.ca.pem or ROSTER.IDENTITY.pem."""
    made = content(name).decode(errors="replace")
    try:
        people = tomllib.loads(content(roster).decode())
        kind, of = name[len(roster) - len("toml"):], people["approver"]
        if kind == "allowed_signers":
            good = made.splitlines() == [line for one in of for line in signers_of(one)]
        else:
            texts = [one["certificate"] for one in people.get("ca", [])] if kind == "ca.pem" else [
                text for one in of if one["identity"] + ".pem" == kind for text in one.get("certificates", [])]
            good = texts and certificates_in(made) == [one for text in texts for one in certificates_in(text)]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Wrong("%s cannot be compared with its roster" % ascii(name)) from None
    if not good:
        raise Wrong("%s is not what its roster has" % ascii(name))


# The whole folder


class Folder:
    """The folder that holds the log: what must be there, and what is wrong with what is there."""

    def __init__(self, log, path, withheld):
        self._log, self._path, self._withheld = log, path, withheld
        self._known, self._faults = set(FIXED), []

    def faults(self):
        for n, entry in enumerate(self._log.entries):
            if self._log.size < EVERY_ENTRY or text_of(entry, "event") == "result":
                self._try("proofs/entry-%d.tlog-proof" % n, check_proof, self._log, n)
            for digest in evidence_of(entry):
                self._try(self._kept_as(digest), check_sha256, digest)
            policy = text_of(entry, "site_sha256")
            if is_sha256(policy) and self._is_there("policies/%s.toml" % policy):
                self._try("policies/%s.toml" % policy, check_sha256, policy)
            if uses_approval(entry):
                self._check_approval(n, entry)
        used = {text_of(entry, "approval", "statement_sha256")
                for entry in self._log.entries if uses_approval(entry)}
        self._faults += ["no entry acted under %s, which is said to be withheld" % ascii(digest)
                         for digest in self._withheld if digest not in used]
        self._check_nothing_else()
        return self._faults

    def _place(self, name):
        return os.path.join(self._path, name)

    def _is_there(self, name):
        return os.path.lexists(self._place(name))

    def _try(self, name, check, *wanted):
        """Expects the file. `check` raises Wrong."""
        if name in self._known:
            return
        self._known.add(name)
        try:
            if not self._is_there(name):
                raise Wrong("%s is missing, and the log names it" % name)
            check(self._place(name), *wanted)
        except Wrong as fault:
            self._faults.append(str(fault))

    def _kept_as(self, digest):
        """Rosters and policies have a name that tells what they are."""
        readable = ["rosters/%s.toml" % digest, "policies/%s.toml" % digest]
        return next(filter(self._is_there, readable), "evidence/" + digest)

    def _check_approval(self, n, entry):
        statement = text_of(entry, "approval", "statement_sha256")
        roster = text_of(entry, "approval", "roster_sha256")
        if not is_sha256(statement) or not is_sha256(roster):
            self._faults.append("entry %d does not say under which approval it acted" % n)
            return
        self._try("rosters/%s.toml" % roster, check_sha256, roster)
        if statement in self._withheld:
            return
        folder = "approvals/%s/" % statement
        self._try(folder + "statement.json", check_sha256, statement)
        self._check_statement(folder)
        for one in listed(entry, "approval", "by"):
            identity, signature = text_of(one, "identity"), text_of(one, "file_sha256")
            if not IDENTITY.fullmatch(identity) or not is_sha256(signature):
                self._faults.append("entry %d does not say who approved it" % n)
                continue
            names = [folder + identity + ending for ending in (".sshsig", ".p7s")]
            self._try(next(filter(self._is_there, names), names[0]), check_sha256, signature)

    def _check_statement(self, folder):
        """What the statement names: the request, and the names that are in it as pseudonyms."""
        try:
            statement = json.loads(content(self._place(folder + "statement.json")))
        except (Wrong, ValueError, RecursionError):
            return  # that it is another one was said
        first = part(statement, "version") == 1
        request = text_of(statement, "script_sha256" if first else "request_sha256")
        self._try(folder + "request.json", check_sha256, request)
        if self._is_there(folder + "names.json"):
            self._try(folder + "names.json", check_sha256, text_of(statement, "names_sha256"))

    def _check_unnamed(self, name):
        """No entry names the file: it follows from one that is named, or others said it of this log."""
        roster = name.partition(".")[0] + ".toml"
        if MADE_OF_ROSTER.fullmatch(name) and roster in self._known:
            if tomllib:
                check_made_of_roster(self._place(name), self._place(roster))
        elif BY_OTHERS.fullmatch(name):
            self._check_head(name.split("/"))
        else:
            raise Wrong("%s is named by no signed entry" % ascii(name))

    def _check_head(self, parts):
        """timestamps/SIZE/... or witnessed/SIZE: over the first entries of this log."""
        signed = self._place("/".join(parts[:2] + ["checkpoint"] * (parts[0] == "timestamps")))
        try:
            size, root = head_of(content(signed))
        except Wrong as fault:
            raise Wrong("%s: %s" % (ascii(signed), fault)) from None
        if str(size) != parts[1] or size > self._log.size or root_of(self._log.leaves[:size]) != root:
            raise Wrong("%s is not of the first %s entries" % (ascii(signed), parts[1]))

    def _check_nothing_else(self):
        for place, folders, files in os.walk(self._path or ".", onerror=self._cannot_look):
            for here in sorted(folders) + sorted(files):
                name = os.path.relpath(os.path.join(place, here), self._path or ".").replace(os.sep, "/")
                mode = os.lstat(os.path.join(place, here)).st_mode
                if stat.S_ISDIR(mode):
                    if not os.listdir(os.path.join(place, here)):
                        self._faults.append("%s is empty: nothing needs it" % ascii(name))
                elif not stat.S_ISREG(mode):
                    self._faults.append("%s is no file: a link, or something else" % ascii(name))
                elif name not in self._known:
                    try:
                        self._check_unnamed(name)
                    except Wrong as fault:
                        self._faults.append(str(fault))

    def _cannot_look(self, error):
        self._faults.append("%s cannot be read: %s" % (ascii(error.filename), error.strerror))


# The table of entries


def harmless(value):
    """A spreadsheet takes what begins otherwise for a formula."""
    return value if re.match("[A-Za-z0-9]|$", value) else "'" + value


def unvouched_in(entries):
    """Which entries an "unvouched" entry names: nobody who held the token wrote them."""
    numbers = set()
    for n, entry in enumerate(entries):
        first, last = part(entry, "first"), part(entry, "last")
        if text_of(entry, "event") != "unvouched" or "vouch" not in entry:
            continue
        if type(first) is int and type(last) is int and 0 <= first and last < n:
            numbers.update(range(first, last + 1))
    return numbers


def row_of(n, entry, run, vouched):
    keys = [" ".join(word + " " + text_of(key, word) for word in ("key", "id") if text_of(key, word))
            for key in listed(entry, "keys") or listed(run["intent"], "keys")]
    approved = entry if "approval" in entry else run["intent"]
    people = [text_of(one, "identity") for one in listed(approved, "approval", "by")]
    outcome = text_of(entry, "outcome") or text_of(entry, "error", "code")
    if text_of(entry, "event") == "intent":
        outcome = run["outcome"]
    return [str(n), text_of(entry, "time"), text_of(entry, "operator"), text_of(entry, "act") or "NOT AN ENTRY",
            text_of(entry, "event"), outcome, "; ".join(keys), "; ".join(people),
            text_of(approved, "approval", "statement_sha256"), text_of(entry, "site_sha256"),
            text_of(entry, "run"), vouched]


def runs_of(entries):
    """Of each run its intent, and how it ended."""
    runs = {}
    for entry in entries:
        run = runs.setdefault(text_of(entry, "run"), {"intent": {}, "outcome": "NO RESULT"})
        if text_of(entry, "event") == "intent":
            run["intent"] = entry
        elif text_of(entry, "event") == "result":
            run["outcome"] = text_of(entry, "outcome")
        elif text_of(entry, "event") == "settled":
            run["outcome"] = "settled"
    return runs


def table_of(log):
    """RFC 4180, every field in quotes."""
    runs, table = runs_of(log.entries), io.StringIO()
    writer = csv.writer(table, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    unvouched = unvouched_in(log.entries)
    for n, entry in enumerate(log.entries):
        row = row_of(n, entry, runs[text_of(entry, "run")], "NO" if n in unvouched else "yes")
        writer.writerow([harmless(value) for value in row])
    return table.getvalue().encode()


def check_table(name, log):
    if content(name) != table_of(log):
        raise Wrong("%s does not say what the entries say" % ascii(name))


def options():
    parser = argparse.ArgumentParser(description="hash a log again")
    parser.add_argument("log")
    parser.add_argument("checkpoint")
    parser.add_argument("--complete", action="store_true")
    parser.add_argument("--withheld", nargs="+", default=[])
    parser.add_argument("--csv")
    parser.add_argument("--proof", nargs="+", default=[])
    parser.add_argument("--evidence", nargs="+", default=[])
    parser.add_argument("--entry", nargs="+", default=[])
    return parser.parse_args()


def checks(log, given):
    """Each thing that was asked for, as something that may raise Wrong."""
    yield from [(check_histories, log), *((check_proof, name, log) for name in given.proof)]
    yield from ((check_evidence, name, log) for name in given.evidence)
    if given.entry:
        yield check_entry, given.entry[0], log, given.entry[1:]
    if given.csv:
        yield check_table, given.csv, log
    if given.complete:
        for fault in Folder(log, os.path.dirname(given.log), given.withheld).faults():
            yield refuse, fault


def refuse(fault):
    raise Wrong(fault)


def say(log, given):
    print("right: %d entries, root %s" % (log.size, log.root.hex()))
    nothing = sum(not entry for entry in log.entries)
    for count, what in ((len(given.proof), "proofs"), (len(given.evidence), "pieces of evidence"),
                        (nothing, "lines are signed that keyrite did NOT write"),
                        (len(given.withheld), "approvals are NOT here: withheld for the names in them"),
                        (log.unsigned, "entries are NOT signed"), (log.torn, "bytes of a torn line")):
        if count:
            print("       %d %s" % (count, what))
    if given.complete:
        print("       the folder has what the entries name, and nothing else")
        if not tomllib:
            print("       the keys beside the rosters are NOT compared with them: take Python 3.11")


def main():
    given, faults = options(), 0
    try:
        log = Log(given.log, given.checkpoint)
    except Wrong as fault:
        sys.exit("WRONG: %s" % fault)
    for check, *what in checks(log, given):
        try:
            check(*what)
        except Wrong as fault:
            print("WRONG: %s" % fault, file=sys.stderr)
            faults += 1
    if faults:
        return 1
    say(log, given)
    return 0


sys.exit(main())
)py";

}  // namespace

std::string_view verify_folder_program() { return kVerifyFolderProgram; }

}  // namespace keyrite::audit
