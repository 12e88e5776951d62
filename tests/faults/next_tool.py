"""What the next tool makes of a site whose last act was killed or had no disk: it says what happened, and continues."""
import contextlib
import hashlib
import json
import os
import sqlite3
import sys

import audited_log
from audited_log import require
from room import AGAIN, ORIGIN

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from files_naming import naming  # noqa: E402

FAILED, USAGE, TOKEN_REFUSED = 1, 2, 4
LOG_KEY_LABEL = "keyrite log "
NO_TENANT = "0" * 32


def told(one):
    index, entry = one
    return f"{entry['act']} of {entry['time']} (entry {index})"


def require_found(settled, objects):
    """What a settled entry says is there is what Cryptoki and the file system say."""
    for found in settled["found"]["objects"]:
        held = sum(held["id"] == found["id"] for held in objects)
        require(found["count"] == held, f"{found['count']} objects were found with id {found['id']}, there are {held}")


def require_resumed(room, before):
    """resume names each act that has no result, says and logs what is there of it."""
    unfinished = audited_log.open_intents(before)
    objects, torn = room.objects(), room.torn()
    said = room.run(room.resume())
    lines = room.lines()
    require(lines[:len(before)] == before, "an entry was lost or changed")
    settled = {entry["run"]: entry for entry in map(json.loads, lines[len(before):]) if entry["event"] == "settled"}
    for one in unfinished:
        require(told(one) in said, f"resume does not tell of {told(one)}: {said}")
        require(one[1]["run"] in settled, f"{told(one)} is not settled")
        require_found(settled[one[1]["run"]], objects)
        for found in settled[one[1]["run"]]["found"]["outputs"]:
            output = "kept" if one[1]["act"] == "shred-forget" else "bundle.aws"
            there = os.path.exists(os.path.join(room.folder, output))
            require(found["exists"] == there, f"{output} was found to be there: {found['exists']}")
            if not there:
                for name in room.leftovers()[1]:
                    require(name in said, f"resume does not tell of {name}")
    require(len(settled) == len(unfinished), "an act was settled that has a result")
    require(room.open_batches() == 0, "rows wait for an entry that will never come")
    require_torn_told(room, torn)


def require_torn_told(room, torn):
    digests = [json.loads(line).get("sha256") for line in room.lines()]
    require(not torn or hashlib.sha256(torn).hexdigest() in digests, "nobody tells of the line that was cut off")


def require_continues(room, vkey, first, signed):
    """`first`: the lines before the act began, and how many of them were `signed`."""
    before = room.lines()
    require(before[:len(first)] == first, "an entry was lost or changed by the act")
    signed_now = room.signed_size(vkey)
    require(signed_now >= signed, "less is signed than was")
    # Written last: never of more than a checkpoint signs.
    require((audited_log.frontier_end(room.frontier(), before) or 0) <= signed_now, "the frontier is ahead of its log")
    require_resumed(room, before)
    room.run(room.generate_kek(AGAIN))
    lines = room.lines()
    require(lines[:len(before)] == before, "an entry was lost or changed")
    require(audited_log.open_intents(lines) == [], "an act has no result yet")
    require(json.loads(lines[0])["event"] == "opened", "the log does not begin with its opening")
    require(room.signed_size(vkey) == len(lines), "not all entries are signed")
    audited_log.require_vouched(lines, vkey)
    audited_log.require_histories(lines)
    require(audited_log.frontier_end(room.frontier(), lines) == len(lines), "the next act would read the log again")
    room.run(room.verify(vkey))
    require(room.leftovers()[0] == [], "temporary files remain in the site")
    require_told(room, lines)


def require_told(room, lines):
    """The token has no key that the log does not name. An object without an id is one that the token itself did not
    finish: its file was cut off while the module wrote it."""
    ids = audited_log.key_ids(lines)
    for held in room.objects():
        require(held["id"] in ids or held["id"] == "", f"nobody tells of the key {held}")


def require_version_agrees(room):
    """Log, registry and token agree on the versions of the one key; what was left is no version, and the next is made."""
    def selected(what):
        with contextlib.closing(sqlite3.connect(os.path.join(room.site, "registry.sqlite"))) as registry:
            return registry.execute(f"SELECT {what} WHERE k.tenant_id <> ?", [NO_TENANT]).fetchall()

    def versions():
        return selected("v.number, v.state, v.cka_id FROM version v JOIN tenant_key k ON k.id = v.key_id")

    def logged():
        keys = {key for key, in selected("k.id FROM tenant_key k")}
        results = [entry for entry in map(json.loads, room.lines()) if entry["event"] == "result"]
        told = [change["version"] for entry in results for change in entry.get("facts", {}).get("changes", [])
                if "version" in change]
        return [(one["number"], one["state"], one["cka_id"]) for one in told if one["key"] in keys]

    require(versions() == logged(), f"the log tells of {logged()}, the registry has {versions()}")
    if versions():
        room.refused(room.generate_version(), FAILED)  # version-not-alone
    else:
        room.run(room.generate_version())
    require(versions() == logged() and len(versions()) == 1, f"the key's versions are {versions()}")
    held = [one["id"] for one in room.objects()]
    require(held.count(versions()[0][2]) == 1, "the token does not have the version once")


def require_rotated_once(room):
    """Rotate, run again after a kill, ends where it would have ended: one more version, all data keys under it."""
    room.run(room.rotate())
    with contextlib.closing(sqlite3.connect(os.path.join(room.site, "registry.sqlite"))) as registry:
        versions = registry.execute("SELECT number, state FROM version JOIN tenant_key ON id = key_id "
                                    "WHERE name = 'payments' ORDER BY number").fetchall()
        under = registry.execute("SELECT number, count(*) FROM dek GROUP BY number").fetchall()
    require(versions == [(1, "deactivated"), (2, "active")], f"the key's versions are {versions}")
    require(under == [(2, 3)], f"data keys are under {under}")


def shred_standing(room):
    """The state of the one version, how many objects of it a fresh process finds, and wrapped data keys."""
    with contextlib.closing(sqlite3.connect(os.path.join(room.site, "registry.sqlite"))) as registry:
        version, = registry.execute("SELECT v.state, cka_id FROM version v JOIN tenant_key k ON k.id = v.key_id "
                                    "WHERE k.name = 'payments'").fetchall()
        left, = registry.execute("SELECT count(wrapped) FROM dek").fetchone()
    held = [one["id"] for one in room.objects()]
    return version[0], held.count(version[1]), left


def require_shredded(room):
    """At no point is a version destroyed whose key a fresh process finds, or whose records are there; run again, shred ends
    it; run once more, it changes nothing."""
    state, held, left = shred_standing(room)
    require(state != "destroyed" or (held, left) == (0, 0), f"it is called destroyed: {held} objects, {left} records")
    room.run(room.shred())
    require(shred_standing(room) == ("destroyed", 0, 0), f"after the second run: {shred_standing(room)}")
    lines = room.lines()
    room.run(room.shred())
    require(room.lines() == lines, "the third run wrote into the log")


def require_forgotten(room):
    """Run again, the name leaves every file of the site; run once more, it changes nothing."""
    room.run(room.forget())
    for path in room.files_of_site():
        require(not naming("acme", path), f"{path} has the name still")
    lines = room.lines()
    room.run(room.forget())
    require(room.lines() == lines, "the third run wrote into the log")


def require_credential_opens(room, act):
    """A credential that was sealed opens to a secret that was given, and one that was not can be sealed."""
    shown = room.ended(room.credential_show())
    if shown == USAGE:
        require(act == "credential_seal", "a credential is lost")
        room.run(room.credential_seal())
    known = ["first-secret"] + (["second-secret"] if act == "credential_rotate" else [])
    secret = room.opened_credential()
    require(secret in known, f"the credential opens to {secret!r}")
    room.run(room.credential_rotate())
    require(room.opened_credential() == "second-secret", "the credential did not get its new secret")

def require_rest_moved(room):
    """No data key is lost or under both versions; run again, the act moves what is left."""
    def numbers():
        with contextlib.closing(sqlite3.connect(os.path.join(room.site, "registry.sqlite"))) as registry:
            return [row[0] for row in registry.execute("SELECT number FROM dek ORDER BY id")]

    require(len(numbers()) == 3 and set(numbers()) in ({1}, {2}), f"data keys are under the versions {numbers()}")
    room.run(room.dek_rewrap())
    require(numbers() == [2, 2, 2], f"run again, data keys are under the versions {numbers()}")


def require_lost_token_told(room):
    """A token that its own module lost is an error of the token, and the log stays as it is."""
    if not os.path.exists(room.site):
        room.refused(room.init_site(), TOKEN_REFUSED)
        return
    before = room.lines()
    room.refused(room.resume(), TOKEN_REFUSED)
    require(room.lines() == before, "the log was written to")


def require_site_or_none(room):
    """After init-site: a whole site, or none, and then it can be run again."""
    if os.path.exists(room.site):
        require_continues(room, room.vkey(), [], 0)
        return
    for held in room.objects():
        require(held["label"].startswith(LOG_KEY_LABEL) or held["id"] == "", f"nobody can tell what {held} is")
    again = []
    if any(held["label"] == LOG_KEY_LABEL + ORIGIN for held in room.objects()):
        # Nobody but a person knows that this key signed nothing.
        room.refused(room.init_site(), TOKEN_REFUSED)
        again = ["--same-origin"]
    said = room.run(room.init_site() + again)
    require(room.vkey() in said, "init-site does not say the vkey")
    room.run(room.generate_kek(AGAIN))
    require(room.signed_size(room.vkey()) == len(room.lines()), "not all entries are signed")
    room.run(room.verify(room.vkey()))
