"""What the stand-in clouds remember: one JSON file per object below $REHEARSAL_CLOUD, replaced in one step, so that
several commands can run at once on different objects. Bytes are stored as hex by their owners."""
import json
import os
import urllib.parse

from . import openssl


def folder():
    """$REHEARSAL_CLOUD; without it a stand-in refuses to run, so that it is never taken for the real client."""
    path = os.environ.get("REHEARSAL_CLOUD")
    if not path:
        raise SystemExit("this is a stand-in for rehearsals, not the cloud's own client: REHEARSAL_CLOUD is not set")
    return path


def _path(*names):
    return os.path.join(folder(), *(urllib.parse.quote(name, safe="") for name in names))


def _replace(path, content):
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    part = f"{path}.{os.getpid()}.part"
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    os.rename(part, path)


def save(value, *names):
    _replace(_path(*names) + ".json", json.dumps(value, indent=2).encode())


def load(*names):
    """The object saved under these names, or None."""
    try:
        with open(_path(*names) + ".json", encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return None


def everything(*names):
    """All objects below these names, in the order of their files."""
    found = []
    for place, _, files in sorted(os.walk(_path(*names))):
        for name in sorted(files):
            if name.endswith(".json"):
                with open(os.path.join(place, name), encoding="utf-8") as file:
                    found.append(json.load(file))
    return found


def remove(*names):
    os.unlink(_path(*names) + ".json")


def wrapping_key(provider, bits):
    """File with the cloud's RSA private key of that size, made once; $REHEARSAL_WRAPPING_KEYS keeps them across
    clouds."""
    keep = os.environ.get("REHEARSAL_WRAPPING_KEYS") or os.path.join(folder(), "wrapping-keys")
    path = os.path.join(keep, f"{provider}-rsa-{bits}.pem")
    if not os.path.exists(path):
        made = openssl.new_rsa_key(bits)
        os.makedirs(keep, mode=0o700, exist_ok=True)
        part = f"{path}.{os.getpid()}.part"
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(made)
        try:
            os.link(part, path)  # whoever is first wins
        except FileExistsError:
            pass
        os.unlink(part)
    return path


def wrapping_public_key(provider, bits):
    """DER SubjectPublicKeyInfo of it."""
    with open(wrapping_key(provider, bits), "rb") as file:
        return openssl.rsa_public_of(file.read())
