"""What registry, log and token of a site hold, read by python3 and Cryptoki and by no code of keyrite, and whether they
agree.

usage: judge.py SITE RECORDS MODULE PIN_FILE

For each line "files" on standard input it looks at registry, log and records; for "token" at the token too, where each data
key is opened twice. It answers with the states, as the model of random_acts_test has them, or with "judge: " and what does
not agree; then with a line that has a full stop alone. What it read of the log and of records once must stay as it was.
"""
import base64
import collections
import contextlib
import ctypes
import hashlib
import json
import os
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "../faults"))
import token_objects  # noqa: E402  (tests/faults has to be on the path first)

ULONG = ctypes.c_ulong
STATES = ("SELECT k.name, v.number, v.state, (SELECT count(*) FROM dek WHERE dek.key_id = v.key_id AND "
          "dek.number = v.number) FROM version v JOIN tenant_key k ON k.id = v.key_id ORDER BY 1, 2")
LEGAL = {("tenant", "none", "active"), ("tenant", "active", "suspended"), ("tenant", "suspended", "active"),
         ("version", "none", "pre-activation"), ("version", "pre-activation", "active"),
         ("version", "pre-activation", "compromised"), ("version", "active", "suspended"),
         ("version", "active", "deactivated"), ("version", "active", "compromised"), ("version", "suspended", "active"),
         ("version", "suspended", "deactivated"), ("version", "suspended", "compromised"),
         ("version", "deactivated", "compromised"), ("copy", "none", "present")}


class Disagree(Exception):
    pass


def require(condition, message):
    if not condition:
        raise Disagree(message)


def facts_of(site, entry):
    told = entry.get("facts") or {}
    side = told.get("evidence_sha256")
    if not side:
        return told
    with open(os.path.join(site, "transcript/evidence", side), "rb") as file:
        content = file.read()
    require(hashlib.sha256(content).hexdigest() == side, f"the side file {side} is another")
    return json.loads(content)


class Log:
    """The log of a site, of which each look parses what is new."""

    def __init__(self, site):
        self._site = site
        self._hash = hashlib.sha256()
        self._bytes = 0
        self.size, self.leaf = 0, None
        # The last state that a result tells of: {("version", key, number): state}, tenants with number 0.
        self.states = {}
        self.named = set()  # the ids that intents of generate-kek name

    def read_on(self):
        with open(os.path.join(self._site, "transcript/log.jsonl"), "rb") as file:
            content = file.read()
        require(content.endswith(b"\n"), "the log ends in half a line")
        require(hashlib.sha256(content[:self._bytes]).digest() == self._hash.digest(), "the log was changed")
        new = content[self._bytes:]
        self._hash.update(new)
        self._bytes = len(content)
        for line in new.split(b"\n")[:-1]:
            self._take(line)

    def _take(self, line):
        self.size, self.leaf = self.size + 1, hashlib.sha256(b"\0" + line).hexdigest()
        entry = json.loads(line)
        if entry.get("act") == "generate-kek" and entry["event"] == "intent":
            self.named.update(one["id"] for one in entry["keys"])
        if entry["event"] != "result" or entry.get("outcome") != "done":
            return
        for change in facts_of(self._site, entry).get("changes", []):
            if "version" in change:
                told = change["version"]
                self.states[("version", told["key"], told["number"])] = told["state"]
            elif "tenant" in change and "state" in change:
                self.states[("tenant", change["tenant"], 0)] = change["state"]


def check_events(db):
    events = collections.defaultdict(list)
    for kind, subject, number, old, new in db.execute(
            "SELECT kind, subject, number, from_state, to_state FROM state_event ORDER BY kind, subject, number, seq"):
        require((kind, old, new) in LEGAL, f"{kind} {subject} went from {old} to {new}")
        require(old == (events[(kind, subject, number)] or ["none"])[-1], f"{kind} {subject}: a step is missing")
        events[(kind, subject, number)].append(new)
    return events


def check_registry(db, log):
    require(db.execute("PRAGMA integrity_check").fetchall() == [("ok",)], "SQLite finds it damaged")
    require(db.execute("PRAGMA foreign_key_check").fetchall() == [], "a row is without its other")
    require(db.execute("SELECT count(*) FROM batch WHERE outcome = 'open'").fetchone() == (0,), "a batch is open")
    (size, leaf), = db.execute("SELECT size, leaf FROM log_position").fetchall()
    require(size == log.size, f"the registry is at {size} entries, the log at {log.size}")
    require(leaf == log.leaf, "the registry has another last leaf")
    told = log.states
    held = {(kind, subject, number): states[-1] for (kind, subject, number), states in check_events(db).items()
            if kind != "copy" and set(subject) != {"0"}}
    require(told == held, f"log and registry differ: {set(told.items()) ^ set(held.items())}")
    rows = {("version", key, number): state for key, number, state in db.execute("SELECT key_id, number, state FROM version")}
    require({one: state for one, state in held.items() if one[0] == "version"} == rows, "a row has another state")


class Records:
    """Those that were given out. An act writes its file once, and it is read once."""

    def __init__(self, folder):
        self._folder = folder
        self._sizes = {}  # by name
        self.by_id = {}

    def read_on(self):
        for found in os.scandir(self._folder):
            size = found.stat().st_size
            if found.name not in self._sizes:
                self._sizes[found.name] = size
                self._take(found.path)
            require(self._sizes[found.name] == size, f"the records {found.name} were changed")

    def _take(self, path):
        with open(path, "rb") as file:
            for line in file.read().split(b"\n")[:-1]:
                record = json.loads(line)
                self.by_id[record["id"]] = record


def check_data_keys(db, records):
    rows = {row[0]: row[1:] for row in
            db.execute("SELECT id, key_id, number, mechanism, wrapped, wrapped_sha256 FROM dek")}
    for one in records:
        require(one in rows, f"the data key {one} was given out, and the registry has lost it")
    for one, (_, _, _, wrapped, digest) in rows.items():
        require(hashlib.sha256(wrapped).hexdigest() == digest, f"the bytes of {one} are not its own")
    return rows


class Opener:
    """C_UnwrapKey of a record under the KEK of a CKA_ID."""
    MECHANISMS = {"aes-kw": 0x2109, "aes-kwp": 0x210A}

    def __init__(self, module, pin_file):
        self.cryptoki = token_objects.Cryptoki(module)
        with open(pin_file, "rb") as file:
            self.session = self.cryptoki.session(file.read().strip())
        self.secret_keys = {}
        for handle in list(self.cryptoki.handles(self.session)):
            of = lambda kind, one=handle: self.cryptoki.value(self.session, one, kind)
            if int.from_bytes(of(token_objects.CKA_CLASS), sys.byteorder) != 4:
                continue
            cka_id = of(token_objects.CKA_ID).hex()
            require(not cka_id or cka_id not in self.secret_keys, f"the token has two keys with the id {cka_id}")
            self.secret_keys[cka_id] = handle

    def open(self, cka_id, mechanism, wrapped):
        text = ctypes.create_string_buffer(wrapped, len(wrapped))
        values = [ULONG(4), ULONG(0x1F), ctypes.c_ubyte(0), ctypes.c_ubyte(0), ctypes.c_ubyte(1)]
        kinds = [0x0, 0x100, 0x1, 0x103, 0x162]  # CLASS, KEY_TYPE, TOKEN, SENSITIVE, EXTRACTABLE
        template = (token_objects.Attribute * 5)(*(token_objects.Attribute(
            kind, ctypes.cast(ctypes.byref(value), ctypes.c_void_p), ctypes.sizeof(value))
            for kind, value in zip(kinds, values)))
        wrap = token_objects.Attribute(self.MECHANISMS[mechanism], None, 0)
        handle = ULONG()
        self.cryptoki.call("C_UnwrapKey", self.session, ctypes.byref(wrap), self.secret_keys[cka_id], text,
                           ULONG(len(wrapped)), template, ULONG(5), ctypes.byref(handle))
        value = self.cryptoki.value(self.session, handle, 0x11)
        self.cryptoki.call("C_DestroyObject", self.session, handle)
        return value


def check_token(db, log, records, rows, opener):
    """In a process that has not loaded the module yet."""
    ids = {(key, number): cka_id for key, number, cka_id in db.execute("SELECT key_id, number, cka_id FROM version")}
    for version, cka_id in ids.items():
        require(cka_id in opener.secret_keys, f"version {version} is not in the token")
    for cka_id in opener.secret_keys:
        # SoftHSM writes an object piece by piece: one that was killed there has no id, and keyrite never had it.
        require(cka_id in log.named or not cka_id, f"the token has a key {cka_id} that no intent names")
    for one, record in records.items():
        key, number, mechanism, wrapped, _ = rows[one]
        first = opener.open(ids[(record["key"], record["version"])], record["wrap"], base64.b64decode(record["wrapped"]))
        now = opener.open(ids[(key, number)], mechanism, wrapped)
        require(len(first) == 32 and first == now, f"the data key {one} is another one now")


def child_says(work):
    """What a fork found wrong, and nothing where it found nothing."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException as error:  # noqa: B902  (SystemExit too: the child must not go on as its parent)
            os.write(writer, str(error).encode("utf-8") or b"?")
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as said:
        text = said.read()
    require(os.waitpid(child, 0)[1] == 0, "the look into the token did not end")
    return text


class Site:
    def __init__(self, folder, records, module, pin_file):
        self._folder, self._token = folder, (module, pin_file)
        self._log, self._records = Log(folder), Records(records)

    def looked(self, with_token):
        with contextlib.closing(sqlite3.connect(f"file:{self._folder}/registry.sqlite?mode=ro", uri=True)) as db:
            self._log.read_on()
            self._records.read_on()
            check_registry(db, self._log)
            rows = check_data_keys(db, self._records.by_id)
            if with_token:
                wrong = child_says(lambda: check_token(db, self._log, self._records.by_id, rows, Opener(*self._token)))
                require(not wrong, wrong)
            states = db.execute("SELECT name, state FROM tenant JOIN pseudonym ON id = pseudonym ORDER BY name").fetchall()
            return states + db.execute(STATES).fetchall()


def main():
    site = Site(*sys.argv[1:])
    for question in sys.stdin:
        try:
            lines = [" ".join(map(str, line)) for line in site.looked(question.strip() == "token")]
        except Disagree as wrong:
            lines = [f"judge: {wrong}"]
        print(*lines, ".", sep="\n", flush=True)


if __name__ == "__main__":
    main()
