# SPDX-FileCopyrightText: The keyrite authors
# SPDX-License-Identifier: Apache-2.0
"""Rotations for scripts/bench: how fast data keys move beside the bare calls, their memory, many sessions at a slow
token, and what is asked of a registry with many keys that rotate."""
import hashlib
import os
import sqlite3
import subprocess
import tempfile
import time

from data_keys import DELAY_US, JOBS, DataKeys

PROCESSES = (1, 4)
CLOUDS = (("aws", "eu-central-1"), ("azure", "westeurope"), ("google", "europe-west3"))


class Rotations(DataKeys):
    def full_key(self, name, count):
        """With so many data keys."""
        self.key(name)
        self.run(*self.issue(count, key=name)[0])

    def rates(self, count, runs, show):
        """Whole processes, which make the next version and switch to it too, again and again."""
        self.full_key("rates", count)
        ratios = [self.seconds(self.bare("rewrap", count)) / self.seconds(self.rotate("rates")) for _ in range(runs)]
        show(f"rotate, {count} data keys: part of the bare loop's rate", ratios)

    def memory(self, counts, peak_kib):
        """What keyrite has beyond the bare loop: SoftHSM keeps 240 bytes of each destroyed object in both."""
        for count in counts:
            self.full_key(f"memory-{count}", count)
            ours, bare = (peak_kib(words) / 1024 for words in (self.rotate(f"memory-{count}"), self.bare("rewrap", count)))
            print(f"{f'rotate, {count} data keys: memory at most, less the bare loop':70} {ours - bare:5.1f} MiB "
                  f"({ours:.1f} - {bare:.1f})", flush=True)

    def jobs(self, count, token, timing_module):
        """Under a module that adds a millisecond to each call, by the difference of two sizes: without the start."""
        os.environ |= {"KEYRITE_BENCH_MODULE": self.module, "KEYRITE_BENCH_TIME": os.devnull}
        self.site([timing_module if word == self.module else word for word in token], "slow-rotation-site")
        slow = os.environ | {"KEYRITE_BENCH_DELAY_US": str(DELAY_US)}
        alone = None
        for jobs in JOBS:
            self.full_key(f"jobs-{jobs}", count * jobs)
            took = [self.seconds(self.rotate(f"jobs-{jobs}", "--jobs", jobs), env=slow)]
            self.run(*self.issue(2 * count * jobs, key=f"jobs-{jobs}")[0])
            took.append(self.seconds(self.rotate(f"jobs-{jobs}", "--jobs", jobs), env=slow))
            rate = 2 * count * jobs / (took[1] - took[0])
            alone = alone or rate
            print(f"{f'rotate at 1 ms a call, {jobs} sessions: part of linear':70} {rate / alone / jobs:5.2f}   "
                  f"({rate:.0f} a second)", flush=True)

    def processes(self, count):
        """At the slow token of jobs(): keys that rotate at the same time, each by a process of its own. So a module scales
        that does not by threads."""
        slow = os.environ | {"KEYRITE_BENCH_DELAY_US": str(DELAY_US)}
        alone = None
        for many in PROCESSES:
            keys = [f"processes-{many}-{number}" for number in range(many)]
            for key in keys:
                self.full_key(key, count)
            took = [self.together([self.rotate(key) for key in keys], slow)]
            for key in keys:
                self.run(*self.issue(2 * count, key=key)[0])
            took.append(self.together([self.rotate(key) for key in keys], slow))
            rate = 2 * count * many / (took[1] - took[0])
            alone = alone or rate
            print(f"{f'rotate at 1 ms a call, {many} processes: part of linear':70} {rate / alone / many:5.2f}   "
                  f"({rate:.0f} a second)", flush=True)

    def together(self, commands, environment):
        """Seconds until the last of them has ended."""
        start = time.perf_counter()
        running = [subprocess.Popen([str(word) for word in words], env=environment, cwd=self.folder,
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for words in commands]
        if any([one.wait() for one in running]):
            raise SystemExit("bench: one of several rotations failed")
        return time.perf_counter() - start

    def many_keys(self, keys):
        """Seconds, not ratios: what is asked of so many keys with three destinations each. Their rows are made up."""
        self.act("generate-kek", "--tenant", "Acme", "--key", "payments")
        for provider, region in CLOUDS:
            self.destination(provider, region)
        make_up(self.where / "registry.sqlite", keys)
        due = [self.tools / "rotate", "--due", "--site", self.where]
        with tempfile.TemporaryDirectory() as folder:  # in memory where TMPDIR is: each file is synced
            self.ask(keys, due, os.path.join(folder, "asks"))

    def ask(self, keys, due, asks):
        for what, words in ((f"--due --limit 10 --dry-run, of {keys} keys", [*due, "--limit", "10", "--dry-run"]),
                            (f"--status of {keys} keys that wait", [self.tools / "rotate", "--status", "--site", self.where]),
                            (f"--due --output, of {keys} keys at three clouds", [*due, "--output", asks])):
            print(f"{f'rotate {what}':70} {self.seconds(words):7.2f} s", flush=True)
        made = len(os.listdir(asks))
        if made != 3 * (keys + 1):
            raise SystemExit(f"bench: {made} folders were made to be fetched")

    def destination(self, provider, region):
        of_provider = {
            "aws": ["alias/k0", "--account", "111122223333", "--wrapping-algorithm", "RSAES_OAEP_SHA_1"],
            "azure": ["https://bench.managedhsm.azure.net/keys/k0"],
            "google": [f"projects/bench/locations/{region}/keyRings/bench/cryptoKeys/k0", "--import-method",
                       "rsa-oaep-3072-sha1-aes-256", "--protection-level", "hsm"]}
        self.act("destination", "add", *of_provider[provider], "--provider", provider, "--region", region, "--tenant",
                 "Acme", "--key", "payments")


def make_up(path, keys):
    """The rows of Acme's key payments, with a version that waits, once more for each of so many keys: by the same
    entries of the log."""
    registry = sqlite3.connect(path)
    kept = registry.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in kept:
        registry.execute(f"DROP TRIGGER {name}")
    (key,), = registry.execute("SELECT id FROM tenant_key WHERE name = 'payments'").fetchall()
    registry.execute("UPDATE tenant_key SET due_ms = NULL")
    registry.execute("UPDATE tenant_key SET due_ms = 1 WHERE id = ?", [key])
    rows = {table: many(registry, table, key, column) for table, column in
            (("tenant_key", "id"), ("version", "key_id"), ("state_event", "subject"), ("destination", "key_id"))}
    for number in range(1, keys + 1):
        for table, (columns, found) in rows.items():
            for row in found:
                row = {**row, **{name: f"{number:08x}{value[8:]}" for name, value in row.items()
                                 if name in ("id", "key_id", "subject", "cka_id") and isinstance(value, str)}}
                if table == "tenant_key":
                    row["name"] = f"key-{number}"
                    row["name_sha256"] = hashlib.sha256(row["name"].encode()).hexdigest()
                if table == "destination":
                    row["name"] = row["name"].replace("k0", f"k{number}")
                registry.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
                                 [row[name] for name in columns])
    for _, statement in kept:
        registry.execute(statement)
    registry.commit()
    registry.close()


def many(registry, table, key, column):
    """Its columns, and the rows of the key."""
    cursor = registry.execute(f"SELECT * FROM {table} WHERE {column} = ?", [key])
    columns = [one[0] for one in cursor.description]
    return columns, [dict(zip(columns, row)) for row in cursor.fetchall()]
