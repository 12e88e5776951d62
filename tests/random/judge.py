"""What registry, log and token of a site hold, read by python3 and Cryptoki and by no code of keyrite, and whether they
agree. Prints the states as the model of random_acts_test has them. Exits with 1 and a sentence where they do not agree.

usage: judge.py SITE RECORDS [MODULE PIN_FILE]    with the last two the token too, and each data key is opened twice
"""
import base64
import collections
import ctypes
import glob
import hashlib
import json
import os
import sqlite3
import sys

import token_objects

ULONG = ctypes.c_ulong
LEGAL = {("tenant", "none", "active"), ("tenant", "active", "suspended"), ("tenant", "suspended", "active"),
         ("version", "none", "pre-activation"), ("version", "pre-activation", "active"),
         ("version", "pre-activation", "compromised"), ("version", "active", "suspended"),
         ("version", "active", "deactivated"), ("version", "active", "compromised"), ("version", "suspended", "active"),
         ("version", "suspended", "deactivated"), ("version", "suspended", "compromised"),
         ("version", "deactivated", "compromised"), ("copy", "none", "present")}


def require(condition, message):
    if not condition:
        sys.exit(f"judge: {message}")


def facts_of(site, entry):
    told = entry.get("facts") or {}
    side = told.get("evidence_sha256")
    if not side:
        return told
    with open(os.path.join(site, "transcript/evidence", side), "rb") as file:
        content = file.read()
    require(hashlib.sha256(content).hexdigest() == side, f"the side file {side} is another")
    return json.loads(content)


def states_by_log(site, log):
    """The last state that a result tells of: {("version", key, number): state}, tenants with number 0."""
    states = {}
    for entry in log:
        if entry["event"] != "result" or entry.get("outcome") != "done":
            continue
        for change in facts_of(site, entry).get("changes", []):
            if "version" in change:
                told = change["version"]
                states[("version", told["key"], told["number"])] = told["state"]
            elif "tenant" in change and "state" in change:
                states[("tenant", change["tenant"], 0)] = change["state"]
    return states


def check_events(db):
    events = collections.defaultdict(list)
    for kind, subject, number, old, new in db.execute(
            "SELECT kind, subject, number, from_state, to_state FROM state_event ORDER BY kind, subject, number, seq"):
        require((kind, old, new) in LEGAL, f"{kind} {subject} went from {old} to {new}")
        require(old == (events[(kind, subject, number)] or ["none"])[-1], f"{kind} {subject}: a step is missing")
        events[(kind, subject, number)].append(new)
    return events


def check_registry(site, db, log):
    require(db.execute("PRAGMA integrity_check").fetchall() == [("ok",)], "SQLite finds it damaged")
    require(db.execute("PRAGMA foreign_key_check").fetchall() == [], "a row is without its other")
    require(db.execute("SELECT count(*) FROM batch WHERE outcome = 'open'").fetchone() == (0,), "a batch is open")
    (size, leaf), = db.execute("SELECT size, leaf FROM log_position").fetchall()
    lines = [line for line in open(os.path.join(site, "transcript/log.jsonl"), "rb").read().split(b"\n")[:-1]]
    require(size == len(lines), f"the registry is at {size} entries, the log at {len(lines)}")
    require(leaf == hashlib.sha256(b"\0" + lines[-1]).hexdigest(), "the registry has another last leaf")
    told = states_by_log(site, log)
    held = {(kind, subject, number): states[-1] for (kind, subject, number), states in check_events(db).items()
            if kind != "copy" and set(subject) != {"0"}}
    require(told == held, f"log and registry differ: {set(told.items()) ^ set(held.items())}")
    rows = {("version", key, number): state for key, number, state in db.execute("SELECT key_id, number, state FROM version")}
    require({one: state for one, state in held.items() if one[0] == "version"} == rows, "a row has another state")


def given_out(folder):
    records = {}
    for path in glob.glob(os.path.join(folder, "*")):
        with open(path, "rb") as file:
            for line in file.read().split(b"\n")[:-1]:
                record = json.loads(line)
                records[record["id"]] = record
    return records


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
    ids = {(key, number): cka_id for key, number, cka_id in db.execute("SELECT key_id, number, cka_id FROM version")}
    for version, cka_id in ids.items():
        require(cka_id in opener.secret_keys, f"version {version} is not in the token")
    named = {one["id"] for entry in log if entry.get("act") == "generate-kek" and entry["event"] == "intent"
             for one in entry["keys"]}
    for cka_id in opener.secret_keys:
        # SoftHSM writes an object piece by piece: one that was killed there has no id, and keyrite never had it.
        require(cka_id in named or not cka_id, f"the token has a key {cka_id} that no intent names")
    for one, record in records.items():
        key, number, mechanism, wrapped, _ = rows[one]
        first = opener.open(ids[(record["key"], record["version"])], record["wrap"], base64.b64decode(record["wrapped"]))
        now = opener.open(ids[(key, number)], mechanism, wrapped)
        require(len(first) == 32 and first == now, f"the data key {one} is another one now")


def main():
    site, folder = sys.argv[1:3]
    db = sqlite3.connect(f"file:{site}/registry.sqlite?mode=ro", uri=True)
    with open(os.path.join(site, "transcript/log.jsonl"), encoding="utf-8") as file:
        log = [json.loads(line) for line in file]
    check_registry(site, db, log)
    records = given_out(folder)
    rows = check_data_keys(db, records)
    if len(sys.argv) > 3:
        check_token(db, log, records, rows, Opener(*sys.argv[3:]))
    for name, state in db.execute("SELECT name, state FROM tenant JOIN pseudonym ON id = pseudonym ORDER BY name"):
        print(name, state)
    for line in db.execute(
            "SELECT k.name, v.number, v.state, (SELECT count(*) FROM dek WHERE dek.key_id = v.key_id AND "
            "dek.number = v.number) FROM version v JOIN tenant_key k ON k.id = v.key_id ORDER BY 1, 2"):
        print(*line)


if __name__ == "__main__":
    main()
