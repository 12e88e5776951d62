#!/usr/bin/python3
"""The rehearsal: every import that keyrite offers, done on two throw-away tokens and stand-in clouds.

usage: run.py BUILD_FOLDER REHEARSAL_FOLDER [ROW_NAME_PART...]

Without name parts all rows run. The folder is started afresh; the stand-ins' RSA keys in it are kept, they are slow
to make and guard nothing.
"""
import concurrent.futures
import json
import os
import shutil
import sys
import time

sys.dont_write_bytecode = True
import matrix  # noqa: E402
import tokens  # noqa: E402
from one_import import LOCATION, RING, Import  # noqa: E402
from programs import Programs, Refused  # noqa: E402
from report import print_report  # noqa: E402
from standin import store  # noqa: E402

WORKERS = max(2, os.cpu_count() or 2)
KEPT = "wrapping-keys"


def start_afresh(folder):
    os.makedirs(folder, mode=0o700, exist_ok=True)
    for name in os.listdir(folder):
        if name != KEPT:
            path = os.path.join(folder, name)
            shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
    for name in ("keys", "imports", "cloud"):
        os.makedirs(os.path.join(folder, name), mode=0o700)


def generate_keys(programs, token, folder, wanted):
    """{key type: generated key, or the text of the refusal} of one token."""
    made = {}
    for key_type, providers in wanted.items():
        label = f"rehearsal-{key_type}"
        public = os.path.join(folder, f"{token.name}-{key_type}.pem")
        options = [word for provider in sorted(providers) for word in ("--for", provider)]
        if not key_type.startswith(("aes-", "generic-")):
            options += ["--public-out", public]
        try:
            result = programs.at_token(token, "generate-kek", "--type", key_type, "--label", label,
                                       "--allow-unverified", *options)
            made[key_type] = {"label": label, "public": public, "check_values": result["check_values"]}
        except Refused as refusal:
            if refusal.status != 4:
                raise
            made[key_type] = str(refusal)
    return made


def make_keys(pool, programs, made_tokens, folder, rows):
    """The keys of every token, by name. The clouds' wrapping keys are made beside, they take longest."""
    wanted = {}
    for row in rows:
        wanted.setdefault(row.key_type, set()).add(row.provider)
    sizes = sorted({(row.provider, row.wrapping_bits) for row in rows}, key=lambda pair: -pair[1])
    futures = {name: pool.submit(generate_keys, programs, token, os.path.join(folder, "keys"), wanted)
               for name, token in made_tokens.items()}
    for future in [pool.submit(store.wrapping_key, *pair) for pair in sizes]:
        future.result()
    return {name: future.result() for name, future in futures.items()}


def rehearse(build, folder, parts):
    started = time.monotonic()
    rows = [row for row in matrix.rows() if not parts or any(part in row.name for part in parts)]
    if not rows:
        raise Refused("rehearse", 2, "", f"no import has {' or '.join(parts)} in its name, such as aws-aes-256")
    start_afresh(folder)
    cloud = {"REHEARSAL_CLOUD": os.path.join(folder, "cloud"),
             "REHEARSAL_WRAPPING_KEYS": os.path.join(folder, KEPT)}
    os.environ.update(cloud)
    programs = Programs(build, cloud)
    made_tokens = tokens.make(folder)
    programs.client("gcloud", "kms", "keyrings", "create", RING, "--location", LOCATION)
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        print(f"making keys in {' and '.join(token.name for token in made_tokens.values())}", flush=True)
        keys = make_keys(pool, programs, made_tokens, folder, rows)
        print(f"{len(rows)} imports", flush=True)
        outcomes = list(pool.map(lambda row: one(row, programs, made_tokens, keys, folder), rows))
    with open(os.path.join(folder, "result.json"), "w", encoding="utf-8") as file:
        json.dump([{**outcome._asdict(), "row": outcome.row._asdict()} for outcome in outcomes], file, indent=1)
    named = [outcome._replace(token=made_tokens[outcome.token].name if outcome.token else "") for outcome in outcomes]
    return print_report(named, refused_types(made_tokens, keys), time.monotonic() - started)


def one(row, programs, made_tokens, keys, folder):
    return Import(row, programs, made_tokens, keys, os.path.join(folder, "imports", row.name)).run()


def refused_types(made_tokens, keys):
    return [f"{made_tokens[name].name} makes no {key_type} keys: {key}" for name, made in keys.items()
            for key_type, key in made.items() if not isinstance(key, dict)]


def main():
    if len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        return 1 if rehearse(os.path.realpath(sys.argv[1]), os.path.realpath(sys.argv[2]), sys.argv[3:]) else 0
    except (tokens.Missing, Refused) as error:
        print(f"rehearse: error: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
