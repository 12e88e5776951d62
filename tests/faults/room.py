"""A room for one run: a token, a site and a folder for what is made, which are copied to start again from one state."""
import base64
import datetime
import hashlib
import json
import os
import shutil
import subprocess
import sys

import audited_log
from audited_log import Wrong, require

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../scripts/rehearsal"))
import tokens  # noqa: E402  (scripts/rehearsal has to be on the path first)

ORIGIN = "keyrite.example/swept"
# With the import parameters, made once for all rooms of a run.
PARAMETERS, WRAPPING_KEY = "parameters.json", "wrapping-key.der"
AGAIN = "after-all"  # the key that the next act makes


class TokenLost(Wrong):
    """SoftHSM cuts a token's own file off before it writes it anew, at each login: who is killed between has none."""


def put_parameters(folder):
    """Import parameters as AWS gives them, for a wrapping key of openssl's."""
    private, public = os.path.join(folder, "wrapping-key.pem"), os.path.join(folder, WRAPPING_KEY)
    for command in (["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", private],
                    ["pkey", "-in", private, "-pubout", "-outform", "DER", "-out", public]):
        subprocess.run(["openssl", *command], check=True, capture_output=True)
    valid_to = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=20)
    with open(os.path.join(folder, PARAMETERS), "w", encoding="utf-8") as file:
        json.dump({"KeyId": "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
                   "ImportToken": base64.b64encode(bytes(900)).decode(),
                   "PublicKey": base64.b64encode(audited_log.read(public)).decode(),
                   "ParametersValidTo": valid_to.strftime("%Y-%m-%dT%H:%M:%SZ")}, file)


def new_room(folder, tools):
    """A room with a new token, PIN and import parameters, which its copies share."""
    os.mkdir(folder, mode=0o700)
    token = tokens.softhsm(folder)
    put_parameters(folder)
    return Room(folder, folder, tools, token.options[token.options.index("--module") + 1])


class Room:
    """`folder`: its own, with softhsm2.conf and tokens/; `shared`: what rooms only read, with pin and parameters."""

    def __init__(self, folder, shared, tools, module):
        self.folder, self._shared, self._tools, self._module = folder, shared, tools, module
        self.site = os.path.join(folder, "site")
        self.tokens = os.path.join(folder, "tokens")
        self.environment = {**os.environ, "SOFTHSM2_CONF": os.path.join(folder, "softhsm2.conf")}

    def copy(self, folder):
        """The same state in a folder that does not exist yet."""
        shutil.copytree(self.folder, folder, symlinks=True)
        room = Room(folder, self._shared, self._tools, self._module)
        with open(room.environment["SOFTHSM2_CONF"], "w", encoding="utf-8") as file:
            file.write(f"directories.tokendir = {room.tokens}\nobjectstore.backend = file\nlog.level = ERROR\n")
        return room

    # Commands.

    def command(self, act):
        """`act`: the name of one of the methods below, and its arguments."""
        return getattr(self, act[0])(*act[1:])

    def init_site(self):
        pin = os.path.join(self._shared, "pin")
        return [self._tool("init-site"), self.site, "--origin", ORIGIN, "--token", "pkcs11:token=rehearsal",
                "--module", self._module, "--pin-file", pin, "--site-pin-file", pin,
                # Rooms are copied whole, so nothing of a site may stand elsewhere.
                "--last-signed", "in-site"]

    def generate_kek(self, label):
        return [self._tool("generate-kek"), "--site", self.site, "--type", "aes-256", "--label", label, "--for", "aws"]

    def wrap_for_import(self, label):
        fingerprint = hashlib.sha256(audited_log.read(os.path.join(self._shared, WRAPPING_KEY))).hexdigest()
        return [self._tool("wrap-for-import"), "aws", "--site", self.site, "--label", label, "--parameters",
                os.path.join(self._shared, PARAMETERS), "--wrapping-algorithm", "RSAES_OAEP_SHA_1",
                "--expect-wrapping-key", fingerprint, "--out", os.path.join(self.folder, "bundle.aws")]

    def token_check(self):
        return [self._tool("token-check"), "--site", self.site]

    def verify_bundle(self):
        return [self._tool("verify-import"), "bundle", os.path.join(self.folder, "bundle.aws"), "--site", self.site]

    def resume(self):
        return [self._tool("resume"), "--site", self.site]

    def verify(self, vkey):
        return [self._tool("transcript"), "verify", self.site, "--vkey", vkey]

    def run(self, command):
        """What the program says on both streams, its white space made even; it must succeed."""
        result = subprocess.run(command, env=self.environment, capture_output=True, text=True,
                                stdin=subprocess.DEVNULL, check=False)
        said = " ".join((result.stderr + result.stdout).split())
        require(result.returncode == 0, f"{os.path.basename(command[0])} ended with {result.returncode}: {said}")
        return said

    def refused(self, command, status):
        """The program must end with the status and an error of keyrite."""
        result = subprocess.run(command, env=self.environment, capture_output=True, text=True,
                                stdin=subprocess.DEVNULL, check=False)
        require(result.returncode == status and ": error: " in result.stderr,
                f"{os.path.basename(command[0])} ended with {result.returncode}: {result.stderr}")

    def _tool(self, name):
        return os.path.join(self._tools, name)

    # What is there.

    def lines(self):
        return audited_log.whole_lines(os.path.join(self.site, "transcript/log.jsonl"))

    def torn(self):
        """What the log has after its last whole line."""
        return audited_log.read(os.path.join(self.site, "transcript/log.jsonl")).rsplit(b"\n", 1)[-1]

    def leftovers(self):
        """Temporary files and folders of keyrite: (in the site, beside it)."""
        inside = [name for folder in os.walk(self.site) for name in folder[1] + folder[2]]
        return tuple([name for name in names if name.startswith(".keyrite-")]
                     for names in (inside, os.listdir(self.folder)))

    def vkey(self):
        return audited_log.read(os.path.join(self.site, "vkeys")).decode().strip()

    def signed_size(self, vkey):
        """The larger one of what the two checkpoints sign."""
        return max(audited_log.signed_size(os.path.join(self.site, name), self.lines(), vkey)
                   for name in ("state/last-signed", "transcript/checkpoint"))

    def lost_token(self):
        try:
            self.objects()
        except TokenLost:
            return True
        return False

    def objects(self):
        result = subprocess.run([sys.executable, "-I", os.path.join(HERE, "token_objects.py"), self._module,
                                 os.path.join(self._shared, "pin")], env=self.environment, capture_output=True,
                                text=True, check=False)
        if result.returncode != 0:
            raise TokenLost(f"the token cannot be listed: {result.stderr}")
        return json.loads(result.stdout)
