"""Batches of data keys for scripts/bench: their rate beside the bare calls, their memory, many sessions at a slow token."""
import itertools
import os
import time

JOBS = (1, 4, 16)
DELAY_US = 1000


class DataKeys:
    names = itertools.count(1)  # of all that share the folder

    def __init__(self, run, folder, tools, programs, module, label, pin):
        self.run, self.folder, self.tools, self.programs = run, folder, tools, programs
        self.module, self.label, self.pin = module, label, pin

    def site(self, token, name):
        """A site with the tenant Acme, whose key payments has an active version."""
        from sites import make_site
        self.where = make_site(self.run, self.tools, self.folder / name, token)
        self.act("tenant", "add", "Acme")
        self.key("payments")

    def key(self, name):
        """One more of Acme's, with an active version."""
        self.act("key", "add", name, "--tenant", "Acme", "--type", "aes-256")
        self.act("generate-kek", "--tenant", "Acme", "--key", name)
        self.act("key", "activate", name, "--tenant", "Acme")

    def act(self, tool, *words, **options):
        return self.run(self.tools / tool, *words, "--site", self.where, **options)

    def name(self):
        return self.folder / f"deks-{next(self.names)}"

    def issue(self, count, jobs=1, kept=True, key="payments"):
        out = self.name()
        words = [self.tools / "dek", "issue", "--tenant", "Acme", "--key", key, "--count", count, "--out", out,
                 "--jobs", jobs, "--site", self.where]
        return words + ([] if kept else ["--kept-by-caller"]), out

    def unwrap(self, records, jobs=1):
        return [self.tools / "dek", "unwrap", "--tenant", "Acme", "--reason", "bench", "--from", records, "--out",
                self.name(), "--jobs", jobs, "--site", self.where]

    def rotate(self, key, *words):
        return [self.tools / "rotate", "--tenant", "Acme", "--key", key, "--force", "--site", self.where, *words]

    def bare(self, what, count):
        return [self.programs / "bare_deks", self.module, self.label, self.pin, what, count]

    def seconds(self, words, **options):
        start = time.perf_counter()
        self.run(*words, **options)
        return time.perf_counter() - start

    def rates(self, count, runs, show):
        """Whole processes: how much of the bare loop's rate is reached, log and registry included."""
        for what in ("issue", "unwrap"):
            ratios = []
            for _ in range(runs):
                words, out = self.issue(count)
                if what == "unwrap":
                    self.run(*words)
                    words = self.unwrap(out)
                ratios.append(self.seconds(self.bare(what, count)) / self.seconds(words))
            show(f"dek {what}, {count} data keys: part of the bare loop's rate", ratios)

    def memory(self, counts, peak_kib):
        """keyrite's peak, and what SoftHSM keeps of destroyed objects all the same."""
        for count in counts:
            words, _ = self.issue(count)
            ours, bare = peak_kib(words) / 1024, peak_kib(self.bare("issue", count)) / 1024
            print(f"{f'dek issue, {count} data keys: memory at most':70} {ours:5.1f} MiB, the bare loop {bare:5.1f}",
                  flush=True)

    def own_memory(self, counts, peak_kib):
        """At a module that keeps nothing of destroyed objects: what is seen to grow would be keyrite's."""
        for count in counts:
            name = f"own-{count}"
            self.key(name)
            words, records = self.issue(count, key=name)
            peaks = [peak_kib(words) / 1024, peak_kib(self.unwrap(records)) / 1024, peak_kib(self.rotate(name)) / 1024]
            print(f"{f'softoken, {count} data keys: memory of issue, unwrap, rotate':70} "
                  f"{', '.join(f'{one:.1f}' for one in peaks)} MiB", flush=True)

    def jobs(self, count, token, timing_module):
        """Under a module that adds a millisecond to each call, by the difference of two sizes: without the start."""
        os.environ |= {"KEYRITE_BENCH_MODULE": self.module, "KEYRITE_BENCH_TIME": os.devnull}
        self.site([timing_module if word == self.module else word for word in token], "slow-dek-site")
        slow = os.environ | {"KEYRITE_BENCH_DELAY_US": str(DELAY_US)}
        alone = None
        for jobs in JOBS:
            took = []
            for size in (count, 3 * count):
                words, _ = self.issue(size * jobs, jobs)
                took.append(self.seconds(words, env=slow))
            rate = 2 * count * jobs / (took[1] - took[0])
            alone = alone or rate
            print(f"{f'dek issue at 1 ms a call, {jobs} sessions: part of linear':70} {rate / alone / jobs:5.2f}   "
                  f"({rate:.0f} a second)", flush=True)
