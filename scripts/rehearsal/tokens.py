"""The two throw-away tokens of a rehearsal, made with the means of their own packages. The only place that knows
them by name: keyrite is given a module, a URI and a PIN file."""
import glob
import os
import secrets
import subprocess
import threading
from typing import NamedTuple


class Token(NamedTuple):
    name: str
    options: list      # of every keyrite tool that is in no site
    environment: dict  # beside the caller's
    pin_file: str
    so_pin_file: str   # "" where the token has no security officer
    # One program at a time: SoftHSM rewrites a token's file at login, and who opens it just then finds no token.
    lock: threading.Lock


class Missing(Exception):
    """A package is not there."""


def _module(name, *patterns):
    for pattern in patterns:
        found = sorted(glob.glob(pattern))
        if found:
            return found[0]
    raise Missing(f"{name} is nowhere to be found")


def _write(path, text):
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def _pin(folder, name="pin"):
    """File with a fresh PIN, mode 0600 as the tools demand."""
    path = os.path.join(folder, name)
    _write(path, secrets.token_hex(8) + "\n")
    return path


def _read(pin_file):
    with open(pin_file, encoding="utf-8") as file:
        return file.read().strip()


def _run(*command, **environment):
    result = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise Missing(f"{command[0]}: {result.stderr.strip() or result.stdout.strip()}")


def softhsm(folder):
    """A SoftHSM token with a configuration of its own."""
    module = _module("libsofthsm2.so", "/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/*/softhsm/libsofthsm2.so")
    os.makedirs(os.path.join(folder, "tokens"), mode=0o700)
    configuration = os.path.join(folder, "softhsm2.conf")
    _write(configuration, f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n")
    pin, so_pin = _pin(folder), _pin(folder, "so-pin")
    # Its own tool takes PINs on the command line only; they guard throw-away keys.
    _run("softhsm2-util", "--init-token", "--free", "--label", "rehearsal", "--pin", _read(pin), "--so-pin",
         _read(so_pin), SOFTHSM2_CONF=configuration)
    return Token("SoftHSM", ["--module", module, "--token", "pkcs11:token=rehearsal", "--pin-file", pin],
                 {"SOFTHSM2_CONF": configuration}, pin, so_pin, threading.Lock())


def nss(folder):
    """A token of NSS softoken: its certificate database."""
    module = _module("libsoftokn3.so", "/usr/lib/*/nss/libsoftokn3.so", "/usr/lib/*/libsoftokn3.so")
    database = os.path.join(folder, "db")
    os.makedirs(database, mode=0o700)
    pin = _pin(folder)
    _run("certutil", "-N", "-d", f"sql:{database}", "-f", pin)
    arguments = f"configdir='sql:{database}' certPrefix='' keyPrefix='' secmod='secmod.db' flags="
    return Token("NSS", ["--module", module, "--module-init-args", arguments, "--token",
                         "pkcs11:token=NSS%20Certificate%20DB", "--pin-file", pin], {}, pin, "",
                 threading.Lock())


def make(folder):
    """Both, by name."""
    made = {}
    for create in (softhsm, nss):
        place = os.path.join(folder, create.__name__)
        os.makedirs(place, mode=0o700)
        made[create.__name__] = create(place)
    return made
