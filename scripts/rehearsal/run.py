#!/usr/bin/python3
"""The rehearsal: every import that keyrite offers, done in the sites of two throw-away tokens, with stand-in clouds;
then two tenants, whose keys go to every cloud, wrap data keys, and rotate.

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
import approved_import  # noqa: E402
import ceremonies  # noqa: E402
import matrix  # noqa: E402
import shreds  # noqa: E402
import sites  # noqa: E402
import tenant_keys  # noqa: E402
import tokens  # noqa: E402
import transcripts  # noqa: E402
from mismatch import Mismatch  # noqa: E402
from officers import Officers  # noqa: E402
from one_import import LOCATION, RING, Import  # noqa: E402
from programs import Programs, Refused  # noqa: E402
from report import Rehearsed, print_report  # noqa: E402
from standin import store  # noqa: E402

CEREMONY = "aws-symmetric"
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


def generate_keys(programs, site, folder, wanted):
    """{key type: generated key, or the text of the refusal} of one site."""
    made = {}
    for key_type, providers in wanted.items():
        label = f"rehearsal-{key_type}"
        public = os.path.join(folder, f"{site.name}-{key_type}.pem")
        options = [word for provider in sorted(providers) for word in ("--for", provider)]
        if not key_type.startswith(("aes-", "generic-")):
            options += ["--public-out", public]
        try:
            made[key_type] = generated(programs, site, key_type, label, public, options)
        except Refused as refusal:
            if refusal.status != 4:
                raise
            made[key_type] = str(refusal)
    return made


def generated(programs, site, key_type, label, public, options):
    result, _ = programs.act(site, "generate-kek", "--type", key_type, "--label", label, "--allow-unverified", *options)
    return {"label": label, "public": public, "check_values": result["check_values"]}


def trusted_keys(programs, site):
    """{key type: generated key} of the imports that need approvals."""
    return {row.key_type: generated(programs, site, row.key_type, approved_import.trusted_label(row.key_type), "",
                                    ["--for", row.provider, "--wrap-with-trusted"])
            for row, _ in approved_import.rows()}


def make_keys(pool, programs, made_sites, folder, rows):
    """The keys of every site, by name. The clouds' wrapping keys are made beside, they take longest."""
    wanted = {}
    for row in rows:
        wanted.setdefault(row.key_type, set()).add(row.provider)
    every = [*rows, *(row for row, _ in approved_import.rows())]
    sizes = sorted({(row.provider, row.wrapping_bits) for row in every} | set(tenant_keys.WRAPPING_KEYS),
                   key=lambda pair: -pair[1])
    futures = {name: pool.submit(generate_keys, programs, site, os.path.join(folder, "keys"), wanted)
               for name, site in made_sites.items()}
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
    officers = Officers(programs, os.path.join(folder, "officers"))
    made_sites = sites.make(programs, made_tokens, folder, officers.roster)
    programs.client("gcloud", "kms", "keyrings", "create", RING, "--location", LOCATION)
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        print(f"making keys in {' and '.join(site.name for site in made_sites.values())}", flush=True)
        keys = make_keys(pool, programs, made_sites, folder, rows)
        print(f"{len(rows)} imports", flush=True)
        imports = os.path.join(folder, "imports")
        approved = pool.submit(import_approved, programs, made_sites, officers, imports)
        tenants = pool.submit(tenant_keys.do_all, programs, made_sites, officers, os.path.join(folder, "tenants"))
        outcomes = list(pool.map(lambda row: Import(row, programs, made_sites, keys, os.path.join(imports, row.name))
                                 .run(), rows))
        approved, (tenants, rotated, shredded) = approved.result(), tenants.result()
        print("verifying the transcripts", flush=True)
        verified = list(pool.map(lambda name: transcripts.verify(programs, name, made_sites[name], folder),
                                 made_sites))
    shredded = [shreds.with_report(one, programs, made_sites[tenant_keys.SITE], folder) for one in shredded]
    held = ceremonies.hold(CEREMONY, programs, os.path.join(folder, "ceremony"))
    with open(os.path.join(folder, "result.json"), "w", encoding="utf-8") as file:
        json.dump({"imports": [plain(outcome) for outcome in outcomes],
                   "approved": [{**plain(one.outcome), "by": one.by} for one in approved],
                   "tenants": [one._asdict() for one in tenants],
                   "rotations": [one._asdict() for one in rotated],
                   "shreds": [one._asdict() for one in shredded],
                   "ceremony": held._asdict(),
                   "transcripts": [one._asdict() for one in verified]}, file, indent=1)
    named = [outcome._replace(site=made_sites[outcome.site].name if outcome.site else "") for outcome in outcomes]
    return print_report(Rehearsed(named, refused_types(made_sites, keys), approved, tenants, rotated, shredded,
                                  held, verified), folder,
                        time.monotonic() - started)


def plain(outcome):
    return {**outcome._asdict(), "row": outcome.row._asdict()}


def import_approved(programs, made_sites, officers, imports):
    keys = trusted_keys(programs, made_sites[approved_import.SITE])
    return approved_import.do_all(programs, made_sites, keys, officers, imports)


def refused_types(made_sites, keys):
    return [f"{made_sites[name].name} makes no {key_type} keys: {key}" for name, made in keys.items()
            for key_type, key in made.items() if not isinstance(key, dict)]


def main():
    if len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        return 1 if rehearse(os.path.realpath(sys.argv[1]), os.path.realpath(sys.argv[2]), sys.argv[3:]) else 0
    except (tokens.Missing, Mismatch, Refused) as error:
        print(f"rehearse: error: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
