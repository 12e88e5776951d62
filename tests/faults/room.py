"""A room for one run: a token, a site and a folder for what is made, which are copied to start again from one state."""
import base64
import contextlib
import datetime
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys

import audited_log
import token_objects
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

    def add_tenant(self):
        return [self._tool("tenant"), "add", "Acme", "--site", self.site]

    def add_key(self):
        return [self._tool("key"), "add", "payments", "--tenant", "Acme", "--type", "aes-256", "--site", self.site]

    def generate_version(self):
        return [self._tool("generate-kek"), "--site", self.site, "--tenant", "Acme", "--key", "payments"]

    def wrap_for_import(self, label):
        fingerprint = hashlib.sha256(audited_log.read(os.path.join(self._shared, WRAPPING_KEY))).hexdigest()
        return [self._tool("wrap-for-import"), "aws", "--site", self.site, "--label", label, "--parameters",
                os.path.join(self._shared, PARAMETERS), "--wrapping-algorithm", "RSAES_OAEP_SHA_1",
                "--expect-wrapping-key", fingerprint, "--out", os.path.join(self.folder, "bundle.aws")]

    def tenant_with_key(self):
        """What gives a site the tenant Acme, whose key payments has a version that waits."""
        return [[self._tool("tenant"), "add", "Acme", "--site", self.site],
                [self._tool("key"), "add", "payments", "--tenant", "Acme", "--type", "aes-256", "--site", self.site],
                [self._tool("generate-kek"), "--tenant", "Acme", "--key", "payments", "--site", self.site]]

    def key_activate(self):
        return [self._tool("key"), "activate", "payments", "--tenant", "Acme", "--site", self.site]

    def dek_issue(self):
        return [self._tool("dek"), "issue", "--tenant", "Acme", "--key", "payments", "--site", self.site, "--count", "3",
                "--out", os.path.join(self.folder, "records.jsonl")]

    def adopt(self, label):
        return [self._tool("inventory"), "adopt", "--label", label, "--tenant", "Acme", "--key", label, "--site", self.site]

    def make_due(self):
        """The rotation of each key is due. A date decides nothing, so no entry has to tell of it."""
        with contextlib.closing(sqlite3.connect(os.path.join(self.site, "registry.sqlite"))) as registry:
            registry.execute("UPDATE tenant_key SET due_ms = 1")
            registry.commit()

    def rotate(self):
        return [self._tool("rotate"), "--tenant", "Acme", "--key", "payments", "--site", self.site]

    def shred(self):
        return [self._tool("shred"), "--tenant", "Acme", "--reason", "a test", "--site", self.site]

    def offboard(self):
        return [self._tool("tenant"), "offboard", "Acme", "--reason", "a test", "--site", self.site]

    def forget(self):
        return [*self.shred(), "--forget", "--copy", os.path.join(self.folder, "kept")]

    def files_of_site(self):
        return [os.path.join(folder, name) for folder, _, names in os.walk(self.site) for name in names]

    def _credential(self, name, *words):
        return [self._tool("credential"), name, "--tenant", "Acme", "--service", "stripe", "--environment", "production",
                "--site", self.site, *words]

    def _secret(self, name):
        """A file that its owner alone can read, with its own name in it."""
        path = os.path.join(self.folder, name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(name)
        return path

    def credential_seal(self):
        return self._credential("seal", "--key", "payments", "--secret-file", self._secret("first-secret"))

    def credential_rotate(self):
        return self._credential("rotate", "--secret-file", self._secret("second-secret"))

    def credential_show(self):
        return self._credential("show")

    def opened_credential(self):
        """The secret, of a site that has one."""
        out = os.path.join(self.folder, "opened-secret")
        self.run(self._credential("open", "--reason", "a test", "--out", out))
        secret = audited_log.read(out).decode()
        os.unlink(out)
        return secret

    def next_version_active(self):
        """What moves on from a version that may still be opened: it is said to be compromised, and another is active."""
        of_key = ["payments", "--tenant", "Acme", "--site", self.site]
        return [[self._tool("key"), "mark-compromised", *of_key, "--key-version", "1", "--reason", "a drill"],
                [self._tool("generate-kek"), "--tenant", "Acme", "--key", "payments", "--site", self.site],
                [self._tool("key"), "activate", *of_key]]

    def dek_rewrap(self):
        return [self._tool("dek"), "rewrap", "--tenant", "Acme", "--key", "payments", "--site", self.site]

    def token_check(self):
        return [self._tool("token-check"), "--type", "aes-256", "--site", self.site]

    def list_keys(self):
        return [self._tool("list"), "--site", self.site]

    def put_stranger(self, label, key_id):
        """A copy of key `label` that keyrite did not make."""
        with open(os.path.join(self._shared, "pin"), encoding="utf-8") as file:
            pin = file.read().strip()
        here = os.path.dirname(os.path.realpath(__file__))
        self.run(["python3", os.path.join(here, "../cli/token_editor.py"), here, self._module, pin, "copy", label,
                  f"stranger-{key_id}", key_id])

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

    def ended(self, command):
        """The status that the program ends with."""
        return subprocess.run(command, env=self.environment, capture_output=True, stdin=subprocess.DEVNULL,
                              check=False).returncode

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

    def frontier(self):
        return os.path.join(self.site, "transcript/frontier")

    def open_batches(self):
        """Batches of rows in the registry that have no entry of the log."""
        with contextlib.closing(sqlite3.connect(os.path.join(self.site, "registry.sqlite"))) as registry:
            return registry.execute("SELECT count(*) FROM batch WHERE log_seq IS NULL").fetchone()[0]

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
        """What token_objects lists, in a child of its own: a module is loaded anew, and reads its folder from the
        environment. A fork, since an interpreter that starts for each of thousands of looks costs more than the look."""
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            self._list_objects(writer)
        os.close(writer)
        with os.fdopen(reader, encoding="utf-8") as said:
            text = said.read()
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0:
            raise TokenLost(f"the token cannot be listed: {text}")
        return json.loads(text)

    def _list_objects(self, writer):
        """Never returns: the child ends with what it has to say."""
        status = 1
        try:
            os.environ.update(self.environment)
            text, status = json.dumps(token_objects.listed(self._module, os.path.join(self._shared, "pin"))), 0
        except BaseException as error:  # noqa: B902  (SystemExit too: the child must not go on as its parent)
            text = repr(error)
        try:
            os.write(writer, text.encode("utf-8"))
        finally:
            os._exit(status)
