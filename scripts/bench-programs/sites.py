"""Sites for scripts/bench: an act that needs an approval, and many old statements beside it."""
import getpass
import hashlib
import json
import subprocess


def make_site(run, tools, folder, token, *words):
    run(tools / "init-site", folder, "--origin", f"keyrite.example/{folder.name}", "--last-signed",
        folder.parent / f"{folder.name}.last-signed", "--site-pin-file", token[-1], *words, *token)
    return folder


def officers_of(folder):
    """A roster with as many officers as a site must have; the keys are in the same folder."""
    text = f'[[operator]]\nidentity = "olga@example.org"\nusers = ["{getpass.getuser()}"]\n'
    for name in ("ada", "bea"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
        text += (f'\n[[approver]]\nidentity = "{name}@example.org"\nroles = ["security-officer"]\n'
                 f'keys = ["{(folder / name).with_suffix(".pub").read_text().strip()}"]\n')
    roster = folder / "roster.toml"
    roster.write_text(text)
    roster.chmod(0o600)
    return roster


def need_officer(site):
    with open(site / "site.toml", "a", encoding="utf-8") as policy:
        policy.write("\n[approvals.needed.generate-kek]\nsecurity-officer = 1\n")


def statement_of(site):
    """The newest one, which waits."""
    return max((site / "approvals").glob("*/statement.json"), key=lambda path: path.stat().st_mtime_ns)


def add_old_statements(site, count):
    """Copies of one that waits, which expired long ago."""
    given = json.loads(statement_of(site).read_text())
    for number in range(count):
        old = given | {"ceremony_id": f"{number:032x}", "not_before": "2020-01-01T00:00:00Z",
                       "not_after": "2020-01-02T00:00:00Z"}
        text = json.dumps(old, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        folder = site / "approvals" / hashlib.sha256(text).hexdigest()
        folder.mkdir(mode=0o700)
        (folder / "statement.json").write_bytes(text)


def approve(folder, site):
    statement = statement_of(site)
    signature = statement.parent / "statement.json.sig"
    subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-n", "keyrite-approval@keyrite", "-f", folder / "ada",
                    statement], check=True, capture_output=True)
    kept = folder / f"{statement.parent.name}.sshsig"
    signature.rename(kept)
    return kept


def lengthen(run, tools, site, size):
    """Refusals, as anybody may add them, until the log has so many entries; then resume signs all of them."""
    log = site / "transcript" / "log.jsonl"
    lines = log.read_bytes().split(b"\n")[:-1]
    prev = hashlib.sha256(b"\0" + lines[-1]).hexdigest()
    with open(log, "ab") as more:
        for seq in range(len(lines), size):
            entry = (b'{"act":"generate-kek","error":{"code":"pin-wrong"},"event":"refused","operator":"olga@example.org",'
                     b'"prev":"%s","run":"%032x","seq":%d,"time":"2026-01-01T00:00:00Z"}' % (prev.encode(), seq, seq))
            more.write(entry + b"\n")
            prev = hashlib.sha256(b"\0" + entry).hexdigest()
    run(tools / "resume", "--site", site)
