"""The sites of a rehearsal, one for each token. Their vkeys are noted apart from them, as people do: what a site says
about its own key proves nothing."""
import os
from typing import NamedTuple

from officers import OPERATOR
from tokens import Token

FOLDERS = {"softhsm": "site", "nss": "site-nss"}
NOTED = "noted"  # folder of the vkeys, as init-site printed them


class Site(NamedTuple):
    token: Token
    folder: str
    vkey_file: str
    done: list  # names of the acts that were done, in no order

    @property
    def name(self):
        return self.token.name

    @property
    def options(self):
        """Of every act: the site names its token, and where the PINs are."""
        return ["--site", self.folder, "--operator", OPERATOR]


def _make(programs, token, folder, name, roster):
    where = os.path.join(folder, FOLDERS[name])
    pins = ["--site-pin-file", token.pin_file]
    if token.so_pin_file:
        pins += ["--site-so-pin-file", token.so_pin_file]
    result, _ = programs.tool("init-site", where, "--origin", f"keyrite.example/rehearsal-{name}", "--roster", roster,
                              "--last-signed", os.path.join(folder, NOTED, f"{name}.last-signed"),
                              *pins, *token.options, environment=token.environment)
    noted = os.path.join(folder, NOTED, f"{name}.vkey")
    with open(noted, "w", encoding="utf-8") as file:
        file.write(result["vkey"] + "\n")
    return Site(token, where, noted, [])


def make(programs, made_tokens, folder, roster):
    """One for each token, by the token's name."""
    os.makedirs(os.path.join(folder, NOTED), mode=0o700)
    return {name: _make(programs, token, folder, name, roster) for name, token in made_tokens.items()}
