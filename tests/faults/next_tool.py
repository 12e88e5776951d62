"""What the next tool makes of a site whose last act was killed or had no disk: it says what happened, and continues."""
import hashlib
import json
import os

import audited_log
from audited_log import require
from room import AGAIN, ORIGIN

TOKEN_REFUSED = 4
LOG_KEY_LABEL = "keyrite log "


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
            there = os.path.exists(os.path.join(room.folder, "bundle.aws"))
            require(found["exists"] == there, f"the bundle was found to be there: {found['exists']}")
            if not there:
                for name in room.leftovers()[1]:
                    require(name in said, f"resume does not tell of {name}")
    require(len(settled) == len(unfinished), "an act was settled that has a result")
    require_torn_told(room, torn)


def require_torn_told(room, torn):
    digests = [json.loads(line).get("sha256") for line in room.lines()]
    require(not torn or hashlib.sha256(torn).hexdigest() in digests, "nobody tells of the line that was cut off")


def require_continues(room, vkey, first, signed):
    """`first`: the lines before the act began, and how many of them were `signed`."""
    before = room.lines()
    require(before[:len(first)] == first, "an entry was lost or changed by the act")
    require(room.signed_size(vkey) >= signed, "less is signed than was")
    require_resumed(room, before)
    room.run(room.generate_kek(AGAIN))
    lines = room.lines()
    require(lines[:len(before)] == before, "an entry was lost or changed")
    require(audited_log.open_intents(lines) == [], "an act has no result yet")
    require(json.loads(lines[0])["event"] == "opened", "the log does not begin with its opening")
    require(room.signed_size(vkey) == len(lines), "not all entries are signed")
    audited_log.require_vouched(lines, vkey)
    room.run(room.verify(vkey))
    require(room.leftovers()[0] == [], "temporary files remain in the site")
    require_told(room, lines)


def require_told(room, lines):
    """The token has no key that the log does not name. An object without an id is one that the token itself did not
    finish: its file was cut off while the module wrote it."""
    ids = audited_log.key_ids(lines)
    for held in room.objects():
        require(held["id"] in ids or held["id"] == "", f"nobody tells of the key {held}")


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
